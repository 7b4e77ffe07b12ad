"""The figures of the abstract, found in the committed tables with lifelines and a few lines of pandas.

Expected values: abstract of Kane et al., J Nucl Med 2018;59:1708-1713. Nothing here calls the generator.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import lifelines
import numpy as np
import pandas as pd
import pytest
from lifelines.statistics import logrank_test

COHORT = Path(str(files("sample_dicom"))) / "cohort"
DAYS_PER_MONTH = 30.4375


def read(name: str) -> pd.DataFrame:
    table = pd.read_csv(COHORT / f"{name}.csv")
    for column in table.columns[table.columns.str.contains("date")]:
        table[column] = pd.to_datetime(table[column], format="%Y-%m-%d")
    return table


@pytest.fixture(scope="module")
def subjects() -> pd.DataFrame:
    """One row per subject with overall survival from the first treatment."""
    table = read("subjects").set_index("subject")
    end = table["death_date"].fillna(table["last_contact_date"])
    table["days"] = (end - table["start_date"]).dt.days
    table["event"] = table["death_date"].notna().astype(int)
    table["n_treatments"] = read("treatments").groupby("subject").size()
    return table


def first_follow_up(table: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """First row of each subject 42 to 183 days after the first treatment, before a second one."""
    treatments = read("treatments")
    second = treatments[treatments["treatment_number"] == 2].set_index("subject")["date"]
    day = (table["date"] - table["subject"].map(subjects["start_date"])).dt.days
    before_second = ~(table["date"] >= table["subject"].map(second))
    inside = table[day.between(42, 183) & before_second]
    return inside.sort_values("date", kind="stable").groupby("subject").first()


def median_months(rows: pd.DataFrame, days: str = "days", event: str = "event") -> float:
    """Kaplan-Meier median from lifelines' curve; the midpoint where the curve rests at exactly one half, as R does."""
    curve = lifelines.KaplanMeierFitter().fit(rows[days], rows[event]).survival_function_["KM_estimate"]
    at = curve.index[curve <= 0.5 + 1e-9][0]
    below = curve.index[curve < 0.5 - 1e-9][0]
    return float(at + below) / 2 / DAYS_PER_MONTH


def gain_and_p(rows: pd.DataFrame, good: pd.Series) -> tuple[float, float]:
    gain = median_months(rows[good]) - median_months(rows[~good])
    test = logrank_test(
        rows.loc[good, "days"], rows.loc[~good, "days"], rows.loc[good, "event"], rows.loc[~good, "event"]
    )
    return gain, test.p_value


@pytest.fixture(scope="module")
def symptoms(subjects: pd.DataFrame) -> pd.DataFrame:
    visits = read("symptoms")
    first = first_follow_up(visits[visits["status"].isin(["improved", "unchanged", "worse"])], subjects)
    return subjects.join(first[["date", "status"]], how="inner")


@pytest.fixture(scope="module")
def biochemistry(subjects: pd.DataFrame) -> pd.DataFrame:
    """Category of chromogranin A: CR within normal, PR at least 50 % down, PD at least 25 % up, else SD."""
    labs = read("labs")
    labs = labs[(labs["marker"] == "CgA") & labs["value"].notna()]
    before = labs[labs["date"] <= labs["subject"].map(subjects["start_date"])].set_index("subject")["value"]
    first = first_follow_up(labs, subjects).join(before.rename("before"))
    first["category"] = "SD"
    first.loc[first["value"] <= 0.5 * first["before"], "category"] = "PR"
    first.loc[first["value"] >= 1.25 * first["before"], "category"] = "PD"
    first.loc[first["value"] <= first["upper_normal"], "category"] = "CR"
    return subjects.join(first["category"], how="inner")


@pytest.fixture(scope="module")
def imaging(subjects: pd.DataFrame) -> pd.DataFrame:
    """First category from the truth table; that images and reports give the same is tested with the lesions."""
    truth = read("truth").set_index("subject")
    truth = truth[truth["imaging_source"] != "none"]
    return subjects.join(truth[["imaging_category", "imaging_source"]], how="inner")


def test_211_patients_first_treated_between_1991_and_2014_are_followed_until_the_end_of_2016(
    subjects: pd.DataFrame,
) -> None:
    assert len(subjects) == 211
    assert subjects.index.tolist() == [f"S{number:03d}" for number in range(1, 212)]
    assert subjects["start_date"].between("1991-01-01", "2014-12-31").all()
    assert (subjects["cutoff_date"] == pd.Timestamp("2016-12-31")).all()


def test_median_overall_survival_is_29_months(subjects: pd.DataFrame) -> None:
    assert 28.5 <= median_months(subjects) < 29.5


def test_symptoms_improve_in_71_percent_of_200_and_these_live_30_months_longer(symptoms: pd.DataFrame) -> None:
    improved = symptoms["status"] == "improved"
    assert (int(improved.sum()), len(symptoms)) == (142, 200)
    gain, p_value = gain_and_p(symptoms, improved)
    assert 29.5 <= gain < 30.5
    assert p_value < 0.001


