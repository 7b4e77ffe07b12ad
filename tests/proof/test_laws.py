"""What must hold of every history, whatever the responses are."""

from __future__ import annotations

import datetime
from random import Random
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from second_reader.histories import draw_subject
from second_reader.lesion_courses import Row
from second_reader.lesion_rows import COLUMNS

import recist

if TYPE_CHECKING:
    from recist.response import Scored

History = dict[str, tuple[list[Row], Row]]
ORDER = ("CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE", "ND", "MISSING")
DATES = ("start_date", "new_therapy_date", "death_date", "cutoff_date", "clinical_progression_date")
N_HISTORIES = 300
STRICT: dict[str, object] = {"max_ne": 0}


def score(history: History, options: dict[str, object] | None = None) -> Scored:
    rows = pd.DataFrame([row for rows, _ in history.values() for row in rows], columns=list(COLUMNS))
    subjects = pd.DataFrame([dates for _, dates in history.values()], columns=["subject", *DATES]).fillna("")
    return recist.score(rows, subjects=subjects, options=options)


@pytest.fixture(scope="module")
def history() -> History:
    random = Random(7)  # noqa: S311  # a seed makes it repeatable
    return {f"S{number}": draw_subject(random, f"S{number}") for number in range(N_HISTORIES)}


def shift(text: str, days: int) -> str:
    return (datetime.date.fromisoformat(text) + datetime.timedelta(days=days)).isoformat() if text else ""


def without_dates(table: pd.DataFrame) -> pd.DataFrame:
    labels_are_dates = table["timepoint"].str[0].eq("2") if "timepoint" in table else None
    kept = table[[name for name in table.columns if not name.endswith("date")]].copy()
    if labels_are_dates is not None:
        kept.loc[labels_are_dates, "timepoint"] = ""
    return kept


@pytest.mark.parametrize("days", [1, 365, -1000])
def test_shifting_all_dates_shifts_all_answers(history: History, days: int) -> None:
    moved = {
        name: (
            [row | {"date": shift(row["date"], days)} for row in rows],
            {key: value if key == "subject" else shift(value, days) for key, value in dates.items()},
        )
        for name, (rows, dates) in history.items()
    }
    before, after = score(history), score(moved)
    for name in ("responses", "best_responses"):
        was, now = getattr(before, name), getattr(after, name)
        pd.testing.assert_frame_equal(without_dates(was), without_dates(now))
        for column in [column for column in was.columns if column.endswith("date")]:
            pd.testing.assert_series_equal(was[column] + pd.Timedelta(days=days), now[column])


def test_the_names_of_readers_do_not_matter(history: History) -> None:
    names = {"reader-1": "zoe", "reader-2": "adam"}
    renamed = {
        name: ([row | {"reader": names[row["reader"]]} for row in rows], dates)
        for name, (rows, dates) in history.items()
    }
    for name in ("responses", "best_responses"):
        was, now = getattr(score(history), name), getattr(score(renamed), name)
        was = was.assign(reader=was["reader"].map(names)).sort_values(["subject", "reader"], kind="stable")
        now = now.sort_values(["subject", "reader"], kind="stable")
        pd.testing.assert_frame_equal(was.reset_index(drop=True), now.reset_index(drop=True))


def test_an_unequivocal_new_lesion_is_progression_whatever_else_there_is(history: History) -> None:
    seen = {
        name: (
            [row if row["role"] != "new" else row | {"state": "unequivocal", "diameter_mm": ""} for row in rows],
            dates,
        )
        for name, (rows, dates) in history.items()
    }
    responses = score(seen).responses
    assert (responses.loc[responses["new_lesion"] == "unequivocal", "overall_response"] == "PD").all()
    assert (responses["new_lesion"] == "unequivocal").sum() > 100


def test_progression_on_a_sum_has_both_clauses_of_growth(history: History) -> None:
    responses = score(history).responses
    grown = responses[responses["target_response"] == "PD"]
    assert len(grown) > 100
    assert (grown["sum_mm"] - grown["nadir_mm"] > 5 - 1e-6).all()
    assert (grown["sum_mm"] > 1.2 * grown["nadir_mm"] - 1e-6).all()


def test_no_sum_goes_below_the_nadir_of_the_visits_before(history: History) -> None:
    responses = score(history).responses.dropna(subset=["nadir_mm"])
    for _, visits in responses.groupby(["subject", "reader"], sort=False):
        before_start = visits["excluded"].str.contains("not_after_start")
        complete = visits["sum_mm"].where(visits["sum_complete"].astype(bool) & ~before_start)
        lowest = complete.cummin().ffill().shift()
        assert not (visits["nadir_mm"] > lowest.fillna(float("inf")) + 1e-6).any()
        assert (visits["nadir_mm"] <= visits["baseline_sum_mm"] + 1e-6).all()


def not_evaluated_between(rows: list[Row]) -> list[Row]:
    """Add a visit on which no target could be evaluated, between the last two visits of each reader."""
    added = []
    for reader in sorted({row["reader"] for row in rows}):
        own = [row for row in rows if row["reader"] == reader]
        days = sorted({row["date"] for row in own})
        if len(days) > 2 and days[-1] > shift(days[-2], 1) > shift(days[0], 5):
            added += [
                row | {"timepoint": "visit 99", "date": shift(days[-2], 1), "state": "not_evaluable", "covers": ""}
                for row in own
                if row["date"] == days[0] and row["timepoint"] and row["role"] in {"target", "non_target"}
            ]
    return [row | {"diameter_mm": "", "long_axis_mm": "", "short_axis_mm": "", "treated": ""} for row in added]


def test_a_visit_that_cannot_be_evaluated_never_improves_the_confirmed_best_response(history: History) -> None:
    labelled = {
        name: one for name, one in history.items() if not any(row["timepoint"] in {"", "early scan"} for row in one[0])
    }
    blinded = {name: (rows + not_evaluated_between(rows), dates) for name, (rows, dates) in labelled.items()}
    before = score(labelled, STRICT).best_responses["confirmed_best_response"].map(ORDER.index)
    after = score(blinded, STRICT).best_responses["confirmed_best_response"].map(ORDER.index)
    improved = before > after
    assert not (improved & (before < ORDER.index("NE"))).any()


def test_a_later_start_of_new_therapy_never_takes_a_response_away(history: History) -> None:
    late = {name: (rows, dates | {"new_therapy_date": ""}) for name, (rows, dates) in history.items()}
    before = score(history).best_responses["best_response"].map(ORDER.index)
    after = score(late).best_responses["best_response"].map(ORDER.index)
    assert (after <= before).all()


def test_two_censoring_presets_differ_only_in_who_is_censored(history: History) -> None:
    fda = score(history, {"censoring": "fda", "visit_interval_days": 56}).best_responses
    ema = score(history, {"censoring": "ema", "visit_interval_days": 56}).best_responses
    known = fda["pfs_event"].notna()
    fda, ema = fda[known], ema[known]
    events = fda["pfs_event"].astype(bool)
    assert ema.loc[events, "pfs_event"].all()
    assert (fda.loc[events, "pfs_days"] == ema.loc[events, "pfs_days"]).all()
    assert (fda["pfs_days"] <= ema["pfs_days"]).all()
