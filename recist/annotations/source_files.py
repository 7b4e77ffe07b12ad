"""Files of other programs: found, told apart by what they hold, and read each by its own reader."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from recist.annotations.aim import findings_of_aim
from recist.annotations.aim_tree import read_tree
from recist.annotations.content import STRUCTURED_REPORTS, read_report
from recist.annotations.deep_lesion import MARKS as DEEP_LESION
from recist.annotations.deep_lesion import findings_of_deep_lesion
from recist.annotations.ohif_csv import MARKS as OHIF
from recist.annotations.ohif_csv import findings_of_ohif_csv
from recist.annotations.report_groups import findings_of_report
from recist.annotations.text_files import header_of, read_text
from recist.errors import DataError, RecistError
from recist.guarded import call_guarded
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from recist.annotations.finding import Finding
    from recist.progress import Progress

Found = tuple[list["Finding"], list[Problem]]

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


def read_files(paths: Iterable[Path], progress: Progress) -> Found:
    """Read every file; one that cannot be read is a problem, and the others are read all the same.

    Files of a folder that hold no measurements, such as images, are passed over and counted; a file that was named is
    always answered for.
    """
    named = list(paths)
    files = [(path, name, is_named) for place in named for path, name, is_named in _files(place)]
    findings: list[Finding] = []
    problems: list[Problem] = []
    passed = 0
    for done, (path, name, is_named) in enumerate(files, start=1):
        outcome = _try_read(path, name, is_named=is_named)
        if outcome is None:
            passed += 1
        else:
            findings += outcome[0]
            problems += outcome[1]
        progress(done, len(files))
    if passed:
        message = f"{passed} files hold no measurements that can be imported and were passed over, such as images"
        problems.append(Problem(code="passed_over", severity=Severity.WARNING, message=message))
    return findings, problems


def _files(place: Path) -> Iterator[tuple[Path, str, bool]]:
    """Give (path, name, whether it was named) of a file, or of all files below a folder."""
    if not place.is_dir():
        yield place, place.name, True
        return
    for root, folders, names in os.walk(place):
        folders.sort()
        for name in sorted(names):
            path = place.__class__(root, name)
            shown = path.relative_to(place).as_posix()
            yield path, shown.encode("utf-8", "backslashreplace").decode(), False


def _try_read(path: Path, name: str, *, is_named: bool) -> Found | None:
    """Read one file; None where it is no file of measurements and was not named."""
    if not path.is_file():
        if not is_named:
            return None
        return [], [_missing(name)]
    try:
        if path.suffix.lower() in TEXT_ENDINGS:
            return _read_text_file(path, name, is_named=is_named)
        return _read_dicom(path, name) if is_named or _is_report(path) else None
    except DataError as fault:
        return [], list(fault.problems)
    except (RecistError, OSError) as fault:
        reason = str(fault) if isinstance(fault, RecistError) else "the file may not be opened"
        return [], [Problem(code="unreadable_file", file=name, message=f"the file was not imported: {reason}")]


def _is_report(path: Path) -> bool:
    """Look at the first bytes of a file for a structured report, so that folders of images are passed quickly."""
    with path.open("rb") as stream:
        begin = stream.read(2048)
    return begin[PREAMBLE_BYTES - len(DICOM_MARK) : PREAMBLE_BYTES] == DICOM_MARK and (
        STRUCTURED_REPORTS.encode() in begin
    )


def _read_dicom(path: Path, name: str) -> Found:
    _require_size(path, name, LARGEST_REPORT_BYTES)
    return findings_of_report(call_guarded(read_report, path, seconds=SECONDS), name)


def _require_size(path: Path, name: str, largest: int) -> None:
    if path.stat().st_size > largest:
        message = f"the file is larger than {largest >> 20} MiB, which no file of its kind is; it was not read"
        raise DataError([Problem(code="too_large", file=name, message=message)])


def _read_text_file(path: Path, name: str, *, is_named: bool) -> Found | None:
    if path.suffix.lower() != ".csv":
        return _read_tree_file(path, name, is_named=is_named)
    text = read_text(path, name)
    columns = set(header_of(text))
    if columns >= OHIF:
        return findings_of_ohif_csv(text, name)
    if columns >= DEEP_LESION:
        return findings_of_deep_lesion(text, name)
    if not is_named:
        return None
    message = "the columns are those of no program that is known: OHIF and DeepLesion write tables that can be imported"
    return [], [Problem(code="unknown_table", file=name, row=1, message=message)]


def _read_tree_file(path: Path, name: str, *, is_named: bool) -> Found | None:
    _require_size(path, name, LARGEST_TREE_BYTES)
    tree, fault = call_guarded(read_tree, read_text(path, name), seconds=SECONDS)
    if fault:
        message = f"the file was not imported: {fault}"
        return [], [Problem(code="unreadable_file", file=name, message=message)]
    found = findings_of_aim(tree, name)
    is_foreign = not is_named and any(problem.code == "not_aim" for problem in found[1])
    return None if is_foreign else found
