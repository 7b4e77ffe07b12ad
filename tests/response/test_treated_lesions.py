"""Lesions resected, irradiated or ablated during the study (EORTC RECIST FAQ): no longer part of the assessment."""

import pytest

from recist.response import score


def treated(rows, lesion: str, date: str, how: str = "resected", **cells: str):
    """Name a treatment in one row of a lesion, and change other cells of that row."""
    rows = rows.assign(treated="") if "treated" not in rows else rows.copy()
    where = (rows["lesion"] == lesion) & (rows["date"] == date)
    assert where.sum() == 1
    rows.loc[where, ["treated", *cells]] = [how, *cells.values()]
    return rows


DAY_56, DAY_112 = "2020-02-26", "2020-04-22"


@pytest.mark.parametrize("how", ["resected", "irradiated", "ablated"])
def test_a_treated_target_is_not_evaluable_from_then_on_whatever_its_later_rows_say(how, course) -> None:
    rows = course({"T1": [50, 40, 40], "T2": [50, 0, 10]})
    result = score(treated(rows, "T2", DAY_56, how, state="not_evaluable", diameter_mm=""))
    assert result.responses["overall_response"].tolist() == ["NE", "NE"]
    assert result.responses["sum_mm"].tolist() == [40, 40]
    assert result.responses["sum_complete"].tolist() == [False, False]


def test_a_resected_target_called_absent_is_no_complete_response(course) -> None:
    rows = treated(course({"T1": [50, "absent"], "T2": [50, "absent"]}), "T2", DAY_56)
    result = score(rows)
    assert result.responses["overall_response"].tolist() == ["NE"]
    found = result.problems[result.problems["code"] == "size_of_treated_lesion"]
    assert found[["row", "field", "found"]].to_numpy().tolist() == [[5, "state", "absent"]]


def test_a_size_after_the_treatment_is_reported_and_not_used(course) -> None:
    rows = treated(course({"T1": [50, 40, 40], "T2": [50, 20, 10]}), "T2", DAY_56)
    result = score(rows)
    found = result.problems[result.problems["code"] == "size_of_treated_lesion"]
    assert found[["row", "field", "found"]].to_numpy().tolist() == [[6, "diameter_mm", "20"], [7, "diameter_mm", "10"]]
    assert all("2020-02-26" in message for message in found["message"])
    assert "size_not_used" not in set(result.problems["code"])


def test_before_the_treatment_the_lesion_counts(course) -> None:
    rows = treated(course({"T1": [50, 30, 30], "T2": [50, 30, "not_evaluable"]}), "T2", DAY_112)
    result = score(rows)
    assert result.responses["overall_response"].tolist() == ["PR", "NE"]
    assert "size_of_treated_lesion" not in set(result.problems["code"])


def test_the_remaining_targets_may_still_show_progression(course) -> None:
    rows = treated(course({"T1": [50, 126], "T2": [50, "not_evaluable"]}), "T2", DAY_56)
    assert score(rows).responses["overall_response"].tolist() == ["PD"]  # 126 mm, 26 more than the nadir of 100


def test_no_row_is_asked_for_after_the_treatment(course) -> None:
    rows = treated(course({"T1": [50, 40, 40], "T2": [50, "not_evaluable", None]}), "T2", DAY_56)
    assert "target_without_row" not in set(score(rows).problems["code"])


def test_a_treated_row_needs_no_state(course) -> None:
    rows = treated(course({"T1": [50, 40], "T2": [50, "not_evaluable"]}), "T2", DAY_56, state="")
    assert score(rows).responses["overall_response"].tolist() == ["NE"]


def test_a_treated_non_target_lesion_is_not_evaluated(course) -> None:
    rows = course({"T1": [50, "absent"], "NT1": ["present", "absent"]})
    assert score(rows).responses["overall_response"].tolist() == ["CR"]
    result = score(treated(rows, "NT1", DAY_56))
    assert result.responses["non_target_response"].tolist() == ["NE"]
    assert result.responses["overall_response"].tolist() == ["PR"]  # RECIST 1.1 Table 1: CR of targets, others NE


def test_a_treated_new_lesion_stays_progression(course) -> None:
    rows = treated(course({"T1": [50, 50], "N1": [None, "unequivocal"]}), "N1", DAY_56, "irradiated")
    assert score(rows).responses["overall_response"].tolist() == ["PD"]


def test_a_treated_lesion_in_a_merged_mass_is_not_evaluated_by_it(course) -> None:
    rows = course({"T1": [50, 60], "T2": [50, None]}).assign(covers=["", "T2", ""])
    assert score(rows).responses["sum_complete"].tolist() == [True]
    table = course({"T1": [50, 60, 60], "T2": [50, "not_evaluable", None]})
    table = treated(table.assign(covers=["", "", "T2", "", ""]), "T2", DAY_56)
    assert score(table).responses["overall_response"].tolist() == ["NE", "NE"]


def test_a_treatment_at_baseline_is_reported(course) -> None:
    rows = treated(course({"T1": [50, 50]}), "T1", "2020-01-01", "irradiated")
    result = score(rows)
    assert "treated_at_baseline" in set(result.problems["code"])
    assert result.responses["overall_response"].tolist() == ["NE"]
