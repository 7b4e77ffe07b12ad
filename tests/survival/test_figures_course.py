"""What waterfall, spider and swimmer show, and what they are drawn from: five patients by hand."""

import math
from types import SimpleNamespace

import matplotlib.colors
import numpy as np
import pandas as pd
import pytest

from recist.criteria import RECIST_1_1
from survival.figures.limits import limits_pct
from survival.figures.spider import draw_spider
from survival.figures.style import report_style
from survival.figures.swimmer import choose_lanes, draw_swimmer
from survival.figures.waterfall import WaterfallPanel, draw_waterfall
from survival.reporting.course import course_section
from survival.reporting.course_frames import (
    derive_best,
    derive_best_changes,
    derive_courses,
    derive_first_changes,
    derive_lanes,
    derive_marks,
    until_progression,
    used_reads,
)

NAN = math.nan
NAMES = "subject source days change_from_baseline_pct target_response non_target_response new_lesion overall_response"
# A responds, grows from the nadir, and shrinks again after PD; B progresses by a new lesion alone; C has PD of targets
# and a new lesion; D has no complete sum; E is known by reports only
ROWS = (
    ("A", "image", 90, -20.0, "SD", "NON-CR/NON-PD", "no", "SD"),
    ("A", "image", 210, -40.0, "PR", "NON-CR/NON-PD", "no", "PR"),
    ("A", "image", 330, -10.0, "PD", "NON-CR/NON-PD", "no", "PD"),
    ("A", "image", 450, -60.0, "PR", "NON-CR/NON-PD", "no", "PR"),
    ("B", "image", 100, 5.0, "SD", "NONE", "unequivocal", "PD"),
    ("C", "image", 80, 130.0, "PD", "NONE", "unequivocal", "PD"),
    ("D", "image", 85, -50.0, "NE", "NONE", "no", "NE"),
    ("E", "report", 95, NAN, "", "", "", "PR"),
)


@pytest.fixture(autouse=True)
def _style():
    with report_style():
        yield


@pytest.fixture
def reads() -> pd.DataFrame:
    frame = pd.DataFrame(ROWS, columns=NAMES.split())
    return frame.assign(used="true", sum_complete=np.where(frame["subject"].eq("D"), "false", "true"))


@pytest.fixture
def cohort(reads):
    frame = pd.DataFrame(
        {"subject": list("ABCDEF"), "os_days": [600.0, 300, 200, 90, 1000, 10], "os_event": [1, 1, 1, 1, 0, 1]}
    )
    treatments = pd.DataFrame({"subject": ["A", "A", "B"], "days": [0.0, 120, 0]})
    return SimpleNamespace(frame=frame, treatments=treatments, reads=reads)


def test_reads_that_were_not_used_and_reads_before_the_start_are_left_out(reads):
    other = reads.iloc[[0]].assign(used="false", days=91)
    early = reads.iloc[[0]].assign(days=-10)

    assert len(used_reads(pd.concat([reads, other, early]))) == len(reads)


def test_what_follows_the_first_progression_is_left_out_and_the_progression_is_kept(reads):
    assert until_progression(reads).groupby("subject").size().to_dict() == {"A": 3, "B": 1, "C": 1, "D": 1, "E": 1}


def test_the_best_response_is_the_best_before_the_first_progression(reads):
    late_complete = reads.assign(overall_response=reads["overall_response"].where(reads["days"] != 450, "CR"))

    assert derive_best(late_complete).to_dict() == {"A": "PR", "B": "PD", "C": "PD", "D": "NE", "E": "PR"}


def test_the_first_change_is_that_of_the_first_read_with_images_and_a_missing_sum_is_no_change(reads):
    first = derive_first_changes(reads).set_index("subject")

    assert first["change_pct"].fillna("missing").to_dict() == {"A": -20.0, "B": 5.0, "C": 130.0, "D": "missing"}
    assert first["only_new_lesion"].to_dict() == {"A": False, "B": True, "C": False, "D": False}


def test_the_best_change_is_the_smallest_sum_before_progression_not_the_one_after_it(reads):
    best = derive_best_changes(reads).set_index("subject")

    assert best["change_pct"].fillna("missing").to_dict() == {"A": -40.0, "B": 5.0, "C": 130.0, "D": "missing"}
    assert best["response"].to_dict() == {"A": "PR", "B": "PD", "C": "PD", "D": "NE"}
    assert best["only_new_lesion"].to_dict() == {"A": False, "B": True, "C": False, "D": False}


def test_the_lines_of_a_waterfall_are_those_of_the_criteria():
    assert limits_pct(RECIST_1_1) == (-30.0, 20.0)


