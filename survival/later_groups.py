"""Comparing by something known only later, in three forms: as published from the index date, landmark, own-date entry.

The first form contains immortal time and is made only where it is asked for; the other two need the day on which the
group was known.

References
----------
Anderson JR, Cain KC, Gelber RD. J Clin Oncol 1983;1:710-719. Dafni U. Circ Cardiovasc Qual Outcomes 2011;4:363-371.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.errors import RecistError
from survival.compare import Form
from survival.covariates import model_column
from survival.cox import cox
from survival.curves import Sample, curve_numbers, estimate_curves
from survival.endpoints import derive_endpoint
from survival.landmark import landmark
from survival.log_rank import log_rank

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from survival.covariates import Covariate
    from survival.endpoints import Endpoint
    from survival.options import ReportOptions

DAYS, EVENT, GROUP, KNOWN, STRATUM = "days", "event", "group", "known_days", "stratum"
TWO = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaterGroups:
    """Subjects with the endpoint whose group is known at some time.

    Attributes
    ----------
    rows : pandas.DataFrame
        ``days, event, group, known_days`` and the columns of the baseline covariates; known_days NaN where not told.
    names : tuple of str
        The groups, the reference first.
    adjusted_for : tuple of str
        Columns of `rows` with the baseline covariates.
    is_stratified : bool
        Whether the adjusted hazard ratios are stratified, by the column ``stratum`` of `rows`.
    """

    rows: pd.DataFrame
    names: tuple[str, ...]
    adjusted_for: tuple[str, ...]
    is_stratified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaterComparison:
    """The groups compared in one form.

    Attributes
    ----------
    form : Form
    groups : list of dict
        One a group: ``group, n, events``, medians in months (not with delayed entry), ``hazard_ratio`` against the
        reference with its interval and p value, the same adjusted for the baseline (``adjusted_…``).
    p_value : float
        Log-rank; with delayed entry the likelihood-ratio test of the Cox model.
    accounting : str
    """

    form: Form
    groups: list[dict[str, Any]]
    p_value: float
    accounting: str


def gather_groups(
    frame: pd.DataFrame,
    endpoint: Endpoint,
    group: NDArray[np.object_],
    known_days: NDArray[np.float64],
    *,
    names: Sequence[str],
    covariates: Sequence[Covariate] = (),
    strata: NDArray[np.object_] | None = None,
) -> LaterGroups:
    """Gather the subjects who are in one of the named groups.

    Parameters
    ----------
    frame : pandas.DataFrame
        The cohort.
    endpoint : Endpoint
    group, known_days : ndarray of shape (n_subjects,)
        Group of each subject, empty where not known, and the day it was known.
    names : sequence of str
        The groups, the reference first.
    covariates : sequence of Covariate
        Of the baseline, for the adjusted hazard ratios.
    strata : ndarray of shape (n_subjects,), optional
        Stratum of each subject, for the adjusted hazard ratios; empty where not known.
    """
    data = derive_endpoint(frame.reset_index(drop=True), endpoint)
    at = data.rows.index.to_numpy()
    columns = {covariate.column: model_column(covariate).iloc[at].to_numpy() for covariate in covariates}
    rows = pd.DataFrame({DAYS: data.days, EVENT: data.event, GROUP: group[at], KNOWN: known_days[at]})
    adjusted = pd.DataFrame(
        {f"baseline_{name}": pd.Series(values) for name, values in columns.items()}, index=rows.index
    )
    rows = pd.concat([rows, adjusted], axis=1)
    if strata is not None:
        rows[STRATUM] = strata[at]
    rows = rows[rows[GROUP].isin(list(names))].reset_index(drop=True)
    present = tuple(name for name in names if rows[GROUP].eq(name).any())
    return LaterGroups(rows=rows, names=present, adjusted_for=tuple(adjusted.columns), is_stratified=strata is not None)


def compare_as_published(groups: LaterGroups, options: ReportOptions) -> LaterComparison:
    """Compare from the index date, as if the group had been known then: contains immortal time."""
    return _compare(groups, Form.FROM_INDEX, f"n = {len(groups.rows)}", options)


def compare_at_landmark(groups: LaterGroups, options: ReportOptions) -> LaterComparison:
    """Compare from the landmark, by what was known by then."""
    seen = landmark(groups.rows, options.landmark_days, time=DAYS, known_days=KNOWN)
    kept = replace(
        groups,
        rows=seen.table.reset_index(drop=True),
        names=tuple(name for name in groups.names if seen.table[GROUP].eq(name).any()),
    )
    accounting = (
        f"{len(kept.rows)} of {seen.n_given}; {seen.n_ended} no longer under observation after day "
        f"{options.landmark_days}, {seen.n_unknown} known only after it or not dated"
    )
    return _compare(kept, Form.LANDMARK, accounting, options)


def compare_own_day(groups: LaterGroups, options: ReportOptions) -> LaterComparison:
    """Compare hazards, each subject under observation from the day the own group was known."""
    rows = groups.rows[groups.rows[KNOWN] < groups.rows[DAYS]].reset_index(drop=True)
    names = tuple(name for name in groups.names if rows[GROUP].eq(name).any())
    kept = replace(groups, rows=rows, names=names)
    lost = len(groups.rows) - len(rows)
    accounting = f"n = {len(rows)}" + (f"; {lost} not dated, or left on that day" if lost else "")
    return _compare(kept, Form.OWN_ENTRY, accounting, options)


def _compare(groups: LaterGroups, form: Form, accounting: str, options: ReportOptions) -> LaterComparison:
    rows, names = groups.rows, groups.names
    if len(names) < TWO:
        return LaterComparison(form=form, groups=[], p_value=float("nan"), accounting=accounting)
    start = rows[KNOWN].to_numpy(dtype="float64") if form is Form.OWN_ENTRY else None
    records = _medians(groups, options) if start is None else _counts(groups)
    crude, test = _hazards(groups, (), start, options.confidence)
    adjusted, _ = _hazards(groups, groups.adjusted_for, start, options.confidence) if groups.adjusted_for else ({}, 0)
    for record in records:
        name = str(record["group"])
        record.update(crude.get(name, {}))
        record.update({f"adjusted_{key}": value for key, value in adjusted.get(name, {}).items()})
    if start is None:
        labels = pd.Categorical(rows[GROUP], categories=list(names))
        test = log_rank(rows[DAYS], rows[EVENT], labels).p_value
    return LaterComparison(form=form, groups=records, p_value=float(test), accounting=accounting)


def _medians(groups: LaterGroups, options: ReportOptions) -> list[dict[str, Any]]:
    rows = groups.rows
    sample = Sample(
        days=rows[DAYS].to_numpy(dtype="float64"),
        event=rows[EVENT].to_numpy(dtype="int64"),
        group=rows[GROUP].to_numpy(dtype=object),
        names=groups.names,
    )
    return curve_numbers(sample, estimate_curves(sample, options.confidence), options.survival_at_months)


def _counts(groups: LaterGroups) -> list[dict[str, Any]]:
    rows = groups.rows
    return [
        {
            "group": name,
            "n": int(rows[GROUP].eq(name).sum()),
            "events": int(rows.loc[rows[GROUP].eq(name), EVENT].sum()),
        }
        for name in groups.names
    ]


def _hazards(
    groups: LaterGroups, adjusted_for: tuple[str, ...], start: NDArray[np.float64] | None, confidence: float
) -> tuple[dict[str, dict[str, Any]], float]:
    """Give the hazard ratio of every group against the reference, and the p value of the likelihood-ratio test."""
    is_layered = bool(adjusted_for) and groups.is_stratified
    known = groups.rows[STRATUM].ne("") if is_layered else pd.Series(True, index=groups.rows.index)
    rows = groups.rows[known].reset_index(drop=True)
    start = None if start is None else start[known.to_numpy()]
    flags = pd.DataFrame({GROUP: pd.Categorical(rows[GROUP], categories=list(groups.names))})
    given = pd.concat([flags, rows[list(adjusted_for)]], axis=1)
    try:
        layers = rows[STRATUM].to_numpy(dtype=object) if is_layered else None
        fit = cox(rows[DAYS], rows[EVENT], given, start=start, strata=layers, confidence=confidence)
    except RecistError:
        return {}, float("nan")
    found = {}
    for name in groups.names[1:]:
        row = fit.table[fit.table["term"].eq(f"{GROUP}[{name}]")]
        if len(row):
            found[name] = {
                "hazard_ratio": float(row["hazard_ratio"].iloc[0]),
                "hazard_ratio_lower": float(row["lower"].iloc[0]),
                "hazard_ratio_upper": float(row["upper"].iloc[0]),
                "hazard_ratio_p_value": float(row["p_value"].iloc[0]),
                "hazard_ratio_method": str(fit.method),
            }
    tests = fit.tests.set_index("test")["p_value"]
    return found, float(tests["likelihood_ratio"])
