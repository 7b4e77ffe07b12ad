"""The study file: what it may hold, and refusing the rest all at once; every setting stands in the settings table."""

import datetime as dt
import json
from pathlib import Path

import pytest

import linkage
from linkage import SETTINGS, Rules, StudyConfig, Window, read_study, settings_markdown
from linkage.choices import MissedScans
from linkage.writing import describe_options
from recist.errors import DataError

TABLES = '[tables]\nsubjects = "subjects.csv"\ntreatments = "treatments.csv"\n'


def study_of(tmp_path: Path, text: str) -> StudyConfig:
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    return read_study(path)


def faults_of(tmp_path: Path, text: str) -> dict[str, str]:
    with pytest.raises(DataError) as fault:
        study_of(tmp_path, text)
    return {problem.field: problem.expected for problem in fault.value.problems}


def test_two_tables_are_enough_and_the_rest_are_defaults(tmp_path) -> None:
    study = study_of(tmp_path, TABLES)
    assert (study.name, study.cutoff_date, study.rules) == ("study", None, Rules())
    assert study.tables["subjects"] == tmp_path / "subjects.csv"


def test_the_default_windows_are_those_of_the_study_definition() -> None:
    rules = Rules()
    for window in (rules.imaging_days, rules.biochemical_days, rules.symptomatic_days):
        assert (window.earliest, window.latest) == (42, 183)
    assert rules.target_days == 91


def test_windows_and_rules_are_taken_over_with_their_types(tmp_path) -> None:
    study = study_of(
        tmp_path,
        '[study]\nname = "Trial"\ncutoff_date = 2016-12-31\n'
        + TABLES
        + "[windows]\nimaging_days = [60, 120]\n"
        + '[rules]\nmarker = "CgA"\nmarker_fall_pct = 40\nmissed_scans = "censor"\nreaders = ["adjudicated", "R1"]\n',
    )
    assert (study.name, study.cutoff_date) == ("Trial", dt.date(2016, 12, 31))
    rules = study.rules
    assert rules.imaging_days == Window(earliest=60, latest=120)
    assert (rules.marker, rules.marker_fall_pct, rules.missed_scans) == ("CgA", 40.0, MissedScans.CENSOR)
    assert rules.readers == ("adjudicated", "R1")


def test_a_cutoff_may_be_written_as_text(tmp_path) -> None:
    assert study_of(tmp_path, '[study]\ncutoff_date = "2016-12-31"\n' + TABLES).cutoff_date == dt.date(2016, 12, 31)


def test_unknown_settings_and_wrong_types_are_refused_all_at_once_naming_the_valid_ones(tmp_path) -> None:
    faults = faults_of(
        tmp_path,
        '[study]\ncutoff_date = "31.12.2016"\nauthor = "x"\n'
        '[tables]\nsubjects = 3\nbloods = "b.csv"\n'
        "[windows]\nimaging_days = [183, 42]\nsymptomatic_days = 90\ntarget_days = true\n"
        '[rules]\nmissed_scans = "ignore"\nmarker_fall = 50\nmarker_rise_pct = "25"\nimaging_sources = ["pet"]\n'
        "zero_day = 0\n[rule]\n",
    )
    assert set(faults) == {
        *("rule", "study.author", "study.cutoff_date", "tables.bloods", "tables.subjects", "tables.treatments"),
        *("windows.imaging_days", "windows.symptomatic_days", "windows.target_days"),
        *("rules.missed_scans", "rules.marker_fall", "rules.marker_rise_pct", "rules.imaging_sources"),
        "rules.zero_day",
    }
    assert faults["rules.missed_scans"] == '"event" or "censor"'
    assert "marker_fall_pct" in faults["rules.marker_fall"]
    assert "report_responses" in faults["tables.bloods"]


def test_the_sections_of_other_commands_are_left_to_them(tmp_path) -> None:
    assert study_of(tmp_path, TABLES + "[response]\npost_cr = 'pd'\n[survival]\nlandmark_months = 4\n").rules == Rules()


@pytest.mark.parametrize("text", ["[study", 'name = "\udce4"'])
def test_a_file_that_is_no_toml_is_one_sentence(tmp_path, text) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError, match=r"study\.toml: the study file is not TOML"):
        read_study(path)


def test_a_missing_file_is_one_sentence(tmp_path) -> None:
    with pytest.raises(DataError, match=r"none\.toml: there is no such study file"):
        read_study(tmp_path / "none.toml")


def test_every_setting_has_a_unit_a_meaning_and_a_source() -> None:
    assert all(row.unit and row.meaning and row.source for row in SETTINGS)
    assert len({row.name for row in SETTINGS}) == len(SETTINGS)


def test_the_settings_of_the_documentation_and_of_the_options_are_the_same_rows() -> None:
    options = describe_options(StudyConfig(name="study"))
    names = [row.name for row in SETTINGS]
    assert list(options["settings"]) == names
    assert [line.split("`")[1] for line in settings_markdown().splitlines()[2:]] == names
    assert json.loads(json.dumps(options))["settings"]["imaging_days"]["value"] == [42, 183]


def test_the_public_names_stay_few() -> None:
    assert len(linkage.__all__) <= 20
    assert all(hasattr(linkage, name) for name in linkage.__all__)
