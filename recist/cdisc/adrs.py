"""ADRS: the response at every visit, the best response, and whether there was response, progression or death."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.cdisc.layout import analysis_place, is_yes
from recist.cdisc.results import assessed_series
from recist.cdisc.terms import YES

if TYPE_CHECKING:
    from recist.cdisc.layout import Row
    from recist.cdisc.results import Results

# AVAL of a response, best first
VALUES = {
    "CR": 1,
    "PR": 2,
    "SD": 3,
    "NON-CR/NON-PD": 4,
    "PD": 5,
    "NE": 6,
    "MISSING": 7,
    "NED": 8,
    "ND": 9,
}
IMMUNE = {"UPD": "PD", "CPD": "PD", "NON-ICR/NON-IUPD": "NON-CR/NON-PD"}
RESPONDS = ("CR", "PR")
VISIT_PARAMETERS = (
    ("OVR", "Overall Response by Visit", "overall_response"),
    ("TRGR", "Target Response by Visit", "target_response"),
    ("NTRGR", "Non-target Response by Visit", "non_target_response"),
)


def response_records(results: Results) -> list[Row]:
    """Lay out the responses; ANL01FL marks the visits that count for the best response."""
    rows: list[Row] = []
    for row in results.responses.itertuples(index=False):
        rows += _visit(results, row)
    for row in assessed_series(results).itertuples(index=False):
        rows += _series(results, row)
    return [*rows, *_deaths(results)]


def value_of(word: str) -> int | None:
    """Give the number of a response; those of iRECIST have the number of the same response of RECIST 1.1.

    Examples
    --------
    >>> value_of("PR"), value_of("iUPD"), value_of("NONE")
    (2, 5, None)
    """
    plain = word.upper() if word.startswith("NON-i") else word.removeprefix("i")
    return VALUES.get(IMMUNE.get(plain, plain))


def _visit(results: Results, row: Any) -> list[Row]:  # a row of ``responses``
    counts = not is_yes(row.after_progression) and not row.excluded
    place = {**analysis_place(results, row.subject, row.reader, row.timepoint), "ADT": row.date}
    return [
        {
            **place,
            "PARAMCD": code,
            "PARAM": name,
            "AVALC": str(getattr(row, column)),
            "AVAL": value_of(str(getattr(row, column))),
            "ANL01FL": YES if counts else "",
        }
        for code, name, column in VISIT_PARAMETERS
        if getattr(row, column) != "NONE"
    ]


def _series(results: Results, row: Any) -> list[Row]:  # a row of ``best_responses``
    place = {**analysis_place(results, row.subject, row.reader, ""), "ANL01FL": YES}
    best = (
        ("BOR", "Best Overall Response", row.best_response, row.best_response_date),
        ("CBOR", "Confirmed Best Overall Response", row.confirmed_best_response, row.confirmed_best_response_date),
    )
    events = (
        ("RSP", "Response", row.best_response.removeprefix("i") in RESPONDS, row.first_response_date),
        (
            "CRSP",
            "Confirmed Response",
            row.confirmed_best_response.removeprefix("i") in RESPONDS,
            row.confirmed_best_response_date,
        ),
        ("PD", "Disease Progression", pd.notna(row.progression_date), row.progression_date),
    )
    found: list[Row] = [
        {**place, "PARAMCD": code, "PARAM": name, "AVALC": word, "AVAL": value_of(word), "ADT": date}
        for code, name, word, date in best
    ]
    return [*found, *(_event(place, event) for event in events)]


def _event(place: Row, event: tuple[str, str, bool, Any]) -> Row:
    """Lay out whether something happened, and when."""
    code, name, is_so, date = event
    word, value = (YES, 1) if is_so else ("N", 0)
    return {**place, "PARAMCD": code, "PARAM": name, "AVALC": word, "AVAL": value, "ADT": date if is_so else pd.NaT}


def _deaths(results: Results) -> list[Row]:
    """Say of every subject whether they died: once, as it does not depend on who read; nothing where nobody did."""
    if results.subjects is None or not results.subjects["death_date"].notna().any():
        return []
    scored = set(results.best_responses["subject"])
    rows = []
    for subject, death in results.subjects[["subject", "death_date"]].itertuples(index=False, name=None):
        if subject in scored:
            place = {"USUBJID": subject, "AVISIT": "", "ANL01FL": YES}
            rows.append(_event(place, ("DEATH", "Death", pd.notna(death), death)))
    return rows
