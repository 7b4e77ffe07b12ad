"""What the report says where the source of a response goes with the years of treatment."""

import pandas as pd
import pytest

from survival.cohort import Cohort
from survival.options import ReportOptions
from survival.reporting.source_era import say_source_eras
from survival.reporting.study import Study


def say(years: list[float], sources: list[str]) -> tuple[str, ...]:
    frame = pd.DataFrame(
        {
            "subject": [f"S{place}" for place in range(len(years))],
            "os_days": 100.0,
            "os_event": 1.0,
            "index_year": years,
            "imaging_response": "SD",
            "imaging_days": 90.0,
            "imaging_source": sources,
        }
    )
    cohort = Cohort(frame=frame, spans=None, flow=None, files=(), warnings=())
    return say_source_eras(Study(cohort=cohort, frame=frame, options=ReportOptions()))


def test_the_years_of_images_and_reports_are_told_where_a_cohort_has_both() -> None:
    (told,) = say([1991, 1995, 2001, 1999, 2005, 2014], ["report"] * 3 + ["image"] * 3)

    assert "images: n = 3, 1999–2014, median 2005" in told
    assert "reports: n = 3, 1991–2001, median 1995" in told
    assert "2 of 6 fall into the years that both have (1999–2001)" in told
    assert "confounding by era" in told


def test_sources_that_share_no_year_cannot_be_told_from_the_years() -> None:
    (told,) = say([1991, 1995, 1999, 2005], ["report", "report", "image", "image"])

    assert "cannot be told from one between the years" in told


@pytest.mark.parametrize("source", ["image", "report", ""])
def test_nothing_is_said_of_a_cohort_with_one_source(source: str) -> None:
    assert say([1991, 1995], [source, source]) == ()
