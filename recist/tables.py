"""The interchange tables: their columns, and reading, checking and writing them.

CSV or Parquet; UTF-8; ISO dates; decimal point; an empty cell means *not given*. Columns a table does not know pass
through untouched, as text. After reading, text is ``str`` (empty when not given), dates are ``datetime64[ns]`` (NaT),
numbers ``float64`` (NaN), flags the nullable ``boolean`` (NA); every column of the table is there, in the table's
order, whether the file had it or not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from recist.cell_faults import to_problems
from recist.columns import (
    Column,
    as_text,
    date,
    empty_column,
    flag,
    number,
    parse_column,
    text,
)
from recist.csv_text import read_csv
from recist.errors import DataError
from recist.header import check_header, find_repeated_headers, repeated_header
from recist.iso_dates import PartialDates
from recist.outputs import whole_file
from recist.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from recist.columns import Values

FIRST_DATA_ROW = 2  # in a file, the header is row 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table by name, with its columns."""

    name: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def requiring(self, name: str) -> Table:
        """Make the same table with one more column that must be filled in."""
        columns = tuple(replace(column, required=column.required or column.name == name) for column in self.columns)
        return replace(self, columns=columns)


LESION_ROLES = ("target", "non_target", "new")
ROLES = (*LESION_ROLES, "marker")
STATES = (
    *("measured", "absent", "too_small", "not_evaluable", "not_done"),
    *("present", "unequivocal_pd", "unequivocal", "equivocal", "increased", "normal", "abnormal"),
)
RECIST_RESPONSES = ("CR", "PR", "SD", "PD", "NE", "NON-CR/NON-PD", "NED", "ND")
OVERALL_RESPONSES = (*RECIST_RESPONSES, "iCR", "iPR", "iSD", "iUPD", "iCPD", "NON-iCR/NON-iUPD")
SOURCES = ("image", "report")
MODALITIES = ("ct", "mri", "pet", "xray", "clinical", "ultrasound")
KINDS = ("bone_soft_tissue", "bone_blastic", "cystic", "irradiated", "irradiated_progressed")
TREATMENTS = ("resected", "irradiated", "ablated")

MEASUREMENTS = Table(
    name="measurements",
    columns=(
        text("subject", required=True),
        text("reader"),
        text("timepoint", must_exist=True),
        date("date", required=True),
        text("lesion", required=True),
        text("role", *ROLES, required=True),
        text("site"),
        flag("nodal"),
        text("state", *STATES),
        number("diameter_mm", minimum=0),
        number("long_axis_mm", minimum=0),
        number("short_axis_mm", minimum=0),
        number("slice_thickness_mm", minimum=0),
        text("covers"),
        text("part"),
        text("source", *SOURCES),
        text("reason"),
        number("mean_hu"),
        number("enhancing_mm", minimum=0),
        text("modality", *MODALITIES),
        text("kind", *KINDS),
        text("treated", *TREATMENTS),
        flag("new_symptoms"),
    ),
)
SUBJECTS = Table(
    name="subjects",
    columns=(
        text("subject", required=True),
        date("start_date"),
        date("new_therapy_date"),
        date("death_date"),
        date("last_contact_date"),
        date("cutoff_date"),
        date("clinical_progression_date"),
    ),
)
RESPONSES = Table(
    name="responses",
    columns=(
        text("subject", required=True),
        text("reader"),
        text("timepoint", required=True),
        date("date", required=True),
        number("n_targets", minimum=0),
        number("baseline_sum_mm", minimum=0),
        number("sum_mm", minimum=0),
        flag("sum_complete"),
        number("nadir_mm", minimum=0),
        number("change_from_baseline_pct"),
        number("change_from_nadir_pct"),
        number("change_from_nadir_mm"),
        text("target_response"),
        text("non_target_response"),
        text("new_lesion"),
        text("overall_response", *OVERALL_RESPONSES),
        flag("after_progression"),
        text("excluded"),
        text("reasons"),
        number("tgr_from_baseline_pct_per_month"),
    ),
)
BEST_RESPONSES = Table(
    name="best_responses",
    columns=(
        text("subject", required=True),
        text("reader"),
        text("best_response"),
        date("best_response_date"),
        text("confirmed_best_response"),
        date("confirmed_best_response_date"),
        date("first_response_date"),
        date("progression_date"),
        date("last_adequate_date"),
        number("duration_of_response_days", minimum=0),
        flag("duration_of_response_event"),
        number("pfs_days", minimum=0),
        flag("pfs_event"),
        text("pfs_reason"),
        date("pfs_date"),
        number("ttp_days", minimum=0),
        flag("ttp_event"),
        text("ttp_reason"),
        date("ttp_date"),
        text("duration_of_response_reason"),
        date("duration_of_response_date"),
        number("duration_of_sd_days", minimum=0),
        flag("duration_of_sd_event"),
        flag("clinical_benefit"),
        flag("assessed"),
        number("depth_of_response_pct"),
        number("early_tumour_shrinkage_pct"),
        number("tgr_3_months_pct_per_month"),
        number("tgr_before_start_pct_per_month"),
    ),
)
VISITS = Table(
    name="visits",
    columns=(
        text("subject", required=True),
        text("reader"),
        text("timepoint"),
        date("date", required=True),
        text("overall_response", *OVERALL_RESPONSES, required=True),
        date("start_date"),
    ),
)


