"""Faults in measurements: each is named with its place, and all are found at once."""

import pandas as pd
import pytest

from recist.errors import DataError
from recist.response import score


def errors_of(rows: pd.DataFrame, **how: object) -> list[tuple[int | None, str, str]]:
    """Row, field and code of every error."""
    with pytest.raises(DataError) as caught:
        score(rows, **how)  # type: ignore[arg-type]  # passed on as it is
    return [(problem.row, problem.field, problem.code) for problem in caught.value.problems]


def warnings_of(rows: pd.DataFrame, **how: object) -> set[tuple[str, str]]:
    """Field and code of every warning, without the one about slice thickness."""
    problems = score(rows, **how).problems  # type: ignore[arg-type]  # passed on as it is
    assert set(problems["severity"]) <= {"warning"}
    return {(row.field, row.code) for row in problems.itertuples()} - {
        ("slice_thickness_mm", "slice_thickness_not_given")
    }


@pytest.fixture
def rows(course) -> pd.DataFrame:
    """Two targets and a non-target lesion, baseline and one follow-up; rows 2 to 7 of the file."""
    return course({"T1": [30, 25], "T2": [20, 15], "NT1": ["present", "present"]})


def change(rows: pd.DataFrame, row: int, **cells: object) -> pd.DataFrame:
    """Change cells of a row, counted as in the file."""
    changed = rows.copy()
    for name, value in cells.items():
        if name not in changed:
            changed[name] = ""
        changed.loc[row - 2, name] = value
    return changed


def test_sound_measurements_have_no_problems_but_unknown_slice_thickness(rows) -> None:
    assert warnings_of(rows) == set()
    assert warnings_of(rows.assign(slice_thickness_mm="5")) == set()
    assert len(score(rows.assign(slice_thickness_mm="5")).problems) == 0


@pytest.mark.parametrize("column", ["subject", "timepoint", "date", "lesion", "role"])
def test_a_missing_column_is_named(column, rows) -> None:
    assert errors_of(rows.drop(columns=column)) == [(1, column, "missing_column")]


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"date": "2020-02-30"}, "date", "wrong_date"),
        ({"date": "26/02/2020"}, "date", "wrong_date"),
        ({"date": ""}, "date", "empty_cell"),
        ({"diameter_mm": "-3"}, "diameter_mm", "number_too_small"),
        ({"diameter_mm": "12 mm"}, "diameter_mm", "wrong_number"),
        ({"role": "tumour"}, "role", "unknown_value"),
        ({"state": "gone"}, "state", "unknown_value"),
        ({"state": "present"}, "state", "state_not_for_role"),
        ({"diameter_mm": ""}, "diameter_mm", "missing_diameter"),
        ({"diameter_mm": "", "state": ""}, "state", "empty_state"),
        ({"state": "absent"}, "state", "absent_with_size"),
        ({"nodal": "maybe"}, "nodal", "wrong_flag"),
        ({"role": "non_target"}, "role", "role_changes"),
        ({"covers": "T9"}, "covers", "unknown_lesion"),
        ({"lesion": "T9"}, "lesion", "target_without_baseline"),
        ({"timepoint": "Baseline "}, "timepoint", "two_baselines"),
    ],
)
def test_a_faulty_cell_is_named_by_row_and_field(cells, field, code, rows) -> None:
    assert (3, field, code) in errors_of(change(rows, 3, **cells))


def test_all_faults_are_reported_at_once_in_the_order_of_the_file(course, rows) -> None:
    other = course({"T1": [30, 25], "T2": [20, 15]}, subject="S2")  # rows 8 to 11
    table = pd.concat([rows, other], ignore_index=True)
    table = change(table, 3, date="2020-13-01")
    table = change(table, 5, diameter_mm="-1")
    table = change(table, 9, state="present")
    table = change(table, 11, role="non_target")
    assert errors_of(table) == [
        (3, "date", "wrong_date"),
        (5, "diameter_mm", "number_too_small"),
        (9, "state", "state_not_for_role"),
        (11, "role", "role_changes"),
    ]


def test_states_and_sizes_of_a_subject_with_a_faulty_cell_are_checked_in_the_same_pass(rows) -> None:
    table = change(change(change(rows, 2, date="2020-13-01"), 3, state="present"), 5, state="absent")
    assert errors_of(table) == [
        (2, "date", "wrong_date"),
        (3, "state", "state_not_for_role"),
        (5, "state", "absent_with_size"),
    ]
    assert errors_of(change(rows, 3, state="present").rename(columns={"date": "day"})) == [
        (1, "date", "missing_column"),
        (3, "state", "state_not_for_role"),
    ]


def test_a_header_among_the_rows_is_one_error_and_is_not_scored(rows) -> None:
    header = pd.DataFrame([dict(zip(rows.columns, rows.columns, strict=True))])
    assert errors_of(pd.concat([rows, header, rows], ignore_index=True))[0] == (8, "", "repeated_header")


