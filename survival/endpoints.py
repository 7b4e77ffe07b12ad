"""The endpoints of a report: which columns hold them, from when they count, and what the event is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from survival.words.wording import lower_first

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A time to an event, counted in days.

    Attributes
    ----------
    key : str
        Stem of the columns ``{key}_days``, ``{key}_event`` and ``{key}_reason``.
    name, short : str
        For titles, and for tight places.
    origin : str
        What the clock starts at.
    event : str
        What ends it.
    competing : str
        What else may happen that makes the event impossible; empty for nothing.
    """

    key: str
    name: str
    short: str
    origin: str
    event: str
    competing: str = ""

    @property
    def noun(self) -> str:
        """Name within a sentence: survival, progression-free survival."""
        return "survival" if self == OVERALL_SURVIVAL else self.lower_name

    @property
    def lower_name(self) -> str:
        """Name that does not begin a sentence."""
        return lower_first(self.name)

    @property
    def hazard_of(self) -> str:
        """What a hazard ratio is of: death, progression or death."""
        return self.event.removesuffix(" of any cause")

    @property
    def time_column(self) -> str:
        """Name of the column with the days."""
        return f"{self.key}_days"

    @property
    def event_column(self) -> str:
        """Name of the column with 1 for an event, 0 for a censored time."""
        return f"{self.key}_event"

    @property
    def code_column(self) -> str:
        """Name of the column with 0 censored, 1 event, 2 competing event; only where something competes."""
        return f"{self.key}_code"

    @property
    def reason_column(self) -> str:
        """Name of the column that says why the time ended."""
        return f"{self.key}_reason"


OVERALL_SURVIVAL = Endpoint(
    key="os",
    name="Overall survival",
    short="OS",
    origin="the index date",
    event="death of any cause",
)
PROGRESSION_FREE_SURVIVAL = Endpoint(
    key="pfs",
    name="Progression-free survival",
    short="PFS",
    origin="the index date",
    event="progression or death of any cause",
)
RELIEF = Endpoint(
    key="relief",
    name="Duration of symptom relief",
    short="Relief",
    origin="the day the symptomatic response was recorded",
    event="recurrence of symptoms or death of any cause",
)
ENDPOINTS = (OVERALL_SURVIVAL, PROGRESSION_FREE_SURVIVAL, RELIEF)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EndpointData:
    """The subjects who have an endpoint.

    Attributes
    ----------
    rows : pandas.DataFrame
        Their rows of the cohort.
    days, event : ndarray of shape (n_subjects,)
        Time in days, and 1 for an event or 0 for a censored time.
    """

    rows: pd.DataFrame
    days: NDArray[np.float64]
    event: NDArray[np.int64]


def has_endpoint(frame: pd.DataFrame, endpoint: Endpoint) -> bool:
    """Tell whether any subject of a cohort has the endpoint."""
    return endpoint.time_column in frame and bool(frame[endpoint.time_column].notna().any())


def derive_endpoint(frame: pd.DataFrame, endpoint: Endpoint) -> EndpointData:
    """Take the subjects who have the endpoint; the others have no follow-up for it and are no censored cases."""
    rows = frame[frame[endpoint.time_column].notna()]
    return EndpointData(
        rows=rows,
        days=rows[endpoint.time_column].to_numpy(dtype="float64"),
        event=rows[endpoint.event_column].to_numpy(dtype="int64"),
    )
