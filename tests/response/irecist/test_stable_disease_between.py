"""iSD between an iPR and its confirmation, as a protocol may accept it (left to protocols by Eisenhauer 2009 §4.6)."""

from __future__ import annotations

import pandas as pd
import pytest

import recist


@pytest.mark.parametrize(("accepted", "confirmed"), [(0, "iSD"), (1, "iPR")])
def test_an_isd_between_two_ipr_confirms_only_where_the_protocol_accepts_it(accepted: int, confirmed: str) -> None:
    visits = pd.DataFrame(
        {
            "subject": "S1",
            "date": ["2021-04-26", "2021-06-21", "2021-08-16"],  # every 56 days
            "overall_response": ["iPR", "iSD", "iPR"],
            "start_date": "2021-03-01",
        }
    )
    best = recist.best(visits, criteria="irecist", options={"accept_sd": accepted}).best_responses.iloc[0]
    assert best["confirmed_best_response"] == confirmed


def test_an_isd_between_two_icr_never_confirms_the_icr() -> None:
    visits = pd.DataFrame(
        {
            "subject": "S1",
            "date": ["2021-04-26", "2021-06-21", "2021-08-16"],
            "overall_response": ["iCR", "iSD", "iCR"],
            "start_date": "2021-03-01",
        }
    )
    best = recist.best(visits, criteria="irecist", options={"accept_sd": 1}).best_responses.iloc[0]
    assert best["confirmed_best_response"] != "iCR"
