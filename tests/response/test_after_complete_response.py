"""What disease seen after an overall CR means (RECIST 1.1 Table 3 note; EORTC frequently asked questions)."""

import pytest

from recist.response import score


def test_any_lesion_that_returns_after_an_overall_complete_response_is_progression(scored) -> None:
    table = scored({"T1": [40, "absent", 3], "NT1": ["present", "absent", "absent"]}).responses
    assert table["overall_response"].tolist() == ["CR", "PD"]  # 3 mm: neither 5 mm nor a measurable lesion is needed
    assert table["reasons"].tolist()[1] == "returned_after_cr"


def test_a_non_target_lesion_that_returns_is_progression(responses) -> None:
    assert responses({"T1": [40, 0, 0], "NT1": ["present", "absent", "present"]}) == ["CR", "PD"]


def test_a_lesion_that_returns_without_an_overall_complete_response_before_only_enters_the_sum(responses) -> None:
    course = {"T1": [40, 0, 4], "T2": [20, 20, 20], "NT1": ["present", "present", "present"]}
    assert responses(course) == ["PR", "PR"]


def test_a_target_node_returns_only_at_10_mm(scored) -> None:
    course = {"T1": [20, 6, 9.9, 10]}
    result = scored(course, nodes=["T1"])
    assert result.responses["overall_response"].tolist() == ["CR", "CR", "PD"]
    assert "review_single_node" in result.responses["reasons"][2]
    assert "single_node_after_cr" in set(result.problems["code"])


def test_a_single_returning_node_may_wait_by_option(responses) -> None:
    course = {"T1": [30, 6, 10]}
    assert responses(course, options={"returning_node": "equivocal"}, nodes=["T1"]) == ["CR", "PR"]


def test_disease_in_a_visit_with_lesions_missing_is_progression_after_complete_response(responses) -> None:
    assert responses({"T1": [40, 0, 6], "T2": [40, 0, "not_evaluable"]}) == ["CR", "PD"]


def test_a_visit_that_cannot_be_evaluated_after_complete_response_stays_so(responses) -> None:
    assert responses({"T1": [40, 0, "not_done", 0]}) == ["CR", "NE", "CR"]


def test_less_than_complete_response_stays_as_it_is_by_option_with_a_warning(scored) -> None:
    result = scored({"T1": [40, 0, 4]}, {"post_cr": "as_is"})
    assert result.responses["overall_response"].tolist() == ["CR", "PR"]
    assert "less_than_cr_after_cr" in set(result.problems["code"])


def test_the_first_complete_response_may_be_recoded_by_option(scored) -> None:
    result = scored({"T1": [40, 0, 4, 4]}, {"post_cr": "recode_pr"})
    assert result.responses["overall_response"].tolist() == ["PR", "PR", "PR"]
    assert result.responses["overall_response_as_read"].tolist() == ["CR", "PR", "PR"]
    assert result.best_responses["confirmed_best_response"].tolist() == ["PR"]


def test_a_recoded_response_of_other_disease_alone_says_that_it_was_recoded(scored) -> None:
    result = scored({"NT1": ["present", "absent", "present"]}, {"post_cr": "recode_pr"}).responses
    assert result["overall_response"].tolist() == ["NON-CR/NON-PD", "NON-CR/NON-PD"]
    assert result["reasons"].tolist()[0].split("|") == ["non_target_cr", "recoded_from_cr"]


@pytest.mark.parametrize("option", ["pd", "recode_pr", "as_is"])
def test_a_complete_response_that_holds_is_the_same_by_every_option(option, responses) -> None:
    assert responses({"T1": [40, 0, 0]}, options={"post_cr": option}) == ["CR", "CR"]


def test_a_complete_response_is_not_recoded_for_what_comes_after_progression(responses) -> None:
    lesions = {
        "T1": [42.4, "absent", "too_small", 0.01, "absent"],
        "T2": [55.3, "absent", "not_evaluable", "absent", "absent"],
    }  # week 16: 5 mm over a nadir of 0 mm, although T2 is not known
    assert responses(lesions, options={"post_cr": "recode_pr"})[:2] == ["CR", "PD"]


def test_a_complete_response_is_not_recoded_for_what_was_not_evaluated(responses) -> None:
    lesions = {"T1": [20, "absent", "absent"], "NT1": ["present", "absent", "not_done"]}
    assert responses(lesions, options={"post_cr": "recode_pr"}) == ["CR", "PR"]


def test_an_equivocal_single_node_does_not_recode_a_complete_response(responses) -> None:
    options = {"post_cr": "recode_pr", "returning_node": "equivocal"}
    assert responses({"T1": [20, 8, 10]}, nodes=["T1"], options=options) == ["CR", "PR"]
    assert responses({"T1": [20, 8, 10]}, nodes=["T1"], options={"post_cr": "recode_pr"}) == ["PR", "PR"]


@pytest.mark.parametrize(("rule", "date"), [("component", "23"), ("earliest", "22"), ("fda2007", "23")])
def test_a_return_is_dated_by_the_scan_of_the_lesion_that_came_back(rule, date, course) -> None:
    rows = course({"T1": [20, "absent", 2], "T2": [20, "absent", "absent"], "NT1": ["present", "absent", "absent"]})
    rows.loc[2, "date"] = "2020-04-23"  # the other lesions were scanned on 22 April
    result = score(rows, options={"response_date": rule})
    assert [str(day.date()) for day in result.best_responses["progression_date"]] == [f"2020-04-{date}"]


def test_a_return_in_a_merged_mass_is_dated_by_the_scan_of_the_mass(course) -> None:
    rows = course({"T1": [20, "absent", 2], "T2": [20, "absent", None], "T3": [20, "absent", "absent"]})
    rows.loc[2, "date"] = "2020-04-23"
    rows = rows.assign(covers=["", "", "T2", *[""] * 5])
    assert str(score(rows).best_responses["progression_date"].iloc[0].date()) == "2020-04-23"
