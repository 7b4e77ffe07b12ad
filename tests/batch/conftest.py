"""Studies of small label images, and a worker that misbehaves as its rows say."""

import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from recist.batch import child

HEADER = "subject,timepoint,date,image,mask,label,lesion,role,site,nodal,state\n"
N_LESIONS = 12

# answers as a measuring process does, without measuring; the site of the first row says how it fails
MISBEHAVING = """
import json, os, pathlib, signal, sys, time
print("ready", flush=True)
for line in sys.stdin:
    task = json.loads(line)
    row = task["rows"][0]
    mark = pathlib.Path(task["folder"]) / f"tried-{task['index']}"
    is_first = not mark.exists()
    with mark.open("a") as file:
        file.write("x")
    if row["site"] == "slow":
        time.sleep(0.2)
    if row["site"] == "hang":
        time.sleep(600)
    if row["site"] == "crash" or (row["site"] == "crash once" and is_first):
        os.kill(os.getpid(), signal.SIGSEGV)
    rows = [{**row, "state": "measured", "long_axis_mm": 10.0, "reader": "reader-1"}]
    print(json.dumps({
        "index": 0, "task": "", "status": "done", "reason": "", "rows": rows, "problems": [],
        "inputs": "", "seconds": 0.1, "host": "here", "pid": os.getpid(),
    }), flush=True)
"""


def write_mask(path: Path, rows: int, columns: int) -> None:
    labels = np.zeros((3, 20, 30), dtype=np.uint8)
    labels[1, 2 : 2 + rows, 3 : 3 + columns] = 1
    image = sitk.GetImageFromArray(labels)
    image.SetSpacing((0.5, 0.8, 4.0))
    sitk.WriteImage(image, str(path))


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A manifest of twelve lesions, each in a mask of its own; the fifth and the ninth cannot be measured."""
    folder = tmp_path / "study"
    folder.mkdir()
    lines = []
    for k in range(N_LESIONS):
        write_mask(folder / f"mask{k}.nrrd", 3 + k, 5 + k)
        label = "7" if k in (4, 8) else "1"
        lines.append(f"S{k % 3},visit {k // 3},2020-01-{k + 1:02},,mask{k}.nrrd,{label},T{k},target,liver,,\n")
    (folder / "manifest.csv").write_text(HEADER + "".join(lines), encoding="utf-8")
    return folder / "manifest.csv"


@pytest.fixture
def misbehaving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let measuring processes be such that do what the site of the row says."""
    (tmp_path / "worker.py").write_text(MISBEHAVING, encoding="utf-8")
    monkeypatch.setattr(child, "COMMAND", [sys.executable, "-S", str(tmp_path / "worker.py")])
