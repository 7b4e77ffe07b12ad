"""From records of TR and lesions of TU to rows of the table of measurements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from recist.cdisc.terms import (
    DIAMETER,
    LONG_AXIS,
    MODALITIES,
    NOT_EVALUABLE_REASONS,
    SHORT_AXIS,
    STATE,
    STATES,
    TREATMENT_REASON,
    normal,
)
from recist.criteria import LesionRole, LesionState
from recist.problems import Problem
from recist.response.encode import DEFAULT_READER

if TYPE_CHECKING:
    from decimal import Decimal

    from recist.cdisc.findings import Record
    from recist.cdisc.identification import Identity
    from recist.cdisc.ledger import Ledger

COLUMNS = (
    *("subject", "reader", "timepoint", "date", "lesion", "role", "site", "nodal", "state"),
    *("diameter_mm", "long_axis_mm", "short_axis_mm", "covers", "part", "reason", "modality", "treated"),
    *("visit", "visit_number"),
)
AXES = (DIAMETER, LONG_AXIS, SHORT_AXIS)

_Place = tuple[str, str, str, str]  # subject, reader, time point, link identifier
_Key = tuple[str, str, str, str, str]  # and the modality, of new lesions seen by several


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """Rows of the measurements with the records they come from.

    Attributes
    ----------
    rows : list of dict
    origins : list of int
        The first record of TR of each row; -1 for a row that TU alone gives.
    problems : list of Problem
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def frame(self) -> pd.DataFrame:
        """Lay the rows out as the table ``measurements``, all of it text; a reader without a name gets one."""
        frame = pd.DataFrame(self.rows, columns=list(COLUMNS), dtype=object)
        return frame.assign(reader=frame["reader"].replace("", DEFAULT_READER))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The records of one link identifier at one time point."""

    identity: Identity
    timepoint: str
    records: list[Record]

    @property
    def key(self) -> tuple[str, str, str]:
        return self.records[0].subject, self.records[0].reader, self.timepoint


def assemble(ledger: Ledger, matched: list[tuple[Record, Identity]], labels: dict[int, str]) -> Assembly:
    """Make one row of all records of a lesion, or a part of one, at a time point."""
    assembly = Assembly()
    gathered: dict[_Key, _Group] = {}
    methods = _methods(matched, labels)
    for record, identity in matched:
        key = (record.subject, record.reader, labels[record.position], record.link)
        method = _modality(record) or min(methods.get(key, ()), default="")
        group = gathered.setdefault(
            (*key, method if len(methods.get(key, ())) > 1 else ""),
            _Group(identity=identity, timepoint=labels[record.position], records=[]),
        )
        group.records.append(record)
    in_parts = {(*group.key, group.identity.lesion) for group in gathered.values() if group.identity.part}
    days = _days(gathered)
    for group in gathered.values():
        is_whole = not group.identity.part
        if is_whole and (*group.key, group.identity.lesion) in in_parts and _is_not_done(group):
            for record in group.records:
                ledger.pass_over(record.position, "the lesion was split: its parts stand for it at this visit")
            continue
        _add(assembly, ledger, group, days.get(group.key, ""))
    return assembly


def _modality(record: Record) -> str:
    return MODALITIES.get(normal(record.method), "")


def _methods(matched: list[tuple[Record, Identity]], labels: dict[int, str]) -> dict[_Place, set[str]]:
    """Find how each new lesion was seen at each time point: on PET and on CT are two rows."""
    methods: dict[_Place, set[str]] = defaultdict(set)
    for record, identity in matched:
        if identity.role is LesionRole.NEW and _modality(record):
            methods[record.subject, record.reader, labels[record.position], record.link].add(_modality(record))
    return methods


def _days(gathered: dict[_Key, _Group]) -> dict[tuple[str, str, str], str]:
    """Find the last date of each reader's visit: records that were not done seldom have a date of their own."""
    days: dict[tuple[str, str, str], str] = defaultdict(str)
    for group in gathered.values():
        days[group.key] = max([days[group.key], *(record.date for record in group.records)])
    return days


def _is_not_done(group: _Group) -> bool:
    return all(record.is_not_done for record in group.records)


