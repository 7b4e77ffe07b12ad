"""RECIST 1.1 arithmetic on the cohort's lesions, in fractions and by hand: it has to give back every recorded category.

Thresholds: RECIST 1.1 (Eisenhauer et al., Eur J Cancer 2009;45:228-247) sections 4.3.1 to 4.3.4 and Table 1.
"""

from __future__ import annotations

from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from recist.response import score as score_with_engine
from recist.tables import MEASUREMENTS, read_table

COHORT = Path(str(files("sample_dicom"))) / "cohort"
PLANNED = {"A": "PR", "B": "SD", "C": "PD", "D": "CR", "E": "PD", "F": "SD"}


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    return pd.read_csv(COHORT / "truth.csv").set_index("subject")


@pytest.fixture(scope="module")
def lesions() -> pd.DataFrame:
    """Lesions of all 76 image patients, with the scored diameter as text so that nothing is rounded."""
    table = pd.read_csv(COHORT / "measurements.csv", dtype=str)
    plan = pd.read_csv(COHORT / "imaging_plan.csv", dtype=str)
    plan["diameter_mm"] = plan["short_axis_mm"].where(plan["nodal"] == "true", plan["long_axis_mm"])
    plan.loc[plan["role"] == "new", "state"] = "unequivocal"
    return pd.concat([table, plan], ignore_index=True)


def sum_mm(scan: pd.DataFrame) -> Fraction:
    return sum((Fraction(text) for text in scan.loc[scan["role"] == "target", "diameter_mm"]), Fraction(0))


def is_gone(target: pd.Series) -> bool:
    diameter = Fraction(target["diameter_mm"])
    return diameter < 10 if target["nodal"] == "true" else diameter == 0


def score(scan: pd.DataFrame, baseline: Fraction, nadir: Fraction) -> str:
    total = sum_mm(scan)
    non_targets = set(scan.loc[scan["role"] == "non_target", "state"])
    has_progressed = total - nadir >= 5 and total >= nadir * Fraction(6, 5)
    if has_progressed or (scan["role"] == "new").any() or "unequivocal_pd" in non_targets:
        return "PD"
    if all(is_gone(target) for _, target in scan[scan["role"] == "target"].iterrows()):
        return "CR" if non_targets <= {"absent"} else "PR"
    return "PR" if total <= baseline * Fraction(7, 10) else "SD"


def score_all(rows: pd.DataFrame) -> list[str]:
    scans = [scan for _, scan in rows.groupby("date")]
    baseline = nadir = sum_mm(scans[0])
    responses = []
    for scan in scans[1:]:
        if "not_evaluable" in set(scan["state"]):
            responses.append("NE")
            continue
        responses.append(score(scan, baseline, nadir))
        nadir = min(nadir, sum_mm(scan))
    return responses


@pytest.fixture(scope="module")
def responses(lesions: pd.DataFrame) -> dict[str, list[str]]:
    return {str(subject): score_all(rows) for subject, rows in lesions.groupby("subject")}


def test_lesions_of_all_76_image_patients_give_the_recorded_first_response(
    responses: dict[str, list[str]], truth: pd.DataFrame
) -> None:
    recorded = truth.loc[truth["imaging_source"] == "image", "imaging_category"].to_dict()
    assert len(recorded) == 76
    assert {subject: first for subject, (first, *_) in responses.items()} == recorded


def test_the_scoring_engine_gives_the_same_response_at_every_scan(
    lesions: pd.DataFrame, responses: dict[str, list[str]], tmp_path: Path
) -> None:
    lesions.drop(columns=["key", "shape"]).to_csv(tmp_path / "measurements.csv", index=False)
    measurements, problems = read_table(tmp_path / "measurements.csv", MEASUREMENTS)
    assert problems == []
    scored = score_with_engine(measurements)
    assert set(scored.problems["code"]) <= {"slice_thickness_not_given"}
    table = scored.responses[scored.responses["timepoint"] != "baseline"].sort_values(["subject", "date"])
    assert table.groupby("subject")["overall_response"].agg(list).to_dict() == responses


def test_five_later_scans_could_not_be_evaluated(responses: dict[str, list[str]]) -> None:
    assert sum(each.count("NE") for each in responses.values()) == 5
    assert all("NE" not in (each[0], each[-1]) for each in responses.values())


