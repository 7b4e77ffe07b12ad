"""Target lesions: sum, nadir and response (Eisenhauer 2009, 4.3.1 and 4.3.2)."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from .attenuation import CHOI, Attenuation, compare_attenuation, response_with_attenuation
from .branches import note
from .findings import HALF, Finding
from .limits import LIMITS, Limits

if TYPE_CHECKING:
    from .timepoints import Timepoint

NORMAL_NODE_MM = Fraction(10)


@dataclass(frozen=True, kw_only=True)
class Mass:
    """One value at one time point: a lesion, its fragments, or lesions that merged."""

    lesions: frozenset[str]
    size: Fraction | None  # sum of the fragments that have a value
    complete: bool
    gone: bool  # every member gone, or normal if it is a node


@dataclass(frozen=True, kw_only=True)
class Sum:
    """The sum of one time point."""

    size: Fraction | None
    complete: bool
    all_gone: bool
    back: frozenset[str]  # lesions with disease now


def mass_of(lesion: str, rows: list[Finding], nodes: dict[str, bool]) -> Mass:
    """Add up the fragments of one lesion; the mass covers others that merged with it."""
    members = frozenset({lesion, *(name for row in rows for name in row.covers)})
    sizes = [row.size for row in rows if row.size is not None]
    size = sum(sizes, Fraction(0)) if sizes else None
    if len(rows) > 1:
        note("mass: split into fragments")
    if len(members) > 1:
        note("mass: merged")
    all_nodes = all(nodes[name] for name in members)
    gone = size is not None and (size < NORMAL_NODE_MM if all_nodes else size == 0)
    return Mass(lesions=members, size=size, complete=len(sizes) == len(rows), gone=gone)


def drop_treated(points: list[Timepoint]) -> list[list[Finding]]:
    """List the target rows; a lesion treated locally has no value from that day on."""
    since: dict[str, datetime.date] = {}
    for point in points:
        for row in point.of_role("target"):
            if row.treated:
                note("target: treated lesion")
                since[row.lesion] = min(row.date, since.get(row.lesion, row.date))
    kept = []
    for point in points:
        rows = [row for row in point.of_role("target") if row.date < since.get(row.lesion, datetime.date.max)]
        gone = {name for name, day in since.items() if day <= point.last}
        kept.append([replace(row, covers=tuple(name for name in row.covers if name not in gone)) for row in rows])
    return kept


def add_up(rows: list[Finding], nodes: dict[str, bool]) -> Sum:
    """Sum up the values there are; complete where each baseline lesion is covered by one."""
    names = list(dict.fromkeys(row.lesion for row in rows))
    masses = [mass_of(name, [row for row in rows if row.lesion == name], nodes) for name in names]
    with_value = [mass for mass in masses if mass.size is not None]
    covered = {name for mass in with_value if mass.complete for name in mass.lesions}
    complete = bool(nodes) and covered >= set(nodes)
    note("sum: complete") if complete else note("sum: incomplete")
    if not with_value:
        note("sum: no value at all")
    return Sum(
        size=sum((mass.size for mass in with_value if mass.size is not None), Fraction(0)) if with_value else None,
        complete=complete,
        all_gone=complete and all(mass.gone for mass in with_value),
        back=frozenset(name for mass in with_value if not mass.gone for name in mass.lesions),
    )


def percent(part: Fraction, whole: Fraction, options: dict[str, object]) -> Fraction:
    """Give a percentage, rounded to one decimal where the analysis plan says so."""
    exact = 100 * part / whole
    if options["threshold_rounding"] == "none":
        return exact
    note("threshold: rounded percent")
    size = Fraction(math.floor(abs(exact) * 10 + HALF), 10)
    return size if exact >= 0 else -size


def has_progressed(size: Fraction, nadir: Fraction, limits: Limits, options: dict[str, object]) -> bool:
    """Tell whether a sum grew by 20 % and, in RECIST 1.1, by 5 mm over the nadir."""
    growth = size - nadir
    if growth <= 0 or growth < limits.pd_mm:
        return False
    if nadir == 0:
        note("pd: nadir 0, only the millimetres count")
        return True
    grown = percent(growth, nadir, options) >= limits.pd_percent
    note("pd: both clauses") if grown else note("pd: 5 mm but not the percentage")
    return grown


def has_shrunk(size: Fraction, baseline: Fraction, limits: Limits, options: dict[str, object]) -> bool:
    """Tell whether a sum is at least 30 % below the baseline."""
    return baseline > 0 and percent(baseline - size, baseline, options) >= limits.pr_percent


def target_response(  # noqa: PLR0917
    now: Sum,
    baseline: Fraction | None,
    nadir: Fraction | None,
    limits: Limits,
    options: dict[str, object],
    change: Attenuation | None = None,
) -> str:
    """Give the response of the target lesions: CR, then PD, then PR, then SD."""
    if baseline is None or nadir is None:
        note("target: no baseline sum")
        return "NE"
    if now.size is None:
        note("target: NE without any value")
        return "NE"
    grew = has_progressed(now.size, nadir, limits, options)
    if now.all_gone:
        return when_all_gone(options, grew=grew)
    shrunk = has_shrunk(now.size, baseline, limits, options)
    if change is not None:
        if now.complete:
            return response_with_attenuation(
                change, grew=grew, shrunk=shrunk, both=limits.both, missing=options["missing_attenuation"]
            )
        grew = grew and (change.has_decreased is False or may_ignore(change, options))
    if not now.complete:
        return when_incomplete(options, grew=grew)
    return when_complete(grew=grew, shrunk=shrunk)


def may_ignore(change: Attenuation, options: dict[str, object]) -> bool:
    """Tell whether the size decides alone because the attenuation is not known."""
    return change.has_decreased is None and options["missing_attenuation"] == "size_only"


def when_all_gone(options: dict[str, object], *, grew: bool) -> str:
    """Answer where everything is gone, or normal if it is a node."""
    if grew and options["small_node_growth"] == "pd":
        note("target: PD of nodes below 10 mm")
        return "PD"
    note("target: CR although nodes grew") if grew else note("target: CR")
    return "CR"


def when_incomplete(options: dict[str, object], *, grew: bool) -> str:
    """Answer where a lesion has no value: only growth can be known."""
    if grew and options["partial_pd"]:
        note("target: PD on a partial sum")
        return "PD"
    note("target: NE, partial sum")
    return "NE"


def when_complete(*, grew: bool, shrunk: bool) -> str:
    """Answer where every lesion has a value."""
    if grew:
        note("target: PD before PR") if shrunk else note("target: PD")
        return "PD"
    if shrunk:
        note("target: PR")
        return "PR"
    note("target: SD")
    return "SD"


@dataclass(frozen=True, kw_only=True)
class TargetVisit:
    """The target lesions of one visit."""

    sum: Sum
    nadir: Fraction | None
    response: str
    rows: tuple[Finding, ...]


def follow_targets(
    points: list[Timepoint], criteria: str, options: dict[str, object], treated_from: datetime.date
) -> tuple[Fraction | None, dict[str, bool], list[TargetVisit]]:
    """Walk through the visits: baseline sum, lesions, and what each follow-up shows."""
    limits = LIMITS[criteria]
    rows = drop_treated(points)
    nodes = {row.lesion: row.nodal for row in points[0].of_role("target")}
    first = add_up(rows[0], nodes)
    baseline = first.size if nodes and first.complete else None
    nadir = baseline
    visits = []
    for point, follow_up in zip(points[1:], rows[1:], strict=True):
        now = add_up(follow_up, nodes)
        change = compare_attenuation(rows[0], follow_up) if criteria in CHOI else None
        response = target_response(now, baseline, nadir, limits, options, change) if nodes else "NONE"
        visits.append(TargetVisit(sum=now, nadir=nadir, response=response, rows=tuple(follow_up)))
        may_be_nadir = (now.complete or bool(options["nadir_partial"])) and point.last > treated_from
        if nadir is not None and now.size is not None and may_be_nadir and now.size < nadir:
            note("nadir: lowered")
            nadir = now.size
    return baseline, nodes, visits
