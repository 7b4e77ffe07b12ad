"""Reading settings: from a TOML file or plain values to `ReportOptions`, or every fault at once."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from recist.errors import MissingInput, UsageError
from recist.problems import require_no_errors
from survival.settings.agreement import check_agreement
from survival.settings.checks import SECTION, check_document, check_settings
from survival.settings.report_options import ReportOptions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recist.problems import Problem


def make_options(values: Mapping[str, object], *, file: str = "settings") -> ReportOptions:
    """Make settings from plain values (lists become tuples, tables the entries they declare).

    Raises
    ------
    DataError
        With every unknown name and unusable value.
    """
    require_no_errors(check_settings(values, file))
    options: ReportOptions = _make(ReportOptions, values)
    require_no_errors(check_agreement(options, file))
    return options


def _make(kind: type, values: Mapping[str, object]) -> Any:  # what the kind makes
    entries = {one.name: one.metadata["rule"].entry for one in fields(kind)}
    return kind(**{name: _freeze(value, entries[name]) for name, value in values.items()})


def _freeze(value: object, entry: type | None) -> object:
    if not isinstance(value, list):
        return value
    return tuple(_make(entry, one) if entry is not None and isinstance(one, dict) else one for one in value)


def read_options(path: Path) -> ReportOptions:
    """Read the `[survival]` table of a TOML file.

    The tables of linking and scoring are left alone, so a study's own file can be given; its `[study] name` becomes the
    title when `[survival] study` is not set.

    Raises
    ------
    DataError
        With every unknown table, unknown name and unusable value.
    """
    options, problems = read_usable_options(path)
    require_no_errors(problems)
    return options


def read_usable_options(path: Path) -> tuple[ReportOptions, list[Problem]]:
    """Read the settings that are usable, with every fault of the others.

    So that a table can be looked at in the same round; with faults, nothing may be analysed by these settings.
    """
    document = _read_document(path)
    section = document.get(SECTION, {})
    values: dict[str, object] = section if isinstance(section, dict) else {}
    problems = [*check_document(document, path.name), *check_settings(values, path.name)]
    study = document.get("study", {})
    if "study" not in values and isinstance(study, dict) and isinstance(study.get("name"), str):
        values = {**values, "study": study["name"]}
    options: ReportOptions = _make(ReportOptions, _keep_usable(ReportOptions, values) if problems else values)
    disagreements = check_agreement(options, path.name)
    if any("primary" in problem.field for problem in disagreements):
        options = replace(options, primary="")
    return options, problems + disagreements


def _keep_usable(kind: type, values: Mapping[str, object]) -> dict[str, object]:
    """Keep the settings that exist and have a usable value; in tables inside them too."""
    rules = {one.name: one.metadata["rule"] for one in fields(kind)}
    kept = {name: value for name, value in values.items() if name in rules and rules[name].is_right(value)}
    for name, value in kept.items():
        entry = rules[name].entry
        if entry is not None and isinstance(value, list):
            needed = {one.name for one in fields(entry) if one.metadata["required"]}
            tables = [_keep_usable(entry, one) for one in value]
            kept[name] = [one for one in tables if needed <= set(one)]
    return kept


def _read_document(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as fault:
        raise MissingInput(f"{path}: there is no such settings file; check the path") from fault
    except IsADirectoryError as fault:
        raise MissingInput(f"{path}: this is a folder; name the settings file, a TOML") from fault
    except OSError as fault:
        raise MissingInput(f"{path}: the settings file cannot be opened; check whether you may read it") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UsageError(f"{path.name}: not a TOML file: {fault}") from fault
