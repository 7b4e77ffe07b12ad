"""Where the cohort came from: the steps before it, each with its settings and the SHA-256 of what it read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from survival.results import SourceStep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from survival.cohort import Cohort


def derive_provenance(cohort: Cohort) -> tuple[SourceStep, ...]:
    """Lay out the steps that `provenance.json` tells of; none where the cohort has no such file."""
    told: Any = getattr(cohort, "provenance", None) or {}
    return tuple(_step(entry) for entry in told.get("steps", ()))


def _step(entry: Mapping[str, Any]) -> SourceStep:
    return SourceStep(
        step=str(entry.get("step", "")),
        options=tuple(_flatten(entry.get("options", {}), "")),
        inputs=tuple((str(one.get("file", "")), str(one.get("sha256", ""))) for one in entry.get("inputs", ())),
    )


def _flatten(value: object, name: str) -> Iterator[tuple[str, str]]:
    """Write nested settings as lines of name and value; a setting that carries its own meaning gives its value."""
    if isinstance(value, dict):
        if "value" in value and "meaning" in value:
            yield name, _say(value["value"])
            return
        for key, inner in value.items():
            yield from _flatten(inner, f"{name}.{key}" if name else str(key))
        return
    yield name, _say(value)


def _say(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(entry) for entry in value) or "none"
    return "none" if value is None or value == "" else str(value)
