"""iRECIST and the options as plain numbers: all that the compiled walk knows of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.criteria.codes import ImmuneResponse
from recist.criteria.immune_table import compile_immune_table
from recist.response.choices import (
    ICPDIncrease,
    LateScan,
    NoDisease,
    PostCR,
    ReturningNode,
    ShrinkageAfterIUPD,
)
from recist.response.history import number_of
from recist.response.kernel.rules import compile_target_rules

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.criteria.immune_table import ImmuneRules
    from recist.response.arrays import Ints
    from recist.response.kernel.rules import TargetRules
    from recist.response.options import Options


class WalkRules(NamedTuple):
    """What decides; lengths in hundredths of a mm, ratios as two whole numbers.

    Attributes
    ----------
    table : numpy.ndarray
        Number of ImmuneResponse by target response, non-target response, new lesions and comparison with the iUPD.
    confirming_increase : int
        Least increase of a sum since the iUPD that confirms it.
    targets : TargetRules
        When a sum is progression, as RECIST 1.1 has it.
    shrinkage_is_response, returned_is_progression, single_node_is_equivocal, late_scan_waits : bool
    earliest, late : int
        Days from an iUPD to the first scan that may confirm it, and after which a confirmation is late.
    """

    table: Ints
    confirming_increase: int
    targets: TargetRules
    shrinkage_is_response: bool
    returned_is_progression: bool
    single_node_is_equivocal: bool
    late_scan_waits: bool
    earliest: int
    late: int


def compile_walk_rules(criteria: Criteria, immune: ImmuneRules, options: Options) -> WalkRules:
    """Write down what decides a response by iRECIST."""
    table = _compiled_table(immune)
    if options.no_disease is NoDisease.NE:
        table = np.where(table == number_of(ImmuneResponse.NED), number_of(ImmuneResponse.NE), table)
    return WalkRules(
        table=table,
        confirming_increase=immune.confirming_increase.hundredths
        + (options.icpd_increase is ICPDIncrease.MORE_THAN),  # one hundredth of a mm, the least there is
        targets=compile_target_rules(criteria, options),
        shrinkage_is_response=options.shrinkage_after_iupd is ShrinkageAfterIUPD.BETTER_RESPONSE,
        returned_is_progression=options.post_cr is PostCR.PD,
        single_node_is_equivocal=options.returning_node is ReturningNode.EQUIVOCAL,
        late_scan_waits=options.late_scan is LateScan.WAITS,
        earliest=options.early_scan_days - options.early_scan_tolerance_days,
        late=options.late_scan_days,
    )


@cache
def _compiled_table(immune: ImmuneRules) -> Ints:
    return compile_immune_table(immune.time_point)
