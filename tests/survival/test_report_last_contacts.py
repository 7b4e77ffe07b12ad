"""Old news of the living is pointed out; ages of contacts by the calendar."""

import pandas as pd

from recist.problems import Problem
from survival.cohort import Cohort
from survival.options import ReportOptions
from survival.reporting.last_contacts import check_last_contacts
from survival.reporting.study import Study


def check(days: list[float], events: list[float], **columns: str) -> list[Problem]:
    frame = pd.DataFrame({"subject": [f"S{place}" for place in range(len(days))], "os_days": days, "os_event": events})
    frame = frame.assign(**{"index_date": "2000-01-01", "cutoff_date": "2010-01-01"} | columns)
    cohort = Cohort(frame=frame, spans=None, flow=None, files=(), warnings=())
    return check_last_contacts(Study(cohort=cohort, frame=frame, options=ReportOptions()))


def test_the_living_who_were_last_seen_years_before_the_cutoff_are_counted() -> None:
    # 2000-01-01 to 2010-01-01 are 3653 days: 3 alive at the cutoff, 1 last seen 2653 days = 7.3 years before
    (problem,) = check([3653, 3653, 3653, 1000, 100], [0, 0, 0, 0, 1])

    assert problem.found == "1 of 4 patients alive last seen more than a year before, their median 7.3 years before"
    assert "registry" in problem.message
    assert problem.severity == "warning"


def test_the_dead_and_those_seen_within_a_year_are_no_reason_to_warn() -> None:
    assert check([3653, 3653 - 365, 100], [0, 0, 1]) == []


def test_without_a_cutoff_nothing_is_said() -> None:
    assert check([1000, 1000], [0, 0], cutoff_date="") == []
