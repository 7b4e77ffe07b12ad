"""Cumulative incidence of competing events agrees with R's survival package."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.errors import DataError
from survival import cumulative_incidence, kaplan_meier

REFERENCE = Path(__file__).parent / "reference"
VALUES = pd.read_csv(REFERENCE / "values.csv", dtype={"case": str, "item": str, "name": str})
MGUS2 = pd.read_csv(REFERENCE / "data" / "mgus2.csv")
TIMES = [12, 60, 120, 240, 360]


@pytest.mark.parametrize("group", ["all", "F", "M"])
@pytest.mark.parametrize("cause", [1, 2])
def test_incidence_errors_and_limits_equal_those_of_r(group, cause):
    by = None if group == "all" else MGUS2["sex"]
    read = cumulative_incidence(MGUS2["time"], MGUS2["code"], by).at(TIMES)
    ours = read[(read["group"] == group) & (read["cause"] == cause)]
    names = {"incidence": "pstate", "standard_error": "std.err", "lower": "lower", "upper": "upper"}
    for column, part in names.items():
        theirs = VALUES[(VALUES["case"] == f"mgus2 {group}") & (VALUES["item"] == f"{part} {cause}")]
        np.testing.assert_allclose(ours[column], theirs["value"].astype(float), rtol=1e-9, err_msg=column)


def test_progression_by_thirty_years_is_13_percent_where_one_minus_kaplan_meier_says_42():
    incidence = cumulative_incidence(MGUS2["time"], MGUS2["code"]).at(360)["incidence"][0]
    wrong = 1 - kaplan_meier(MGUS2["time"], MGUS2["code"] == 1).at(360)["survival"][0]
    assert round(incidence, 3) == 0.134
    assert round(wrong, 3) == 0.425


def test_with_one_cause_the_incidence_is_one_minus_kaplan_meier_with_greenwoods_variance():
    time, event = [1, 2, 2, 3, 5], [1, 1, 0, 1, 0]
    ours, curve = cumulative_incidence(time, event).table, kaplan_meier(time, event).table
    np.testing.assert_allclose(ours["incidence"], 1 - curve["survival"])
    np.testing.assert_allclose(ours["standard_error"], curve["survival"] * np.sqrt(curve["variance_log"]))


def test_two_causes_and_survival_add_up_to_one_by_hand():
    # at 1: cause 1 and cause 2 of five; at 2: cause 1 of three; at 3 both others censored
    table = cumulative_incidence([1, 1, 2, 3, 3], [1, 2, 1, 0, 0]).table
    last = table[table["time"] == 3].set_index("cause")["incidence"]
    assert last.to_dict() == pytest.approx({1: 1 / 5 + 3 / 5 / 3, 2: 1 / 5})


def test_a_code_that_is_no_whole_number_is_refused():
    with pytest.raises(DataError, match="whole number"):
        cumulative_incidence([1, 2], [1, 1.5])
