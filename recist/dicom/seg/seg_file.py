"""What a DICOM segmentation holds, before it is laid on any series (PS3.3 C.8.20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from recist.dicom.seg.segment import Bools

BINARY, FRACTIONAL, LABEL_MAP = "BINARY", "FRACTIONAL", "LABELMAP"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSegment:
    """A segment as the file describes it; `is_organ` where its category holds organs or tissues, not lesions."""

    number: int
    label: str = ""
    tracking_id: str = ""
    tracking_uid: str = ""
    site: str = ""
    category: str = ""
    finding: str = ""
    is_organ: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SegFrame:
    """Where one frame lies.

    Attributes
    ----------
    number : int
        Segment; 0 in a label map, where the pixels say it.
    position_lps : (x, y, z) or None
    orientation : six cosines or None
    pixel_spacing_mm : (between rows, between columns) or None
    sources : tuple of (SOPInstanceUID, frame number or None)
        The images the frame was drawn on.
    """

    number: int
    position_lps: tuple[float, ...] | None
    orientation: tuple[float, ...] | None
    pixel_spacing_mm: tuple[float, ...] | None
    sources: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crops:
    """The pixels of all frames, each cut to the rectangle that is not empty.

    Attributes
    ----------
    boxes : (n_frames, 4) integers
        First and end row, first and end column; all 0 where the frame is empty.
    starts : (n_frames + 1,) integers
        Where the values of each frame begin in `values`.
    values : one-dimensional
        Bits, eight to the byte, or the numbers of a label map.
    """

    boxes: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    values: npt.NDArray[np.unsignedinteger]
    are_bits: bool

    def crop(self, k: int) -> npt.NDArray[np.unsignedinteger] | Bools:
        """Give the rectangle of frame `k`: true and false, or numbers of segments."""
        first_row, end_row, first_column, end_column = self.boxes[k].tolist()
        shape = (end_row - first_row, end_column - first_column)
        values = self.values[self.starts[k] : self.starts[k + 1]]
        if not self.are_bits:
            return values.reshape(shape)
        return np.unpackbits(values, count=shape[0] * shape[1]).astype(bool).reshape(shape)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SegFile:
    """A segmentation as it stands in its file.

    Attributes
    ----------
    kind : str
        ``BINARY``, ``FRACTIONAL`` or ``LABELMAP``.
    size : (n_rows, n_columns)
    frame_of_reference_uid : str
        Empty where not given.
    segments : tuple of ListedSegment
        As listed, without the background.
    frames : tuple of SegFrame
    crops : Crops
    notes : tuple of str
    """

    kind: str
    size: tuple[int, int]
    frame_of_reference_uid: str
    segments: tuple[ListedSegment, ...]
    frames: tuple[SegFrame, ...]
    crops: Crops
    notes: tuple[str, ...] = ()
