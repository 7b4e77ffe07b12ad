"""Writing what linking gives: the tables, and every setting and input it came from."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from linkage.provenance import compute_sha256, link_step, steps_before, write_provenance
from linkage.settings import SETTINGS, setting_json
from recist.outputs import whole_folder
from recist.problems import problems_table
from recist.tables import write_table

if TYPE_CHECKING:
    from pathlib import Path

    from linkage.cohort import Linked
    from linkage.study import StudyConfig


def write_linked(linked: Linked, config: StudyConfig, folder: Path) -> None:
    """Write the cohort, its companions, the quality control, the problems and the options, whole or not at all.

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
        "reads": linked.reads,
        "treatments": linked.treatments,
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
        write_provenance((*steps_before(config), link_step(config)), staging)


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
                "value": setting_json(getattr(config.rules, row.name)),
                "default": setting_json(row.default),
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
