"""The two axes of a lesion on one slice: pure geometry, in pixels for the place and millimetres for every decision.

Points are ``(row, column)`` in pixels, zero-based, an integer being the centre of a pixel, float64. `spacing_mm` is
DICOM's PixelSpacing: (between rows, between columns). "Perpendicular" always means perpendicular in millimetres, which
on non-square pixels is not the same as perpendicular in pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from recist.measure.length import in_plane_length_mm

PROPOSED_SHORT_FRACTION = 2 / 3
SAME_POINT_PX = 1e-9

Point = tuple[float, float]
Spacing = tuple[float, float]


class Handle(StrEnum):
    """An end point that a reader can drag."""

    LONG_START = "long_start"
    LONG_END = "long_end"
    SHORT_START = "short_start"
    SHORT_END = "short_end"


LONG_HANDLES = (Handle.LONG_START, Handle.LONG_END)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caliper:
    """Long and short axis of a lesion on one slice, ends as (row, column) in pixels."""

    long_start: Point
    long_end: Point
    short_start: Point
    short_end: Point

    def end(self, handle: Handle) -> Point:
        """Give the end point that `handle` holds."""
        return self.ends()[handle]

    def ends(self) -> dict[Handle, Point]:
        """Give all four end points by handle."""
        points = (self.long_start, self.long_end, self.short_start, self.short_end)
        return dict(zip(Handle, points, strict=True))


def long_axis_mm(caliper: Caliper, spacing_mm: Spacing) -> float:
    """Measure the long axis in millimetres."""
    return in_plane_length_mm(caliper.long_start, caliper.long_end, spacing_mm)


def short_axis_mm(caliper: Caliper, spacing_mm: Spacing) -> float:
    """Measure the short axis in millimetres."""
    return in_plane_length_mm(caliper.short_start, caliper.short_end, spacing_mm)


def propose_caliper(start: Point, end: Point, spacing_mm: Spacing) -> Caliper:
    """Lay a short axis of two thirds across the middle of a long axis, for the reader to correct."""
    half_mm = PROPOSED_SHORT_FRACTION * in_plane_length_mm(start, end, spacing_mm) / 2
    return _cross(start, end, crossing=0.5, sides_mm=(half_mm, half_mm), spacing_mm=spacing_mm)


def move_end(caliper: Caliper, handle: Handle, to: Point, spacing_mm: Spacing) -> Caliper:
    """Drag one end to `to` and keep the axes perpendicular and crossing.

    An end of the long axis turns the short axis with it, which keeps its length and its place along the long axis. An
    end of the short axis goes where the reader puts it; the other end slides along the long axis to stay opposite. A
    short axis never leaves the long one: the crossing stays between its ends.
    """
    if math.dist(to, caliper.end(handle)) < SAME_POINT_PX:
        return caliper
    crossing, sides_mm = _shape(caliper, spacing_mm)
    if handle in LONG_HANDLES:
        moved = replace(caliper, **{handle.value: to})
        return _cross(moved.long_start, moved.long_end, crossing=crossing, sides_mm=sides_mm, spacing_mm=spacing_mm)
    along, across_mm = _project(caliper, to, spacing_mm)
    start_mm, end_mm = sides_mm
    if handle is Handle.SHORT_START:
        start_mm = max(0.0, across_mm)
    else:
        end_mm = max(0.0, -across_mm)
    return _cross(
        caliper.long_start,
        caliper.long_end,
        crossing=min(1.0, max(0.0, along)),
        sides_mm=(start_mm, end_mm),
        spacing_mm=spacing_mm,
    )


def middle(caliper: Caliper) -> Point:
    """Give the middle of the long axis."""
    (row, column), (other_row, other_column) = caliper.long_start, caliper.long_end
    return (row + other_row) / 2, (column + other_column) / 2


def nearest_handle(caliper: Caliper, point: Point, spacing_mm: Spacing, reach_mm: float) -> Handle | None:
    """Name the end point closest to `point`, or nothing when none is within `reach_mm`."""
    distances = {handle: in_plane_length_mm(end, point, spacing_mm) for handle, end in caliper.ends().items()}
    nearest = min(distances, key=distances.__getitem__)
    return nearest if distances[nearest] <= reach_mm else None


def angle_between_deg(caliper: Caliper, spacing_mm: Spacing) -> float:
    """Measure the angle between the axes in millimetre space, 0 to 90 degrees; 90 when an axis has no length."""
    long_mm, short_mm = long_axis_mm(caliper, spacing_mm), short_axis_mm(caliper, spacing_mm)
    if not long_mm * short_mm:
        return 90.0
    dot = sum(
        (b - a) * (d - c) * scale**2
        for a, b, c, d, scale in zip(
            caliper.long_start, caliper.long_end, caliper.short_start, caliper.short_end, spacing_mm, strict=True
        )
    )
    return math.degrees(math.acos(min(1.0, abs(dot) / (long_mm * short_mm))))


def _direction(start: Point, end: Point, spacing_mm: Spacing) -> tuple[float, float, float]:
    """Give the unit direction of a line in millimetre space and its length in millimetres."""
    length = in_plane_length_mm(start, end, spacing_mm)
    if not length:
        return 0.0, 1.0, 0.0
    return (end[0] - start[0]) * spacing_mm[0] / length, (end[1] - start[1]) * spacing_mm[1] / length, length


def _project(caliper: Caliper, point: Point, spacing_mm: Spacing) -> tuple[float, float]:
    """Give a point's place along the long axis (0 start, 1 end) and its signed distance across in millimetres."""
    row, column, length = _direction(caliper.long_start, caliper.long_end, spacing_mm)
    down = (point[0] - caliper.long_start[0]) * spacing_mm[0]
    right = (point[1] - caliper.long_start[1]) * spacing_mm[1]
    along = (down * row + right * column) / length if length else 0.5
    return along, right * row - down * column


def _shape(caliper: Caliper, spacing_mm: Spacing) -> tuple[float, tuple[float, float]]:
    """Give where the short axis crosses the long one (0 to 1) and how far it reaches to either side in millimetres."""
    along_start, start_mm = _project(caliper, caliper.short_start, spacing_mm)
    along_end, end_mm = _project(caliper, caliper.short_end, spacing_mm)
    return (along_start + along_end) / 2, (start_mm, -end_mm)


def _cross(start: Point, end: Point, *, crossing: float, sides_mm: tuple[float, float], spacing_mm: Spacing) -> Caliper:
    """Build the axes from the long axis, the crossing and the reach to either side."""
    row, column, _ = _direction(start, end, spacing_mm)
    foot = tuple(a + crossing * (b - a) for a, b in zip(start, end, strict=True))
    across = (-column / spacing_mm[0], row / spacing_mm[1])
    short_start, short_end = (
        (foot[0] + side * across[0], foot[1] + side * across[1]) for side in (sides_mm[0], -sides_mm[1])
    )
    return Caliper(long_start=start, long_end=end, short_start=short_start, short_end=short_end)
