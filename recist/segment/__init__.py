"""From a click or a drawn long axis to the mask of a lesion.

Public names: :func:`from_click`, :func:`from_axis`, :class:`Segmentation`, :class:`LesionKind`.
"""

from recist.segment.click import from_click
from recist.segment.drawn import from_axis
from recist.segment.kind import LesionKind
from recist.segment.segmentation import Segmentation

__all__ = ["LesionKind", "Segmentation", "from_axis", "from_click"]
