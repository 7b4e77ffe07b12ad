"""A state that people enter on a day of their own, such as a second treatment: their time before it and after it.

Nobody is in the later state before the day of the switch, so time before it counts as time before it, also for those
who switch later. An event on the day of the switch belongs to the state before: a row is at risk when
``start < t <= stop``. A switch on or after the last day is never seen to have an effect, and counts as none.

References
----------
Mantel N, Byar DP. J Am Stat Assoc 1974;69:81-86. Simon R, Makuch RW. Stat Med 1984;3:35-44.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from recist.problems import require_no_errors
from survival.alignment import require_same_index
from survival.checks.times import Fault, describe_faults
from survival.times import ALL, Groups, Times, numbers, require_same_length, require_sample

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

BEFORE, AFTER = 0, 1
SPAN_COLUMNS = ("subject", "start_days", "stop_days", "event", "second_treatment")
NAMES = ("before or without", "after")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Switch:
    """Start-stop rows of people who may switch: one row a person and state.

    Attributes
    ----------
    times : Times
        Of the rows, shape (n_rows,); the event stands in a person's last row.
    states : Groups
        0 before or without the switch, 1 after it, shape (n_rows,).
    strata : Groups
        Stratum of each row, shape (n_rows,).
    person : numpy.ndarray
        Position of the person among those given, shape (n_rows,).
    moved : numpy.ndarray
        True where the row ends with the switch, shape (n_rows,).
    """

    times: Times
    states: Groups
    strata: Groups
    person: NDArray[np.int64]
    moved: NDArray[np.bool_]


def require_switch(
    time: ArrayLike,
    event: ArrayLike,
    switch_time: ArrayLike,
    *,
    start: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    names: tuple[str, str] = NAMES,
) -> Switch:
    """Split each person's time at the switch.

    Parameters
    ----------
    time, event, start, strata : array-like
        One row a person, as in :func:`survival.log_rank`, shape (n,).
    switch_time : array-like
        Time of the switch on the same clock, ≥ 0, shape (n,); NaN or infinite where there is none.
    names : tuple of str
        Names of the states before and after.

    Raises
    ------
    DataError
        If times are wrong or a switch is negative.
    UsageError
        If the columns differ in length, or nobody switches before the end of follow-up.
    """
    require_same_index({"time": time, "switch_time": switch_time})
    times, _, layers = require_sample(time, event, start=start, strata=strata)
    moment = numbers(switch_time, "switch_time")
    require_same_length({"time": times.stop, "switch_time": moment})
    require_no_errors(describe_faults([_negative(moment)]))
    switches = moment < times.stop
    if not switches.any():
        raise UsageError("Nobody switches before the end of follow-up: there is no time after the switch.")
    entry = np.where(np.isfinite(times.start), times.start, 0.0)
    return _split(times, layers, np.maximum(moment, entry), switches, names)


def require_stays(
    subject: ArrayLike,
    start: ArrayLike,
    stop: ArrayLike,
    event: ArrayLike,
    state: ArrayLike,
    *,
    names: tuple[str, str] = NAMES,
) -> Switch:
    """Read start-stop rows that are there already, and join those that a person spends in one state after the other.

    Parameters
    ----------
    subject : array-like
        Whose row it is, shape (n_rows,).
    start, stop, event : array-like
        As ``start``, ``time`` and ``event`` of :func:`survival.kaplan_meier`, shape (n_rows,).
    state : array-like
        0 before or without the switch, 1 after it, shape (n_rows,).
    names : tuple of str
        Names of the states before and after.
    """
    require_same_index({"stop": stop, "subject": subject, "state": state})
    times, _, _ = require_sample(stop, event, start=start)
    late, person = numbers(state, "state").astype(np.int64), pd.factorize(np.asarray(subject))[0]
    order = np.lexsort((times.stop, person))
    begins = np.append(True, (np.diff(person[order]) != 0) | (np.diff(late[order]) != 0))
    first = order[begins]
    last = order[np.append(np.flatnonzero(begins)[1:] - 1, len(order) - 1)]
    return Switch(
        times=Times(start=times.start[first], stop=times.stop[last], event=times.event[last]),
        states=Groups(codes=late[last], labels=names),
        strata=Groups(codes=np.zeros(len(last), dtype=np.int64), labels=(ALL,)),
        person=person[last],
        moved=np.append(person[last][1:] == person[last][:-1], False),
    )


def derive_stays(spans: pd.DataFrame, *, names: tuple[str, str] = NAMES) -> Switch:
    """Take the stays before and after a second treatment from a table like ``spans.csv``."""
    return require_stays(*(spans[name] for name in SPAN_COLUMNS), names=names)


def _negative(moment: NDArray[np.float64]) -> Fault:
    return Fault(
        code="switch_negative",
        field="switch_time",
        expected="a number ≥ 0, or none",
        message="The switch lies before the index date; who is in the later state from the beginning switches at 0.",
        wrong=moment < 0,
        held=moment,
    )


def _split(
    times: Times, layers: Groups, moment: NDArray[np.float64], switches: NDArray[np.bool_], names: tuple[str, str]
) -> Switch:
    """Lay the rows before the switch above those after it."""
    entry = np.where(np.isfinite(times.start), times.start, 0.0)
    before = ~switches | (moment > entry)
    people = np.arange(len(times.stop))
    person = np.concatenate([people[before], people[switches]])
    late = np.concatenate([np.zeros(before.sum(), dtype=np.int64), np.ones(switches.sum(), dtype=np.int64)])
    moved = (late == BEFORE) & switches[person]
    later_start = np.where(moment > 0, moment, -np.inf)
    rows = Times(
        start=np.where(late == AFTER, later_start[person], times.start[person]),
        stop=np.where(moved, moment[person], times.stop[person]),
        event=times.event[person] & ~moved,
    )
    return Switch(
        times=rows,
        states=Groups(codes=late, labels=names),
        strata=Groups(codes=layers.codes[person], labels=layers.labels),
        person=person,
        moved=moved,
    )
