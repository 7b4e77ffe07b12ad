"""From single images to series: what belongs together, in which order, and what the stack is."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recist.dicom.contrast import ContrastPhase, join_phases
from recist.dicom.geometry import Geometry, GeometryClass, derive_geometry

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from numpy.typing import NDArray

    from recist.dicom.header import Frame, ImageHeader

SAME_SPACING_MM = 1e-4
FEWEST_SLICES_OF_A_PHASE = 2


class Slice(NamedTuple):
    """One frame and the image it stands in."""

    header: ImageHeader
    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The slices of one series that belong together, in their order.

    Attributes
    ----------
    key : str
        SeriesInstanceUID; with ``/1``, ``/2``, … behind it where one series holds several stacks.
    slices : tuple of Slice
        Ascending along the normal.
    geometry : Geometry
        Its `order` is that of `slices`.
    """

    key: str
    slices: tuple[Slice, ...]
    geometry: Geometry

    @property
    def first(self) -> ImageHeader:
        """The header of the first slice, for what all slices share."""
        return self.slices[0].header

    @property
    def headers(self) -> tuple[ImageHeader, ...]:
        """The headers of the files, each once, in the order of the slices."""
        return tuple({each.header.name: each.header for each in self.slices}.values())

    @property
    def pixel_spacing_mm(self) -> tuple[float, float] | None:
        """(between rows, between columns)."""
        return self.slices[0].frame.pixel_spacing_mm

    @property
    def thickness_mm(self) -> float | None:
        """The largest SliceThickness."""
        return max((s.frame.thickness_mm for s in self.slices if s.frame.thickness_mm is not None), default=None)

    @property
    def kernel(self) -> str:
        """ConvolutionKernel, those of all slices joined by `` + `` where they differ."""
        return " + ".join(dict.fromkeys(s.frame.kernel for s in self.slices if s.frame.kernel))

    @property
    def contrast_phase(self) -> ContrastPhase:
        """The phase that all images share."""
        return join_phases({header.contrast_phase for header in self.headers})

    @property
    def is_localizer(self) -> bool:
        """Whether the images are projections."""
        return GeometryClass.LOCALIZER in self.geometry.classes

    @property
    def positions_lps(self) -> NDArray[np.float64]:
        """ImagePositionPatient, shape (n_slices, 3), NaN where unknown."""
        return _positions(self.slices)

    @property
    def orientations(self) -> NDArray[np.float64]:
        """ImageOrientationPatient, shape (n_slices, 6), NaN where unknown."""
        return _orientations(self.slices)


def _positions(slices: Sequence[Slice]) -> NDArray[np.float64]:
    return np.array([each.frame.position_lps or (np.nan,) * 3 for each in slices], dtype=np.float64)


def _orientations(slices: Sequence[Slice]) -> NDArray[np.float64]:
    return np.array([each.frame.orientation or (np.nan,) * 6 for each in slices], dtype=np.float64)


def group_series(headers: Iterable[ImageHeader]) -> list[Stack]:
    """Put the slices of every series together.

    Images of one series that differ in matrix, pixel spacing, frame of reference, StackID or kind (localizer) form
    stacks of their own. The number of the acquisition, of the time phase, or the time itself part a series only where
    that resolves duplicate positions, as between the phases of one injection; InstanceNumber, which repeats between
    reconstructions, never does.

    Returns
    -------
    list of Stack
        In the order of the first file of each series; the stacks of a series that differ in pixel spacing alone
        follow each other.
    """
    groups: dict[Hashable, list[Slice]] = defaultdict(list)
    for header in headers:
        for frame in header.frames:
            groups[_group_key(header, frame)].append(Slice(header, frame))
    stacks = [
        stack
        for slices in groups.values()
        for part in _by_spacing(slices)
        for stack in _stacks(sorted(part, key=_as_acquired))
    ]
    return _with_keys(stacks)


def _group_key(header: ImageHeader, frame: Frame) -> Hashable:
    return (
        header.series_uid,
        header.sop_class_uid,
        header.layout.rows,
        header.layout.columns,
        header.frame_of_reference_uid,
        frame.is_localizer,
        frame.stack_id,
    )


