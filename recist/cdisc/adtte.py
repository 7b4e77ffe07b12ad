"""ADTTE: progression-free survival, time to progression, duration of response, and survival where deaths are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.cdisc.layout import analysis_place, is_yes
from recist.criteria.censoring import CENSORING_ROWS

if TYPE_CHECKING:
    from recist.cdisc.layout import Row
    from recist.cdisc.results import Results

DAY = pd.Timedelta(days=1)
EVENT, CENSORED = 0, 1  # CNSR
SAYS = {str(row.situation): row.says for row in CENSORING_ROWS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One endpoint of ``best_responses``: its parameter, and how its columns begin."""

    code: str
    name: str
    columns: str


ENDPOINTS = (
    Endpoint(code="PFS", name="Progression-Free Survival", columns="pfs"),
    Endpoint(code="TTP", name="Time to Progression", columns="ttp"),
    Endpoint(code="DOR", name="Duration of Response", columns="duration_of_response"),
)


def time_records(results: Results) -> list[Row]:
    """Lay out times in days, the first and the last day counted; CNSR is 0 for an event and 1 for censoring."""
    rows: list[Row] = []
    people: dict[str, dict[str, Any]] = {}
    if results.subjects is not None:
        people = {str(person["subject"]): dict(person) for _, person in results.subjects.iterrows()}
    has_deaths = any(pd.notna(person["death_date"]) for person in people.values())
    scanned = results.lesions.groupby("subject")["date"].max()
    for row in results.best_responses.itertuples(index=False):
        subject = str(row.subject)
        place = analysis_place(results, subject, str(row.reader), "")
        found = [_record(row, endpoint) for endpoint in ENDPOINTS]
        if has_deaths and subject in people:
            found.append(_survival(row, people[subject], scanned.get(subject, pd.NaT)))
        rows += [{**place, **record} for record in found if record]
    return rows


def _record(row: Any, endpoint: Endpoint) -> Row:
    """Lay out one endpoint of a series; nothing when the series does not have it."""
    days, is_event = getattr(row, f"{endpoint.columns}_days"), getattr(row, f"{endpoint.columns}_event")
    end, reason = getattr(row, f"{endpoint.columns}_date"), str(getattr(row, f"{endpoint.columns}_reason"))
    if pd.isna(days) or pd.isna(end):
        return {}
    says = SAYS.get(reason, reason)
    return _laid_out((endpoint.code, endpoint.name), end - (days - 1) * DAY, end, (is_yes(is_event), says))


def _survival(row: Any, person: dict[str, Any], last_scan: pd.Timestamp) -> Row:
    """Lay out survival: to death, or censored at the last contact, the last scan, or the cut-off."""
    start = row.pfs_date - (row.pfs_days - 1) * DAY
    death, cutoff = person["death_date"], person["cutoff_date"]
    if pd.notna(death) and not (pd.notna(cutoff) and death > cutoff):
        return _laid_out(("OS", "Overall Survival"), start, death, (True, "death"))
    ends = [day for day in (person["last_contact_date"], last_scan) if pd.notna(day)]
    end, says = max([*ends, start]), "alive at the last contact or scan"
    if (pd.notna(cutoff) and cutoff < end) or pd.notna(death):
        end, says = cutoff, "alive at the cut-off"
    return _laid_out(("OS", "Overall Survival"), start, end, (False, says))


def _laid_out(parameter: tuple[str, str], start: pd.Timestamp, end: pd.Timestamp, outcome: tuple[bool, str]) -> Row:
    is_event, says = outcome
    return {
        "PARAMCD": parameter[0],
        "PARAM": f"{parameter[1]} (days)",
        "STARTDT": start,
        "ADT": end,
        "AVAL": (end - start) // DAY + 1,
        "AVALU": "DAYS",
        "CNSR": EVENT if is_event else CENSORED,
        "EVNTDESC": says.upper(),
        "CNSDTDSC": "" if is_event else says.upper(),
    }
