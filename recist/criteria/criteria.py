"""What a set of response criteria is: its limits and its response table, each with where it is published."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recist.criteria.immune_table import ImmuneRules
    from recist.criteria.response_table import ResponseRow
    from recist.criteria.site_rules import SiteRule

HUNDREDTHS_PER_MM = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A number of the criteria.

    Attributes
    ----------
    value : fractions.Fraction
    unit : str
        mm, days, lesions, or "of the baseline sum" and the like for ratios.
    meaning : str
        What the number decides.
    citation : str
    """

    value: Fraction
    unit: str
    meaning: str
    citation: str

    @property
    def hundredths(self) -> int:
        """Give a length in hundredths of a millimetre."""
        assert self.unit == "mm"
        return int(self.value * HUNDREDTHS_PER_MM)

    @property
    def whole(self) -> int:
        """Give a count or a number of days."""
        assert self.value.denominator == 1
        return int(self.value)


def limit(value: int | str, unit: str, meaning: str, citation: str) -> Limit:
    """Make a limit; ratios are written as text, ``"3/10"``."""
    return Limit(value=Fraction(value), unit=unit, meaning=meaning, citation=citation)


class AttenuationRule(StrEnum):
    """What a decrease of the mean attenuation of the targets is for a partial response (Choi)."""

    NONE = "none"  # attenuation plays no part
    EITHER = "either"  # a decrease of the sum or of the attenuation is PR
    BOTH = "both"  # only both together are PR


class CountedSize(StrEnum):
    """Which size of a target lesion that is no node counts."""

    WHOLE = "whole"
    ENHANCING = "enhancing"  # the arterially enhancing part where it is given, else the whole lesion


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the criteria say that no table of measurements can show: for readers, never checked."""

    text: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a protocol changes in the criteria it is based on."""

    what: str
    value: str
    instead_of: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Response criteria as data: one field a number, one row a rule.

    Attributes
    ----------
    nodes_by_short_axis : bool
        Whether a node counts by its short axis and is normal below `normal_node`; if not, it counts as any other
        lesion: by its longest diameter, and gone means 0 mm. The limits of nodes are then not in force.
    confirmation_required : bool
        Whether a response is one only when confirmed, in every trial.
    attenuation_rule : AttenuationRule
    attenuation_decrease : Limit
        Not in force where the rule is NONE.
    counted_size : CountedSize
    options : tuple of (str, value)
        Options that have another default under these criteria.
    site_rules : tuple of SiteRule
        What is said of lesions at certain sites.
    notes : tuple of Note
    changes : tuple of Change
        Of a protocol; empty for published criteria.
    protocol : str
        All that the protocol's file says, as JSON; empty for published criteria.
    immune : ImmuneRules or None
        What iRECIST adds; none under other criteria.
    """

    name: str
    title: str
    citation: str
    partial_response_decrease: Limit
    progression_growth: Limit
    progression_increase: Limit
    normal_node: Limit
    measurable_node: Limit
    measurable_lesion: Limit
    measurable_on_mri: Limit
    measurable_on_xray: Limit
    measurable_by_caliper: Limit
    measurable_slices: Limit
    unequivocal_new_node: Limit
    too_small_size: Limit
    max_targets: Limit
    max_targets_per_organ: Limit
    baseline_window: Limit
    confirmation_interval: Limit
    minimum_stable_disease: Limit
    attenuation_decrease: Limit
    overall: tuple[ResponseRow, ...]
    nodes_by_short_axis: bool = True
    confirmation_required: bool = False
    attenuation_rule: AttenuationRule = AttenuationRule.NONE
    counted_size: CountedSize = CountedSize.WHOLE
    options: tuple[tuple[str, object], ...] = ()
    site_rules: tuple[SiteRule, ...] = ()
    notes: tuple[Note, ...] = ()
    changes: tuple[Change, ...] = ()
    protocol: str = ""
    immune: ImmuneRules | None = None

    def limits(self) -> dict[str, Limit]:
        """List the limits by name; those that are not in force under these criteria are left out."""
        not_in_force: set[str] = set()
        if not self.nodes_by_short_axis:
            not_in_force |= {"normal_node", "measurable_node", "unequivocal_new_node"}
        if self.attenuation_rule is AttenuationRule.NONE:
            not_in_force.add("attenuation_decrease")
        named = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in not_in_force}
        if self.immune is not None:
            named |= {field.name: getattr(self.immune, field.name) for field in fields(self.immune)}
        return {name: value for name, value in named.items() if isinstance(value, Limit)}
