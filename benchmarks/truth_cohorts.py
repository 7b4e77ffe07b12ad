"""Fresh synthetic cohorts taken through the whole chain, for `truth_recovery.py`.

Each cohort is generated with lesions, scored by RECIST 1.1, linked, written, read again and analysed with the functions
and settings of the report; only the bootstrap, which decides nothing here, is short.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from linkage import Rules, StudyConfig, check_study_tables, link
from linkage.writing import write_linked
from recist.problems import require_no_errors
from recist.response import score
from sample_dicom.cohort_model import make_cohort
from sample_dicom.cohort_model.parameters import AGE_MEAN_YEARS, LOG_HAZARD_RATIOS
from survival.cohort import Cohort, read_cohort
from survival.covariates import derive_timing
from survival.cox import cox
from survival.options import FEWEST_REPLICATES, ReportOptions
from survival.reporting.study import Study

TRUTHS = tuple(name for name in LOG_HAZARD_RATIOS if name != "second_treatment")
NULL = {**LOG_HAZARD_RATIOS, "symptom_nonresponse": 0.0, "biochemical_progression": 0.0, "imaging_progression": 0.0}
"""A world in which response says nothing about survival; age, site and function still do."""
LINKED_TABLES = ("subjects", "patients", "treatments", "symptoms", "labs", "report_responses")
Z_95 = 1.959963984540054


def analyse_true_cohort(seed: int) -> dict[str, float]:
    """Analyse one cohort of the model: intervals of the true log hazard ratios, and the second treatment both ways."""
    tables = make_cohort(seed)
    return {"seed": seed, **_cover_truth(tables["truth"], tables), **_second_treatment(_study(tables))}


def analyse_null_cohort(seed: int) -> dict[str, float]:
    """Analyse one cohort in which neither response nor a second treatment matters: the p values of the report."""
    study = _study(make_cohort(seed, log_hazard_ratios=NULL))
    p_values: dict[str, float] = {"seed": seed}
    for name, found in study.comparisons.items():
        p_values[f"{name}, as published"] = found.from_index.numbers["log_rank_p_value"]
        p_values[f"{name}, landmark"] = found.at_landmark.numbers["log_rank_p_value"]
        p_values[f"{name}, own-date entry"] = found.own_entry.numbers["hazard_ratio_p_value"]
    second = _second_treatment(study)
    p_values["second treatment, as published"] = second["naive p"]
    p_values["second treatment, start-stop"] = second["start-stop p"]
    return p_values


def _study(tables: Mapping[str, pd.DataFrame]) -> Study:
    """Score, link, write, read: the cohort as `recist survival` meets it."""
    measured = tables["subjects"]["subject"].isin(tables["measurements"]["subject"])
    scored = score(tables["measurements"], subjects=tables["subjects"][measured])
    frames = {name: tables[name] for name in LINKED_TABLES}
    checked, problems = check_study_tables(
        {**frames, "responses": scored.responses, "best_responses": scored.best_responses}
    )
    linked = link(checked, Rules(), cutoff_date=None, problems=problems)
    require_no_errors(linked.problems)
    with tempfile.TemporaryDirectory() as folder:
        write_linked(linked, StudyConfig(name="fresh cohort"), Path(folder) / "cohort")
        cohort: Cohort = read_cohort(Path(folder) / "cohort")
    return Study(cohort=cohort, frame=derive_timing(cohort.frame), options=ReportOptions(bootstrap=FEWEST_REPLICATES))


def _cover_truth(truth: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Fit the model the data were drawn from, on everybody seen at the first follow-up, entering then.

    The categories are those of `truth`, also where no chart holds them: the hazard ratios are conditional on all three.
    """
    people = tables["patients"].merge(tables["subjects"], on="subject").merge(truth, on="subject")
    end = people["death_date"].fillna(people["last_contact_date"])
    covariates = pd.DataFrame(
        {
            "symptom_nonresponse": people["symptomatic_category"].ne("improved"),
            "biochemical_progression": people["biochemical_category"].eq("PD"),
            "imaging_progression": people["imaging_category"].eq("PD"),
            "functional": people["functional"].astype(bool),
            "pulmonary": people["primary_site"].eq("pulmonary"),
            "age_per_10_years": (people["age_years"] - AGE_MEAN_YEARS) / 10,
        }
    ).astype(float)
    days, seen = (end - people["start_date"]).dt.days, people["is_seen_at_follow_up"].astype(bool)
    fit = cox(
        days[seen],
        people.loc[seen, "death_date"].notna(),
        covariates[seen],
        start=people.loc[seen, "follow_up_day"],
    )
    rows = fit.table.set_index("term")
    found = {}
    for name in TRUTHS:
        found[f"{name} estimate"] = float(rows["coefficient"][name])
        found[f"{name} error"] = float(rows["standard_error"][name])
    return found


def _second_treatment(study: Study) -> dict[str, float]:
    found = study.retreatment
    assert found is not None, "every cohort of this size has second treatments"
    assert found.start_stop is not None, "the cohort has spans"
    lower, upper = found.start_stop["hazard_ratio_lower"], found.start_stop["hazard_ratio_upper"]
    return {
        "naive p": found.naive.numbers["log_rank_p_value"],
        "naive gain months": found.naive.numbers["difference_months"],
        "start-stop p": found.start_stop["hazard_ratio_p_value"],
        "second_treatment estimate": float(np.log(found.start_stop["hazard_ratio"])),
        "second_treatment error": float(np.log(upper / lower) / (2 * Z_95)),
    }
