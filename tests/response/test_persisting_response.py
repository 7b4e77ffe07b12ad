"""A partial response that is kept by the option pr_persistence (EORTC frequently asked questions); by hand."""

import pytest


@pytest.mark.parametrize(
    ("sizes", "more", "last"),
    [
        ((100, 70, 80, 70, 70, 80), {}, "PR"),  # the second and third PR confirm, SD before them does not matter
        ((100, 70, 80, 70, 80), {}, "SD"),
        ((100, 70, 80, 70, 80), {"accept_sd": 1}, "PR"),
        ((100, 70, 80, 70, 80), {"confirmation_between": "any"}, "PR"),
        ((100, 70, "not_evaluable", "not_evaluable", 70, 80), {}, "SD"),  # two NE, at most one may lie between
        ((100, 70, "not_evaluable", "not_evaluable", 70, 80), {"max_ne": "any"}, "PR"),
    ],
)
def test_what_confirms_a_response_also_makes_it_persist(sizes, more, last, responses) -> None:
    options = {"pr_persistence": "after_confirmed_pr", **more}
    assert responses({"T1": sizes}, "target_response", options)[-1] == last


def test_a_response_that_persists_ends_with_progression(responses) -> None:
    lesions = {"T1": [100, 50, 60, 60], "NT1": ["present"] * 4}  # +10 mm and +20 % from 50; then 40 % below 100
    assert responses(lesions, "target_response", {"pr_persistence": "after_pr"}) == ["PR", "PD", "PD"]
    lesions = {
        "T1": [25, 25, 9.99, 50, 11.04],
        "T2": [23, 16.33, 19.76, "not_evaluable", 23.71],
    }  # sums 41.33 SD, 29.75 PR, at least 50 PD, 34.75 of 48: -27.6 %, +16.8 % over 29.75
    after_pr = {"pr_persistence": "after_pr"}
    assert responses(lesions, "target_response", after_pr, nodes=["T1"]) == ["SD", "PR", "PD", "SD"]
