"""PR that stays PR until PD, as the EORTC's answers on RECIST have it (an option; off by default)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import TargetResponse
from recist.response.choices import PRPersistence
from recist.response.history import number_of

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Ints
    from recist.response.history import History
    from recist.response.options import Options

NEVER = 2**40


def derive_persisting_pr(history: History, response: Ints, options: Options) -> Bools:
    """Find the visits whose target response is SD by arithmetic and stays PR by the option."""
    is_response = (response == number_of(TargetResponse.PR)) | (response == number_of(TargetResponse.CR))
    is_sd = response == number_of(TargetResponse.SD)
    courses = history.courses
    is_response &= history.visits.is_follow_up
    if options.pr_persistence is PRPersistence.NONE:
        return np.zeros(courses.n_visits, dtype=bool)
    if options.pr_persistence is PRPersistence.AFTER_PR:
        after_any: Bools = is_sd & courses.any_before(is_response)
        return after_any
    day = history.visits.last_day
    first_response = courses.least_before(np.where(is_response, day, NEVER), otherwise=NEVER)
    breaks = is_sd & (first_response < NEVER)
    unbroken = ~courses.any_before(breaks)
    confirms = is_response & (day - first_response >= options.confirmation_days) & unbroken
    persisting: Bools = is_sd & courses.any_before(confirms)
    return persisting
