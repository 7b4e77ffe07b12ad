"""The figures of the abstract, realised by a cohort's tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.estimates import km_median_days, log_rank_p, switch_log_hazard_ratio
from sample_dicom.cohort_model.survival import NEVER

if TYPE_CHECKING:
    import pandas as pd

    Figures = dict[str, object]


def realise_figures(row: pd.DataFrame) -> Figures:
    """Compute every figure of the abstract from the rows that `readback.read_back` gives."""
    return {
        "n_subjects": len(row),
        "n_deaths": int(row["os_event"].sum()),
        "overall_survival_median_months": _median_months(row, "os"),
        "symptomatic": _domain_figures(row, model.SYMPTOMS, ("improved",)),
        "biochemical": _domain_figures(row, model.LABS, ("CR", "PR", "SD")),
        "imaging": _domain_figures(row, model.IMAGING, ("CR", "PR", "SD"))
        | {
            "n_images": int((row["imaging_source"] == "image").sum()),
            "n_reports": int((row["imaging_source"] == "report").sum()),
        },
        "relief_median_months": _median_months(row[row["relief_days"].notna()], "relief"),
        "multiple_treatments": _contrast(row, row["n_treatments"] > 1)
        | {"n_multiple": int((row["n_treatments"] > 1).sum())},
        "second_treatment_start_stop_hazard_ratio": _rounded(_start_stop_hazard_ratio(row), 3),
        "progression_free_survival_median_months": _median_months(row[row["pfs_days"].notna()], "pfs"),
    }


def _domain_figures(row: pd.DataFrame, domain: model.Domain, good: tuple[str, ...]) -> Figures:
    on_record = row[row[domain.name].notna()]
    counts = on_record[domain.name].value_counts()
    return {
        "n_evaluable": len(on_record),
        "counts": {category: int(counts.get(category, 0)) for category in domain.categories},
        "good": list(good),
    } | _contrast(on_record, on_record[domain.name].isin(good))


def _contrast(row: pd.DataFrame, is_good: pd.Series[bool]) -> Figures:
    good, bad = _median_months(row[is_good], "os"), _median_months(row[~is_good], "os")
    days, event = row["os_days"].to_numpy(dtype=np.int64), row["os_event"].to_numpy(dtype=np.bool_)
    p_value = log_rank_p(days, event, is_good.to_numpy(dtype=np.bool_))
    return {
        "median_months_good": good,
        "median_months_bad": bad,
        "gain_months": _rounded(good - bad, 2),
        "log_rank_p": float(f"{p_value:.3g}"),
    }


def _median_months(row: pd.DataFrame, end_point: str) -> float:
    days = row[f"{end_point}_days"].to_numpy(dtype=np.int64)
    event = row[f"{end_point}_event"].to_numpy(dtype=np.bool_)
    return _rounded(km_median_days(days, event) / model.DAYS_PER_MONTH, 3)


def _start_stop_hazard_ratio(row: pd.DataFrame) -> float:
    switch = row["second_treatment_days"].fillna(NEVER).to_numpy(dtype=np.int64)
    days, event = row["os_days"].to_numpy(dtype=np.int64), row["os_event"].to_numpy(dtype=np.bool_)
    return math.exp(switch_log_hazard_ratio(days, event, switch))


def _rounded(number: float, decimals: int) -> float:
    return round(float(number), decimals)
