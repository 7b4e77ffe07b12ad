"""The tables of scoring under iRECIST: its own responses, and beside them those of RECIST 1.1."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.criteria.codes import ImmuneResponse
from recist.criteria.criteria import HUNDREDTHS_PER_MM
from recist.response.baseline import has_complete_baseline
from recist.response.best_columns import dates_of_days
from recist.response.course import ResponseCourse
from recist.response.growth import derive_growth
from recist.response.irecist.best import as_recist_numbers, derive_immune_best, immune_best_columns
from recist.response.irecist.course import derive_immune_course
from recist.response.irecist.memory import NEVER, NO_CHANGE, NO_SIZE
from recist.response.irecist.reason_codes import derive_immune_reasons
from recist.response.reason_codes import derive_reasons
from recist.response.reasons import join_reasons

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response.arrays import Ints
    from recist.response.irecist.best import ImmuneBest
    from recist.response.irecist.course import ImmuneCourse, Recorded
    from recist.response.options import Options
    from recist.response.scored import Scored
    from recist.response.standing import Standing
    from recist.response.subjects import SubjectDates

SUFFIX = "_recist_1_1"
OF_RECIST_1_1 = ("overall_response", "after_progression", "reasons", "overall_response_as_read")
COURSE_GROWTH = ("depth_of_response_pct", "early_tumour_shrinkage_pct", "tgr_3_months_pct_per_month")
KEYS = ("subject", "reader")


def with_irecist(
    scored: Scored, recorded: Recorded, standing: Standing, dates: SubjectDates, rules: tuple[Criteria, Options]
) -> Scored:
    """Put the responses by iRECIST into the tables; those of RECIST 1.1 stay under names with a suffix.

    Parameters
    ----------
    scored : Scored
        As scored by RECIST 1.1.
    recorded : Recorded
    standing : Standing
        Which visits count.
    dates : SubjectDates
    rules : tuple of (Criteria, Options)
        When the criteria are not those of iRECIST, `scored` is given back as it is.
    """
    criteria, options = rules
    if criteria.immune is None:
        return scored
    history = recorded.history
    immune = derive_immune_course(recorded, criteria, criteria.immune, options)
    course = ResponseCourse(
        courses=history.courses,
        response=immune.final,
        day=recorded.overall.day,
        is_follow_up=history.visits.is_follow_up,
    )
    best = derive_immune_best(course, standing.counts, dates, criteria.immune, options)
    complete = has_complete_baseline(history, recorded.overall)
    judged = (best.course, standing, best.as_recist)
    growth = derive_growth(history, recorded.overall.target.sums, judged, dates, options).series_columns()
    columns = immune_best_columns(best, dates, options, has_baseline=complete)
    return replace(
        scored,
        responses=_responses(scored.responses, recorded, immune, best),
        best_responses=_best_responses(scored.best_responses, columns | {name: growth[name] for name in COURSE_GROWTH}),
    )


def _responses(table: pd.DataFrame, recorded: Recorded, immune: ImmuneCourse, best: ImmuneBest) -> pd.DataFrame:
    """Replace the responses by those of iRECIST, and add what they rest on."""
    follow_up = recorded.history.visits.is_follow_up
    n_visits = len(follow_up)
    confirmed = best.confirmation[recorded.history.courses.course]
    words, day = as_recist_numbers(), recorded.overall.day
    in_other_words = replace(recorded.overall, final=words[immune.final], as_read=words[immune.as_read])
    reasons = derive_reasons(in_other_words) | derive_immune_reasons(immune)
    walked = immune.walked
    columns: dict[str, Any] = {
        "overall_response": _words(immune.final),
        "after_progression": pd.array((confirmed != NEVER) & (day > day[confirmed]), dtype="boolean"),
        "reasons": join_reasons(reasons, n_visits),
        "overall_response_as_read": _words(immune.as_read),
        "new_lesion_sum_mm": _mm(walked.new_total, NO_SIZE),
        "iupd_date": dates_of_days(recorded.overall.day[walked.pending], walked.pending != NEVER),
        "change_from_iupd_mm": _mm(walked.target_change, NO_CHANGE),
    }
    kept = {f"{name}{SUFFIX}": table[name] for name in OF_RECIST_1_1}
    given = {name: values[follow_up] for name, values in columns.items()}
    return table.assign(**given, **kept)


def _best_responses(table: pd.DataFrame, columns: dict[str, Any]) -> pd.DataFrame:
    """Put the columns of iRECIST before those of RECIST 1.1; what iRECIST does not change stays as it is."""
    same = [name for name in table if name not in columns and name not in KEYS]
    kept = table[[name for name in table if name in columns]].add_suffix(SUFFIX)
    own = pd.DataFrame(columns, index=table.index)
    return pd.concat([table[list(KEYS)], own, table[same], kept], axis="columns")


def _words(numbers: Ints) -> Any:
    return np.array([str(member) for member in ImmuneResponse], dtype=object)[numbers]


def _mm(hundredths: Ints, missing: int) -> Any:
    return np.where(hundredths == missing, np.nan, hundredths / HUNDREDTHS_PER_MM)
