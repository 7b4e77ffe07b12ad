"""The two published sets of rules for the end of progression-free survival, row by row."""

from __future__ import annotations

import pytest

from recist.criteria.censoring import CENSORING_ROWS, Situation, end_of

LAST = "last adequate assessment"
UNTIL = "last adequate assessment on that day or before"
NOTHING = ("as if it had not been", "later progression or death is the event")
# situation: FDA 2007, appendix 3, table A; CHMP/27994/2008 Rev. 1, appendix 1
ROWS = {
    "no_baseline": (("start", "censored"), ("start", "censored; death is an event")),
    "no_assessment": (("start", "censored"), ("start", "censored")),
    "no_adequate_assessment": (("start", "censored"), ("start", "censored")),
    "early_death": (("death", "event"), ("death", "event")),
    "no_progression": ((LAST, "censored"), (LAST, "censored")),
    "progression": (("first progression", "event"), ("first progression", "event")),
    "death": (("death", "event"), ("death", "event")),
    "missed_visits": ((f"{LAST} before the missed visits", "censored"), NOTHING),
    "new_therapy": ((UNTIL, "censored"), NOTHING),
    "clinical_progression": ((UNTIL, "censored"), NOTHING),
}


@pytest.mark.parametrize("situation", ROWS)
def test_each_situation_ends_as_both_authorities_say(situation: str) -> None:
    ends = [end_of(Situation(situation), preset) for preset in ("fda", "ema")]
    assert tuple((str(end.date), str(end.outcome)) for end in ends) == ROWS[situation]


def test_every_situation_has_one_row_with_its_source() -> None:
    assert [str(row.situation) for row in CENSORING_ROWS] == list(ROWS)
    assert all(row.says and row.citation for row in CENSORING_ROWS)
