"""What is asked of an archive, and what it answers: studies, series, instances."""

from __future__ import annotations

import datetime
import fnmatch
from dataclasses import dataclass

from recist.errors import UsageError

MOST_ANSWERS = 100_000  # of one question; more is an archive that answers without end


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which studies and series are wanted; what is empty may be anything.

    Attributes
    ----------
    patient_id : str
        The stars and question marks of DICOM are kept.
    study_uid, series_uid, accession, modality : str
    first_date, last_date : datetime.date or None
        Of the study, both included.
    """

    patient_id: str = ""
    study_uid: str = ""
    series_uid: str = ""
    accession: str = ""
    modality: str = ""
    first_date: datetime.date | None = None
    last_date: datetime.date | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for less than everything."""
        named = (self.patient_id, self.study_uid, self.series_uid, self.accession)
        return any(named) or self.first_date is not None or self.last_date is not None

    @property
    def date_range(self) -> str:
        """The dates as DICOM matches them; empty where there are none."""
        if self.first_date is None and self.last_date is None:
            return ""
        return f"{_digits(self.first_date)}-{_digits(self.last_date)}"

    def fits_study(self, study: FoundStudy) -> bool:
        """Whether an answer is what was asked for; archives that do not know a key answer with everything."""
        return (
            _fits(self.study_uid, study.study_uid)
            and _fits_pattern(self.patient_id, study.patient_id)
            and _fits_pattern(self.accession, study.accession)
            and self._fits_date(study.date)
        )

    def fits_series(self, series: FoundSeries) -> bool:
        """Whether a series is what was asked for."""
        return _fits(self.series_uid, series.series_uid) and _fits(self.modality, series.modality)

    def _fits_date(self, digits: str) -> bool:
        if not digits or not self.date_range:
            return True
        first, last = _digits(self.first_date) or "0", _digits(self.last_date) or "9"
        return first <= digits <= last


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStudy:
    """A study as the archive describes it; texts are empty and numbers None where it does not say."""

    study_uid: str
    patient_id: str = ""
    date: str = ""
    accession: str = ""
    modalities: tuple[str, ...] = ()
    n_series: int | None = None
    n_instances: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSeries:
    """A series as the archive describes it."""

    study_uid: str
    series_uid: str
    modality: str = ""
    n_instances: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInstance:
    """An object as the archive describes it."""

    study_uid: str
    series_uid: str
    sop_instance_uid: str
    sop_class_uid: str = ""


def parse_date(text: str, option: str) -> datetime.date | None:
    """Read a date of the command line; None where it is empty.

    Raises
    ------
    UsageError
        When it is not a date of the form 2024-03-31.
    """
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is no date; write it like 2024-03-31") from None


def _digits(date: datetime.date | None) -> str:
    return "" if date is None else f"{date:%Y%m%d}"


def _fits(asked: str, found: str) -> bool:
    return not asked or not found or asked == found


def _fits_pattern(asked: str, found: str) -> bool:
    """Match as DICOM does, where ``*`` and ``?`` stand for anything; a blank answer proves nothing against it."""
    if not asked or not found:
        return True
    return fnmatch.fnmatchcase(found.strip().casefold(), asked.strip().casefold().replace("[", "[[]"))