def _add(assembly: Assembly, ledger: Ledger, group: _Group, day: str) -> None:
    """Enter the row of a group."""
    date = max(record.date for record in group.records) or (day if _is_not_done(group) else "")
    if not date and _is_not_done(group):
        for record in group.records:
            ledger.pass_over(record.position, "not done, and nothing at this visit has a date: no scan was made")
        return
    kept = _without_repeats(assembly, ledger, group)
    values = {axis: _axis(kept, axis) for axis in AXES}
    assembly.problems.extend(_check_axes(ledger, group, values))
    state = _state(group.identity, kept, values)
    if state is LesionState.ABSENT and group.identity.role is not LesionRole.TARGET:
        values = dict.fromkeys(AXES)  # the reader's word decides: a node that is no longer enlarged has a size
    first = kept[0]
    treatments = (TREATMENT_REASON.match(record.reason) for record in kept if record.is_not_done)
    assembly.rows.append(
        {
            **dict.fromkeys(COLUMNS, ""),
            **identity_cells(group.identity),
            **{axis: "" if size is None else _plain(size) for axis, size in values.items()},
            "subject": first.subject,
            "reader": first.reader,
            "timepoint": group.timepoint,
            "date": date,
            "state": state or "",
            "reason": "; ".join(dict.fromkeys(record.reason for record in kept if record.reason)),
            "modality": next((method for method in map(_modality, kept) if method), ""),
            "treated": next((found[1].lower() for found in treatments if found), ""),
            "visit": first.visit,
            "visit_number": first.visit_number,
        }
    )
    assembly.origins.append(first.position)
    ledger.use(*(record.position for record in kept))


def identity_cells(identity: Identity) -> dict[str, str]:
    """Write what is known of a lesion into the cells of its rows."""
    return {
        "lesion": identity.lesion,
        "role": str(identity.role),
        "site": identity.site.lower(),
        "nodal": ("true" if identity.is_nodal else "false") if identity.site else "",
        "covers": ";".join(identity.covers),
        "part": identity.part,
    }


def _without_repeats(assembly: Assembly, ledger: Ledger, group: _Group) -> list[Record]:
    """Keep one record a test; a second that says something else is a fault."""
    kept: dict[tuple[str, bool], Record] = {}
    for record in group.records:
        first = kept.setdefault((record.what, record.is_not_done), record)
        if first is record:
            continue
        if (first.size_mm, first.word) == (record.size_mm, record.word):
            ledger.pass_over(record.position, "says the same as an earlier record")
            continue
        ledger.pass_over(record.position, "contradicts an earlier record")
        message = (
            f"this result of the lesion differs from the one in row {first.position + ledger.source.first_row} "
            "of the same reader and visit; keep one"
        )
        assembly.problems.append(
            Problem(
                code="conflicting_results",
                file=ledger.source.file,
                row=record.position + ledger.source.first_row,
                subject=record.subject,
                field="TRSTRESC",
                found=_plain(record.size_mm) if record.size_mm is not None else record.word,
                expected=_plain(first.size_mm) if first.size_mm is not None else first.word,
                message=message,
            )
        )
    return list(kept.values())


def _axis(records: list[Record], axis: str) -> Decimal | None:
    return next((record.size_mm for record in records if record.what == axis and record.size_mm is not None), None)


def _check_axes(ledger: Ledger, group: _Group, values: dict[str, Decimal | None]) -> list[Problem]:
    """Find a diameter that is not the axis that counts."""
    axis = values[SHORT_AXIS] if group.identity.is_nodal else values[LONG_AXIS]
    diameter = values[DIAMETER]
    if diameter is None or axis is None or diameter == axis:
        return []
    return [
        Problem(
            code="conflicting_results",
            file=ledger.source.file,
            row=next(record.position for record in group.records if record.what == DIAMETER) + ledger.source.first_row,
            subject=group.records[0].subject,
            field="TRSTRESN",
            found=_plain(diameter),
            expected=_plain(axis),
            message="the diameter of this lesion differs from the axis that counts for it; keep one",
        )
    ]


def _plain(number: Decimal) -> str:
    """Write a number without an exponent."""
    return f"{number:f}"


def _state(identity: Identity, records: list[Record], values: dict[str, Decimal | None]) -> LesionState | None:
    """Decide the state: the reader's word, else what the size says, else why there is none.

    A target is present by its size, so the word PRESENT says nothing of it; without a size it is left open, and the
    check of the table reports it.
    """
    counted = SHORT_AXIS if identity.is_nodal else LONG_AXIS
    ranked = sorted((record for record in records if record.word), key=lambda record: record.what != STATE)
    words = [STATES[record.word].get(identity.role) for record in ranked if record.what in (STATE, DIAMETER, counted)]
    said = next((word for word in words if word is not None), None)
    size = values[DIAMETER] if values[DIAMETER] is not None else values[counted]
    if said is not None:
        return said
    if size is not None:
        return LesionState.MEASURED if size > 0 else LesionState.ABSENT
    if any(value is not None for value in values.values()):
        return LesionState.MEASURED  # only the other axis: the check of the table reports the one that is missing
    if any(record.is_not_done for record in records):
        reasons = " ".join(record.reason for record in records)
        return LesionState.NOT_EVALUABLE if NOT_EVALUABLE_REASONS.search(reasons) else LesionState.NOT_DONE
    return LesionState.MEASURED