def _by_spacing(slices: list[Slice]) -> list[list[Slice]]:
    """Part slices whose pixel spacing differs by more than the last digits of a header, whatever their order."""
    spacings = {each.frame.pixel_spacing_mm for each in slices}
    if len(spacings) == 1:
        return [slices]
    of_rows, of_columns = (_classes_of({each[axis] for each in spacings if each is not None}) for axis in (0, 1))
    parts: dict[Hashable, list[Slice]] = defaultdict(list)
    for each in slices:
        spacing = each.frame.pixel_spacing_mm
        parts[spacing and (of_rows[spacing[0]], of_columns[spacing[1]])].append(each)
    return list(parts.values())


def _classes_of(values_mm: set[float]) -> dict[float, float]:
    """Give the smallest value that each counts as, none farther from it than the last digits of a header."""
    classes: dict[float, float] = {}
    least = -np.inf
    for value in sorted(values_mm):
        least = least if value - least <= SAME_SPACING_MM else value
        classes[value] = least
    return classes


# What may tell the phases of one injection apart (PS3.3 C.7.6.16.2.2, C.7.6.6, C.7.6.1); the first that does is taken.
PHASES: tuple[Callable[[Slice], Hashable], ...] = (
    lambda each: each.frame.acquisition_number,
    lambda each: each.frame.temporal_position,
    lambda each: each.header.acquired,
)


def _as_acquired(each: Slice) -> tuple[int, str, int]:
    return each.header.instance_number or 0, each.header.name, each.frame.number


def _stacks(slices: list[Slice]) -> list[Stack]:
    """Make one stack, or one a phase where that resolves duplicate positions."""
    together = _stack(slices)
    if GeometryClass.DUPLICATE_POSITIONS not in together.geometry.classes:
        return [together]
    for phase_of in PHASES:
        phases: dict[Hashable, list[Slice]] = defaultdict(list)
        for each in slices:
            phases[phase_of(each)].append(each)
        if 1 < len(phases) <= len(slices) // FEWEST_SLICES_OF_A_PHASE:
            parted = [_stack(phase) for phase in phases.values()]
            if all(_is_phase(stack) for stack in parted):
                return parted
    return [together]


def _is_phase(stack: Stack) -> bool:
    has_repeats = GeometryClass.DUPLICATE_POSITIONS in stack.geometry.classes
    return len(stack.slices) >= FEWEST_SLICES_OF_A_PHASE and not has_repeats


def _stack(slices: list[Slice]) -> Stack:
    first = slices[0]
    geometry = derive_geometry(
        _positions(slices),
        _orientations(slices),
        is_localizer=first.frame.is_localizer,
        has_pixel_spacing=first.frame.pixel_spacing_mm is not None,
    )
    ordered = tuple(slices[index] for index in geometry.order)
    return Stack(key=first.header.series_uid, slices=ordered, geometry=geometry)


WITHOUT_IMAGES = (GeometryClass.REGULAR, GeometryClass.TILTED, GeometryClass.NONUNIFORM, GeometryClass.MISSING_SLICES)


def mark_lost(stack: Stack, n_lost: int) -> Stack:
    """Say of a stack that images of its series cannot be read, so that it is no whole volume whatever its spacing."""
    geometry = stack.geometry
    if n_lost == 0 or not any(name in WITHOUT_IMAGES for name in geometry.classes):
        return stack
    others = [name for name in geometry.classes if name not in (GeometryClass.REGULAR, GeometryClass.MISSING_SLICES)]
    marked = replace(
        geometry,
        classes=(*others, GeometryClass.MISSING_SLICES),
        slice_spacing_mm=None,
        missing_slices=max(geometry.missing_slices, n_lost),
    )
    return replace(stack, geometry=marked)


def _with_keys(stacks: list[Stack]) -> list[Stack]:
    """Give the stacks of a series that has several a number each, larger ones first, localizers last."""
    counts = Counter(stack.key for stack in stacks)
    numbered: dict[int, str] = {}
    for uid in (key for key, count in counts.items() if count > 1):
        siblings = sorted(
            (stack for stack in stacks if stack.key == uid), key=lambda stack: (stack.is_localizer, -len(stack.slices))
        )
        numbered.update({id(stack): f"{uid}/{number}" for number, stack in enumerate(siblings, start=1)})
    return [
        Stack(key=numbered.get(id(stack), stack.key), slices=stack.slices, geometry=stack.geometry) for stack in stacks
    ]
