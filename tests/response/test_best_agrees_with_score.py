"""The best response of lesions is that of the overall responses they give: two ways to one result."""

from __future__ import annotations

import datetime
import random

import pandas as pd
import pytest

from recist.response import score
from recist.response.visits import best

N_SUBJECTS = 60
START = datetime.date(2020, 1, 1)
COLUMNS = ("subject", "reader", "timepoint", "date", "lesion", "role", "nodal", "state", "diameter_mm")
GAPS = (1, 14, 20, 27, 28, 29, 42, 56, 90)
SIZES = (3, 6, 9, 9.9, 10, 14, 20, 24, 30, 40)
OPTIONS: tuple[dict[str, object], ...] = (
    {},
    {"censoring": "ema", "responders": "confirmed"},
    {"post_cr": "as_is", "sd_date": "minimum_time", "nd_between": "break"},
    {"post_cr": "recode_pr", "max_ne": "any", "accept_sd": 1, "min_sd_tolerance_days": 3},
    {"visit_interval_days": 28, "visit_tolerance_days": 3, "missed_visits": "ne", "clinical_progression": "event"},
    {"start": "baseline", "new_therapy_same_day": "after", "visit_interval_days": [[0, 28], [100, 56]]},
    {"confirmation_between": "any", "death_ends_response": False, "adequate_assessment": "done"},
)


def on(day: int) -> str:
    return (START + datetime.timedelta(days=day)).isoformat()


def write_subject(rng: random.Random, subject: str) -> list[tuple[object, ...]]:
    """Write a random course of up to two targets, two non-targets and a new lesion."""
    rows: list[tuple[object, ...]] = []
    targets = [rng.random() < 0.4 for _ in range(rng.choice((0, 1, 1, 2)))]
    n_non_targets = rng.choice((0, 1, 1, 2)) if targets else 1
    day = -5
    for visit in range(rng.randint(1, 7)):
        here = (subject, "r1", f"week {visit}" if visit else "baseline", on(day))
        for number, is_node in enumerate(targets):
            words = ["measured"] * 5 + ["absent"] * 4 + ["too_small", "not_evaluable"]
            state = rng.choice(words) if visit else "measured"
            size = rng.choice(SIZES) if visit else rng.choice((16, 20, 30))
            rows.append((*here, f"T{number}", "target", is_node, state, size if state == "measured" else ""))
        for number in range(n_non_targets):
            state = (
                rng.choice(("present", "absent", "absent", "not_evaluable", "unequivocal_pd")) if visit else "present"
            )
            rows.append((*here, f"NT{number}", "non_target", False, state, ""))
        if visit and rng.random() < 0.15:
            rows.append((*here, "N1", "new", False, rng.choice(("unequivocal", "equivocal")), ""))
        day = max(day, 0) + rng.choice(GAPS)
    return rows


def write_dates(rng: random.Random, subject: str) -> dict[str, str]:
    dates = {"subject": subject, "start_date": on(0)}
    for name in ("new_therapy", "death", "cutoff", "clinical_progression"):
        if rng.random() < 0.25:
            dates[f"{name}_date"] = on(rng.randint(1, 300))
    return dates


def without_unseen(responses: pd.DataFrame) -> set[str]:
    """Leave out who has less than CR after a CR because others were not evaluated: from words it looks like disease."""
    word = responses["overall_response"].astype(str).str.removeprefix("i")
    had_cr = (word == "CR").groupby(responses["subject"]).cumsum() > 0
    is_less = word.isin(["PR", "SD", "NON-CR/NON-PD", "NON-CR/NON-iUPD"])
    return set(responses["subject"]) - set(responses["subject"][had_cr & is_less])


@pytest.mark.parametrize("criteria", ["recist-1.1", "irecist"])
@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: ", ".join(options) or "defaults")
def test_best_responses_and_endpoints_of_lesions_are_those_of_their_overall_responses(
    options: dict[str, object], criteria: str
) -> None:
    rng = random.Random(f"{options} {criteria}")  # noqa: S311  # the same courses every time
    names = [f"S{number:03}" for number in range(N_SUBJECTS)]
    rows = pd.DataFrame([row for name in names for row in write_subject(rng, name)], columns=COLUMNS)
    people = pd.DataFrame([write_dates(rng, name) for name in names])
    scored = score(rows, subjects=people, criteria=criteria, options=options)
    given = ["subject", "reader", "timepoint", "date", "overall_response"]
    visits = pd.concat(
        [
            scored.responses[given],
            scored.baselines[given[:-1]].assign(overall_response=""),
        ]  # a baseline has no response
    )
    told = best(visits.astype(object), subjects=people, criteria=criteria, options=options).best_responses
    asked = ["subject", *told.columns.drop(["subject"])]
    expected = scored.best_responses[asked]
    if criteria == "recist-1.1" and options.get("post_cr", "pd") == "pd":
        kept = without_unseen(scored.responses)
        assert len(kept) > N_SUBJECTS / 2
        told, expected = (table[table["subject"].isin(kept)] for table in (told, expected))
    pd.testing.assert_frame_equal(
        told[asked].reset_index(drop=True), expected.reset_index(drop=True), check_dtype=False, check_categorical=False
    )
