"""``recist rules``: what is in force, from the data that scoring walks."""

import json
from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from recist.cli.main import app
from recist.criteria import CRITERIA, RECIST_1_1
from recist.errors import UsageError
from recist.response import Options
from recist.response.explain.option_rules import SOURCES, option_meanings
from recist.response.explain.rulebook import write_rulebook


def recist(*words: object) -> Result:
    return CliRunner().invoke(app, ["rules", *map(str, words)])


def chapters_of(*words: object) -> dict[str, dict[str, dict[str, str]]]:
    done = recist(*words, "--json")
    assert done.exit_code == 0, done.output
    return {
        chapter["title"]: {rule["name"]: rule for rule in chapter["rules"]}
        for chapter in json.loads(done.output)["chapters"]
    }


def test_the_limits_of_recist_are_printed_with_their_sections() -> None:
    said = " ".join(recist().output.split())
    assert "20 % of the nadir: increase of the sum that is progression [Eisenhauer 2009 §4.3.1]" in said
    assert "5 mm: least absolute increase that is progression [Eisenhauer 2009 §4.3.1]" in said
    assert "30 % of the baseline sum" in said
    assert "Eisenhauer 2009, Table 1 row 3" in said
    assert "28 days" in said


def test_every_rule_has_a_meaning_or_a_value_and_rules_of_the_paper_a_source() -> None:
    for criteria in CRITERIA.values():
        for chapter in write_rulebook(criteria):
            for rule in chapter.rules:
                assert rule.name
                assert rule.value or rule.meaning
                assert rule.citation or chapter.title == "What a recorded state means"


def test_every_limit_row_and_option_is_listed_once() -> None:
    chapters = {chapter.title: chapter.rules for chapter in write_rulebook(RECIST_1_1)}
    assert [rule.name for rule in chapters["Limits"]] == list(RECIST_1_1.limits())
    assert len(chapters["Overall response of a time point"]) == len(RECIST_1_1.overall)
    assert [rule.name for rule in chapters["Options"]] == [field.name for field in fields(Options)]


def test_every_option_has_a_meaning_and_no_source_is_of_an_option_that_is_gone() -> None:
    names = {field.name for field in fields(Options)}
    assert names <= option_meanings().keys()
    assert SOURCES.keys() <= names


def test_an_option_that_is_not_at_its_default_shows_both(tmp_path: Path) -> None:
    file = tmp_path / "options.toml"
    file.write_text("[response]\npartial_pd = false\nmin_sd_days = 49\n")
    chapters = chapters_of("--options", file)
    assert chapters["Options"]["partial_pd"]["value"] == "false (default true)"
    assert chapters["Options"]["max_ne"]["value"] == "1"
    steps = chapters["Best response: the first step that finds a visit"]
    assert steps["step 3"]["meaning"] == "CR, PR or SD, at day 49 after the start or later"


def test_the_rules_of_censoring_are_those_chosen(tmp_path: Path) -> None:
    file = tmp_path / "options.toml"
    file.write_text('[response]\ncensoring = "ema"\n')
    fda = chapters_of()["The end of progression-free survival, by the fda rules"]
    ema = chapters_of("--options", file)["The end of progression-free survival, by the ema rules"]
    assert "censored" in fda["new_therapy"]["value"]
    assert "later progression or death is the event" in ema["new_therapy"]["value"]


def test_a_protocol_lists_what_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "protocol.toml"
    file.write_text(
        'base = "recist-1.1"\nname = "trial-7"\ncitation = "protocol 7, section 9"\n[limits]\nmax_targets = 3\n'
        "[options]\nvisit_interval_days = 56\npartial_pd = false\n"
    )
    chapters = chapters_of("--criteria", file)
    assert chapters["Limits"]["max_targets"]["value"] == "3 lesions"
    changes = chapters["What the protocol changes"]
    assert "protocol 7, section 9" in str(changes)
    assert changes["max_targets"]["meaning"] == "instead of 5 lesions, as in RECIST 1.1"
    assert changes["options.visit_interval_days"]["meaning"] == "instead of 0, as in RECIST 1.1"
    assert changes["options.partial_pd"]["meaning"] == "instead of true, as in RECIST 1.1"


