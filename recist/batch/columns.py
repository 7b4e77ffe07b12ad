"""The columns of what a run writes, and their types: the same whatever the rows hold, so that pieces fit together."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from recist.columns import Column, Kind, flag, number, text
from recist.manifest import MANIFEST
from recist.problems import PROBLEM_COLUMNS
from recist.tables import MEASUREMENTS, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Row = dict[str, Any]  # a row of a table: text, ISO dates, numbers and flags by column

NOT_PASSED_ON = ("image", "mask", "label")
WHOLE_NUMBERS = ("n_voxels", "n_pieces", "slice_index")
PROVENANCE = (
    text("geometry"),
    number("nominal_thickness_mm"),
    number("slice_spacing_mm"),
    text("kernel"),
    text("contrast"),
    text("contrast_phase"),
    flag("lossy"),
)
POINTS = tuple(number(axis + end) for end in "1234" for axis in "xy")
BESIDE = (
    *(number(name) for name in ("volume_mm3", "min_feret_mm", "diameter_3d_mm", "n_voxels", "n_pieces", "slice_index")),
    *(text(name) for name in ("series_uid", "sop_instance_uid", "tracking_uid")),
    *POINTS,
    text("convention"),
    text("notes"),
    *PROVENANCE,
)
MEASURED_HERE = ("diameter_mm", "long_axis_mm", "short_axis_mm", "slice_thickness_mm", "mean_hu", "enhancing_mm")
"""Columns of ``measurements`` that a manifest cannot state for a lesion that is measured here."""

ARROW_TYPES = {
    Kind.TEXT: pa.string(),
    Kind.DATE: pa.timestamp("ns"),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
}
WHERE = [pa.field("task", pa.int32()), pa.field("manifest_row", pa.int64())]  # first in every part
PROBLEM_SCHEMA = pa.schema([*WHERE, *(pa.field(name, pa.string()) for name in PROBLEM_COLUMNS if name != "row")])

STATED = Table(
    name="manifest",
    columns=tuple(
        column
        for column in MEASUREMENTS.columns
        if column.name not in (*MANIFEST.column_names, *MEASURED_HERE, "lesion", "role")
    ),
)
"""What a manifest may say of a lesion besides its own columns, e.g. ``kind`` or ``modality``."""


def is_passed_on(name: str) -> bool:
    """Tell whether a column of a manifest goes into the results as it stands."""
    taken = (*(column.name for column in BESIDE), *MEASURED_HERE, *NOT_PASSED_ON, *(field.name for field in WHERE))
    return name not in taken or (name in MANIFEST.column_names and name not in NOT_PASSED_ON)


def columns_of_results(manifest_columns: Iterable[str]) -> tuple[Column, ...]:
    """List the columns of the results of a manifest: known ones in their order, then what the manifest has besides."""
    known = {column.name: column for column in (*MEASUREMENTS.columns, *BESIDE, *MANIFEST.columns)}
    for name in NOT_PASSED_ON:
        del known[name]
    extra = {name: text(name) for name in manifest_columns if name not in known and is_passed_on(name)}
    return (*known.values(), *extra.values())


def schema_of_part(columns: Sequence[Column]) -> pa.Schema:
    """Give the types in which a part stores these columns."""
    return pa.schema([*WHERE, *(pa.field(column.name, _arrow_type(column)) for column in columns)])


def _arrow_type(column: Column) -> pa.DataType:
    return pa.int64() if column.name in WHOLE_NUMBERS else ARROW_TYPES[column.kind]


def rows_to_arrow(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Lay rows out in the types of a part; text that is not given is empty, all else null."""
    return pa.table([_array([row.get(field.name) for row in rows], field.type) for field in schema], schema=schema)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        values = ["" if value is None else str(value) for value in values]
    elif pa.types.is_timestamp(kind):
        values = [datetime.datetime.fromisoformat(value) if value else None for value in values]
    return pa.array(values, type=kind, from_pandas=True)
