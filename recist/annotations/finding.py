"""One lesion at one time point as another program measured it, before it becomes a row of ``measurements``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from recist.problems import Problem, Severity

if TYPE_CHECKING:
    import datetime

LONGEST_SHOWN = 200

Point = tuple[float, float]
Point3 = tuple[float, float, float]


class DateSource(StrEnum):
    """Where the date of a time point comes from, best first."""

    SIDECAR = "sidecar"
    IMAGES = "images"
    IMAGE_LIBRARY = "image library"
    STUDY_DATE = "study date"
    CONTENT_DATE = "content date"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A line that was measured.

    Attributes
    ----------
    length_mm : float
        As the program states it; NaN where it states none that can be understood.
    ends_px : two (row, column), or None
        Zero-based pixel centres on the image `sop_instance_uid`.
    ends_lps : two (x, y, z), or None
        In the patient, mm.
    stated : str
        The number and unit as they stand in the file.
    """

    length_mm: float = math.nan
    ends_px: tuple[Point, Point] | None = None
    ends_lps: tuple[Point3, Point3] | None = None
    sop_instance_uid: str = ""
    frame: int | None = None
    stated: str = ""

    @property
    def is_given(self) -> bool:
        """Whether there is a number."""
        return not math.isnan(self.length_mm)


NO_AXIS = Axis()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one file says of one lesion in one study.

    Attributes
    ----------
    file : str
        Name of the file.
    row : int or None
        Line of a table, or number of the group in a report; None where there is only one.
    program : str
        What wrote it.
    patient_id : str
        As in the file; it becomes `subject` unless a sidecar gives another, and stands in no message.
    subject : str
        The study pseudonym a sidecar gives; it may stand in messages.
    label : str
        What people call the lesion in that program; empty where it has no name.
    tracking_uid : str
        Names the lesion for life; empty where the program has none.
    long_axis, short_axis : Axis
        One line of which the program does not say what it is stands in `long_axis`, and `is_single_line` is true.
    provenance : pairs of column and value
        What the series of its image is; empty without images.
    written : str
        Date and time the file was made, ISO, to tell a later version from an earlier one.
    """

    file: str
    program: str
    row: int | None = None
    patient_id: str = ""
    subject: str = ""
    reader: str = ""
    observer: str = ""
    timepoint: str = ""
    date: datetime.date | None = None
    date_source: DateSource = DateSource.NONE
    label: str = ""
    lesion: str = ""
    role: str = ""
    site: str = ""
    nodal: bool | None = None
    state: str = ""
    reason: str = ""
    long_axis: Axis = NO_AXIS
    short_axis: Axis = NO_AXIS
    is_single_line: bool = False
    volume_mm3: float = math.nan
    study_uid: str = ""
    series_uid: str = ""
    tracking_uid: str = ""
    written: str = ""
    report_uid: str = ""
    thickness_mm: float = math.nan
    provenance: tuple[tuple[str, object], ...] = ()

    @property
    def sop_instance_uid(self) -> str:
        """The image the axes lie on; empty where none is named."""
        return self.long_axis.sop_instance_uid or self.short_axis.sop_instance_uid

    @property
    def person(self) -> str:
        """Who the lesion belongs to, for telling lesions apart; never for messages."""
        return self.subject or self.patient_id

    def problem(
        self,
        code: str,
        message: str,
        *,
        field: str = "",
        found: str = "",
        expected: str = "",
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """Report a fault of this finding; it names the file and the row, and nobody."""
        return Problem(
            file=self.file,
            row=self.row,
            subject=self.subject,
            field=field,
            severity=severity,
            code=code,
            found=found[:LONGEST_SHOWN],
            expected=expected[:LONGEST_SHOWN],
            message=message,
        )

    def warning(self, code: str, message: str, *, field: str = "", found: str = "", expected: str = "") -> Problem:
        """Report what is to be looked at."""
        return self.problem(code, message, field=field, found=found, expected=expected, severity=Severity.WARNING)
