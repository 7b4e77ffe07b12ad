"""Non-target lesions (RECIST 1.1 §4.3.3, Table 2) and new lesions (§4.3.5)."""

import pytest

from recist.response import score


@pytest.mark.parametrize(
    ("states", "non_target", "overall"),
    [
        (["absent", "absent"], "CR", "CR"),
        (["absent", "present"], "NON-CR/NON-PD", "NON-CR/NON-PD"),
        (["present", "unequivocal_pd"], "PD", "PD"),
        (["absent", "not_evaluable"], "NE", "NE"),
        (["absent", None], "NE", "NE"),
        (["present", "not_evaluable"], "NE", "NE"),
        (["not_done", "unequivocal_pd"], "PD", "PD"),
    ],
)
def test_disease_without_targets_is_judged_by_the_readers_words(states, non_target, overall, responses) -> None:
    course = {f"NT{number}": ["present", state] for number, state in enumerate(states)}
    assert responses(course, "non_target_response") == [non_target]
    assert responses(course) == [overall]
    assert responses(course, "target_response") == ["NONE"]


def test_present_and_not_evaluated_may_be_non_progression_by_option(responses) -> None:
    course = {"NT1": ["present", "present"], "NT2": ["present", "not_evaluable"]}
    assert responses(course, options={"nt_partial": "present_wins"}) == ["NON-CR/NON-PD"]


def test_sizes_of_non_target_lesions_decide_nothing(responses) -> None:
    assert responses({"T1": [30, 30], "NT1": [10, 60]}) == ["SD"]


@pytest.mark.parametrize("state", ["present", "not_evaluable"])
def test_targets_gone_but_non_targets_not_is_partial_response(state, responses) -> None:
    assert responses({"T1": [30, "absent"], "NT1": ["present", state]}) == ["PR"]


@pytest.mark.parametrize(("size", "expected"), [(20, "PR"), (30, "SD")])
def test_non_targets_not_evaluated_do_not_spoil_partial_response_or_stable_disease(size, expected, responses) -> None:
    assert responses({"T1": [30, size], "NT1": ["present", "not_evaluable"]}) == [expected]


def test_no_disease_at_baseline_is_ned_and_never_stable_disease(course, responses) -> None:
    nothing_new = {"N1": ["absent", "absent", "unequivocal"]}
    assert responses(nothing_new) == ["NED", "PD"]
    assert responses(nothing_new, options={"no_disease": "ne"}) == ["NE", "PD"]


@pytest.mark.parametrize("size", [0, 15, 30])
def test_an_unequivocal_new_lesion_is_progression_whatever_the_targets_do(size, responses) -> None:
    course = {"T1": [30, size], "N1": [None, "unequivocal"]}
    assert responses(course) == ["PD"]
    assert responses(course, "reasons") == ["new_lesion"]


def test_a_measured_new_lesion_is_unequivocal(responses) -> None:
    assert responses({"T1": [30, 30], "N1": [None, 6]}, "new_lesion") == ["unequivocal"]


def test_progression_stands_when_the_new_lesion_vanishes(scored) -> None:
    table = scored({"T1": [30, 30, 30], "N1": [None, "unequivocal", "absent"]})
    assert table.responses["after_progression"].tolist() == [False, True]
    assert table.best_responses["progression_date"].dt.strftime("%Y-%m-%d").tolist() == ["2020-02-26"]


def test_an_equivocal_new_lesion_is_not_progression_yet(responses) -> None:
    course = {"T1": [30, 30, 30], "N1": [None, "equivocal", "equivocal"]}
    assert responses(course) == ["SD", "SD"]
    assert responses(course, "new_lesion") == ["equivocal", "equivocal"]


def test_an_equivocal_lesion_confirmed_later_dates_progression_back_to_when_it_was_first_seen(scored) -> None:
    result = scored({"T1": [30, 30, 20, 20], "N1": [None, "equivocal", "equivocal", "unequivocal"]})
    table = result.responses
    assert table["overall_response_as_read"].tolist() == ["SD", "PR", "PD"]
    assert table["overall_response"].tolist() == ["PD", "PD", "PD"]
    assert table["after_progression"].tolist() == [False, True, True]
    best = result.best_responses.iloc[0]
    assert str(best["progression_date"].date()) == "2020-02-26"  # day 56
    assert best["best_response"] == best["confirmed_best_response"] == "PD"  # the PR came after progression
    assert best["pfs_days"] == 57


