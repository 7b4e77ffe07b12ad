"""What one study file asks of ``recist run``: every section read by its own checker, every fault told at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from linkage.study import READ_TABLES, StudyConfig, parse_study, read_study_content
from recist.cli.criteria_choice import find_criteria
from recist.criteria import RECIST_1_1
from recist.errors import DataError, RecistError
from recist.measure import Convention
from recist.problems import Problem, require_no_errors
from recist.response import parse_options
from recist.response.options import find_option_faults
from survival.known_later import require_known_at_start
from survival.options import ReportOptions, read_options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recist.criteria import Criteria
    from recist.response import Options

IMAGES, CRITERIA, RESPONSE = "images", "criteria", "response"
IMAGE_KEYS = ("manifest", "convention")
CRITERIA_KEYS = ("name", "file")
TOLD_BY_LINKING = "unknown_table"  # linking looks at the same section names
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """Everything a run needs to know.

    Attributes
    ----------
    file : pathlib.Path
        The study file.
    study : StudyConfig
        For the linking; ``study.reads`` holds what is scored first.
    manifest : pathlib.Path or None
        Images to be measured before they are scored.
    convention : str
        Where the edge of a measured lesion lies.
    criteria : Criteria
    options : Options
        Of the scoring.
    report : ReportOptions
    """

    file: Path
    study: StudyConfig
    manifest: Path | None
    convention: str
    criteria: Criteria
    options: Options
    report: ReportOptions

    @property
    def measurements(self) -> tuple[Path, ...]:
        """Files of measurements."""
        return self.study.reads.get("measurements", ())

    @property
    def visits(self) -> tuple[Path, ...]:
        """Files of overall responses per visit."""
        return self.study.reads.get("visits", ())

    @property
    def scores(self) -> bool:
        """Tell whether responses are made in this run."""
        return bool(self.measurements or self.visits or self.manifest)


class _Faults:
    """Gathers what the checkers of the sections find."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, field: str, message: str, *, found: object = "", expected: str = "", code: str = "setting") -> None:
        """Note one fault."""
        problem = Problem(
            code=code,
            file=self.file,
            field=field,
            message=message,
            found=str(found) if found else "",
            expected=expected,
        )
        self.problems.append(problem)

    def attempt(self, section: str, read: Callable[[], Result]) -> Result | None:
        """Read a section; note its faults and give None when it has any."""
        try:
            return read()
        except DataError as fault:
            self.problems += [problem for problem in fault.problems if problem.code != TOLD_BY_LINKING]
        except RecistError as fault:
            self.add(section, str(fault))
        return None


def read_run_settings(path: Path) -> RunSettings:
    """Read a study file with all its sections, and look whether the files it names are there.

    Raises
    ------
    DataError
        With every fault of every section at once.
    """
    content = read_study_content(path)
    faults = _Faults(path.name)
    sections = {name: _section(content, name) for name in (IMAGES, CRITERIA, RESPONSE)}
    study = faults.attempt(
        "study", lambda: replace(parse_study(content, file=path.name, folder=path.parent), file=path)
    )
    manifest, convention = _parse_images(sections[IMAGES], path.parent, faults)
    criteria = _parse_criteria(sections[CRITERIA], path.parent, faults)
    options = _parse_response(sections[RESPONSE], criteria or RECIST_1_1, faults)
    report = faults.attempt("survival", lambda: _read_report_options(path))
    if study is not None:
        _check_reads(study, manifest, faults)
    require_no_errors(faults.problems)
    assert study is not None
    assert criteria is not None
    assert options is not None
    assert report is not None
    return RunSettings(
        file=path,
        study=study,
        manifest=manifest,
        convention=convention,
        criteria=criteria,
        options=options,
        report=report,
    )


def _read_report_options(path: Path) -> ReportOptions:
    options = read_options(path)
    require_known_at_start(options)
    return options


def _section(content: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Give a section; empty when it is not there, or no section (linking tells that)."""
    section = content.get(name, {})
    return section if isinstance(section, dict) else {}


def _refuse_unknown(section: Mapping[str, object], name: str, known: tuple[str, ...], faults: _Faults) -> None:
    for key in section:
        if key not in known:
            message = "there is no such setting; correct or remove it"
            faults.add(f"{name}.{key}", message, found=key, expected=", ".join(known), code="unknown_setting")


def _parse_images(section: Mapping[str, object], folder: Path, faults: _Faults) -> tuple[Path | None, str]:
    _refuse_unknown(section, IMAGES, IMAGE_KEYS, faults)
    convention = section.get("convention", Convention.QUARTER.value)
    if convention not in [one.value for one in Convention]:
        expected = " or ".join(f'"{one}"' for one in Convention)
        faults.add("images.convention", "there is no such convention", found=convention, expected=expected)
    manifest = section.get("manifest")
    if manifest is None:
        return None, str(convention)
    if not isinstance(manifest, str) or not (folder / manifest).is_file():
        faults.add("images.manifest", "there is no such file; check the path", found=manifest, expected="a CSV file")
        return None, str(convention)
    return folder / manifest, str(convention)


def _parse_criteria(section: Mapping[str, object], folder: Path, faults: _Faults) -> Criteria | None:
    _refuse_unknown(section, CRITERIA, CRITERIA_KEYS, faults)
    if set(CRITERIA_KEYS) <= set(section):
        faults.add("criteria", "give either the name or the file of the criteria", expected="name or file")
    name, file = section.get("name", RECIST_1_1.name), section.get("file")
    given = name if file is None else file
    if not isinstance(given, str):
        faults.add("criteria", "this is no text in quotation marks", found=given, expected='name = "recist-1.1"')
        return None
    wanted = given if file is None else str(folder / given)
    return faults.attempt("criteria", lambda: find_criteria(wanted))


def _parse_response(section: Mapping[str, object], criteria: Criteria, faults: _Faults) -> Options | None:
    for fault in find_option_faults(section):
        faults.add(RESPONSE, fault)
    return None if find_option_faults(section) else faults.attempt(RESPONSE, lambda: parse_options(section, criteria))


def _check_reads(study: StudyConfig, manifest: Path | None, faults: _Faults) -> None:
    """Look that one kind of read is given, and that every file is there unless this run makes it."""
    if "visits" in study.reads and ("measurements" in study.reads or manifest is not None):
        faults.add("tables.visits", "give either measurements or overall responses per visit, not both")
    is_scored = bool(study.reads) or manifest is not None
    made_here = ("responses", "best_responses") if is_scored else ()
    named = [(name, path) for name, path in study.tables.items() if name not in made_here]
    named += [(name, path) for name in READ_TABLES for path in study.reads.get(name, ())]
    for name, path in named:
        if not path.is_file():
            message = "there is no such file; check the path"
            faults.add(f"tables.{name}", message, found=_as_written(path, study), code="missing_file")


def _as_written(path: Path, study: StudyConfig) -> str:
    """Give a path as the study file has it: counted from the folder of that file."""
    folder = study.file.parent if study.file is not None else Path()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
