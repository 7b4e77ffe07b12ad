"""What is reported at baseline, of new nodes and of values that cover others (RECIST 1.1 §3.1, §4.2, §4.3.2)."""

from __future__ import annotations

import pandas as pd
import pytest

from recist.errors import DataError
from recist.response import score


def found(scored) -> list[tuple[object, str, str, str]]:
    table = scored.problems.query("code != 'slice_thickness_not_given'")
    return [(row.row, row.field, row.code, row.found) for row in table.itertuples()]


@pytest.mark.parametrize("state", ["absent", "not_evaluable", "not_done"])
def test_a_non_target_lesion_that_baseline_does_not_show_is_reported_once(state, scored) -> None:
    lesions = {"T1": [20, 20, 20], "NT1": [state, "absent", "present"]}
    assert found(scored(lesions)) == [(5, "state", "non_target_not_seen_at_baseline", state)]


def test_a_non_target_lesion_that_baseline_shows_is_not_reported(scored) -> None:
    lesions = {"T1": [20, 20], "NT1": ["present", "absent"], "NT2": [10, 10], "NT3": ["too_small", "absent"]}
    assert found(scored(lesions, nodes=["NT2"])) == []


@pytest.mark.parametrize(("size", "is_normal"), [(9.99, True), ("9.996", True), (10, False)])
def test_a_normal_node_recorded_as_non_target_is_reported(size, is_normal, course) -> None:
    rows = course({"T1": [20, 20], "NT1": [12, 12]}, nodes=["NT1"])
    rows.loc[2, "diameter_mm"] = str(size)
    expected = [(4, "diameter_mm", "normal_node_at_baseline", str(size))] if is_normal else []
    assert found(score(rows)) == expected


@pytest.mark.parametrize("state", ["not_done", None])
def test_a_marker_that_is_not_known_at_baseline_is_reported(state, scored) -> None:
    (fault,) = found(scored({"T1": [20, "absent"], "M1": [state, "abnormal"]}))
    assert fault[1:3] == ("state", "marker_without_baseline")
    assert found(scored({"T1": [20, "absent"], "M1": ["normal", "not_done"]})) == []


def test_a_target_too_small_at_baseline_is_reported_by_its_state(scored) -> None:
    assert found(scored({"T1": ["too_small", 8]})) == [(2, "diameter_mm", "target_not_measurable", "too_small")]


def test_lesions_merged_at_baseline_may_part_later(course) -> None:
    rows = course({"T1": [40, 15], "T2": [None, 12]}).assign(covers=["T2", "", ""])
    result = score(rows)
    assert found(result) == []
    assert result.responses["sum_mm"].tolist() == [27.0]  # 15 + 12 of 40: -32.5 %
    assert result.responses["overall_response"].tolist() == ["PR"]


@pytest.mark.parametrize(
    ("state", "field", "shown"),
    [(10, "diameter_mm", "10"), ("absent", "state", "absent"), ("too_small", "state", "too_small")],
)
def test_a_covered_lesion_with_a_finding_of_its_own_is_refused_by_what_it_says(state, field, shown, course) -> None:
    rows = course({"T1": [20, 34], "T2": [18, state]}).assign(covers=["", "T2", "", ""])
    with pytest.raises(DataError) as caught:
        score(rows)
    assert [(one.row, one.field, one.code, one.found) for one in caught.value.problems] == [
        (5, field, "covered_and_measured", shown)
    ]


def test_a_subject_without_dates_is_checked_like_any_other(course) -> None:
    rows = course({"T1": [20, "measured", 20]})
    people = pd.DataFrame([{"subject": "S7", "start_date": "2020-01-01"}])
    with pytest.raises(DataError) as caught:
        score(pd.concat([rows, rows.iloc[[2]]]), subjects=people)
    assert [(one.row, one.code) for one in caught.value.problems if one.file == "measurements"] == [
        (2, "subject_without_dates"),
        (3, "missing_diameter"),
        (5, "duplicate_row"),
    ]


def test_a_flag_is_shown_as_it_is_written(course) -> None:
    rows = course({"T1": [20, 20]}).assign(site="mediastinal lymph node")
    assert [fault[2:] for fault in found(score(rows))] == [("node_not_flagged", "false")] * 2


@pytest.mark.parametrize(
    ("value", "codes"),
    [("present", ["new_node_without_size"]), ("unequivocal", []), ("equivocal", []), (12, []), ("absent", [])],
)
def test_a_new_node_without_a_size_is_reported_unless_the_reader_says_how_sure_it_is(value, codes, scored) -> None:
    assert [fault[2] for fault in found(scored({"T1": [20, 20], "N1": [None, value]}, nodes=["N1"]))] == codes
