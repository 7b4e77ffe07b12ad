"""The committed tables: dates in order, values that mean what the chart says, and the interchange shapes."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from recist.tables import MEASUREMENTS, SUBJECTS, VISITS, Table, read_table
from sample_dicom.cohort_model import write_cohort

COHORT = Path(str(files("sample_dicom"))) / "cohort"
DATED = ("treatments", "symptoms", "labs", "report_responses", "measurements", "second_read", "imaging_plan")


def read(name: str) -> pd.DataFrame:
    table = pd.read_csv(COHORT / f"{name}.csv")
    for column in table.columns[table.columns.str.contains("date")]:
        table[column] = pd.to_datetime(table[column], format="%Y-%m-%d")
    return table


@pytest.fixture(scope="module")
def subjects() -> pd.DataFrame:
    return read("subjects").set_index("subject")


def test_the_generator_writes_the_committed_tables_again_byte_for_byte(tmp_path: Path) -> None:
    write_cohort(tmp_path / "cohort")
    written = {path.name: path.read_bytes() for path in (tmp_path / "cohort").iterdir()}
    committed = {path.name: path.read_bytes() for path in COHORT.iterdir() if path.is_file()}
    assert written.keys() == committed.keys()
    assert [name for name, content in written.items() if content != committed[name]] == []


def test_the_committed_tables_are_small() -> None:
    assert sum(path.stat().st_size for path in COHORT.iterdir()) < 600_000


@pytest.mark.parametrize(
    ("name", "table"),
    [
        *(("subjects", SUBJECTS), ("measurements", MEASUREMENTS), ("second_read", MEASUREMENTS)),
        ("report_responses", VISITS),
    ],
)
def test_interchange_tables_are_read_without_a_problem(name: str, table: Table) -> None:
    frame, problems = read_table(COHORT / f"{name}.csv", table)
    assert problems == []
    assert len(frame) == len(read(name))


@pytest.mark.parametrize("name", DATED)
def test_nothing_happens_after_the_last_contact(name: str, subjects: pd.DataFrame) -> None:
    table = read(name)
    assert (table["date"] <= table["subject"].map(subjects["last_contact_date"])).all()


@pytest.mark.parametrize("name", DATED[1:])
def test_no_visit_falls_on_the_day_of_death(name: str, subjects: pd.DataFrame) -> None:
    table = read(name)
    assert not (table["date"] >= table["subject"].map(subjects["death_date"])).any()


def test_the_last_contact_of_the_dead_is_their_death(subjects: pd.DataFrame) -> None:
    dead = subjects[subjects["death_date"].notna()]
    assert (dead["last_contact_date"] == dead["death_date"]).all()
    assert (subjects["last_contact_date"] <= subjects["cutoff_date"]).all()
    assert (subjects["last_contact_date"] > subjects["start_date"]).all()


def test_some_of_the_living_were_lost_before_the_cutoff(subjects: pd.DataFrame) -> None:
    living = subjects[subjects["death_date"].isna()]
    lost = living["last_contact_date"] < living["cutoff_date"]
    assert 0 < lost.sum() < len(living)


def test_diagnosis_comes_before_the_first_treatment(subjects: pd.DataFrame) -> None:
    patients = read("patients").set_index("subject")
    age_at_diagnosis = patients["age_years"] - (subjects["start_date"] - patients["diagnosis_date"]).dt.days / 365.25
    assert (patients["diagnosis_date"] < subjects["start_date"]).all()
    assert (age_at_diagnosis > 15).all()


def test_first_treatments_are_the_start_dates_and_the_others_follow_in_order(subjects: pd.DataFrame) -> None:
    treatments = read("treatments")
    first = treatments[treatments["treatment_number"] == 1].set_index("subject")["date"]
    assert (first == subjects["start_date"]).all()
    step = treatments.groupby("subject")[["date", "treatment_number"]].diff().dropna()
    assert (step["treatment_number"] == 1).all()
    assert (step["date"].dt.days > 90).all()
    assert treatments["activity_mci"].between(100, 700).all()


def test_a_second_treatment_comes_after_the_first_follow_up_and_after_four_months(subjects: pd.DataFrame) -> None:
    treatments = read("treatments")
    second = treatments[treatments["treatment_number"] == 2].set_index("subject")["date"]
    waited = (second - subjects["start_date"]).dt.days.dropna()
    assert (waited >= 4 * 30).all()
    follow_up = read("truth").set_index("subject")["follow_up_day"]
    assert (waited > follow_up.loc[waited.index]).all()


def test_symptom_scores_mean_what_the_chart_says() -> None:
    symptoms = read("symptoms")
    assert symptoms["score"].between(0, 12).all()
    before = symptoms[symptoms["status"] == "baseline"].set_index("subject")["score"]
    change = symptoms["score"] / symptoms["subject"].map(before) - 1
    assert (change[symptoms["status"] == "improved"] <= -0.30).all()
    assert change[symptoms["status"] == "unchanged"].between(-0.30, 0, inclusive="right").all()
    assert (change[symptoms["status"] == "worse"] >= 0.30).all()
    assert (symptoms.loc[symptoms["status"] == "asymptomatic", "score"] == 0).all()


def test_everybody_has_symptoms_at_baseline_or_none_at_all() -> None:
    symptoms = read("symptoms")
    has_baseline = set(symptoms.loc[symptoms["status"] == "baseline", "subject"])
    asymptomatic = set(symptoms.loc[symptoms["status"] == "asymptomatic", "subject"])
    assert len(has_baseline) + len(asymptomatic) == 211
    assert asymptomatic
    assert not has_baseline & asymptomatic


def test_those_who_died_or_left_before_the_first_follow_up_have_only_a_baseline(subjects: pd.DataFrame) -> None:
    truth = read("truth").set_index("subject")
    gone = truth.index[~truth["is_seen_at_follow_up"]]
    assert (subjects.loc[gone, "last_contact_date"] - subjects.loc[gone, "start_date"]).dt.days.max() <= 130
    for name in DATED[1:]:
        table = read(name)
        mine = table[table["subject"].isin(gone)]
        assert (mine["date"] <= mine["subject"].map(subjects["start_date"])).all()


def test_relief_ends_after_the_first_follow_up() -> None:
    symptoms = read("symptoms")
    first = symptoms[symptoms["status"] == "improved"].groupby("subject")["date"].min()
    recurred = symptoms[symptoms["status"] == "recurred"].set_index("subject")["date"]
    assert set(recurred.index) <= set(first.index)
    assert (recurred > first.loc[recurred.index]).all()


def test_both_markers_of_a_patient_give_the_recorded_biochemical_category(subjects: pd.DataFrame) -> None:
    truth = read("truth").set_index("subject")
    labs = read("labs")
    labs = labs[labs["subject"].map(truth["has_labs"])]
    n_scored = 0
    for (subject, _), rows in labs.groupby(["subject", "marker"]):
        before, after = rows.sort_values("date")["value"].iloc[:2]
        normal = rows["upper_normal"].iloc[0]
        assert before > normal
        category = (
            "CR" if after <= normal else "PD" if after >= 1.25 * before else "PR" if after <= 0.5 * before else "SD"
        )
        assert category == truth["biochemical_category"].loc[str(subject)]
        n_scored += 1
    assert labs["subject"].nunique() == 61
    assert n_scored > 61


def test_of_eight_more_patients_the_marker_is_known_at_baseline_only() -> None:
    truth = read("truth").set_index("subject")
    labs = read("labs")
    others = labs[~labs["subject"].map(truth["has_labs"])]
    by_subject = others.groupby("subject")["value"]
    assert by_subject.size().value_counts().to_dict() == {1: 6, 2: 2}  # never came back; the sample was lost
    assert (by_subject.count() == 1).all()
    assert (others["value"].dropna() > 100).all()  # ng/mL, the upper limit of normal


def test_labs_are_recorded_for_functional_tumours_only() -> None:
    functional = read("patients").set_index("subject")["functional"]
    assert functional.loc[read("labs")["subject"]].all()


def test_ki67_is_known_in_about_a_third() -> None:
    assert 0.28 <= read("patients")["ki67_pct"].notna().mean() <= 0.42


@pytest.mark.parametrize("name", ["measurements", "second_read", "imaging_plan"])
def test_baseline_ct_lies_within_four_weeks_before_treatment(name: str, subjects: pd.DataFrame) -> None:
    table = read(name)
    baseline = table[table["timepoint"] == "baseline"]
    lead = (baseline["subject"].map(subjects["start_date"]) - baseline["date"]).dt.days
    assert lead.between(0, 28).all()


@pytest.mark.parametrize("name", ["measurements", "second_read", "imaging_plan", "report_responses"])
def test_the_first_follow_up_ct_comes_within_two_weeks_before_the_clinic_visit(
    name: str, subjects: pd.DataFrame
) -> None:
    table = read(name)
    first = table[table["timepoint"] == "followup-1"]
    day = (first["date"] - first["subject"].map(subjects["start_date"])).dt.days
    clinic = first["subject"].map(read("truth").set_index("subject")["follow_up_day"])
    assert (clinic - day).between(0, 14).all()
    assert day.between(42, 183).all()


def test_reports_of_49_patients_without_images_run_until_progression() -> None:
    truth = read("truth").set_index("subject")
    reports = read("report_responses")
    assert (reports["source"] == "report").all()
    alone = reports[reports["subject"].map(truth["imaging_source"]) == "report"]
    assert alone["subject"].nunique() == 49
    is_last = ~alone.duplicated("subject", keep="last")
    assert not (alone.loc[~is_last, "overall_response"] == "PD").any()
    first = alone[alone["timepoint"] == "followup-1"].set_index("subject")["overall_response"]
    assert (first == truth.loc[first.index, "imaging_category"]).all()


def test_25_patients_with_images_have_reports_of_the_same_scans_too() -> None:
    truth = read("truth").set_index("subject")
    reports = read("report_responses")
    both = reports[reports["subject"].map(truth["imaging_source"]) == "image"]
    assert both["subject"].nunique() == 25
    scans = read("measurements")[["subject", "date", "timepoint"]].drop_duplicates()
    assert len(both.merge(scans, on=["subject", "date", "timepoint"])) == len(both)
    first = both[both["timepoint"] == "followup-1"].set_index("subject")["overall_response"]
    agreeing = first == truth.loc[first.index, "imaging_category"]
    assert (int(agreeing.sum()), len(first)) == (21, 25)  # 84 %


def test_some_visits_were_missed() -> None:
    reports, scans = read("report_responses"), read("measurements")[["subject", "timepoint"]].drop_duplicates()
    for table, n_missed in ((reports, 5), (scans[scans["timepoint"] != "baseline"], 7)):
        last = table["timepoint"].str.removeprefix("followup-").astype(int).groupby(table["subject"]).max()
        gaps = last - table.groupby("subject").size()
        # the reports of patients with images have the gaps of their scans
        assert (gaps > 0).sum() >= n_missed
        assert gaps.max() == 1


def test_dicom_patients_are_among_the_latest_treated(subjects: pd.DataFrame) -> None:
    plan = read("imaging_plan")
    assert subjects.loc[plan["subject"].unique(), "start_date"].min() > pd.Timestamp("2012-01-01")
    assert plan.groupby("key")["date"].nunique().eq(3).all()


def test_the_study_file_names_tables_that_are_there() -> None:
    study = tomllib.loads((COHORT / "study.toml").read_text(encoding="utf-8"))
    made_later = {"../measured/measurements.csv", "../responses/responses.csv", "../responses/best_responses.csv"}
    measurements = study["tables"].pop("measurements")
    named = {*measurements, *study["tables"].values()}
    assert made_later < named
    assert all((COHORT / path).is_file() for path in named - made_later)
