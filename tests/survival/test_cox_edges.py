"""The edges of Cox models: tests of proportional hazards by so few events that not every term can drift by itself."""

import pandas as pd
import pytest

from survival.cox import cox
from survival.proportional_hazards import proportional_hazards
from survival.rubin import pool


def test_two_deaths_can_drift_in_one_direction_only():
    covariates = pd.DataFrame({"a": [1.0, 0, 2, 2, 0, 1, -1], "b": [1.0, 2, 0, 2, 1, 1, 1]})
    fit = cox([1, 1.5, 1.5, 1.5, 2, 5, 5], [1, 0, 0, 0, 1, 0, 0], covariates)
    # R: coxph gives 0.1422 and -0.2805, cox.zph stops at a singular matrix
    assert fit.table["coefficient"].tolist() == pytest.approx([0.1422, -0.2805], abs=5e-5)
    tests = proportional_hazards(fit).set_index("term")
    # at the death on day 2 all at risk have the same b, so that only a can drift
    assert str(tests.loc["b", "statistic"]) == "nan"
    assert tests.loc["GLOBAL", "statistic"] == pytest.approx(tests.loc["a", "statistic"], rel=1e-9)
    assert tests["degrees_of_freedom"].to_dict() == {"a": 1, "b": 1, "GLOBAL": 1}
    assert tests.loc["GLOBAL", "p_value"] == pytest.approx(tests.loc["a", "p_value"], rel=1e-9)


def test_pooled_terms_without_names_are_counted_from_one():
    within = [[[0.04, 0.0], [0.0, 0.09]]] * 2
    found = pool([[0.5, 0.1], [0.7, 0.2]], within)
    assert found.table["term"].tolist() == ["x1", "x2"]
    assert found.table["estimate"].tolist() == pytest.approx([0.6, 0.15])
    # within + (1 + 1/2) between: 0.04 + 1.5 * 0.02 and 0.09 + 1.5 * 0.005
    assert (found.table["standard_error"] ** 2).tolist() == pytest.approx([0.07, 0.0975])


def test_without_a_pair_of_patients_to_order_there_is_no_concordance():
    # R: coxph(Surv(c(1, 2, 2), c(0, 1, 1)) ~ c(1, 2, 3))$concordance is NaN, no pair of either kind
    fit = cox([1, 2, 2], [0, 1, 1], [1.0, 2, 3])
    assert str(fit.concordance) == "nan"
    assert fit.table["hazard_ratio"].tolist() == pytest.approx([1.0])


def test_a_pooled_estimate_is_printed_to_three_decimals():
    assert str(pool([[0.5], [0.7]], [[[0.04]], [[0.04]]])).startswith("x1: 0.600 (95 % CI ")
