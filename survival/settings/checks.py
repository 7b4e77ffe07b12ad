"""The checks of a settings file: every unknown name and unusable value at once, each with what would be right."""

from __future__ import annotations

from dataclasses import fields
from difflib import get_close_matches
from typing import TYPE_CHECKING

from recist.problems import Problem
from survival.settings.report_options import ReportOptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from survival.settings.rule import Rule

SECTION = "survival"
OTHER_SECTIONS = ("study", "tables", "windows", "rules", "images", "response", "criteria")
"""Tables of a study file that belong to linking and scoring."""


def say_nearest(name: str, valid: Iterable[str]) -> str:
    """Ask for the valid name that looks most like a wrong one; empty where none does.

    Examples
    --------
    >>> say_nearest("landmark", ["landmark_days", "seed"])
    '; did you mean landmark_days?'
    """
    near = get_close_matches(name, list(valid), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def check_settings(values: Mapping[str, object], file: str) -> list[Problem]:
    """Check names and values of a `[survival]` table, with the tables inside it; every fault at once."""
    return _check_values(ReportOptions, values, f"[{SECTION}]", file)


def _check_values(kind: type, values: Mapping[str, object], where: str, file: str) -> list[Problem]:
    known = {one.name: one for one in fields(kind)}
    problems = [
        Problem(
            file=file,
            field=f"{where} {name}",
            code="missing_setting",
            message="this name must be given here",
            expected=one.metadata["rule"].expected,
        )
        for name, one in known.items()
        if one.metadata["required"] and name not in values
    ]
    for name, value in values.items():
        if name not in known:
            problems.append(
                Problem(
                    file=file,
                    field=f"{where} {name}",
                    code="unknown_setting",
                    message=f"there is no such setting{say_nearest(name, known)}",
                    found=name,
                    expected="one of " + ", ".join(known),
                )
            )
            continue
        problems += _check_value(known[name].metadata["rule"], name, value, where, file)
    return problems


def _check_value(rule: Rule, name: str, value: object, where: str, file: str) -> list[Problem]:
    if not rule.is_right(value):
        return [
            Problem(
                file=file,
                field=f"{where} {name}",
                code="bad_setting",
                message="the value of this setting is not usable",
                found=str(value),
                expected=rule.expected,
            )
        ]
    if rule.entry is None or not isinstance(value, list | tuple):
        return []
    return [
        problem
        for place, entry in enumerate(value, start=1)
        if isinstance(entry, dict)
        for problem in _check_values(rule.entry, entry, f"[[{SECTION}.{name}]] number {place},", file)
    ]


def check_document(document: Mapping[str, object], file: str) -> list[Problem]:
    """Check which tables a settings file has: those of the toolkit, and nothing outside them."""
    sections = (SECTION, *OTHER_SECTIONS)
    valid = ", ".join(f"[{name}]" for name in sections)
    problems = []
    for name, value in document.items():
        is_table = isinstance(value, dict)
        if is_table and name in sections:
            continue
        where = f"[{name}]" if is_table else name
        message = f"there is no such table{say_nearest(name, sections)}"
        if not is_table:
            message = f"stands outside a table; settings belong under [{SECTION}]"
        problems.append(
            Problem(file=file, field=where, code="unknown_table", message=message, found=where, expected=valid)
        )
    return problems
