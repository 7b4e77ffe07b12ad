"""What is seen after a new anticancer therapy is no reader's error before it; days by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from recist.response import score
from recist.response.visits import best

RECODE = {"post_cr": "recode_pr"}
DAYS = ("2020-01-01", "2020-02-26", "2020-04-22", "2020-06-17")  # day 0, 56, 112, 168


def people(therapy: str) -> pd.DataFrame:
    return pd.DataFrame([{"subject": "S1", "start_date": "2020-01-01", "new_therapy_date": therapy}])


@pytest.mark.parametrize(
    ("therapy", "same_day", "expected"),
    [
        ("2020-05-01", "before", ["CR", "CR", "PR"]),  # between day 112 and day 168
        ("2020-06-17", "before", ["PR", "PR", "PR"]),  # on day 168: that scan still counts as before
        ("2020-06-17", "after", ["CR", "CR", "PR"]),
        ("2019-12-01", "before", ["PR", "PR", "PR"]),  # a prior therapy is not used
    ],
)
@pytest.mark.parametrize("criteria", ["recist-1.1", "irecist"])
def test_disease_after_new_therapy_recodes_no_complete_response(criteria, therapy, same_day, expected, course) -> None:
    rows = course({"T1": [20, 0, 0, 4]})  # 4 mm is less than 5 mm over the nadir of 0
    options = RECODE | {"new_therapy_same_day": same_day}
    scored = score(rows, subjects=people(therapy), criteria=criteria, options=options)
    found = scored.responses["overall_response"].tolist()
    letter = "i" if criteria == "irecist" else ""
    assert found == [f"{letter}{word}" for word in expected]


@pytest.mark.parametrize(("therapy", "expected"), [("2020-05-01", ["CR", "CR"]), ("2020-06-17", ["PR", "PR"])])
def test_the_same_holds_for_overall_responses_without_lesions(therapy, expected) -> None:
    rows = [
        {"subject": "S1", "timepoint": f"V{number}", "date": day, "overall_response": word}
        for number, (day, word) in enumerate(zip(DAYS[1:], ("CR", "CR", "SD"), strict=True))
    ]
    found = best(pd.DataFrame(rows), subjects=people(therapy), options=RECODE).responses
    assert found["overall_response"].tolist()[:2] == expected
