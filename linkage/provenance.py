"""Where a cohort comes from: each step with its options and the SHA-256 of its inputs, as ``provenance.json``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from linkage.settings import SETTINGS, setting_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from linkage.study import StudyConfig

PROVENANCE_FILE = "provenance.json"
SCORE_OPTIONS_FILE = "options.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A file that a step read, by name and SHA-256: the same bytes give the same results, wherever they lie."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step from reads to cohort.

    Attributes
    ----------
    name : str
        The command: ``score``, ``best`` or ``link``.
    options : mapping
        Every option in force, as JSON holds it.
    inputs : tuple of Input
    """

    name: str
    options: Mapping[str, object]
    inputs: tuple[Input, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Give the step as it stands in the file."""
        inputs = [{"file": one.file, "sha256": one.sha256} for one in self.inputs]
        return {"step": self.name, "options": dict(self.options), "inputs": inputs}


def compute_sha256(path: Path) -> str:
    """Compute the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def compute_sha256_of_all(paths: Iterable[Path]) -> str:
    """Compute one SHA-256 of many files, whatever their names and order: that of their digests, sorted."""
    digests = sorted(compute_sha256(path) for path in paths)
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def read_inputs(paths: Iterable[Path]) -> tuple[Input, ...]:
    """Name the files that a step reads."""
    return tuple(Input(file=path.name, sha256=compute_sha256(path)) for path in paths)


def link_step(config: StudyConfig) -> Step:
    """Say what the linking depends on, in the sections of the study file."""
    options: dict[str, dict[str, object]] = {
        "study": {
            "name": config.name,
            "cutoff_date": config.cutoff_date.isoformat() if config.cutoff_date else None,
        },
        "windows": {},
        "rules": {},
    }
    for row in SETTINGS:
        options[row.section][row.name] = setting_json(getattr(config.rules, row.name))
    program = f"recist-toolkit {version('recist-toolkit')}"
    study = [] if config.file is None else [config.file]
    inputs = read_inputs([*study, *(path for _, path in sorted(config.tables.items()))])
    return Step(name="link", options={"program": program, **options}, inputs=inputs)


def steps_before(config: StudyConfig) -> tuple[Step, ...]:
    """Find how the responses were made: the steps, or at least the options, that stand beside their table."""
    if "responses" not in config.tables:
        return ()
    folder = config.tables["responses"].parent
    steps = _read_object(folder / PROVENANCE_FILE).get("steps")
    if isinstance(steps, list):
        return tuple(_parse_step(step) for step in steps if isinstance(step, dict) and step.get("step") != "link")
    options = _read_object(folder / SCORE_OPTIONS_FILE)
    return (Step(name="score", options=options),) if "response" in options else ()


def _parse_step(step: Mapping[str, object]) -> Step:
    options, inputs = step.get("options"), step.get("inputs")
    return Step(
        name=str(step.get("step", "")),
        options=options if isinstance(options, dict) else {},
        inputs=tuple(
            Input(file=str(one.get("file", "")), sha256=str(one.get("sha256", "")))
            for one in (inputs if isinstance(inputs, list) else [])
            if isinstance(one, dict)
        ),
    )


def _read_object(path: Path) -> dict[str, object]:
    """Read a JSON object; empty where there is none: how the responses were made is then not known."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_provenance(steps: Iterable[Step], folder: Path) -> None:
    """Write the steps into a folder."""
    content = json.dumps({"steps": [step.as_json() for step in steps]}, indent=2, ensure_ascii=False)
    (folder / PROVENANCE_FILE).write_text(content + "\n", encoding="utf-8", newline="\n")
