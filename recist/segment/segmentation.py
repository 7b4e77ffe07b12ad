"""The mask of a lesion, how sure it is, and its larger and smaller neighbours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recist.segment.confidence import compute_confidence, explain_doubt
from recist.segment.signs import measure_signs

if TYPE_CHECKING:
    from recist.segment.field import Field
    from recist.segment.kind import LesionKind
    from recist.segment.signs import Signs

Mask = npt.NDArray[np.bool_]

VOLUME_PER_SIZE, AREA_PER_SIZE = 1.12, 1.08  # about 4 % in diameter
MOST_SIZES = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segmentation:
    """What was found from a click or a drawn line.

    Attributes
    ----------
    mask : (n_slices, n_rows, n_columns) bool
        The lesion within a box of the image; empty (no voxels) where nothing was found.
    offset : (slice, row, column)
        Where the box begins in the image.
    confidence : float
        Estimated probability that the outline is good, 0 to 1.
    is_sure : bool
        Good enough to be used without a person's look.
    reason : str
        Why it is not; empty when it is.
    size : int
        How often it was grown (positive) or shrunk.
    kind : LesionKind or None
    signs : Signs or None
        What the confidence rests on; None where nothing was found.
    """

    mask: Mask
    offset: tuple[int, int, int]
    confidence: float
    is_sure: bool
    reason: str
    size: int = 0
    kind: LesionKind | None = None
    signs: Signs | None = None
    field: Field | None = None
    doubt: str = ""

    def full_mask(self, shape: tuple[int, int, int]) -> Mask:
        """Lay the mask into an array of the image's shape."""
        full = np.zeros(shape, dtype=np.bool_)
        ends = (first + size for first, size in zip(self.offset, self.mask.shape, strict=True))
        full[tuple(slice(first, end) for first, end in zip(self.offset, ends, strict=True))] = self.mask
        return full

    def grow(self) -> Segmentation:
        """Take the next larger mask (about 4 % in diameter); it holds this one. `shrink` undoes it."""
        return self._sized(self.size + 1)

    def shrink(self) -> Segmentation:
        """Take the next smaller mask; this one holds it. `grow` undoes it."""
        return self._sized(self.size - 1)

    def _sized(self, size: int) -> Segmentation:
        if self.field is None or abs(size) > MOST_SIZES:
            return self
        return derive_segmentation(self.field, size=size, kind=self.kind, doubt=self.doubt)


def derive_segmentation(
    field: Field, *, size: int = 0, kind: LesionKind | None = None, doubt: str = ""
) -> Segmentation:
    """Cut a mask of a size from a field and judge it.

    Parameters
    ----------
    doubt : str
        A reason for doubt that is known already, whatever the outline looks like.
    """
    mask = field.cut(_find_level(field, size))
    offset = (field.box[0].start, field.box[1].start, field.box[2].start)
    if not mask.any():
        return refuse("No connected part of the image holds this place.", mask, offset, kind=kind)
    signs = measure_signs(field, mask)
    reason = doubt or explain_doubt(signs)
    return Segmentation(
        mask=mask,
        offset=offset,
        confidence=compute_confidence(signs),
        is_sure=not reason,
        reason=reason,
        size=size,
        kind=kind,
        signs=signs,
        field=field,
        doubt=doubt,
    )


def refuse(
    reason: str, mask: Mask, offset: tuple[int, int, int] = (0, 0, 0), *, kind: LesionKind | None = None
) -> Segmentation:
    """Return no lesion, and say why."""
    return Segmentation(mask=mask, offset=offset, confidence=0.0, is_sure=False, reason=reason, kind=kind)


def doubt_it(found: Segmentation, reason: str) -> Segmentation:
    """Keep the mask but call it unsure, whatever its size."""
    return replace(found, is_sure=False, reason=found.reason or reason, doubt=found.doubt or reason)


def _find_level(field: Field, size: int) -> int:
    """Find the margin above which there is a certain share more or less than above zero."""
    if size == 0:
        return 0
    margins = field.margins[field.marks != 0]
    factor = AREA_PER_SIZE if field.image.shape[0] == 1 else VOLUME_PER_SIZE
    wanted = round(np.count_nonzero(margins > 0) * factor**size)
    wanted = min(max(wanted, 1), margins.size - 1)
    return int(np.partition(margins, margins.size - wanted - 1)[margins.size - wanted - 1])
