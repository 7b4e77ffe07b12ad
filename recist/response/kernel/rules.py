"""Criteria and options as plain numbers: all that the compiled loops know of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.criteria import OverallResponse
from recist.criteria.criteria import AttenuationRule
from recist.criteria.response_table import compile_table
from recist.response.choices import (
    ConfirmationBetween,
    NoDisease,
    PostCR,
    PRPersistence,
    ReturningNode,
    SmallNodeGrowth,
    ThresholdRounding,
)
from recist.response.history import number_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recist.criteria import Criteria
    from recist.response.options import Options


class TargetRules(NamedTuple):
    """What decides a target response; lengths in hundredths of a mm, ratios as two whole numbers.

    The names are those of the criteria and the options; a choice between words is a flag for one of them.
    """

    decrease_numerator: int
    decrease_denominator: int
    growth_numerator: int
    growth_denominator: int
    progression_increase: int
    percent_is_rounded: bool
    nadir_partial: bool
    partial_pd: bool
    small_node_growth_is_pd: bool
    attenuation_counts: bool
    attenuation_is_needed: bool
    pr_persists: bool
    pr_persists_once_confirmed: bool
    confirmation_days: int
    anything_between: bool
    max_ne: int
    accept_sd: int


class OverallRules(NamedTuple):
    """What decides an overall response.

    Attributes
    ----------
    table : numpy.ndarray
        Number of OverallResponse by target response, non-target response and new lesion; int8, shape (6, 5, 3).
    returned_is_pd, single_node_is_equivocal, cr_is_recoded
        What disease seen after an overall CR makes of a visit.
    """

    table: NDArray[np.int8]
    returned_is_pd: bool
    single_node_is_equivocal: bool
    cr_is_recoded: bool


def compile_target_rules(criteria: Criteria, options: Options) -> TargetRules:
    """Write down what decides a target response."""
    decrease, growth = criteria.partial_response_decrease.value, criteria.progression_growth.value
    return TargetRules(
        decrease_numerator=decrease.numerator,
        decrease_denominator=decrease.denominator,
        growth_numerator=growth.numerator,
        growth_denominator=growth.denominator,
        progression_increase=criteria.progression_increase.hundredths,
        percent_is_rounded=options.threshold_rounding is ThresholdRounding.ONE_DECIMAL,
        nadir_partial=options.nadir_partial,
        partial_pd=options.partial_pd,
        small_node_growth_is_pd=options.small_node_growth is SmallNodeGrowth.PD,
        attenuation_counts=criteria.attenuation_rule is not AttenuationRule.NONE,
        attenuation_is_needed=criteria.attenuation_rule is AttenuationRule.BOTH,
        pr_persists=options.pr_persistence is not PRPersistence.NONE,
        pr_persists_once_confirmed=options.pr_persistence is PRPersistence.AFTER_CONFIRMED_PR,
        confirmation_days=options.confirmation_days,
        anything_between=options.confirmation_between is ConfirmationBetween.ANY,
        max_ne=options.max_ne_number,
        accept_sd=options.accept_sd,
    )


def compile_overall_rules(criteria: Criteria, options: Options) -> OverallRules:
    """Write down what decides an overall response."""
    table = _compiled_table(criteria)
    if options.no_disease is NoDisease.NE:
        is_no_disease = table == number_of(OverallResponse.NED)
        table = np.where(is_no_disease, np.int8(number_of(OverallResponse.NE)), table)
    return OverallRules(
        table=table,
        returned_is_pd=options.post_cr is PostCR.PD,
        single_node_is_equivocal=options.returning_node is ReturningNode.EQUIVOCAL,
        cr_is_recoded=options.post_cr is PostCR.RECODE_PR,
    )


@cache
def _compiled_table(criteria: Criteria) -> NDArray[np.int8]:
    return compile_table(criteria.overall).astype(np.int8)