def test_words_of_a_category_that_no_row_has_do_no_harm(rows) -> None:
    words = pd.CategoricalDtype([*sorted(set(rows["role"])), "tumour"])
    assert warnings_of(rows.assign(role=rows["role"].astype(words))) == set()


def test_capitals_and_doubled_columns_are_named_with_the_columns_found(rows) -> None:
    assert errors_of(rows.rename(columns={"nodal": "Nodal"})) == [(1, "nodal", "wrong_column_name")]
    doubled = pd.concat([rows, rows[["diameter_mm"]]], axis="columns")
    assert errors_of(doubled) == [(1, "diameter_mm", "duplicate_column")]
    with pytest.raises(DataError, match="patient"):
        score(rows.rename(columns={"subject": "patient"}))


def test_a_duplicate_row_names_the_row_it_repeats(rows) -> None:
    with pytest.raises(DataError, match=r"row 8, subject S1, lesion: .*\(row 3\)"):
        score(pd.concat([rows, rows.iloc[[1]]], ignore_index=True))


def test_parts_of_a_split_lesion_are_no_duplicates(rows) -> None:
    table = change(pd.concat([rows, rows.iloc[[1]]], ignore_index=True), 8, part="b")
    assert warnings_of(table) == set()
    assert errors_of(pd.concat([table, table.iloc[[6]]], ignore_index=True)) == [(9, "lesion", "duplicate_row")]


def test_a_node_stays_a_node(rows) -> None:
    assert errors_of(change(rows, 2, nodal="true")) == [(3, "nodal", "nodal_changes")]


def test_a_flag_given_once_holds_for_the_whole_course(course) -> None:
    rows = course({"T1": [20, 8]}).assign(nodal=["true", ""])
    assert score(rows).responses["target_response"].tolist() == ["CR"]


def test_a_lesion_at_lymph_nodes_is_a_node_when_no_flag_is_given(course) -> None:
    rows = course({"T1": [20, 8]}).assign(nodal="", site="inguinal lymph node")
    assert score(rows).responses["target_response"].tolist() == ["CR"]
    assert ("nodal", "node_not_flagged") in warnings_of(rows.assign(nodal="false"))


def test_a_lesion_does_not_move_to_another_organ(rows) -> None:
    assert errors_of(change(change(rows, 2, site="liver"), 3, site="Lung")) == [(3, "site", "site_changes")]
    assert warnings_of(change(change(rows, 2, site="liver"), 3, site="hepatic segment 4")) == set()
    assert warnings_of(change(rows, 3, site="elsewhere")) == {("site", "site_changes")}
    assert warnings_of(change(rows, 3, site="")) == set()


def test_a_new_lesion_at_baseline_is_an_error(course) -> None:
    assert (3, "role", "new_at_baseline") in errors_of(course({"T1": [30], "N1": ["unequivocal"]}))


def test_a_non_target_lesion_that_baseline_does_not_know_is_a_warning(course) -> None:
    rows = course({"T1": [30, 30], "NT1": [None, "present"]})
    assert warnings_of(rows) == {("lesion", "non_target_without_baseline")}


def test_scans_of_a_baseline_far_apart_are_two_baselines(rows) -> None:
    assert errors_of(change(rows, 2, date="2019-12-01")) == [(2, "date", "two_baselines")]
    assert warnings_of(change(rows, 2, date="2019-12-20")) == set()  # 12 days: one time point


def test_scans_of_a_follow_up_far_apart_are_a_warning(rows) -> None:
    assert warnings_of(change(rows, 3, date="2020-02-01")) == {("date", "wide_time_point")}
    assert warnings_of(change(rows, 3, date="2020-02-01"), options={"tp_window_days": 30}) == set()


def test_a_visit_before_baseline_is_a_warning_and_is_not_scored(course) -> None:
    rows = course({"T1": [30, 20, 10]}, days=[0, -60, 60])
    result = score(rows)
    assert "before_baseline" in set(result.problems["code"])
    assert result.responses["sum_mm"].tolist() == [10]


class TestMergedLesions:
    """A value that covers other lesions."""

    def test_a_covered_lesion_has_no_size_of_its_own(self, rows) -> None:
        assert errors_of(change(rows, 3, covers="T2")) == [(5, "diameter_mm", "covered_and_measured")]
        assert warnings_of(change(change(rows, 3, covers="T2"), 5, state="not_evaluable", diameter_mm="")) == set()

    def test_only_a_target_covers_a_target(self, rows) -> None:
        assert (7, "covers", "target_covered_by_other") in errors_of(change(rows, 7, covers="T2"))


