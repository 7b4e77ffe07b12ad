"""DICOM segmentations, laid on the slices of the series they were drawn on."""

from recist.dicom.seg.reading import SEG_CLASSES, read_segmentation
from recist.dicom.seg.segment import Segment

__all__ = ["SEG_CLASSES", "Segment", "read_segmentation"]
