"""The sample cohort as `recist demo` makes it, in seconds: the six patients with images come from their plan."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd

from recist.tables import read_cells, write_table
from sample_dicom import cohort_folder


def make_sample_cohort(folder: Path) -> Path:
    """Score the reads and link the tables of the sample study, in a process of its own with progress bars of its own.

    Returns
    -------
    pathlib.Path
        The study file; the linked cohort lies in ``folder / "cohort"``.
    """
    tables = folder / "tables"
    shutil.copytree(cohort_folder(), tables)
    planned = read_cells(tables / "imaging_plan.csv").drop(columns=["key", "shape"])
    reads = pd.concat([read_cells(tables / "measurements.csv"), planned]).fillna("")
    write_table(reads, folder / "measured" / "measurements.csv")
    subprocess.run([sys.executable, __file__, str(folder)], check=True, capture_output=True)
    return tables / "study.toml"


def _score_and_link(folder: Path) -> None:
    """Do what `recist run` does before the report."""
    from recist.cli import run_steps
    from recist.cli.run_settings import read_run_settings

    settings = read_run_settings(folder / "tables" / "study.toml")
    run_steps.score_step(settings, folder)
    run_steps.link_step(settings, folder)


if __name__ == "__main__":
    _score_and_link(Path(sys.argv[1]))
