"""Responses by other arithmetic on the sums, and other readings of the parts: how they are got wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.criteria import NewLesion, NonTargetResponse, OverallResponse, TargetResponse
from recist.criteria.response_table import compile_table

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response import Scored

PERCENT = 100
SERIES = ["subject", "reader"]
# best first, as RECIST ranks them
RANKS = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE")


def _hundredths(values: pd.Series) -> pd.Series:
    return (values.astype(float) * PERCENT).round().fillna(-1).astype("int64")


class _Sums:
    """The sums of all visits as whole hundredths of a mm; -1 where there is none."""

    def __init__(self, responses: pd.DataFrame, criteria: Criteria) -> None:
        self.least_ratio = 1 + criteria.progression_growth.value
        self.most_ratio = 1 - criteria.partial_response_decrease.value
        self.least_increase = criteria.progression_increase.hundredths
        self.total = _hundredths(responses["sum_mm"])
        self.baseline = _hundredths(responses["baseline_sum_mm"])
        self.nadir = _hundredths(responses["nadir_mm"])
        self.is_complete = responses["sum_complete"].fillna(value=False).astype(bool)
        self.has_targets = responses["target_response"] != TargetResponse.NONE
        self.is_cr = responses["target_response"] == TargetResponse.CR
        self.right = responses["target_response"]

    def decide(
        self,
        *,
        is_pd: pd.Series,
        is_pr: pd.Series,
        is_cr: pd.Series | None = None,
        is_complete: pd.Series | None = None,
        pr_first: bool = False,
    ) -> pd.Series:
        """Put the pieces in the order of the criteria: CR, PD, NE, PR, SD."""
        complete = self.is_complete if is_complete is None else is_complete
        cr = self.is_cr if is_cr is None else is_cr
        known = self.baseline >= 0
        steps = [(cr & complete & known, "CR"), (is_pd & known, "PD"), (~complete | ~known, "NE"), (is_pr, "PR")]
        if pr_first:
            steps.insert(1, (is_pr & complete & known, "PR"))
        found = np.select([condition.to_numpy() for condition, _ in steps], [word for _, word in steps], "SD")
        return self.right.where(~self.has_targets, pd.Series(found, index=self.right.index))

    def is_pd(self, nadir: pd.Series, total: pd.Series | None = None) -> pd.Series:
        """Say where a sum is PD against a nadir."""
        sums = self.total if total is None else total
        ratio = self.least_ratio
        grown = (ratio.denominator * sums >= ratio.numerator * nadir) & (sums - nadir >= self.least_increase)
        return grown & (sums >= 0) & (nadir >= 0)

    def is_pr(self, total: pd.Series | None = None) -> pd.Series:
        """Say where a sum is small enough for PR."""
        sums = self.total if total is None else total
        return (self.most_ratio.denominator * sums <= self.most_ratio.numerator * self.baseline) & (sums >= 0)


def from_baseline(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Measure progression from the baseline sum."""
    sums = _Sums(responses, criteria)
    return sums.decide(is_pd=sums.is_pd(sums.baseline), is_pr=sums.is_pr())


