"""What the exported tables say about each subject, read back from calendar dates with the definitions in one place.

The figures in `truth.json` come from here and not from the latents, so that they are what an analysis of the tables
finds. The project's own scoring, linkage and survival rooms are not used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.labs import PROGRESSION_RISE, RESPONSE_FALL
from sample_dicom.cohort_model.recist_sums import is_progression, target_category
from sample_dicom.cohort_model.symptoms import SymptomStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIRST_FOLLOW_UP_DAYS = (42, 183)
"""Window of the first follow-up, in days from the first treatment."""
_NODE_GONE_TENTHS = 100


def read_back(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give one row per subject: overall survival, first response per domain, treatments, relief and progression.

    Returns
    -------
    pandas.DataFrame
        Indexed by subject; `os_days`, `os_event`, `symptomatic`, `symptomatic_days`, `biochemical`, `imaging`,
        `imaging_source`, `n_treatments`, `second_treatment_days`, `relief_days`, `relief_event`, `pfs_days`,
        `pfs_event`; empty where there is nothing.
    """
    people = tables["subjects"].set_index("subject")
    start = people["start_date"]
    row = pd.DataFrame(index=people.index)
    row["os_days"] = (people["death_date"].fillna(people["last_contact_date"]) - start).dt.days
    row["os_event"] = people["death_date"].notna()
    treatments = _with_days(tables["treatments"], start)
    row["n_treatments"] = treatments.groupby("subject").size()
    row["second_treatment_days"] = treatments[treatments["treatment_number"] == 2].set_index("subject")["day"]
    symptoms = _with_days(tables["symptoms"], start)
    first = _first_follow_up(symptoms[symptoms["status"].isin(model.SYMPTOMS.categories)])
    row["symptomatic"], row["symptomatic_days"] = first["status"], first["day"]
    row["biochemical"] = _biochemical(_with_days(tables["labs"], start))
    visits = _with_days(imaging_visits(tables), start)
    first = _first_follow_up(visits)
    row["imaging"], row["imaging_source"] = first["overall_response"], first["source"]
    return _with_progression(_with_relief(row, symptoms), visits)


def imaging_visits(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Put the responses of all imaging patients in one table: scored from lesions, or as reported."""
    lesions = [tables["measurements"]]
    if "imaging_plan" in tables:
        plan = tables["imaging_plan"]
        lesions.append(plan.assign(diameter_mm=plan["short_axis_mm"].where(plan["nodal"], plan["long_axis_mm"])))
    scored = pd.DataFrame(
        [visit for _, rows in pd.concat(lesions).groupby("subject") for visit in _score_subject(rows)],
        columns=["subject", "date", "overall_response", "source"],
    )
    reported = tables["report_responses"][scored.columns.tolist()]
    return pd.concat([scored, reported], ignore_index=True)


def _score_subject(rows: pd.DataFrame) -> Iterator[tuple[str, pd.Timestamp, str, str]]:
    scans = [scan for _, scan in rows.groupby("date")]
    baseline, *later = scans
    nadir = baseline_sum = _sum_tenths(baseline)
    for scan in later:
        total = _sum_tenths(scan)
        category = _overall(scan, total, baseline_sum)
        if (scan["role"] == "new").any() or is_progression(total, nadir):
            category = "PD"
        nadir = min(nadir, total)
        yield scan["subject"].iloc[0], scan["date"].iloc[0], category, "image"


def _sum_tenths(scan: pd.DataFrame) -> int:
    return sum(round(diameter_mm * 10) for diameter_mm in scan.loc[scan["role"] == "target", "diameter_mm"])


def _overall(scan: pd.DataFrame, total: int, baseline_sum: int) -> str:
    targets = scan[scan["role"] == "target"]
    is_gone = (targets["diameter_mm"] == 0) | (targets["nodal"] & (targets["diameter_mm"] * 10 < _NODE_GONE_TENTHS))
    category = target_category(total, baseline_sum, all_gone=bool(is_gone.all()))
    non_targets = scan.loc[scan["role"] == "non_target", "state"]
    return "PR" if category == "CR" and (non_targets != "absent").any() else category


def _biochemical(labs: pd.DataFrame) -> pd.Series[str]:
    named = labs[labs["marker"] == "CgA"]
    baseline = named[named["day"] <= 0].set_index("subject")["value"]
    follow_up = _first_follow_up(named)
    value = follow_up["value"]
    baseline = baseline.reindex(value.index)
    category = np.select(
        [
            value <= follow_up["upper_normal"],
            value >= (1 + PROGRESSION_RISE) * baseline,
            value <= (1 - RESPONSE_FALL) * baseline,
        ],
        ["CR", "PD", "PR"],
        "SD",
    )
    return pd.Series(category, index=value.index)


def _with_days(table: pd.DataFrame, start: pd.Series[pd.Timestamp]) -> pd.DataFrame:
    return table.assign(day=(table["date"] - table["subject"].map(start)).dt.days)


def _first_follow_up(rows: pd.DataFrame) -> pd.DataFrame:
    inside = rows[rows["day"].between(*FIRST_FOLLOW_UP_DAYS)]
    return inside.sort_values("day", kind="stable").groupby("subject").first()


def _with_relief(row: pd.DataFrame, symptoms: pd.DataFrame) -> pd.DataFrame:
    recurrence = symptoms[symptoms["status"] == SymptomStatus.RECURRED].set_index("subject")["day"].reindex(row.index)
    improved = row["symptomatic"] == SymptomStatus.IMPROVED
    end = recurrence.fillna(row["os_days"])
    row["relief_days"] = (end - row["symptomatic_days"]).where(improved)
    row["relief_event"] = (recurrence.notna() | row["os_event"]) & improved
    return row


def _with_progression(row: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    progression = visits[visits["overall_response"] == "PD"].groupby("subject")["day"].min().reindex(row.index)
    last_scan = visits.groupby("subject")["day"].max().reindex(row.index)
    end = progression.fillna(row["os_days"].where(row["os_event"], last_scan))
    row["pfs_days"] = end.where(last_scan.notna())
    row["pfs_event"] = (progression.notna() | row["os_event"]) & last_scan.notna()
    return row
