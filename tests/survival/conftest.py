"""What tests against R share: reading its values, and keeping the largest difference of every quantity."""

import os
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).parent / "reference"
TABLE = "DIFFERENCES_FROM_R"
"""Name an environment variable so to have the table of the largest differences written to its path."""
PACKAGES = ("survival", "cmprsk", "mice", "mitml", "MASS", "boot", "HSAUR3", "msm")
KEPT = pytest.StashKey[dict[str, list[tuple[str, float, int]]]]()


def pytest_configure(config):
    config.stash[KEPT] = defaultdict(list)


def pytest_collection_modifyitems(config, items):
    """Leave out what runs R where R or its packages are not installed."""
    asked = [item for item in items if item.get_closest_marker("r")]
    if asked and not r_is_installed():
        config.hook.pytest_deselected(items=asked)
        items[:] = [item for item in items if item not in asked]


def r_is_installed():
    if shutil.which("Rscript") is None:
        return False
    needed = "; ".join(f"library({package})" for package in PACKAGES)
    return subprocess.run(["Rscript", "-e", needed], check=False, capture_output=True).returncode == 0


@pytest.fixture
def agree(request):
    """Assert that ours is R's, relative to the larger of 1 and R's value, and remember how close it was."""

    def compare(quantity, data, ours, theirs, tolerance):
        ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
        assert ours.shape == theirs.shape, (quantity, ours, theirs)
        assert theirs.size
        np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs), err_msg=quantity)
        known = ~np.isnan(theirs)
        off = np.abs(ours - theirs)[known] / np.maximum(1, np.abs(theirs[known]))
        largest = float(off.max(initial=0.0))
        request.config.stash[KEPT][quantity].append((data, largest, int(known.sum())))
        assert largest <= tolerance, f"{quantity}: {ours} where R has {theirs}"

    return compare


def pytest_sessionfinish(session):
    kept = session.config.stash[KEPT]
    if not kept or TABLE not in os.environ:
        return
    rows = [
        {
            "quantity": quantity,
            "data_sets": len({data for data, _, _ in found}),
            "numbers": sum(count for _, _, count in found),
            "largest_difference": f"{max(off for _, off, _ in found):.1e}",
        }
        for quantity, found in sorted(kept.items())
    ]
    pd.DataFrame(rows).to_csv(os.environ[TABLE], index=False)
