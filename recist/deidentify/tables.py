"""De-identify outcome tables with the key that the images were de-identified with."""

from __future__ import annotations

import csv
import datetime
import re
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from recist.deidentify.key import identity_of
from recist.deidentify.texts import keep_label, keep_words
from recist.errors import DataError, UsageError
from recist.iso_dates import parse_day
from recist.problems import Problem
from recist.tables import FIRST_DATA_ROW, read_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from recist.deidentify.key import StudyKey

OLDEST_TOLD_YEARS = 90
FEWEST_CHARACTERS = 4
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:E-?\d+)?")
LOOKS_LIKE_A_DATE = re.compile(r"(?<!\d)(?:19|20)\d{2}[-./]?(?:0[1-9]|1[0-2])[-./]?(?:0[1-9]|[12]\d|3[01])(?!\d)")


class ColumnAction(StrEnum):
    """What is done with a column of a table."""

    SUBJECT = "subject"
    DATE = "date"
    UID = "uid"
    LABEL = "label"
    WORDS = "words"
    AGE = "age"
    KEEP = "keep"
    DROP = "drop"


@cache
def known_columns() -> dict[str, ColumnAction]:
    """Give what is done with the columns of the toolkit's own tables."""
    return _read_actions(files("recist.deidentify").joinpath("columns.csv").read_text(encoding="utf-8"), "columns.csv")


def read_columns(path: Path) -> dict[str, ColumnAction]:
    """Read what a study says of its own columns: a CSV with ``column`` and ``action``.

    Raises
    ------
    UsageError
        When it is none, or names an action that there is not.
    """
    try:
        return _read_actions(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"{path.name} cannot be read as text") from fault


def _read_actions(text: str, name: str) -> dict[str, ColumnAction]:
    actions = {}
    for row in csv.DictReader(text.splitlines()):
        column, action = row.get("column"), row.get("action")
        if not column or action not in set(ColumnAction):
            raise UsageError(
                f"{name}: each line names a column and what to do with it, one of {', '.join(ColumnAction)}; "
                f"found {action!r} for {column!r}"
            )
        actions[column] = ColumnAction(action)
    return actions


def deidentify_tables(
    paths: Sequence[Path], key: StudyKey, *, columns: Mapping[str, ColumnAction] | None = None, issuer: str = ""
) -> dict[str, pd.DataFrame]:
    """De-identify tables: subjects get the pseudonyms, and their dates the shift, that their images get.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        CSV or Parquet.
    key : StudyKey
    columns : mapping, optional
        What to do with columns that are not of the toolkit's own tables, or otherwise than there.
    issuer : str
        Who issued the patients' ids, where the images say so (IssuerOfPatientID).

    Returns
    -------
    dict
        File name to its table, all cells text.

    Raises
    ------
    DataError
        With every fault of every table: columns not known, dates that are none, rows without a subject, subjects
        in two spellings, and identities that would be left in a column that stays.
    """
    actions = {**known_columns(), **(columns or {})}
    problems: list[Problem] = []
    results: dict[str, pd.DataFrame] = {}
    subjects: dict[str, pd.Series[str]] = {}
    for path in paths:
        if path.name in results:
            raise UsageError(f"two tables are called {path.name}; give them different names")
        frame = read_cells(path).astype("string").fillna("")
        faults = list(_faults(path.name, frame, actions))
        problems += faults
        for name in frame.columns:
            if actions.get(name) is ColumnAction.SUBJECT:
                subjects[path.name] = frame[name]
        results[path.name] = frame if faults else _cleaned(frame, actions, key, issuer)
        if not faults:
            problems += _traces(path.name, frame, results[path.name], actions)
    problems += _spelling_faults(subjects)
    if problems:
        raise DataError(problems)
    return results


def _spelling_faults(subjects: Mapping[str, pd.Series[str]]) -> Iterator[Problem]:
    """Find subjects that differ in capitals or spaces alone: one patient would become two, with two calendars."""
    seen: dict[str, str] = {}
    for file, cells in subjects.items():
        for at, cell in enumerate(cells.str.strip()):
            if seen.setdefault("".join(cell.split()).casefold(), cell) != cell:
                yield Problem(
                    file=file,
                    row=at + FIRST_DATA_ROW,
                    field=str(cells.name),
                    code="two_spellings",
                    expected="one spelling of each subject, the one of PatientID in the images",
                    message="this subject is spelled otherwise in another row, and would become another patient",
                )