def missing_as_zero(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Take every sum for complete, and no sum for 0."""
    sums = _Sums(responses, criteria)
    total = sums.total.clip(lower=0)
    everywhere = pd.Series(data=True, index=total.index)
    is_cr = sums.is_cr | (total == 0)
    return sums.decide(
        is_pd=sums.is_pd(sums.nadir, total), is_pr=sums.is_pr(total), is_cr=is_cr, is_complete=everywhere
    )


def cr_is_sum_zero(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Ask for a sum of 0 for CR."""
    sums = _Sums(responses, criteria)
    return sums.decide(is_pd=sums.is_pd(sums.nadir), is_pr=sums.is_pr(), is_cr=sums.total == 0)


def five_mm_alone(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Take an increase of 5 mm alone for PD."""
    sums = _Sums(responses, criteria)
    grown = (sums.total - sums.nadir >= sums.least_increase) & (sums.nadir >= 0) & (sums.total >= 0)
    return sums.decide(is_pd=grown, is_pr=sums.is_pr())


def _floats(responses: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    return tuple(  # type: ignore[return-value]  # three of them
        responses[name].astype(float) for name in ("sum_mm", "baseline_sum_mm", "nadir_mm")
    )


def _float_limits(criteria: Criteria) -> tuple[float, float, float]:
    """Give the limits as floats, as the fault that is looked for has them: growth, decrease and increase in mm."""
    limits = (criteria.progression_growth, criteria.partial_response_decrease, criteria.progression_increase)
    return tuple(float(limit.value) for limit in limits)  # type: ignore[return-value]  # three of them


def float_percent(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Compare percentages in floating point."""
    total, baseline, nadir = _floats(responses)
    growth, decrease, increase = _float_limits(criteria)
    is_pd = ((total - nadir) / nadir * PERCENT >= growth * PERCENT) & (total - nadir >= increase)
    is_pr = (total - baseline) / baseline * PERCENT <= -decrease * PERCENT
    return _Sums(responses, criteria).decide(is_pd=is_pd, is_pr=is_pr)


def float_ratio(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Compare ratios in floating point."""
    total, baseline, nadir = _floats(responses)
    growth, decrease, increase = _float_limits(criteria)
    is_pd = (total / nadir - 1 >= growth) & (total - nadir >= increase)
    return _Sums(responses, criteria).decide(is_pd=is_pd, is_pr=1 - total / baseline >= decrease)


def limit_excluded(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Take the limits for exclusive."""
    sums = _Sums(responses, criteria)
    most, least = sums.most_ratio, sums.least_ratio
    is_pd = sums.is_pd(sums.nadir) & (least.denominator * sums.total > least.numerator * sums.nadir)
    is_pd &= sums.total - sums.nadir > sums.least_increase
    is_pr = sums.is_pr() & (most.denominator * sums.total < most.numerator * sums.baseline)
    return sums.decide(is_pd=is_pd, is_pr=is_pr)


def at_exact_limit(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Say where a sum is exactly at the limit of growth or of shrinkage."""
    sums = _Sums(responses, criteria)
    most, least = sums.most_ratio, sums.least_ratio
    grown = (least.denominator * sums.total == least.numerator * sums.nadir) & (sums.nadir > 0)
    shrunk = (most.denominator * sums.total == most.numerator * sums.baseline) & (sums.baseline > 0)
    return (grown | shrunk) & sums.is_complete


def pr_before_pd(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Ask for PR before PD."""
    sums = _Sums(responses, criteria)
    return sums.decide(is_pd=sums.is_pd(sums.nadir), is_pr=sums.is_pr(), pr_first=True)


def readers_mixed(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Take the nadir over all readers of a subject."""
    sums = _Sums(responses, criteria)
    frame = pd.DataFrame({"subject": responses["subject"], "date": responses["date"], "nadir": sums.nadir})
    known = frame[sums.nadir >= 0].sort_values("date")
    known["lowest"] = known.groupby("subject")["nadir"].cummin()
    by_day = known.groupby(["subject", "date"])["lowest"].min()
    lowest = pd.Series(
        [by_day.get((subject, date), -1) for subject, date in zip(frame["subject"], frame["date"], strict=True)],
        index=frame.index,
    )
    return sums.decide(is_pd=sums.is_pd(lowest), is_pr=sums.is_pr())


def reappearing_is_pd(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Call any target disease after a target CR PD."""
    sums = _Sums(responses, criteria)
    had_cr = sums.is_cr.astype("int64").groupby([responses[name] for name in SERIES]).cumsum() > 0
    return responses["target_response"].where(~(had_cr & ~sums.is_cr & (sums.total > 0)), "PD")


def with_targets(responses: pd.DataFrame, target: pd.Series, criteria: Criteria) -> pd.DataFrame:
    """Give responses with another target response, and the overall response the table then gives."""
    changed = responses.assign(target_response=target)
    overall = overall_by_table(changed, criteria)
    same = target == responses["target_response"]
    return changed.assign(overall_response=responses["overall_response"].where(same, overall))


def overall_by_table(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Look the overall response up in the criteria's table."""
    table = compile_table(criteria.overall)
    places = [
        responses[column].map({str(member): number for number, member in enumerate(members)}).to_numpy(np.int64)
        for column, members in (
            ("target_response", TargetResponse),
            ("non_target_response", NonTargetResponse),
            ("new_lesion", NewLesion),
        )
    ]
    words = np.array([str(member) for member in OverallResponse], dtype=object)
    return pd.Series(words[table[tuple(places)]], index=responses.index)


def non_target_ne_is_ne(responses: pd.DataFrame, _criteria: Criteria) -> pd.Series:
    """Call a visit NE because a non-target lesion was not evaluated."""
    is_wrong = (responses["non_target_response"] == "NE") & (responses["overall_response"] != "PD")
    return responses["overall_response"].where(~is_wrong, "NE")


def non_target_ne_is_cr(responses: pd.DataFrame, _criteria: Criteria) -> pd.Series:
    """Call a visit CR by its targets though a non-target lesion was not evaluated."""
    is_wrong = (responses["non_target_response"] == "NE") & (responses["target_response"] == "CR")
    return responses["overall_response"].where(~is_wrong, "CR")


def equivocal_is_pd(responses: pd.DataFrame, _criteria: Criteria) -> pd.Series:
    """Take an equivocal new lesion for PD."""
    return responses["overall_response"].where(responses["new_lesion"] != "equivocal", "PD")


def _by_targets(responses: pd.DataFrame, where: pd.Series) -> pd.Series:
    targets = responses["target_response"].where(responses["target_response"] != "NONE", "NE")
    return responses["overall_response"].where(~where, targets)


def new_lesion_ignored(responses: pd.DataFrame, criteria: Criteria) -> pd.Series:
    """Leave new lesions out."""
    without = overall_by_table(responses.assign(new_lesion="no"), criteria)
    return responses["overall_response"].where(responses["new_lesion"] != "unequivocal", without)


def non_target_ignored(responses: pd.DataFrame, _criteria: Criteria) -> pd.Series:
    """Leave non-target lesions out."""
    has_both = (responses["target_response"] != "NONE") & (responses["non_target_response"] != "NONE")
    return _by_targets(responses, has_both & (responses["new_lesion"] != "unequivocal"))


def non_target_only_is_sd(responses: pd.DataFrame, _criteria: Criteria) -> pd.Series:
    """Grade disease that was never measured."""
    return responses["overall_response"].replace("NON-CR/NON-PD", "SD")


def pd_carried_forward(responses: pd.DataFrame, _criteria: Criteria) -> pd.Series:
    """Repeat PD after the first."""
    after = responses["after_progression"].fillna(value=False).astype(bool)
    return responses["overall_response"].where(~after, "PD")


def best_of_all_visits(scored: Scored) -> pd.DataFrame:
    """Take the best of all visits, whatever came before."""
    responses = scored.responses
    rank = responses["overall_response"].map({word: number for number, word in enumerate(RANKS)})
    best = rank.groupby([responses[name] for name in SERIES]).min()
    keys = zip(scored.best_responses["subject"], scored.best_responses["reader"], strict=True)
    words = [RANKS[int(best[key])] if key in best.index and pd.notna(best[key]) else "" for key in keys]
    return scored.best_responses.assign(best_response=words)
