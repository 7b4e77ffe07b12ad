"""Rates of response and their exact limits; limits by binom.test of R 4.2.2, counts by hand."""

import pandas as pd
import pytest

from recist.rates import compute_exact_limits, derive_rates
from recist.response.visits import best

BY_R = {
    (0, 10): (0.0, 0.3084971078),
    (1, 4): (0.0063094632, 0.8058795503),
    (3, 17): (0.0379850681, 0.4343178728),
    (17, 17): (0.8049356770, 1.0),
    (120, 301): (0.3429371151, 0.4564203027),
}


@pytest.mark.parametrize(("counts", "limits"), BY_R.items())
def test_limits_are_those_of_clopper_and_pearson(counts: tuple[int, int], limits: tuple[float, float]) -> None:
    assert compute_exact_limits(*counts) == pytest.approx(limits, abs=1e-9)


def visits() -> pd.DataFrame:
    given = {
        "A": ("PR", "PR"),
        "B": ("PR", "SD"),
        "C": ("SD", "SD"),
        "D": ("NON-CR/NON-PD", "NON-CR/NON-PD"),
        "E": ("PD",),
        "F": ("NE",),
    }
    dates = ("2020-02-26", "2020-06-20")  # day 56 and day 171, later than 24 weeks
    return pd.DataFrame(
        [
            {"subject": subject, "date": date, "overall_response": word}
            for subject, words in given.items()
            for date, word in zip(dates, words, strict=False)
        ]
    )


def test_the_unevaluable_and_the_unassessed_stay_in_the_denominator() -> None:
    people = pd.DataFrame({"subject": list("ABCDEFGH"), "start_date": "2020-01-01"})
    rates = derive_rates(best(visits(), subjects=people).best_responses).set_index("rate")
    assert set(rates["subjects"]) == {8}  # F could not be evaluated, G and H were never seen
    assert rates["responders"].to_dict() == {
        "ORR": 2,  # A and B
        "confirmed ORR": 1,  # A
        "DCR": 4,  # A to D
        "confirmed DCR": 4,
        "CBR": 4,
    }
    assert rates.loc["ORR", ["percent", "lower", "upper"]].tolist() == [25.0, 3.19, 65.09]  # R: 0.0318540 0.6508558


def test_each_reader_has_rates_of_their_own() -> None:
    both = pd.concat([visits().assign(reader="r1"), visits().assign(reader="r2", overall_response="PD")])
    people = pd.DataFrame({"subject": list("ABCDEFGH"), "start_date": "2020-01-01"})
    rates = derive_rates(best(both, subjects=people).best_responses).set_index(["reader", "rate"])
    assert rates.loc[("r1", "ORR"), "responders"] == 2
    assert rates.loc[("r2", "ORR"), "responders"] == 0
    assert rates.loc[("r2", "ORR"), "subjects"] == 8
