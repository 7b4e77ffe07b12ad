"""The symptomatic response and the duration of relief."""

from linkage.choices import ReliefDeath


def record(day, score=None, status=""):
    return {"day": day, "score": score, "status": status}


RATINGS = (
    # baseline score, later score, later word, expected
    (10, 7, "", "improved"),  # exactly 30 % less
    (10, 8, "", "unchanged"),
    (10, 10, "", "unchanged"),
    (10, 12, "", "unchanged"),
    (10, 13, "", "worse"),  # exactly 30 % more
    (10, 0, "", "improved"),
    (10, 9, "improved", "improved"),  # recorded better
    (10, 11, "worse", "worse"),
    (10, None, "improved", "improved"),
    (10, None, "unchanged", "unchanged"),
    (10, None, "worse", "worse"),
    (10, None, "asymptomatic", "improved"),
    (10, None, "", "NE"),
    (10, None, "recurred", "NE"),
    (10, 10, "recurred", "unchanged"),
)


def test_scores_and_words_are_rated_against_the_baseline(cases) -> None:
    given = {
        f"{baseline} to {score}, {word or 'no word'}": {
            "symptoms": [record(-2, baseline, "baseline"), record(90, score, word)]
        }
        for baseline, score, word, _ in RATINGS
    }
    found = cases(given)
    assert found["symptomatic_response"].to_dict() == {
        f"{baseline} to {score}, {word or 'no word'}": expected for baseline, score, word, expected in RATINGS
    }
    assert set(found["symptomatic_source"]) == {"chart"}


def test_a_subject_without_symptoms_at_baseline_is_a_row_of_its_own(cases) -> None:
    baselines = (record(-2, 0, "baseline"), record(-2, None, "asymptomatic"), record(-2, 0))
    given = {str(n): {"symptoms": [row, record(90, 4, "worse")]} for n, row in enumerate(baselines)}
    found = cases(given)
    assert found["symptomatic_response"].tolist() == ["asymptomatic"] * 3
    assert found[["symptomatic_date", "symptomatic_days", "relief_days"]].isna().all(axis=None)


def test_a_recorded_improvement_needs_no_baseline_score_but_a_score_does(one) -> None:
    assert one(symptoms=[record(90, None, "improved")])["symptomatic_response"] == "improved"
    row = one(symptoms=[record(90, 3)])
    assert (row["symptomatic_response"], row["symptomatic_reason"]) == ("", "no baseline")


def test_a_row_marked_baseline_stands_before_a_later_score(one) -> None:
    row = one(symptoms=[record(-100, 10, "baseline"), record(-1, 6), record(90, 6)])
    assert row["symptomatic_response"] == "improved"  # 6 of 10, not 6 of 6


def test_a_word_that_contradicts_the_score_is_listed(linked) -> None:
    rows = [{"subject": "A", **record(-1, 10, "baseline")}, {"subject": "A", **record(90, 5, "worse")}]
    result = linked(symptoms=rows)
    assert [problem.code for problem in result.problems] == ["word_against_score"]


IMPROVED = [record(-1, 10, "baseline"), record(90, 3, "improved")]


RELIEF = (
    ({"death_day": 500}, [record(300, 9, "recurred")], (210, 1, "symptoms recurred")),
    ({"death_day": 500}, [], (410, 1, "death during relief")),
    ({"last_contact_day": 700}, [], (610, 0, "relief at last contact")),
    ({"last_contact_day": 9000}, [], (3563, 0, "relief at the cutoff")),  # the cutoff, 2010-01-01, is day 3653
    ({"death_day": 300}, [record(300, 9, "recurred")], (210, 1, "symptoms recurred")),
)


def test_relief_runs_from_the_recorded_response_to_recurrence_or_death(cases) -> None:
    given = {
        str(n): {"subjects": [subject], "symptoms": [*IMPROVED, *later]} for n, (subject, later, _) in enumerate(RELIEF)
    }
    found = cases(given)[["relief_days", "relief_event", "relief_reason"]]
    assert list(found.itertuples(index=False, name=None)) == [expected for _, _, expected in RELIEF]


def test_death_can_censor_relief_by_rule(one) -> None:
    row = one({"relief_death": ReliefDeath.CENSOR}, subjects=[{"death_day": 500}], symptoms=IMPROVED)
    assert (row["relief_days"], row["relief_event"]) == (410, 0)


def test_only_responders_have_relief(one) -> None:
    row = one(symptoms=[record(-1, 10, "baseline"), record(90, 10, "unchanged"), record(200, 10, "recurred")])
    assert row[["relief_days", "relief_event"]].isna().all()
    assert row["relief_reason"] == ""
