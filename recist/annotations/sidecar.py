"""The sidecar table: what a person adds to measurements that other programs wrote.

Its columns are of two kinds. By some a row finds its measurements, and all that are filled in must fit; the others say
what those measurements are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from recist.annotations.finding import DateSource
from recist.columns import date, flag, text
from recist.problems import Problem, Severity, require_no_errors
from recist.tables import FIRST_DATA_ROW, LESION_ROLES, STATES, Table, read_table

if TYPE_CHECKING:
    from pathlib import Path

    from recist.annotations.finding import Finding

Row = dict[str, object]

KEYS = ("file", "row", "patient_id", "study_uid", "series_uid", "sop_instance_uid", "tracking_uid", "label")
TEXTS = ("subject", "reader", "timepoint", "lesion", "role", "site", "state", "reason")
# What a file may say too: where the two differ, the sidecar is right and the difference is told.
COMPARED = ("role", "nodal")

SIDECAR = Table(
    name="sidecar",
    columns=(
        *(text(name) for name in KEYS),
        text("subject"),
        text("reader"),
        text("timepoint"),
        date("date"),
        text("lesion"),
        text("role", *LESION_ROLES),
        text("site"),
        flag("nodal"),
        text("state", *STATES),
        text("reason"),
    ),
)


def read_sidecar(path: Path) -> pd.DataFrame:
    """Read a sidecar table.

    Raises
    ------
    recist.errors.DataError
        With every fault of the table: a mistake here would mislabel lesions.
    """
    frame, problems = read_table(path, SIDECAR)
    for position, record in enumerate(frame[list(KEYS)].to_dict("records")):
        if not any(record.values()):
            message = f"the row names no measurements; fill in one of {', '.join(KEYS)}"
            row = position + FIRST_DATA_ROW
            problems.append(Problem(code="no_key", file=path.name, row=row, message=message))
    require_no_errors(problems)
    return frame.assign(line=range(FIRST_DATA_ROW, len(frame) + FIRST_DATA_ROW))


def fill_in(findings: list[Finding], sidecar: pd.DataFrame, file: str) -> tuple[list[Finding], list[Problem]]:
    """Add what the sidecar says; rows that fit nothing, and rows that contradict one another, are problems."""
    rows = [{str(name): value for name, value in record.items()} for record in sidecar.to_dict("records")]
    by_keys = _by_keys(rows)
    used: set[int] = set()
    problems: list[Problem] = []
    filled = []
    for finding in findings:
        here = _keys_of(finding)
        fitting = [row for names, table in by_keys.items() for row in table.get(tuple(here[n] for n in names), ())]
        fitting.sort(key=lambda row: int(str(row["line"])))
        used |= {int(str(row["line"])) for row in fitting}
        finding, faults = _filled(finding, fitting)  # noqa: PLW2901
        filled.append(finding)
        problems += faults
    for row in rows:
        if int(str(row["line"])) not in used:
            message = "no measurement fits this row; check its keys"
            line, severity = int(str(row["line"])), Severity.WARNING
            problems.append(Problem(code="unused_row", file=file, row=line, severity=severity, message=message))
    return filled, problems


def _by_keys(rows: list[Row]) -> dict[tuple[str, ...], dict[tuple[str, ...], list[Row]]]:
    """Sort rows by the keys that they fill in, then by what stands there."""
    tables: dict[tuple[str, ...], dict[tuple[str, ...], list[Row]]] = {}
    for row in rows:
        names = tuple(name for name in KEYS if row[name])
        tables.setdefault(names, {}).setdefault(tuple(str(row[name]) for name in names), []).append(row)
    return tables


def _keys_of(finding: Finding) -> dict[str, str]:
    here = {name: str(getattr(finding, name)) for name in KEYS}
    return here | {"row": "" if finding.row is None else str(finding.row)}


def _filled(finding: Finding, rows: list[Row]) -> tuple[Finding, list[Problem]]:
    problems: list[Problem] = []
    given: dict[str, object] = {}
    for row in rows:
        for name in (*TEXTS, "nodal", "date"):
            value = _value(row, name)
            if value is None:
                continue
            if given.setdefault(name, value) != value:
                message = "rows of the sidecar contradict one another here; the first one was used"
                problems.append(finding.problem("sidecar_contradicts", message, field=name, found=str(value)))
    for name in COMPARED:
        before, after = getattr(finding, name), given.get(name)
        if after is not None and before not in ("", None, after):
            message = "the file says otherwise than the sidecar; the sidecar was used"
            note = finding.warning("sidecar_differs", message, field=name, found=str(before), expected=str(after))
            problems.append(note)
    if "date" in given:
        given["date_source"] = DateSource.SIDECAR
    return replace(finding, **given), problems  # type: ignore[arg-type]  # the table gives every column its type


def _value(row: Row, name: str) -> object:
    value = row[name]
    if name == "nodal":
        return None if pd.isna(value) else bool(value)  # type: ignore[call-overload]  # a cell is one value
    if name == "date":
        return value.date() if isinstance(value, pd.Timestamp) else None
    return value or None
