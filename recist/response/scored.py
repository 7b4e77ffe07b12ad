"""The tables that scoring gives: responses, best responses and baselines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.criteria import NewLesion, NonTargetResponse, OverallResponse, TargetResponse
from recist.criteria.criteria import HUNDREDTHS_PER_MM
from recist.response.history import number_of
from recist.response.reason_codes import derive_reasons
from recist.response.reasons import join_reasons
from recist.response.target import NO_NADIR, NO_SUM

if TYPE_CHECKING:
    from enum import StrEnum

    from recist.response.arrays import Bools, Floats, Ints, Texts
    from recist.response.contributions import Contributions
    from recist.response.growth import Growth
    from recist.response.history import History
    from recist.response.options import Options
    from recist.response.overall import OverallCourse
    from recist.response.standing import Standing

PERCENT = 100
PERCENT_DECIMALS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """What scoring gives.

    Attributes
    ----------
    responses : pandas.DataFrame
        One row for each subject, reader and time point after baseline.
    best_responses : pandas.DataFrame
        One row for each subject and reader.
    baselines : pandas.DataFrame
        One row for each subject and reader: the baseline visit, number of targets and their sum.
    problems : pandas.DataFrame
        What should be looked at; nothing that stopped the work.
    options : Options
        The choices the results rest on.
    criteria : str
        Name of the criteria.
    contributions : Contributions
        The rows that were scored, from which ``lesions`` is made.
    subjects : pandas.DataFrame or None
        The checked table of subjects, when one was given.
    """

    responses: pd.DataFrame
    best_responses: pd.DataFrame
    baselines: pd.DataFrame
    problems: pd.DataFrame
    options: Options
    criteria: str
    contributions: Contributions
    subjects: pd.DataFrame | None = None

    @property
    def lesions(self) -> pd.DataFrame:
        """Give every row as scored, with what it gave to the sum of its visit; made anew each time."""
        return self.contributions.table()


def _words(members: type[StrEnum], numbers: Ints) -> Texts:
    return np.array([str(member) for member in members], dtype=object)[numbers]


def _mm(hundredths: Ints, given: Bools) -> Floats:
    return np.where(given, hundredths / HUNDREDTHS_PER_MM, np.nan)


def _percent(change: Ints, reference: Ints, given: Bools) -> Floats:
    given = given & (reference > 0)
    percent: Floats = np.where(given, PERCENT * change / np.where(given, reference, 1), np.nan)
    return percent.round(PERCENT_DECIMALS)


def responses_table(history: History, overall: OverallCourse, standing: Standing, growth: Growth) -> pd.DataFrame:
    """Lay the response of every visit after baseline out as the table ``responses``.

    Percentages are rounded for people; no response is decided by them.
    """
    courses, visits, sums = history.courses, history.visits, overall.target.sums
    has_sum, has_baseline = sums.total != NO_SUM, sums.baseline != NO_SUM
    has_nadir = has_baseline & (sums.nadir != NO_NADIR)
    from_baseline = has_sum & has_baseline & sums.is_complete
    shows_pd = overall.target.response == number_of(TargetResponse.PD)
    from_nadir = has_sum & has_nadir & (sums.is_complete | shows_pd)  # a partial sum that is PD is a lower bound
    follow_up = visits.is_follow_up
    columns: dict[str, Any] = {
        "subject": history.subject[courses.course],
        "reader": history.reader[courses.course],
        "timepoint": visits.label,
        "date": overall.day.astype("datetime64[D]").astype("datetime64[ns]"),
        "n_targets": sums.n_targets.astype(float),
        "baseline_sum_mm": _mm(sums.baseline, has_baseline),
        "sum_mm": _mm(sums.total, has_sum),
        "sum_complete": pd.arrays.BooleanArray(np.array(sums.is_complete), sums.n_targets == 0),
        "nadir_mm": _mm(sums.nadir, has_nadir),
        "change_from_baseline_pct": _percent(sums.total - sums.baseline, sums.baseline, from_baseline),
        "change_from_nadir_pct": _percent(sums.total - sums.nadir, sums.nadir, from_nadir),
        "change_from_nadir_mm": _mm(sums.total - sums.nadir, from_nadir),
        "target_response": _words(TargetResponse, overall.target.response),
        "non_target_response": _words(NonTargetResponse, overall.non_target.response),
        "new_lesion": _words(NewLesion, overall.new_lesion.certainty),
        "overall_response": _words(OverallResponse, overall.final),
        "after_progression": pd.array(standing.is_after_progression, dtype="boolean"),
        "excluded": join_reasons(standing.excluded, courses.n_visits),
        "reasons": join_reasons(derive_reasons(overall), courses.n_visits),
        "overall_response_as_read": _words(OverallResponse, overall.as_read),
        **growth.visit_columns(),
        **overall.target.attenuation.visit_columns(),
    }
    return pd.DataFrame({name: columns.pop(name)[follow_up] for name in list(columns)}, copy=False)


def best_responses_table(history: History, columns: dict[str, Any]) -> pd.DataFrame:
    """Lay what is known of every series, by the names of columns, out as the table ``best_responses``."""
    return pd.DataFrame({"subject": history.subject, "reader": history.reader, **columns}, copy=False)


def baselines_table(history: History, overall: OverallCourse) -> pd.DataFrame:
    """Lay the baseline of every series out: subject, reader, timepoint, date, n_targets, baseline_sum_mm."""
    at, sums = history.visits.baseline, overall.target.sums
    return pd.DataFrame(
        {
            "subject": history.subject,
            "reader": history.reader,
            "timepoint": history.visits.label[at],
            "date": history.visits.last_day[at].astype("datetime64[D]").astype("datetime64[ns]"),
            "n_targets": sums.n_targets[at].astype(float),
            "baseline_sum_mm": _mm(sums.baseline[at], sums.baseline[at] != NO_SUM),
        },
        copy=False,
    )
