"""Every situation in which progression-free survival ends, by both sets of rules; days by hand, the first day counts.

The start is day 0, 2020-01-01; visits are planned every 56 days. FDA 2007, appendix 3, table A; CHMP/27994/2008 Rev. 1.
"""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

from recist.criteria.censoring import CENSORING_ROWS, Outcome, Situation
from recist.response import score
from recist.response.visits import best

PLANNED = {"visit_interval_days": 56}
START = datetime.date(2020, 1, 1)


def on(day: int) -> str:
    return (START + datetime.timedelta(days=day)).isoformat()


def visits(*given: tuple[str, int], subject: str = "S1") -> pd.DataFrame:
    return pd.DataFrame(
        [{"subject": subject, "timepoint": f"d{day}", "date": on(day), "overall_response": word} for word, day in given]
    )


def subjects(**days: int) -> pd.DataFrame:
    return pd.DataFrame([{"subject": "S1", "start_date": on(0)} | {f"{name}_date": on(d) for name, d in days.items()}])


def end(given: list[tuple[str, int]], options: dict[str, object], name: str = "pfs", **days: int) -> tuple:
    """Give the last day counted from the start, whether it is an event, and the reason."""
    others = visits(("SD", 56), subject="S0").assign(start_date=on(0))  # somebody must have been seen
    rows = pd.concat([visits(*given).assign(start_date=on(0)), others]) if given else others
    people = pd.concat([subjects(**days), pd.DataFrame([{"subject": "S0", "start_date": on(0)}])])
    table = best(rows, subjects=people, options={**PLANNED, **options}).best_responses.set_index("subject")
    row = table.loc["S1"]
    assert row[f"{name}_date"].date() == START + datetime.timedelta(days=int(row["pfs_days"] - 1)) or name != "pfs"
    return (row[f"{name}_date"].date() - START).days, bool(row[f"{name}_event"]), row[f"{name}_reason"]


