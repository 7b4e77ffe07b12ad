"""Columns as people have them: numbers as text, words for events, codes without a 0. Numbers come from R survival."""

import numpy as np
import pandas as pd
import pytest

from recist.errors import UsageError
from survival import cox, cumulative_incidence, kaplan_meier, load_cohort
from survival.prediction import predict_survival

TIME = [6.0, 7, 10, 15, 19, 25]
EVENT = [1, 0, 1, 1, 0, 1]
AGE = [61, 70, 48, 55, 70, 66]


@pytest.mark.parametrize(
    "age",
    [
        pd.Series(AGE),
        pd.Series(AGE, dtype=object),
        pd.Series(AGE).astype(str),
        pd.Series(AGE).astype("string"),
        pd.Series([" 61", "70.0", 48, 55.0, "70", np.int64(66)], dtype=object),
        pd.DataFrame({"x1": AGE}).astype(str),
        np.array(AGE, dtype=str),
        np.array(AGE, dtype=object),
    ],
)
def test_ages_held_as_text_are_numbers_and_no_category(age):
    # coxph(Surv(time, event) ~ age): coef -0.1254247495, se 0.0905371178
    fit = cox(TIME, EVENT, age)
    assert fit.table[["coefficient", "standard_error"]].to_numpy()[0] == pytest.approx(
        [-0.1254247495, 0.0905371178], rel=1e-6
    )


def test_a_number_with_a_sign_among_ages_is_refused_by_name_and_row():
    for wrong in (">80", "n/a"):
        age = pd.Series([*map(str, AGE[:3]), wrong, *map(str, AGE[4:])], name="age")
        with pytest.raises(UsageError, match=f"age mixes numbers and text: '{wrong}' in row 4 is no number") as caught:
            cox(TIME, EVENT, age)
        assert '.astype("category")' in str(caught.value)


def test_an_empty_age_is_missing_and_no_level():
    age = pd.Series([*map(str, AGE[:5]), " "], name="age")
    fit = cox(TIME, EVENT, age)
    assert fit.n == 5
    assert "1 of 6 rows left out for missing covariates (age 1)." in fit.messages


def test_what_is_called_a_category_stays_one_whatever_its_levels_look_like():
    stage = pd.Series(["1", "2", "2", "1", "2", "1"], name="stage").astype("category")
    assert list(cox(TIME, EVENT, stage).table["term"]) == ["stage[2]"]
    assert list(cox(TIME, EVENT, stage.astype(str)).table["term"]) == ["stage[2]"]  # digits that recur, as in R
    words = pd.Series(["yes", "no", "no", "yes", "no", "yes"], name="smoker")
    assert list(cox(TIME, EVENT, words).table["term"]) == ["smoker[yes]"]


def test_people_whose_age_is_text_are_predicted_as_others_are():
    fit = cox(TIME, EVENT, pd.Series(AGE, name="age"))
    asked = [predict_survival(fit, pd.DataFrame({"age": values}), [10]).to_numpy() for values in ([60], ["60"])]
    assert asked[0] == pytest.approx(asked[1])


def test_words_for_the_event_are_refused_with_what_to_write():
    with pytest.raises(UsageError, match="event must hold numbers; found 'dead', 'alive'") as caught:
        kaplan_meier(TIME, ["dead", "alive", "dead", "dead", "alive", "dead"])
    assert "such as event == 'dead'" in str(caught.value)
    with pytest.raises(UsageError, match=r"time must hold numbers; found '7 d' \(first in row 2\)"):
        kaplan_meier([6, "7 d", 10, 15, 19, 25], EVENT)


def test_codes_without_a_0_are_pointed_out_because_everybody_would_have_an_event():
    found = cumulative_incidence(TIME, [1, 2, 1, 1, 2, 1])
    assert "Nobody is censored (code 0)" in str(found)
    assert "Nobody is censored (code 0)" in found._repr_html_()
    assert cumulative_incidence(TIME, [1, 2, 1, 1, 0, 1]).messages == ()
    assert cumulative_incidence(TIME, [1] * 6).messages == ()


def test_a_probability_is_one_number():
    with pytest.raises(UsageError, match="one number between 0 and 1"):
        kaplan_meier(TIME, EVENT).quantiles([0.25, 0.5])


def test_a_cohort_is_loaded_from_a_path():
    with pytest.raises(UsageError, match="reads a folder or a file, not a DataFrame"):
        load_cohort(pd.DataFrame({"os_days": TIME}))


LONG = [float(day) for day in range(5, 65, 5)]


@pytest.mark.parametrize("turn", [lambda days: days / 365.25, lambda days: -days, lambda days: np.round(days / 5.2)])
def test_the_time_itself_under_another_name_is_refused_as_a_covariate(turn):
    table = pd.DataFrame({"age": [61, 70, 48, 55, 70, 66, 59, 62, 73, 51, 58, 64], "os_years": turn(np.array(LONG))})
    for events in ([1] * 12, [1] * 10 + [0, 0]):
        with pytest.raises(UsageError, match=r"os_years puts all 1[02] events in perfect order.*Leave it out"):
            cox(LONG, events, table)


def test_a_covariate_that_misses_the_order_of_the_events_by_one_pair_is_a_covariate():
    near = [2.0, 1.0, *range(3, 13)]
    assert cox(LONG, [1] * 12, near).concordance < 1


def test_an_event_given_as_its_own_covariate_is_estimated_by_firth_with_a_warning():
    fit = cox(LONG, [1, 0] * 6, [1, 0] * 6)
    assert fit.monotone == ("x1",)
    assert any("separate the levels of x1 completely" in message for message in fit.messages)
