"""Read one CT series from a folder or from files."""

from __future__ import annotations

from recist.dicom.ct_series import CTSeries

__all__ = ["CTSeries"]
