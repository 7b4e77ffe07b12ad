"""Simon and Makuch's curves: survival by a state that people enter on a day of their own.

Each curve is the Kaplan-Meier estimate over the time spent in its state, with delayed entry: who switches leaves the
first curve without an event and enters the second. The second begins with few at risk, where one event can bring it far
down; it can be begun later, where enough are at risk.

References
----------
Simon R, Makuch RW. A non-parametric graphical representation of the relationship between survival and the occurrence of
an event: application to responder versus non-responder bias. Stat Med 1984;3:35-44.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from survival.kaplan_meier import derive_curves
from survival.switch import AFTER, NAMES, Switch, require_switch
from survival.times import Groups

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from survival.kaplan_meier import KaplanMeier
    from survival.times import Times


def simon_makuch(
    time: ArrayLike,
    event: ArrayLike,
    switch_time: ArrayLike,
    *,
    start: ArrayLike | None = None,
    names: tuple[str, str] = NAMES,
    confidence: float = 0.95,
    interval: str = "log-log",
    fewest_at_risk: int = 1,
) -> KaplanMeier:
    """Estimate survival before (or without) a switch, and after it.

    Parameters
    ----------
    time : array-like
        Time of event or censoring, one row a person, in one unit, shape (n,).
    event : array-like
        1 for the event, 0 for censoring, shape (n,). At one time events come before censorings and switches.
    switch_time : array-like
        Time of the switch on the same clock, shape (n,); NaN for never. A switch on the last day counts as none.
    start : array-like, optional
        Time of entry (delayed entry), shape (n,).
    names : tuple of str
        Names of the two curves.
    confidence : float
    interval : str
        ``"log-log"``, ``"log"`` or ``"plain"``.
    fewest_at_risk : int
        The curve after the switch begins, at 1, when so many are first at risk on it: it then says how those fare who
        have switched and are alive by that time. 1 begins it with the first switch.

    Returns
    -------
    KaplanMeier
        ``group`` holds the names; ``n`` of the second counts those who are seen after the switch. In the table who
        switches is not ``censored``, and in the risk table stands under ``moved``:
        ``entered = at_risk + events + censored + moved``.

    Examples
    --------
    >>> from survival.simon_makuch import simon_makuch
    >>> nan = float("nan")
    >>> curves = simon_makuch([2, 3, 4, 5, 6, 7], [1, 1, 1, 0, 1, 1], [nan, 1, nan, 2, 5, nan])
    >>> print(curves)
    before or without: n = 6, events = 3, median 7.0 (95 % CI 2.0 to not reached)
    after: n = 3, events = 2, median 4.5 (95 % CI 3.0 to not reached)
    >>> curves.risk_table([4])[["group", "at_risk", "events", "censored", "moved"]]
                   group  at_risk  events  censored  moved
    0  before or without        3       1         0      2
    1              after        1       1         0      0
    """
    rows = require_switch(time, event, switch_time, start=start, names=names)
    return derive_state_curves(rows, confidence=confidence, interval=interval, fewest_at_risk=fewest_at_risk)


def derive_state_curves(
    rows: Switch, *, confidence: float = 0.95, interval: str = "log-log", fewest_at_risk: int = 1
) -> KaplanMeier:
    """Estimate the curves of rows that are laid out already, as by :func:`survival.switch.require_stays`."""
    kept = _begin_later(rows, fewest_at_risk)
    return derive_curves(kept.times, kept.states, confidence=confidence, interval=interval, moved=kept.moved)


def _begin_later(rows: Switch, fewest: int) -> Switch:
    """Leave out the time after the switch while fewer are at risk there, if ever so many are."""
    after = rows.states.codes == AFTER
    begin = _first_time_with(rows.times.where(after), fewest)
    keep = ~after | (rows.times.stop > begin)
    start = np.where(after, np.maximum(rows.times.start, begin), rows.times.start)
    return Switch(
        times=replace(rows.times, start=start).where(keep),
        states=Groups(codes=rows.states.codes[keep], labels=rows.states.labels),
        strata=Groups(codes=rows.strata.codes[keep], labels=rows.strata.labels),
        person=rows.person[keep],
        moved=rows.moved[keep],
    )


def _first_time_with(after: Times, fewest: int) -> float:
    """Find the first entry after which so many are at risk; the first entry of all if there never are."""
    entries = np.sort(after.start)
    at_risk = np.arange(1, len(entries) + 1) - np.searchsorted(np.sort(after.stop), entries, side="right")
    enough = np.flatnonzero(at_risk >= fewest)
    return float(entries[enough[0]] if enough.size else entries[0])