class TestChoiceOfTargets:
    """RECIST 1.1 §3.1, §4.2."""

    def test_more_than_five_targets(self, course) -> None:
        lesions = {f"T{number}": [30] for number in range(1, 7)}
        assert warnings_of(course(lesions)) == {("role", "too_many_targets")}
        assert errors_of(course(lesions), options={"target_limits": "error"}) == [(2, "role", "too_many_targets")]
        assert warnings_of(course(lesions), options={"max_targets": 6}) == set()

    @pytest.mark.parametrize(
        ("sites", "is_fault"),
        [
            (["left lung", "right lung", "lung"], True),
            (["liver", "liver segment 6", "hepatic"], True),
            (["left lung", "right lung", "liver"], False),
            (["", "", ""], False),
        ],
    )
    def test_more_than_two_targets_in_an_organ(self, sites, is_fault, course) -> None:
        rows = course({f"T{number}": [30] for number in range(1, 4)}).assign(site=sites)
        assert (("site", "too_many_targets_in_organ") in warnings_of(rows)) is is_fault

    @pytest.mark.parametrize(
        ("size", "thickness", "nodal", "is_fault"),
        [
            (10, "", "false", False),
            (9.96, "", "false", True),  # the unrounded value counts
            (9.999, "5", "false", True),
            (10, "5", "false", False),
            (15.9, "8", "false", True),  # two slices of 8 mm
            (16, "8", "false", False),
            (15, "5", "true", False),
            (14.9, "5", "true", True),
            (15.9, "8", "true", True),
        ],
    )
    def test_a_target_is_measurable(self, size, thickness, nodal, is_fault, course) -> None:
        rows = course({"T1": [size]}).assign(slice_thickness_mm=thickness, nodal=nodal)
        assert (("diameter_mm", "target_not_measurable") in warnings_of(rows)) is is_fault

    def test_thick_slices_do_not_raise_the_limit_of_nodes_by_option(self, course) -> None:
        rows = course({"T1": [15.9]}, nodes=["T1"]).assign(slice_thickness_mm="8")
        assert warnings_of(rows, options={"node_slice_rule": "off"}) == set()

    def test_a_node_of_10_to_15_mm_is_pathological_but_no_target(self, course) -> None:
        problems = score(course({"T1": [12]}, nodes=["T1"])).problems
        assert any("pathological" in message and "non-target" in message for message in problems["message"])

    def test_a_node_below_10_mm_is_no_disease(self, course) -> None:
        problems = score(course({"T1": [8]}, nodes=["T1"])).problems
        assert any("normal size" in message for message in problems["message"])


class TestSubjects:
    """The table of subjects beside the measurements."""

    @staticmethod
    def table(**cells: str) -> pd.DataFrame:
        return pd.DataFrame([{"subject": "S1", "start_date": "2020-01-05"} | cells])

    def test_a_baseline_after_the_start_is_refused(self, rows) -> None:
        assert errors_of(rows, subjects=self.table(start_date="2019-12-31")) == [(2, "date", "baseline_after_start")]
        assert warnings_of(rows, subjects=self.table(start_date="2020-01-01")) == set()

    def test_a_baseline_older_than_28_days_is_kept_and_flagged(self, rows) -> None:
        assert warnings_of(rows, subjects=self.table(start_date="2020-01-29")) == set()
        assert warnings_of(rows, subjects=self.table(start_date="2020-01-30")) == {("date", "old_baseline")}

    def test_measurements_of_a_subject_who_is_not_in_the_table_are_refused(self, rows) -> None:
        assert errors_of(rows, subjects=self.table(subject="S7")) == [(2, "subject", "subject_without_dates")]

    def test_a_subject_without_measurements_is_flagged(self, rows) -> None:
        subjects = pd.concat([self.table(), self.table(subject="S7")], ignore_index=True)
        assert ("subject", "subject_without_measurements") in warnings_of(rows, subjects=subjects)

    def test_a_subject_twice(self, rows) -> None:
        twice = pd.concat([self.table(), self.table()], ignore_index=True)
        assert errors_of(rows, subjects=twice) == [(3, "subject", "duplicate_subject")]

    def test_a_subject_without_start(self, rows) -> None:
        assert warnings_of(rows, subjects=self.table(start_date="")) == {("start_date", "no_start_date")}

    def test_a_scan_after_death(self, rows) -> None:
        assert warnings_of(rows, subjects=self.table(death_date="2020-02-01")) == {("date", "scan_after_death")}

    def test_a_wrong_date(self, rows) -> None:
        assert errors_of(rows, subjects=self.table(death_date="yesterday")) == [(2, "death_date", "wrong_date")]


def test_an_empty_table_is_an_error(rows) -> None:
    assert errors_of(rows.iloc[:0]) == [(None, "", "empty_table")]


def test_a_size_of_a_lesion_that_was_not_evaluated_is_not_used(rows) -> None:
    changed = change(rows, 3, state="not_evaluable")
    assert warnings_of(changed) == {("state", "size_not_used")}
    assert score(changed).responses["overall_response"].tolist() == ["NE"]


def test_messages_name_what_to_do_and_no_problem_is_without_a_sentence(course) -> None:
    rows = change(course({"T1": [8, 5], "T2": [30, 30]}, nodes=["T1"]), 3, state="absent")
    with pytest.raises(DataError) as caught:
        score(rows)
    for problem in caught.value.problems:
        assert problem.message
        assert problem.file == "measurements"
        assert problem.subject == "S1"
