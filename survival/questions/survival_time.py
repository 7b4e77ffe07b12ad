"""A time to an event, asked of a cohort: overall survival from the first treatment or from the diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import DataError, UsageError
from recist.problems import Problem
from survival.endpoints import OVERALL_SURVIVAL, derive_endpoint, has_endpoint
from survival.follow_up import follow_up
from survival.kaplan_meier import kaplan_meier
from survival.questions.estimate import Estimate, Scale
from survival.questions.left_out import say_left_out
from survival.words.result_html import say_html_table
from survival.words.wording import DAYS_PER_MONTH, say_counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from survival.endpoints import Endpoint
    from survival.kaplan_meier import KaplanMeier
    from survival.questions.study_cohort import StudyCohort

FIRST_TREATMENT, DIAGNOSIS = "first_treatment", "diagnosis"
ORIGINS = {FIRST_TREATMENT: "the first treatment", DIAGNOSIS: "the diagnosis"}
SHOWN_AT_MONTHS = (12, 24, 36)


@dataclass(frozen=True, kw_only=True, eq=False)
class SurvivalTime:
    """Times to an event in a cohort.

    Attributes
    ----------
    cohort : StudyCohort
    endpoint : Endpoint
    origin : str
        ``first_treatment`` or ``diagnosis``.
    days, event : ndarray of shape (n_subjects,)
        From the origin; NaN where the time is not known.
    start_days : ndarray of shape (n_subjects,)
        Day from the origin on which each subject came under observation: 0 from the first treatment, and the day of the
        first treatment when time runs from the diagnosis.
    until_days : ndarray of shape (n_subjects,)
        Day from the first treatment after which nothing is known, because of the cutoff.
    left_out : tuple of (str, int)
        Why subjects have no time, and how many.
    """

    cohort: StudyCohort
    endpoint: Endpoint
    origin: str
    days: NDArray[np.float64]
    event: NDArray[np.int64]
    start_days: NDArray[np.float64]
    until_days: NDArray[np.float64]
    left_out: tuple[tuple[str, int], ...] = ()
    confidence: float = 0.95

    @property
    def code(self) -> str:
        """How it is called in examples: ``os``, ``pfs``."""
        return self.endpoint.key

    @property
    def origin_name(self) -> str:
        """What the time runs from, in words: the first treatment, or what the settings call day 0."""
        return ORIGINS[DIAGNOSIS] if self.origin == DIAGNOSIS else f"the {self.cohort.index_name}"

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Who has a time, shape (n_subjects,)."""
        return ~np.isnan(self.days)

    @property
    def has_delayed_entry(self) -> bool:
        """Whether subjects come under observation after the origin."""
        return self.origin == DIAGNOSIS

    @property
    def n(self) -> int:
        """How many have a time."""
        return int(self.is_known.sum())

    @property
    def events(self) -> int:
        """How many had the event."""
        return int(self.event[self.is_known].sum())

    @cached_property
    def curve(self) -> KaplanMeier:
        """The Kaplan-Meier curve, time in days."""
        known = self.is_known
        start = self.start_days[known] if self.has_delayed_entry else None
        return kaplan_meier(self.days[known], self.event[known], start=start, confidence=self.confidence)

    @property
    def table(self) -> pd.DataFrame:
        """The curve as a table, times in days."""
        return self.curve.table

    @property
    def median(self) -> Estimate:
        """Median time in months."""
        row = self.curve.quantiles(0.5).iloc[0]
        value, lower, upper = (float(row[name]) / DAYS_PER_MONTH for name in ("value", "lower", "upper"))
        return Estimate(value=value, lower=lower, upper=upper, confidence=self.confidence)

    @property
    def follow_up(self) -> Estimate:
        """Median follow-up in months (reverse Kaplan-Meier), from the first treatment."""
        known = self.is_known
        days = self.days[known] - self.start_days[known]
        row = follow_up(days, self.event[known], confidence=self.confidence).table.iloc[0]
        value, lower, upper = (float(row[name]) / DAYS_PER_MONTH for name in ("median", "lower", "upper"))
        return Estimate(value=value, lower=lower, upper=upper, confidence=self.confidence)

    def survival_at(self, months: float) -> Estimate:
        """Give the share still free of the event after so many months."""
        row = self.curve.at([months * DAYS_PER_MONTH]).iloc[0]
        value, lower, upper = (float(row[name]) for name in ("survival", "lower", "upper"))
        return Estimate(value=value, lower=lower, upper=upper, scale=Scale.SHARE, confidence=self.confidence)

    def __str__(self) -> str:
        """Give the result line of a paper."""
        entry = ", entering at the first treatment (delayed entry)" if self.has_delayed_entry else ""
        return (
            f"{self.endpoint.name} from {self.origin_name}{entry}: n = {self.n}, "
            f"{say_counted(self.events, 'event')}, median {self.median}{say_left_out(self.left_out)}"
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [[f"At {month} months", str(self.survival_at(month))] for month in SHOWN_AT_MONTHS]
        head = [["Patients", str(self.n)], ["Events", str(self.events)], ["Median", str(self.median)]]
        notes = [note] if (note := say_left_out(self.left_out).lstrip("; ")) else []
        caption = f"{self.endpoint.name} from {self.origin_name}"
        return say_html_table(caption, ["", "Value"], [*head, *rows], notes)

    def plot(self) -> Figure:
        """Draw the curve above its risk table."""
        from survival.curves import Sample, plot_curves
        from survival.figures.kaplan_meier import draw_curves
        from survival.figures.style import report_style

        known = self.is_known
        plot = plot_curves(
            Sample(days=self.days[known], event=self.event[known]),
            self.curve,
            time_label=f"Months from {self.origin_name}",
            value_label=self.endpoint.name,
            note=f"Median {self.median}",
        )
        with report_style():
            return draw_curves(plot)


def overall_survival(
    cohort: StudyCohort, *, index: str = FIRST_TREATMENT, cutoff: str | None = None, confidence: float = 0.95
) -> SurvivalTime:
    """Take overall survival: from the index date to death of any cause, else to the last contact.

    Parameters
    ----------
    cohort : StudyCohort
    index : str
        ``"first_treatment"``, or ``"diagnosis"``: then patients enter on the day of the first treatment, because nobody
        who died before it could be in the cohort (left truncation).
    cutoff : str, optional
        Date of data cutoff, ``"2016-12-31"``: nothing later counts.
    confidence : float

    Raises
    ------
    UsageError
        If the index is unknown, or the cohort lacks the dates that the question needs.
    """
    return survival_time(cohort, OVERALL_SURVIVAL.key, index=index, cutoff=cutoff, confidence=confidence)


def survival_time(
    cohort: StudyCohort,
    key: str,
    *,
    index: str = FIRST_TREATMENT,
    cutoff: str | None = None,
    confidence: float = 0.95,
) -> SurvivalTime:
    """Take an endpoint by its key, such as one that the settings declare: ``survival_time(cohort, "ttr")``.

    Parameters
    ----------
    cohort : StudyCohort
    key : str
        ``"os"``, ``"pfs"``, or the key of an ``[[survival.endpoint]]``.
    index, cutoff, confidence
        As in :func:`overall_survival`. An event that competes ends the observation.

    Raises
    ------
    UsageError
        If there is no such endpoint.
    """
    endpoint = next((one for one in cohort.endpoints if one.key == key), None)
    if endpoint is None:
        keys = ", ".join(repr(one.key) for one in cohort.endpoints)
        raise UsageError(f"There is no endpoint {key!r}; there are {keys}.")
    return take_time(cohort, endpoint, index=index, cutoff=cutoff, confidence=confidence)


def take_time(
    cohort: StudyCohort, endpoint: Endpoint, *, index: str, cutoff: str | None, confidence: float
) -> SurvivalTime:
    """Take an endpoint of a cohort, truncated at the cutoff, from the index date asked for."""
    if index not in ORIGINS:
        raise UsageError(f"index={index!r}: there is only {' and '.join(repr(name) for name in ORIGINS)}.")
    if not has_endpoint(cohort.frame, endpoint):
        raise UsageError(f"The cohort has no {endpoint.name.lower()}: {endpoint.time_column} is absent or empty.")
    left_out: dict[str, int] = {}
    days, event = np.full(cohort.n, np.nan), np.zeros(cohort.n, dtype="int64")
    data = derive_endpoint(cohort.frame, endpoint)
    days[data.rows.index], event[data.rows.index] = data.days, data.event
    left_out[f"without {endpoint.name.lower()}"] = int(np.isnan(days).sum())
    until = cohort.cutoff_days(cutoff)
    late = until < 0
    left_out["first treated after the cutoff"] = int((late & ~np.isnan(days)).sum())
    event = np.where(days > until, 0, event)
    days = np.where(late, np.nan, np.where(np.isnan(days), np.nan, np.minimum(days, until)))
    start = np.zeros(cohort.n)
    if index == DIAGNOSIS:
        start = _days_since_diagnosis(cohort)
        left_out["without a date of diagnosis"] = int((np.isnan(start) & ~np.isnan(days)).sum())
        left_out["left on the day of the first treatment"] = int(((days <= 0) & ~np.isnan(start)).sum())
        days = np.where(days > 0, days + start, np.nan)
    return SurvivalTime(
        cohort=cohort,
        endpoint=endpoint,
        origin=index,
        days=days,
        event=event,
        start_days=start,
        until_days=until,
        left_out=tuple((reason, n) for reason, n in left_out.items() if n),
        confidence=confidence,
    )


def _days_since_diagnosis(cohort: StudyCohort) -> NDArray[np.float64]:
    if not {"diagnosis_date", "index_date"} <= set(cohort.frame.columns):
        raise UsageError('index="diagnosis" needs the columns diagnosis_date and index_date in the cohort.')
    index, diagnosis = (
        pd.to_datetime(cohort.frame[name], format="%Y-%m-%d", errors="coerce")
        for name in ("index_date", "diagnosis_date")
    )
    days = np.asarray((index - diagnosis).dt.days, dtype=np.float64)
    if (days < 0).any():
        problem = Problem(
            field="diagnosis_date",
            code="date_order",
            message="the diagnosis lies after the first treatment",
            found=say_counted(int((days < 0).sum()), "subject"),
            expected="a diagnosis on or before the index date",
        )
        raise DataError([problem])
    return days
