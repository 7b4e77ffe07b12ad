"""Lesions by TU: role, site, and what was split from or merged into what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.cdisc.terms import (
    IDENTIFIED,
    LESION_IDENTIFIED,
    LYMPH_NODE,
    MERGED,
    ROLES,
    SPLIT,
    normal,
)
from recist.problems import Problem

if TYPE_CHECKING:
    from recist.cdisc.ledger import Ledger
    from recist.criteria import LesionRole

SEPARATORS = re.compile(r"\s*[;,/+&]\s*")
PART_MARKS = (".", "-", "_", "/")

Key = tuple[str, str, str]  # subject, reader, link identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a link identifier stands for.

    Attributes
    ----------
    lesion : str
        The lesion that results are recorded for.
    part : str
        The fragment of it, or empty.
    covers : tuple of str
        Other lesions that its value covers.
    role : LesionRole
    site : str
    is_nodal : bool
    position : int
        The record of TU.
    visit, date : str
        Where it was identified.
    """

    lesion: str
    part: str = ""
    covers: tuple[str, ...] = ()
    role: LesionRole
    site: str
    is_nodal: bool
    position: int
    visit: str
    visit_number: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """One record of TU."""

    position: int
    key: Key
    test: str
    group: str
    reference: str
    result: str
    site: str
    visit: str
    visit_number: str
    date: str


def read_identities(ledger: Ledger, readers: list[str]) -> tuple[dict[Key, Identity], list[Problem]]:
    """Read TU.

    Parameters
    ----------
    ledger : Ledger
        Of TU; every record is entered.
    readers : list of str
        The reader of each record.
    """
    records = _records(ledger, readers)
    problems: list[Problem] = []
    identities: dict[Key, Identity] = {}
    for record in [*_by_test(records, (IDENTIFIED, LESION_IDENTIFIED)), *_by_test(records, (SPLIT, MERGED))]:
        role = ROLES.get(record.result)
        fault = _fault(record, role, identities)
        if fault:
            field, message, expected = fault
            problems.append(_problem(ledger, record, field, message, expected))
            ledger.pass_over(record.position, message)
            continue
        known = identities.get(record.key)
        if known is not None:
            fault_again = _differences(known, record, role)
            if fault_again:
                problems.append(_problem(ledger, record, "TULNKID", fault_again, "one role and site"))
            ledger.pass_over(record.position, "the lesion was identified by an earlier record")
            continue
        assert role is not None
        identities[record.key] = _identity(record, role, identities)
        ledger.use(record.position)
    for record in records:
        if record.test not in (IDENTIFIED, LESION_IDENTIFIED, SPLIT, MERGED):
            ledger.pass_over(record.position, f"TUTESTCD {record.test or 'is empty'}: identifies no lesion of RECIST")
    return identities, problems


def _records(ledger: Ledger, readers: list[str]) -> list[_Record]:
    source = ledger.source
    names = ("USUBJID", "TULNKID", "TUTESTCD", "TUGRPID", "TUREFID", "TULOC", "VISIT", "VISITNUM", "TUDTC")
    columns = {name: source.column(name) for name in names}
    results = [one or other for one, other in zip(source.column("TUSTRESC"), source.column("TUORRES"), strict=True)]
    return [
        _Record(
            position=place,
            key=(columns["USUBJID"][place], readers[place], columns["TULNKID"][place]),
            test=normal(columns["TUTESTCD"][place]),
            group=columns["TUGRPID"][place],
            reference=columns["TUREFID"][place],
            result=normal(results[place]),
            site=columns["TULOC"][place],
            visit=columns["VISIT"][place],
            visit_number=columns["VISITNUM"][place],
            date=columns["TUDTC"][place],
        )
        for place in range(len(source.frame))
    ]


def _by_test(records: list[_Record], tests: tuple[str, ...]) -> list[_Record]:
    return [record for record in records if record.test in tests]


def _fault(record: _Record, role: LesionRole | None, known: dict[Key, Identity]) -> tuple[str, str, str] | None:
    if not record.key[0]:
        return "USUBJID", "this record names no subject", "a subject"
    if not record.key[2]:
        return "TULNKID", "this lesion has no link identifier, so no result can belong to it", "an identifier"
    if role is None:
        return "TUSTRESC", "this is no role of a lesion", ", ".join(ROLES)
    if record.test == SPLIT and not _parent(record, known):
        return "TUGRPID", "the lesion that this one was split from is not identified", "its TULNKID"
    if record.test == MERGED and not _members(record, known):
        return "TUGRPID", "the lesions that merged into this one are not identified", "their TULNKID, as T01/T02"
    return None


def _differences(known: Identity, record: _Record, role: LesionRole | None) -> str:
    if known.role is not role:
        return f"this lesion was identified as {known.role} before; correct one of the two records"
    if record.site and known.site and known.is_nodal != is_node(record.site):
        return "this lesion was a lymph node in one record and not in the other; correct one of the two"
    return ""


def _identity(record: _Record, role: LesionRole, known: dict[Key, Identity]) -> Identity:
    parent = _parent(record, known) if record.test == SPLIT else ""
    members = _members(record, known) if record.test == MERGED else ()
    lesion = parent or (members[0] if members else record.key[2])
    first = known.get((*record.key[:2], lesion))
    site = record.site or (first.site if first else "")
    return Identity(
        lesion=lesion,
        part=_part_name(record.key[2], parent) if parent else "",
        covers=members[1:],
        role=first.role if first else role,
        site=first.site if first else site,
        is_nodal=first.is_nodal if first else is_node(site),
        position=record.position,
        visit=record.visit,
        visit_number=record.visit_number,
        date=record.date,
    )


def is_node(site: str) -> bool:
    """Say whether a site is a lymph node.

    Examples
    --------
    >>> is_node("CERVICAL LYMPH NODE"), is_node("LIVER")
    (True, False)
    """
    return LYMPH_NODE in normal(site)


def _parent(record: _Record, known: dict[Key, Identity]) -> str:
    """Find the lesion a fragment was split from: by the group, the reference, or the name before the mark."""
    subject, reader, name = record.key
    for candidate in (record.group, record.reference, *_stems(name)):
        if candidate and candidate != name and (subject, reader, candidate) in known:
            return candidate
    return ""


def _stems(name: str) -> list[str]:
    return [name.rpartition(mark)[0] for mark in PART_MARKS]


def _part_name(name: str, parent: str) -> str:
    """Name a part: what follows the lesion's name, or the whole name."""
    if name.startswith(parent) and name[len(parent) : len(parent) + 1] in PART_MARKS:
        return name[len(parent) + 1 :] or name
    return name


def _members(record: _Record, known: dict[Key, Identity]) -> tuple[str, ...]:
    """Find the lesions of a mass, by the group, the reference or its own name: all must be identified."""
    subject, reader, name = record.key
    for candidate in (record.group, record.reference, name):
        names = tuple(part for part in SEPARATORS.split(candidate) if part)
        if len(names) > 1 and all((subject, reader, part) in known for part in names):
            return names
    return ()


def _problem(ledger: Ledger, record: _Record, field: str, message: str, expected: str) -> Problem:
    return Problem(
        code="wrong_identification",
        file=ledger.source.file,
        row=record.position + ledger.source.first_row,
        subject=record.key[0],
        field=field,
        found={"TUSTRESC": record.result, "TULNKID": record.key[2], "TUGRPID": record.group}.get(field, ""),
        expected=expected,
        message=message,
    )
