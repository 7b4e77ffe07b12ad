"""What becomes of each DICOM attribute: the table of PS3.15 E.1-1, and the few rules of ours beside it."""

from __future__ import annotations

import csv
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Action(StrEnum):
    """What is done with an attribute."""

    REMOVE = "remove"
    EMPTY = "empty"
    REPLACE = "replace"  # by a value that says nothing
    UID = "uid"
    DATE = "date"
    WALK = "walk"  # a sequence: do the same with every item
    WORDS = "words"  # keep the words that describe a scan
    LABEL = "label"  # a name of a lesion: keep it if it can be nothing else
    TECHNICAL = "technical"  # a maker, a model, a kernel: keep what is known as such
    TERM = "term"  # a code string: keep it if it is made of the words of the standard
    KEEP = "keep"


# The codes of PS3.15 E.1-1, where it leaves a choice that with which a file of any kind stays valid.
ACTIONS = {
    "D": Action.REPLACE,
    "Z": Action.EMPTY,
    "X": Action.REMOVE,
    "U": Action.UID,
    "Z/D": Action.REPLACE,
    "X/Z": Action.EMPTY,
    "X/D": Action.REPLACE,
    "X/Z/D": Action.REPLACE,
    "X/Z/U*": Action.WALK,
}

# Attributes treated otherwise than by the basic profile: by an option of PS3.15 E.3, or more strictly. Option, action.
EXCEPTIONS = {
    "ContentSequence": Action.WALK,  # E.3.4 clean structured content: the tree of a report is walked item by item
    "ReferencedStudySequence": Action.WALK,  # only UIDs, which become others
    "ReferencedPerformedProcedureStepSequence": Action.WALK,
    "AcquisitionContextSequence": Action.WALK,  # coded words and numbers
    "VerifyingObserverSequence": Action.REMOVE,  # with the flag that somebody verified it
    "GraphicAnnotationSequence": Action.REMOVE,
    "ReasonForTheAttributeModification": Action.REMOVE,
    "SeriesDescription": Action.WORDS,  # E.3.5 clean descriptors
    "StudyDescription": Action.WORDS,
    "ProtocolName": Action.WORDS,
    "ContrastBolusAgent": Action.WORDS,
    "AcquisitionProtocolDescription": Action.WORDS,
    "SegmentDescription": Action.REMOVE,
    "SegmentLabel": Action.LABEL,
    "ROIName": Action.LABEL,
    "ROIObservationLabel": Action.LABEL,
    "TrackingID": Action.LABEL,
    "StackID": Action.LABEL,
    "TextValue": Action.LABEL,  # of a report; what is neither a lesion's name nor a time point is replaced
    "StructureSetLabel": Action.REPLACE,
    "PatientBirthDate": Action.EMPTY,  # dates that are a patient's own never stay, shifted or not
    "PatientBirthDateInAlternativeCalendar": Action.REMOVE,
    "PatientDeathDateInAlternativeCalendar": Action.REMOVE,
    "TimezoneOffsetFromUTC": Action.REMOVE,
    "IconImageSequence": Action.REMOVE,
    "DigitalSignaturesSequence": Action.REMOVE,
    "EncapsulatedDocument": Action.REMOVE,
    "VOILUTSequence": Action.REMOVE,  # a table of brightness may hold anything
    "LUTData": Action.REMOVE,
    **{f"{colour}PaletteColorLookupTableDescriptor": Action.REMOVE for colour in ("Red", "Green", "Blue")},
}

# Text that no table names and that a measurement needs; everything else of free text is replaced.
TECHNICAL_TEXT = frozenset(
    (
        *("Manufacturer", "ManufacturerModelName", "SoftwareVersions", "ConvolutionKernel", "FilterType"),
        *("RescaleType", "PositionReferenceIndicator", "ContributionDescription", "UnitsOfMeasure"),
        *("SegmentAlgorithmName", "AlgorithmName", "AlgorithmVersion", "CodingSchemeVersion"),
    )
)
CODED_TEXT = frozenset(("CodeMeaning", "CodeValue", "CodingSchemeDesignator"))  # see recist.deidentify.codes
FREE_TEXT = frozenset(("AE", "LO", "LT", "SH", "ST", "UC", "UR", "UT"))
REPLACED = "REMOVED"
METHOD_TEXT = "PS3.15 basic profile, days shifted by patient; recist-toolkit"
REPLACEABLE = frozenset(("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UT"))
BULK = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "UN"))
KEPT_BULK = frozenset(("PixelData",))  # its bytes are looked after by recist.deidentify.pixels
# Names of their own, no terms of the standard: a value that says nothing stands there instead.
NAMES_AS_CODES = frozenset(("ContentLabel", "StationName", "TemplateName"))
OVERLAYS_AND_CURVES = (0x5000, 0x6000)  # repeating groups: drawn on the image, often with text

# Of a patient's characteristics, with the option to keep them (E.3.6); ages over 89 years become 90.
CHARACTERISTICS = frozenset(("PatientAge", "PatientSex", "PatientSize", "PatientWeight", "SmokingStatus"))


@cache
def is_never_kept(tag: int) -> bool:
    """Whether a tag is private, the length of a group, of a repeating group, or none that the standard knows."""
    from pydicom.datadict import dictionary_has_tag

    group = tag >> 16
    is_drawn = (group & 0xFF00) in OVERLAYS_AND_CURVES
    return bool(group % 2) or not tag & 0xFFFF or is_drawn or not dictionary_has_tag(tag)


@cache
def profile() -> dict[int, Action]:
    """Give the action of the basic profile for every tag that it names."""
    text = files("recist.deidentify").joinpath("profile.csv").read_text(encoding="utf-8")
    return {int(row["tag"], 16): ACTIONS[row["action"]] for row in csv.DictReader(text.splitlines())}


@cache
def action_for(tag: int, vr: str, keyword: str, *, has_characteristics: bool) -> Action:
    """Say what becomes of an attribute.

    Parameters
    ----------
    tag : int
        Group and element.
    vr, keyword : str
        Its value representation, and its name in the standard; empty for an attribute that the standard does not know.
    has_characteristics : bool
        Keep age, sex, size and weight.
    """
    if not keyword or is_never_kept(tag):
        return Action.REMOVE
    if has_characteristics and keyword in CHARACTERISTICS:
        return Action.KEEP
    if keyword in EXCEPTIONS:
        return EXCEPTIONS[keyword]
    if vr in ("DA", "DT"):
        return Action.DATE
    if vr == "TM" and keyword != "PatientBirthTime":
        return Action.KEEP  # the calendar moves by whole days, so the time of day says nothing new
    if tag in profile():
        return profile()[tag]
    return _action_by_vr(vr, keyword)


def _action_by_vr(vr: str, keyword: str) -> Action:
    """Say what becomes of an attribute that the profile does not name."""
    if vr == "UI":
        return Action.UID
    if vr == "SQ":
        return Action.WALK
    if vr == "PN":
        return Action.REPLACE
    if keyword in TECHNICAL_TEXT:
        return Action.TECHNICAL
    if vr == "CS" and keyword != "SpecificCharacterSet":
        return Action.REPLACE if keyword in NAMES_AS_CODES else Action.TERM
    if vr in FREE_TEXT:
        return Action.KEEP if keyword in CODED_TEXT else Action.REPLACE
    if vr in BULK:
        return Action.KEEP if keyword in KEPT_BULK else Action.REMOVE
    return Action.KEEP
