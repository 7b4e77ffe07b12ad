"""Quantities keep their day and never take missing for no; results read as a paper's lines. Worked by hand."""

import numpy as np
import pandas as pd
import pytest

from survival import compare_survival, cox, first_response, load_cohort, overall_survival, relief_duration, switches_on
from survival.questions.estimate import Estimate, Scale
from survival.questions.history import cut_spans
from survival.questions.knowledge import Knowledge

COLUMNS = (
    *("subject", "index_date", "cutoff_date", "age_years", "sex"),
    *("imaging_response", "imaging_days", "symptomatic_response", "symptomatic_days"),
    *("n_treatments", "second_treatment_date", "second_treatment_days", "os_days", "os_event"),
    *("relief_days", "relief_event", "relief_reason"),
)
ROWS = """
A,2000-01-01,2010-12-31,50,F,PR,90,improved,95,1,,,400,1,100,1,symptoms recurred
B,2000-01-01,2010-12-31,60,M,SD,100,improved,100,2,2000-07-19,200,600,1,500,0,death during relief
C,2000-01-01,2010-12-31,70,F,PD,80,worse,150,1,,,300,1,,,
D,2000-01-01,2010-12-31,,M,NE,95,unchanged,90,3,2000-05-30,150,900,0,,,
E,2000-01-01,2010-12-31,55,F,,,asymptomatic,,1,,,110,1,,,
F,2000-01-01,2010-12-31,65,M,PD,130,,,1,,,700,1,,,
"""
SPANS = """subject,start_days,stop_days,event,second_treatment,n_treatments
A,0,400,1,0,1
B,0,200,0,0,1
B,200,600,1,1,2
C,0,300,1,0,1
D,0,150,0,0,1
D,150,500,0,1,2
D,500,900,0,1,3
E,0,110,1,0,1
F,0,700,1,0,1
"""


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cohort")
    (folder / "cohort.csv").write_text(",".join(COLUMNS) + ROWS, encoding="utf-8")
    (folder / "spans.csv").write_text(SPANS, encoding="utf-8")
    return load_cohort(folder)


@pytest.fixture(scope="module")
def survival_time(cohort):
    return overall_survival(cohort)


def test_a_column_knows_from_which_day_it_is_known(cohort):
    assert cohort.age_years.knowledge is Knowledge.AT_INDEX
    assert first_response(cohort, "imaging").category.knowledge is Knowledge.OWN_DAY
    assert cohort.n_treatments.knowledge is Knowledge.AFTERWARDS
    assert switches_on(cohort.second_treatment_date).knowledge is Knowledge.CHANGES
    assert (cohort.n_treatments >= 2).knowledge is Knowledge.AFTERWARDS
    assert ((cohort.age >= 60) & first_response(cohort, "imaging").progressed).knowledge is Knowledge.OWN_DAY


def test_missing_and_not_evaluable_are_neither_control_nor_progression(cohort):
    control = first_response(cohort, "imaging").disease_control
    assert control.holds[:3].tolist() == [1, 1, 0]
    assert np.isnan(control.holds[3:5]).all()
    assert control.why_unknown(np.array([3, 4])) == {"not evaluable (NE)": 1, "missing": 1}
    assert (~control).holds[:3].tolist() == [0, 0, 1]
    assert np.isnan((~control).holds[3:5]).all()


def test_an_unknown_age_is_on_neither_side(cohort):
    older = cohort.age >= 60
    assert older.holds[[0, 1, 2]].tolist() == [0, 1, 1]
    assert np.isnan(older.holds[3])


def test_both_is_no_where_either_is_no_and_unknown_where_that_cannot_be_told(cohort):
    both = (cohort.sex == "F") & first_response(cohort, "imaging").disease_control
    # A yes and yes; B no; C yes and no; D is a man; E yes and missing; F a man
    assert both.holds[[0, 1, 2, 3, 5]].tolist() == [1, 0, 0, 0, 0]
    assert np.isnan(both.holds[4])


def test_either_is_yes_where_one_is(cohort):
    either = (cohort.sex == "F") | first_response(cohort, "imaging").disease_control
    assert either.holds[[0, 1, 2, 4]].tolist() == [1, 1, 1, 1]
    assert np.isnan(either.holds[3])  # a man, not evaluable
    assert either.holds[5] == 0


def test_the_number_of_treatments_is_known_as_far_as_it_had_come(cohort):
    history = cohort.n_treatments.history
    assert history.at(100).tolist() == [1, 1, 1, 1, 1, 1]
    assert history.at(200).tolist() == [1, 2, 1, 2, 1, 1]
    assert history.at(500).tolist() == [1, 2, 1, 3, 1, 1]


def test_a_landmark_line_counts_everybody_who_is_not_in_it(survival_time, cohort):
    found = compare_survival(survival_time, first_response(cohort, "imaging").disease_control, landmark_days=122)
    # A and B against C; D not evaluable, E missing, F assessed on day 130
    assert found.n == (2, 1)
    assert found.events == (2, 1)
    assert dict(found.left_out) == {
        "missing": 1,
        "not evaluable (NE)": 1,
        "no longer under observation after day 122": 0,
        "assessed only after day 122": 1,
    }
    assert "; 3 left out: 1 missing, 1 not evaluable (NE), 1 assessed only after day 122" in str(found)
    # medians from the landmark: A 278, B 478 days, of which Kaplan-Meier's median is (278 + 478) / 2; C 178
    months = [each.value * 30.4375 for each in found.medians]
    assert months == pytest.approx([378, 178])