def test_bars_fall_from_left_to_right_end_at_a_doubling_and_are_hatched_for_a_new_lesion_alone(reads):
    figure = draw_waterfall((WaterfallPanel(title="Best change", changes=derive_best_changes(reads)),))
    axes = figure.axes[0]
    bars = sorted(axes.patches, key=lambda bar: bar.get_x())

    assert [bar.get_height() for bar in bars] == [100, 5, -40]
    assert [bool(bar.get_hatch()) for bar in bars] == [False, True, False]
    assert matplotlib.colors.to_hex(bars[0].get_facecolor()) != matplotlib.colors.to_hex(bars[2].get_facecolor())
    assert axes.get_title(loc="left") == "Best change (n = 3)"
    assert [text.get_text() for text in axes.texts] == ["−30 %", "+20 %"]
    assert [line.get_marker() for line in axes.lines].count("^") == 1
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["PR 1", "PD 2", "PD by a new lesion only 1"]


def test_nobody_with_a_measurable_change_is_said_in_the_picture(reads):
    figure = draw_waterfall((WaterfallPanel(title="First", changes=derive_first_changes(reads).iloc[3:]),))

    assert "no measurable change" in [text.get_text() for text in figure.axes[0].texts]


def test_every_course_begins_at_no_change_and_marks_its_new_lesion(reads):
    figure = draw_spider(derive_courses(reads), time_label="Months")
    partial, progressive = figure.axes
    course = next(line for line in partial.lines if line.get_label() == "course")
    crosses = [line for line in progressive.lines if line.get_label() == "new lesion"]

    assert course.get_xdata().tolist() == pytest.approx([0, 90 / 30.4375, 210 / 30.4375, 330 / 30.4375, 450 / 30.4375])
    assert course.get_ydata().tolist() == [0, -20, -40, -10, -60]
    assert [list(line.get_ydata()) for line in crosses] == [[5.0], [100.0]]
    assert partial.get_title(loc="left") == "Partial response (n = 1)"
    assert progressive.get_title(loc="left") == "Progressive disease (n = 2)"


def test_lanes_are_sorted_by_response_and_length_with_those_never_assessed_last(cohort, reads):
    lanes = choose_lanes(derive_lanes(cohort, reads))

    assert list(lanes["subject"]) == ["E", "A", "B", "C", "D", "F"]
    assert list(lanes["response"]) == ["PR", "PR", "PD", "PD", "NE", ""]


def test_first_response_and_first_progression_of_each_patient_are_marked_once(cohort, reads):
    marks = derive_marks(cohort, reads)
    days = (marks["months"] * 30.4375).round().astype(int)

    assert sorted(zip(marks["kind"], marks["subject"], days, strict=True)) == [
        ("progression", "A", 330),
        ("progression", "B", 100),
        ("progression", "C", 80),
        ("response", "A", 210),
        ("response", "E", 95),
        ("treatment", "A", 0),
        ("treatment", "A", 120),
        ("treatment", "B", 0),
    ]


def test_deaths_and_living_patients_end_their_lanes_differently(cohort, reads):
    axes = draw_swimmer(derive_lanes(cohort, reads), derive_marks(cohort, reads), time_label="Months").axes[0]
    ends = {line.get_label(): line.get_xdata() for line in axes.lines}

    assert sorted(ends["death"]) == pytest.approx(sorted(days / 30.4375 for days in (600, 300, 200, 90, 10)))
    assert list(ends["censored"]) == pytest.approx([1000 / 30.4375])
    assert len(axes.patches) == 6


def test_of_very_many_patients_an_even_sample_is_drawn():
    lanes = pd.DataFrame({"subject": [f"P{row}" for row in range(1000)], "end_months": np.arange(1000.0)})
    lanes = lanes.assign(is_dead=True, response=["PR"] * 600 + ["PD"] * 400)
    chosen = choose_lanes(lanes, 100)

    assert len(chosen) == 100
    assert chosen["response"].value_counts().to_dict() == {"PR": 60, "PD": 40}
    assert chosen["end_months"].max() == 999 or chosen["end_months"].iloc[0] == 599


def test_without_reads_and_treatments_the_section_is_empty_and_says_what_it_needs(cohort):
    study = SimpleNamespace(cohort=SimpleNamespace(frame=cohort.frame, reads=None, treatments=None))
    section = course_section(study)

    assert section.items == ()
    assert len(section.left_out) == 2
    assert "reads.csv" in section.left_out[0]


def test_the_words_beside_the_figures_count_what_they_show(cohort):
    section = course_section(SimpleNamespace(cohort=cohort, index_name="index date"))
    waterfall, spider, swimmer = section.items

    assert "Best change: 3 patients (PR 1, PD 2), from −40 % to 130 %, median 5 %." in waterfall.description
    assert "Not shown: 1 patient without a complete sum" in waterfall.caption
    assert "1 patient known by reports only" in waterfall.caption
    assert "6 reads of 3 patients" in spider.description
    assert "6 patients" in swimmer.description
    assert "5 died, 1 alive at last contact" in swimmer.description
