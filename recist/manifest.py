"""The manifest of ``recist measure``: which masks lie over which series, and which lesion is which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.columns import date, flag, text
from recist.masks import is_label_image
from recist.problems import Problem, Severity
from recist.tables import FIRST_DATA_ROW, LESION_ROLES, STATES, Table, check_table, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

MANIFEST = Table(
    name="manifest",
    columns=(
        text("subject", required=True),
        text("timepoint", required=True),
        date("date", required=True),
        text("image"),
        text("mask"),
        text("label"),
        text("lesion"),
        text("role", *LESION_ROLES),
        text("site"),
        flag("nodal"),
        text("reader"),
        text("series_uid"),
        text("state", *STATES),
        text("reason"),
    ),
)

SIDECAR = Table(
    name="sidecar of masks",
    columns=(
        text("file", required=True),
        *(column for column in MANIFEST.columns if column.name not in ("mask", "state", "reason")),
    ),
)


def derive_manifest(folder: Path, sidecar: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Make a manifest of a folder of masks and a table that says what each mask is.

    Parameters
    ----------
    folder : pathlib.Path
        The masks, with all folders in it; the manifest belongs there, its paths begin there.
    sidecar : pathlib.Path
        CSV or Parquet, columns of ``SIDECAR``. `file` is the name of a mask, or its path where a name occurs twice;
        one row for each mask, or for each of its labels.

    Returns
    -------
    frame : pandas.DataFrame
        Columns of ``MANIFEST``.
    problems : list of Problem
        Every fault: files that are not there or not told apart, labels named twice, label images without a row.
    """
    frame, problems = read_table(sidecar, SIDECAR)
    there = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    masks, seen = [], set()
    for position, row in enumerate(frame.to_dict("records")):
        name, label = str(row["file"]), str(row["label"])
        found = [path for path in there if name and name in (path, path.rpartition("/")[2])]
        masks.append(found[0] if len(found) == 1 else "")
        for field, code, message in _sidecar_faults(name, len(found), is_repeated=(masks[-1], label) in seen):
            problems.append(
                Problem(
                    file=sidecar.name,
                    row=position + FIRST_DATA_ROW,
                    subject=str(row["subject"]),
                    field=field,
                    code=code,
                    found=label if field == "label" else name,
                    message=message,
                )
            )
        seen.add((masks[-1], label))
    told = set(masks)
    for path in there:
        if is_label_image(path) and path not in told:
            message = "this mask has no row; say whose it is, or move it elsewhere"
            problems.append(
                Problem(file=sidecar.name, field="file", code="mask_without_row", found=path, message=message)
            )
    manifest, _ = check_table(frame.drop(columns="file").assign(mask=masks), MANIFEST)
    return manifest, [*problems, *_check_rows(manifest[manifest["mask"] != ""], folder, sidecar.name)]


def _sidecar_faults(name: str, n_found: int, *, is_repeated: bool) -> Iterator[tuple[str, str, str]]:
    """Give (field, code, message) of every fault of a row."""
    if name and not n_found:
        yield "file", "missing_file", "there is no such mask in the folder; correct the name"
    elif n_found > 1:
        yield "file", "several_files", "several files in the folder have this name; write the path within the folder"
    elif name and is_repeated:
        yield "label", "repeated_label", "this mask and label stand here a second time; name each lesion once"


def read_manifest(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a manifest and check that everything it names is there.

    Paths in it are relative to the folder of the manifest.

    Returns
    -------
    frame : pandas.DataFrame
        Columns of ``MANIFEST``.
    problems : list of Problem
        Every fault.
    """
    frame, problems = read_table(path, MANIFEST)
    return frame, [*problems, *_check_rows(frame, path.parent, path.name)]


def _check_rows(frame: pd.DataFrame, folder: Path, file: str) -> Iterator[Problem]:
    """Find every fault of the rows of a manifest whose paths begin in a folder."""
    for position, row in zip(frame.index, frame.to_dict("records"), strict=True):
        for field, code, found, message in _row_faults({str(k): v for k, v in row.items()}, folder):
            yield Problem(
                file=file,
                row=int(position) + FIRST_DATA_ROW,
                subject=str(row["subject"]),
                field=field,
                code=code,
                found=found,
                message=message,
            )


def _row_faults(row: dict[str, object], folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Give (field, code, found, message) of every fault of a row."""
    image, mask = str(row["image"]), str(row["mask"])
    for field, name in (("image", image), ("mask", mask)):
        if name and not (folder / name).exists():
            yield field, "missing_file", name, "there is no such file or folder beside the manifest; correct the path"
    if not mask and row["state"] in ("", "measured"):
        yield "mask", "nothing_to_measure", "", "name a mask, or say in `state` why there is none, e.g. absent"
    if not mask and not row["lesion"]:
        yield "lesion", "nameless_lesion", "", "a row without a mask must name its lesion"
    if mask and not is_label_image(mask) and not image:
        yield "image", "no_image", "", "a DICOM segmentation is measured over its series; name the folder of the series"


def check_lesions(rows: pd.DataFrame, file: str) -> list[Problem]:
    """Find what would keep measured lesions from being scored: the same lesion twice, no role.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of ``measurements`` with the column ``manifest_row``.
    file : str
        Name of the manifest.
    """
    key = ["subject", "reader", "timepoint", "lesion"]
    repeated = rows[rows.duplicated(key, keep="first") & (rows["part"].isna() | (rows["part"] == ""))]
    problems = [
        Problem(
            file=file,
            row=int(row["manifest_row"]),
            subject=str(row["subject"]),
            field="lesion",
            code="repeated_lesion",
            found=str(row["lesion"]),
            message="this lesion stands here a second time for the same visit; name each lesion once",
        )
        for row in repeated.to_dict("records")
    ]
    without = rows[rows["role"].isna() | (rows["role"] == "")]
    if len(without):
        problems.append(
            Problem(
                file=file,
                field="role",
                severity=Severity.WARNING,
                code="no_role",
                found=f"{len(without)} of {len(rows)} lesions without",
                expected=", ".join(LESION_ROLES),
                message="lesions need a role before they can be scored; add the column to the manifest",
            )
        )
    return problems
