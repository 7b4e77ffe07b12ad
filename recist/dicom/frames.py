"""The frames of a CT image: place and rescale, from the header itself or from its functional groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.dicom import elements
from recist.dicom.header import Frame
from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recist.dicom.elements import Elements

LOCALIZER = "LOCALIZER"

# PS3.3 A.38.1: which functional group holds an element of a frame.
GROUP_OF = {
    "ImagePositionPatient": "PlanePositionSequence",
    "ImageOrientationPatient": "PlaneOrientationSequence",
    "PixelSpacing": "PixelMeasuresSequence",
    "SliceThickness": "PixelMeasuresSequence",
    "RescaleSlope": "PixelValueTransformationSequence",
    "RescaleIntercept": "PixelValueTransformationSequence",
    "FrameType": "CTImageFrameTypeSequence",
    "VolumetricProperties": "CTImageFrameTypeSequence",
    "ConvolutionKernel": "CTReconstructionSequence",
    "StackID": "FrameContentSequence",
    "FrameAcquisitionNumber": "FrameContentSequence",
    "TemporalPositionIndex": "FrameContentSequence",
    "ContrastBolusAgentPhase": "ContrastBolusUsageSequence",
}

# Words of VolumetricProperties (PS3.3 C.8.16.2.1.2) and ImageType for planes that are bent: no length on them is true.
BENT = frozenset(("DISTORTED", "CURVED"))


def parse_frames(dataset: Elements, n_frames: int, *, is_multi_frame: bool) -> tuple[Frame, ...]:
    """Derive the frames of an image.

    Parameters
    ----------
    dataset : Elements
    n_frames : int
        NumberOfFrames, 1 where absent.
    is_multi_frame : bool
        Place and rescale stand in functional groups, those of the frame before the shared ones (PS3.3 C.7.6.16).

    Raises
    ------
    DicomError
        When the number of frames and their descriptions disagree.
    """
    if not is_multi_frame:
        if n_frames != 1:
            raise DicomError(f"a classic CT image with {n_frames} frames, whose places are not described")
        return (_parse_frame(1, [dataset]),)
    shared = elements.items(dataset, "SharedFunctionalGroupsSequence")[:1]
    own = elements.items(dataset, "PerFrameFunctionalGroupsSequence")
    if len(own) != n_frames:
        raise DicomError(f"NumberOfFrames is {n_frames}, but {len(own)} frames are described")
    return tuple(_parse_frame(number, [groups, *shared, dataset]) for number, groups in enumerate(own, start=1))


def _parse_frame(number: int, places: Sequence[Elements]) -> Frame:
    """Derive one frame; `places` are searched in order, each in its functional groups and in itself."""
    spacing = None if is_bent(places) else _numbers(places, "PixelSpacing", 2)
    # a classic image has these at its top
    acquisition, temporal = ("AcquisitionNumber", "TemporalPositionIdentifier")
    if len(places) > 1:
        acquisition, temporal = ("FrameAcquisitionNumber", "TemporalPositionIndex")
    return Frame(
        number=number,
        position_lps=_numbers(places, "ImagePositionPatient", 3),
        orientation=_numbers(places, "ImageOrientationPatient", 6),
        pixel_spacing_mm=(spacing[0], spacing[1]) if spacing is not None and min(spacing) > 0 else None,
        thickness_mm=_positive(places, "SliceThickness"),
        slope=_number(places, "RescaleSlope"),
        intercept=_number(places, "RescaleIntercept"),
        is_localizer=_is_localizer(places),
        stack_id=_text(places, "StackID"),
        acquisition_number=_whole(places, acquisition),
        temporal_position=_whole(places, temporal),
        kernel=_text(places, "ConvolutionKernel"),
        contrast_codes=_contrast_codes(places),
    )


def _holders(places: Sequence[Elements], keyword: str) -> list[Elements]:
    found: list[Elements] = []
    for place in places:
        if keyword in GROUP_OF:
            found.extend(elements.items(place, GROUP_OF[keyword]))
        found.append(place)
    return found


def _numbers(places: Sequence[Elements], keyword: str, count: int) -> tuple[float, ...] | None:
    for holder in _holders(places, keyword):
        found = elements.numbers(holder, keyword, count)
        if found is not None:
            return found
    return None


def _number(places: Sequence[Elements], keyword: str) -> float | None:
    found = _numbers(places, keyword, 1)
    return None if found is None else found[0]


def _whole(places: Sequence[Elements], keyword: str) -> int | None:
    found = _number(places, keyword)
    return int(found) if found is not None and found.is_integer() else None


def _text(places: Sequence[Elements], keyword: str) -> str:
    return next(filter(None, (elements.text(holder, keyword) for holder in _holders(places, keyword))), "")


def _contrast_codes(places: Sequence[Elements]) -> tuple[str, ...]:
    """Give the phase of every agent of the frame, from the first place that tells of any."""
    for place in places:
        usages = elements.items(place, GROUP_OF["ContrastBolusAgentPhase"])
        if usages:
            return tuple(elements.text(usage, "ContrastBolusAgentPhase") for usage in usages)
    return ()


def is_bent(places: Sequence[Elements]) -> bool:
    """Whether the picture is a curved or otherwise distorted reformat."""
    words = f"{_text(places, 'VolumetricProperties')}\\{_text(places, 'ImageType')}"
    return not BENT.isdisjoint(words.upper().split("\\"))


def _positive(places: Sequence[Elements], keyword: str) -> float | None:
    found = _number(places, keyword)
    return found if found is not None and found > 0 else None


def _is_localizer(places: Sequence[Elements]) -> bool:
    """Whether the third value of FrameType or ImageType, or any later one, is LOCALIZER."""
    for holder in _holders(places, "FrameType"):
        kind = elements.text(holder, "FrameType") or elements.text(holder, "ImageType")
        if kind:
            return LOCALIZER in kind.upper().split("\\")[2:]
    return False
