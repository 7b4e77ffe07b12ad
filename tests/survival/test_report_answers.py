"""The sentences at the top: each named by its contrast, and claiming no more than test and interval carry."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from survival.cohort import read_cohort
from survival.options import ReportOptions, make_options
from survival.reporting.answers import summary_answer
from survival.reporting.build import build_report
from survival.responses import BIOCHEMICAL, IMAGING
from survival.results import Report

NAN = float("nan")
CLEAR = {
    "good_events": 30,
    "bad_events": 9,
    "good_median_months": 50.5,
    "bad_median_months": 10.3,
    "difference_months": 40.2,
    "difference_lower_months": 12.0,
    "difference_upper_months": 72.1,
    "replicates_without_median": 0.0,
    "log_rank_p_value": 0.002,
    "hazard_ratio": 2.97,
}
OWN = {"hazard_ratio": 2.97, "hazard_ratio_lower": 1.43, "hazard_ratio_upper": 6.15, "hazard_ratio_p_value": 0.003}
FAIR = OWN | {"n_after_second_treatment": 40, "events_after_second_treatment": 30, "events": 90}


def _claim(domain: Any = BIOCHEMICAL, **changes: float) -> str:
    found = SimpleNamespace(
        domain=domain,
        at_landmark=SimpleNamespace(is_possible=True, numbers=CLEAR | changes),
        own_entry=SimpleNamespace(numbers=OWN),
    )
    study: Any = SimpleNamespace(comparisons={"one": found}, options=ReportOptions(), retreatment=None)
    return summary_answer(study)[0]


def _again(naive: dict[str, float], **changes: Any) -> str:
    found = SimpleNamespace(naive=SimpleNamespace(is_possible=True, numbers=CLEAR | naive), start_stop=FAIR | changes)
    study: Any = SimpleNamespace(comparisons={}, options=ReportOptions(), retreatment=found)
    return summary_answer(study)[0]


def test_disease_control_is_not_called_response() -> None:
    assert _claim(IMAGING).startswith("Disease control on imaging went with longer survival: ")
    assert _claim(BIOCHEMICAL).startswith("Biochemical control went with longer survival: ")


def test_an_interval_across_0_beside_a_small_p_is_said_in_the_claim() -> None:
    claim = _claim(difference_lower_months=-1.1).partition(": ")[0]

    assert claim.endswith("by the log-rank test, but the interval of the difference of medians includes 0")


def test_an_interval_off_0_beside_a_large_p_is_said_in_the_claim() -> None:
    claim = _claim(log_rank_p_value=0.2).partition(": ")[0]

    assert "did not clearly go with survival by the log-rank test, though" in claim


def test_a_side_of_two_deaths_is_not_judged() -> None:
    assert _claim(bad_events=2).startswith("Biochemical control cannot be judged, with 2 events on one side: ")


def test_every_p_of_a_sentence_names_its_test() -> None:
    sentence = _claim()

    assert "log-rank p = 0.002" in sentence
    assert "Wald p = 0.003" in sentence


def test_a_median_that_is_not_reached_gives_a_whole_sentence() -> None:
    sentence = _claim(difference_months=NAN, difference_lower_months=NAN, difference_upper_months=NAN)

    assert "no difference of medians, as one was not reached, log-rank" in sentence
    assert "not reached months" not in sentence


def test_a_difference_without_interval_keeps_its_unit_beside_it() -> None:
    sentence = _claim(difference_lower_months=NAN, difference_upper_months=NAN, replicates_without_median=0.34)

    assert "a difference of +40.2 months (no interval: a median was not reached in 34 % of the" in sentence


def test_no_death_after_the_second_treatment_says_nothing_about_it() -> None:
    sentence = _again(
        {}, events_after_second_treatment=0, n_after_second_treatment=2, hazard_ratio=0.21, hazard_ratio_method="firth"
    )

    assert "nothing can be said: 2 patients treated again with 0 deaths afterwards" in sentence
    assert "Firth), penalised likelihood ratio p" in sentence
    assert "no effect" not in sentence


def test_an_interval_around_1_is_told_as_what_the_data_are_compatible_with() -> None:
    sentence = _again({}, hazard_ratio=1.0, hazard_ratio_lower=0.72, hazard_ratio_upper=1.38)

    assert "compatible with a hazard ratio from 0.72 to 1.38" in sentence
    assert "no effect can be seen" not in sentence


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Report on twelve patients, two of them treated again and alive."""
    folder = tmp_path_factory.mktemp("small")
    days = [60, 150, 200, 260, 300, 340, 420, 500, 610, 700, 820, 900]
    event = [1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0]
    again = {9: 200, 11: 250}
    table = pd.DataFrame({"subject": [f"P{n}" for n in range(12)], "os_days": days, "os_event": event})
    table["imaging_response"] = ["PD"] * 6 + ["SD", "PR", "SD", "SD", "CR", "SD"]
    table["imaging_days"] = [50] + [90] * 11
    table["second_treatment_days"] = [again.get(n, "") for n in range(12)]
    table.to_csv(folder / "cohort.csv", index=False)
    spans = ["subject,start_days,stop_days,event,second_treatment"]
    for n in range(12):
        switch = again.get(n)
        spans += [f"P{n},0,{switch},0,0"] if switch else []
        spans.append(f"P{n},{switch or 0},{days[n]},{event[n]},{int(n in again)}")
    (folder / "spans.csv").write_text("\n".join(spans) + "\n", encoding="utf-8")
    return build_report(read_cohort(folder), make_options({"bootstrap": 100}))


def test_an_infinite_hazard_ratio_is_estimated_by_firth_and_says_so(small: Report) -> None:
    table = next(table for table in small.tables if table.name == "second_treatment")

    assert table.numbers.loc["start_stop", "events_after_second_treatment"] == 0
    assert table.numbers.loc["start_stop", "hazard_ratio_method"] == "firth"
    assert "Firth" in table.shown[-1].cells[-1]
    assert any(note.startswith("Firth: ") for note in table.notes)
    treated = next(sentence for sentence in small.answer if sentence.startswith("Two or more treatments"))
    assert "Firth" in treated


def test_the_footnote_of_the_cox_table_says_where_it_was_firth(small: Report) -> None:
    table = next(table for table in small.tables if table.name == "cox")

    assert "a model marked Firth" in table.notes[0]


def test_p_columns_name_their_test(small: Report) -> None:
    headers = {table.name: " | ".join(table.header) for table in small.tables}

    assert "Log-rank p" in headers["by_response"]
    assert "Wald p" in headers["cox"]
