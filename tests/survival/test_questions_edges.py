"""The edges of questions: the opposite at a landmark, other cohorts, values that nobody has. Worked by hand."""

import pytest

from recist.errors import UsageError
from survival import compare_survival, first_response, load_cohort, overall_survival, switches_on
from survival.questions.knowledge import Knowledge, later_of
from survival.questions.left_out import say_left_out

HEADER = (
    "subject,index_date,age_years,sex,imaging_response,imaging_days,n_treatments,second_treatment_date,"
    "second_treatment_days,os_days,os_event\n"
)
ROWS = """A,2000-01-01,50,F,PR,90,1,,,400,1
B,2000-01-01,60,M,SD,100,2,2000-07-19,200,600,1
C,2000-01-01,70,F,PD,80,1,,,300,1
D,2000-01-01,,M,NE,95,2,2000-05-30,150,900,0
E,2000-01-01,55,F,,,1,,,110,1
F,2000-01-01,65,M,PD,130,1,,,700,1
"""


def read(folder, rows=ROWS):
    folder.mkdir(exist_ok=True)
    (folder / "cohort.csv").write_text(HEADER + rows, encoding="utf-8")
    return load_cohort(folder)


@pytest.fixture
def cohort(tmp_path):
    return read(tmp_path / "all")


@pytest.fixture
def survival_time(cohort):
    return overall_survival(cohort)


def test_the_opposite_of_a_response_at_a_landmark_changes_the_sides_and_nothing_else(cohort, survival_time):
    control = first_response(cohort, "imaging").disease_control
    found = compare_survival(survival_time, ~control, landmark_days=122, bootstrap=100)
    # C against A and B; from the landmark C lives 178 days, A 278 and B 478
    assert (found.n, found.events) == ((1, 2), (1, 2))
    assert [each.value * 30.4375 for each in found.medians] == pytest.approx([178, 378])


def test_a_condition_counts_yes_no_and_not_known(cohort):
    assert str(cohort.age >= 60).endswith(": 3 yes, 2 no, 1 not known; known on the index date")


def test_patients_of_two_cohorts_are_not_mixed(cohort, tmp_path):
    fewer = read(tmp_path / "fewer", "".join(ROWS.splitlines(keepends=True)[:4]))
    with pytest.raises(UsageError, match=r"cohort\.sex == 'F', cohort\.age.* >= 60: these are of different cohorts"):
        _ = (cohort.sex == "F") & (fewer.age >= 60)


def test_a_landmark_lies_after_the_index_date_by_a_day_at_least(cohort, survival_time):
    older = cohort.age >= 60
    found = compare_survival(survival_time, older, landmark_days=1, bootstrap=100)
    # B 600, C 300 and F 700 days against A 400 and E 110, a day less each
    assert (found.n, found.events) == ((3, 2), (3, 2))
    assert [each.value * 30.4375 for each in found.medians] == pytest.approx([599, 254])
    for day in (0, -1):
        with pytest.raises(UsageError, match="after the index date"):
            compare_survival(survival_time, older, landmark_days=day)


def test_who_is_not_a_woman_is_a_man(cohort):
    assert (cohort.sex != "F").holds.tolist() == [0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda cohort: cohort.age >= "60", "is compared with a number"),
        (lambda cohort: cohort.age.isin(50, "60"), "is compared with a number"),
        (lambda cohort: cohort.age == True, "is compared with a number"),  # noqa: E712  # a truth is no age
        (lambda cohort: cohort.sex == 1, "is compared with a text"),
        (lambda cohort: cohort.sex == "f", "the values are F, M; ask == or != of one"),
        (lambda cohort: cohort.sex.isin("F", "f"), "the values are F, M; ask == or != of one"),
        (lambda cohort: cohort.sex > "F", "the values are F, M; ask == or != of one"),
    ],
)
def test_a_value_that_nobody_can_have_is_refused_and_not_quietly_true_of_nobody(cohort, ask, words):
    with pytest.raises(UsageError, match=words):
        ask(cohort)


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("AT_INDEX", "AT_INDEX", "AT_INDEX"),
        ("AT_INDEX", "OWN_DAY", "OWN_DAY"),
        ("AT_INDEX", "AFTERWARDS", "AFTERWARDS"),
        ("OWN_DAY", "OWN_DAY", "OWN_DAY"),
        ("OWN_DAY", "AFTERWARDS", "AFTERWARDS"),
        ("AFTERWARDS", "AFTERWARDS", "AFTERWARDS"),
        ("CHANGES", "AT_INDEX", "AFTERWARDS"),
        ("CHANGES", "OWN_DAY", "AFTERWARDS"),
        ("CHANGES", "CHANGES", "AFTERWARDS"),
        ("CHANGES", "AFTERWARDS", "AFTERWARDS"),
    ],
)
def test_two_things_are_known_together_no_earlier_than_the_later_of_them(first, second, both):
    assert later_of(Knowledge[first], Knowledge[second]) is Knowledge[both]
    assert later_of(Knowledge[second], Knowledge[first]) is Knowledge[both]


def test_a_second_treatment_joined_with_what_was_known_at_the_start_is_not_compared_from_the_start(
    cohort, survival_time
):
    again = switches_on(cohort.second_treatment_date)
    for joined in (again & (cohort.age >= 60), (cohort.age >= 60) | again):
        with pytest.raises(UsageError, match="immortal time"):
            compare_survival(survival_time, joined)


def remedies(call):
    with pytest.raises(UsageError) as caught:
        call()
    return [line.partition("#")[0].strip() for line in str(caught.value).splitlines() if line.startswith("    ")]


def test_a_response_is_sent_to_a_landmark_of_four_months_or_its_own_day(cohort, survival_time):
    response = first_response(cohort, "imaging").progressed
    time, code = survival_time.code, response.code
    assert remedies(lambda: compare_survival(survival_time, response)) == [
        f"compare_survival({time}, {code}, landmark_months=4)",
        f'compare_survival({time}, {code}, entry="own_followup")',
        f"compare_survival({time}, {code}, as_published=True)",
    ]


def test_a_number_of_treatments_is_sent_to_a_landmark_of_six_months_or_start_stop_rows(cohort, survival_time):
    time = survival_time.code
    several = cohort.n_treatments >= 2
    assert remedies(lambda: compare_survival(survival_time, several)) == [
        f"compare_survival({time}, cohort.n_treatments >= 2, landmark_months=6)",
        f"compare_survival({time}, switches_on(cohort.second_treatment_date))",
        f"compare_survival({time}, cohort.n_treatments >= 2, as_published=True)",
    ]
    again = switches_on(cohort.second_treatment_date)
    by_own_day = remedies(lambda: compare_survival(survival_time, again, entry="own_followup"))
    assert by_own_day[0].endswith("landmark_months=6)")


def test_what_has_no_day_at_all_is_sent_to_a_response_that_has_one(cohort, survival_time):
    joined = switches_on(cohort.second_treatment_date) & (cohort.sex == "F")
    found = remedies(lambda: compare_survival(survival_time, joined))
    assert len(found) == 2
    assert 'first_response(cohort, "imaging").responded, landmark_months=4' in found[0]
    assert "as_published=True" in found[1]


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ([], ""),
        ([("missing", 0)], ""),
        ([("missing", 7), ("not evaluable", 0)], "; 7 left out: missing"),
        ([("missing", 7), ("not evaluable", 3)], "; 10 left out: 7 missing, 3 not evaluable"),
    ],
)
def test_one_reason_to_be_left_out_is_not_counted_twice_and_none_is_not_told(left_out, words):
    assert say_left_out(left_out) == words
