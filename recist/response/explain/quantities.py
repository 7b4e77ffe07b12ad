"""Lengths and percentages in words: exact, or with as many decimals as show the side of the limit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from recist.criteria.criteria import HUNDREDTHS_PER_MM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PERCENT = 100
MOST_DECIMALS = 12


def write_mm(hundredths: int, *, signed: bool = False) -> str:
    """Write a length exactly.

    Examples
    --------
    >>> write_mm(3000), write_mm(3055), write_mm(-250, signed=True), write_mm(800, signed=True)
    ('30 mm', '30.55 mm', '−2.5 mm', '+8 mm')
    """
    return f"{_signed(_plain(Fraction(hundredths, HUNDREDTHS_PER_MM)), hundredths, signed=signed)} mm"


def write_number(value: Fraction) -> str:
    """Write a number that has few decimals, without zeros at its end.

    Examples
    --------
    >>> write_number(Fraction(3, 20)), write_number(Fraction(48))
    ('0.15', '48')
    """
    return _plain(value)


def write_ratio(ratio: Fraction) -> str:
    """Write a limit that is a ratio as a percentage.

    Examples
    --------
    >>> write_ratio(Fraction(3, 10))
    '30 %'
    """
    return f"{_plain(ratio * PERCENT)} %"


def write_percent(change: int, reference: int, limits: Iterable[Fraction]) -> str:
    """Write a change in percent of a reference, never on the wrong side of a limit, nor on one it does not reach.

    Parameters
    ----------
    change, reference : int
        The reference is more than 0.
    limits : iterable of fractions.Fraction
        The signed ratios that the change is compared with.

    Examples
    --------
    >>> write_percent(-2996, 10000, [Fraction(-3, 10)])
    '−29.96 %'
    >>> write_percent(-3000, 10000, [Fraction(-3, 10)])
    'exactly −30 %'
    >>> write_percent(1000, 3000, [Fraction(1, 5)])
    '+33.3 %'
    """
    exact = Fraction(PERCENT * change, reference)
    edges = [PERCENT * edge for edge in limits]
    if exact in edges:
        return f"exactly {_signed(_plain(exact), change, signed=True)} %"
    for decimals in range(1, MOST_DECIMALS):
        shown = round_half_up(exact, decimals)
        if all((shown > edge) == (exact > edge) and shown != edge for edge in edges):
            text = _plain(shown) if shown == exact else f"{abs(float(shown)):.{decimals}f}"
            return f"{_signed(text, change, signed=True)} %"
    return f"{_signed(f'{abs(exact)}', change, signed=True)} %"


def round_half_up(value: Fraction, decimals: int) -> Fraction:
    """Round to a number of decimals; halves go up in size, whatever the sign."""
    scale = 10**decimals
    size = (2 * abs(value) * scale + 1) // 2
    return Fraction(size if value >= 0 else -size, scale)


def counted(n: int, noun: str) -> str:
    """Say how many there are: 1 lesion, 2 lesions."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Write words as a list.

    Examples
    --------
    >>> listed(["T1", "T2", "T3"])
    'T1, T2 and T3'
    """
    if not words:
        return "none"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _plain(value: Fraction) -> str:
    """Write the size of a number with finitely many decimals exactly, without its sign."""
    text = f"{Decimal(abs(value).numerator) / Decimal(value.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(text: str, value: int, *, signed: bool) -> str:
    if value < 0:
        return f"−{text}"
    return f"+{text}" if signed else text
