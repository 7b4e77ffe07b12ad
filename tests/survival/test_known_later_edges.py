"""What sounds like the future and what does not, name by name as studies write them."""

import pytest

from survival.known_later import is_later, sounds_later
from survival.options import make_options

FUTURE = (
    *("alive_at_last_visit", "best_overall", "cause_of_death", "confirmed_pr", "courses_given", "cumulative_dose"),
    *("cycles", "dead", "death_cause", "died_in_hospital", "duration_of_control", "ever_treated", "follow_up_months"),
    *("followup_months", "last_contact", "n_courses", "n_cycles", "n_doses", "n_treated", "number_of_sessions"),
    *("os_months", "overall_response_rate", "pfs_months", "progression", "re_treated", "recurrence", "relapsed"),
    *("relief_months", "remission", "responder", "retreated", "second_line", "subsequent_therapy", "survival_months"),
    *("third_line", "time_to_next_therapy", "total_dose", "vital_status"),
    *("marker_response", "psa_responder", "scan_days", "skeletal_event", "stop_reason", "psa_change_pct"),
)
PRESENT = ("age_years", "sex", "arm", "site", "ki67_pct", "grade", "ecog", "prior_lines", "liver_volume_ml", "smoker")


@pytest.mark.parametrize("name", FUTURE)
def test_a_name_that_tells_the_future_is_refused_unless_the_study_vouches_for_it(name):
    assert sounds_later(name)
    assert sounds_later(name.upper())
    assert is_later(name, make_options({}))
    assert not is_later(name, make_options({"known_at_start": [name]}))


@pytest.mark.parametrize("name", PRESENT)
def test_what_is_known_at_the_first_visit_does_not_sound_like_the_future(name):
    assert not is_later(name, make_options({}))


@pytest.mark.parametrize("name", ["n_treatments", "second_treatment", "second_treatment_days", "second_treatment_date"])
def test_no_study_can_vouch_for_a_second_treatment_to_come(name):
    assert is_later(name, make_options({"known_at_start": [name]}))
