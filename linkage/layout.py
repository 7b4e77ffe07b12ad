"""How the cohort table is laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from linkage.people import days_between

if TYPE_CHECKING:
    from linkage.tables import StudyTables

DOMAINS = ("imaging", "biochemical", "symptomatic")
DOMAIN_PARTS = ("response", "date", "days", "source", "reason", "change_pct")
PATIENT_COLUMNS = ("age_years", "sex", "primary_site", "functional", "ki67_pct", "diagnosis_date")
NOT_PASSED_ON = ("birth_date",)  # identifies a person and is used for checks only
COHORT_COLUMNS = (
    *("subject", "index_date", "cutoff_date", *PATIENT_COLUMNS, "first_activity_mci"),
    *(f"{domain}_{part}" for domain in DOMAINS for part in DOMAIN_PARTS),
    *("biochemical_marker", "n_treatments", "second_treatment_date", "second_treatment_days"),
    *("os_days", "os_event", "os_reason", "pfs_days", "pfs_event", "pfs_reason", "pfs_lower_days", "pfs_upper_days"),
    *("relief_days", "relief_event", "relief_reason"),
)


def lay_out_cohort(
    people: pd.DataFrame,
    tables: StudyTables,
    domains: dict[str, pd.DataFrame],
    endpoints: tuple[pd.DataFrame, ...],
) -> pd.DataFrame:
    """Lay out the ``cohort`` table, sorted by subject."""
    described = tables.patients.set_index("subject").reindex(people.index)
    parts = {f"{name}_{part}": domain[part] for name, domain in domains.items() for part in DOMAIN_PARTS}
    columns = {
        **{name: people[name] for name in ("index_date", "cutoff_date", "first_activity_mci")},
        **{name: described[name] for name in PATIENT_COLUMNS},
        **parts,
        "biochemical_marker": domains["biochemical"]["marker"],
        "n_treatments": people["n_treatments"],
        "second_treatment_date": people["second_treatment_date"],
        "second_treatment_days": days_between(people["index_date"], people["second_treatment_date"]),
    }
    table = pd.DataFrame(columns, index=people.index).join(list(endpoints))
    table = table.reset_index(drop=True).assign(subject=tables.names[people.index])
    passed_on = [name for name in described.columns if name not in (*PATIENT_COLUMNS, *NOT_PASSED_ON)]
    extra = described[passed_on].reset_index(drop=True)
    return pd.concat([table[list(COHORT_COLUMNS)], extra], axis="columns")
