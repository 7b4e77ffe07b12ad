"""Questions to three real data sets give R's values (survival 3.5-3), and those of the papers that made them known."""

from pathlib import Path

import pandas as pd
import pytest

from survival import compare_survival, cox, first_response, load_cohort, overall_survival, switches_on
from survival.questions.study_cohort import StudyCohort
from survival.words.wording import DAYS_PER_MONTH

HERE = Path(__file__).parent / "reference_questions"
PARTS = ("hazard_ratio", "lower", "upper", "p_value")


@pytest.fixture(scope="module")
def expected() -> dict[tuple[str, str], float]:
    table = pd.read_csv(HERE / "values.csv")
    return dict(zip(zip(table["study"], table["quantity"], strict=True), table["value"], strict=True))


@pytest.fixture(scope="module")
def transplant() -> StudyCohort:
    return load_cohort(HERE / "transplant")


@pytest.fixture(scope="module")
def cirrhosis() -> StudyCohort:
    return load_cohort(HERE / "cirrhosis")


@pytest.fixture(scope="module")
def veteran() -> StudyCohort:
    return load_cohort(HERE / "veteran")


def by_r(expected, study, name):
    return [expected[study, f"{name}_{part}"] for part in PARTS]


def hazard(compared):
    numbers = compared.numbers
    return [numbers[name] for name in ("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper")] + [
        numbers["hazard_ratio_p_value"]
    ]


def term(fit, name):
    return fit.table.set_index("term").loc[name, ["hazard_ratio", "lower", "upper", "p_value"]].tolist()


def test_a_heart_transplant_looks_like_a_quarter_of_the_deaths_when_its_wait_is_not_counted(transplant, expected):
    ever = switches_on(transplant.transplant_days)
    naive = compare_survival(overall_survival(transplant), ever, as_published=True)
    assert hazard(naive) == pytest.approx(by_r(expected, "transplant", "naive"), rel=1e-6)
    assert f"{naive.hazard_ratio.value:.2f}" == "0.27"
    assert naive.is_biased
    assert "as published: contains immortal time" in str(naive)


def test_a_heart_transplant_does_nothing_once_its_wait_is_counted(transplant, expected):
    found = compare_survival(overall_survival(transplant), switches_on(transplant.transplant_date))
    assert hazard(found) == pytest.approx(by_r(expected, "transplant", "start_stop"), rel=1e-6)
    assert f"{found.hazard_ratio.value:.2f}" == "1.14"
    assert sum(found.n) == 103
    assert not found.is_biased


def test_the_biased_comparison_shows_the_one_without_bias_beside_it(transplant):
    naive = compare_survival(overall_survival(transplant), switches_on(transplant.transplant_days), as_published=True)
    assert "HR 1.14" in str(naive)
    assert [each.is_biased for each in naive.beside] == [False, False]


def test_a_transplant_by_day_60_is_compared_from_day_60_on(transplant, expected):
    found = compare_survival(overall_survival(transplant), switches_on(transplant.transplant_days), landmark_days=60)
    assert hazard(found) == pytest.approx(by_r(expected, "transplant", "landmark_60"), rel=1e-6)
    assert found.n[0] == expected["transplant", "landmark_60_n_yes"]


def test_a_transplant_is_time_dependent_beside_covariates_known_at_the_start(transplant, expected):
    fit = cox(
        overall_survival(transplant), [switches_on(transplant.transplant_days, name="transplant"), "age", "surgery"]
    )
    names = {"switch": "After transplant", "age": "Age, per 10 years", "surgery": "Surgery"}
    for key, name in names.items():
        assert term(fit, name) == pytest.approx(by_r(expected, "transplant", f"full_{key}"), rel=1e-6)


def test_bilirubin_at_the_first_visit_tells_survival_apart_from_a_landmark_of_nine_months(cirrhosis, expected):
    labs = first_response(cirrhosis, "biochemical")
    found = compare_survival(overall_survival(cirrhosis), labs.disease_control, landmark_days=270)
    medians = [each.value * DAYS_PER_MONTH for each in found.medians]
    assert medians == pytest.approx([3569, 2270])
    assert list(found.n) == [expected["cirrhosis", f"landmark_n_{side}"] for side in ("good", "bad")]
    assert hazard(found) == pytest.approx(by_r(expected, "cirrhosis", "landmark"), rel=1e-6)
    assert found.p_value == pytest.approx(expected["cirrhosis", "landmark_log_rank_p_value"], rel=1e-9)


def test_own_entry_keeps_everybody_whose_bilirubin_was_seen_again(cirrhosis, expected):
    labs = first_response(cirrhosis, "biochemical")
    found = compare_survival(overall_survival(cirrhosis), labs.disease_control, entry="own_followup")
    assert hazard(found) == pytest.approx(by_r(expected, "cirrhosis", "own"), rel=1e-6)
    assert list(found.n) == [expected["cirrhosis", f"own_n_{side}"] for side in ("good", "bad")]
    assert dict(found.left_out)["missing"] == 312 - sum(found.n)


def test_a_response_makes_a_cox_model_one_with_delayed_entry(cirrhosis, expected):
    labs = first_response(cirrhosis, "biochemical")
    fit = cox(overall_survival(cirrhosis), [labs.progressed, "age", "sex"])
    names = {"response": "Biochemical progression", "age": "Age, per 10 years", "sex": "Sex[M]"}
    for key, name in names.items():
        assert term(fit, name) == pytest.approx(by_r(expected, "cirrhosis", f"full_{key}"), rel=1e-6)
    assert any("delayed entry" in message for message in fit.messages)


def test_survival_from_diagnosis_counts_patients_from_the_day_they_could_be_seen_to_die(veteran, expected):
    found = overall_survival(veteran, index="diagnosis").median
    in_days = [value * DAYS_PER_MONTH for value in (found.value, found.lower, found.upper)]
    assert in_days == pytest.approx([expected["veteran", f"diagnosis_{name}"] for name in ("median", "lower", "upper")])
    # without delayed entry R gives more than twice as much: those who died before treatment are not in the cohort
    assert expected["veteran", "without_entry_median"] == 294
    assert in_days[0] < 294 / 2


def test_arms_are_compared_from_diagnosis_with_delayed_entry(veteran, expected):
    found = compare_survival(overall_survival(veteran, index="diagnosis"), veteran.arm == "test")
    assert hazard(found) == pytest.approx(by_r(expected, "veteran", "diagnosis_arm"), rel=1e-6)


def test_a_cutoff_ends_follow_up_and_later_deaths_do_not_count(veteran, expected):
    time = overall_survival(veteran, cutoff="1970-07-20")  # day 200
    assert time.events == expected["veteran", "cutoff_events"]
    found = compare_survival(time, veteran.arm == "test")
    assert hazard(found) == pytest.approx(by_r(expected, "veteran", "cutoff_arm"), rel=1e-6)
