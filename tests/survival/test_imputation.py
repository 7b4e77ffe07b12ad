"""Imputed values have the right distributions, leave what was observed alone, and undo the bias of complete cases."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.errors import UsageError
from survival.cox import cox
from survival.imputation import impute, outcome_predictors, pooled_cox, recommend_imputations

REFERENCE = Path(__file__).parent / "reference"
MICE = pd.read_csv(REFERENCE / "battery" / "imputation.csv", dtype={"name": str})


def mixed_table(n=150):
    """Numbers, two values, text, an ordered category and whole numbers, each with gaps."""
    chance = np.random.default_rng(8)
    age = chance.normal(60, 10, n)
    table = pd.DataFrame(
        {
            "age": age,
            "sex": np.where(chance.random(n) < 0.5, "female", "male"),
            "organ": chance.choice(["liver", "lung", "node"], n),
            "stage": pd.Categorical(chance.choice(["I", "II", "III"], n), ["I", "II", "III"], ordered=True),
            "known": chance.integers(0, 2, n),
        }
    )
    for name in ("age", "sex", "organ", "stage"):
        table[name] = table[name].where(chance.random(n) > 0.25)
    return table


def test_what_was_observed_never_changes_and_nothing_stays_missing():
    table = mixed_table()
    for completed in impute(table, seed=4, imputations=3):
        assert completed.notna().all().all()
        pd.testing.assert_frame_equal(completed.where(table.notna()), table.astype(completed.dtypes), check_dtype=False)


def test_imputed_values_are_values_that_occur():
    table = mixed_table()
    for completed in impute(table, seed=4, imputations=3):
        for name in table.columns:
            assert set(completed[name]) <= set(table[name].dropna())
            assert completed[name].dtype == table[name].dtype


def test_the_same_seed_gives_the_same_tables_and_another_seed_others():
    table = mixed_table()
    first, again, other = (impute(table, seed=seed, imputations=2) for seed in (1, 1, 2))
    assert all(a.equals(b) for a, b in zip(first, again, strict=True))
    assert not first[0].equals(first[1])
    assert not first[0].equals(other[0])


def test_more_tables_begin_with_the_same_ones():
    table = mixed_table()
    few, more = impute(table, seed=1, imputations=2), impute(table, seed=1, imputations=4)
    assert all(a.equals(b) for a, b in zip(few, more, strict=False))


def test_a_response_is_imputed_only_in_those_who_could_have_one():
    table = mixed_table()
    evaluable = np.arange(len(table)) % 3 > 0
    (completed,) = impute(table, seed=1, imputations=1, only_where={"organ": evaluable})
    assert completed.loc[evaluable, "organ"].notna().all()
    assert completed.loc[~evaluable, "organ"].equals(table.loc[~evaluable, "organ"])


def test_at_least_twenty_tables_and_one_for_each_percent_of_patients_incomplete():
    assert recommend_imputations(pd.DataFrame({"a": [1.0, None] + [1.0] * 98})) == 20
    assert recommend_imputations(pd.DataFrame({"a": [None] * 45 + [1.0] * 55})) == 45
    assert recommend_imputations(pd.DataFrame({"a": [None, 1.0, 1.0]})) == 34


def test_a_column_without_any_value_is_refused():
    with pytest.raises(UsageError, match="nothing can be learned"):
        impute(pd.DataFrame({"a": [None, None], "b": [1.0, 2.0]}), seed=1)


def test_a_column_of_names_or_dates_is_refused():
    names = pd.DataFrame({"place": [f"P{place}" for place in range(30)], "age": [None, *range(29)]})
    with pytest.raises(UsageError, match="30 different values"):
        impute(names, seed=1)


def test_an_outcome_with_gaps_is_refused():
    with pytest.raises(UsageError, match="must be complete"):
        impute(mixed_table(3), seed=1, predictors=[1.0, np.nan, 2.0])


def test_a_predictor_that_separates_the_categories_leaves_the_draws_finite_and_plausible():
    n = 200
    marker = np.linspace(-2, 2, n)
    table = pd.DataFrame({"marker": marker, "high": pd.Series(np.where(marker > 0, "yes", "no"), dtype=object)})
    table.loc[::4, "high"] = None
    right = [
        (completed["high"] == np.where(marker > 0, "yes", "no"))[::4].mean()
        for completed in impute(table, seed=2, imputations=20)
    ]
    assert np.mean(right) > 0.9
    shown = pd.concat(impute(table, seed=2, imputations=5))["high"]
    assert set(shown) == {"no", "yes"}


def test_the_cumulative_hazard_of_each_patient_predicts_as_in_white_and_royston():
    # at 1 one of four dies, at 3 one of two: hazards 1/4 and 1/4 + 1/2; censored at 2 and 4
    found = outcome_predictors([1, 2, 3, 4], [1, 0, 1, 0])
    np.testing.assert_allclose(found, [[1, 0.25], [0, 0.25], [1, 0.75], [0, 0.75]])


def test_late_entry_counts_only_the_hazard_between_entry_and_exit():
    # at risk at 2: both; at 3: the second alone
    found = outcome_predictors([2, 3, 3], [1, 1, 0], start=[0, 0, 2])
    np.testing.assert_allclose(found[:, 1], [1 / 2, 1 / 2 + 1 / 2, 1 / 2])


# ---- against mice ---------------------------------------------------------------------------------------------------


def mice(case, item):
    rows = MICE[(MICE["case"] == case) & (MICE["item"] == item)]
    return rows.set_index("name")["value"]


def pbc_with_gaps():
    """The table that the R script completes with mice."""
    table = pd.read_csv(REFERENCE / "data" / "pbc.csv")
    gaps = pd.read_csv(REFERENCE / "battery" / "data" / "pbc_gaps.csv").astype(bool)
    table = table.assign(
        logbili=np.log(table["bili"]),
        swollen=(table["edema"] > 0).astype(float),
        stage=table["stage"].map(lambda stage: f"{stage:g}"),
    )
    for column, gap in {"logbili": "bili", "albumin": "albumin", "stage": "stage", "swollen": "edema"}.items():
        table[column] = table[column].mask(gaps[gap])
    return table


COVARIATES = ["age", "logbili", "albumin", "stage", "swollen"]


@pytest.fixture(scope="module")
def completed_pbc():
    table = pbc_with_gaps()
    outcome = outcome_predictors(table["time"], table["event"])
    return table, impute(table[COVARIATES], seed=1, imputations=60, predictors=outcome)


@pytest.mark.parametrize("name", ["logbili", "albumin"])
def test_imputed_numbers_have_the_distribution_that_mice_gives_them(completed_pbc, name):
    table, completed = completed_pbc
    gap = table[name].isna()
    theirs, dead = mice(name, "imputed"), table["event"] == 1
    drawn = np.array([each.loc[gap, name] for each in completed])
    # within a tenth of a standard deviation: both sides are draws
    close = 0.1 * theirs["sd"]
    assert drawn.mean() == pytest.approx(theirs["mean"], abs=close)
    assert drawn.std() == pytest.approx(theirs["sd"], rel=0.1)
    assert drawn[:, dead[gap]].mean() == pytest.approx(theirs["mean of the dead"], abs=close)
    assert drawn[:, ~dead[gap]].mean() == pytest.approx(theirs["mean of the living"], abs=close)


@pytest.mark.parametrize("name", ["stage", "swollen"])
def test_imputed_categories_are_as_frequent_as_mice_makes_them(completed_pbc, name):
    table, completed = completed_pbc
    drawn = pd.concat([each.loc[table[name].isna(), name] for each in completed]).value_counts(normalize=True)
    theirs = mice(name, "imputed").rename({"FALSE": 0.0, "TRUE": 1.0})
    for level, share in theirs.items():
        assert drawn.get(level, 0.0) == pytest.approx(share, abs=0.03), level


def test_pooled_hazard_ratios_are_those_of_mice_within_a_fraction_of_their_error():
    table = pbc_with_gaps()
    ours = pooled_cox(table, "time", "event", COVARIATES, seed=1, imputations=60).table.set_index("term")
    names = {"stage2": "stage[2]", "stage3": "stage[3]", "stage4": "stage[4]", "swollenTRUE": "swollen"}
    theirs = {item: mice("cox", item).rename(names) for item in ("coefficient", "standard_error", "fraction_missing")}
    for term in theirs["coefficient"].index:
        error = theirs["standard_error"][term]
        assert ours.loc[term, "coefficient"] == pytest.approx(theirs["coefficient"][term], abs=0.25 * error), term
        assert ours.loc[term, "standard_error"] == pytest.approx(error, rel=0.15), term
        assert ours.loc[term, "fraction_missing"] == pytest.approx(theirs["fraction_missing"][term], abs=0.15), term


# ---- truth known ----------------------------------------------------------------------------------------------------

TRUE_EFFECTS = np.array([0.7, 0.3])


def trial(seed, missing, n=400):
    """Exponential times with hazard exp(0.7 marker + 0.3 severity); the marker is missing at random given the rest."""
    chance = np.random.default_rng(seed)
    severity = chance.normal(size=n)
    marker = 0.6 * severity + 0.8 * chance.normal(size=n)
    death = chance.exponential(np.exp(-TRUE_EFFECTS[0] * marker - TRUE_EFFECTS[1] * severity))
    end = chance.uniform(0.5, 3.0, n)
    event = death <= end
    marker = np.where(chance.random(n) < missing(event, severity), np.nan, marker)
    return pd.DataFrame({"time": np.minimum(death, end), "event": event, "marker": marker, "severity": severity})


def errors_of(missing):
    """Mean error of both log hazard ratios in twelve trials, complete cases and imputed; how often intervals cover."""
    model, complete, imputed, covered = ["marker", "severity"], [], [], 0
    for seed in range(12):
        table = trial(seed, missing)
        complete.append(cox(table["time"], table["event"], table[model]).table["coefficient"] - TRUE_EFFECTS)
        pooled = pooled_cox(table, "time", "event", model, seed=3, imputations=10).table
        imputed.append(pooled["coefficient"] - TRUE_EFFECTS)
        inside = (np.log(pooled["lower"]) < TRUE_EFFECTS) & (np.log(pooled["upper"]) > TRUE_EFFECTS)
        covered += int(inside.sum())
    return np.mean(complete, axis=0), np.mean(imputed, axis=0), covered


def test_where_survivors_lack_the_marker_complete_cases_shrink_its_effect_and_imputation_recovers_it():
    complete, imputed, covered = errors_of(lambda event, severity: np.where(event, 0.1, 0.7))
    assert complete[0] < -0.1
    assert abs(imputed).max() < 0.05
    assert covered >= 20, "of 24 intervals"


def test_where_the_severely_ill_dead_lack_the_marker_imputation_recovers_the_effect_of_the_severity():
    complete, imputed, covered = errors_of(lambda event, severity: np.where(event & (severity > 0), 0.75, 0.1))
    assert complete[1] < -0.15
    assert abs(imputed[1]) < 0.05
    assert covered >= 20, "of 24 intervals"


def test_a_pooled_model_says_what_was_imputed_how_often_and_with_which_seed():
    table = pbc_with_gaps()
    result = pooled_cox(table, "time", "event", ["age", "logbili"], seed=5, imputations=20)
    gaps = int(table["logbili"].isna().sum())
    assert result.missing.set_index("column")["missing"].to_dict() == {"age": 0, "logbili": gaps}
    assert (result.n, result.n_complete) == (312, 312 - gaps)
    assert "20 imputations by chained equations, 10 cycles, seed 5" in str(result)
    assert "<table>" in result._repr_html_()


def test_without_gaps_the_pooled_model_is_the_model_itself():
    table = pd.read_csv(REFERENCE / "data" / "ovarian.csv")
    pooled = pooled_cox(table, "time", "event", ["age", "rx"], seed=1, imputations=2).table
    alone = cox(table["time"], table["event"], table[["age", "rx"]]).table
    np.testing.assert_allclose(pooled["coefficient"], alone["coefficient"])
    np.testing.assert_allclose(pooled["standard_error"], alone["standard_error"])
    np.testing.assert_allclose(pooled["fraction_missing"], 2 / (pooled["degrees_of_freedom"] + 3))