def _faults(file: str, frame: pd.DataFrame, actions: Mapping[str, ColumnAction]) -> Iterator[Problem]:
    subject = [name for name in frame.columns if actions.get(name) is ColumnAction.SUBJECT]
    unknown = [str(name) for name in frame.columns if name not in actions]
    if len(subject) != 1:
        yield Problem(
            file=file,
            field="subject",
            code="no_subject",
            found=", ".join(subject),
            expected="one column of subjects",
            message="a table must say whose each row is; name the column in the file of columns",
        )
    for name in unknown:
        yield Problem(
            file=file,
            field=name,
            code="unknown_column",
            expected=", ".join(ColumnAction),
            message="it is not known whether this column tells who somebody is; say in the file of columns what to do",
        )
    for name in subject:
        for at in frame.index[frame[name].str.strip() == ""]:
            yield Problem(
                file=file,
                row=int(at) + FIRST_DATA_ROW,
                field=name,
                code="no_subject",
                expected="a subject",
                message="this row has no subject, so its dates cannot be shifted; fill it in or remove the row",
            )
    for name in frame.columns:
        if actions.get(name) is ColumnAction.DATE:
            yield from _date_faults(file, name, frame[name])


def _date_faults(file: str, name: str, cells: pd.Series[str]) -> Iterator[Problem]:
    for at, cell in enumerate(cells.str.strip()):
        if cell and _parse(cell) is None:
            yield Problem(
                file=file,
                row=at + FIRST_DATA_ROW,
                field=name,
                code="not_a_date",
                expected="year-month-day",
                message="only a whole day of the calendar can be shifted; complete it, leave the cell "
                "empty, or drop the column in the file of columns",
            )


def _parse(cell: str) -> datetime.date | None:
    day = parse_day(cell[:10]) if cell[10:] in ("", "T00:00:00", " 00:00:00") else None
    return datetime.date.fromisoformat(day) if day else None


def _cleaned(frame: pd.DataFrame, actions: Mapping[str, ColumnAction], key: StudyKey, issuer: str) -> pd.DataFrame:
    subject = next(name for name in frame.columns if actions[name] is ColumnAction.SUBJECT)
    identities = [identity_of(cell, issuer) for cell in frame[subject]]
    result = frame[[name for name in frame.columns if actions[name] is not ColumnAction.DROP]].copy()
    for name in result.columns:
        action = actions[name]
        cells = [cell.strip() for cell in frame[name]]
        result[name] = [
            _clean_cell(cell, identity, action, key) if cell else ""
            for cell, identity in zip(cells, identities, strict=True)
        ]
    return result


def _clean_cell(cell: str, identity: str, action: ColumnAction, key: StudyKey) -> str:
    """Clean one cell that is not empty."""
    if action is ColumnAction.SUBJECT:
        return key.pseudonym(identity)
    if action is ColumnAction.DATE:
        day = _parse(cell)
        assert day is not None
        return key.shift(day, identity).isoformat()
    if action is ColumnAction.UID:
        return key.uid(cell)
    if action is ColumnAction.LABEL:
        return ";".join(keep_label(part, key) for part in cell.split(";"))
    if action is ColumnAction.WORDS:
        return keep_words(cell)
    if action is ColumnAction.AGE:
        return _cap_age(cell)
    return cell


def _cap_age(cell: str) -> str:
    """Give an age, of 90 years at most: higher ones tell who somebody is."""
    try:
        return str(OLDEST_TOLD_YEARS) if float(cell) >= OLDEST_TOLD_YEARS else cell
    except ValueError:
        return ""


def _traces(
    file: str, before: pd.DataFrame, after: pd.DataFrame, actions: Mapping[str, ColumnAction]
) -> Iterator[Problem]:
    """Find ids of subjects, and dates, in columns that stay as they are."""
    subject = next(name for name in before.columns if actions[name] is ColumnAction.SUBJECT)
    ids = {cell.strip().upper() for cell in before[subject]}
    long_ids = [re.escape(one) for one in ids if len(one) >= FEWEST_CHARACTERS]
    names = re.compile("|".join(sorted(long_ids, key=len, reverse=True))) if long_ids else None
    if names is not None and names.search(file.upper()):
        yield Problem(
            field="file", code="identity_left", message="a table's name holds a subject's id; rename the file"
        )
    for name in after.columns:
        if actions[name] is not ColumnAction.KEEP:
            continue
        for at, cell in enumerate(after[name].str.upper()):
            has_id = names is not None and not NUMBER.fullmatch(cell) and names.search(cell)
            if has_id or LOOKS_LIKE_A_DATE.search(cell):
                yield Problem(
                    file=file,
                    row=at + FIRST_DATA_ROW,
                    field=str(name),
                    code="identity_left",
                    message="a subject's id or a date stands in a column that stays; choose another action for it",
                )
