"""A study's own settings hold for questions too: its endpoints, responses, words and steps. The numbers come from R."""

from pathlib import Path

import pytest

import survival
from recist.errors import UsageError
from survival import compare_survival, cox, first_response, load_cohort, overall_survival, survival_time

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "pbc"


@pytest.fixture(scope="module")
def cohort():
    return load_cohort(EXAMPLE / "cohort.csv", settings=EXAMPLE / "study.toml")


@pytest.fixture(scope="module")
def bilirubin(cohort):
    return first_response(cohort, "bilirubin")


def test_survival_runs_from_what_the_settings_call_day_0_and_has_their_name(cohort):
    assert str(overall_survival(cohort)).startswith("Survival with the own liver from the randomisation: n = 312, 140 ")


def test_a_declared_endpoint_is_asked_by_its_key(cohort):
    # survfit(Surv(time, status > 0) ~ 1, pbc[1:312, ]): 169 events, median 3086 days
    found = survival_time(cohort, "tfs")
    assert (found.n, found.events) == (312, 169)
    assert found.median.value * 30.4375 == pytest.approx(3086)
    with pytest.raises(
        UsageError, match="There is no endpoint 'ttr'; there are 'os', 'pfs', 'relief', 'tfs', 'transpl"
    ):
        survival_time(cohort, "ttr")


def test_a_declared_covariate_keeps_its_label_and_its_step(cohort):
    # coxph(Surv(time, status == 2) ~ I(age / 10), pbc[1:312, ])
    row = cox(overall_survival(cohort), ["age"]).table.iloc[0]
    assert row["term"] == "Age, per 10 years"
    assert row["hazard_ratio"] == pytest.approx(1.55515553, rel=1e-4)


def test_a_declared_response_is_asked_by_its_key(cohort, bilirubin):
    # counted in the table: 77 falls, 109 within 20 %, 69 rises, 57 not measured
    assert str(bilirubin).startswith("Bilirubin response at first follow-up: Fall by more than 20 % 77/255 = 30.2 %")
    assert "no rise of bilirubin 186/255" in str(bilirubin)
    with pytest.raises(UsageError, match="ask for 'bilirubin', 'imaging', 'biochemical' or 'symptoms'"):
        first_response(cohort, "ct")


def test_the_column_behind_a_declared_response_is_known_from_its_own_day(cohort, bilirubin):
    time = overall_survival(cohort)
    rose = cohort.bilirubin_change == "rise"
    with pytest.raises(UsageError, match="immortal time") as caught:
        compare_survival(time, rose)
    assert 'entry="own_followup"' in str(caught.value)
    by_column = compare_survival(time, rose, entry="own_followup", bootstrap=100)
    by_response = compare_survival(time, bilirubin.progressed, entry="own_followup", bootstrap=100)
    assert by_column.hazard_ratio.value == pytest.approx(by_response.hazard_ratio.value)
    # coxph(Surv(bilirubin_day, time, status == 2) ~ (bilirubin_change == "rise")) on the example's table
    assert by_column.hazard_ratio.value == pytest.approx(1.73966976, rel=1e-4)


def test_the_column_behind_a_declared_response_is_no_covariate_and_no_stratum_from_the_start(cohort, bilirubin):
    time = overall_survival(cohort)
    for name in ("bilirubin_change", "bilirubin_response", "bilirubin_day", "time", "status"):
        with pytest.raises(UsageError, match="known only after the index date"):
            cox(time, ["age", name])
        with pytest.raises(UsageError, match="known only after the index date"):
            cox(time, ["age"], strata=name)
    with pytest.raises(UsageError, match="known only after the index date"):
        cox(time, ["age", bilirubin.category])
    with pytest.raises(UsageError, match=r'first_response\(cohort, "bilirubin"\).progressed'):
        cox(time, ["bilirubin_change"])


def test_every_public_name_is_offered_for_completion():
    assert set(survival.__all__) <= set(dir(survival))
    assert all(getattr(survival, name) is not None for name in survival.__all__)
