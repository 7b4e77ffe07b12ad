"""The generator of the sample cohort: 211 synthetic patients calibrated to a published abstract.

Every number is invented. The model (hazards, shares, correlations) stands in `parameters`, the random streams in
`seeds`; `make_cohort` turns one seed into the tables of a cohort, and `python -m sample_dicom.cohort_model FOLDER`
writes the shipped cohort again, byte for byte.
"""

from __future__ import annotations

from sample_dicom.cohort_model.cohort import make_cohort, make_shipped_cohort
from sample_dicom.cohort_model.course import Course, draw_course
from sample_dicom.cohort_model.seeds import SHIPPED, Seeds
from sample_dicom.cohort_model.write import write_cohort

__all__ = ["SHIPPED", "Course", "Seeds", "draw_course", "make_cohort", "make_shipped_cohort", "write_cohort"]
