"""A study's own endpoints, responses, covariates and columns: checked names, codes and units, all faults at once."""

from pathlib import Path

import pytest

from recist.errors import DataError
from survival.cohort import read_cohort
from survival.covariates import Kind, derive_covariate, derive_terms
from survival.options import ReportOptions, make_options, read_options
from survival.settings.canonical import primary_endpoint

OS = {"key": "os", "name": "Overall survival", "time_column": "months", "event_column": "status"}
RESPONSE = {
    "key": "marker",
    "name": "Marker",
    "column": "ca125",
    "days_column": "ca125_day",
    "good": ["low"],
    "bad": [1],
}
TABLE = "id,months,status,ca125,ca125_day\nA,12,2,low,80\nB,24,1,1.0,91\nC,36,0,,\n"


def _faults(settings: dict[str, object]) -> dict[str, str]:
    with pytest.raises(DataError) as caught:
        make_options(settings)
    return {problem.field: str(problem) for problem in caught.value.problems}


def test_all_faults_of_all_tables_are_told_at_once_with_the_nearest_names() -> None:
    found = _faults(
        {
            "landmark_day": 90,
            "endpoint": [{"key": "OS", "name": "x", "event_code": [1], "unit": "weeks"}],
            "response": [{"key": "marker", "good": ["low"]}],
            "covariate": [{"colum": "age"}],
            "strata": "sex",
        }
    )

    assert "did you mean landmark_days?" in found["[survival] landmark_day"]
    assert "did you mean event_codes?" in found["[[survival.endpoint]] number 1, event_code"]
    assert "small letters" in found["[[survival.endpoint]] number 1, key"]
    assert '"months"' in found["[[survival.endpoint]] number 1, unit"]
    assert "must be given" in found["[[survival.response]] number 1, name"]
    assert "must be given" in found["[[survival.response]] number 1, bad"]
    assert "did you mean column?" in found["[[survival.covariate]] number 1, colum"]
    assert "a list of column names" in found["[survival] strata"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"endpoint": [OS, OS]}, "two tables have the same key"),
        ({"endpoint": [OS | {"event_codes": [0]}]}, "a code of os means two things"),
        ({"endpoint": [OS | {"competing_codes": [2]}]}, "the primary endpoint has competing events"),
        ({"primary": "dfs"}, "no endpoint has this key; did you mean pfs?"),
        ({"response": [RESPONSE | {"bad": ["low"]}]}, "is on two sides"),
        ({"response": [RESPONSE | {"responders": ["high"]}]}, "a code on no side"),
        ({"response": [RESPONSE | {"labels": {"hi": "High"}}]}, "a code on no side"),
        ({"columns": {"os_day": "t"}}, "did you mean os_days?"),
        ({"comparison": [{"column": "x", "known_days": "d", "good": [1]}]}, "one side only"),
        ({"covariate": [{"column": "a"}, {"column": "a"}]}, "describe the same column"),
    ],
)
def test_settings_that_do_not_agree_are_refused(settings: dict[str, object], words: str) -> None:
    assert words in " ".join(_faults(settings).values())