def read_cells(path: Path) -> pd.DataFrame:
    """Read a table from CSV or Parquet as it stands: text from CSV, whatever types a Parquet file has.

    Raises
    ------
    DataError
        When the file is missing or cannot be read as a table at all.
    """
    if path.is_dir():
        raise DataError([_file_problem(path, "missing_file", "this is a folder; name a file, CSV or Parquet")])
    if not path.is_file():
        raise DataError([_file_problem(path, "missing_file", "there is no such file; check the path")])
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        return read_csv(path)
    except OSError as fault:
        message = "the file cannot be opened; check whether you may read it"
        raise DataError([_file_problem(path, "unreadable_file", message)]) from fault
    except ValueError as fault:  # the parsers' own exceptions are of this kind
        message = "the file cannot be read as a table; save it as CSV in UTF-8 or as Parquet"
        raise DataError([_file_problem(path, "unreadable_file", message)]) from fault


def read_table(path: Path, table: Table) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a table from CSV or Parquet and check every cell.

    Returns
    -------
    frame : pandas.DataFrame
        The table with typed columns; a cell that could not be understood is empty.
    problems : list of Problem
        Every fault, in the order of the rows.

    Raises
    ------
    DataError
        When the file is missing or cannot be read as a table at all.
    """
    return check_table(read_cells(path), table, file=path.name)


def _file_problem(path: Path, code: str, message: str) -> Problem:
    return Problem(code=code, file=path.name, message=message)


def check_table(
    frame: pd.DataFrame,
    table: Table,
    *,
    file: str | None = None,
    partial_dates: PartialDates = PartialDates.REFUSE,
    in_place: bool = False,
) -> tuple[pd.DataFrame, list[Problem]]:
    """Check a table in memory and give its columns their types.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text as read from a file, or columns that already have types.
    table : Table
    file : str, optional
        How problems name the table; its name by default.
    partial_dates : PartialDates
        What dates without day or month are: faults, or completed; every completed date is a warning.
    in_place : bool
        Whether the frame, its rows numbered from 0, may be used up: columns are taken over without copies, and what
        is not given takes no memory. The cells of the result cannot be written to then.

    Returns
    -------
    frame : pandas.DataFrame
        A new frame, columns in the table's order, then the others.
    problems : list of Problem
    """
    file = table.name if file is None else file
    frame = frame if in_place else frame.reset_index(drop=True)
    problems = check_header(frame, table.columns, file)
    frame = frame if frame.columns.is_unique else frame.loc[:, ~frame.columns.duplicated()]
    subjects = as_text(frame["subject"]) if "subject" in frame else pd.Series("", index=frame.index)
    headers = find_repeated_headers(frame, table.columns)
    problems += [repeated_header(file, row + FIRST_DATA_ROW) for row in headers]
    columns: dict[str, Values] = {}
    for column in table.columns:
        if column.name not in frame:
            columns[column.name] = empty_column(column, len(frame), writeable=not in_place)
            continue
        raw = frame[column.name]
        columns[column.name], faults = parse_column(raw, column, partial_dates)
        cells = [fault for fault in faults if fault.position not in headers]
        problems += to_problems(cells, (file, column.name), raw, subjects, first_line=FIRST_DATA_ROW)
    for name in frame.columns.difference(list(columns), sort=False):
        columns[str(name)] = frame[name].array
    problems.sort(key=lambda problem: problem.row or 0)
    return pd.DataFrame(columns, index=frame.index, copy=False), problems


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV or Parquet, by the ending of the path; it appears whole or not at all.

    Dates are written in ISO form, flags as ``true`` and ``false``, what is not given as an empty cell, and numbers
    so that reading gives the same number back.
    """
    with whole_file(path) as temporary:
        if path.suffix == ".parquet":
            frame.to_parquet(temporary, index=False)
            return
        written = frame.copy()
        for name in written.columns:
            if pd.api.types.is_bool_dtype(written[name]):
                words = {True: "true", False: "false"}
                written[name] = written[name].astype(object).map(words)
        written.to_csv(temporary, index=False, date_format="%Y-%m-%d", lineterminator="\n")
