"""What stands beside a cohort: reads, treatments and how the cohort was made."""

import json
from pathlib import Path

import pytest

from recist.errors import DataError
from survival.cohort import read_cohort

COHORT = "subject,os_days,os_event\nA,100,1\nB,200,0\n"
READS = (
    "subject,reader,source,timepoint,days,sum_mm,change_from_baseline_pct,overall_response,used\n"
    "B,r1,image,followup-1,91,40.5,-12.5,SD,true\n"
    "A,r1,report,followup-1,80,,,PD,true\n"
)


def _write(folder: Path, **files: str) -> Path:
    (folder / "cohort.csv").write_text(COHORT, encoding="utf-8")
    for name, text in files.items():
        (folder / name.replace("_json", ".json").replace("_csv", ".csv")).write_text(text, encoding="utf-8")
    return folder


def test_a_cohort_without_companions_is_read(tmp_path: Path) -> None:
    cohort = read_cohort(_write(tmp_path))

    assert (cohort.reads, cohort.treatments, cohort.provenance) == (None, None, None)


def test_reads_are_read_with_numbers_in_the_order_of_days_and_columns_not_given_empty(tmp_path: Path) -> None:
    cohort = read_cohort(_write(tmp_path, reads_csv=READS))

    assert cohort.reads is not None
    assert cohort.reads["subject"].tolist() == ["A", "B"]
    assert cohort.reads["change_from_baseline_pct"].isna().tolist() == [True, False]
    assert cohort.reads["sum_mm"].tolist()[1] == 40.5
    assert cohort.reads["new_lesion"].tolist() == ["", ""]
    assert cohort.reads["nadir_mm"].isna().all()
    assert [file.name for file in cohort.files] == ["cohort.csv", "reads.csv"]


def test_treatments_and_provenance_are_read(tmp_path: Path) -> None:
    steps = {"steps": [{"step": "link", "options": {"first": 42}, "inputs": [{"file": "a.csv", "sha256": "00"}]}]}
    treatments = "subject,treatment_number,treatment,days,activity_mci\nA,1,131I-MIBG,0,400\n"

    cohort = read_cohort(_write(tmp_path, treatments_csv=treatments, provenance_json=json.dumps(steps)))

    assert cohort.treatments is not None
    assert cohort.treatments.to_dict("records") == [
        {"subject": "A", "treatment_number": 1.0, "treatment": "131I-MIBG", "days": 0.0, "activity_mci": 400.0}
    ]
    assert cohort.provenance == steps


def test_reads_of_strangers_are_left_out_with_a_warning(tmp_path: Path) -> None:
    cohort = read_cohort(_write(tmp_path, reads_csv="subject,days\nA,80\nZ,90\n"))

    assert cohort.reads is not None
    assert cohort.reads["subject"].tolist() == ["A"]
    assert [problem.code for problem in cohort.warnings] == ["unknown_subject"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("reads_csv", "subject,sum_mm\nA,80\n", "missing_column"),
        ("reads_csv", "subject,days,sum_mm\nA,80,x\n", "not_a_number"),
        ("reads_csv", "subject,days,sum_mm\nA,80,-1\n", "bad_value"),
        ("reads_csv", "subject,days,change_from_baseline_pct\nA,80,-101\n", "bad_value"),
        ("reads_csv", "subject,days\nA,\n", "bad_value"),
        ("treatments_csv", "subject,days\nA,80\n", "missing_column"),
        ("provenance_json", "{", "unreadable"),
        ("provenance_json", '{"steps": 1}', "unreadable"),
    ],
)
def test_a_companion_with_a_fault_is_refused(name: str, text: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_cohort(_write(tmp_path, **{name: text}))

    assert code in {problem.code for problem in caught.value.problems}


def test_progression_seen_before_the_last_scan_without_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text(
        "subject,os_days,os_event,pfs_lower_days,pfs_upper_days,imaging_change_pct\n"
        "A,100,1,80,70,\nB,200,0,80,,-100\nC,200,0,80,90,-100.5\n",
        encoding="utf-8",
    )

    with pytest.raises(DataError) as caught:
        read_cohort(tmp_path)

    assert {(problem.code, problem.row) for problem in caught.value.problems} == {
        ("bad_interval", 2),
        ("out_of_range", 4),
    }


def test_what_the_linking_warned_of_is_said_once_for_each_column_without_naming_anybody(tmp_path: Path) -> None:
    problems = (
        "file,row,subject,field,severity,code,found,expected,message\n"
        "subjects.csv,2,A,death_date,warning,partial_date,1998-03,YYYY-MM-DD,this date is not complete; its 15th\n"
        "subjects.csv,3,B,death_date,warning,partial_date,1999-04,YYYY-MM-DD,this date is not complete; its 15th\n"
        "labs.csv,7,B,upper_normal,warning,no_upper_normal,,a number,no upper normal\n"
    )
    warnings = [str(problem) for problem in read_cohort(_write(tmp_path, problems_csv=problems)).warnings]

    assert warnings == [
        (
            "subjects.csv, death_date: this date is not complete; its 15th "
            "(found '2 times; each with its row in problems.csv')"
        ),
        "labs.csv, upper_normal: no upper normal",
    ]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "no table \x00 at all"])
def test_a_file_of_the_name_that_is_something_else_warns_of_nothing(tmp_path: Path, text: str) -> None:
    assert read_cohort(_write(tmp_path, problems_csv=text)).warnings == ()
