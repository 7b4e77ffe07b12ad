"""Faults in what lesions are and how they were assessed: each once, with row, field, found and expected."""

import pandas as pd
import pytest

from recist.errors import DataError
from recist.response import score


def found_in(rows: pd.DataFrame, code: str, **how: object) -> list[tuple[object, ...]]:
    """Row, field, found and expected of the problems of one code, warnings or errors."""
    try:
        problems = score(rows.assign(slice_thickness_mm=rows.get("slice_thickness_mm", "1")), **how).problems
    except DataError as fault:
        return [(one.row, one.field, one.found, one.expected) for one in fault.problems if one.code == code]
    mine = problems[problems["code"] == code]
    assert all(mine["message"])
    return list(mine[["row", "field", "found", "expected"]].itertuples(index=False, name=None))


def baseline(course, size: object, **columns: object) -> pd.DataFrame:
    return course({"T1": [size]}).assign(**columns)


class TestMethods:
    """RECIST 1.1 §3.1.1 and §3.2.2."""

    @pytest.mark.parametrize(
        ("modality", "size", "thickness", "is_small"),
        [
            ("", 9.9, "5", True),
            ("ct", 10, "5", False),
            ("ct", 15, "8", True),  # two slices of 8 mm
            ("mri", 9.9, "5", True),
            ("mri", 15.9, "8", True),
            ("mri", 16, "8", False),
            ("xray", 19.9, "", True),
            ("xray", 20, "", False),
            ("clinical", 9.9, "", True),
            ("clinical", 10, "8", False),  # a caliper has no slices
        ],
    )
    def test_the_least_size_depends_on_the_method(self, modality, size, thickness, is_small, course) -> None:
        rows = baseline(course, size, modality=modality, slice_thickness_mm=thickness)
        assert bool(found_in(rows, "target_not_measurable")) is is_small
        assert found_in(rows, "modality_not_measurable") == []

    def test_the_limit_of_a_chest_x_ray_is_named(self, course) -> None:
        rows = baseline(course, 15, modality="xray")
        assert found_in(rows, "target_not_measurable") == [(2, "diameter_mm", "15", "at least 20 mm long axis")]

    @pytest.mark.parametrize("modality", ["pet", "ultrasound"])
    def test_pet_and_ultrasound_do_not_measure(self, modality, course) -> None:
        rows = baseline(course, 60, modality=modality)
        assert found_in(rows, "modality_not_measurable") == [(2, "modality", modality, "ct, mri, xray, clinical")]
        assert found_in(rows, "target_not_measurable") == []

    def test_a_lesion_assessed_by_another_method_than_before_is_reported_and_scored(self, course) -> None:
        rows = course({"T1": [50, 40, 30], "NT1": ["present", "present", "present"]})
        rows = rows.assign(modality=["mri", "", "mri", "ct", "ct", ""])
        assert found_in(rows, "modality_changes") == [(3, "modality", "ct", "mri")]
        assert score(rows).responses["overall_response"].tolist() == ["SD", "PR"]

    def test_a_method_that_is_not_known_is_an_error(self, course) -> None:
        assert found_in(baseline(course, 30, modality="CT scan"), "unknown_value") == [
            (2, "modality", "CT scan", "ct, mri, pet, xray, clinical, ultrasound")
        ]


class TestKinds:
    """RECIST 1.1 §3.1.2."""

    @pytest.mark.parametrize(
        ("kind", "code"),
        [
            ("bone_blastic", "kind_not_measurable"),
            ("irradiated", "kind_not_measurable"),
            ("cystic", "cystic_target"),
            ("bone_soft_tissue", None),
            ("irradiated_progressed", None),
            ("", None),
        ],
    )
    def test_what_speaks_against_a_target_of_a_kind(self, kind, code, course) -> None:
        rows = baseline(course, 30, kind=kind)
        for one in ("kind_not_measurable", "cystic_target"):
            assert len(found_in(rows, one)) == (one == code)

    def test_a_non_target_lesion_may_be_of_any_kind(self, course) -> None:
        rows = course({"T1": [30], "NT1": ["present"]}).assign(kind=["", "bone_blastic"])
        assert found_in(rows, "kind_not_measurable") == []