def test_the_line_reads_as_in_a_paper(survival_time, cohort):
    line = str(compare_survival(survival_time, first_response(cohort, "imaging").disease_control, landmark_days=122))
    assert line.startswith(
        "Disease control on imaging, landmark 4 months (day 122): n = 2 vs 1, events 2 vs 1, "
        "median 12.4 vs 5.8 months, difference +6.6 (95 % CI "
    )
    assert " for progression (PD), log-rank p = " in line


def test_a_switch_cuts_time_on_its_day(survival_time, cohort):
    found = compare_survival(survival_time, switches_on(cohort.second_treatment_date))
    assert found.n == (2, 4)
    assert found.events == (1, 4)  # B dies after, D lives on
    assert len(found.rows) == 8


def test_start_stop_rows_are_cut_at_the_switch_and_not_on_the_last_day():
    rows = cut_spans(np.array([10.0, 10.0, 10.0, 0.0]), np.array([1, 1, 0, 1]), np.array([4.0, 10.0, 0.0, np.nan]))
    expected = pd.DataFrame(
        {
            "place": [0, 0, 1, 2, 3],
            "start_days": [0.0, 4.0, 0.0, 0.0, 0.0],
            "stop_days": [4.0, 10.0, 10.0, 10.0, 0.5],
            "event": [0, 1, 1, 0, 1],
            "switched": [0, 1, 0, 1, 0],
        }
    )
    pd.testing.assert_frame_equal(rows, expected, check_dtype=False)


def test_what_becomes_known_after_the_cutoff_is_not_known(cohort):
    until_june = overall_survival(cohort, cutoff="2000-06-18")  # day 169
    found = compare_survival(until_june, cohort.n_treatments >= 2, as_published=True, bootstrap=100)
    assert until_june.events == 1  # E on day 110
    assert found.notes[0].startswith("No start-stop form: ")  # nobody dies after a second treatment
    assert found.n == (1, 5)  # D's second treatment on day 150 counts, B's on day 200 does not


def test_a_cutoff_later_than_the_data_is_refused(cohort):
    with pytest.raises(Exception, match="nothing later is in it"):
        overall_survival(cohort, cutoff="2015-01-01")


def test_the_rate_counts_the_evaluable_and_names_the_others(cohort):
    imaging = first_response(cohort, "imaging")
    assert str(imaging).startswith("Imaging response at first follow-up: CR or PR 1/4 = 25.0 %")
    assert str(imaging).endswith("; 2 left out: 1 not evaluable (NE), 1 missing")
    table = imaging.table.set_index("code")
    assert table["n"].to_dict() == {"CR": 0, "PR": 1, "SD": 1, "PD": 2, "NE": 1, "missing": 1}
    assert imaging.rates["denominator"].tolist() == [4, 4, 4, 4]


def test_a_shorter_window_leaves_the_late_assessments_out(cohort):
    imaging = first_response(cohort, "imaging", window_days=(42, 95))
    assert imaging.codes.tolist() == ["PR", "", "PD", "NE", "", ""]
    assert "2 assessed outside the window" in str(imaging)


def test_a_model_says_who_is_left_out_and_how_the_future_is_kept_out(survival_time, cohort):
    fit = cox(survival_time, [first_response(cohort, "imaging").progressed, switches_on(cohort.second_treatment_date)])
    assert fit.messages[:3] == (
        "2 of 6 patients left out: imaging progression not known 2.",
        "Each patient is observed from the day on which imaging progression was known (delayed entry).",
        "Time-dependent: after second treatment; 5 start-stop rows of 4 patients.",
    )


def test_a_death_during_relief_ends_it_though_the_cohort_was_linked_otherwise(cohort):
    found = relief_duration(cohort)
    assert (found.n, found.events) == (2, 2)
    assert found.median.value * 30.4375 == pytest.approx(300)  # between 100 and 500 days


@pytest.mark.parametrize(
    ("value", "scale", "words"),
    [
        (28.64, Scale.MONTHS, "28.6 months (95 % CI 20.0–38.8)"),
        (0.71, Scale.SHARE, "71.0 % (95 % CI 64.2–77.2)"),
        (3.31, Scale.RATIO, "3.31 (95 % CI 2.10–5.20)"),
        (32.4, Scale.DIFFERENCE, "+32.4 months (95 % CI +21.1 to +46.0)"),
    ],
)
def test_an_estimate_is_printed_with_its_interval(value, scale, words):
    limits = {
        Scale.MONTHS: (20.02, 38.8),
        Scale.SHARE: (0.642, 0.772),
        Scale.RATIO: (2.1, 5.2),
        Scale.DIFFERENCE: (21.1, 46.0),
    }[scale]
    assert str(Estimate(value=value, lower=limits[0], upper=limits[1], scale=scale)) == words


def test_every_result_shows_itself_as_a_table_with_headers(survival_time, cohort):
    imaging = first_response(cohort, "imaging")
    compared = compare_survival(survival_time, imaging.disease_control, landmark_days=122, bootstrap=100)
    for result in (cohort, survival_time, imaging, compared, relief_duration(cohort)):
        page = result._repr_html_()
        assert page.startswith("<table><caption")
        assert 'scope="col"' in page
        assert 'scope="row"' in page


def test_every_time_and_comparison_can_be_drawn(survival_time, cohort):
    imaging = first_response(cohort, "imaging")
    drawn = [
        survival_time.plot(),
        compare_survival(survival_time, imaging.disease_control, landmark_days=122, bootstrap=100).plot(),
        compare_survival(survival_time, switches_on(cohort.second_treatment_date)).plot(),
        relief_duration(cohort).plot(),
    ]
    assert all(figure.get_axes() for figure in drawn)
