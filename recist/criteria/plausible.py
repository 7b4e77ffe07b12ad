"""What a measurement can hardly be: limits that only warn, and decide no response."""

from __future__ import annotations

from recist.criteria.criteria import limit

CHOICE = "choice of this program: the reconstructed field of view of body CT is commonly at most 500 mm wide"

LARGEST_DIAMETER = limit(500, "mm", "a diameter above this is reported as a slip of the pen", CHOICE)
TENFOLD = "choice of this program: a slip between mm and cm"

LEAST_TENFOLD = limit(
    8, "times", "a size so many times that before and after, or as many times less, is reported", TENFOLD
)
MOST_TENFOLD = limit(12, "times", "and at most so many times: more is no slip between mm and cm", TENFOLD)
