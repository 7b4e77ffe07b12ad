"""How long relief of symptoms lasts, said three ways: what a death during relief counts as makes the difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.cumulative_incidence import CumulativeIncidence, cumulative_incidence
from survival.curves import estimate_curves, plot_curves
from survival.endpoints import RELIEF, has_endpoint
from survival.questions.estimate import Estimate, Scale
from survival.relief import derive_relief
from survival.words.result_html import say_html_table
from survival.words.wording import DAYS_PER_MONTH, say_counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from survival.curves import Sample
    from survival.questions.study_cohort import StudyCohort
    from survival.relief import Relief

RECURRENCE, DEATH = 1, 2
SHOWN_AT_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReliefDuration:
    """Duration of relief of those whose symptoms improved.

    Attributes
    ----------
    relief : Relief
        From the day the response was recorded.
    confidence : float
    """

    relief: Relief
    confidence: float = 0.95

    @property
    def n(self) -> int:
        """How many had relief."""
        return len(self.relief.composite.days)

    @property
    def events(self) -> int:
        """How many ended it by recurrence or death."""
        return int(self.relief.composite.event.sum())

    @property
    def median(self) -> Estimate:
        """Median in months, recurrence or death ending relief: as patients live it."""
        return self._median(self.relief.composite)

    @property
    def median_death_censored(self) -> Estimate:
        """Median in months were nobody to die: death taken for the end of observation."""
        if self.relief.death_censored is None:
            raise UsageError("The cohort has no relief_reason, so recurrence cannot be told from death.")
        return self._median(self.relief.death_censored)

    @property
    def incidence(self) -> CumulativeIncidence:
        """Cumulative incidence of recurrence (cause 1) and of death during relief (cause 2), time in days."""
        if self.relief.code is None:
            raise UsageError("The cohort has no relief_reason, so recurrence cannot be told from death.")
        return cumulative_incidence(self.relief.composite.days, self.relief.code, confidence=self.confidence)

    def recurrence_at(self, months: float) -> Estimate:
        """Give the share whose symptoms had recurred after so many months, death competing."""
        return self._incidence_at(months, RECURRENCE)

    @property
    def table(self) -> pd.DataFrame:
        """Give one row a way: ``way, n, events, median_months, lower, upper``."""
        rows = [("recurrence or death", self.n, self.events, self.median)]
        if self.relief.death_censored is not None:
            only = int(self.relief.death_censored.event.sum())
            rows.append(("recurrence, death censored", self.n, only, self.median_death_censored))
        return pd.DataFrame(
            [(way, n, events, found.value, found.lower, found.upper) for way, n, events, found in rows],
            columns=["way", "n", "events", "median_months", "lower", "upper"],
        )

    def __str__(self) -> str:
        """Give the result line, and what the other ways of counting death say."""
        line = (
            f"Duration of symptom relief, recurrence or death ending it: n = {self.n}, "
            f"{say_counted(self.events, 'event')}, median {self.median}"
        )
        if self.relief.death_censored is None:
            return line
        return (
            f"{line}\n  deaths taken for censored: median {self.median_death_censored}, the answer to another question"
            f"\n  recurrence by {SHOWN_AT_MONTHS} months, death competing: {self.recurrence_at(SHOWN_AT_MONTHS)}"
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [["Recurrence or death ends relief", str(self.n), str(self.events), str(self.median)]]
        if self.relief.death_censored is not None:
            only = str(int(self.relief.death_censored.event.sum()))
            rows.append(["Recurrence only, death censored", str(self.n), only, str(self.median_death_censored)])
        return say_html_table("Duration of symptom relief", ["", "n", "Events", "Median"], rows)

    def plot(self) -> Figure:
        """Draw the curve of relief above its risk table."""
        from survival.figures.kaplan_meier import draw_curves
        from survival.figures.style import report_style

        sample = self.relief.composite
        plot = plot_curves(
            sample,
            estimate_curves(sample, self.confidence),
            time_label="Months from the recorded response",
            value_label="Still relieved and alive",
            note=f"Median {self.median}",
        )
        with report_style():
            return draw_curves(plot)

    def _median(self, sample: Sample) -> Estimate:
        row = estimate_curves(sample, self.confidence).quantiles(0.5).iloc[0]
        value, lower, upper = (float(row[name]) / DAYS_PER_MONTH for name in ("value", "lower", "upper"))
        return Estimate(value=value, lower=lower, upper=upper, confidence=self.confidence)

    def _incidence_at(self, months: float, cause: int) -> Estimate:
        read = self.incidence.at([months * DAYS_PER_MONTH])
        rows = read[read["cause"].eq(cause)]
        value, lower, upper = (
            float(rows[name].iloc[0]) if len(rows) else np.nan for name in ("incidence", "lower", "upper")
        )
        return Estimate(value=value, lower=lower, upper=upper, scale=Scale.SHARE, confidence=self.confidence)


def relief_duration(cohort: StudyCohort, *, confidence: float = 0.95) -> ReliefDuration:
    """Take the duration of symptom relief of the responders.

    Relief runs from the day on which the response was recorded to recurrence of the symptoms or death, so it has no
    immortal time. A death during relief is an event even where the cohort was linked with deaths censored.

    Raises
    ------
    UsageError
        If the cohort has no relief.
    """
    if not has_endpoint(cohort.frame, RELIEF):
        raise UsageError(f"The cohort has no duration of relief: {RELIEF.time_column} is absent or empty.")
    frame = cohort.frame
    if RELIEF.reason_column in frame:
        died = frame[RELIEF.reason_column].str.contains("death", case=False) & frame[RELIEF.time_column].notna()
        frame = frame.assign(**{RELIEF.event_column: frame[RELIEF.event_column].mask(died, 1.0)})
    return ReliefDuration(relief=derive_relief(frame), confidence=confidence)
