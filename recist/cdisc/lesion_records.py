"""Rows of the table of lesions as records of TU and TR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.cdisc.exported_lesions import exported, part_name
from recist.cdisc.identification import is_node
from recist.cdisc.layout import is_yes, link_group, place_of
from recist.cdisc.terms import IDENTIFIED, LYMPH_NODE, MERGED, NOT_DONE, ROLE_WORDS, SPLIT, TREATED, YES
from recist.criteria import LesionRole, LesionState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.cdisc.layout import Row
    from recist.cdisc.results import Results

TEST_NAMES = {
    "LDIAM": "Longest Diameter",
    "LPERP": "Longest Perpendicular",
    "DIAMETER": "Diameter",
    "TUMSTATE": "Tumor State",
    IDENTIFIED: "Tumor Identification",
    SPLIT: "Tumor Split",
    MERGED: "Tumor Merge",
}
STATE_WORDS: dict[LesionRole, dict[LesionState, str]] = {
    LesionRole.TARGET: {},
    LesionRole.NON_TARGET: {
        LesionState.PRESENT: "PRESENT",
        LesionState.MEASURED: "PRESENT",
        LesionState.TOO_SMALL: "TOO SMALL TO MEASURE",
        LesionState.INCREASED: "INCREASED",
        LesionState.ABSENT: "ABSENT",
        LesionState.UNEQUIVOCAL_PD: "UNEQUIVOCAL INCREASE",
    },
    LesionRole.NEW: {
        LesionState.PRESENT: "PRESENT",
        LesionState.EQUIVOCAL: "EQUIVOCAL",
        LesionState.UNEQUIVOCAL: "UNEQUIVOCAL",
        LesionState.UNEQUIVOCAL_PD: "UNEQUIVOCAL INCREASE",
        LesionState.TOO_SMALL: "TOO SMALL TO MEASURE",
        LesionState.INCREASED: "INCREASED",
        LesionState.ABSENT: "ABSENT",
    },
}
NOT_EVALUATED = {LesionState.NOT_EVALUABLE: "NOT EVALUABLE", LesionState.NOT_DONE: "SCAN NOT PERFORMED"}


def tumor_records(results: Results) -> list[Row]:
    """Identify every lesion, part and mass where a reader first recorded it."""
    rows: list[Row] = []
    seen: set[tuple[str, str, str]] = set()
    frame = exported(results).sort_values(["subject", "reader", "date"], kind="stable")
    columns = ["subject", "reader", "timepoint", "date", "lesion", "part", "role", "site", "nodal", "covers"]
    for cells in frame[[*columns, "link", "method"]].itertuples(index=False, name=None):
        subject, reader, timepoint, date, lesion, part, role, site, nodal, covers, link, method = cells
        term = ROLE_WORDS[LesionRole(role)]
        about = {
            **place_of(results, "TU", subject, reader, timepoint),
            "TUORRES": term,
            "TUSTRESC": term,
            "TULOC": location(site, is_nodal=is_yes(nodal)),
            "TUMETHOD": method,
            "TUDTC": date.date().isoformat(),
        }
        tests = [(lesion, IDENTIFIED, "")]
        if part:
            tests.append((part_name(lesion, part), SPLIT, lesion))
        if covers:
            tests.append((link, MERGED, ";".join([lesion, *(name.strip() for name in covers.split(";"))])))
        for name, test, group in tests:
            if (subject, reader, name) not in seen:
                seen.add((subject, reader, name))
                record = {"TULNKID": name, "TUTESTCD": test, "TUTEST": TEST_NAMES[test], "TUGRPID": group}
                rows.append({**about, **record})
    return rows


def location(site: str, *, is_nodal: bool) -> str:
    """Write a site as a location; a node says that it is one.

    Examples
    --------
    >>> location("para-aortic", is_nodal=True), location("liver", is_nodal=False)
    ('PARA-AORTIC LYMPH NODE', 'LIVER')
    """
    words = site.upper()
    return f"{words} {LYMPH_NODE}".strip() if is_nodal and not is_node(words) else words


def lesion_records(results: Results) -> list[Row]:
    """Lay every row out as one record, or as two where it has a state and a size."""
    rows: list[Row] = []
    columns = ["subject", "reader", "timepoint", "date", "role", "state", "nodal", "link", "reason"]
    columns += ["method", "treatment"]
    sizes = ["diameter_mm", "long_axis_mm", "short_axis_mm", "counted_mm"]
    frame = exported(results)
    counted = pd.to_numeric(frame["counted_mm"], errors="coerce") if "counted_mm" in frame else None
    frame = frame.assign(counted_mm=counted if counted is not None else float("nan"))
    for cells in frame[[*columns, *sizes]].itertuples(index=False, name=None):
        subject, reader, timepoint, date, role, state, nodal, link, reason, method, treatment = cells[:11]
        is_baseline = results.baselines.get((subject, reader)) == timepoint
        about = {
            **place_of(results, "TR", subject, reader, timepoint),
            "TRLNKID": link,
            "TRGRPID": ROLE_WORDS[LesionRole(role)],
            "TRLNKGRP": link_group(results, reader, timepoint),
            "TRLOBXFL": YES if is_baseline else "",
            "TRMETHOD": method,
            "TRDTC": date.date().isoformat(),
        }
        known = LesionState.NOT_EVALUABLE if treatment else LesionState(state)
        found = _findings(LesionRole(role), known, cells[11:], is_nodal=is_yes(nodal))
        for test, finding in found:
            record = {"TRTESTCD": test, "TRTEST": TEST_NAMES[test], **finding}
            if "TRREASND" in finding:
                why = TREATED.format(treatment) if treatment else str(finding["TRREASND"])
                is_said = reason.upper().startswith(why)  # as it is read from TR
                record["TRREASND"] = reason if is_said else ": ".join(word for word in (why, reason) if word)
            rows.append({**about, **record})
    return rows


def _findings(
    role: LesionRole, state: LesionState, sizes: tuple[Any, ...], *, is_nodal: bool
) -> Iterator[tuple[str, Row]]:
    """Give the records of one row: TRTESTCD and what it says."""
    axis = "LPERP" if is_nodal else "LDIAM"
    if state in NOT_EVALUATED:
        test = axis if role is LesionRole.TARGET else "TUMSTATE"
        yield test, {"TRSTAT": NOT_DONE, "TRREASND": NOT_EVALUATED[state]}
        return
    if state in STATE_WORDS[role]:
        word = STATE_WORDS[role][state]
        yield "TUMSTATE", {"TRORRES": word, "TRSTRESC": word}
    if role is LesionRole.TARGET and state is LesionState.ABSENT:
        yield axis, _size(0.0)
        return
    measured = list(_axes(sizes, is_nodal=is_nodal))
    if role is LesionRole.TARGET and state is LesionState.TOO_SMALL:
        size = measured[0][1] if measured else sizes[3]
        yield axis, {**_size(size), "TRORRES": "TOO SMALL TO MEASURE", "TRORRESU": ""}
        return
    for test, size in measured:
        yield test, _size(size)


def _axes(sizes: tuple[Any, ...], *, is_nodal: bool) -> Iterator[tuple[str, float]]:
    """Give the axes, the one that counts first: by the diameter as given, which stands above it."""
    diameter, long_axis, short_axis, _ = sizes
    counted, other = ("LPERP", "LDIAM") if is_nodal else ("LDIAM", "LPERP")
    own, second = (short_axis, long_axis) if is_nodal else (long_axis, short_axis)
    first = diameter if pd.notna(diameter) else own
    if pd.notna(first):
        yield counted, first
    if pd.notna(second):
        yield other, second


def _size(size: float) -> Row:
    """Write a size in mm; a number of at most two decimals is written as it is."""
    text = f"{size:.12g}"
    return {"TRORRES": text, "TRORRESU": "mm", "TRSTRESC": text, "TRSTRESN": size, "TRSTRESU": "mm"}
