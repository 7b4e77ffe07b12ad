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
from sample_dicom.cohort_model.scan_categories import scan_categories
from sample_dicom.cohort_model.symptoms import SymptomStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_FOLLOW_UP_DAYS = (42, 183)
"""Window of the first follow-up, in days from the first treatment."""


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
    """Put the responses of all imaging patients in one table: scored from lesions, else as reported."""
    lesions = [tables["measurements"]]
    if "imaging_plan" in tables:
        plan = tables["imaging_plan"]
        lesions.append(plan.assign(diameter_mm=plan["short_axis_mm"].where(plan["nodal"], plan["long_axis_mm"])))
    scored = pd.DataFrame(
        [
            (subject, *visit, "image")
            for subject, rows in pd.concat(lesions).groupby("subject")
            for visit in scan_categories(rows)
        ],
        columns=["subject", "date", "overall_response", "source"],
    )
    reported = tables["report_responses"][scored.columns.tolist()]
    only_reported = reported[~reported["subject"].isin(scored["subject"])]
    return pd.concat([scored, only_reported], ignore_index=True)


def _biochemical(labs: pd.DataFrame) -> pd.Series[str]:
    named = labs[(labs["marker"] == "CgA") & labs["value"].notna()]
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
