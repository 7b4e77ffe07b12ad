"""The table of settings, made from :class:`linkage.rules.Rules`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import cast

from linkage.choices import Window
from linkage.rules import Rules

SettingValue = bool | int | float | str | Window | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row of the table of settings.

    Attributes
    ----------
    section, name : str
        Where it stands in the study file: ``[section] name = …``.
    default : SettingValue
        Its type is the type the study file must give.
    unit, meaning, source : str
    """

    section: str
    name: str
    default: SettingValue
    unit: str
    meaning: str
    source: str

    @property
    def choices(self) -> tuple[str, ...]:
        """Words that may be given; empty when the set is open."""
        return tuple(type(self.default)) if isinstance(self.default, StrEnum) else ()


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(name=row.name, default=cast("SettingValue", row.default), **row.metadata) for row in fields(Rules)
)


def settings_markdown() -> str:
    """Write the table of settings for the documentation, one line a setting."""
    lines = ["| section | name | default | unit | meaning | source |", "| --- | --- | --- | --- | --- | --- |"]
    for row in SETTINGS:
        cells = (row.section, f"`{row.name}`", f"`{setting_text(row.default)}`", row.unit, row.meaning, row.source)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def setting_json(value: SettingValue) -> object:
    """Give a value as JSON holds it."""
    if isinstance(value, Window):
        return [value.earliest, value.latest]
    return list(value) if isinstance(value, tuple) else value


def setting_text(value: SettingValue) -> str:
    """Write a value as the study file holds it."""
    if isinstance(value, Window):
        return f"[{value.earliest}, {value.latest}]"
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{word}"' for word in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"
