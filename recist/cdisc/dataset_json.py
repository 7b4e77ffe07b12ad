"""Dataset-JSON 1.1 of CDISC: one dataset, its columns described, its rows as lists."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.cdisc.variables import VariableType
from recist.errors import DataError
from recist.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from recist.cdisc.variables import Definition, Variable

VERSION = "1.1.0"
DATA_TYPES: dict[VariableType, dict[str, str]] = {
    VariableType.TEXT: {"dataType": "string"},
    VariableType.INTEGER: {"dataType": "integer"},
    VariableType.NUMBER: {"dataType": "double"},
    VariableType.DATE: {"dataType": "date", "targetDataType": "integer", "displayFormat": "E8601DA."},
}


def read_dataset_json(path: Path) -> pd.DataFrame:
    """Read a file of Dataset-JSON, version 1.0 or 1.1.

    Raises
    ------
    recist.errors.DataError
        When the file is missing, is not JSON, or its rows do not fit its columns.
    """
    if not path.is_file():
        raise DataError([_fault(path, "missing_file", "there is no such file; check the path")])
    try:
        content = json.loads(path.read_bytes())
    except ValueError as fault:
        raise DataError([_fault(path, "unreadable_file", "the file is not JSON")]) from fault
    names, rows = _table_of(content)
    if not names:
        message = "the file is not Dataset-JSON: it has no columns with names; write it as version 1.1"
        raise DataError([_fault(path, "unreadable_file", message)])
    problems = [
        _fault(path, "wrong_shape", f"record {number} has {len(row)} values for {len(names)} columns")
        for number, row in enumerate(rows, start=1)
        if len(row) != len(names)
    ]
    if problems:
        raise DataError(problems)
    return pd.DataFrame(rows, columns=pd.Index(names), dtype=object)


def _table_of(content: Any) -> tuple[list[str], list[list[Any]]]:  # whatever JSON holds
    """Find the columns and rows: at the top in version 1.1, inside the one dataset in version 1.0."""
    if not isinstance(content, dict):
        return [], []
    if "columns" in content:
        return [str(column.get("name", "")) for column in content["columns"]], content.get("rows") or []
    for part in ("clinicalData", "referenceData"):
        for dataset in content.get(part, {}).get("itemGroupData", {}).values():
            names = [str(item.get("name", "")) for item in dataset.get("items", [])]
            return names, dataset.get("itemData") or []
    return [], []


def _fault(path: Path, code: str, message: str) -> Problem:
    return Problem(code=code, file=path.name, message=message)


def write_dataset_json(frame: pd.DataFrame, definition: Definition, path: Path) -> None:
    """Write a dataset as Dataset-JSON 1.1; what is not given is null."""
    now = datetime.datetime.now(tz=datetime.UTC).replace(microsecond=0, tzinfo=None).isoformat()
    content = {
        "datasetJSONCreationDateTime": now,
        "datasetJSONVersion": VERSION,
        "itemGroupOID": f"IG.{definition.name}",
        "records": len(frame),
        "name": definition.name,
        "label": definition.label,
        "columns": [_column(frame, definition, variable) for variable in definition.variables],
        "rows": [
            [_value(value, variable) for value, variable in zip(row, definition.variables, strict=True)]
            for row in frame[definition.names].itertuples(index=False, name=None)
        ],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def _column(frame: pd.DataFrame, definition: Definition, variable: Variable) -> dict[str, str | int]:
    column: dict[str, str | int] = {
        "itemOID": f"IT.{definition.name}.{variable.name}",
        "name": variable.name,
        "label": variable.label,
        **DATA_TYPES[variable.kind],
    }
    if variable.kind is VariableType.TEXT:
        column["length"] = max([1, *(len(str(value)) for value in frame[variable.name])])
    keys = [key.name for key in definition.variables if key.is_key]
    if variable.is_key:
        column["keySequence"] = keys.index(variable.name) + 1
    return column


def _value(value: Any, variable: Variable) -> str | int | float | None:  # a cell of whatever type
    if variable.kind is VariableType.TEXT:
        return str(value) or None
    if pd.isna(value):
        return None
    if variable.kind is VariableType.DATE:
        return pd.Timestamp(value).date().isoformat()
    return int(value) if variable.kind is VariableType.INTEGER else float(value)
