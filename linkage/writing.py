"""Writing what linking gives: the tables, and every setting and input it came from."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from linkage.choices import Window
from linkage.settings import SETTINGS, SettingValue
from recist.outputs import whole_folder
from recist.problems import problems_table
from recist.tables import write_table

if TYPE_CHECKING:
    from pathlib import Path

    from linkage.cohort import Linked
    from linkage.study import StudyConfig


def write_linked(linked: Linked, config: StudyConfig, folder: Path) -> None:
    """Write the cohort, the spans, the flow, the quality control, the problems and the options, whole or not at all.

    Parameters
    ----------
    linked : Linked
    config : StudyConfig
        What the linking was asked for.
    folder : pathlib.Path
        Made when missing; files of the same names are replaced.
    """
    tables = {
        "cohort": linked.cohort,
        "spans": linked.spans,
        "flow": linked.flow,
        "qc": linked.quality,
        "conflicts": linked.conflicts,
        "problems": problems_table(linked.problems),
    }
    with whole_folder(folder) as staging:
        for name, table in tables.items():
            write_table(table, staging / f"{name}.csv")
        options = json.dumps(describe_options(config), indent=2, ensure_ascii=False)
        (staging / "options.json").write_text(options + "\n", encoding="utf-8")


def describe_options(config: StudyConfig) -> dict[str, object]:
    """Say everything a result depends on: study, settings in force, inputs with their SHA-256, versions."""
    return {
        "study": {
            "name": config.name,
            "cutoff_date": config.cutoff_date.isoformat() if config.cutoff_date else None,
        },
        "settings": {
            row.name: {
                "section": row.section,
                "value": _to_json(getattr(config.rules, row.name)),
                "default": _to_json(row.default),
                "unit": row.unit,
                "meaning": row.meaning,
                "source": row.source,
            }
            for row in SETTINGS
        },
        "inputs": {
            name: {"file": path.name, "sha256": compute_sha256(path)} for name, path in sorted(config.tables.items())
        },
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("recist-toolkit", "numpy", "pandas")},
        },
    }


def _to_json(value: SettingValue) -> object:
    if isinstance(value, Window):
        return list(dataclasses.astuple(value))
    return list(value) if isinstance(value, tuple) else value


def compute_sha256(path: Path) -> str:
    """Compute the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
