"""The kinds of file a dataset is read from and written to."""

from __future__ import annotations

from enum import StrEnum


class FileType(StrEnum):
    """The kind of file; the name is the ending."""

    CSV = "csv"
    XPT = "xpt"
    JSON = "json"
