"""The study file: a TOML that names the tables of a study and the rules that differ from the defaults.

::

    [study]
    name = "131I-MIBG 1991-2014"
    cutoff_date = 2016-12-31

    [tables]                      # paths relative to the study file; subjects and treatments must be given
    subjects = "subjects.csv"
    treatments = "treatments.csv"

    [windows]
    imaging_days = [42, 183]

    [rules]
    marker = "CgA"
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linkage.rules import Rules
from linkage.toml_values import Faults, parse_rules, parse_text
from recist.errors import DataError
from recist.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REQUIRED_TABLES = ("subjects", "treatments")
TABLE_NAMES = (*REQUIRED_TABLES, "patients", "symptoms", "labs", "report_responses", "responses", "best_responses")
READ_TABLES = ("measurements", "visits")  # one file or several; `recist run` makes responses of them
SECTIONS = ("study", "tables", "windows", "rules")
OTHER_SECTIONS = ("images", "criteria", "response", "survival")  # the same file may serve the other commands
STUDY_KEYS = ("name", "cutoff_date")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyConfig:
    """What a study file says.

    Attributes
    ----------
    name : str
    cutoff_date : datetime.date or None
        Nothing after it is used; None leaves it to ``cutoff_date`` of the subjects.
    tables : dict of str to pathlib.Path
        The table files that were named, by table.
    reads : dict of str to tuple of pathlib.Path
        The files of ``measurements`` or ``visits``: what responses are made of before they are linked.
    rules : Rules
    file : pathlib.Path or None
        The study file itself.
    """

    name: str
    cutoff_date: dt.date | None = None
    tables: Mapping[str, Path] = field(default_factory=dict)
    reads: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    file: Path | None = None


def read_study(path: Path) -> StudyConfig:
    """Read a study file and refuse whatever it holds that is unknown or of the wrong type.

    Raises
    ------
    DataError
        With every fault at once.
    """
    content = read_study_content(path)
    return replace(parse_study(content, file=path.name, folder=path.parent), file=path)


def read_study_content(path: Path) -> dict[str, object]:
    """Read a study file as it stands.

    Raises
    ------
    DataError
        When there is no such file, or it is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        message = "there is no such study file; check the path"
        raise DataError([Problem(code="missing_file", file=path.name, message=message)]) from fault
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        message = f"the study file is not TOML in UTF-8: {fault}"
        raise DataError([Problem(code="unreadable_file", file=path.name, message=message)]) from fault


def parse_study(content: Mapping[str, object], *, file: str, folder: Path) -> StudyConfig:
    """Turn the content of a study file into a :class:`StudyConfig`.

    Parameters
    ----------
    content : mapping
        As the TOML reader gives it.
    file : str
        How problems name the study file.
    folder : pathlib.Path
        What the paths of the tables are relative to.

    Raises
    ------
    DataError
        With every fault at once.
    """
    faults = Faults(file)
    faults.refuse_unknown(content, (*SECTIONS, *OTHER_SECTIONS), "")
    study, tables, windows, rules = (faults.section(content, name) for name in SECTIONS)
    faults.refuse_unknown(study, STUDY_KEYS, "study")
    faults.refuse_unknown(tables, (*TABLE_NAMES, *READ_TABLES), "tables")
    config = StudyConfig(
        name=parse_text(study, "study", "name", faults) or file.removesuffix(".toml"),
        cutoff_date=_parse_cutoff(study, faults),
        tables=_parse_tables(tables, folder, faults),
        reads=_parse_reads(tables, folder, faults),
        rules=parse_rules({"windows": windows, "rules": rules}, faults),
    )
    if faults.problems:
        raise DataError(faults.problems)
    return config


def _parse_cutoff(study: Mapping[str, object], faults: Faults) -> dt.date | None:
    given = study.get("cutoff_date")
    if isinstance(given, str):
        try:
            given = dt.date.fromisoformat(given)
        except ValueError:
            faults.wrong_type("study.cutoff_date", given, "a date, 2016-12-31")
            return None
    if given is None or (isinstance(given, dt.date) and not isinstance(given, dt.datetime)):
        return given
    faults.wrong_type("study.cutoff_date", given, "a date, 2016-12-31")
    return None


def _parse_tables(tables: Mapping[str, object], folder: Path, faults: Faults) -> dict[str, Path]:
    for name in REQUIRED_TABLES:
        if name not in tables:
            message = f'the study needs this table; write {name} = "{name}.csv" under [tables]'
            faults.add("missing_table", f"tables.{name}", message)
    names = {name: parse_text(tables, "tables", name, faults) for name in TABLE_NAMES if name in tables}
    return {name: folder / path for name, path in names.items() if path}


def _parse_reads(tables: Mapping[str, object], folder: Path, faults: Faults) -> dict[str, tuple[Path, ...]]:
    reads = {}
    for name in READ_TABLES:
        found = tables.get(name, [])
        files = [found] if isinstance(found, str) else found
        if not isinstance(files, list) or not all(isinstance(file, str) and file for file in files):
            faults.wrong_type(f"tables.{name}", found, "a file name, or a list of file names")
        elif files:
            reads[name] = tuple(folder / file for file in files)
    return reads
