"""Write the shipped cohort again: `python -m sample_dicom.cohort_model FOLDER`."""

from __future__ import annotations

import argparse
from pathlib import Path

from sample_dicom.cohort_model.write import write_cohort

parser = argparse.ArgumentParser(prog="python -m sample_dicom.cohort_model", description=__doc__)
parser.add_argument("folder", type=Path)
write_cohort(parser.parse_args().folder)
