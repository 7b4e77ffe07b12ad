"""Values of a study file: taken over with their types, every fault gathered."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from linkage.choices import Window
from linkage.rules import IMAGING_SOURCES, Rules
from linkage.settings import SETTINGS, Setting, SettingValue, setting_text
from recist.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WINDOW_ENDS = 2


class Faults:
    """Gathers what is wrong in one study file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, code: str, where: str, message: str, found: object = "", expected: str = "") -> None:
        """Note one fault at the setting `where`."""
        self.problems.append(
            Problem(code=code, file=self.file, field=where, message=message, found=str(found), expected=expected)
        )

    def wrong_type(self, where: str, found: object, expected: str) -> None:
        """Note a value of the wrong type."""
        self.add("wrong_type", where, "this value does not fit here; write it as expected", found, expected)

    def refuse_unknown(self, section: Mapping[str, object], known: Iterable[str], name: str) -> None:
        """Note every key of a section that is not known, naming those that are."""
        for key in section:
            if key not in known:
                where = f"{name}.{key}" if name else key
                message = "there is no such setting; correct or remove it"
                self.add("unknown_setting", where, message, key, ", ".join(known))

    def section(self, content: Mapping[str, object], name: str) -> Mapping[str, object]:
        """Give one section of the file; empty when it is not there."""
        section = content.get(name, {})
        if isinstance(section, dict):
            return section
        self.wrong_type(name, section, f"a section, [{name}]")
        return {}


def parse_text(section: Mapping[str, object], section_name: str, key: str, faults: Faults) -> str:
    """Take a text from a section; empty when it is not given."""
    found = section.get(key, "")
    if isinstance(found, str):
        return found
    faults.wrong_type(f"{section_name}.{key}", found, "a text in quotation marks")
    return ""


def parse_rules(sections: Mapping[str, Mapping[str, object]], faults: Faults) -> Rules:
    """Take the rules from the sections that hold settings, defaults filling the rest."""
    values: dict[str, SettingValue] = {}
    for name, section in sections.items():
        faults.refuse_unknown(section, [row.name for row in SETTINGS if row.section == name], name)
    for row in SETTINGS:
        section = sections.get(row.section, {})
        if row.name not in section:
            continue
        value = parse_setting(row, section[row.name])
        if value is None:
            faults.wrong_type(f"{row.section}.{row.name}", section[row.name], expected_text(row))
        else:
            values[row.name] = value
    return Rules(**values)  # type: ignore[arg-type]  # every value was parsed to the type of its default


def parse_setting(row: Setting, found: object) -> SettingValue | None:
    """Give the value with the type of the setting's default, or None when it does not fit."""
    default = row.default
    if isinstance(default, StrEnum):
        return type(default)(found) if found in row.choices else None
    if isinstance(default, Window):
        return _parse_window(found)
    if isinstance(default, tuple):
        return _parse_words(row, found)
    if isinstance(default, bool | str):
        return found if isinstance(found, type(default)) else None
    return _parse_number(default, found)


def _parse_number(default: float, found: object) -> int | float | None:
    if isinstance(found, bool) or not isinstance(found, int | float) or found < 0:
        return None
    if isinstance(default, int):
        return found if isinstance(found, int) else None
    return float(found) if found > 0 else None


def _parse_window(found: object) -> Window | None:
    if not isinstance(found, list) or len(found) != WINDOW_ENDS:
        return None
    if any(isinstance(day, bool) or not isinstance(day, int) for day in found) or found[0] > found[1]:
        return None
    return Window(earliest=found[0], latest=found[1])


def _parse_words(row: Setting, found: object) -> tuple[str, ...] | None:
    if not isinstance(found, list) or not all(isinstance(word, str) and word for word in found):
        return None
    if len(set(found)) != len(found):
        return None
    if row.name == "imaging_sources" and not (found and set(found) <= set(IMAGING_SOURCES)):
        return None
    return tuple(found)


def expected_text(row: Setting) -> str:
    """Say what a setting takes, with its default as the example."""
    if row.choices:
        return " or ".join(f'"{word}"' for word in row.choices)
    example = setting_text(row.default)
    if isinstance(row.default, Window):
        return f"two whole numbers, the earliest and the latest day, like {example}"
    if isinstance(row.default, tuple):
        among = f" among {', '.join(IMAGING_SOURCES)}" if row.name == "imaging_sources" else ""
        return f"a list of different names{among}, like {example}"
    words = {bool: "true or false", int: "a whole number ≥ 0", float: "a number > 0", str: "a text"}
    return f"{words[type(row.default)]}, like {example}"
