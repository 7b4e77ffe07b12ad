"""A task: one series and every row of the manifest that is measured on it."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from recist.batch.columns import Row

ID_LENGTH = 24  # of SHA-256 in hexadecimal digits: 96 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The rows of a manifest that share a series.

    Attributes
    ----------
    index : int
        Place in the plan, from 0.
    folder : str
        Where the manifest lies; its paths start there.
    file : str
        Name of the manifest.
    image, series_uid : str
        The series; both empty where masks carry their own spacing.
    convention : str
    threshold : float
        See :func:`recist.lesions.lesions_of_mask`.
    resample : bool
    engine : str
        Version of the toolkit that planned it.
    rows : tuple of dict
        Rows of the manifest as JSON holds them, each with ``manifest_row``.
    """

    index: int
    folder: str
    file: str
    image: str
    series_uid: str
    convention: str
    threshold: float
    resample: bool
    engine: str
    rows: tuple[Row, ...]

    @property
    def id(self) -> str:
        """Name the task by what it is: rows, options and engine, wherever the files lie."""
        content = [self.engine, self.convention, self.threshold, self.resample, self.image, self.series_uid, self.rows]
        return hashlib.sha256(to_json(content).encode()).hexdigest()[:ID_LENGTH]

    @property
    def masks(self) -> tuple[str, ...]:
        """Name the masks, each once."""
        return tuple(dict.fromkeys(str(row["mask"]) for row in self.rows if row["mask"]))

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Name the files and folders that the result depends on."""
        if not self.masks:
            return ()
        return tuple(Path(self.folder) / name for name in (self.image, *self.masks) if name)

    def to_text(self) -> str:
        """Write the task as one line."""
        return to_json(asdict(self))


def parse_task(line: str) -> Task:
    """Read a task from the line that :meth:`Task.to_text` writes."""
    fields = json.loads(line)
    return Task(**(fields | {"rows": tuple(fields["rows"])}))


def to_json(value: object) -> str:
    """Write plain values as one line, always in the same way."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain)


def _plain(value: Any) -> object:
    """Turn what numpy counts with into what JSON knows."""
    return value.item()


def plain_cell(value: object) -> object:
    """Turn a cell of a table into text, a number, a flag or None."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, np.generic):
        return plain_cell(value.item())
    return value if isinstance(value, bool | int | float | str) else str(value)
