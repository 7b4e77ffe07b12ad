"""Overall responses in the order of time: all that best responses and endpoints are derived from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import OverallResponse
from recist.response.history import number_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from recist.response.arrays import Bools, Courses, Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResponseCourse:
    """Overall responses of many series; shape (n_visits,) each.

    Attributes
    ----------
    courses : Courses
    response : numpy.ndarray
        Number of OverallResponse.
    day : numpy.ndarray
        Date of the response, in days since 1970-01-01.
    is_follow_up : numpy.ndarray
        Whether the visit comes after baseline.
    """

    courses: Courses
    response: Ints
    day: Ints
    is_follow_up: Bools

    def is_any_of(self, responses: Collection[OverallResponse]) -> Bools:
        """Say which visits have one of the responses."""
        member = np.zeros(len(OverallResponse), dtype=bool)
        member[[number_of(response) for response in responses]] = True
        return member[self.response]
