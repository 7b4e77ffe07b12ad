"""A result in a list or a debugger is one line; printed it is whole. Numbers are those of the printed line itself."""

import pandas as pd
import pytest

from recist.errors import UsageError
from survival import (
    compare_survival,
    cox,
    cumulative_incidence,
    follow_up,
    kaplan_meier,
    load_cohort,
    log_rank,
    overall_survival,
    restricted_mean,
)
from survival.median_difference import median_difference
from survival.rates import rate

TIME, EVENT, ARM = [6.0, 7, 10, 15, 19, 25], [1, 0, 1, 1, 0, 1], list("aababb")


@pytest.mark.parametrize(
    "result",
    [
        cox(TIME, EVENT, pd.DataFrame({"x": [1, 0, 1, 0, 1, 0], "y": [3, 1, 2, 5, 4, 6]})),
        kaplan_meier(TIME, EVENT, group=ARM),
        cumulative_incidence(TIME, [1, 0, 2, 1, 0, 2]),
        log_rank(TIME, EVENT, ARM),
        follow_up(TIME, EVENT),
        restricted_mean(TIME, EVENT, tau=10),
        median_difference(TIME, EVENT, ARM, replicates=20),
        rate(3, 10),
    ],
)
def test_a_result_is_one_line_in_a_list(result):
    assert [repr(each) for each in [result]] == [str(result).splitlines()[0]]
    assert len(repr(result)) < 200


def test_a_model_names_the_level_that_the_others_are_compared_with():
    cell = pd.Series(list("abcabc"), name="cell").replace({"a": "adeno", "b": "large", "c": "small"})
    said = str(cox([*TIME, 3, 4, 8, 30, 12, 9], [1] * 12, pd.concat([cell, cell], ignore_index=True)))
    assert "Compared with: cell adeno." in said.splitlines()
    assert "Compared with" not in str(cox(TIME, EVENT, [1, 0, 1, 0, 1, 0]))


COLUMNS = "subject,age_years,sex,second_treatment_days,n_treatments,imaging_response,imaging_days,os_days,os_event\n"
ROWS = "A,50,F,,1,PR,90,400,1\nB,60,M,200,2,SD,100,600,1\nC,70,F,,1,PD,80,300,1\nD,55,M,150,2,CR,95,900,0\n"


@pytest.fixture
def cohort(tmp_path):
    (tmp_path / "cohort.csv").write_text(COLUMNS + ROWS, encoding="utf-8")
    return load_cohort(tmp_path)


def test_a_column_spelt_wrong_is_told_the_nearest_name(cohort):
    with pytest.raises(UsageError, match="no column 'agee'; did you mean age"):
        cohort["agee"]
    with pytest.raises(UsageError, match="it has subject, age_years"):
        cohort["xyzzy"]


def test_a_day_is_sent_to_a_switch_and_not_to_a_threshold(cohort):
    with pytest.raises(UsageError, match=r"switches_on\(cohort.second_treatment_days\)"):
        compare_survival(overall_survival(cohort), cohort.second_treatment_date)


@pytest.mark.parametrize(
    ("stratum", "call"),
    [
        ("imaging_response", 'cox(os, [first_response(cohort, "imaging").progressed])'),
        ("n_treatments", "cox(os, [switches_on(cohort.second_treatment_date)])"),
    ],
)
def test_a_stratum_known_only_later_is_refused_with_a_call_to_write_instead(cohort, stratum, call):
    with pytest.raises(UsageError, match="as a stratum from the start") as caught:
        cox(overall_survival(cohort), ["age"], strata=stratum)
    assert call in str(caught.value)
