"""What can be wrong with times, events and groups: every kind of fault once, with how many rows and which come first.

Rows are counted from 1 in the order given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from recist.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

SHOWN_ROWS = 5
"""Rows named in a message before it says how many more there are."""
CENSORED, EVENT = 0, 1
SECOND_CODE = 2
COMPETING = (
    "The event is not 0 or 1. Further codes are competing events: one minus a Kaplan-Meier curve that censors them "
    "overstates the share; use cumulative_incidence."
)
NO_ZERO = (
    "The event is not 0 or 1 but 1 and 2. If 2 is the event and 1 is censoring, give 1 and 0; if both are events, they "
    "compete: use cumulative_incidence."
)
OTHER_CODES = "The event is not 0 or 1; give 1 for the event and 0 for censoring."
ENTRY_NOT_BEFORE_END = (
    "Entry is not before the end, so the row is never at risk; check the order of dates, and let an event on the day "
    "of entry end half a day later."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fault:
    """One kind of fault and the rows that have it.

    Attributes
    ----------
    code, field, expected, message : str
        As of :class:`recist.problems.Problem`.
    wrong : numpy.ndarray
        True where the row has the fault, shape (n,).
    held : numpy.ndarray or None
        What the column holds, shape (n,).
    """

    code: str
    field: str
    expected: str
    message: str
    wrong: NDArray[np.bool_]
    held: NDArray[np.float64] | None = None


def check_times(
    stop: NDArray[np.float64], event: NDArray[np.float64], start: NDArray[np.float64] | None = None
) -> list[Problem]:
    """List every kind of fault in times, events and entries, each with its first rows."""
    return describe_faults(
        [
            *check_end(stop),
            Fault(
                code="event_missing",
                field="event",
                expected="0 or 1",
                message="The event is missing; whether it happened must be known, also where it is censoring (0).",
                wrong=np.isnan(event),
            ),
            Fault(
                code="event_code",
                field="event",
                expected="0 or 1",
                message=_say_codes(event),
                wrong=~np.isnan(event) & (event != CENSORED) & (event != EVENT),
                held=event,
            ),
            *([] if start is None else _check_entry(stop, start)),
        ]
    )


def check_end(stop: NDArray[np.float64]) -> list[Fault]:
    """Find times that are missing, infinite or negative; 0 is none of these."""
    return [
        Fault(
            code="time_missing",
            field="time",
            expected="a finite number",
            message="The time is missing or infinite.",
            wrong=~np.isfinite(stop),
            held=stop,
        ),
        Fault(
            code="time_negative",
            field="time",
            expected="a number ≥ 0",
            message="The time is negative; check the order of dates.",
            wrong=np.isfinite(stop) & (stop < 0),
            held=stop,
        ),
    ]


def _check_entry(stop: NDArray[np.float64], start: NDArray[np.float64]) -> list[Fault]:
    """Find entries that are missing or negative, or not before a time that is right in itself."""
    usable = np.isfinite(stop) & (stop >= 0) & (start >= 0)
    return [
        Fault(
            code="start_missing",
            field="start",
            expected="a number ≥ 0",
            message="The time of entry is missing; 0 means observed from the beginning of the clock.",
            wrong=np.isnan(start),
        ),
        Fault(
            code="start_negative",
            field="start",
            expected="a number ≥ 0",
            message="Entry is negative; entry is counted on the clock of the event, from the index date.",
            wrong=start < 0,
            held=start,
        ),
        Fault(
            code="start_not_before_time",
            field="start",
            expected="a number below time",
            message=ENTRY_NOT_BEFORE_END,
            wrong=usable & (start >= stop),
            held=start,
        ),
    ]


def _say_codes(event: NDArray[np.float64]) -> str:
    """Say what codes other than 0 and 1 probably are."""
    codes = event[np.isfinite(event)]
    if codes.size == 0 or not np.all((codes >= 0) & (np.floor(codes) == codes)):
        return OTHER_CODES
    return COMPETING if codes.min() == CENSORED or codes.max() > SECOND_CODE else NO_ZERO


def check_groups(column: pd.Series[Any], labels: Sequence[Any], at_least: int, name: str) -> list[Problem]:
    """Find rows without a label, and say when there are too few groups."""
    missing = Fault(
        code="group_missing",
        field=name,
        expected="a label",
        message=f"The {name} is missing; missing is never a group of itself: give it a name, or leave the rows out.",
        wrong=column.isna().to_numpy(),
    )
    found = describe_faults([missing])
    if len(labels) >= at_least:
        return found
    listed = f" (only {labels[0]})" if labels else ""
    few = Problem(
        code="too_few_groups",
        field=name,
        found=str(len(labels)),
        expected=f"at least {at_least}",
        message=f"There are too few groups to compare{listed}.",
    )
    return [*found, few]


def describe_faults(faults: Sequence[Fault]) -> list[Problem]:
    """Turn the faults that occur into problems, one a kind."""
    return [_describe(fault) for fault in faults if fault.wrong.any()]


def _describe(fault: Fault) -> Problem:
    rows = np.flatnonzero(fault.wrong)
    return Problem(
        code=fault.code,
        field=fault.field,
        row=int(rows[0]) + 1,
        found="" if fault.held is None else f"{fault.held[rows[0]]:g}",
        expected=fault.expected,
        message=f"{fault.message} {say_rows(rows, len(fault.wrong))}",
    )


def say_rows(rows: NDArray[np.intp], n: int) -> str:
    """Say how many rows and which come first, counted from 1.

    Examples
    --------
    >>> say_rows(np.array([0, 3]), 20), say_rows(np.arange(7), 7)
    ('2 of 20 rows: 1, 4.', '7 of 7 rows: 1, 2, 3, 4, 5 and 2 more.')
    """
    first = ", ".join(str(row + 1) for row in rows[:SHOWN_ROWS])
    more = f" and {len(rows) - SHOWN_ROWS} more" if len(rows) > SHOWN_ROWS else ""
    return f"{len(rows)} of {n} rows: {first}{more}."
