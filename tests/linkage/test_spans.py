"""Start-stop rows: cut at each further treatment, death in the last row only."""


def spans_of(linked, subject, *treatment_days):
    result = linked(
        subjects=[{"subject": "A", **subject}],
        treatments=[{"subject": "A", "day": 0}, *({"subject": "A", "day": day} for day in treatment_days)],
    )
    return [row[1:] for row in result.spans.itertuples(index=False, name=None)]


def test_one_treatment_is_one_row(linked) -> None:
    assert spans_of(linked, {"death_day": 700}) == [(0, 700, 1, 0, 1)]


def test_the_second_treatment_switches_on_its_day_and_the_event_is_in_the_last_row(linked) -> None:
    assert spans_of(linked, {"death_day": 700}, 200, 500) == [
        (0, 200, 0, 0, 1),
        (200, 500, 0, 1, 2),
        (500, 700, 1, 1, 3),
    ]


def test_the_living_have_no_event(linked) -> None:
    assert spans_of(linked, {"last_contact_day": 700}, 200) == [(0, 200, 0, 0, 1), (200, 700, 0, 1, 2)]


def test_a_treatment_on_the_last_day_opens_no_row(linked) -> None:
    assert spans_of(linked, {"death_day": 200}, 200) == [(0, 200, 1, 0, 1)]


def test_death_on_the_day_of_treatment_is_half_a_day(linked) -> None:
    assert spans_of(linked, {"death_day": 0}) == [(0, 0.5, 1, 0, 1)]


def test_a_treatment_after_the_cutoff_is_not_counted(linked) -> None:
    assert spans_of(linked, {"last_contact_day": 4000}, 3700) == [(0, 3653, 0, 0, 1)]
