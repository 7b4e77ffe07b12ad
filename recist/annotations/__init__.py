"""Measurements of other programs in, and ours out as DICOM structured reports."""

from __future__ import annotations

from recist.annotations.importing import Annotations, read_annotations
from recist.annotations.report_files import WrittenReports, write_sr

__all__ = ["Annotations", "WrittenReports", "read_annotations", "write_sr"]
