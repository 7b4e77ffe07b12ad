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

NOWHERE = -1
BEST, VISIT, CONFIRMED, CONFIRMED_VISIT, FIRST_RESPONSE, FIRST_CONFIRMED = range(6)
N_RESULTS = 6

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
        1 when whatever lies between may pass.
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
def is_repeated(visits: SearchVisits, ahead: tuple[int, int], confirmed_by: Bools, interval_days: int) -> bool:
    """Say whether one of the responses comes at the interval or later, whatever lies between."""
    visit, end = ahead
    for later in range(visit + 1, end):
        is_again = visits.eligible[later] and confirmed_by[visits.response[later]]
        if is_again and visits.day[later] - visits.day[visit] >= interval_days:
            return True
    return False


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
        is_again_after = is_closed and response == table.response[which]
        if meaning == BREAKS or is_again_after or n_ne > settings.max_ne or n_sd > settings.max_sd:
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
        if settings.any_between:
            holds = is_repeated(visits, (visit, end), table.confirmed_by[which], settings.confirmation_days)
        else:
            holds = is_confirmed(visits, (visit, end), which, table, settings)
        if holds:
            return visit
    return NOWHERE


@njit(cache=True, nogil=True)
def first_visits(visits: SearchVisits, course: int, first: Ints, first_late: Ints) -> None:
    """Write down the first visit of each response, and the first at the minimum time; NOWHERE where there is none."""
    first[:] = NOWHERE
    first_late[:] = NOWHERE
    for visit in range(visits.start[course], visits.start[course + 1]):
        if not visits.eligible[visit]:
            continue
        response = visits.response[visit]
        if first[response] == NOWHERE:
            first[response] = visit
        if visits.late[visit] and first_late[response] == NOWHERE:
            first_late[response] = visit


@njit(cache=True, nogil=True)
def earliest(first: Ints, member: Bools) -> int:
    """Give the earliest of the first visits of some responses, or NOWHERE."""
    found = NOWHERE
    for response in range(len(first)):
        visit = first[response]
        if member[response] and visit != NOWHERE and (found == NOWHERE or visit < found):
            found = visit
    return found


@njit(cache=True, nogil=True)
def find_best(first: Ints, first_late: Ints, confirmed: Ints, table: SearchTable, at_minimum: int) -> tuple[int, int]:
    """Walk the steps of the search; `confirmed` replaces what finds a step, and is empty for the unconfirmed search."""
    for step in range(len(table.best)):
        if len(confirmed) and table.confirmation[step] != NOWHERE:
            visit = confirmed[table.confirmation[step]]
        else:
            visit = earliest(first, table.found_by[step])
            if visit != NOWHERE and table.needs_time[step]:
                in_time = earliest(first_late, table.found_by[step])
                visit = in_time if in_time == NOWHERE or at_minimum else visit
        if visit != NOWHERE:
            return table.best[step], visit
    return table.missing[0], NOWHERE


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
    n_responses = table.found_by.shape[1]
    first, first_late = np.empty(n_responses, np.int64), np.empty(n_responses, np.int64)
    confirmed, none = np.empty(len(table.response), np.int64), np.empty(0, np.int64)
    at_minimum = settings.dates_at_minimum
    for course in range(courses[0], courses[1]):
        first_visits(visits, course, first, first_late)
        first_response, first_that_holds = NOWHERE, NOWHERE
        for which in range(len(confirmed)):
            visit = first[table.response[which]]
            confirmed[which] = NOWHERE
            if visit == NOWHERE:
                continue
            if first_response == NOWHERE or visit < first_response:
                first_response = visit
            visit = first_confirmed(visits, course, which, table, settings)
            confirmed[which] = visit
            if visit != NOWHERE and (first_that_holds == NOWHERE or visit < first_that_holds):
                first_that_holds = visit
        results[BEST, course], results[VISIT, course] = find_best(first, first_late, none, table, at_minimum)
        results[CONFIRMED, course], results[CONFIRMED_VISIT, course] = find_best(
            first, first_late, confirmed, table, at_minimum
        )
        results[FIRST_RESPONSE, course] = first_response
        results[FIRST_CONFIRMED, course] = first_that_holds
