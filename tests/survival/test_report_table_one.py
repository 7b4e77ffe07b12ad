"""Table 1: shares of those known, and standardised differences against arithmetic by hand."""

import numpy as np
import pandas as pd
import pytest

from survival.covariates import derive_covariate
from survival.table_one import Split, compute_category_smd, compute_smd, table_one


def test_difference_of_means_is_divided_by_the_root_of_the_mean_variance() -> None:
    # means 2 and 5, variances 1 and 9: 3 / sqrt(5)
    assert compute_smd(np.array([1.0, 2.0, 3.0]), np.array([2.0, 5.0, 8.0])) == pytest.approx(3 / 5**0.5)


def test_difference_of_shares_uses_the_variance_of_a_share() -> None:
    # shares 0.5 and 0.25: 0.25 / sqrt((0.25 + 0.1875) / 2)
    first, second = np.array([0.0, 1, 0, 1]), np.array([0.0, 0, 0, 1])

    assert compute_smd(first, second) == pytest.approx(0.25 / ((0.25 + 0.1875) / 2) ** 0.5)


def test_two_levels_give_the_same_difference_as_a_share() -> None:
    first, second = np.array(["a", "b", "a", "b"], dtype=object), np.array(["a", "a", "a", "b"], dtype=object)

    assert compute_category_smd(first, second, ("a", "b")) == pytest.approx(0.25 / ((0.25 + 0.1875) / 2) ** 0.5)


def test_missing_values_have_their_own_row_and_are_in_no_share() -> None:
    frame = pd.DataFrame({"sex": ["F", "M", "", "F"], "functional": ["true", "", "false", "true"]})
    covariates = [
        covariate for name in ("sex", "functional") if (covariate := derive_covariate(frame, name)) is not None
    ]
    split = Split(
        title="arm",
        members={"A": np.array([True, True, False, False]), "B": np.array([False, False, True, True])},
        compared=True,
    )

    table = table_one(covariates, 4, split)

    assert table.numbers.loc["sex", "overall: missing"] == 1
    assert table.numbers.loc["sex=F", "overall: count"] == 2
    assert "2 (66.7 %)" in next(row.cells for row in table.shown if row.cells[0] == "Female")
    assert table.numbers.loc["functional", "B: count"] == 1
    assert table.numbers.loc["functional", "A: n"] == 1


def test_the_commonest_level_is_the_reference() -> None:
    frame = pd.DataFrame({"primary_site": ["lung", "midgut", "midgut", ""]})
    covariate = derive_covariate(frame, "primary_site")

    assert covariate is not None
    assert covariate.levels == ("midgut", "lung")
