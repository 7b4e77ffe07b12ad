"""What a set of response criteria is: its limits and its response table, each with where it is published."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recist.criteria.response_table import ResponseRow

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Response criteria as data: one field a number, one row a rule."""

    name: str
    title: str
    citation: str
    partial_response_decrease: Limit
    progression_growth: Limit
    progression_increase: Limit
    normal_node: Limit
    measurable_node: Limit
    measurable_lesion: Limit
    measurable_slices: Limit
    unequivocal_new_node: Limit
    too_small_size: Limit
    max_targets: Limit
    max_targets_per_organ: Limit
    baseline_window: Limit
    confirmation_interval: Limit
    minimum_stable_disease: Limit
    overall: tuple[ResponseRow, ...]
