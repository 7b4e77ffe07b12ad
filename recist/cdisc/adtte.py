"""ADTTE: progression-free survival, time to progression, duration of response, and survival where deaths are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.cdisc.layout import analysis_place, is_yes
from recist.cdisc.results import assessed_series
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
    for row in assessed_series(results).itertuples(index=False):
        place = analysis_place(results, str(row.subject), str(row.reader), "")
        rows += [{**place, **record} for record in (_record(row, endpoint) for endpoint in ENDPOINTS) if record]
    return [*rows, *_survivals(results)]


def _record(row: Any, endpoint: Endpoint) -> Row:
    """Lay out one endpoint of a series; nothing when the series does not have it."""
    days, is_event = getattr(row, f"{endpoint.columns}_days"), getattr(row, f"{endpoint.columns}_event")
    end, reason = getattr(row, f"{endpoint.columns}_date"), str(getattr(row, f"{endpoint.columns}_reason"))
    if pd.isna(days) or pd.isna(end):
        return {}
    says = SAYS.get(reason, reason)
    return _laid_out((endpoint.code, endpoint.name), end - (days - 1) * DAY, end, (is_yes(is_event), says))


def _survivals(results: Results) -> list[Row]:
    """Lay out the survival of every subject once, as it does not depend on who read; nothing where nobody died."""
    if results.subjects is None or not results.subjects["death_date"].notna().any():
        return []
    starts = _starts(results)
    scanned = results.lesions.groupby("subject")["date"].max()
    rows: list[Row] = []
    for _, person in results.subjects.iterrows():
        subject = str(person["subject"])
        start = starts.get(subject, pd.NaT)
        if pd.notna(start):
            rows.append({"USUBJID": subject, **_survival(dict(person), start, scanned.get(subject, pd.NaT))})
    return rows


def _starts(results: Results) -> dict[str, pd.Timestamp]:
    """Find the first start of each subject that was scored, over the readers."""
    rows = assessed_series(results)[["subject", "pfs_date", "pfs_days"]]
    starts = rows["pfs_date"] - pd.to_timedelta(rows["pfs_days"] - 1, unit="D")
    return {str(subject): start for subject, start in starts.groupby(rows["subject"]).min().items()}


def _survival(person: dict[str, Any], start: pd.Timestamp, last_scan: pd.Timestamp) -> Row:
    """Lay out survival: to death, or censored at the last contact, the last scan, or the cut-off."""
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
