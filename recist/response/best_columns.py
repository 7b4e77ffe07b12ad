"""The best response and the endpoints of every series as the table ``best_responses``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.criteria import BestResponse
from recist.criteria.censoring import Situation
from recist.response.arrays import NOWHERE
from recist.response.choices import Responders
from recist.response.encode import LAST_DAY
from recist.response.history import number_of

if TYPE_CHECKING:
    from recist.response.arrays import Bools, Dates, Ints, Texts
    from recist.response.best import Best
    from recist.response.course import ResponseCourse
    from recist.response.endpoints import Endpoint, Endpoints
    from recist.response.options import Options

DAYS = ("duration_of_response_days", "pfs_days", "ttp_days", "duration_of_sd_days")  # written without a decimal point


def best_columns(course: ResponseCourse, best: Best, endpoints: Endpoints, options: Options) -> dict[str, Any]:
    """Lay the best response and the endpoints of every series out by the names of their columns."""

    def dates_of(visit: Ints) -> Dates:
        found = visit != NOWHERE
        return dates_of_days(course.day[visit] if len(course.day) else np.zeros(len(visit), np.int64), found)

    words = np.array([str(word) for word in BestResponse], dtype=object)
    return {
        "best_response": words[best.response],
        "best_response_date": dates_of(best.visit),
        "confirmed_best_response": words[best.confirmed],
        "confirmed_best_response_date": dates_of(best.confirmed_visit),
        "first_response_date": dates_of(endpoints.first_response),
        "progression_date": dates_of(best.first_pd),
        "last_adequate_date": dates_of(best.last_adequate),
        **_endpoint_columns(endpoints),
        "clinical_benefit": pd.array(_has_clinical_benefit(best, options), dtype="boolean"),
    }


def _endpoint_columns(endpoints: Endpoints) -> dict[str, Any]:
    """Lay the endpoints out; the first columns keep the places they always had."""
    response = _columns("duration_of_response", endpoints.response)
    stable = _columns("duration_of_sd", endpoints.stable)
    return {
        **{name: response.pop(name) for name in ("duration_of_response_days", "duration_of_response_event")},
        **_columns("pfs", endpoints.pfs),
        **_columns("ttp", endpoints.ttp),
        **response,
        **{name: stable[name] for name in ("duration_of_sd_days", "duration_of_sd_event")},
    }


def _columns(name: str, endpoint: Endpoint) -> dict[str, Any]:
    """Lay one endpoint out; what does not apply to a series is empty."""
    event = pd.arrays.BooleanArray(np.array(endpoint.is_event), ~endpoint.applies)
    return {
        f"{name}_days": np.where(endpoint.applies, endpoint.days, np.nan),
        f"{name}_event": event,
        f"{name}_reason": _words(endpoint),
        f"{name}_date": dates_of_days(endpoint.day, endpoint.applies),
    }


def _words(endpoint: Endpoint) -> Texts:
    words = np.array([*map(str, Situation), ""], dtype=object)
    return words[np.where(endpoint.applies, endpoint.reason, len(Situation))]


def _has_clinical_benefit(best: Best, options: Options) -> Bools:
    """Say who has a CR or PR, or a disease controlled for the time of a clinical benefit."""
    response = best.confirmed if options.responders is Responders.CONFIRMED else best.response
    responds = np.isin(response, [number_of(BestResponse.CR), number_of(BestResponse.PR)])
    return responds | best.has_lasting_control


def dates_of_days(days: Ints, given: Bools) -> Dates:
    """Give days since 1970-01-01 as dates; none where it is not given or there is no such day."""
    given = given & (days < LAST_DAY)
    dates = np.where(given, days, 0).astype("datetime64[D]").astype("datetime64[ns]")
    dates[~given] = np.datetime64("NaT")
    return dates
