"""The settings of the survival report: every one has a name, a default and a sentence; unknown names are refused."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from recist.errors import DataError, MissingInput, UsageError
from recist.problems import Problem, require_no_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

SECTION = "survival"
OTHER_SECTIONS = ("study", "tables", "windows", "rules", "response", "criteria")
"""Tables of a study file that belong to linking and scoring."""
FEWEST_REPLICATES = 100
MOST_REPLICATES = 100_000
"""More bootstrap replicates than this change no printed digit and take hours."""


def _setting(default: object, says: str) -> Any:  # a field stands where its value's type is written
    return field(default=default, metadata={"says": says})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """What a report is made with; the defaults are those of the methods text.

    Examples
    --------
    >>> ReportOptions().landmark_days
    122
    """

    study: str = _setting("", "name of the study, for the title")
    statement: str = _setting("", "what stands under the title, such as that the data are synthetic")
    published: str = _setting("", "published study to stand beside: kane-2018, or empty for none")
    landmark_days: int = _setting(
        122, "landmark in days after the index date: when nearly all first follow-ups are over"
    )
    landmark_sensitivity_days: tuple[int, ...] = _setting((91, 122, 183), "landmarks tried beside it")
    window_days: tuple[int, ...] = _setting((42, 183), "first and last day of the first follow-up; others are flagged")
    retreatment_landmarks_days: tuple[int, ...] = _setting((183, 274, 365), "landmarks for the second treatment")
    covariates: tuple[str, ...] = _setting(
        ("age_years", "sex", "primary_site", "functional"), "baseline columns of the multivariable Cox models"
    )
    univariable_only: tuple[str, ...] = _setting(
        ("ki67_pct", "first_activity_mci"), "baseline columns shown one by one only"
    )
    groups: tuple[str, ...] = _setting(("group", "arm"), "columns known at the index date that split the cohort")
    split: str = _setting("imaging", "what the baseline table is split by: a response domain or one of the groups")
    survival_at_months: tuple[int, ...] = _setting((12, 24, 36, 60), "months at which survival is read off")
    confidence: float = _setting(0.95, "confidence of every interval")
    bootstrap: int = _setting(
        2000,
        f"bootstrap replicates behind a difference of medians, {FEWEST_REPLICATES} to {MOST_REPLICATES:,}",
    )
    seed: int = _setting(211, "seed of the bootstrap")
    minimum_group: int = _setting(10, "groups smaller than this are flagged")
    minimum_events: int = _setting(5, "groups with fewer events than this are flagged")

    def as_dict(self) -> dict[str, object]:
        """Give the settings with their values, tuples as lists."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def setting_sentences() -> dict[str, str]:
    """Give what each setting means, by name."""
    return {setting.name: setting.metadata["says"] for setting in fields(ReportOptions)}


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_days(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_whole(entry) and entry > 0 for entry in value)


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _is_positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_fraction(value: object) -> bool:
    return isinstance(value, float) and 0.5 <= value < 1


_RULES: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "study": (lambda value: isinstance(value, str), "a text"),
    "statement": (lambda value: isinstance(value, str), "a text"),
    "published": (lambda value: value in {"", "kane-2018"}, '"kane-2018" or ""'),
    "landmark_days": (_is_positive, "a whole number of days above 0"),
    "landmark_sensitivity_days": (_is_days, "a list of whole days above 0"),
    "window_days": (lambda value: _is_days(value) and len(value) == 2 and value[0] < value[1], "[first day, last day]"),  # type: ignore[arg-type,index]
    "retreatment_landmarks_days": (_is_days, "a list of whole days above 0"),
    "covariates": (_is_names, "a list of column names"),
    "univariable_only": (_is_names, "a list of column names"),
    "groups": (_is_names, "a list of column names"),
    "split": (lambda value: isinstance(value, str), "a response domain or a column name"),
    "survival_at_months": (_is_days, "a list of whole months above 0"),
    "confidence": (_is_fraction, "a number from 0.5 to below 1"),
    "bootstrap": (
        lambda value: _is_whole(value) and FEWEST_REPLICATES <= value <= MOST_REPLICATES,  # type: ignore[operator]
        f"a whole number from {FEWEST_REPLICATES} to {MOST_REPLICATES:,}: more change no printed digit and take hours",
    ),
    "seed": (lambda value: _is_whole(value) and value >= 0, "a whole number, 0 or above"),  # type: ignore[operator]
    "minimum_group": (_is_positive, "a whole number above 0"),
    "minimum_events": (_is_positive, "a whole number above 0"),
}


def check_settings(values: Mapping[str, object], file: str) -> list[Problem]:
    """Check names and values of a `[survival]` table; every fault at once."""
    problems = []
    for name, value in values.items():
        if name not in _RULES:
            problems.append(
                Problem(
                    file=file,
                    field=f"[{SECTION}] {name}",
                    code="unknown_setting",
                    message="there is no such setting",
                    found=name,
                    expected="one of " + ", ".join(_RULES),
                )
            )
            continue
        is_right, expected = _RULES[name]
        if not is_right(value):
            problems.append(
                Problem(
                    file=file,
                    field=f"[{SECTION}] {name}",
                    code="bad_setting",
                    message="the value of this setting is not usable",
                    found=str(value),
                    expected=expected,
                )
            )
    return problems


def check_document(document: Mapping[str, object], file: str) -> list[Problem]:
    """Check which tables a settings file has: those of the toolkit, and nothing outside them."""
    valid = ", ".join(f"[{name}]" for name in (SECTION, *OTHER_SECTIONS))
    problems = []
    for name, value in document.items():
        is_table = isinstance(value, dict)
        if is_table and name in {SECTION, *OTHER_SECTIONS}:
            continue
        where = f"[{name}]" if is_table else name
        message = "there is no such table" if is_table else f"stands outside a table; settings belong under [{SECTION}]"
        problems.append(
            Problem(file=file, field=where, code="unknown_table", message=message, found=where, expected=valid)
        )
    return problems


def make_options(values: Mapping[str, object], *, file: str = "settings") -> ReportOptions:
    """Make settings from plain values (lists become tuples).

    Raises
    ------
    DataError
        With every unknown name and unusable value.
    """
    problems = check_settings(values, file)
    if problems:
        raise DataError(problems)
    frozen = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return ReportOptions(**frozen)  # type: ignore[arg-type]


def read_options(path: Path) -> ReportOptions:
    """Read the `[survival]` table of a TOML file.

    The tables of linking and scoring are left alone, so a study's own file can be given; its `[study] name` becomes the
    title when `[survival] study` is not set.

    Raises
    ------
    DataError
        With every unknown table, unknown name and unusable value.
    """
    document = _read_document(path)
    section = document.get(SECTION, {})
    values: dict[str, object] = section if isinstance(section, dict) else {}
    require_no_errors([*check_document(document, path.name), *check_settings(values, path.name)])
    study = document.get("study", {})
    if "study" not in values and isinstance(study, dict) and isinstance(study.get("name"), str):
        values = {**values, "study": study["name"]}
    return make_options(values, file=path.name)


def _read_document(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise MissingInput(f"{path.name}: the settings file cannot be read") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UsageError(f"{path.name}: not a TOML file: {fault}") from fault
