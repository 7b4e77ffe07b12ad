"""Millimetres from masks and from points: the long and the short axis of a lesion.

Public names: :func:`axes_from_mask`, :func:`axes_from_labels`, :class:`LesionAxes`, :class:`Convention`,
:func:`in_plane_length_mm`.
"""

from recist.measure.axes import LesionAxes, axes_from_labels, axes_from_mask
from recist.measure.convention import Convention
from recist.measure.length import in_plane_length_mm

__all__ = ["Convention", "LesionAxes", "axes_from_labels", "axes_from_mask", "in_plane_length_mm"]