def test_an_equivocal_lesion_that_vanished_is_not_confirmed_by_another_one_later(scored) -> None:
    table = scored({"T1": [30, 30, 30, 30], "N1": [None, "equivocal", "absent", "unequivocal"]}).responses
    assert table["overall_response"].tolist() == ["SD", "SD", "PD"]


def test_confirming_one_lesion_does_not_confirm_another(scored) -> None:
    course = {"T1": [30, 30, 30], "N1": [None, "equivocal", "absent"], "N2": [None, None, "unequivocal"]}
    assert scored(course).responses["overall_response"].tolist() == ["SD", "PD"]


@pytest.mark.parametrize(
    ("size", "certainty", "overall"),
    [(9.99, "no", "SD"), (10, "equivocal", "SD"), (14.99, "equivocal", "SD"), (15, "unequivocal", "PD")],
)
def test_a_new_node_is_normal_equivocal_or_unequivocal_by_its_short_axis(size, certainty, overall, responses) -> None:
    course = {"T1": [30, 30], "N1": [None, size]}
    assert responses(course, "new_lesion", nodes=["N1"]) == [certainty]
    assert responses(course, nodes=["N1"]) == [overall]


def test_a_small_new_node_is_progression_for_strict_readers(responses) -> None:
    course = {"T1": [30, 30], "N1": [None, 11]}
    assert responses(course, options={"new_node": "pd"}, nodes=["N1"]) == ["PD"]
    assert responses({"T1": [30, 30], "N1": [None, 9]}, options={"new_node": "pd"}, nodes=["N1"]) == ["SD"]


def test_a_small_new_node_that_grows_dates_progression_back(responses) -> None:
    course = {"T1": [30, 30, 30], "N1": [None, 11, 16]}
    assert responses(course, nodes=["N1"]) == ["PD", "PD"]
    assert responses(course, "overall_response_as_read", nodes=["N1"]) == ["SD", "PD"]


def test_a_new_lesion_that_could_not_be_evaluated_says_nothing(responses) -> None:
    assert responses({"T1": [30, 30, 30], "N1": [None, "equivocal", "not_evaluable"]}) == ["SD", "SD"]


def test_a_non_target_lesion_covered_by_a_merged_mass_is_present(course) -> None:
    rows = course({"T1": [30, 30], "NT1": ["present", None]}).assign(covers=["", "NT1", ""])
    assert score(rows).responses["non_target_response"].tolist() == ["NON-CR/NON-PD"]


def test_a_non_target_lesion_absent_at_baseline_is_no_disease_that_could_respond(responses) -> None:
    assert responses({"NT1": ["absent", "absent"]}) == ["NED"]
    assert responses({"NT1": ["absent", "not_done"], "NT2": ["present", "absent"]}) == ["CR"]
    assert responses({"T1": [20, 0], "NT1": ["absent", "not_done"]}) == ["CR"]


def test_a_non_target_lesion_absent_at_baseline_counts_where_it_is_seen(responses) -> None:
    assert responses({"NT1": ["absent", "absent", "unequivocal_pd"]}) == ["NED", "PD"]
    assert responses({"T1": [20, 0, 0], "NT1": ["absent", "absent", "present"]}) == ["CR", "PD"]  # it came after a CR
    lesions = {"T1": [20, 20], "NT1": ["absent", "present"]}
    assert responses(lesions, "non_target_response") == ["NON-CR/NON-PD"]


def test_a_normal_non_target_node_at_baseline_is_no_disease_where_size_decides(responses) -> None:
    lesions = {"T1": [20, 0], "NT1": [9.99, 9.99]}
    assert responses(lesions, nodes=["NT1"], options={"non_target_nodes": "by_size"}) == ["CR"]
    assert responses(lesions, "non_target_response", {"non_target_nodes": "by_size"}, nodes=["NT1"]) == ["NONE"]
    assert responses(lesions, nodes=["NT1"]) == ["PR"]  # as read it is present
