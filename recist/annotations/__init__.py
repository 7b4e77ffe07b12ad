"""Measurements of other programs in, and ours out as DICOM structured reports."""

from __future__ import annotations

from recist.annotations.importing import Annotations, read_annotations

__all__ = ["Annotations", "read_annotations"]
