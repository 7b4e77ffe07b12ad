"""The tracking UID of each lesion in reports written: one for life, given or made."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from recist.annotations.lesion_uids import derive_uid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recist.annotations.written_lesion import WrittenLesion
    from recist.problems import Problem

Lesion = tuple[str, str, str]  # subject, reader, lesion id


def with_tracking_uids(
    lesions: Iterable[WrittenLesion], study: str, file: str
) -> tuple[list[WrittenLesion], list[Problem]]:
    """Give every lesion one tracking UID in all its rows.

    It is the one that a row of the same subject, reader and lesion gives, the earliest where they give several, which
    is told; else one made of study, subject and lesion.

    Parameters
    ----------
    lesions : iterable of WrittenLesion
        With the tracking UIDs of the table, empty where it has none.
    study : str
        Name of the trial.
    file : str
        What problems call the table.
    """
    lesions = list(lesions)
    given: dict[Lesion, list[WrittenLesion]] = defaultdict(list)
    for lesion in sorted(lesions, key=lambda each: (each.day or "9", each.row)):
        if lesion.tracking_uid:
            given[_key(lesion)].append(lesion)
    problems = [problem for same in given.values() for problem in _check_one(same, file)]
    problems += _check_own(given, file)
    named = [replace(each, tracking_uid=_uid_of(each, given.get(_key(each), []), study)) for each in lesions]
    return named, problems


def _key(lesion: WrittenLesion) -> Lesion:
    return lesion.subject, lesion.reader, lesion.lesion


def _uid_of(lesion: WrittenLesion, given: list[WrittenLesion], study: str) -> str:
    return given[0].tracking_uid if given else derive_uid("lesion", study, lesion.subject, lesion.lesion)


def _check_one(same: list[WrittenLesion], file: str) -> list[Problem]:
    """Find the first row of a lesion that gives another UID than its earliest one."""
    first = same[0]
    other = next((each for each in same if each.tracking_uid != first.tracking_uid), None)
    if other is None:
        return []
    message = (
        f"the lesion has another tracking UID than in row {first.row}; all its reports got that of row {first.row}"
    )
    return [other.problem(file, "two_tracking_uids", message, found=other.lesion, is_error=False)]


def _check_own(given: dict[Lesion, list[WrittenLesion]], file: str) -> list[Problem]:
    """Find lesions of one reader that share a UID: programs that read the reports would take them for one."""
    owners: dict[tuple[str, str, str], WrittenLesion] = {}
    problems = []
    for same in given.values():
        first = same[0]
        owner = owners.setdefault((first.subject, first.reader, first.tracking_uid), first)
        if owner is not first:
            message = f"the lesion has the tracking UID of the lesion of row {owner.row}; only one of them can have it"
            problems.append(first.problem(file, "shared_tracking_uid", message, found=first.lesion))
    return problems
