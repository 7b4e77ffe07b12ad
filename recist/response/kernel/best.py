"""The search for the best response of each course, and for the visits that confirm a response; compiled.

Words are numbers here: the places in OverallResponse and BestResponse. The rows of the search are cited data
(``recist.response.best``), compiled into the arrays of a :class:`SearchTable`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints

NOWHERE, NO_VISIT = -1, 2**62
BEST, VISIT, CONFIRMED, CONFIRMED_VISIT, FIRST_RESPONSE, FIRST_CONFIRMED = range(6)
N_RESULTS = 6
STEP_BEST, CONFIRMATION, NEEDS_TIME, FINDERS = range(4)  # columns of the steps as whole numbers

BREAKS, PASSES, COUNTS_AS_NE, COUNTS_AS_SD = range(4)


class SearchSettings(NamedTuple):
    """The options of the search as whole numbers.

    Attributes
    ----------
    confirmation_days : int
        Least days from a response to its confirmation, inclusive.
    max_ne, max_sd : int
        Most NE and SD between a response and its confirmation; SD only where the table lets it pass.
    any_between : int
        1 when whatever lies between may pass; then any two responses of the kind, or better ones, confirm each other.
    dates_at_minimum : int
        1 when a response that needs the minimum time is dated by the first visit that has it.
    """

    confirmation_days: int
    max_ne: int
    max_sd: int
    any_between: int
    dates_at_minimum: int


class SearchTable(NamedTuple):
    """The rows of the search and of the confirmation as arrays.

    Attributes
    ----------
    best : numpy.ndarray
        Number of BestResponse that each step gives; shape (n_steps,).
    found_by : numpy.ndarray
        Which OverallResponse finds each step; shape (n_steps, n_responses).
    needs_time : numpy.ndarray
        Whether one of them must come at the minimum time; shape (n_steps,).
    confirmation : numpy.ndarray
        The confirmation that the confirmed search asks of each step, or NOWHERE; shape (n_steps,).
    response : numpy.ndarray
        The OverallResponse that each confirmation is about; shape (n_confirmations,).
    confirmed_by : numpy.ndarray
        Which OverallResponse confirms it; shape (n_confirmations, n_responses).
    between : numpy.ndarray
        What each OverallResponse does on the way there: BREAKS, PASSES, COUNTS_AS_NE or COUNTS_AS_SD; the same shape.
    not_after : numpy.ndarray
        The OverallResponse after which the response itself may not come again, or NOWHERE; shape (n_confirmations,).
    missing : numpy.ndarray
        Number of BestResponse where no step finds a visit; shape (1,).
    """

    best: Ints
    found_by: Bools
    needs_time: Bools
    confirmation: Ints
    response: Ints
    confirmed_by: Bools
    between: Ints
    not_after: Ints
    missing: Ints


class SearchVisits(NamedTuple):
    """The visits of all courses, laid end to end in the order of time; shape (n_visits,) each but `start`.

    Attributes
    ----------
    start : numpy.ndarray
        Where each course begins, and last the number of visits; shape (n_courses + 1,).
    response : numpy.ndarray
        Number of OverallResponse.
    day : numpy.ndarray
        Days since any one day.
    eligible, late : numpy.ndarray
        Whether the visit counts, and whether it comes at the minimum time for stable disease or later.
    missed : numpy.ndarray
        Scheduled visits not done between the visit before and this one; each counts as NE.
    """

    start: Ints
    response: Ints
    day: Ints
    eligible: Bools
    late: Bools
    missed: Ints


@njit(cache=True, nogil=True)
def is_confirmed(
    visits: SearchVisits, ahead: tuple[int, int], which: int, table: SearchTable, settings: SearchSettings
) -> bool:
    """Say whether a later visit confirms a response.

    Any later visit may confirm, not only the next; one that comes too early neither confirms nor breaks.

    Parameters
    ----------
    visits : SearchVisits
    ahead : tuple of (int, int)
        The visit of the response, and the one after the last of its course.
    which : int
        The confirmation asked for.
    table : SearchTable
    settings : SearchSettings
    """
    visit, end = ahead
    n_ne, n_sd, is_closed = 0, 0, False
    for later in range(visit + 1, end):
        n_ne += visits.missed[later]
        if not visits.eligible[later]:
            continue
        response = visits.response[later]
        meaning = table.between[which, response]
        n_ne += meaning == COUNTS_AS_NE
        n_sd += meaning == COUNTS_AS_SD
        is_again = is_closed and response == table.response[which]
        if meaning == BREAKS or is_again or n_ne > settings.max_ne or n_sd > settings.max_sd:
            return False
        is_late = visits.day[later] - visits.day[visit] >= settings.confirmation_days
        if is_late and table.confirmed_by[which, response]:
            return True
        is_closed = is_closed or response == table.not_after[which]
    return False


@njit(cache=True, nogil=True)
def first_confirmed(visits: SearchVisits, course: int, which: int, table: SearchTable, settings: SearchSettings) -> int:
    """Find the first response of a course that a later visit confirms, or NOWHERE."""
    end = visits.start[course + 1]
    for visit in range(visits.start[course], end):
        if not visits.eligible[visit] or visits.response[visit] != table.response[which]:
            continue
        if is_confirmed(visits, (visit, end), which, table, settings):
            return visit
    return NOWHERE


@njit(cache=True, nogil=True, inline="always")
def first_repeated(ends: tuple[int, int], response: Ints, eligible: Bools, day: Ints, asked: tuple[int, int]) -> int:
    """Find the first response that another follows at the interval or later, whatever lies between, or NOWHERE.

    Parameters
    ----------
    ends : tuple of (int, int)
        The first visit of the course, and the one after the last.
    response, eligible, day : numpy.ndarray
    asked : tuple of (int, int)
        The responses of the kind, one bit each, and the interval in days.
    """
    found = NOWHERE
    for visit in range(ends[0], ends[1]):
        if found == NOWHERE and eligible[visit] and (asked[0] >> response[visit]) & 1:
            for later in range(ends[1] - 1, visit, -1):  # the last is the likeliest
                is_again = eligible[later] and (asked[0] >> response[later]) & 1
                if is_again and day[later] - day[visit] >= asked[1]:
                    found = visit
                    break
    return found


@njit(cache=True, nogil=True, inline="always")
def note_firsts(ends: tuple[int, int], response: Ints, eligible: Bools, late: Bools, firsts: Ints) -> tuple[int, int]:
    """Write down the first visit of each response, and the first at the minimum time; tell by bits which there are."""
    seen, seen_late = 0, 0
    for visit in range(ends[0], ends[1]):
        if eligible[visit]:
            bit = 1 << response[visit]
            if not seen & bit:
                firsts[0, response[visit]] = visit
            if late[visit] and not seen_late & bit:
                firsts[1, response[visit]] = visit
            seen |= bit
            seen_late |= bit if late[visit] else 0
    return seen, seen_late


@njit(cache=True, nogil=True, inline="always")
def find_step(steps: Ints, seen: tuple[int, int], confirmed: Ints) -> int:
    """Find the first step that finds a visit, or n_steps; `confirmed` is empty for the unconfirmed search."""
    found = len(steps)
    for step in range(len(steps)):
        asked = steps[step, CONFIRMATION]
        if len(confirmed) and asked != NOWHERE:
            is_found = confirmed[asked] != NOWHERE
        else:
            is_found = ((seen[1] if steps[step, NEEDS_TIME] else seen[0]) & steps[step, FINDERS]) != 0
        if is_found:
            found = step
            break
    return found


@njit(cache=True, nogil=True, inline="always")
def date_step(step: Ints, firsts: Ints, seen: tuple[int, int], dates_at_minimum: int) -> int:
    """Give the first visit that finds a step; without branches, which would cost more."""
    at_minimum = step[NEEDS_TIME] & dates_at_minimum
    finders, first = seen[at_minimum] & step[FINDERS], NO_VISIT
    for response in range(firsts.shape[1]):
        first = min(first, firsts[at_minimum, response] if (finders >> response) & 1 else NO_VISIT)
    return first


@njit(cache=True, nogil=True)
def compile_steps(table: SearchTable) -> tuple[Ints, Ints]:
    """Write the steps of the search, and what confirms, as whole numbers; responses are bits."""
    steps = np.zeros((len(table.best), 4), np.int64)
    for step in range(len(table.best)):
        steps[step, STEP_BEST], steps[step, CONFIRMATION] = table.best[step], table.confirmation[step]
        steps[step, NEEDS_TIME] = table.needs_time[step]
        for response in range(table.found_by.shape[1]):
            steps[step, FINDERS] |= np.int64(table.found_by[step, response]) << response
    confirming = np.zeros(len(table.response), np.int64)
    for which in range(len(confirming)):
        for response in range(table.found_by.shape[1]):
            confirming[which] |= np.int64(table.confirmed_by[which, response]) << response
    return steps, confirming


@njit(cache=True, nogil=True)
def search_best(
    visits: SearchVisits, table: SearchTable, settings: SearchSettings, courses: tuple[int, int], results: Ints
) -> None:
    """Search the best response of a range of courses.

    Parameters
    ----------
    visits : SearchVisits
    table : SearchTable
    settings : SearchSettings
    courses : tuple of (int, int)
        The first course, and the one after the last: several threads may each search their own range.
    results : numpy.ndarray
        Filled in; shape (N_RESULTS, n_courses): BEST and CONFIRMED hold the numbers of BestResponse without and with
        confirmation, VISIT and CONFIRMED_VISIT the visits that date them, FIRST_RESPONSE and FIRST_CONFIRMED the first
        CR or PR, and the first that a later visit confirms; a visit is NOWHERE when there is none.
    """
    start, response, day, eligible, late, _ = visits
    steps, confirming = compile_steps(table)
    about, missing, n_steps = table.response, table.missing[0], len(steps)
    firsts = np.empty((2, table.found_by.shape[1]), np.int64)
    confirmed, none = np.empty(len(about), np.int64), np.empty(0, np.int64)
    for course in range(courses[0], courses[1]):
        ends = (start[course], start[course + 1])
        seen = note_firsts(ends, response, eligible, late, firsts)
        results[FIRST_RESPONSE, course], results[FIRST_CONFIRMED, course] = NOWHERE, NOWHERE
        for which in range(len(confirmed)):
            has_it = (seen[0] >> about[which]) & 1
            confirmed[which] = NOWHERE
            if settings.any_between and seen[0] & confirming[which]:
                asked = (confirming[which], settings.confirmation_days)
                confirmed[which] = first_repeated(ends, response, eligible, day, asked)
            elif has_it:
                confirmed[which] = first_confirmed(visits, course, which, table, settings)
            first = firsts[0, about[which]] if has_it else NOWHERE
            results[FIRST_RESPONSE, course] = _earlier(results[FIRST_RESPONSE, course], first)
            results[FIRST_CONFIRMED, course] = _earlier(results[FIRST_CONFIRMED, course], confirmed[which])
        step = find_step(steps, seen, none)
        best, visit, is_asked = missing, NOWHERE, results[FIRST_CONFIRMED, course] != NOWHERE
        if step < n_steps:
            best, is_asked = steps[step, STEP_BEST], is_asked or steps[step, CONFIRMATION] != NOWHERE
            visit = date_step(steps[step], firsts, seen, settings.dates_at_minimum)
        results[BEST, course], results[VISIT, course] = best, visit
        if is_asked:  # otherwise both searches end at the same step
            best, visit, step = missing, NOWHERE, find_step(steps, seen, confirmed)
            if step < n_steps:
                best, asked = steps[step, STEP_BEST], steps[step, CONFIRMATION]
                if asked != NOWHERE:
                    visit = confirmed[asked]
                else:
                    visit = date_step(steps[step], firsts, seen, settings.dates_at_minimum)
        results[CONFIRMED, course], results[CONFIRMED_VISIT, course] = best, visit


@njit(cache=True, nogil=True, inline="always")
def _earlier(one: int, other: int) -> int:
    """Give the earlier of two visits, either of which may be NOWHERE."""
    if one == NOWHERE or (other != NOWHERE and other < one):
        return other
    return one
