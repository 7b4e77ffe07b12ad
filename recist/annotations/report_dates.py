"""The day of the scan, out of a structured report, and where it comes from."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from recist.annotations import codes
from recist.annotations.finding import DateSource
from recist.iso_dates import YEARS

if TYPE_CHECKING:
    from recist.annotations.content import Item, Report

DAY_LENGTH = 8


def parse_dicom_day(text: str) -> datetime.date | None:
    """Read the day at the start of a DICOM date or date and time; a year in which nothing happened is no day.

    Examples
    --------
    >>> parse_dicom_day("20240229120000"), parse_dicom_day("2024-02-29"), parse_dicom_day("20230229")
    (datetime.date(2024, 2, 29), datetime.date(2024, 2, 29), None)
    """
    digits = text.replace("-", "").replace(".", "").strip()[:DAY_LENGTH]
    if len(digits) != DAY_LENGTH or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        day = datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def date_of_report(report: Report) -> tuple[datetime.date | None, DateSource]:
    """Give the day of the scan: as the report's own library of images has it, else the study's, else the report's."""
    assert report.root is not None
    days = _days_of_images(report.root)
    if len(days) == 1:
        return days.pop(), DateSource.IMAGE_LIBRARY
    for text, source in ((report.study_date, DateSource.STUDY_DATE), (report.content_date, DateSource.CONTENT_DATE)):
        day = parse_dicom_day(text)
        if day is not None:
            return day, source
    return None, DateSource.NONE


def _days_of_images(root: Item) -> set[datetime.date]:
    """Find the days of acquisition in the image library; several days say nothing of which is meant."""
    items = [item for item in root.walk() if item.key == codes.ACQUISITION_DATE]
    items = items or [item for item in root.walk() if item.key == codes.IMAGE_STUDY_DATE]
    return {day for item in items if (day := parse_dicom_day(item.text))}
