"""The manifest of ``recist measure``: which masks lie over which series, and which lesion is which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.columns import date, flag, text
from recist.masks import is_label_image
from recist.problems import Problem, Severity
from recist.tables import FIRST_DATA_ROW, LESION_ROLES, STATES, Table, read_table

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
    for position, row in enumerate(frame.to_dict("records")):
        for field, code, found, message in _row_faults({str(k): v for k, v in row.items()}, path.parent):
            problems.append(
                Problem(
                    file=path.name,
                    row=position + FIRST_DATA_ROW,
                    subject=str(row["subject"]),
                    field=field,
                    code=code,
                    found=found,
                    message=message,
                )
            )
    return frame, problems


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
    if image and is_label_image(mask):
        yield "image", "image_not_used", image, "a NIfTI or NRRD mask carries its own spacing; leave `image` empty"


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
