"""The committed values are what R says: the scripts run again, where R and its packages are installed."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).parent / "reference"
DRAWN = {"rubin.csv", "imputation.csv"}
"""Tables that rest on draws of mice, the same only with the same versions."""


def versions(folder):
    """The programs' versions, without the date."""
    return (folder / "versions.txt").read_text(encoding="utf-8").splitlines()[:-1]


@pytest.mark.r
@pytest.mark.parametrize(("folder", "script"), [(".", "make_reference.R"), ("battery", "make_battery.R")])
def test_the_scripts_give_the_committed_values_again(folder, script, tmp_path):
    shutil.copytree(REFERENCE, tmp_path / "reference")
    again, kept = tmp_path / "reference" / folder, REFERENCE / folder
    for table in [*again.glob("*.csv"), *again.glob("data/*.csv")]:
        table.unlink()
    subprocess.run(["Rscript", script], cwd=again, check=True, capture_output=True, timeout=900)
    same = versions(again) == versions(kept)
    for table in [*kept.glob("*.csv"), *kept.glob("data/*.csv")]:
        if table.name in DRAWN and not same:
            continue
        ours, theirs = pd.read_csv(table), pd.read_csv(again / table.relative_to(kept))
        numeric = ours.select_dtypes("number").columns
        pd.testing.assert_frame_equal(ours.drop(columns=numeric), theirs.drop(columns=numeric), obj=table.name)
        close = 1e-9 if same else 1e-6
        np.testing.assert_allclose(theirs[numeric], ours[numeric], rtol=close, atol=close, err_msg=table.name)
