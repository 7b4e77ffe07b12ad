"""The examples on the help pages of admiralonco; expected values worked out by hand from the rules printed there.

There a visit on the reference day counts; here one on the day of the start does not. So the start below is the day
before the reference day, and the windows are a day longer: the same visits are in time by both.
"""

import datetime

import pandas as pd
import pytest

from recist.response.visits import best

REFERENCE = {
    "1": "2020-01-01",
    "2": "2019-12-12",
    "3": "2019-11-11",
    "4": "2019-12-30",
    "5": "2020-01-01",
    "6": "2020-02-02",
    "7": "2020-02-02",
    "8": "2020-04-01",
    "9": "2020-03-01",
}
VISITS = {
    "1": "2020-01-01 PR, 2020-02-01 CR, 2020-02-16 NE, 2020-03-01 CR, 2020-04-01 SD",
    "2": "2020-01-01 SD, 2020-02-01 PR, 2020-03-01 SD, 2020-03-13 CR",
    "3": "2019-11-12 CR, 2019-12-02 CR, 2020-01-01 SD",
    "4": "2020-01-01 PR, 2020-03-01 SD, 2020-04-01 SD, 2020-05-01 PR, 2020-05-15 NON-CR/NON-PD",
    "5": "2020-01-01 PR, 2020-01-10 SD, 2020-01-20 PR, 2020-05-15 NON-CR/NON-PD",
    "6": "2020-02-06 PR, 2020-02-16 CR, 2020-03-30 PR, 2020-04-12 PD, 2020-05-01 CR, 2020-06-01 CR",
    "7": "2020-02-06 PR, 2020-02-16 CR, 2020-04-01 NE",
    "9": "2020-03-16 CR, 2020-04-01 NE, 2020-04-16 NE, 2020-05-01 CR",
}
AS_THERE = {"post_cr": "as_is", "sd_date": "minimum_time", "nd_between": "break", "min_sd_days": 29}

CONFIRMED = {
    "1": "CR 2020-02-01",
    "2": "SD 2020-02-01",
    "3": "SD 2020-01-01",
    "4": "SD 2020-03-01",
    "5": "NON-CR/NON-PD 2020-05-15",
    "6": "SD 2020-03-30",
    "7": "NE 2020-02-06",
    "8": "MISSING",
    "9": "SD 2020-05-01",
}
CONFIRMED_WITH_SD_AND_TWO_NE = CONFIRMED | {"2": "PR 2020-02-01", "9": "CR 2020-03-16"}
UNCONFIRMED = {
    "1": "CR 2020-02-01",
    "2": "PR 2020-02-01",
    "3": "CR 2019-11-12",
    "4": "PR 2020-01-01",
    "5": "PR 2020-01-01",
    "6": "CR 2020-02-16",
    "7": "CR 2020-02-16",
    "8": "MISSING",
}


def visits() -> pd.DataFrame:
    rows = []
    for subject, text in VISITS.items():
        for number, visit in enumerate(text.split(", ")):
            date, word = visit.split(" ")
            row = {"subject": subject, "timepoint": f"visit {number + 1}", "date": date, "overall_response": word}
            rows.append(row)
    return pd.DataFrame(rows)


def subjects(**cutoffs: str) -> pd.DataFrame:
    before = {
        subject: (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()
        for subject, day in REFERENCE.items()
    }
    rows = [
        {"subject": subject, "start_date": day, "cutoff_date": cutoffs.get(f"subject_{subject}", "")}
        for subject, day in before.items()
    ]
    return pd.DataFrame(rows)


def told(table: pd.DataFrame, column: str) -> dict[str, str]:
    dates = table[f"{column}_date"].dt.strftime(" %Y-%m-%d").fillna("")
    return dict(zip(table["subject"], table[column] + dates, strict=True))


@pytest.mark.parametrize(
    ("options", "expected"), [({}, CONFIRMED), ({"max_ne": 2, "accept_sd": 1}, CONFIRMED_WITH_SD_AND_TWO_NE)]
)
def test_confirmed_best_overall_response(options: dict[str, int], expected: dict[str, str]) -> None:
    found = best(visits(), subjects=subjects(), options={**AS_THERE, **options})
    assert told(found.best_responses, "confirmed_best_response") == expected


def test_best_overall_response_up_to_a_progression_known_from_elsewhere() -> None:
    rows = visits()
    flagged_out = (rows["subject"] == "4") & (rows["date"] == "2020-03-01")
    flagged_out |= (rows["subject"] == "7") & (rows["overall_response"] == "NE")
    people = subjects(subject_2="2020-03-01", subject_4="2020-02-01")
    found = best(rows[~flagged_out], subjects=people, options=AS_THERE)
    answers = told(found.best_responses, "best_response")
    assert {subject: answers[subject] for subject in UNCONFIRMED} == UNCONFIRMED


def test_less_than_cr_after_cr_is_reported_where_it_is_left_as_it_is() -> None:
    found = best(visits(), subjects=subjects(), options=AS_THERE)
    codes = found.problems[found.problems["code"] == "less_than_cr_after_cr"]
    assert set(codes["subject"]) == {"1", "3", "6"}  # CR then SD, CR then SD, CR then PR
