"""Gray's test of cumulative incidence equals that of R.

Values: ``cmprsk::cuminc(time, code, group, strata, rho)$Tests`` of cmprsk 2.2.11, R 4.2.2.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.errors import DataError
from survival.gray import gray_test

MGUS2 = pd.read_csv(Path(__file__).parent / "reference" / "data" / "mgus2.csv")
THIRDS = np.arange(len(MGUS2)) % 3
TIED = pd.DataFrame(
    {
        "time": [1, 1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 7, 7, 8, 9, 9],
        "code": [1, 2, 1, 0, 1, 1, 2, 0, 2, 1, 0, 1, 2, 1, 0, 1],
        "group": [1, 2, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 3, 2],
    }
)


@pytest.mark.parametrize(
    ("rho", "statistics", "p_values"),
    [
        (0, [1.19450782507551, 11.65125901212774], [0.274422156788004, 0.000641590976408]),
        (1, [1.22935883355998, 13.93050971494866], [0.267531765914269, 0.000189694278131]),
    ],
)
def test_progression_and_death_before_it_by_sex_in_monoclonal_gammopathy(rho, statistics, p_values):
    table = gray_test(MGUS2["time"], MGUS2["code"], MGUS2["sex"], rho=rho).table
    assert table["event_code"].tolist() == [1, 2]
    assert table["degrees_of_freedom"].tolist() == [1, 1]
    np.testing.assert_allclose(table["statistic"], statistics, rtol=1e-10)
    np.testing.assert_allclose(table["p_value"], p_values, rtol=1e-9)


@pytest.mark.parametrize(
    ("rho", "statistics"), [(0, [2.747587218463219, 0.504181764786139]), (0.5, [2.766875989470947, 0.358063752632838])]
)
def test_three_groups_within_strata_of_sex(rho, statistics):
    test = gray_test(MGUS2["time"], MGUS2["code"], THIRDS, strata=MGUS2["sex"], rho=rho)
    np.testing.assert_allclose(test.table["statistic"], statistics, rtol=1e-10)
    assert test.table["degrees_of_freedom"].tolist() == [2, 2]
    assert str(test).startswith("Stratified Gray's test, event 1: χ² = 2.7")


@pytest.mark.parametrize(
    ("rho", "statistics"), [(0, [5.56606550278564, 3.86353067140183]), (1, [5.89736383393108, 3.91418617392973])]
)
def test_three_small_groups_with_ties_of_both_events_and_censorings(rho, statistics):
    table = gray_test(TIED["time"], TIED["code"], TIED["group"], rho=rho).table
    np.testing.assert_allclose(table["statistic"], statistics, rtol=1e-10)


def test_the_order_of_the_rows_and_the_names_of_the_groups_change_nothing():
    shuffled = TIED.sample(frac=1, random_state=4).assign(
        group=lambda rows: rows["group"].map({1: "z", 2: "b", 3: "k"})
    )
    table = gray_test(shuffled["time"], shuffled["code"], shuffled["group"]).table
    np.testing.assert_allclose(table["statistic"], [5.56606550278564, 3.86353067140183], rtol=1e-10)


def test_wrong_codes_missing_groups_and_negative_times_are_named_at_once():
    with pytest.raises(DataError) as caught:
        gray_test([1, -2, 3], [1, 2, 1.5], ["a", "b", None])
    assert {problem.code for problem in caught.value.problems} == {"event_code", "time_negative", "group_missing"}
