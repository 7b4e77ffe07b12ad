"""Reading a cohort: what is refused, what is flagged, and that every fault is told at once."""

from pathlib import Path

import pandas as pd
import pytest

from recist.errors import DataError, MissingInput
from survival.cohort import read_cohort
from survival.options import ReportOptions, make_options, read_options

RIGHT = {
    "subject": ["A", "B", "C"],
    "os_days": [100, 200, 300],
    "os_event": [1, 0, 1],
    "imaging_response": ["PD", "SD", ""],
    "imaging_days": [80, 90, ""],
    "second_treatment_days": ["", 150, ""],
    "n_treatments": [1, 2, 1],
    "pfs_days": [80, 180, ""],
    "pfs_event": [1, 0, ""],
}


def _write(folder: Path, **changes: list[object]) -> Path:
    table = pd.DataFrame(RIGHT | changes)
    table.to_csv(folder / "cohort.csv", index=False)
    return folder / "cohort.csv"


def _codes(path: Path) -> set[tuple[str, str, int | None]]:
    with pytest.raises(DataError) as caught:
        read_cohort(path)
    return {(problem.code, problem.field, problem.row) for problem in caught.value.problems}


def test_a_right_cohort_is_read_with_numbers_and_empty_texts(tmp_path: Path) -> None:
    cohort = read_cohort(_write(tmp_path))

    assert cohort.frame["os_days"].tolist() == [100.0, 200.0, 300.0]
    assert cohort.frame["imaging_response"].tolist() == ["PD", "SD", ""]
    assert cohort.warnings == ()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"subject": ["A", "A", "C"]}, ("duplicate_subject", "subject", 3)),
        ({"subject": ["A", "", "C"]}, ("missing_value", "subject", 3)),
        (
            {"os_days": [-1, 200, 300]},
            ("negative_time", "os_days", 2),
        ),
        ({"os_days": ["x", 200, 300]}, ("not_a_number", "os_days", 2)),
        ({"os_event": [2, 0, 1]}, ("bad_event_code", "os_event", 2)),
        ({"os_event": ["yes", 0, 1]}, ("not_a_number", "os_event", 2)),
        ({"os_event": ["", 0, 1]}, ("missing_value", "os_event", 2)),
        ({"pfs_event": ["", 0, ""]}, ("missing_value", "pfs_event", 2)),
        ({"pfs_days": [80, 201, ""]}, ("after_end", "pfs_days", 3)),
        ({"imaging_response": ["pd", "SD", ""]}, ("unknown_response", "imaging_response", 2)),
        ({"imaging_days": ["", 90, ""]}, ("missing_value", "imaging_days", 2)),
        ({"imaging_days": [101, 90, ""]}, ("after_end", "imaging_days", 2)),
        ({"second_treatment_days": ["", 201, ""]}, ("after_end", "second_treatment_days", 3)),
        ({"n_treatments": [1, 1, 1]}, ("disagreement", "n_treatments", 3)),
    ],
)
def test_an_impossible_value_is_refused_with_its_row(
    changes: dict[str, list[object]], fault: tuple[str, str, int], tmp_path: Path
) -> None:
    assert fault in _codes(_write(tmp_path, **changes))


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    path = _write(tmp_path, os_event=[7, 0, 1], imaging_response=["??", "SD", ""])
    (tmp_path / "spans.csv").write_text(
        "subject,start_days,stop_days,event,second_treatment\nA,10,10,1,0\nZ,0,5,0,0\n", encoding="utf-8"
    )

    found = {code for code, _, _ in _codes(path)}

    assert {"bad_event_code", "unknown_response", "bad_span", "unknown_subject", "missing_spans"} <= found


def test_missing_columns_are_named(tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text("subject\nA\n", encoding="utf-8")

    assert _codes(tmp_path / "cohort.csv") == {
        ("missing_column", "os_days", None),
        ("missing_column", "os_event", None),
    }


def test_overlapping_spans_are_refused(tmp_path: Path) -> None:
    path = _write(tmp_path)
    (tmp_path / "spans.csv").write_text(
        "subject,start_days,stop_days,event,second_treatment\nA,0,100,1,0\nB,0,160,0,0\nB,150,200,0,1\nC,0,300,1,0\n",
        encoding="utf-8",
    )

    assert ("overlap", "start_days", 4) in _codes(path)


def test_a_flow_that_loses_a_patient_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path)
    (tmp_path / "flow.csv").write_text(
        "domain,step,kind,label,n\ncohort,0,box,all,5\ncohort,0,excluded,untreated,1\ncohort,1,box,treated,3\n",
        encoding="utf-8",
    )

    assert ("accounting", "n", None) in _codes(path)


