"""Which findings are one lesion: groups of one report, several reports of one study, and one lesion over the years.

A tracking UID names a lesion for life. Where there is none, or each study has its own, the lesion's name joins them,
within one subject; and two lesions of one study never share a name.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from recist.annotations.finding import NO_AXIS, Finding
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

SAME_MM = 0.05
Kept = tuple[list[Finding], list[Problem]]


def merge_groups(findings: Iterable[Finding]) -> Kept:
    """Put groups of one report with the same tracking UID together; what both state must agree."""
    merged: dict[Hashable, Finding] = {}
    problems: list[Problem] = []
    for number, finding in enumerate(findings):
        key: Hashable = (finding.file, finding.report_uid, finding.tracking_uid) if finding.tracking_uid else number
        before = merged.get(key)
        if before is None:
            merged[key] = finding
            continue
        merged[key] = _joined(before, finding)
        if not _agree(before, finding):
            message = "two groups of one report measure the same lesion and disagree; the first one was kept"
            problems.append(_two(finding, before, "groups_disagree", message))
    return list(merged.values()), problems


def _joined(first: Finding, second: Finding) -> Finding:
    names = ("label", "role", "site", "timepoint", "observer")
    filled = {name: getattr(first, name) or getattr(second, name) for name in names}
    return replace(
        first,
        long_axis=second.long_axis if first.long_axis is NO_AXIS else first.long_axis,
        short_axis=second.short_axis if first.short_axis is NO_AXIS else first.short_axis,
        nodal=second.nodal if first.nodal is None else first.nodal,
        **filled,
    )


def _agree(first: Finding, second: Finding) -> bool:
    pairs = ((first.long_axis, second.long_axis), (first.short_axis, second.short_axis))
    numbers = [(a.length_mm, b.length_mm) for a, b in pairs if a.is_given and b.is_given]
    return first.state == second.state and all(abs(a - b) <= SAME_MM for a, b in numbers)


def _two(finding: Finding, other: Finding, code: str, message: str, *, is_error: bool = True) -> Problem:
    report = finding.problem if is_error else finding.warning
    return report(code, message, found=f"{_sizes(finding)} here", expected=f"{_sizes(other)} in {_place(other)}")


def _sizes(finding: Finding) -> str:
    axes = (("long", finding.long_axis), ("short", finding.short_axis))
    told = [f"{name} {axis.length_mm:.2f} mm" for name, axis in axes if axis.is_given]
    return ", ".join(told) or finding.state


def _place(finding: Finding) -> str:
    return finding.file if finding.row is None else f"{finding.file}, row {finding.row}"


def drop_repeats(findings: Iterable[Finding]) -> Kept:
    """Keep one of several readings of the same lesion in the same study by the same reader.

    Copies are dropped; of different readings the later file is kept and the matter told. Where no file is later, none
    is kept: which one is right cannot be known here.
    """
    by_lesion: dict[Hashable, list[Finding]] = defaultdict(list)
    for number, finding in enumerate(findings):
        by_lesion[_reading(finding, number)].append(finding)
    kept: list[Finding] = []
    problems: list[Problem] = []
    for same in by_lesion.values():
        chosen, faults = _choose(same)
        kept += chosen
        problems += faults
    return kept, problems


def _reading(finding: Finding, number: int) -> Hashable:
    if finding.study_uid and finding.tracking_uid:
        return finding.person, finding.reader, finding.study_uid, finding.tracking_uid
    return ("report", finding.report_uid, finding.row) if finding.report_uid else number


def _choose(same: list[Finding]) -> Kept:
    if len(same) == 1:
        return same, []
    same = sorted(same, key=lambda each: each.written, reverse=True)
    last, rest = same[0], same[1:]
    if all(_agree(last, other) for other in rest):
        copies = [other for other in rest if other.report_uid != last.report_uid]
        message = "the same lesion of the same study stands in another file too, with the same sizes; used once"
        return [last], [_two(other, last, "read_twice", message, is_error=False) for other in copies]
    if all(other.written < last.written or _agree(last, other) for other in rest):
        message = "a later file measures the same lesion of the same study differently; the later one was used"
        return [last], [_two(other, last, "replaced_by_later", message, is_error=False) for other in rest]
    message = (
        "two files measure the same lesion of the same study differently and neither is later; neither was imported, "
        "take one away, or name their readers"
    )
    return [], [_two(other, last, "readings_disagree", message) for other in rest if not _agree(last, other)]


def name_lesions(findings: list[Finding]) -> Kept:
    """Give every lesion one id for life.

    The id is the name people gave it, else ``L1``, ``L2``, … in the order of the subject's lesions.
    """
    problems: list[Problem] = []
    ordered = sorted(findings, key=lambda each: (each.person, str(each.date or ""), each.file, each.row or 0))
    taken = {(each.person, each.lesion or each.label) for each in findings}
    names: dict[Hashable, str] = {}
    named = []
    for place, finding in enumerate(ordered):
        key = _for_life(finding, place)
        name = finding.lesion or names.get(key) or finding.label or _next_name(finding.person, taken)
        names.setdefault(key, name)
        taken.add((finding.person, name))
        if not finding.lesion and finding.label not in ("", name):
            message = "one tracking UID goes by two names; the earlier name was kept"
            problems.append(finding.warning("two_names", message, found=finding.label, expected=name))
        named.append(replace(finding, lesion=name))
    by_hand = {place for place, finding in enumerate(ordered) if finding.lesion}
    return named, problems + _check_names(named, by_hand)


def _next_name(person: str, taken: set[tuple[str, str]]) -> str:
    return next(name for number in count(1) if (person, name := f"L{number}") not in taken)


def _for_life(finding: Finding, place: int) -> Hashable:
    if finding.tracking_uid:
        return finding.person, "uid", finding.tracking_uid
    return (finding.person, finding.label) if finding.label else place


def _check_names(findings: list[Finding], by_hand: set[int]) -> list[Problem]:
    """Find lesions of one study that share a name, and lesions that only their names join over studies.

    What a sidecar names by hand is joined on purpose.
    """
    problems: list[Problem] = []
    seen: dict[Hashable, Finding] = {}
    uids: dict[Hashable, str] = {}
    n_joined = 0
    for place, finding in enumerate(findings):
        study = finding.study_uid or finding.timepoint or finding.date
        here = (finding.person, finding.reader, study, finding.lesion)
        is_known = (finding.person, finding.lesion) in uids
        uid = uids.setdefault((finding.person, finding.lesion), finding.tracking_uid)
        if here in seen:
            message = f"two lesions of one study are both called {finding.lesion!r}; name them apart in a sidecar table"
            problems.append(_two(finding, seen[here], "repeated_lesion", message))
        elif is_known and place not in by_hand and not finding.tracking_uid:
            n_joined += 1
        elif uid != finding.tracking_uid and place not in by_hand:
            message = "the lesion has another tracking UID than before; its name alone says that it is the same"
            problems.append(finding.warning("joined_by_name", message, field="tracking_uid", found=finding.lesion))
        seen.setdefault(here, finding)
    return problems + _tell_joined(n_joined)


def _tell_joined(n_joined: int) -> list[Problem]:
    if not n_joined:
        return []
    message = (
        "the files have no tracking UIDs; over studies lesions were joined by their names alone, look whether rightly"
    )
    severity, found = Severity.WARNING, f"{n_joined} measurements"
    return [Problem(code="joined_by_name", field="lesion", severity=severity, found=found, message=message)]
