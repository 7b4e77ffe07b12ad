"""When the next scans are due."""

from __future__ import annotations

import datetime

from .branches import note
from .limits import whole_or


def interval_on(day: int, options: dict[str, object]) -> int:
    """Give the scheduled days between scans on a day after the start; 0 where not known."""
    plan = options.get("visit_interval_days", 0)
    if isinstance(plan, list):
        note("schedule: the interval changes")
        return max((int(first), int(days)) for first, days in plan if int(first) <= max(day, 0))[1]
    return int(str(plan))


def allowed_gap_end(adequate: datetime.date, start: datetime.date, options: dict[str, object]) -> datetime.date | None:
    """Give the last day on which an event follows an adequate visit with fewer than two missed (FDA 2007)."""
    tolerance = whole_or(options, "visit_tolerance_days", 0)
    day = (adequate - start).days
    first = interval_on(day, options)
    if not first:
        note("schedule: not known")
        return None
    return adequate + datetime.timedelta(days=first + interval_on(day + first, options) + 2 * tolerance)


def missed_between(
    earlier: datetime.date, later: datetime.date, start: datetime.date, options: dict[str, object]
) -> int:
    """Count the scheduled visits between two visits that were not done."""
    end = (later - start).days + whole_or(options, "visit_tolerance_days", 0)
    due = (earlier - start).days
    missed = -1
    while interval_on(due, options) and due + interval_on(due, options) <= end:
        due += interval_on(due, options)
        missed += 1
    return max(missed, 0)