class TestMergedLesions:
    """RECIST 1.1 §4.3.2: one value that covers several lesions."""

    @staticmethod
    def mass(course, nodes: list[str], covers: str = "T2") -> pd.DataFrame:
        """Two targets of 20 mm that become one mass of 30 by 12 mm, given by its axes."""
        rows = course({"T1": [20, "measured"], "T2": [20, None]}, nodes=nodes)
        return rows.assign(
            covers=["", covers, ""],
            diameter_mm=["20", "", "20"],
            long_axis_mm=["", "30", ""],
            short_axis_mm=["", "12", ""],
        )

    @pytest.mark.parametrize(
        ("nodes", "mixed", "sum_mm"),
        [
            ([], "long", 30),
            ([], "short", 30),
            (["T1", "T2"], "long", 12),
            (["T1", "T2"], "short", 12),
            (["T1"], "long", 30),
            (["T2"], "long", 30),
            (["T1"], "short", 12),
            (["T2"], "short", 12),
        ],
    )
    def test_nodes_merge_by_their_short_axis_and_other_masses_by_the_option(self, nodes, mixed, sum_mm, course) -> None:
        result = score(self.mass(course, nodes), options={"merged_mixed": mixed})
        assert result.responses["sum_mm"].tolist() == [sum_mm]
        assert result.responses["sum_complete"].tolist() == [True]

    def test_the_diameter_as_scored_goes_before_the_axes(self, course) -> None:
        rows = self.mass(course, ["T1"]).assign(diameter_mm=["20", "25", "20"])
        assert score(rows).responses["sum_mm"].tolist() == [25]

    def test_a_lesion_covered_by_two_values_is_an_error(self, course) -> None:
        rows = course({"T1": [20, 20], "T2": [20, 20], "T3": [20, None]}).assign(covers=["", "T3", "", "T3", ""])
        assert found_in(rows, "covered_twice") == [(5, "covers", "T3", "every lesion once")]

    def test_a_name_given_twice_or_a_last_semicolon_does_no_harm(self, course) -> None:
        rows = self.mass(course, [], "T2; ;T2;")
        assert found_in(rows, "covered_twice") == []
        assert found_in(rows, "unknown_lesion") == []
        assert score(rows).responses["sum_complete"].tolist() == [True]


class TestDefaultSize:
    """RECIST 1.1 §4.3.2: 5 mm, whatever the slices."""

    @pytest.mark.parametrize(
        ("size", "thickness", "code"),
        [
            ("8", "8", "too_small_scaled"),
            ("16", "8", "too_small_scaled"),
            ("7", "5", "too_small_with_size"),
            ("7", "", "too_small_with_size"),
            ("5", "5", None),
            ("3", "3", None),
        ],
    )
    def test_a_default_that_grew_with_the_slices_is_reported_once(self, size, thickness, code, course) -> None:
        rows = course({"T1": [20, "too_small"]}).assign(diameter_mm=["20", size], slice_thickness_mm=["5", thickness])
        reported = [one for one in ("too_small_scaled", "too_small_with_size") if found_in(rows, one)]
        assert reported == ([code] if code else [])


class TestMarkers:
    """RECIST 1.1 §4.3.3."""

    def test_a_marker_has_no_size(self, course) -> None:
        rows = course({"T1": [30], "NT1": ["normal"]})
        rows = rows.assign(role=["target", "marker"], diameter_mm=["30", "12"])
        assert [row[0] for row in found_in(rows, "marker_with_size")] == [3]

    def test_a_marker_is_normal_or_abnormal_and_never_present(self, course) -> None:
        rows = course({"T1": [30], "NT1": ["present"]}).assign(role=["target", "marker"])
        assert found_in(rows, "state_not_for_role") == [
            (3, "state", "present", "normal, abnormal, not_evaluable, not_done")
        ]


class TestIncreased:
    """Growth that is not unequivocal decides nothing in RECIST 1.1."""

    def test_an_increased_non_target_lesion_is_present(self, responses) -> None:
        course = {"T1": [30, "absent"], "NT1": ["present", "increased"]}
        assert responses(course, "non_target_response") == ["NON-CR/NON-PD"]
        assert responses(course) == ["PR"]

    def test_an_increased_new_lesion_is_seen(self, responses) -> None:
        assert responses({"T1": [30, 30], "N1": [None, "increased"]}, "new_lesion") == ["unequivocal"]

    def test_a_target_is_measured_and_not_called_increased(self, course) -> None:
        assert [row[0] for row in found_in(course({"T1": [30, "increased"]}), "state_not_for_role")] == [3]


def test_clinical_progression_before_the_start_is_an_error(course) -> None:
    subjects = pd.DataFrame([{"subject": "S1", "start_date": "2020-01-05", "clinical_progression_date": "2020-01-04"}])
    assert found_in(course({"T1": [30, 30]}), "date_before_start", subjects=subjects) == [
        (2, "clinical_progression_date", "2020-01-04", "no earlier than 2020-01-05")
    ]


def test_two_time_points_on_one_date_are_refused_by_option(course) -> None:
    rows = course({"T1": [30, 30, 30]}, days=[0, 56, 56]).assign(timepoint=["baseline", "week 8", "unscheduled"])
    with pytest.raises(DataError, match="same_date"):
        score(rows, options={"same_date": "error"})
    assert [row[0] for row in found_in(rows, "same_date")] != []