def test_months_and_codes_of_a_declared_endpoint_become_days_and_events(tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text(TABLE, encoding="utf-8")
    settings = make_options(
        {
            "columns": {"subject": "id"},
            "endpoint": [OS | {"unit": "months", "event_codes": [2], "censored_codes": [0, 1]}],
            "response": [RESPONSE],
        }
    )

    frame = read_cohort(tmp_path, options=settings).frame

    assert frame["os_days"].tolist() == [365.25, 730.5, 1095.75]
    assert frame["os_event"].tolist() == [1.0, 0.0, 0.0]
    assert frame["subject"].tolist() == ["A", "B", "C"]
    assert frame["marker_response"].tolist() == ["low", "1", ""]


def test_competing_codes_are_no_events_and_no_censoring(tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text(TABLE, encoding="utf-8")
    endpoints = [
        OS | {"event_codes": [1, 2]},
        {
            "key": "relapse",
            "name": "Relapse",
            "time_column": "months",
            "event_column": "status",
            "event_codes": [2],
            "competing_codes": [1],
        },
    ]

    frame = read_cohort(tmp_path, options=make_options({"columns": {"subject": "id"}, "endpoint": endpoints})).frame

    assert frame["relapse_code"].tolist() == [1.0, 2.0, 0.0]
    assert frame["relapse_event"].tolist() == [1.0, 0.0, 0.0]


def test_a_code_that_is_not_declared_stops_with_the_study_s_own_column(tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text(TABLE, encoding="utf-8")

    with pytest.raises(DataError) as caught:
        read_cohort(tmp_path, options=make_options({"columns": {"subject": "id"}, "endpoint": [OS]}))

    (problem,) = caught.value.problems
    assert (problem.code, problem.row, problem.field, problem.found) == ("bad_event_code", 2, "status", "2")
    assert problem.expected == "event 1; censored 0"


def test_a_column_that_the_table_does_not_have_is_told_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text(TABLE, encoding="utf-8")
    settings = {"columns": {"subject": "id"}, "endpoint": [OS | {"time_column": "month"}]}

    with pytest.raises(DataError, match="did you mean months") as caught:
        read_cohort(tmp_path, options=make_options(settings))

    assert {problem.field for problem in caught.value.problems} == {"month"}


def test_faults_of_renamed_columns_are_told_under_their_own_names(tmp_path: Path) -> None:
    text = TABLE.replace("A,12", "A,-12")
    (tmp_path / "cohort.csv").write_text(text, encoding="utf-8")
    settings = {"columns": {"subject": "id"}, "endpoint": [OS | {"event_codes": [1, 2]}]}

    with pytest.raises(DataError) as caught:
        read_cohort(tmp_path, options=make_options(settings))

    (problem,) = caught.value.problems
    assert (problem.field, problem.row, problem.subject) == ("months (os_days)", 2, "A")


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({}, "os"),
        ({"endpoint": [{"key": "dfs", "name": "Disease-free survival"}]}, "dfs"),
        ({"endpoint": [{"key": "dfs", "name": "Disease-free survival"}], "primary": "os"}, "os"),
        ({"endpoint": [{"key": "dfs", "name": "Disease-free survival"}], "columns": {"os_days": "t"}}, "os"),
    ],
)
def test_the_primary_endpoint_is_survival_unless_only_another_is_declared(
    settings: dict[str, object], key: str
) -> None:
    assert primary_endpoint(make_options(settings)).key == key


def test_numbers_can_be_categories_with_a_reference_and_names(tmp_path: Path) -> None:
    text = "subject,os_days,os_event,stage\nA,1,1,2\nB,2,1,2\nC,3,0,1\nD,4,1,3\n"
    (tmp_path / "cohort.csv").write_text(text, encoding="utf-8")
    options = make_options(
        {"covariate": [{"column": "stage", "kind": "category", "reference": "1", "levels": {"3": "advanced"}}]}
    )

    covariate = derive_covariate(read_cohort(tmp_path, options=options).frame, "stage", options.covariate)

    assert covariate is not None
    assert covariate.kind is Kind.CATEGORY
    assert covariate.levels[0] == "1"
    terms = {term.name: (term.label, term.reference) for term in derive_terms(covariate, covariate.text != "")}
    assert terms == {"stage[2]": ("Stage: 2", "1"), "stage[3]": ("Stage: advanced", "1")}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"reference": "IV"}, "has no such level"),
        ({"kind": "number"}, "are a category"),
        ({"spline": 3}, "is no number"),
    ],
)
def test_what_settings_say_of_a_column_must_be_true_of_its_values(
    entry: dict[str, object], words: str, tmp_path: Path
) -> None:
    (tmp_path / "cohort.csv").write_text("subject,os_days,os_event,stage\nA,1,1,I\nB,2,1,II\n", encoding="utf-8")
    options = make_options({"covariate": [{"column": "stage"} | entry]})

    with pytest.raises(DataError, match=words):
        derive_covariate(read_cohort(tmp_path).frame, "stage", options.covariate)


def test_the_settings_are_kept_as_they_were_written() -> None:
    settings: dict[str, object] = {"endpoint": [OS | {"unit": "months"}], "columns": {"subject": "id"}}

    kept = make_options(settings).as_dict()

    assert kept["endpoint"] == [OS | {"unit": "months"}]
    assert kept["columns"] == {"subject": "id"}
    assert kept["response"] == []


def test_a_settings_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes("\ufeff[survival]\nlandmark_days = 100\n".encode())

    assert read_options(path) == ReportOptions(landmark_days=100)
