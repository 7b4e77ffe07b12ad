"""Readings saved and reopened."""

import datetime as dt

import pandas as pd
import pytest

from recist.errors import DataError
from recist.tables import MEASUREMENTS, read_table
from viewer.caliper import Caliper
from viewer.lesions import Finding, Lesion, LesionRole, LesionState, Reading
from viewer.session import Session
from viewer.store import read_measurements, select_reading, write_reading

CALIPER = Caliper(
    long_start=(10.1, 20.2), long_end=(30.123456789012345, 40.4), short_start=(1 / 3, 5.5), short_end=(7.0, 8.0)
)
FOUND = Finding(
    lesion="T1",
    timepoint="baseline",
    state=LesionState.MEASURED,
    date=dt.date(2024, 1, 10),
    caliper=CALIPER,
    long_axis_mm=31.4,
    short_axis_mm=15.92,
    slice_thickness_mm=5.0,
    series_uid="1.2.3",
    sop_instance_uid="1.2.3.4",
    slice_index=7,
    extra=(("scanner", "A"),),
)
LESION = Lesion(id="T1", role=LesionRole.TARGET, site="liver")
READING = Reading(subject="P01", reader="anna", lesions=(LESION,), findings=(FOUND,))


@pytest.mark.parametrize("name", ["measurements.csv", "measurements.parquet"])
def test_a_reading_comes_back_exactly_as_it_was_saved(tmp_path, name):
    write_reading(READING, tmp_path / name)
    assert select_reading(read_measurements(tmp_path / name), subject="P01", reader="anna") == READING


def test_the_saved_table_is_a_table_of_measurements_without_problems(tmp_path):
    write_reading(READING, tmp_path / "m.csv")
    frame, problems = read_table(tmp_path / "m.csv", MEASUREMENTS)
    assert problems == []
    assert frame["diameter_mm"].tolist() == [31.4]
    row = frame.iloc[0]
    assert [row["x1"], row["y1"], row["x2"]] == ["20.2", "10.1", "40.4"]  # x is the column, y the row


def test_other_readers_and_subjects_are_left_as_they_are(tmp_path):
    table = tmp_path / "m.csv"
    table.write_text(
        "subject,reader,timepoint,date,lesion,role,state,diameter_mm,remark\n"
        "P01,ben,baseline,2024-01-10,T1,target,measured,33.3,hand made\n"
        "P02,anna,baseline,2024-01-11,T1,target,measured,12,\n"
    )
    write_reading(READING, table)
    frame = pd.read_csv(table, dtype=str, keep_default_na=False)
    assert frame[["subject", "reader", "diameter_mm", "remark"]].to_numpy().tolist()[:2] == [
        ["P01", "ben", "33.3", "hand made"],
        ["P02", "anna", "12.0", ""],
    ]
    assert len(frame) == 3


def test_a_reader_never_sees_the_findings_of_another(tmp_path):
    write_reading(READING, tmp_path / "m.csv")
    assert select_reading(read_measurements(tmp_path / "m.csv"), subject="P01", reader="ben").findings == ()


def test_a_diameter_from_a_report_stays_a_diameter_from_a_report(tmp_path):
    table = tmp_path / "m.csv"
    table.write_text(
        "subject,timepoint,date,lesion,role,state,diameter_mm,source,reason\n"
        "P01,baseline,2024-01-10,T1,target,measured,33,report,scan not sent\n"
    )
    reading = select_reading(read_measurements(table), subject="P01", reader="reader-1")
    write_reading(reading, table)
    row = pd.read_csv(table, dtype=str, keep_default_na=False).iloc[0]
    assert (row["diameter_mm"], row["source"], row["reason"], row["long_axis_mm"]) == (
        "33.0",
        "report",
        "scan not sent",
        "",
    )


def test_the_parts_of_a_split_lesion_stay_apart(tmp_path):
    table = tmp_path / "m.csv"
    table.write_text(
        "subject,timepoint,date,lesion,role,state,diameter_mm,part\n"
        "P01,baseline,2024-01-10,T1,target,measured,12,a\nP01,baseline,2024-01-10,T1,target,measured,11,b\n"
    )
    reading = select_reading(read_measurements(table), subject="P01", reader="reader-1")
    write_reading(reading, table)
    assert pd.read_csv(table)["part"].tolist() == ["a", "b"]


def test_a_table_with_a_fault_is_not_opened(tmp_path):
    (tmp_path / "m.csv").write_text("subject,timepoint\nP01,baseline\n")
    with pytest.raises(DataError, match="no such column"):
        read_measurements(tmp_path / "m.csv")


def test_a_reopened_reading_is_drawn_where_it_was(study, read_item, session, draw, lesions):
    draw(session, lesions["baseline"][0], site="liver")
    again = Session(reader="anna")
    again.open_study(study, session.state.table)
    again.show_series(*read_item())
    before, after = session.state.reading.findings[0], again.state.reading.findings[0]
    assert after == before
    assert again.state.reading.lesions == session.state.reading.lesions


def test_the_names_of_time_points_in_the_table_win(study, tmp_path):
    table = tmp_path / "m.csv"
    table.write_text("subject,timepoint,date,lesion,role\nP01,week 8,2024-03-06,T1,target\n")
    session = Session()
    session.open_study(study, table)
    assert [visit.timepoint for visit in session.state.visits] == ["baseline", "week 8"]


def test_what_the_viewer_does_not_draw_is_written_back_as_it_was_read(tmp_path) -> None:
    path = tmp_path / "measurements.csv"
    path.write_text(
        "subject,reader,timepoint,date,lesion,role,state,diameter_mm,mean_hu,modality,kind,treated\n"
        "S1,reader-1,baseline,2024-01-10,T1,target,measured,20,45.5,mri,cystic,\n"
        "S1,reader-1,week 8,2024-03-06,T1,target,not_evaluable,,,,,resected\n"
        "S1,reader-1,baseline,2024-01-10,CA125,marker,abnormal,,,,,\n",
        encoding="utf-8",
    )
    write_reading(select_reading(read_measurements(path), subject="S1", reader="reader-1"), path)
    rows = read_measurements(path).set_index(["lesion", "timepoint"])
    assert rows.loc[("T1", "baseline"), ["mean_hu", "modality", "kind"]].tolist() == [45.5, "mri", "cystic"]
    assert rows.loc[("T1", "week 8"), "treated"] == "resected"
    assert rows.loc[("CA125", "baseline"), ["role", "state"]].tolist() == ["marker", "abnormal"]


def test_rows_without_a_time_point_are_refused_because_their_visit_has_no_name(tmp_path) -> None:
    path = tmp_path / "measurements.csv"
    path.write_text("subject,timepoint,date,lesion,role\nS1,,2024-01-10,T1,target\n", encoding="utf-8")
    with pytest.raises(DataError, match="timepoint"):
        read_measurements(path)
