"""Bad start-stop rows: what cannot have happened to one patient stops the report."""

from pathlib import Path

import pytest

from recist.errors import DataError
from survival.cohort import read_cohort

COHORT = "subject,os_days,os_event\nA,100,1\nB,200,0\nC,0,1\n"
HEADER = "subject,start_days,stop_days,event,second_treatment\n"
RIGHT = "A,0,100,1,0\nB,0,150,0,0\nB,150,200,0,1\nC,0,0.5,1,0\n"

STOPS = {
    "a start after the stop": (RIGHT.replace("B,150,200", "B,210,200"), "bad_span", 4),
    "a start on the stop": (RIGHT.replace("A,0,100", "A,100,100"), "bad_span", 2),
    "a start before day 0": (RIGHT.replace("A,0,100", "A,-1,100"), "bad_span", 2),
    "an overlap": (RIGHT.replace("B,150,200", "B,140,200"), "overlap", 4),
    "a gap": (RIGHT.replace("B,150,200", "B,160,200"), "gap", 4),
    "an end before the last contact": (RIGHT.replace("B,150,200", "B,150,190"), "disagreement", None),
    "an event that the cohort does not have": (RIGHT.replace("200,0,1", "200,1,1"), "disagreement", None),
    "an event before the last row": (RIGHT.replace("B,0,150,0", "B,0,150,1"), "after_event", 3),
    "an event code of 2": (RIGHT.replace("100,1,0", "100,2,0"), "bad_event_code", 2),
    "a treatment that is taken back": (
        RIGHT.replace("B,0,150,0,0", "B,0,150,0,1").replace("200,0,1", "200,0,0"),
        "falls_back",
        4,
    ),
    "a stranger": (RIGHT + "Z,0,10,0,0\n", "unknown_subject", 6),
    "a patient without rows": (RIGHT.replace("A,0,100,1,0\n", ""), "missing_spans", None),
    "a word for a day": (RIGHT.replace("A,0,100", "A,start,100"), "not_a_number", 2),
}


def _write(folder: Path, spans: str) -> Path:
    (folder / "cohort.csv").write_text(COHORT, encoding="utf-8")
    (folder / "spans.csv").write_text(HEADER + spans, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("spans", "code", "row"), STOPS.values(), ids=STOPS.keys())
def test_impossible_rows_are_refused_with_their_line(spans: str, code: str, row: int | None, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_cohort(_write(tmp_path, spans))

    assert (code, row) in {(problem.code, problem.row) for problem in caught.value.problems}
    assert {problem.file for problem in caught.value.problems} == {"spans.csv"}


def test_who_left_on_day_0_has_half_a_day(tmp_path: Path) -> None:
    cohort = read_cohort(_write(tmp_path, RIGHT))

    assert cohort.spans is not None
    assert cohort.spans["stop_days"].tolist() == [100.0, 150.0, 200.0, 0.5]
    assert [problem.code for problem in cohort.warnings] == ["zero_time"]
