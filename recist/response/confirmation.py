"""Confirmation of CR and PR by a later visit (RECIST 1.1 §4.6.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import OverallResponse
from recist.response.history import number_of

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints
    from recist.response.course import ResponseCourse
    from recist.response.options import Options

CR, PR, SD = (number_of(OverallResponse(word)) for word in ("CR", "PR", "SD"))
NE, ND = number_of(OverallResponse.NE), number_of(OverallResponse.ND)
SKIPPED = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Search:
    """Responses still waiting for confirmation; shape (n_waiting,) each.

    Attributes
    ----------
    visit, later : numpy.ndarray
        The response, and the later visit now looked at.
    n_ne, n_sd : numpy.ndarray
        How many NE and SD were passed.
    has_cr : numpy.ndarray
        Whether a CR was passed.
    """

    visit: Ints
    later: Ints
    n_ne: Ints
    n_sd: Ints
    has_cr: Bools

    def keep(self, where: Bools) -> _Search:
        """Go on with those that still wait."""
        return _Search(
            visit=self.visit[where],
            later=self.later[where],
            n_ne=self.n_ne[where],
            n_sd=self.n_sd[where],
            has_cr=self.has_cr[where],
        )


def derive_confirmed_cr(course: ResponseCourse, eligible: Bools, options: Options) -> Bools:
    """Find the CR that a later CR confirms, with only CR or NE between."""
    return _derive_confirmed(course, eligible, (CR,), replace(options, accept_sd=0))


def derive_confirmed_pr(course: ResponseCourse, eligible: Bools, options: Options) -> Bools:
    """Find the PR that a later PR or CR confirms, with only PR, CR or NE between and no PR after a CR."""
    return _derive_confirmed(course, eligible, (PR, CR), options)


def _derive_confirmed(course: ResponseCourse, eligible: Bools, confirming: tuple[int, ...], options: Options) -> Bools:
    """Walk from every response to the visits after it until one confirms or breaks it.

    Any later visit may confirm, not only the next; one that comes before the interval neither confirms nor breaks.
    """
    confirmed = np.zeros(course.courses.n_visits, dtype=bool)
    waiting = np.flatnonzero(eligible & (course.response == confirming[0]))
    none = np.zeros(len(waiting), dtype=np.int64)
    search = _Search(visit=waiting, later=waiting, n_ne=none, n_sd=none, has_cr=none.astype(bool))
    end = course.courses.start[1:]
    while len(search.visit):
        search = replace(search, later=search.later + 1)
        search = search.keep(search.later < end[course.courses.course[search.visit]])
        response = np.where(eligible[search.later], course.response[search.later], SKIPPED)
        search, confirms, breaks = _look(search, response, confirming, options)
        confirms &= course.day[search.later] - course.day[search.visit] >= options.confirmation_days
        confirmed[search.visit[confirms]] = True
        search = search.keep(~confirms & ~breaks)
    return confirmed


def _look(
    search: _Search, response: Ints, confirming: tuple[int, ...], options: Options
) -> tuple[_Search, Bools, Bools]:
    """Judge one later visit of each: does it confirm if late enough, and does it break the run."""
    is_pr_after_cr = search.has_cr & (response == PR)
    confirms = np.isin(response, confirming) & ~is_pr_after_cr
    is_missing = np.isin(response, (NE, ND))
    search = replace(
        search,
        n_ne=search.n_ne + is_missing,
        n_sd=search.n_sd + (response == SD),
        has_cr=search.has_cr | (response == CR),
    )
    may_pass = confirms | is_missing | (response == SD) | (response == SKIPPED)
    too_many = (search.n_ne > options.max_ne_number) | (search.n_sd > options.accept_sd)
    return search, confirms, ~may_pass | too_many
