"""Look at the machine: what is installed, what is missing, what hides what."""

from __future__ import annotations

import importlib.util
import os
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

OLDEST_PYTHON = (3, 11)
PACKAGES = ("recist", "viewer", "linkage", "survival", "sample_dicom")
CODECS = {
    "JPEG 2000": "openjpeg",
    "RLE": "rle",
    "JPEG-LS": "jpeg_ls",
    "JPEG and JPEG lossless": "gdcm",
}
SCREEN = {"napari": "napari", "Qt (PySide6)": "PySide6"}
VIEWER_ADVICE = 'for reading on screen: pip install ".[viewer]" in the folder of the toolkit'


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    part: str
    found: str
    is_well: bool
    advice: str = ""


def examine() -> list[Finding]:
    """Look at everything, without importing what is heavy."""
    return [_python(), *_own_packages(), *_codecs(), *_screen(), _display()]


def _python() -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(
        part="Python", found=found, is_well=sys.version_info >= OLDEST_PYTHON, advice="" if found else "install 3.11"
    )


def _own_packages() -> list[Finding]:
    """See whether another project's package of the same name hides one of ours."""
    home = Path(__file__).resolve().parent.parent
    findings = []
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        place = Path(spec.origin).resolve().parent.parent if spec and spec.origin else None
        is_ours = place == home
        findings.append(
            Finding(
                part=f"package {name}",
                found="ours" if is_ours else f"hidden by {place}",
                is_well=is_ours,
                advice="" if is_ours else "another package has this name; install the toolkit in a fresh environment",
            )
        )
    return findings


def _codecs() -> list[Finding]:
    return [_module(f"codec {label}", name, "reinstall the toolkit") for label, name in CODECS.items()]


def _screen() -> list[Finding]:
    return [_module(label, name, VIEWER_ADVICE) for label, name in SCREEN.items()]


def _module(part: str, name: str, advice: str) -> Finding:
    is_there = importlib.util.find_spec(name) is not None
    return Finding(
        part=part, found=_version(name) if is_there else "missing", is_well=is_there, advice="" if is_there else advice
    )


def _version(name: str) -> str:
    distributions = metadata.packages_distributions().get(name, [])
    return metadata.version(distributions[0]) if distributions else "there"


def _display() -> Finding:
    """On Linux a window needs an X or Wayland display."""
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return Finding(part="display", found="there", is_well=True)
    return Finding(
        part="display",
        found="none",
        is_well=True,
        advice="napari needs one; without a screen: xvfb-run recist annotate …",
    )