def test_scans_stop_at_progression(responses: dict[str, list[str]], truth: pd.DataFrame) -> None:
    planned = set(truth.index[truth["dicom_key"].notna()])
    assert all("PD" not in each[:-1] for subject, each in responses.items() if subject not in planned)


def test_later_progression_is_seen_on_or_after_its_true_day(lesions: pd.DataFrame, truth: pd.DataFrame) -> None:
    start = pd.read_csv(COHORT / "subjects.csv", parse_dates=["start_date"]).set_index("subject")["start_date"]
    for subject, rows in lesions.groupby("subject"):
        each = score_all(rows)
        if each[-1] == "PD":
            dates = sorted(rows["date"].unique())
            day = (pd.Timestamp(dates[1 + each.index("PD")]) - start[subject]).days
            assert day >= truth["progression_day"].loc[str(subject)]


def test_a_share_of_progressions_comes_from_a_new_lesion_only(lesions: pd.DataFrame, truth: pd.DataFrame) -> None:
    progressed = truth[(truth["imaging_source"] == "image") & (truth["imaging_category"] == "PD")]
    by_new_lesion = progressed["only_new_lesion"]
    assert 0.2 <= by_new_lesion.mean() <= 0.6
    first = lesions[lesions["timepoint"] == "followup-1"]
    with_new = set(first.loc[first["role"] == "new", "subject"])
    assert with_new == set(progressed.index[by_new_lesion])


def test_at_most_five_targets_and_two_per_organ_are_chosen(lesions: pd.DataFrame) -> None:
    targets = lesions[(lesions["role"] == "target") & (lesions["timepoint"] == "baseline")]
    assert targets.groupby("subject").size().between(1, 5).all()
    assert targets.groupby(["subject", "site"]).size().max() <= 2
    assert ((targets["site"] == "lymph node") == (targets["nodal"] == "true")).all()


def test_targets_are_measurable_at_baseline(lesions: pd.DataFrame) -> None:
    targets = lesions[(lesions["role"] == "target") & (lesions["timepoint"] == "baseline")]
    diameter = targets["diameter_mm"].astype(float)
    is_nodal = targets["nodal"] == "true"
    assert (diameter[is_nodal] >= 15).all()
    assert (diameter[~is_nodal] >= 10).all()
    thickness = targets["slice_thickness_mm"].dropna().astype(float)
    assert (thickness <= 5).all()


def test_a_lesion_keeps_its_role_site_and_row_at_every_scan(lesions: pd.DataFrame) -> None:
    old = lesions[lesions["role"] != "new"]
    kinds = old[["subject", "lesion", "role", "site", "nodal"]].drop_duplicates()
    assert not kinds.duplicated(["subject", "lesion"]).any()
    per_lesion = old.groupby(["subject", "lesion"])["date"].nunique()
    per_subject = lesions.groupby("subject")["date"].nunique().to_dict()
    assert (per_lesion == per_lesion.index.get_level_values("subject").map(per_subject)).all()


def test_the_scored_diameter_is_the_long_axis_or_the_short_axis_of_a_node(lesions: pd.DataFrame) -> None:
    measured = lesions[lesions["diameter_mm"].notna()]
    long_mm, short_mm = measured["long_axis_mm"].astype(float), measured["short_axis_mm"].astype(float)
    expected = short_mm.where(measured["nodal"] == "true", long_mm)
    assert (measured["diameter_mm"].astype(float) == expected).all()
    assert (short_mm <= long_mm).all()


def test_the_six_dicom_patients_have_the_planned_course(truth: pd.DataFrame, responses: dict[str, list[str]]) -> None:
    subjects = {key: str(subject) for subject, key in truth["dicom_key"].dropna().items()}
    assert {key: responses[subject][0] for key, subject in subjects.items()} == PLANNED
    assert responses[subjects["B"]] == ["SD", "PD"]
    assert all(len(responses[subject]) == 2 for subject in subjects.values())
    assert truth.loc[subjects["E"], "only_new_lesion"]
    assert not truth.loc[subjects["C"], "only_new_lesion"]


def test_the_six_dicom_patients_have_no_rows_in_the_table_of_measurements(truth: pd.DataFrame) -> None:
    plan = pd.read_csv(COHORT / "imaging_plan.csv")
    assert set(plan["subject"]) == set(truth.index[truth["dicom_key"].notna()])
    assert plan.groupby("key")["subject"].nunique().eq(1).all()
    assert not set(plan["subject"]) & set(pd.read_csv(COHORT / "measurements.csv")["subject"])
