"""The content tree of a structured report, read by pydicom and laid out in plain values.

Nothing in a report is taken for granted: an item that does not follow the standard is read as far as it does, and its
neighbours are read all the same. This runs in a guarded child process, so what it gives must be plain.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recist.annotations.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydicom import Dataset

DEEPEST = 32
MOST_ITEMS = 100_000
MOST_POINTS = 1000
GUARDED_IMPORTS = ("pydicom", "recist.dicom.faults", "recist.dicom.elements")
MODALITY = "SR"
STRUCTURED_REPORTS = "1.2.840.10008.5.1.4.1.1.88."


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One content item.

    Attributes
    ----------
    value_type : str
        CONTAINER, TEXT, CODE, NUM, SCOORD, IMAGE, …
    name : Code or None
    text : str
        The value of TEXT, PNAME, UIDREF, DATE and TIME.
    code : Code or None
        The value of CODE; the unit of NUM.
    number : float
        NaN where there is none, or none that is a number.
    numbers : tuple of float
        The coordinates of SCOORD and SCOORD3D, as stored.
    uid : str
        The image an IMAGE refers to.
    frame : int or None
    """

    value_type: str = ""
    name: Code | None = None
    text: str = ""
    code: Code | None = None
    number: float = math.nan
    numbers: tuple[float, ...] = ()
    uid: str = ""
    frame: int | None = None
    children: tuple[Item, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Value and scheme of the name."""
        return self.name.key if self.name else ("", "")

    def walk(self) -> Iterator[Item]:
        """Give this item and all below it, in the order of the document."""
        waiting = [self]
        while waiting:
            item = waiting.pop()
            yield item
            waiting.extend(reversed(item.children))

    def named(self, *keys: tuple[str, str]) -> list[Item]:
        """Give the children of a name."""
        return [child for child in self.children if child.key in keys]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A structured report: what its header says, and its tree; `root` is None where the file is none."""

    sop_class_uid: str
    sop_instance_uid: str
    study_uid: str
    patient_id: str
    study_date: str
    content_date: str
    content_time: str
    program: str
    root: Item | None
    is_cut: bool = False


def read_report(path: Path) -> Report:
    """Read a structured report; a module-level function of one path, to be called in a guarded process.

    Raises
    ------
    recist.errors.DicomError
        When the file is no DICOM, or is damaged where nothing of it can be read.
    """
    import pydicom

    from recist.dicom.faults import attempt, notes_of_pydicom
    from recist.errors import DicomError

    def read() -> Report:
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        return _parse(dataset)

    with notes_of_pydicom():
        found = attempt(read, otherwise="the report cannot be read")
    if not isinstance(found, Report):
        raise DicomError(found.reason)
    return found


def _parse(dataset: Dataset) -> Report:
    from recist.dicom import elements

    def text(keyword: str) -> str:
        return elements.text(dataset, keyword)

    sop_class = text("SOPClassUID")
    is_report = sop_class.startswith(STRUCTURED_REPORTS) or text("Modality") == MODALITY
    counter = [0]
    return Report(
        sop_class_uid=sop_class,
        sop_instance_uid=text("SOPInstanceUID"),
        study_uid=text("StudyInstanceUID"),
        patient_id=text("PatientID"),
        study_date=text("StudyDate"),
        content_date=text("ContentDate"),
        content_time=text("ContentTime"),
        program=" ".join(filter(None, (text("Manufacturer"), text("ManufacturerModelName")))),
        root=_parse_item(dataset, 0, counter) if is_report else None,
        is_cut=counter[0] > MOST_ITEMS,
    )


def _parse_item(dataset: Dataset, depth: int, counter: list[int]) -> Item:
    from recist.dicom import elements

    counter[0] += 1
    item = _parse_value(dataset, elements.text(dataset, "ValueType").upper())
    if depth >= DEEPEST or counter[0] > MOST_ITEMS:
        counter[0] = max(counter[0], MOST_ITEMS + 1)
        return item
    children = elements.items(dataset, "ContentSequence")
    return replace(item, children=tuple(_parse_item(child, depth + 1, counter) for child in children))


def _parse_value(dataset: Dataset, value_type: str) -> Item:
    from recist.dicom import elements

    item = Item(value_type=value_type, name=_parse_code(dataset, "ConceptNameCodeSequence"))
    if value_type == "CODE":
        return replace(item, code=_parse_code(dataset, "ConceptCodeSequence"))
    if value_type == "NUM":
        return _parse_number(item, dataset)
    if value_type in ("SCOORD", "SCOORD3D"):
        return replace(item, numbers=_parse_coordinates(dataset))
    if value_type == "IMAGE":
        return _parse_reference(item, dataset)
    if value_type == "PNAME":
        return replace(item, text=str(dataset.get("PersonName") or "").strip("^ "))
    keywords = {"TEXT": "TextValue", "UIDREF": "UID", "DATE": "Date", "TIME": "Time"}
    keyword = keywords.get(value_type)
    return replace(item, text=elements.text(dataset, keyword)) if keyword else item


def _parse_code(dataset: Dataset, keyword: str) -> Code | None:
    from recist.dicom import elements

    codes = elements.items(dataset, keyword)
    if not codes:
        return None
    names = ("CodeValue", "LongCodeValue", "URNCodeValue")
    value = next(filter(None, (elements.text(codes[0], name) for name in names)), "")
    scheme, meaning = (elements.text(codes[0], name) for name in ("CodingSchemeDesignator", "CodeMeaning"))
    return Code(value=value, scheme=scheme, meaning=meaning)


def _parse_number(item: Item, dataset: Dataset) -> Item:
    """Take the floating-point value where there is one, for it has all digits; else the decimal string."""
    from recist.dicom import elements

    measured = elements.items(dataset, "MeasuredValueSequence")
    if not measured:
        return item
    precise = elements.number(measured[0], "FloatingPointValue")
    number = elements.number(measured[0], "NumericValue") if precise is None else precise
    unit = _parse_code(measured[0], "MeasurementUnitsCodeSequence")
    return replace(item, number=math.nan if number is None else number, code=unit)


def _parse_coordinates(dataset: Dataset) -> tuple[float, ...]:
    value = dataset.get("GraphicData")
    if value is None or isinstance(value, (str, bytes)):
        return ()
    numbers = tuple(float(each) for each in (value if hasattr(value, "__iter__") else (value,)))
    return numbers if len(numbers) <= MOST_POINTS and all(map(math.isfinite, numbers)) else ()


def _parse_reference(item: Item, dataset: Dataset) -> Item:
    from recist.dicom import elements

    references = elements.items(dataset, "ReferencedSOPSequence")
    if not references:
        return item
    frames = elements.text(references[0], "ReferencedFrameNumber")
    frame = int(frames) if frames.isascii() and frames.isdigit() else None
    return replace(item, uid=elements.text(references[0], "ReferencedSOPInstanceUID"), frame=frame)
