"""The tables under iRECIST: sums kept apart, RECIST 1.1 beside it, and the command."""

import datetime
import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from recist.cli.main import app
from recist.response import score

LIVER = dict.fromkeys(("N1", "N2", "N3"), "liver")


def test_new_lesions_have_a_sum_of_their_own(immune) -> None:
    table = immune({"T1": [50, 50, 50], "N1": [None, 20, 24.9], "N2": [None, 10, 10]}).responses
    assert table["sum_mm"].tolist() == [50, 50]
    assert table["new_lesion_sum_mm"].tolist() == [30, 34.9]
    assert table["overall_response"].tolist() == ["iUPD", "iUPD"]


def test_at_most_two_new_targets_an_organ_the_largest_first(immune) -> None:
    lesions = {"T1": [50] * 3, "N1": [None, 12, 12.1], "N2": [None, 30, 30], "N3": [None, 20, 20]}
    table = immune(lesions, sites=LIVER).responses
    assert table["new_lesion_sum_mm"].tolist() == [50, 50]
    assert table["overall_response"].tolist() == ["iUPD", "iCPD"]  # the third is a new non-target: any increase


def test_at_most_five_new_targets(immune) -> None:
    lesions = {"T1": [50] * 2} | {f"N{number}": [None, 10 + number] for number in range(1, 7)}
    table = immune(lesions).responses
    assert table["new_lesion_sum_mm"].tolist() == [12 + 13 + 14 + 15 + 16]


def test_a_new_lesion_without_a_size_now_leaves_no_sum(immune) -> None:
    table = immune({"T1": [50] * 3, "N1": [None, 20, "not_evaluable"]}).responses
    assert table["new_lesion_sum_mm"].iloc[0] == 20
    assert table["new_lesion_sum_mm"].isna().iloc[1]


@pytest.mark.parametrize(("size", "total"), [(14.9, None), (15, 15)])
def test_a_new_node_is_a_new_target_from_15_mm_on(immune, size, total) -> None:
    table = immune({"T1": [50] * 2, "N1": [None, 20], "N2": [None, size]}, nodes=["N2"]).responses
    assert table["new_lesion_sum_mm"].tolist() == [20 + (total or 0)]


def test_a_new_lesion_on_thick_slices_is_no_new_target(course) -> None:
    rows = course({"T1": [50, 50, 50], "N1": [None, 15, 15.1]}).assign(slice_thickness_mm="8")
    assert score(rows, criteria="irecist").responses["overall_response"].tolist() == ["iUPD", "iCPD"]


def test_recist_1_1_stands_beside_and_progresses_earlier(immune) -> None:
    result = immune({"T1": [100, 60, 75, 60, 80, 85]})
    table, best = result.responses, result.best_responses.iloc[0]
    assert table["overall_response"].tolist() == ["iPR", "iUPD", "iPR", "iUPD", "iCPD"]
    assert table["overall_response_recist_1_1"].tolist() == ["PR", "PD", "PR", "PD", "PD"]
    assert table["after_progression"].tolist() == [False] * 5
    assert table["after_progression_recist_1_1"].tolist() == [False, False, True, True, True]
    assert table["iupd_date"].dt.strftime("%m-%d").fillna("").tolist() == ["", "04-22", "", "08-12", "08-12"]
    assert table["change_from_iupd_mm"].fillna(-99).tolist() == [-99, -99, -15, -99, 5]
    days = {"progression_date": "2020-08-12", "progression_date_recist_1_1": "2020-04-22"}  # days 224 and 112
    assert {name: str(best[name].date()) for name in days} == days
    assert (best["pfs_days"], best["pfs_days_recist_1_1"]) == (225, 113)
    assert (best["duration_of_response_days"], best["duration_of_response_days_recist_1_1"]) == (169, 57)
    assert (best["best_response"], best["best_response_recist_1_1"]) == ("iPR", "PR")
    assert (best["confirmed_best_response"], best["confirmed_best_response_recist_1_1"]) == ("iSD", "SD")


def test_death_after_an_iupd_that_was_never_resolved_leaves_the_event_at_the_iupd(immune) -> None:
    people = pd.DataFrame({"subject": ["S1"], "start_date": ["2020-01-02"], "death_date": ["2020-06-01"]})
    best = immune({"T1": [100, 130]}, subjects=people).best_responses.iloc[0]
    assert (best["pfs_days"], best["pfs_reason"]) == (56, "progression")
    assert best["best_response"] == "iUPD"
    assert pd.isna(best["progression_confirmed_date"])


def test_visits_after_cut_off_confirm_nothing(immune) -> None:
    people = pd.DataFrame({"subject": ["S1"], "start_date": ["2020-01-02"], "cutoff_date": ["2020-03-01"]})
    result = immune({"T1": [100, 130, 140]}, subjects=people)
    assert result.responses["overall_response"].tolist() == ["iUPD", "iCPD"]
    assert result.best_responses["best_response"].tolist() == ["iUPD"]


def test_other_criteria_have_no_such_columns(course) -> None:
    scored = score(course({"T1": [100, 130]}))
    assert not [name for name in (*scored.responses, *scored.best_responses) if "recist_1_1" in name or "iupd" in name]


def test_the_command_scores_by_irecist(tmp_path, course) -> None:
    course({"T1": [100, 130, 135]}).to_csv(tmp_path / "m.csv", index=False)
    command = ["score", str(tmp_path / "m.csv"), "--criteria", "irecist", "-o", str(tmp_path / "out")]
    outcome = CliRunner().invoke(app, command, catch_exceptions=False)
    assert outcome.exit_code == 0
    responses = pd.read_csv(tmp_path / "out" / "responses.csv")
    assert responses["overall_response"].tolist() == ["iUPD", "iCPD"]
    best = (tmp_path / "out" / "best_responses.csv").read_text(encoding="utf-8")
    assert datetime.date(2020, 2, 26).isoformat() in best
    assert "57.0" not in best  # days are whole numbers
    assert json.loads((tmp_path / "out" / "options.json").read_text(encoding="utf-8"))["criteria"] == "irecist"


def test_a_size_on_pet_makes_no_new_target_and_enters_no_sum(course) -> None:
    rows = course({"T1": [50, 50, 50], "N1": [None, 20, 20]}).assign(modality="ct")
    on_pet = rows[rows["lesion"] == "N1"].assign(modality="pet", diameter_mm="30")
    baseline = on_pet.iloc[:1].assign(timepoint="baseline", date="2020-01-01", state="absent", diameter_mm="")
    both = score(pd.concat([rows, on_pet, baseline]), criteria="irecist").responses
    assert both["new_lesion_sum_mm"].tolist() == [20, 20]
    only = score(pd.concat([rows[rows["lesion"] == "T1"], on_pet, baseline]), criteria="irecist").responses
    assert only["new_lesion_sum_mm"].isna().all()
    assert only["overall_response"].tolist() == ["iUPD", "iUPD"]


def test_a_blastic_bone_lesion_is_a_new_non_target(course) -> None:
    rows = course({"T1": [50, 50, 50], "N1": [None, 20, 20.1]})
    rows["kind"] = rows["lesion"].map({"N1": "bone_blastic"}).fillna("")
    assert score(rows, criteria="irecist").responses["overall_response"].tolist() == ["iUPD", "iCPD"]
