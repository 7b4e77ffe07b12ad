"""The biochemical response: one marker a subject, its baseline, and the first value in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from linkage.exact import compute_change_pct, has_fallen, has_risen
from linkage.followup import NOT_EVALUABLE, add_days, is_within, lay_out_domain, pick_first_followup
from linkage.reasons import FollowUpReason

if TYPE_CHECKING:
    from linkage.rules import Rules
    from linkage.tables import StudyTables


def derive_biochemical(tables: StudyTables, people: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Derive each subject's biochemical response.

    Returns
    -------
    pandas.DataFrame
        See :func:`linkage.followup.lay_out_domain`, and ``marker``, the marker that was followed (empty when none).
    """
    labs = add_days(tables.labs, people)
    if rules.marker:
        labs = labs[labs["marker"] == rules.marker]
    baselines = derive_marker_baselines(labs, rules)
    chosen = choose_marker(baselines, rules)
    followed = labs[labs["day"] > 0].merge(chosen, on=["subject", "marker"], suffixes=("", "_baseline"))
    followed = followed.sort_values(["subject", "day", "value"]).drop_duplicates(["subject", "day"])
    change = compute_change_pct(followed["value_baseline"], followed["value"])
    followed = followed.assign(response=rate_marker(followed, rules), change_pct=change)
    picked, reason = pick_first_followup(followed, people, rules.biochemical_days, rules)
    is_known = people.index.isin(labs["subject"])
    cases = (
        (~is_known, FollowUpReason.NO_RECORD),
        (~people.index.isin(baselines["subject"]), FollowUpReason.NO_BASELINE),
        (~people.index.isin(chosen["subject"]), FollowUpReason.NORMAL_BASELINE),
    )
    entry = np.select([case for case, _ in cases], [word.value for _, word in cases], "")
    reason = reason.mask(entry != "", pd.Series(entry, index=people.index))
    source = pd.Series(np.where(is_known, "lab", "none"), index=people.index)
    domain = lay_out_domain(picked, reason, source, people, rules)
    domain["marker"] = chosen.set_index("subject")["marker"].reindex(people.index, fill_value="")
    return domain


def derive_marker_baselines(labs: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Take the last value of each subject and marker in the baseline window.

    A value without an upper normal is no baseline: whether it is raised cannot be told.
    """
    is_baseline = is_within(labs["day"], rules.lab_baseline_days) & labs["value"].notna() & labs["upper_normal"].notna()
    baselines = labs[is_baseline].sort_values(["subject", "marker", "day", "value"])
    baselines = baselines.drop_duplicates(["subject", "marker"], keep="last")
    return baselines[["subject", "marker", "value", "upper_normal"]]


def choose_marker(baselines: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Choose each subject's marker: the one most raised at baseline relative to its upper normal.

    The choice looks at the baseline only, never at what followed.
    """
    if rules.raised_at_baseline:
        baselines = baselines[baselines["value"] > baselines["upper_normal"]]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = baselines["value"] / baselines["upper_normal"]
    ranked = baselines.assign(ratio=ratio).sort_values(["subject", "ratio", "marker"], ascending=[True, False, True])
    return ranked.drop_duplicates("subject").drop(columns="ratio")


def rate_marker(followed: pd.DataFrame, rules: Rules) -> pd.Series:
    """Rate each value against its baseline.

    CR within normal (upper normal of the value's own row, else of the baseline's); PR at least `marker_fall_pct`
    lower; PD at least `marker_rise_pct` higher and not within normal; else SD. NE without a value. A marker that was
    normal at baseline can be SD or PD only.
    """
    value, baseline = followed["value"], followed["value_baseline"]
    upper = followed["upper_normal"].fillna(followed["upper_normal_baseline"])
    was_raised = baseline > followed["upper_normal_baseline"]
    is_normal = value <= upper
    cases = (
        (value.isna(), NOT_EVALUABLE),
        (was_raised & is_normal, "CR"),
        (was_raised & has_fallen(baseline, value, rules.marker_fall_pct), "PR"),
        (~is_normal & has_risen(baseline, value, rules.marker_rise_pct), "PD"),
    )
    rated = np.select([np.asarray(case, dtype=bool) for case, _ in cases], [word for _, word in cases], "SD")
    return pd.Series(rated, index=followed.index, dtype=object)