def test_unknown_criteria_are_wrong_usage() -> None:
    done = recist("--criteria", "recist-2")
    assert isinstance(done.exception, UsageError)
    assert "recist-1.1" in str(done.exception)


@pytest.mark.parametrize("name", ["recist-1.0", "mrecist", "choi", "modified-choi"])
def test_the_rules_of_other_criteria_name_their_own_sources(name: str) -> None:
    assert CRITERIA[name].citation in recist("--criteria", name).output.replace("\n", " ")


METHODS, OPTIONS, LIMITS = "Methods of measurement", "Options", "Limits"
AS_1_1 = "choice of this program: as RECIST 1.1 (Eisenhauer 2009"


@pytest.mark.parametrize(
    ("name", "chapter", "rule", "value", "citation"),
    [  # RECIST 1.0 asks for 20 mm but on spiral CT, and for at most 10 targets, 5 an organ; RECIST 1.1 for 10, 5 and 2
        ("recist-1.0", METHODS, "mri", "20 mm", "Therasse 2000, Measurability"),
        ("recist-1.0", METHODS, "clinical", "20 mm", "Therasse 2000, Measurability"),
        ("recist-1.0", METHODS, "pet", "", f"{AS_1_1} §4.3.5, FDG-PET)"),
        (
            "recist-1.0",
            OPTIONS,
            "max_targets",
            "10",
            "Therasse 2000, Baseline documentation of target and non-target lesions",
        ),
        (
            "recist-1.0",
            OPTIONS,
            "responders",
            "confirmed",
            "Therasse 2000, Confirmatory measurement and duration of response",
        ),
        ("choi", LIMITS, "attenuation_decrease", "15 % of the baseline attenuation", "Choi 2007"),
        ("choi", OPTIONS, "max_targets", "10", "choice of this program, the paper is silent: as RECIST 1.0"),
        (
            "choi",
            METHODS,
            "mri",
            "20 mm",
            "choice of this program: as RECIST 1.0 (Therasse 2000, Measurability)",
        ),
        ("choi", OPTIONS, "responders", "unconfirmed", f"{AS_1_1} §4.6.1, §4.6.2)"),
        ("recist-1.1", METHODS, "mri", "10 mm", "Eisenhauer 2009 §3.2.2, MRI"),
        ("recist-1.1", OPTIONS, "max_targets", "5", "Eisenhauer 2009 §4.2"),
        ("irecist", OPTIONS, "max_targets", "5", "Eisenhauer 2009 §4.2"),
    ],
)
def test_a_rule_cites_the_paper_that_says_it(name: str, chapter: str, rule: str, value: str, citation: str) -> None:
    found = chapters_of("--criteria", name)[chapter][rule]
    assert found["value"] == value
    assert found["citation"].startswith(citation)


@pytest.mark.parametrize("name", ["recist-1.0", "choi", "modified-choi", "mrecist"])
def test_no_rule_of_other_criteria_claims_to_be_in_the_paper_of_recist_1_1(name: str) -> None:
    rules = [rule for chapter in write_rulebook(CRITERIA[name]) for rule in chapter.rules]
    assert not [rule.name for rule in rules if rule.citation.startswith("Eisenhauer")]


def test_every_fault_of_the_options_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "options.toml"
    file.write_text('[response]\nmax_ne = "Any"\naccept_sd = -1\n')
    faults = str(recist("--options", file).exception).splitlines()
    assert [fault.split(" cannot be ")[0] for fault in faults] == [
        "options.toml: option max_ne",
        "options.toml: option accept_sd",
    ]
