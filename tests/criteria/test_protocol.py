"""Criteria from the TOML file of a protocol."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from recist.criteria import (
    CRITERIA,
    RECIST_1_1,
    Criteria,
    NewLesion,
    NonTargetResponse,
    OverallResponse,
    TargetResponse,
)
from recist.criteria.protocol import parse_protocol, read_protocol
from recist.criteria.protocol_limits import parse_number
from recist.errors import MissingInput, UsageError
from recist.response import parse_options, score
from recist.response.options import find_option_faults

HEAD = {"base": "recist-1.1", "name": "study-x", "citation": "Protocol X, section 8"}
PAGE = Path(__file__).parents[2] / "docs" / "criteria.md"


def faults_of(table: dict[str, object]) -> list[str]:
    with pytest.raises(UsageError) as fault:
        parse_protocol(table, file="x.toml", check_options=find_option_faults)
    return str(fault.value).splitlines()


def answer(criteria: Criteria, target: str, non_target: str, new: str) -> str:
    found = {
        str(row.overall)
        for row in criteria.overall
        if TargetResponse(target) in row.target
        and NonTargetResponse(non_target) in row.non_target
        and NewLesion(new) in row.new_lesion
    }
    assert len(found) == 1
    return found.pop()


def test_a_protocol_changes_numbers_and_keeps_the_others() -> None:
    protocol = parse_protocol({**HEAD, "limits": {"progression_increase": 0, "minimum_stable_disease": 49}})
    assert protocol.progression_increase.value == 0
    assert protocol.progression_increase.citation == "Protocol X, section 8"
    assert protocol.progression_growth == RECIST_1_1.progression_growth
    assert protocol.overall == RECIST_1_1.overall
    assert [(change.what, change.value, change.instead_of) for change in protocol.changes] == [
        ("progression_increase", "0 mm", "5 mm"),
        ("minimum_stable_disease", "49 days", "42 days"),
    ]


def test_a_number_may_have_a_citation_of_its_own() -> None:
    given = {"partial_response_decrease": {"value": "1/2", "citation": "section 9"}}
    protocol = parse_protocol({**HEAD, "limits": given})
    assert protocol.partial_response_decrease.value == Fraction(1, 2)
    assert (protocol.partial_response_decrease.citation, protocol.changes[0].citation) == ("section 9", "section 9")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0, "mm", 0),
        ("5 mm", "mm", 5),
        (2.5, "mm", Fraction(5, 2)),
        ("3/10", "of the nadir", Fraction(3, 10)),
        ("30 %", "of the nadir", Fraction(3, 10)),
        (0.3, "of the nadir", Fraction(3, 10)),
        ("28 days", "days", 28),
    ],
)
def test_numbers_are_read_exactly(value: object, unit: str, expected: Fraction) -> None:
    assert parse_number(value, unit) == expected


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ("1 cm", "mm"),
        (-5, "mm"),
        (0.001, "mm"),
        (30, "of the nadir"),
        ("30", "of the nadir"),
        (0, "of the nadir"),
        ("3/0", "of the nadir"),
        (2.5, "lesions"),
        ("4 weeks", "days"),
        (True, "days"),
        (None, "mm"),
        ("", "mm"),
    ],
)
def test_a_number_that_does_not_fit_its_unit_is_refused(value: object, unit: str) -> None:
    assert isinstance(parse_number(value, unit), str)


def test_a_row_answers_its_combinations_and_no_others() -> None:
    row = {"target": ["CR"], "non_target": ["NE"], "new_lesion": ["no"], "overall": "NE"}
    protocol = parse_protocol({**HEAD, "overall": [row]})
    differs = [
        (target, non_target, new)
        for target in TargetResponse
        for non_target in NonTargetResponse
        for new in NewLesion
        if answer(protocol, target, non_target, new) != answer(RECIST_1_1, target, non_target, new)
    ]
    assert differs == [("CR", "NE", "no")]
    assert answer(protocol, "CR", "NE", "no") == OverallResponse.NE
    assert protocol.changes[0].what == "overall: target CR; non_target NE; new_lesion no"
    assert (protocol.changes[0].value, protocol.changes[0].instead_of) == ("NE", "PR")


def test_two_rows_that_contradict_each_other_are_refused() -> None:
    row = {"target": ["CR"], "non_target": "any", "new_lesion": ["no"], "overall": "NE"}
    assert faults_of({**HEAD, "overall": [row, {**row, "target": "any", "non_target": ["NE"], "overall": "PR"}]}) == [
        "x.toml: overall: contradiction: target CR, non-target NE, new lesion no"
    ]


def test_every_fault_is_named_at_once() -> None:
    table: dict[str, object] = {
        "base": "recist-1.0",
        "name": "choi",
        "extra": 1,
        "confirmation_required": "yes",
        "limits": {"nonsense": 1, "normal_node": 10, "progression_increase": "1 cm", "max_targets": {"most": 3}},
        "options": {"foo": 1, "post_cr": "never"},
        "overall": [{"target": ["XX"], "non_target": [], "overall": "PRR"}],
    }
    expected = [
        "extra: found 'extra'; expected one of: base, name,",
        "name: found 'choi'; expected a name",
        "citation: found ''; expected where the protocol",
        "limits.nonsense: found 'nonsense'; expected a limit of RECIST 1.0:",
        "limits.normal_node: found 'normal_node'; expected a limit of RECIST 1.0:",
        "limits.progression_increase: found '1 cm'; expected a number of mm",
        "limits.max_targets: found 'most'; expected value and citation",
        "overall row 1, target: found ['XX']; expected",
        "overall row 1, non_target: found []; expected",
        "overall row 1, new_lesion: found ''; expected",
        "overall row 1, overall: found 'PRR'; expected one of: CR,",
        "confirmation_required: found 'yes'; expected true or false",
        "options: unknown option 'foo'",
        "options: the options are:",
        "options: option post_cr cannot be 'never'; expected one of: pd, as_is, recode_pr",
    ]
    found = faults_of(table)
    assert len(found) == len(expected)
    assert all(line.startswith(f"x.toml: {start}") for line, start in zip(found, expected, strict=True))


def test_an_unknown_base_is_refused_with_those_there_are() -> None:
    assert faults_of({**HEAD, "base": "recist-2"})[-1] == (
        f"x.toml: base: found 'recist-2'; expected one of: {', '.join(CRITERIA)}"
    )


def test_with_an_unknown_base_all_else_is_still_looked_at() -> None:
    table: dict[str, object] = {
        **HEAD,
        "base": "recist-2",
        "citation": "",
        "confirmation_required": "yes",
        "options": {"max_ne": -1},
        "overall": [{"target": ["XX"], "overall": "PD"}],
        "limits": {"what this base has is not known": 3},
    }
    found = [line.split(": ")[1] for line in faults_of(table)]
    assert found == [
        *("citation", "base", "overall row 1, target", "overall row 1, non_target", "overall row 1, new_lesion"),
        *("confirmation_required", "options"),
    ]


def test_parts_of_the_wrong_kind_are_refused() -> None:
    wrong: dict[str, object] = {**HEAD, "title": 3, "limits": 3, "options": 3, "overall": 3}
    assert [line.split(":")[1].strip() for line in faults_of(wrong)] == ["title", "limits", "overall", "options"]


def test_options_of_a_protocol_are_defaults_that_an_options_file_may_change() -> None:
    protocol = parse_protocol({**HEAD, "options": {"min_sd_days": 49, "visit_interval_days": [[0, 56], [365, 84]]}})
    assert parse_options({}, protocol).min_sd_days == 49
    assert parse_options({}, protocol).visit_schedule == ((0, 56), (365, 84))
    assert parse_options({"min_sd_days": 56}, protocol).min_sd_days == 56
    assert parse_options({}, RECIST_1_1).min_sd_days == 42


def test_a_limit_of_a_protocol_is_the_default_of_its_option() -> None:
    protocol = parse_protocol({**HEAD, "limits": {"max_targets": 3, "confirmation_interval": 42}})
    options = parse_options({}, protocol)
    assert (options.max_targets, options.confirmation_days) == (3, 42)
    immune = parse_protocol({**HEAD, "base": "irecist", "limits": {"early_scan": 21}})
    assert parse_options({}, immune).early_scan_days == 21


def test_a_protocol_without_the_5_mm_calls_small_growth_progression() -> None:
    table = pd.DataFrame(
        [("baseline", "2020-01-01", 50), ("week 8", "2020-02-26", 4), ("week 16", "2020-04-22", 5)],
        columns=["timepoint", "date", "diameter_mm"],
    ).assign(subject="S1", lesion="T1", role="target")
    protocol = parse_protocol({**HEAD, "limits": {"progression_increase": 0}})
    assert score(table, criteria=protocol).responses["overall_response"].tolist() == ["PR", "PD"]
    assert score(table).responses["overall_response"].tolist() == ["PR", "PR"]


def test_a_missing_file_and_one_that_is_no_toml_are_told(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match="there is no protocol"):
        read_protocol(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("base = ", encoding="utf-8")
    with pytest.raises(UsageError, match=r"bad\.toml is not TOML"):
        read_protocol(tmp_path / "bad.toml")


def test_the_example_of_the_documentation_is_a_protocol(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "protocol.toml").write_text(example, encoding="utf-8")
    protocol = read_protocol(tmp_path / "protocol.toml", check_options=find_option_faults)
    assert protocol.name == "study-x"
    assert protocol.progression_increase.value == 0
    assert answer(protocol, "CR", "NE", "no") == OverallResponse.NE
    assert parse_options({}, protocol).visit_interval_days == 56


def test_the_documentation_names_every_set_of_criteria() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in CRITERIA)
