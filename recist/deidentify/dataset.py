"""Take the identity out of one data set, through all its sequences."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.deidentify.codes import clean_code
from recist.deidentify.key import StudyKey, identity_of
from recist.deidentify.profile import METHOD_TEXT, REPLACEABLE, REPLACED, Action, action_for, is_never_kept
from recist.deidentify.texts import is_term, keep_label, keep_technical, keep_words
from recist.deidentify.values import to_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydicom import DataElement, Dataset

COLOURED = ("COLOR", "MIXED")
OLDEST_TOLD_YEARS = 90  # ages over 89 years count as identifying
AGE = re.compile(r"(\d{3})Y")
DAY = re.compile(r"(\d{4})(\.?)(\d{2})\2(\d{2})(?:(\d{2}(?:[0-5]\d(?:[0-6]\d(?:\.\d{1,6})?)?)?)?(?:[+-]\d{4})?)?")

# PS3.16 CID 7050: what was done. Code, meaning.
METHOD = (
    ("113100", "Basic Application Confidentiality Profile"),
    ("113104", "Clean Structured Content Option"),
    ("113105", "Clean Descriptors Option"),
    ("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
)
KEPT_CHARACTERISTICS = ("113108", "Retain Patient Characteristics Option")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaner:
    """What the data sets of one patient are cleaned with.

    Attributes
    ----------
    key : StudyKey
    identity : str
        See :func:`recist.deidentify.key.identity_of`.
    has_characteristics : bool
        Keep age, sex, size and weight.
    """

    key: StudyKey
    identity: str
    has_characteristics: bool = False

    def clean(self, dataset: Dataset) -> None:
        """Take identities out of a data set and of every item in its sequences, in place."""
        for element in list(dataset):
            self._clean_element(dataset, element)
        if "CodeValue" in dataset or "CodeMeaning" in dataset:
            clean_code(dataset, self.key)

    def _clean_element(self, dataset: Dataset, element: DataElement) -> None:
        action = action_for(int(element.tag), element.VR, element.keyword, has_characteristics=self.has_characteristics)
        if action is Action.REMOVE or (action is Action.REPLACE and element.VR not in REPLACEABLE):
            del dataset[element.tag]
        elif action is Action.WALK:
            self._walk(dataset, element)
        elif action is Action.EMPTY:
            element.value = [] if element.VR == "SQ" else None
        elif action is Action.REPLACE:
            element.value = None if element.is_empty else REPLACED
        elif action is Action.KEEP:
            _keep(element)
        elif not element.is_empty:
            element.value = _each(element.value, lambda value: self._cleaned(str(value), action))
            _mend(element, action)

    def _walk(self, dataset: Dataset, element: DataElement) -> None:
        if element.VR != "SQ":
            del dataset[element.tag]
            return
        for item in element.value or []:
            self.clean(item)

    def _cleaned(self, value: str, action: Action) -> str:
        if action is Action.UID:
            return self.key.uid(value)
        if action is Action.DATE:
            return self.shift_date(value)
        if action is Action.WORDS:
            return keep_words(value)
        if action is Action.TECHNICAL:
            return keep_technical(value)
        if action is Action.TERM:
            return value if is_term(value) else ""
        return keep_label(value, self.key)

    def shift_date(self, value: str) -> str:
        """Shift a date, or the date of a date and time; empty where the day is not known or none of the calendar.

        A time zone goes: the clock on the wall stays as it was, as that of times without a date does.
        """
        found = DAY.fullmatch(value.strip(" \0"))
        if found is None:
            return ""
        try:
            day = self.key.shift(datetime.date(int(found[1]), int(found[3]), int(found[4])), self.identity)
        except (ValueError, OverflowError):
            return ""
        return f"{day.year:04d}{day.month:02d}{day.day:02d}{found[5] or ''}"


def clean_file(dataset: Dataset, key: StudyKey, *, has_characteristics: bool = False) -> None:
    """Take the identity out of a whole file, in place, and say in it that this was done and how.

    Parameters
    ----------
    dataset : pydicom.Dataset
        As read from a file, with its file meta information.
    key : StudyKey
    has_characteristics : bool
        Keep age, sex, size and weight.
    """
    identity = identity_of(str(dataset.get("PatientID", "")), str(dataset.get("IssuerOfPatientID", "")))
    Cleaner(key=key, identity=identity, has_characteristics=has_characteristics).clean(dataset)
    dataset.PatientID = dataset.PatientName = key.pseudonym(identity)
    dataset.PatientIdentityRemoved = "YES"
    dataset.LongitudinalTemporalInformationModified = "MODIFIED"
    dataset.DeidentificationMethod = METHOD_TEXT
    dataset.DeidentificationMethodCodeSequence = _method_codes(has_characteristics)
    if "VerificationFlag" in dataset:
        dataset.VerificationFlag = "UNVERIFIED"  # who verified it is gone
    _clean_meta(dataset)


def _method_codes(has_characteristics: bool) -> list[Dataset]:
    from pydicom import Dataset

    items = []
    for value, meaning in (*METHOD, *((KEPT_CHARACTERISTICS,) if has_characteristics else ())):
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
        items.append(item)
    return items


def _clean_meta(dataset: Dataset) -> None:
    """Make the file meta information anew: of the old one only the transfer syntax stays."""
    from pydicom.dataset import FileMetaDataset

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = dataset.file_meta.TransferSyntaxUID
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta = meta
    dataset.preamble = b"\0" * 128


def _each(value: object, change: Callable[[object], str]) -> object:
    """Change one value, or each of several."""
    from pydicom.multival import MultiValue

    if value is None or value == "":
        return value
    return [change(one) for one in value] if isinstance(value, (MultiValue, list)) else change(value)


def _keep(element: DataElement) -> None:
    """Keep a value, but for what would tell or lead to what is gone: a high age, the tags of private attributes."""
    if element.VR == "AT":
        element.value = [tag for tag in to_values(element) if not is_never_kept(int(tag))]
    elif element.keyword == "PatientAge":
        element.value = _cap_age(str(element.value))


def _mend(element: DataElement, action: Action) -> None:
    """Give what may not be empty a value that says nothing, and what spoke of a table that is gone a true one."""
    if action is Action.TECHNICAL and not any(to_values(element)):
        element.value = REPLACED
    elif element.keyword == "PixelPresentation" and element.value in COLOURED:
        element.value = "MONOCHROME"


def _cap_age(age: str) -> str:
    found = AGE.fullmatch(age)
    return f"{OLDEST_TOLD_YEARS:03d}Y" if found and int(found[1]) >= OLDEST_TOLD_YEARS else age
