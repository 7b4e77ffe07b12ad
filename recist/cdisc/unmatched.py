"""Results and lesions that belong together, and those that stand alone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from recist.cdisc.measurements import COLUMNS, identity_cells
from recist.criteria import LesionRole, LesionState
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from recist.cdisc.findings import Record
    from recist.cdisc.identification import Identity, Key
    from recist.cdisc.ledger import Ledger
    from recist.cdisc.measurements import Assembly
    from recist.cdisc.visits import Visits

Matched = list[tuple["Record", "Identity"]]


def match_records(
    ledger: Ledger, records: list[Record], identities: dict[Key, Identity]
) -> tuple[Matched, list[Problem]]:
    """Find the lesion of each result: without one its role is not known, and it cannot be scored."""
    readers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for subject, reader, link in identities:
        readers[subject, link].append(reader)
    matched: Matched = []
    problems: list[Problem] = []
    told: set[Key] = set()
    for record in records:
        key = (record.subject, record.reader, record.link)
        found = _reader_in_tu(key, readers[record.subject, record.link])
        if found is not None:
            matched.append((record, identities[record.subject, found, record.link]))
            continue
        ledger.pass_over(record.position, "its lesion is not identified in TU for this evaluator")
        if key not in told:
            told.add(key)
            problems.append(
                Problem(
                    code="result_without_lesion",
                    file=ledger.source.file,
                    row=record.position + ledger.source.first_row,
                    subject=record.subject,
                    field="TRLNKID",
                    found=record.link,
                    expected="a TULNKID of the same subject and evaluator",
                    message="this result belongs to no lesion of TU, so its role is not known; add the lesion to TU",
                )
            )
    return matched, problems


def _reader_in_tu(key: Key, readers: list[str]) -> str | None:
    """Find who identified the lesion: the same reader; or where one dataset names no evaluator, the only one."""
    reader = key[1]
    if reader in readers:
        return reader
    if "" in readers:
        return ""
    return readers[0] if not reader and len(readers) == 1 else None


def add_lesions_without_results(
    assembly: Assembly,
    ledger: Ledger,
    identities: dict[Key, Identity],
    read: tuple[list[Record], Matched, dict[int, str], Visits],
) -> list[Problem]:
    """Add a row for each lesion that TU names and TR never does: it is missing, or new and without a size.

    A target or non-target lesion is not done at the visit at which it was identified, so nothing is taken for
    complete. A new lesion is present: leaving it out would hide a progression.
    """
    records, matched, labels, visits = read
    seen = {(subject, lesion) for subject, lesion in _lesions_seen(matched)}
    problems = []
    for (subject, reader, link), identity in identities.items():
        owners = [reader] if reader else sorted({record.reader for record in records if record.subject == subject})
        for owner in owners or [""]:
            if (f"{subject}\n{owner}", identity.lesion) in seen or identity.part or identity.covers:
                continue
            date, label = _visit_of(records, labels, visits, (subject, owner, identity))
            problems.append(_without_result(ledger, subject, link, identity))
            _add_row(assembly, identity, (subject, owner, label, date))
    return problems


def _lesions_seen(matched: Matched) -> set[tuple[str, str]]:
    """Name subject and reader, and lesion, of every lesion with a result, its own or that of its parts or mass."""
    return {
        (f"{record.subject}\n{record.reader}", lesion)
        for record, identity in matched
        for lesion in (identity.lesion, *identity.covers)
    }


def _visit_of(
    records: list[Record], labels: dict[int, str], visits: Visits, lesion: tuple[str, str, Identity]
) -> tuple[str, str]:
    """Find date and time point of the visit at which a lesion was identified."""
    subject, reader, identity = lesion
    label = visits.label(subject, identity.visit, identity.visit_number)
    there = [
        record
        for record in records
        if (record.subject, record.reader) == (subject, reader)
        and visits.label(subject, record.visit, record.visit_number) == label
    ]
    date = identity.date.partition("T")[0] or max((record.date for record in there), default="")
    named = next((labels[record.position] for record in there if record.date == date), None)
    return date, named or (labels[there[0].position] if there else label)


def _add_row(assembly: Assembly, identity: Identity, place: tuple[str, str, str, str]) -> None:
    subject, reader, timepoint, date = place
    state = LesionState.PRESENT if identity.role is LesionRole.NEW else LesionState.NOT_DONE
    assembly.rows.append(
        {
            **dict.fromkeys(COLUMNS, ""),
            **identity_cells(identity),
            "subject": subject,
            "reader": reader,
            "timepoint": timepoint,
            "date": date,
            "state": str(state),
            "reason": "identified in TU, no result in TR",
            "visit": identity.visit,
            "visit_number": identity.visit_number,
        }
    )
    assembly.origins.append(-1)


def _without_result(ledger: Ledger, subject: str, link: str, identity: Identity) -> Problem:
    what = "counted as present" if identity.role is LesionRole.NEW else "taken for not done; nothing is complete"
    return Problem(
        code="lesion_without_result",
        file=ledger.source.file,
        row=identity.position + ledger.source.first_row,
        subject=subject,
        field="TULNKID",
        found=link,
        expected="results in TR",
        severity=Severity.WARNING,
        message=f"this lesion has no result in TR; it is {what}",
    )
