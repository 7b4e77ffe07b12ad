"""What a measurement can hardly be: limits that only warn, and decide no response."""

from __future__ import annotations

from recist.criteria.criteria import limit

CHOICE = "choice of this program: the reconstructed field of view of body CT is commonly at most 500 mm wide"

LARGEST_DIAMETER = limit(500, "mm", "a diameter above this is reported as a slip of the pen", CHOICE)
