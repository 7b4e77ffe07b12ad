"""The conditions of the target response with the numbers of a visit, each met or not, by whole numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from recist.response.choices import ThresholdRounding
from recist.response.explain.quantities import PERCENT, round_half_up, write_mm, write_percent, write_ratio

if TYPE_CHECKING:
    from recist.criteria import Criteria


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A sum, which may lack lesions, and the rules it is compared by; lengths in hundredths of a mm."""

    total: int
    criteria: Criteria
    rounding: ThresholdRounding
    is_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition: what it needs, what was found, and whether that is enough."""

    text: str
    is_met: bool
    citation: str


def judge_progression(compared: Comparison, nadir: int, where: str) -> Condition:
    """Compare a sum with the nadir: both the growth and the least increase, and the sum from which both hold."""
    criteria, change = compared.criteria, compared.total - nadir
    growth, least = criteria.progression_growth, criteria.progression_increase
    found, is_grown = _judge_ratio(change, nadir, growth.value, compared.rounding)
    parts = [f"{found} against at least +{write_ratio(growth.value)}: {_met(is_grown)}"]
    is_enough = change >= max(least.hundredths, 1)  # what did not grow at all is no progression
    needs = f"at least +{write_ratio(growth.value)}"
    if least.hundredths:
        needs = f"at least +{write_mm(least.hundredths)} and {needs}"
        increase = write_mm(change, signed=True)
        parts.insert(0, f"{increase} against at least +{write_mm(least.hundredths)}: {_met(is_enough)}")
    elif not nadir:
        parts.insert(0, f"{write_mm(change, signed=True)}")
    if not change:
        parts = [f"no increase: {_met(is_met=False)}"]
    text = (
        f"Progression needs {needs} over the nadir, the smallest sum before: {write_mm(nadir)} at {where}. "
        f"Found{' in the partial sum:' if compared.is_partial else ''} {'; '.join(parts)}. "
        f"{_limit_of_growth(compared, nadir)}"
    )
    return Condition(text=text.strip(), is_met=is_grown and is_enough, citation=growth.citation)


def judge_partial_response(compared: Comparison, baseline: int, where: str) -> Condition:
    """Compare a sum with the baseline sum."""
    limit = compared.criteria.partial_response_decrease
    found, is_met = _judge_ratio(baseline - compared.total, baseline, limit.value, compared.rounding, sign=-1)
    change = write_mm(compared.total - baseline, signed=True)
    text = (
        f"A partial response needs a decrease of at least {write_ratio(limit.value)} from the baseline sum of "
        f"{write_mm(baseline)} at {where}. Found {change}, {found}: {_met(is_met)}."
    )
    if compared.rounding is ThresholdRounding.NONE:
        highest = math.floor(baseline * (1 - limit.value))
        text += f" The largest sum that is one is {write_mm(highest)}; the sum is {write_mm(compared.total)}."
    return Condition(text=text, is_met=is_met, citation=limit.citation)


def _judge_ratio(
    change: int, reference: int, ratio: Fraction, rounding: ThresholdRounding, *, sign: int = 1
) -> tuple[str, bool]:
    """Say how large a change is in percent, and whether it reaches the ratio; `sign` is -1 for a decrease."""
    if not reference:
        return "no percentage, because it would be of 0 mm,", change > 0
    exact = write_percent(sign * change, reference, [sign * ratio])
    if rounding is ThresholdRounding.NONE:
        return exact, Fraction(change, reference) >= ratio
    rounded = Fraction(2 * 1000 * change + reference, 2 * reference).__floor__()
    shown = round_half_up(Fraction(sign * rounded, 10), 1)
    text = f"{exact}, rounded to {float(shown):+.1f} %".replace("-", "−")
    return text, Fraction(rounded, 10 * PERCENT) >= ratio


def _limit_of_growth(compared: Comparison, nadir: int) -> str:
    """Name the smallest sum that is progression."""
    if compared.rounding is not ThresholdRounding.NONE:
        return ""
    criteria = compared.criteria
    by_ratio = math.ceil(nadir * (1 + criteria.progression_growth.value))
    lowest = max(by_ratio, nadir + max(criteria.progression_increase.hundredths, 1))
    return f"The smallest sum that is progression is {write_mm(lowest)}; the sum is {write_mm(compared.total)}."


def _met(is_met: bool) -> str:
    return "met" if is_met else "not met"
