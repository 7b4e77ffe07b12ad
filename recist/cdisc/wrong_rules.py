"""Well-known wrong rules, each a derivation of its own, to name what reproduces a response that differs.

A row says which rule it is and how its responses are made. Where several give the sponsor's value equally well, the one
that stands first is named first: the commoner mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.cdisc import wrong_sums
from recist.cdisc.derivations import (
    by_best,
    by_measurements,
    by_options,
    by_overall,
    by_sums,
    long_axis_of_nodes,
    too_small_is_zero,
    without_five_mm,
)
from recist.response.choices import (
    MeasurementRounding,
    NonTargetPartial,
    PostCR,
    PRPersistence,
    SmallNewNode,
    ThresholdRounding,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from recist.cdisc.derivations import Case, Derivation


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongRule:
    """A rule that is not the criteria's, or an option that is not in force.

    Attributes
    ----------
    code : str
    sentence : str
        What the sponsor seems to have done.
    derive : callable
    """

    code: str
    sentence: str
    derive: Callable[[Case], Derivation]


WRONG_RULES: tuple[WrongRule, ...] = (
    WrongRule(
        code="pd_from_baseline",
        sentence="progression measured from the baseline sum, not from the nadir",
        derive=by_sums(wrong_sums.from_baseline),
    ),
    WrongRule(
        code="missing_as_zero",
        sentence="a lesion without a value counted as 0 mm",
        derive=by_sums(wrong_sums.missing_as_zero),
    ),
    WrongRule(
        code="cr_is_sum_zero",
        sentence="CR given only when the sum is 0, though target nodes need only be below 10 mm",
        derive=by_sums(wrong_sums.cr_is_sum_zero),
    ),
    WrongRule(
        code="five_mm_missing",
        sentence="20 % growth taken for PD without an increase of 5 mm",
        derive=without_five_mm,
    ),
    WrongRule(
        code="five_mm_alone",
        sentence="an increase of 5 mm taken for PD without 20 % growth",
        derive=by_sums(wrong_sums.five_mm_alone),
    ),
    WrongRule(
        code="float_boundary",
        sentence="a percentage in floating point fell on the wrong side of an exact limit",
        derive=by_sums(wrong_sums.float_percent),
    ),
    WrongRule(
        code="float_boundary",
        sentence="a ratio in floating point fell on the wrong side of an exact limit",
        derive=by_sums(wrong_sums.float_ratio),
    ),
    WrongRule(
        code="limit_excluded",
        sentence="exactly 20 % growth or 30 % shrinkage not counted, though both limits are inclusive",
        derive=by_sums(wrong_sums.limit_excluded),
    ),
    WrongRule(
        code="pr_before_pd",
        sentence="PR tested before PD: smaller than baseline, but grown from the nadir",
        derive=by_sums(wrong_sums.pr_before_pd),
    ),
    WrongRule(
        code="readers_mixed",
        sentence="the nadir taken over all evaluators, not over this one",
        derive=by_sums(wrong_sums.readers_mixed),
    ),
    WrongRule(
        code="less_than_cr_left",
        sentence="PR or SD after an overall CR left as it is; disease that returns is PD",
        derive=by_options(post_cr=PostCR.AS_IS),
    ),
    WrongRule(
        code="partial_pd_dropped",
        sentence="NE because a lesion was not evaluated, though the others have already grown enough for PD",
        derive=by_options(partial_pd=False),
    ),
    WrongRule(
        code="partial_nadir",
        sentence="a sum with lesions missing taken for the nadir",
        derive=by_options(nadir_partial=True),
    ),
    WrongRule(
        code="non_target_not_evaluated",
        sentence="NE because non-target lesions were not evaluated; with targets in PR or SD the response stays",
        derive=by_overall(wrong_sums.non_target_ne_is_ne),
    ),
    WrongRule(
        code="non_target_not_evaluated",
        sentence="CR though non-target lesions were not evaluated; it is PR",
        derive=by_overall(wrong_sums.non_target_ne_is_cr),
    ),
    WrongRule(
        code="not_back_dated",
        sentence="not dated back: a later visit confirmed a lesion first seen here, which makes this visit PD",
        derive=by_overall(lambda responses, _: responses["overall_response_as_read"]),
    ),
    WrongRule(
        code="equivocal_is_pd",
        sentence="an equivocal new lesion taken for PD before it was confirmed",
        derive=by_overall(wrong_sums.equivocal_is_pd),
    ),
    WrongRule(
        code="small_new_node_is_pd",
        sentence="a new node of 10 to less than 15 mm taken for PD at once",
        derive=by_options(new_node=SmallNewNode.PD),
    ),
    WrongRule(
        code="new_lesion_ignored",
        sentence="a new lesion not counted",
        derive=by_overall(wrong_sums.new_lesion_ignored),
    ),
    WrongRule(
        code="non_target_ignored",
        sentence="non-target lesions not counted",
        derive=by_overall(wrong_sums.non_target_ignored),
    ),
    WrongRule(
        code="non_target_only_graded",
        sentence="SD given without target lesions; without measurable disease it is NON-CR/NON-PD",
        derive=by_overall(wrong_sums.non_target_only_is_sd),
    ),
    WrongRule(
        code="non_target_partial",
        sentence="NON-CR/NON-PD given though some non-target lesions were not evaluated",
        derive=by_options(nt_partial=NonTargetPartial.PRESENT_WINS),
    ),
    WrongRule(
        code="too_small_as_zero",
        sentence="a lesion too small to measure counted as 0 mm, not as 5 mm",
        derive=by_measurements(too_small_is_zero),
    ),
    WrongRule(
        code="nodes_by_long_axis",
        sentence="nodes summed by their long axis; the short axis counts",
        derive=by_measurements(long_axis_of_nodes),
    ),
    WrongRule(
        code="percent_rounded",
        sentence="a percentage rounded before it was compared",
        derive=by_options(threshold_rounding=ThresholdRounding.ONE_DECIMAL),
    ),
    WrongRule(
        code="sizes_rounded",
        sentence="diameters rounded to whole millimetres before they were summed",
        derive=by_options(measurement_rounding=MeasurementRounding.WHOLE),
    ),
    WrongRule(
        code="pr_kept",
        sentence="PR kept until PD, though less than 30 % smaller than baseline",
        derive=by_options(pr_persistence=PRPersistence.AFTER_PR),
    ),
    WrongRule(
        code="pd_carried_forward",
        sentence="PD repeated after the first PD, whatever was found",
        derive=by_overall(wrong_sums.pd_carried_forward),
    ),
    WrongRule(
        code="reappearing_target_is_pd",
        sentence="a target lesion that came back after target CR called PD, though the overall response was never CR",
        derive=by_sums(wrong_sums.reappearing_is_pd),
    ),
    WrongRule(
        code="confirmation_required",
        sentence="the sponsor's best response needs confirmation; it is the derived confirmed best response",
        derive=lambda case: by_best(case, "confirmed_best_response"),
    ),
    WrongRule(
        code="early_sd_counted",
        sentence="SD before the minimum interval counted",
        derive=by_options(min_sd_days=0),
    ),
    WrongRule(
        code="late_response_counted",
        sentence="a response after the first PD, or after new therapy, counted",
        derive=lambda case: (case.scored.responses, wrong_sums.best_of_all_visits(case.scored)),
    ),
)
