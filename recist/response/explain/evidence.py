"""What is known of one reader's series of one subject: the tables of results as values, nothing decided anew."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from recist.columns import cell_text
from recist.criteria import LesionRole
from recist.criteria.criteria import HUNDREDTHS_PER_MM
from recist.response.merges import SEPARATOR as LESION_SEPARATOR
from recist.response.reasons import SEPARATOR
from recist.response.standing import Exclusion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from recist.criteria import Criteria
    from recist.response.contributions import Note
    from recist.response.options import Options

Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One row of ``lesions``; lengths in hundredths of a mm, None where there is none.

    Attributes
    ----------
    given_mm : str
        The size as the reader gave it, empty where none is given.
    counted : int or None
        What went into the sum of the targets.
    cells : dict of str to str
        Every cell of the row, as text.
    """

    lesion: str
    part: str
    role: LesionRole
    site: str
    is_nodal: bool
    state: str
    date: str
    given_mm: str
    counted: int | None
    covers: tuple[str, ...]
    covered_by: tuple[str, ...]
    notes: frozenset[str]
    reason: str
    cells: Row

    def has(self, note: Note) -> bool:
        """Say whether a note stands beside the value."""
        return str(note) in self.notes

    @property
    def given(self) -> int | None:
        """Give the size as the reader gave it, in hundredths of a mm, halves up."""
        return int(Decimal(self.given_mm) * HUNDREDTHS_PER_MM + Decimal("0.5")) if self.given_mm else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One time point; lengths in hundredths of a mm, None where there is none.

    Attributes
    ----------
    timepoint, date : str
        The date is that of the response; at baseline that of the last scan.
    findings : tuple of Finding
    cells : dict of str to str
        The row of ``responses``, as text; empty at baseline.
    """

    timepoint: str
    date: str
    findings: tuple[Finding, ...]
    cells: Row

    def cell(self, column: str) -> str:
        """Give a cell of ``responses``; empty where there is no such column."""
        return self.cells.get(column, "")

    def length(self, column: str) -> int | None:
        """Give a length of ``responses``."""
        return to_hundredths(self.cell(column))

    @property
    def is_complete(self) -> bool:
        """Say whether every target lesion has a value."""
        return self.cell("sum_complete").casefold() == "true"

    @property
    def reasons(self) -> frozenset[str]:
        """Give the reason codes."""
        return frozenset(_split(self.cell("reasons"), SEPARATOR))

    @property
    def recist_reasons(self) -> frozenset[str]:
        """Give the reason codes of RECIST 1.1, where other criteria stand beside it."""
        return frozenset(_split(self.cell("reasons_recist_1_1"), SEPARATOR)) or self.reasons

    @property
    def recist_response(self) -> str:
        """Give the overall response by RECIST 1.1, where other criteria stand beside it."""
        return self.cell("overall_response_recist_1_1") or self.cell("overall_response")

    @property
    def recist_response_as_read(self) -> str:
        """Give the same as it was when the visit was read."""
        return self.cell("overall_response_as_read_recist_1_1") or self.cell("overall_response_as_read")

    @property
    def excluded(self) -> tuple[str, ...]:
        """Give the codes of why the visit does not count."""
        return _split(self.cell("excluded"), SEPARATOR)

    @property
    def is_after_progression(self) -> bool:
        """Say whether an earlier visit that counts was PD."""
        return self.cell("after_progression").casefold() == "true"

    @property
    def name(self) -> str:
        """Name the visit with its date."""
        return f"{self.timepoint} ({self.date})"

    def of_role(self, role: LesionRole) -> dict[str, list[Finding]]:
        """Group the findings of one role by lesion."""
        grouped: dict[str, list[Finding]] = {}
        for finding in self.findings:
            if finding.role is role:
                grouped.setdefault(finding.lesion, []).append(finding)
        return grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One series: its baseline, the visits after it in the order of time, and what was concluded.

    Attributes
    ----------
    best : dict of str to str
        The row of ``best_responses``, as text.
    dates : dict of str to str
        The row of ``subjects``, as text; empty when the subject has none.
    criteria : Criteria
    options : Options
        The choices in force.
    """

    subject: str
    reader: str
    baseline: Visit
    visits: tuple[Visit, ...]
    best: Row
    dates: Row
    criteria: Criteria
    options: Options

    def before(self, visit: Visit) -> tuple[Visit, ...]:
        """Give the visits after baseline and before this one."""
        return self.visits[: self.visits.index(visit)]

    def used_before(self, visit: Visit) -> tuple[Visit, ...]:
        """Give those of them that are after the start, so that what they show may change what comes later."""
        return tuple(one for one in self.before(visit) if Exclusion.NOT_AFTER_START not in one.excluded)

    def after(self, visit: Visit) -> tuple[Visit, ...]:
        """Give the visits after this one."""
        return self.visits[self.visits.index(visit) + 1 :]

    @property
    def is_assessed(self) -> bool:
        """Say whether the reader has any assessment of the subject."""
        return bool(self.baseline.findings or self.visits)

    def is_beyond(self, date: str) -> bool:
        """Say whether a date is later than death or cut-off, so that what it shows counts for nothing."""
        ends = (self.dates.get(name, "") for name in ("death_date", "cutoff_date"))
        return any(end and date > end for end in ends)

    def visit_on(self, date: str) -> Visit | None:
        """Find the first visit whose response has a date, among those that count first."""
        ranked = sorted(self.visits, key=lambda visit: bool(visit.excluded) or visit.is_after_progression)
        return next((visit for visit in ranked if date and visit.date == date), None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """The tables of one subject, as scored or as read back from files; columns of text or of types."""

    responses: pd.DataFrame
    best_responses: pd.DataFrame
    lesions: pd.DataFrame
    subjects: pd.DataFrame | None = None


def gather_evidence(tables: Tables, criteria: Criteria, options: Options) -> tuple[Evidence, ...]:
    """Gather, for every reader's series in the tables, what is known.

    Parameters
    ----------
    tables : Tables
    criteria : Criteria
    options : Options
    """
    people = {row["subject"]: row for row in _rows(tables.subjects)} if tables.subjects is not None else {}
    responses, lesions = list(_rows(tables.responses)), list(_rows(tables.lesions))
    return tuple(
        _series(
            best,
            [row for row in responses if _is_of(row, best)],
            [row for row in lesions if _is_of(row, best)],
            people.get(best["subject"], {}),
            (criteria, options),
        )
        for best in _rows(tables.best_responses)
    )


def to_hundredths(text: str) -> int | None:
    """Read a length in mm; None where none is given."""
    return int((Decimal(text) * HUNDREDTHS_PER_MM).to_integral_value()) if text else None


def _series(
    best: Row, responses: list[Row], lesions: list[Row], dates: Row, rules: tuple[Criteria, Options]
) -> Evidence:
    by_visit: dict[str, list[Row]] = {}
    for row in lesions:
        by_visit.setdefault(row["timepoint"], []).append(row)
    followed = {row["timepoint"] for row in responses}
    earlier = [name for name in by_visit if name not in followed]
    first = max(earlier, key=lambda name: max(row["date"] for row in by_visit[name]), default="")
    at_baseline = by_visit.get(first, [])
    return Evidence(
        subject=best["subject"],
        reader=best["reader"],
        baseline=Visit(
            timepoint=first,
            date=max((row["date"] for row in at_baseline), default=""),
            findings=tuple(_finding(row, rules[0]) for row in at_baseline),
            cells={},
        ),
        visits=tuple(
            Visit(
                timepoint=row["timepoint"],
                date=row["date"],
                findings=tuple(_finding(lesion, rules[0]) for lesion in by_visit.get(row["timepoint"], [])),
                cells=row,
            )
            for row in responses
        ),
        best=best,
        dates=dates,
        criteria=rules[0],
        options=rules[1],
    )


def _finding(row: Row, criteria: Criteria) -> Finding:
    is_nodal = row.get("nodal", "").casefold() == "true"
    axis = "short_axis_mm" if is_nodal and criteria.nodes_by_short_axis else "long_axis_mm"
    return Finding(
        lesion=row["lesion"],
        part=row.get("part", ""),
        role=LesionRole(row["role"]),
        site=row.get("site", ""),
        is_nodal=is_nodal,
        state=row["state"],
        date=row["date"],
        given_mm=row.get("diameter_mm", "") or row.get(axis, ""),
        counted=to_hundredths(row["counted_mm"]),
        covers=_split(row.get("covers", ""), LESION_SEPARATOR),
        covered_by=_split(row.get("covered_by", ""), LESION_SEPARATOR),
        notes=frozenset(_split(row.get("note", ""), SEPARATOR)),
        reason=row.get("reason", ""),
        cells=row,
    )


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(separator) if word.strip())


def _is_of(row: Mapping[str, str], series: Mapping[str, str]) -> bool:
    return row["subject"] == series["subject"] and row["reader"] == series["reader"]


def _rows(frame: pd.DataFrame) -> Iterator[Row]:
    records: list[dict[Any, Any]] = frame.to_dict("records")
    for record in records:
        yield {str(name): cell_text(value) for name, value in record.items()}
