"""The reads of a cohort tell the best response on every day, and progression by another convention. Worked by hand."""

import json

import pytest

from recist.errors import UsageError
from survival import (
    compare_survival,
    first_response,
    load_cohort,
    overall_survival,
    progression_free_survival,
    switches_on,
)

COHORT = """subject,index_date,imaging_response,imaging_days,os_days,os_event,pfs_days,pfs_event,pfs_reason
A,2000-01-01,SD,90,900,1,700,1,progression on images
B,2000-01-01,PR,95,800,1,400,1,progression on images
C,2000-01-01,PD,85,300,1,85,1,progression on images
D,2000-01-01,SD,100,500,1,500,1,death without progression
E,2000-01-01,,,60,1,,,
"""
READS = """subject,source,date,days,overall_response,change_from_baseline_pct,used
A,image,2000-03-31,90,SD,-10,true
A,image,2000-07-18,199,PR,-40,true
A,image,2001-12-01,700,PD,30,true
B,image,2000-04-05,95,PR,-35,true
B,image,2000-06-29,180,SD,-25,true
B,image,2000-11-06,310,PR,-50,true
B,image,2001-02-04,400,PD,20,true
B,image,2001-05-01,486,PR,-60,true
C,image,2000-03-26,85,PD,25,true
C,image,2000-06-01,152,CR,-100,false
D,image,2000-04-10,100,SD,0,true
D,image,2000-07-04,185,NE,,true
"""
RULES = {
    "missed_scans": "event",
    "scan_interval_days": 91,
    "scan_tolerance_days": 14,
    "new_therapy": "ignore",
    "report_progression": True,
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "cohort.csv").write_text(COHORT, encoding="utf-8")
    (tmp_path / "reads.csv").write_text(READS, encoding="utf-8")
    settings = {"settings": {name: {"value": value} for name, value in RULES.items()}}
    (tmp_path / "options.json").write_text(json.dumps(settings), encoding="utf-8")
    return tmp_path


def test_the_best_response_is_the_best_up_to_progression(folder):
    # B's response after progression and C's read that the cohort did not use do not count
    assert load_cohort(folder).best_response.told.tolist() == ["PR", "PR", "PD", "SD", ""]


def test_the_best_response_so_far_is_known_on_every_day(folder):
    history = load_cohort(folder).best_response.history
    assert history.at(94).fillna("").tolist() == ["SD", "", "PD", "", ""]
    assert history.at(200).fillna("").tolist() == ["PR", "PR", "PD", "SD", ""]


def test_survival_is_not_compared_by_the_best_response_of_all_follow_up(folder):
    cohort = load_cohort(folder)
    with pytest.raises(UsageError, match="immortal time"):
        compare_survival(overall_survival(cohort), cohort.best_response == "PR")


def test_responding_later_is_a_switch_from_the_first_read_on(folder):
    cohort = load_cohort(folder)
    found = compare_survival(overall_survival(cohort), switches_on(cohort.best_response == "PR"))
    rows = found.rows.set_index("subject")[["start_days", "stop_days", "event"]]
    assert rows.loc["A"].to_numpy().tolist() == [[90, 199, 0], [199, 900, 1]]
    assert rows.loc["B"].tolist() == [95, 800, 1]  # a responder at the first read
    assert rows.loc["C"].tolist() == [85, 300, 1]
    assert dict(found.left_out)["best imaging response missing"] == 1


def test_missed_scans_censor_where_the_reads_tell_it(folder):
    # allowed: 2 x (91 + 14) = 210 days. A: 700 - 199 > 210, censored on day 199; B: 400 - 310; D: 500 - 100 > 210
    found = progression_free_survival(load_cohort(folder), missed_scans="censor")
    assert found.days[:4].tolist() == [199, 400, 85, 100]
    assert found.event[:4].tolist() == [0, 1, 1, 0]


def test_reads_that_do_not_give_back_the_linked_progression_are_not_believed(folder):
    changed = READS.replace("A,image,2001-12-01,700,PD", "A,image,2001-12-01,700,SD")
    (folder / "reads.csv").write_text(changed, encoding="utf-8")
    with pytest.raises(UsageError, match="as it was linked"):
        progression_free_survival(load_cohort(folder), missed_scans="censor")


def test_a_first_response_draws_its_waterfall_only_with_reads(folder):
    assert first_response(load_cohort(folder), "imaging").plot().get_axes()
    (folder / "reads.csv").unlink()
    with pytest.raises(UsageError, match=r"reads\.csv"):
        first_response(load_cohort(folder), "imaging").plot()