def test_median_relief_of_symptoms_is_12_months_when_death_ends_it(symptoms: pd.DataFrame) -> None:
    visits = read("symptoms")
    recurred = visits[visits["status"] == "recurred"].set_index("subject")["date"]
    rows = symptoms[symptoms["status"] == "improved"].join(recurred.rename("recurrence"))
    end = rows["recurrence"].fillna(rows["death_date"]).fillna(rows["last_contact_date"])
    rows["relief"] = (end - rows["date"]).dt.days
    rows["ended"] = rows["recurrence"].notna() | (rows["event"] == 1)
    assert 11.5 <= median_months(rows, "relief", "ended") < 12.5


def test_34_percent_respond_and_48_percent_are_stable_biochemically_and_these_live_40_months_longer(
    biochemistry: pd.DataFrame,
) -> None:
    counts = biochemistry["category"].value_counts()
    assert len(biochemistry) == 61
    assert (counts["CR"] + counts["PR"], counts["SD"], counts["PD"]) == (21, 29, 11)
    gain, p_value = gain_and_p(biochemistry, biochemistry["category"] != "PD")
    assert 39.5 <= gain < 40.5
    assert p_value < 0.03


def test_20_percent_respond_and_60_percent_are_stable_on_ct_and_these_live_32_months_longer(
    imaging: pd.DataFrame,
) -> None:
    counts = imaging["imaging_category"].value_counts()
    assert len(imaging) == 125
    assert (counts["CR"] + counts["PR"], counts["SD"], counts["PD"]) == (25, 75, 25)
    gain, p_value = gain_and_p(imaging, imaging["imaging_category"] != "PD")
    assert 31.5 <= gain < 32.5
    assert p_value < 0.001


def test_ct_follow_up_is_76_image_reads_of_the_latest_treatments_and_49_reports(imaging: pd.DataFrame) -> None:
    assert imaging["imaging_source"].value_counts().to_dict() == {"image": 76, "report": 49}
    start = imaging.groupby("imaging_source")["start_date"]
    assert start.max()["report"] < start.min()["image"]


def test_the_naive_comparison_credits_multiple_treatments_with_24_months(subjects: pd.DataFrame) -> None:
    gain, p_value = gain_and_p(subjects, subjects["n_treatments"] > 1)
    assert 23.5 <= gain < 24.5
    assert p_value < 0.05


def test_with_start_stop_rows_a_second_treatment_does_nothing(subjects: pd.DataFrame) -> None:
    treatments = read("treatments")
    second = treatments[treatments["treatment_number"] == 2].set_index("subject")["date"]
    switch = (second - subjects["start_date"]).dt.days.reindex(subjects.index)
    treated_again = switch.notna()
    before = pd.DataFrame(
        {
            "start": 0.0,
            "stop": switch.fillna(subjects["days"]),
            "event": subjects["event"].where(~treated_again, 0),
            "second": 0,
        }
    )
    after = pd.DataFrame(
        {"start": switch, "stop": subjects["days"].astype(float), "event": subjects["event"], "second": 1}
    )[treated_again]
    rows = pd.concat([before, after]).reset_index()
    fit = lifelines.CoxTimeVaryingFitter().fit(
        rows, id_col="subject", event_col="event", start_col="start", stop_col="stop"
    )
    assert 0.87 <= np.exp(fit.params_["second"]) <= 1.15


def test_truth_says_that_the_data_are_synthetic_and_the_seeds_were_searched_for() -> None:
    truth = json.loads((COHORT / "truth.json").read_text(encoding="utf-8"))
    assert "synthetic" in truth["statement"]
    assert "searched for" in truth["statement"]
    assert truth["seeds"]["searched_for"] is True
    assert truth["true_log_hazard_ratios"] == pytest.approx(
        {
            "symptom_nonresponse": np.log(2.1),
            "biochemical_progression": np.log(3.1),
            "imaging_progression": np.log(3.3),
            "functional": -0.5,
            "pulmonary": 0.3,
            "age_per_10_years": 0.12,
            "second_treatment": 0.0,
        },
        abs=1e-6,
    )


def test_the_realised_figures_in_truth_are_those_of_lifelines(
    subjects: pd.DataFrame, symptoms: pd.DataFrame, biochemistry: pd.DataFrame, imaging: pd.DataFrame
) -> None:
    realised = json.loads((COHORT / "truth.json").read_text(encoding="utf-8"))["realised"]
    assert realised["n_deaths"] == subjects["event"].sum()
    assert realised["overall_survival_median_months"] == pytest.approx(median_months(subjects), abs=6e-4)
    for name, rows, good in (
        ("symptomatic", symptoms, symptoms["status"] == "improved"),
        ("biochemical", biochemistry, biochemistry["category"] != "PD"),
        ("imaging", imaging, imaging["imaging_category"] != "PD"),
        ("multiple_treatments", subjects, subjects["n_treatments"] > 1),
    ):
        gain, p_value = gain_and_p(rows, good)
        assert realised[name]["gain_months"] == pytest.approx(gain, abs=6e-3)
        assert realised[name]["log_rank_p"] == pytest.approx(p_value, rel=6e-3)
