"""The landmark method: look at those still under observation at a fixed time, by what was known then.

Comparing patients by a response that is seen only later gives the responders the time before it for free. From the
landmark on, everybody's clock starts anew, and only what was known on or before that day tells the groups apart.

References
----------
Anderson JR, Cain KC, Gelber RD. J Clin Oncol 1983;1:710-719. Dafni U. Circ Cardiovasc Qual Outcomes 2011;4:363-371.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.errors import UsageError
from survival.words.phrases import first_line

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Landmark:
    """A cohort seen from a landmark.

    Attributes
    ----------
    table : pandas.DataFrame
        The rows kept, all columns, with the time counted from the landmark.
    at_days : float
    n_given, n_ended, n_unknown : int
        Rows given; of them with the event or censored on or before the landmark; of the rest with nothing known yet.
    """

    table: pd.DataFrame
    at_days: float
    n_given: int
    n_ended: int
    n_unknown: int

    __repr__ = first_line

    def __str__(self) -> str:
        """Give the accounting as a sentence."""
        return (
            f"Landmark day {self.at_days:g}: {len(self.table)} of {self.n_given} "
            f"({self.n_ended} had ended by then, {self.n_unknown} not assessed by then)"
        )


def landmark(table: pd.DataFrame, at_days: float, *, time: str = "os_days", known_days: str | None = None) -> Landmark:
    """Keep those at risk after the landmark whose status was known by then, and restart their clock.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a person.
    at_days : float
        Day of the landmark, counted like ``time``.
    time : str
        Column with the time of event or censoring; rows with ``time > at_days`` are kept.
    known_days : str, optional
        Column with the day the status was assessed, e.g. ``imaging_days``; rows assessed later or never are left out.

    Raises
    ------
    UsageError
        If a column is missing or the landmark is negative.
    """
    absent = [name for name in (time, known_days) if name is not None and name not in table]
    if absent or at_days < 0:
        raise UsageError(f"A landmark needs a day ≥ 0 and its columns; missing: {', '.join(absent) or 'none'}.")
    running = table[time] > at_days
    known = running if known_days is None else running & (table[known_days] <= at_days)
    kept = table[known.fillna(False).astype(bool)].copy()
    kept[time] = kept[time] - at_days
    return Landmark(
        table=kept,
        at_days=at_days,
        n_given=len(table),
        n_ended=int((~running).sum()),
        n_unknown=int((running & ~known).sum()),
    )
