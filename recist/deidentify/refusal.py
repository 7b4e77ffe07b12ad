"""Which files are refused: what cannot be made safe by changing attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.errors import DicomError

if TYPE_CHECKING:
    from pydicom import Dataset

STRUCTURED_REPORTS = "1.2.840.10008.5.1.4.1.1.88."
KNOWN_OBJECTS = frozenset(
    (
        "1.2.840.10008.5.1.4.1.1.2",  # CT
        "1.2.840.10008.5.1.4.1.1.2.1",  # enhanced CT
        "1.2.840.10008.5.1.4.1.1.2.2",  # legacy converted enhanced CT
        "1.2.840.10008.5.1.4.1.1.4",  # MR
        "1.2.840.10008.5.1.4.1.1.128",  # PET
        "1.2.840.10008.5.1.4.1.1.66.4",  # segmentation
        "1.2.840.10008.5.1.4.1.1.66.7",  # label map segmentation
        "1.2.840.10008.5.1.4.1.1.481.3",  # structure set
        "1.2.840.10008.5.1.4.1.1.88.22",  # enhanced SR
        "1.2.840.10008.5.1.4.1.1.88.33",  # comprehensive SR
        "1.2.840.10008.5.1.4.1.1.88.34",  # comprehensive 3D SR
    )
)
NEEDED_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
DRAWN_PAGES = frozenset(("SCREEN SAVE", "SCREENSAVE", "DOSE_INFO", "DOSE", "REPORT"))


def require_safe(dataset: Dataset) -> None:
    """Refuse a file whose identities cannot all be found among its attributes.

    Raises
    ------
    DicomError
        With every reason; never with a value of the file.
    """
    reasons = [sentence for is_unsafe, sentence in _checks(dataset) if is_unsafe]
    if reasons:
        raise DicomError("; ".join(reasons))


def _checks(dataset: Dataset) -> tuple[tuple[bool, str], ...]:
    sop_class = str(dataset.get("SOPClassUID", ""))
    image_type = _image_type(dataset)
    return (
        (
            not str(dataset.get("PatientID", "")).strip(),
            "it has no PatientID, so it cannot be told whose it is; give each patient an id first",
        ),
        (
            not all(str(dataset.get(keyword, "")).strip() for keyword in NEEDED_UIDS),
            "it lacks the UID of its study, its series or itself",
        ),
        (sop_class.startswith(SECONDARY_CAPTURE), "it is a captured page, which often shows names in its pixels"),
        (
            sop_class not in KNOWN_OBJECTS and not sop_class.startswith(SECONDARY_CAPTURE),
            "it is of a kind for which no safe way is known here",
        ),
        (
            str(dataset.get("BurnedInAnnotation", "")).strip().upper() == "YES",
            "it says that writing is burned into its pixels (BurnedInAnnotation)",
        ),
        (bool(DRAWN_PAGES & image_type), "its ImageType says that it is a page for people, not a scan"),
        (_is_derived_page(dataset, image_type), "it is derived, and has no place in the patient: a page, not a scan"),
        (str(dataset.get("RecognizableVisualFeatures", "")).upper() == "YES", "it shows a recognisable face"),
    )


def _image_type(dataset: Dataset) -> frozenset[str]:
    value = dataset.get("ImageType", ())
    return frozenset(str(part).strip().upper() for part in ((value,) if isinstance(value, str) else value or ()))


def _is_derived_page(dataset: Dataset, image_type: frozenset[str]) -> bool:
    """Whether an image is derived and in colours, or without a position: a dose page filed as CT."""
    is_image = "Rows" in dataset and "SegmentSequence" not in dataset
    is_in_colours = int(dataset.get("SamplesPerPixel", 1) or 1) > 1
    has_place = "ImagePositionPatient" in dataset or "PerFrameFunctionalGroupsSequence" in dataset
    return is_image and {"DERIVED", "SECONDARY"} <= image_type and (is_in_colours or not has_place)
