"""The voxels of one stack, read by several threads, each image with its own rescale."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from recist.dicom.faults import Refused, attempt
from recist.dicom.grouping import Stack, group_series
from recist.dicom.hounsfield import find_ends, fits_int16, mask_padding, rescale_of, write_hu
from recist.dicom.pixels import Portion, plan_portions, read_portion
from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import DTypeLike, NDArray

    from recist.dicom.header import Frame, ImageHeader
    from recist.dicom.pixels import Stored
    from recist.progress import Progress

    Hu = NDArray[np.int16] | NDArray[np.float32]

N_THREADS = max(2, min(8, os.cpu_count() or 2))
UNREADABLE = "its pixels cannot be read"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Volume:
    """The voxels of a stack.

    Attributes
    ----------
    stack : Stack
        Without the images that could not be decoded.
    hu : array, shape (n_slices, n_rows, n_columns)
    padding : array of bool or None
    notes : tuple of str
        Which images could not be decoded, and why.
    """

    stack: Stack
    hu: Hu
    padding: NDArray[np.bool_] | None
    notes: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class _Target:
    """Where the threads write: the volume, and the padding of the slices that have some."""

    hu: Hu
    padding: dict[int, NDArray[np.bool_]]
    is_exact: bool = True


def read_volume(stack: Stack, progress: Progress) -> Volume:
    """Read all images of a stack.

    An image that cannot be decoded is left out and named in the notes, and the geometry is derived anew without it.

    Raises
    ------
    DicomError
        When no image can be decoded, with every reason.
    """
    target, refused = _fill(stack, np.int16 if _may_fit_int16(stack) else np.float32, progress)
    if not target.is_exact:
        target, refused = _fill(stack, np.float32, progress)
    notes = tuple(f"{name}: {reason}" for name, reason in refused.items())
    if not refused:
        return Volume(stack=stack, hu=target.hu, padding=_join_padding(target, range(len(stack.slices))), notes=notes)
    return _without(stack, target, refused, notes)


def _may_fit_int16(stack: Stack) -> bool:
    rescales = [rescale_of(each.frame) for each in stack.slices]
    return all(slope.is_integer() and intercept.is_integer() for slope, intercept in rescales)


def _fill(stack: Stack, dtype: DTypeLike, progress: Progress) -> tuple[_Target, dict[str, str]]:
    """Read every image into a fresh volume; give it and the refused images with their reasons."""
    layout = stack.first.layout
    target = _Target(hu=np.empty((len(stack.slices), layout.rows, layout.columns), dtype), padding={})
    places: dict[str, dict[int, int]] = {}
    for index, each in enumerate(stack.slices):
        places.setdefault(each.header.name, {})[each.frame.number] = index

    def fill(job: tuple[ImageHeader, Portion]) -> Refused | None:
        header, portion = job
        filler = _Filler(header=header, places=places[header.name], target=target)
        return attempt(lambda: filler.fill(portion), otherwise=UNREADABLE)

    refused: dict[str, str] = {}
    with ThreadPoolExecutor(N_THREADS) as threads:
        jobs = list(_plan(stack.headers, refused))
        for done, ((header, _), outcome) in enumerate(zip(jobs, threads.map(fill, jobs), strict=True), start=1):
            if outcome is not None:
                refused.setdefault(header.name, outcome.reason)
            progress(done, len(jobs))
    return target, refused


def _plan(headers: Sequence[ImageHeader], refused: dict[str, str]) -> Iterator[tuple[ImageHeader, Portion]]:
    """Cut all images into portions; an image that cannot be cut is refused."""
    for header in headers:
        portions = attempt(partial(plan_portions, header), otherwise=UNREADABLE)
        if isinstance(portions, Refused):
            refused[header.name] = portions.reason
        else:
            yield from ((header, portion) for portion in portions)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filler:
    """Fills the slices of one image; `places` leads from frame number to slice."""

    header: ImageHeader
    places: dict[int, int]
    target: _Target

    def fill(self, portion: Portion) -> None:
        """Read a portion and write its Hounsfield units."""
        for index, stored in read_portion(self.header, portion, self._room):
            self._write(self.header.frames[index], stored)

    def _room(self, index: int) -> NDArray[np.int16] | None:
        """Offer the slice itself for the stored values of frame `index`, from 0, which saves a copy."""
        place = self.places.get(index + 1)
        return None if place is None or self.target.hu.dtype != np.int16 else self.target.hu[place]

    def _write(self, frame: Frame, stored: Stored) -> None:
        place = self.places.get(frame.number)
        if place is None:
            return
        layout, target = self.header.layout, self.target
        ends = find_ends(stored, layout, frame)
        if target.hu.dtype == np.int16 and not fits_int16(ends, frame):
            target.is_exact = False
            return
        mask = mask_padding(stored, layout.padding, ends)
        if mask is not None:
            target.padding[place] = mask
        write_hu(stored, frame, target.hu[place])


def _join_padding(target: _Target, indices: range | list[int]) -> NDArray[np.bool_] | None:
    if not target.padding:
        return None
    padding = np.zeros((len(indices), *target.hu.shape[1:]), dtype=np.bool_)
    for place, index in enumerate(indices):
        if index in target.padding:
            padding[place] = target.padding[index]
    return padding


def _without(stack: Stack, target: _Target, refused: dict[str, str], notes: tuple[str, ...]) -> Volume:
    """Take the refused images out; the geometry is that of the rest."""
    rest = [header for header in stack.headers if header.name not in refused]
    if not rest:
        raise DicomError("\n".join(["No image of the series can be read.", *notes]))
    index_of = {(each.header.name, each.frame.number): index for index, each in enumerate(stack.slices)}
    remaining = max(group_series(rest), key=lambda each: len(each.slices))
    indices = [index_of[each.header.name, each.frame.number] for each in remaining.slices]
    return Volume(stack=remaining, hu=target.hu[indices], padding=_join_padding(target, indices), notes=notes)
