"""Options: defaults of the specification, refusal of what is unknown, and echo."""

import dataclasses

import pytest

from recist.errors import UsageError
from recist.response import Options, parse_options, score
from recist.response.options import options_table


def test_defaults() -> None:
    options = Options()
    assert (options.min_sd_days, options.confirmation_days, options.max_ne, options.accept_sd) == (42, 28, 1, 0)
    assert (options.baseline_window_days, options.max_targets, options.max_targets_per_organ) == (28, 5, 2)
    assert (options.partial_pd, options.nadir_partial, options.post_cr) == (True, False, "pd")
    assert (options.pr_persistence, options.nt_partial, options.threshold_rounding) == ("none", "ne", "none")


def test_options_are_echoed_as_plain_values_and_read_back() -> None:
    options = parse_options({"post_cr": "as_is", "max_ne": "any", "min_sd_days": 49, "partial_pd": False})
    table = options_table(options)
    assert set(table) == {field.name for field in dataclasses.fields(Options)}
    assert all(type(value) in {str, int, bool} for value in table.values())
    assert parse_options(table) == options


def test_every_unknown_name_and_every_wrong_value_is_refused_at_once() -> None:
    wrong = {"min_sd": 42, "post_cr": "maybe", "min_sd_days": -1, "partial_pd": 1, "max_ne": "none", "accept_sd": 1.5}
    with pytest.raises(UsageError) as caught:
        parse_options(wrong)
    text = str(caught.value)
    assert all(name in text for name in wrong)
    assert "min_sd_days" in text
    assert "pd, as_is, recode_pr" in text


def test_the_options_in_force_come_with_the_result(course) -> None:
    assert score(course({"T1": [30, 30]}), options={"max_ne": 3}).options == Options(max_ne=3)


def test_unknown_criteria_are_refused_with_those_there_are(course) -> None:
    with pytest.raises(UsageError, match=r"recist-1\.1"):
        score(course({"T1": [30, 30]}), criteria="recist-7")


def test_every_option_is_described() -> None:
    text = Options.__doc__ or ""
    assert all(field.name in text for field in dataclasses.fields(Options))


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("max_ne", "Any", 'a whole number, 0 or more, or "any"'),
        ("visit_interval_days", True, "a whole number, 0 or more, or a list of [from_day, interval] pairs"),
        ("accept_sd", "any", "a whole number, 0 or more"),
    ],
)
def test_a_wrong_value_is_answered_with_every_form_that_is_right(option: str, value: object, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_options({option: value})
    assert f"option {option} cannot be {value!r}; expected {expected}" in str(caught.value)
