"""The table of lesions: what every row gave to the sum of its visit."""

import pandas as pd
import pytest

from recist.response import score
from recist.tables import MEASUREMENTS

COLUMNS = [
    *("subject", "reader", "timepoint", "date", "lesion", "part", "role", "site", "nodal", "state"),
    *("diameter_mm", "counted_mm", "covers", "covered_by", "note"),
]


def rows_of(*lines: str) -> pd.DataFrame:
    """Write measurements of one subject: timepoint, day of 2024, lesion, role, state, mm, covers, part."""
    names = ("timepoint", "date", "lesion", "role", "state", "diameter_mm", "covers", "part")
    cells = [[cell.strip() for cell in line.split(",")] for line in lines]
    frame = pd.DataFrame([[*cell, *[""] * (len(names) - len(cell))] for cell in cells], columns=list(names))
    frame["date"] = "2024-" + frame["date"]
    return frame.assign(subject="S1", site="liver")


MERGED = (
    "baseline, 01-01, T1, target, measured, 30",
    "baseline, 01-01, T2, target, measured, 20",
    "baseline, 01-01, NT1, non_target, present, 12",
    "week 8, 02-26, T1, target, measured, 41, T2",
    "week 8, 02-26, T2, target, not_evaluable",
    "week 8, 02-26, NT1, non_target, present, 14",
    "week 16, 04-22, T1, target, measured, 12, , a",
    "week 16, 04-22, T1, target, measured, 9.5, , b",
    "week 16, 04-22, T2, target, too_small",
    "week 24, 06-17, T1, target, absent",
    "week 24, 06-17, T2, target, not_done",
    "week 24, 06-17, N1, new, unequivocal, 17",
)


@pytest.fixture
def lesions() -> pd.DataFrame:
    return score(rows_of(*MERGED)).lesions


def at(lesions: pd.DataFrame, timepoint: str, column: str) -> list[object]:
    cells = lesions.loc[lesions["timepoint"] == timepoint, column].astype(object)
    return [None if pd.isna(cell) else cell for cell in cells]


def test_every_row_is_there_in_the_order_given(lesions: pd.DataFrame) -> None:
    assert len(lesions) == len(MERGED)
    assert lesions.columns[: len(COLUMNS)].tolist() == COLUMNS
    assert lesions["lesion"].tolist() == [line.split(",")[2].strip() for line in MERGED]


def test_the_value_of_a_merged_mass_counts_once_and_names_both_lesions(lesions: pd.DataFrame) -> None:
    assert at(lesions, "week 8", "counted_mm") == [41.0, None, None]
    assert at(lesions, "week 8", "covers") == ["T2", None, None]
    assert at(lesions, "week 8", "covered_by") == [None, "T1", None]
    assert at(lesions, "week 8", "note") == ["merged", "covered|not_evaluated", None]


def test_fragments_count_each_and_a_lesion_too_small_counts_5_mm(lesions: pd.DataFrame) -> None:
    assert at(lesions, "week 16", "counted_mm") == [12.0, 9.5, 5.0]
    assert at(lesions, "week 16", "note") == ["fragment", "fragment", "default_size"]


def test_absent_counts_0_not_done_nothing_and_a_new_lesion_nothing(lesions: pd.DataFrame) -> None:
    assert at(lesions, "week 24", "counted_mm") == [0.0, None, None]
    assert at(lesions, "week 24", "note") == [None, "not_evaluated", None]


def test_a_node_counts_its_short_axis_and_the_reader_is_named() -> None:
    rows = rows_of("baseline, 01-01, T1, target, , ", "week 8, 02-26, T1, target, , ")
    rows = rows.assign(site="para-aortic lymph node", long_axis_mm=["30", "25"], short_axis_mm=["18.25", "16"])
    lesions = score(rows).lesions
    assert lesions["counted_mm"].tolist() == [18.25, 16.0]
    assert lesions["nodal"].tolist() == [True, True]
    assert lesions["reader"].tolist() == ["reader-1", "reader-1"]
    assert lesions["state"].tolist() == ["measured", "measured"]


def test_columns_that_the_program_does_not_know_pass_through_and_a_note_is_kept() -> None:
    rows = rows_of("baseline, 01-01, T1, target, measured, 30").assign(series_uid="1.2.3", note="seen twice")
    lesions = score(rows).lesions
    assert lesions["series_uid"].tolist() == ["1.2.3"]
    assert lesions["note_as_given"].tolist() == ["seen twice"]
    assert set(MEASUREMENTS.column_names) <= set(lesions.columns)


def test_rounding_on_entry_shows_in_what_was_counted() -> None:
    rows = rows_of("baseline, 01-01, T1, target, measured, 30.55")
    lesions = score(rows, options={"measurement_rounding": "0.1"}).lesions
    assert lesions["diameter_mm"].tolist() == [30.55]
    assert lesions["counted_mm"].tolist() == [30.6]


def test_the_lesions_add_up_to_the_sum_of_their_visit(lesions: pd.DataFrame) -> None:
    responses = score(rows_of(*MERGED)).responses
    added = lesions.groupby("timepoint", observed=True)["counted_mm"].sum()
    assert {name: added[name] for name in responses["timepoint"]} == {"week 8": 41.0, "week 16": 26.5, "week 24": 0.0}
    assert responses["sum_mm"].tolist() == [41.0, 26.5, 0.0]
