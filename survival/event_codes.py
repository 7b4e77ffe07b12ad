"""Codes of events that compete: 0 for censored, 1, 2, … for the first event that happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.errors import DataError
from recist.problems import require_no_errors
from survival.alignment import require_same_index
from survival.checks.times import Fault, describe_faults
from survival.times import Groups, Times, numbers, require_same_length, require_sample

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from recist.problems import Problem


def require_coded_sample(
    time: ArrayLike,
    event_code: ArrayLike,
    *,
    start: ArrayLike | None = None,
    group: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    fewest_groups: int = 1,
) -> tuple[Times, NDArray[np.float64], Groups, Groups]:
    """Turn times and codes into checked arrays, and name every fault at once.

    Parameters
    ----------
    time, start, group, strata, fewest_groups
        As in :func:`survival.times.require_sample`.
    event_code : array-like
        0 for censored, 1, 2, … for the events, shape (n,).

    Returns
    -------
    times : Times
        ``event`` is True for any event.
    codes : numpy.ndarray
        Float64, shape (n,).
    groups, strata : Groups

    Raises
    ------
    DataError
        If a code is not a whole number ≥ 0, and for all faults of times and groups.
    """
    require_same_index({"time": time, "event_code": event_code, "start": start, "group": group, "strata": strata})
    codes = numbers(event_code, "event_code")
    require_same_length({"time": numbers(time, "time"), "event_code": codes})
    faults = _check_codes(codes)
    try:
        times, groups, layers = require_sample(
            time, codes > 0, start=start, group=group, strata=strata, fewest_groups=fewest_groups
        )
    except DataError as fault:
        raise DataError([*faults, *fault.problems]) from fault
    require_no_errors(faults)
    return times, codes, groups, layers


def _check_codes(codes: NDArray[np.float64]) -> list[Problem]:
    """Find codes that are missing or no whole number ≥ 0."""
    whole = (codes >= 0) & (np.floor(codes) == codes) & np.isfinite(codes)
    return describe_faults(
        [
            Fault(
                code="event_code",
                field="event_code",
                expected="0 (censored), 1, 2, …",
                message="The event code is not a whole number ≥ 0.",
                wrong=~whole,
                held=codes,
            )
        ]
    )
