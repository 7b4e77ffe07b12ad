"""`python -m sample_dicom FOLDER` makes the sample study."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from recist.cli.screen import progress_bar, say, say_error
from recist.errors import RecistError
from sample_dicom import make_study


def main() -> int:
    """Make the study into the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m sample_dicom", description="Make the sample study.")
    parser.add_argument("folder", type=Path, help="where the study shall appear")
    parser.add_argument("--subject", action="append", dest="subjects", help="only this subject; may be repeated")
    given = parser.parse_args()
    try:
        with progress_bar("Drawing slices") as progress:
            folder = make_study(given.folder, subjects=given.subjects, progress=progress)
    except RecistError as fault:
        say_error(str(fault))
        return fault.exit_code
    say(f"The sample study is in {folder}: dicom/, manifest.csv, truth.csv")
    return 0


if __name__ == "__main__":
    sys.exit(main())