SITUATIONS = {
    Situation.NO_ASSESSMENT: ([], {}, (0, False, "no_assessment"), (0, False, "no_assessment")),
    Situation.NO_ADEQUATE_ASSESSMENT: (
        [("NE", 56), ("NE", 112)],
        {},
        (0, False, "no_adequate_assessment"),
        (0, False, "no_adequate_assessment"),
    ),
    Situation.EARLY_DEATH: ([], {"death": 112}, (112, True, "death"), (112, True, "death")),
    Situation.NO_PROGRESSION: (
        [("SD", 56), ("PR", 112), ("NE", 168)],
        {},
        (112, False, "no_progression"),
        (112, False, "no_progression"),
    ),
    Situation.PROGRESSION: ([("SD", 56), ("PD", 80)], {}, (80, True, "progression"), (80, True, "progression")),
    Situation.DEATH: ([("SD", 56)], {"death": 130}, (130, True, "death"), (130, True, "death")),
    Situation.MISSED_VISITS: (
        [("SD", 56), ("PD", 224)],
        {},
        (56, False, "missed_visits"),
        (224, True, "progression"),
    ),
    Situation.NEW_THERAPY: (
        [("SD", 56), ("SD", 112), ("PD", 168)],
        {"new_therapy": 120},
        (112, False, "new_therapy"),
        (168, True, "progression"),
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("preset", ["fda", "ema"])
def test_each_situation_ends_by_the_rules_in_force(situation: Situation, preset: str) -> None:
    given, days, fda, ema = SITUATIONS[situation]
    assert end(given, {"censoring": preset}, **days) == (fda if preset == "fda" else ema)


@pytest.mark.parametrize(("preset", "expected"), [("fda", (56, False)), ("ema", (168, True))])
def test_treatment_stopped_for_deterioration_censors_by_the_row_for_it(preset: str, expected: tuple) -> None:
    given = [("SD", 56), ("PD", 168)]
    options = {"censoring": preset, "clinical_progression": "censor"}
    assert end(given, options, clinical_progression=70)[:2] == expected


def test_clinical_deterioration_is_no_progression_unless_asked_for() -> None:
    given = [("SD", 56), ("SD", 112)]
    assert end(given, {}, clinical_progression=70) == (112, False, "no_progression")
    assert end(given, {"clinical_progression": "event"}, clinical_progression=70) == (70, True, "clinical_progression")
    assert end(given, {"clinical_progression": "event"}, "ttp", clinical_progression=70)[1] is False


@pytest.mark.parametrize("preset", ["fda", "ema"])
@pytest.mark.parametrize(("death", "fda", "ema"), [(None, (0, False), (0, False)), (100, (0, False), (100, True))])
def test_an_incomplete_baseline_censors_on_day_1(preset, death, fda, ema, course) -> None:
    rows = course({"T1": ["not_evaluable", 20], "N1": [None, "unequivocal"]})
    people = subjects() if death is None else subjects(death=death)
    row = score(rows, subjects=people, options={"censoring": preset}).best_responses.iloc[0]
    day, event = fda if preset == "fda" else ema
    assert (row["pfs_days"], row["pfs_event"]) == (day + 1, event)
    assert row["pfs_reason"] == ("death" if event else "no_baseline")


@pytest.mark.parametrize("death", [{}, {"death": 84}])
def test_progression_after_missed_visits_was_an_assessment_whatever_happens_on_that_day(death) -> None:
    options = {"visit_interval_days": 28}  # two intervals are 56 days
    for endpoint in ("pfs", "ttp"):
        assert end([("PD", 84)], options, endpoint, **death) == (0, False, "missed_visits")


def test_every_situation_has_a_row_and_is_tested() -> None:
    assert [row.situation for row in CENSORING_ROWS] == list(Situation)
    others = {Situation.NO_BASELINE, Situation.CLINICAL_PROGRESSION}  # tested by themselves
    assert set(SITUATIONS) | others == set(Situation)


def test_only_gaps_new_therapy_and_deterioration_part_the_two_sets_of_rules() -> None:
    ignored = {row.situation for row in CENSORING_ROWS if row.ema.outcome is Outcome.IGNORED}
    assert ignored == {Situation.MISSED_VISITS, Situation.NEW_THERAPY, Situation.CLINICAL_PROGRESSION}
    assert all(row.fda.outcome is not Outcome.IGNORED for row in CENSORING_ROWS)


class TestMissedVisits:
    """An event is censored when it comes later than two intervals, and two tolerances, after the last assessment."""

    @pytest.mark.parametrize(("day", "event"), [(168, True), (169, False)])  # 56 + 2 x 56
    def test_two_intervals_are_not_yet_a_gap(self, day: int, event: bool) -> None:
        assert end([("SD", 56), ("PD", day)], {})[1] is event

    @pytest.mark.parametrize(("day", "event"), [(182, True), (183, False)])  # 56 + 2 x (56 + 7)
    def test_the_tolerance_counts_for_each_visit(self, day: int, event: bool) -> None:
        assert end([("SD", 56), ("PD", day)], {"visit_tolerance_days": 7})[1] is event

    @pytest.mark.parametrize(("day", "event"), [(308, True), (309, False)])  # 140 + 84 + 84
    def test_the_interval_may_change_over_time(self, day: int, event: bool) -> None:
        plan = {"visit_interval_days": [[0, 56], [112, 84]]}
        given = [("SD", 56), ("SD", 112), ("SD", 140), ("PD", day)]
        assert end(given, plan)[1] is event

    @pytest.mark.parametrize(("day", "event"), [(240, True), (241, False)])  # 100 + 56, then 84 from day 156 on
    def test_a_gap_may_reach_over_the_change(self, day: int, event: bool) -> None:
        plan = {"visit_interval_days": [[0, 56], [112, 84]]}
        assert end([("SD", 56), ("SD", 100), ("PD", day)], plan)[1] is event

    def test_a_visit_that_could_not_be_evaluated_does_not_fill_the_gap(self) -> None:
        given = [("SD", 56), ("NE", 112), ("NE", 168), ("PD", 224)]
        assert end(given, {}) == (56, False, "missed_visits")

    def test_without_a_schedule_no_visit_is_missed(self) -> None:
        assert end([("SD", 56), ("PD", 700)], {"visit_interval_days": 0}) == (700, True, "progression")

    def test_a_first_scan_after_two_missed_visits_censors_on_day_1(self) -> None:
        assert end([("PD", 113)], {}) == (0, False, "missed_visits")
        assert end([("PD", 112)], {}) == (112, True, "progression")

    def test_a_death_long_after_the_last_scan(self) -> None:
        assert end([("SD", 56)], {}, death=400) == (56, False, "missed_visits")
        assert end([], {}, death=113) == (0, False, "no_assessment")
        assert end([], {"censoring": "ema"}, death=113) == (113, True, "death")


class TestChoices:
    """What is an adequate assessment, and death without any."""

    def test_a_visit_that_could_not_be_evaluated_is_an_assessment_by_option_and_one_not_done_never(self) -> None:
        given, done = [("SD", 56), ("NE", 112), ("ND", 168)], {"adequate_assessment": "done"}
        assert end(given, {}) == (56, False, "no_progression")
        assert end(given, done) == (112, False, "no_progression")
        late = [("SD", 56), ("NE", 112), ("PD", 170)]  # 170 - 56 = 114, more than two intervals; 170 - 112 is not
        assert end(late, {}) == (56, False, "missed_visits")
        assert end(late, done) == (170, True, "progression")
        assert end([("NE", 56)], {}) == (0, False, "no_adequate_assessment")
        assert end([("NE", 56)], done) == (56, False, "no_progression")

    @pytest.mark.parametrize("preset", ["fda", "ema"])
    def test_death_without_any_assessment_is_no_event_by_option(self, preset: str) -> None:
        censor = {"early_death": "censor", "censoring": preset}
        assert end([], {"censoring": preset}, death=30) == (30, True, "death")
        assert end([], censor, death=30) == (0, False, "no_assessment")
        assert end([("NE", 20)], censor, death=30) == (0, False, "no_adequate_assessment")
        assert end([("SD", 20)], censor, death=30) == (30, True, "death")
        assert end([("PD", 30)], censor, death=30) == (30, True, "progression")


class TestNewTherapy:
    """Progression after it is censored, at the last adequate assessment on its first day or before."""

    def test_progression_on_its_first_day_is_an_event_unless_asked_otherwise(self) -> None:
        given = [("SD", 56), ("PD", 112)]
        assert end(given, {}, new_therapy=112) == (112, True, "progression")
        assert end(given, {"new_therapy_event_day": "censor"}, new_therapy=112) == (56, False, "new_therapy")

    def test_a_scan_on_its_first_day_is_still_one_before_it(self) -> None:
        assert end([("SD", 56), ("SD", 112), ("PD", 130)], {}, new_therapy=112) == (112, False, "new_therapy")

    def test_without_any_scan_before_it_day_1_censors(self) -> None:
        assert end([("PD", 56)], {}, new_therapy=30) == (0, False, "new_therapy")

    def test_of_two_rules_the_earlier_date_censors(self) -> None:
        given = [("SD", 56), ("SD", 112), ("PD", 400)]  # the gap after day 112, the therapy already at day 60
        assert end(given, {}, new_therapy=60) == (56, False, "new_therapy")
        assert end(given, {}, new_therapy=300) == (112, False, "new_therapy")  # both rules on one day

    def test_a_therapy_after_the_cut_off_is_not_known_yet(self) -> None:
        assert end([("SD", 56)], {}, new_therapy=90, cutoff=80) == (56, False, "no_progression")


class TestOtherEndpoints:
    """Time to progression, duration of response and duration of stable disease."""

    def test_death_without_progression_censors_the_time_to_progression(self) -> None:
        assert end([("SD", 56), ("SD", 112)], {}, "ttp", death=130) == (112, False, "death")
        assert end([("SD", 56), ("PD", 112)], {}, "ttp", death=130) == (112, True, "progression")

    def test_the_duration_of_response_ends_by_the_same_rules(self) -> None:
        given = [("PR", 56), ("PR", 112), ("PD", 168)]
        assert end(given, {}, "duration_of_response") == (168, True, "progression")
        assert end(given, {}, "duration_of_response", new_therapy=120) == (112, False, "new_therapy")
        assert end(given, {"censoring": "ema"}, "duration_of_response", new_therapy=120)[1] is True

    def test_death_without_being_an_event_says_why_the_response_is_censored(self) -> None:
        given = [("PR", 56), ("PR", 112)]
        options = {"death_ends_response": False}
        assert end(given, options, "duration_of_response", death=130) == (112, False, "death")

    def test_stable_disease_lasts_from_the_start(self) -> None:
        rows = visits(("SD", 56), ("SD", 112), ("PD", 168))
        row = best(rows, subjects=subjects()).best_responses.iloc[0]
        assert (row["duration_of_sd_days"], row["duration_of_sd_event"]) == (169, True)
        responder = best(visits(("PR", 56), ("PD", 112)), subjects=subjects()).best_responses.iloc[0]
        assert pd.isna(responder["duration_of_sd_days"])
        assert pd.isna(responder["duration_of_sd_event"])

    @pytest.mark.parametrize(("day", "benefit"), [(167, False), (168, True)])  # 24 weeks
    def test_stable_disease_is_a_benefit_from_24_weeks_on(self, day: int, benefit: bool) -> None:
        row = best(visits(("SD", 56), ("SD", day)), subjects=subjects()).best_responses.iloc[0]
        assert row["clinical_benefit"] == benefit