def test_follow_up_of_0_days_is_kept_and_flagged(tmp_path: Path) -> None:
    path = _write(tmp_path, os_days=[100, 200, 0], os_event=[1, 0, 1])

    cohort = read_cohort(path)

    assert len(cohort.frame) == 3
    assert [(problem.code, problem.row) for problem in cohort.warnings] == [("zero_time", 4)]


def test_a_folder_without_a_cohort_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match="recist link"):
        read_cohort(tmp_path)


def test_unknown_settings_are_refused_with_the_valid_names(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[survival]\nlandmark = 90\nseed = -1\n", encoding="utf-8")

    with pytest.raises(DataError) as caught:
        read_options(path)

    problems = {problem.found: problem for problem in caught.value.problems}
    assert "landmark_days" in problems["landmark"].expected
    assert problems["-1"].code == "bad_setting"


def test_a_study_file_lends_its_name_and_its_other_tables_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(
        '[study]\nname = "Trial X"\n[windows]\nfirst = 1\n[survival]\nlandmark_days = 90\n', encoding="utf-8"
    )

    assert read_options(path) == make_options({"study": "Trial X", "landmark_days": 90})


def test_the_default_landmark_is_four_months() -> None:
    assert ReportOptions().landmark_days == round(4 * 30.4375)


def test_spans_may_come_from_elsewhere(tmp_path: Path) -> None:
    path = _write(tmp_path)
    elsewhere = tmp_path / "rows.csv"
    elsewhere.write_text(
        "subject,start_days,stop_days,event,second_treatment\nA,0,100,1,0\nB,0,150,0,0\nB,150,200,0,1\nC,0,300,1,0\n",
        encoding="utf-8",
    )

    cohort = read_cohort(path, spans=elsewhere)

    assert cohort.spans is not None
    assert cohort.spans["stop_days"].tolist() == [100.0, 150.0, 200.0, 300.0]
    assert [file.name for file in cohort.files] == ["cohort.csv", "rows.csv"]


def test_parquet_is_read_like_csv(tmp_path: Path) -> None:
    table = pd.read_csv(_write(tmp_path))
    table.to_parquet(tmp_path / "cohort.parquet")

    from_csv, from_parquet = (read_cohort(tmp_path / f"cohort.{kind}").frame for kind in ("csv", "parquet"))

    pd.testing.assert_frame_equal(from_csv, from_parquet)


def test_an_unknown_table_or_a_setting_outside_any_table_is_refused_with_the_valid_names(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("landmark_days = 100\n[surv]\nlandmark_days = 1\n[survival]\nsed = 1\n", encoding="utf-8")

    with pytest.raises(DataError) as caught:
        read_options(path)

    found = {problem.found: problem for problem in caught.value.problems}
    assert set(found) == {"landmark_days", "[surv]", "sed"}
    assert "[survival]" in found["[surv]"].expected
    assert "under [survival]" in found["landmark_days"].message


def test_a_study_file_shared_with_linking_and_scoring_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    tables = ("study", "tables", "windows", "rules", "response", "criteria")
    path.write_text("".join(f"[{name}]\n" for name in tables), encoding="utf-8")

    assert read_options(path) == ReportOptions()


@pytest.mark.parametrize("replicates", [99, 100_001, 1_000_000_000])
def test_a_number_of_bootstrap_replicates_without_end_is_refused(replicates: int) -> None:
    with pytest.raises(DataError, match="from 100 to 100,000"):
        make_options({"bootstrap": replicates})


@pytest.mark.parametrize("words", [("true", "false"), ("TRUE", "FALSE"), ("True", "False")])
def test_death_may_be_coded_true_and_false(words: tuple[str, str], tmp_path: Path) -> None:
    yes, no = words

    cohort = read_cohort(_write(tmp_path, os_event=[yes, no, yes]))

    assert cohort.frame["os_event"].tolist() == [1.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("codes", "code", "found"),
    [(["dead", "alive", "dead"], "not_a_number", "dead, alive"), ([2, 1, 2], "bad_event_code", "2")],
)
def test_a_wrong_coding_of_death_is_told_once_for_its_column(
    codes: list[object], code: str, found: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as caught:
        read_cohort(_write(tmp_path, os_event=codes))

    (problem,) = caught.value.problems
    assert (problem.code, problem.field, problem.row, problem.found) == (code, "os_event", 2, found)
    assert "more of 3 rows" in problem.message
    assert "0 or 1" in problem.expected
