"""Who is not in an analysis, and why: said in every result line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def say_left_out(left_out: Sequence[tuple[str, int]]) -> str:
    """Write who was left out, to follow a result; nothing where nobody was.

    Examples
    --------
    >>> say_left_out([("missing", 7), ("not evaluable", 3)])
    '; 10 left out: 7 missing, 3 not evaluable'
    """
    given = [(reason, n) for reason, n in left_out if n]
    if not given:
        return ""
    total = sum(n for _, n in given)
    if len(given) == 1:
        return f"; {total} left out: {given[0][0]}"
    return f"; {total} left out: " + ", ".join(f"{n} {reason}" for reason, n in given)
