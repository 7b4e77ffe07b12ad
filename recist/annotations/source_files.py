"""Files of other programs: found, told apart by what they hold, and read each by its own reader."""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

from recist.annotations.aim import findings_of_aim
from recist.annotations.aim_tree import read_tree
from recist.annotations.content import STRUCTURED_REPORTS, read_report
from recist.annotations.deep_lesion import MARKS as DEEP_LESION
from recist.annotations.deep_lesion import findings_of_deep_lesion
from recist.annotations.ohif_csv import MARKS as OHIF
from recist.annotations.ohif_csv import findings_of_ohif_csv
from recist.annotations.report_groups import findings_of_report
from recist.annotations.source_verdicts import NOTHING
from recist.annotations.text_files import header_of, read_text
from recist.dicom.scan import shown_name
from recist.errors import DataError, RecistError
from recist.guarded import call_guarded
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from recist.annotations.finding import Finding
    from recist.progress import Progress

Found = tuple[list["Finding"], list[Problem]]
Source = tuple["Path", str, bool]

TEXT_ENDINGS = {".csv", ".json", ".xml", ".aim"}
PREAMBLE_BYTES = 132
DICOM_MARK = b"DICM"
LARGEST_REPORT_BYTES = 64 * 1024 * 1024
LARGEST_TREE_BYTES = 16 * 1024 * 1024
SECONDS = 5.0


def require_sources(paths: Iterable[Path]) -> None:
    """Refuse paths where nothing is, before anything is read or written.

    Raises
    ------
    DataError
        With every one of them.
    """
    missing = [_missing(path.name) for path in paths if not path.exists()]
    if missing:
        raise DataError(missing)


def _missing(name: str) -> Problem:
    return Problem(code="missing_file", file=name, message="there is no such file or folder; check the path")


def read_files(paths: Iterable[Path], progress: Progress) -> tuple[list[Finding], list[Problem], dict[str, str]]:
    """Read every file; one that cannot be read is a problem, and the others are read all the same.

    Returns
    -------
    findings : list of Finding
    problems : list of Problem
    sources : dict of str to str
        Every file, with the reason it was passed over; empty where it was read. In folders what is no file of
        measurements, such as an image, is passed over; a file that was named is always read.
    """
    files = _distinct([each for place in paths for each in _files(place)])
    findings: list[Finding] = []
    problems: list[Problem] = []
    sources: dict[str, str] = {}
    for done, (path, name, is_named) in enumerate(files, start=1):
        outcome = _try_read(path, name, is_named=is_named)
        sources[name] = outcome if isinstance(outcome, str) else ""
        if not isinstance(outcome, str):
            findings += outcome[0]
            problems += outcome[1] if any(outcome) else [_nothing(name)]
        progress(done, len(files))
    return findings, problems, sources


def _nothing(name: str) -> Problem:
    return Problem(code="nothing_measured", file=name, severity=Severity.WARNING, message=NOTHING)


def _files(place: Path) -> Iterator[Source]:
    """Give (path, name, whether it was named) of a file, or of all files below a folder."""
    if not place.is_dir():
        yield place, shown_name(place.name), True
        return
    closed: list[OSError] = []
    for root, folders, names in os.walk(place, onerror=closed.append):
        folders.sort()
        links = [name for name in folders if place.__class__(root, name).is_symlink()]
        for name in sorted([*names, *links]):
            path = place.__class__(root, name)
            yield path, shown_name(path.relative_to(place).as_posix()), False
    for fault in closed:
        path = place.__class__(os.fsdecode(fault.filename))
        yield path, shown_name(path.relative_to(place).as_posix()), False


def _distinct(files: list[Source]) -> list[Source]:
    """Give every file once, and files of one name in several folders names of their own."""
    names: set[str] = set()
    distinct = {}
    for path, name, is_named in files:
        if path in distinct:
            continue
        own = next(each for n in count(1) if (each := name if n == 1 else f"{name} ({n})") not in names)
        names.add(own)
        distinct[path] = (path, own, is_named)
    return list(distinct.values())


def _try_read(path: Path, name: str, *, is_named: bool) -> Found | str:
    """Read one file; where it is no file of measurements and was not named, say why instead."""
    if not path.is_file():
        return ([], [_missing(name)]) if is_named else _why_no_file(path)
    try:
        if path.suffix.lower() in TEXT_ENDINGS:
            return _read_text_file(path, name, is_named=is_named)
        return (_why_no_report(path) if not is_named else "") or _read_dicom(path, name, is_named=is_named)
    except DataError as fault:
        return [], list(fault.problems)
    except (RecistError, OSError) as fault:
        reason = str(fault) if isinstance(fault, RecistError) else "the file may not be opened"
        return [], [Problem(code="unreadable_file", file=name, message=f"the file was not imported: {reason}")]


def _why_no_file(path: Path) -> str:
    if path.is_dir():
        return "a link to a folder; links are not followed" if path.is_symlink() else "a folder that may not be opened"
    return "a link to nothing" if path.is_symlink() else "no plain file"


def _why_no_report(path: Path) -> str:
    """Look at the first bytes of a file for a structured report, so that folders of images are passed quickly."""
    with path.open("rb") as stream:
        begin = stream.read(2048)
    if begin[PREAMBLE_BYTES - len(DICOM_MARK) : PREAMBLE_BYTES] != DICOM_MARK:
        return "neither DICOM nor CSV, JSON or XML"
    return "" if STRUCTURED_REPORTS.encode() in begin else "DICOM, but no structured report"


def _read_dicom(path: Path, name: str, *, is_named: bool) -> Found | str:
    _require_size(path, name, LARGEST_REPORT_BYTES)
    found = findings_of_report(call_guarded(read_report, path, seconds=SECONDS), name)
    return found if is_named else _foreign(found, "not_a_measurement_report") or found


def _foreign(found: Found, code: str) -> str:
    """Say why a file is of another kind; empty where it is not."""
    return next((problem.message for problem in found[1] if problem.code == code), "")


def _require_size(path: Path, name: str, largest: int) -> None:
    if path.stat().st_size > largest:
        message = f"the file is larger than {largest >> 20} MiB, which no file of its kind is; it was not read"
        raise DataError([Problem(code="too_large", file=name, message=message)])


def _read_text_file(path: Path, name: str, *, is_named: bool) -> Found | str:
    if path.suffix.lower() != ".csv":
        return _read_tree_file(path, name, is_named=is_named)
    text = read_text(path, name)
    columns = set(header_of(text))
    if columns >= OHIF:
        return findings_of_ohif_csv(text, name)
    if columns >= DEEP_LESION:
        return findings_of_deep_lesion(text, name)
    message = "the columns are those of no program that is known: OHIF and DeepLesion write tables that can be imported"
    if not is_named:
        return message
    return [], [Problem(code="unknown_table", file=name, row=1, message=message)]


def _read_tree_file(path: Path, name: str, *, is_named: bool) -> Found | str:
    _require_size(path, name, LARGEST_TREE_BYTES)
    tree, fault = call_guarded(read_tree, read_text(path, name), seconds=SECONDS)
    if fault:
        message = f"the file was not imported: {fault}"
        return [], [Problem(code="unreadable_file", file=name, message=message)]
    found = findings_of_aim(tree, name)
    return found if is_named else _foreign(found, "not_aim") or found
