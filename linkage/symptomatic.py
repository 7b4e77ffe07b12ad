"""The symptomatic response: a score or a recorded word against the baseline."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from linkage.exact import compute_change_pct, has_fallen, has_risen
from linkage.followup import NOT_EVALUABLE, add_days, is_within, lay_out_domain, pick_first_followup
from linkage.reasons import FollowUpReason

if TYPE_CHECKING:
    from linkage.rules import Rules
    from linkage.tables import StudyTables


class SymptomResponse(StrEnum):
    """What became of the symptoms at the first follow-up."""

    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSE = "worse"
    ASYMPTOMATIC = "asymptomatic"


BASELINE_STATUSES = ("baseline", "asymptomatic")
RECURRED = "recurred"


def derive_symptomatic(tables: StudyTables, people: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Derive each subject's symptomatic response, see :func:`linkage.followup.lay_out_domain`.

    A subject without symptoms at baseline is ``asymptomatic``, without a date, and no part of the denominator.
    """
    symptoms = add_days(tables.symptoms, people)
    baselines = derive_symptom_baselines(symptoms, rules)
    followed = symptoms[symptoms["day"] > 0].merge(baselines, on="subject", how="left", suffixes=("", "_baseline"))
    followed = followed.sort_values(["subject", "day", "score", "status"]).drop_duplicates(["subject", "day"])
    change = compute_change_pct(followed["score_baseline"], followed["score"])
    followed = followed.assign(response=rate_symptoms(followed, rules), change_pct=change)
    picked, reason = pick_first_followup(followed, people, rules.symptomatic_days, rules)
    is_asymptomatic = people.index.isin(baselines.loc[baselines["is_asymptomatic"], "subject"])
    evaluable = followed.loc[followed["response"] != NOT_EVALUABLE, "subject"]
    has_baseline = people.index.isin(baselines["subject"])
    is_known = people.index.isin(symptoms["subject"])
    cases = (
        (~is_known, FollowUpReason.NO_RECORD),
        (is_asymptomatic, FollowUpReason.ASYMPTOMATIC),
        (~has_baseline & ~people.index.isin(evaluable), FollowUpReason.NO_BASELINE),
    )
    entry = np.select([case for case, _ in cases], [word.value for _, word in cases], "")
    reason = reason.mask(entry != "", pd.Series(entry, index=people.index))
    source = pd.Series(np.where(is_known, "chart", "none"), index=people.index)
    domain = lay_out_domain(picked, reason, source, people, rules)
    domain["response"] = domain["response"].mask(is_asymptomatic, SymptomResponse.ASYMPTOMATIC.value)
    return domain


def derive_symptom_baselines(symptoms: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Find each subject's baseline: the row marked so up to day 0, else the last score in the baseline window.

    Returns
    -------
    pandas.DataFrame
        ``subject, score, is_asymptomatic``; a score of 0 is asymptomatic.
    """
    is_marked = (symptoms["day"] <= 0) & symptoms["status"].isin(BASELINE_STATUSES)
    is_scored = is_within(symptoms["day"], rules.symptom_baseline_days) & symptoms["score"].notna()
    found = symptoms[is_marked | is_scored].assign(is_marked=is_marked)
    found = found.sort_values(["subject", "is_marked", "day", "score", "status"]).drop_duplicates(
        "subject", keep="last"
    )
    is_asymptomatic = (found["score"] == 0) | (found["status"] == SymptomResponse.ASYMPTOMATIC)
    return found[["subject", "score"]].assign(is_asymptomatic=is_asymptomatic)


def rate_symptoms(followed: pd.DataFrame, rules: Rules) -> pd.Series:
    """Rate each follow-up.

    Improved when the score fell by at least `symptom_fall_pct`, or improvement or absence of symptoms is recorded;
    worse when it rose by `symptom_rise_pct` or worsening is recorded; unchanged otherwise. NE without two scores and
    without such a word; ``recurred`` says nothing against the baseline and leaves it to the scores.
    """
    score, baseline, status = followed["score"], followed["score_baseline"], followed["status"]
    is_scored = score.notna() & baseline.notna()
    cases = (
        (status.isin([SymptomResponse.IMPROVED, SymptomResponse.ASYMPTOMATIC]), SymptomResponse.IMPROVED.value),
        (has_fallen(baseline, score, rules.symptom_fall_pct), SymptomResponse.IMPROVED.value),
        (status == SymptomResponse.WORSE, SymptomResponse.WORSE.value),
        (has_risen(baseline, score, rules.symptom_rise_pct), SymptomResponse.WORSE.value),
        (is_scored | (status == SymptomResponse.UNCHANGED), SymptomResponse.UNCHANGED.value),
    )
    rated = np.select([np.asarray(case, dtype=bool) for case, _ in cases], [word for _, word in cases], NOT_EVALUABLE)
    return pd.Series(rated, index=followed.index, dtype=object)


def derive_recurrence(tables: StudyTables, people: pd.DataFrame, start_date: pd.Series) -> pd.Series:
    """Give the date of the first recorded recurrence after `start_date`, by subject."""
    symptoms = add_days(tables.symptoms, people)
    after = symptoms["date"] > symptoms["subject"].map(start_date)
    return symptoms[after & (symptoms["status"] == RECURRED)].groupby("subject")["date"].min().reindex(people.index)
