"""Times in months, text among numbers, levels spelt twice, names of the future: stopped or told, in plain words."""

from pathlib import Path

import pytest

from recist.errors import DataError, UsageError
from recist.problems import Problem
from survival.cohort import Cohort, read_cohort
from survival.known_later import require_known_at_start
from survival.options import make_options


def _rows(**columns: list[str]) -> str:
    """Write a right table of 30 patients, with some columns given."""
    n = 30
    plain = {
        "subject": [f"P{place:02d}" for place in range(n)],
        "os_days": [str(100 + 37 * place % 900) for place in range(n)],
        "os_event": [str(place % 2) for place in range(n)],
        "arm": ["A" if place % 3 else "B" for place in range(n)],
        "age": [str(40 + place) for place in range(n)],
    } | columns
    return "\n".join([",".join(plain), *(",".join(cells) for cells in zip(*plain.values(), strict=True))]) + "\n"


def _read(folder: Path, text: str, **settings: object) -> Cohort:
    (folder / "cohort.csv").write_text(text, encoding="utf-8")
    return read_cohort(folder / "cohort.csv", options=make_options(settings))


def _faults(folder: Path, text: str, **settings: object) -> dict[str, Problem]:
    with pytest.raises(DataError) as caught:
        _read(folder, text, **settings)
    return {problem.code: problem for problem in caught.value.problems}


def test_times_with_fractions_stop_and_ask_for_the_unit(tmp_path: Path) -> None:
    fault = _faults(tmp_path, _rows(os_days=[f"{place + 12.3:.1f}" for place in range(30)]))["fraction_of_day"]

    assert (fault.row, fault.field) == (2, "os_days")
    assert "months" in fault.message
    assert 'unit = "months"' in fault.message
    assert "29 more of 30 rows: 3, 4, 5, 6, …" in fault.message


def test_fractions_are_right_where_the_unit_is_declared(tmp_path: Path) -> None:
    endpoint = {"key": "os", "name": "Overall survival", "unit": "months"}
    cohort = _read(tmp_path, _rows(os_days=[f"{place + 12.3:.1f}" for place in range(30)]), endpoint=[endpoint])

    assert cohort.frame["os_days"].iloc[0] == pytest.approx(12.3 * 30.4375, rel=1e-3)


def test_whole_numbers_that_may_be_months_are_asked_about_and_kept(tmp_path: Path) -> None:
    cohort = _read(tmp_path, _rows(os_days=[str(3 + 2 * place) for place in range(30)]))

    assert [problem.code for problem in cohort.warnings] == ["short_follow_up"]
    assert "are these months?" in cohort.warnings[0].message


def test_years_of_days_are_not_asked_about(tmp_path: Path) -> None:
    assert _read(tmp_path, _rows()).warnings == ()


@pytest.mark.parametrize(("cell", "advice"), [(">80", "a limit cannot be analysed"), ("n/a", "leave the cell empty")])
def test_a_text_in_a_covariate_of_numbers_stops_instead_of_making_a_category(
    cell: str, advice: str, tmp_path: Path
) -> None:
    ages = [str(40 + place) for place in range(30)]
    fault = _faults(tmp_path, _rows(age=[*ages[:4], cell, *ages[5:]]), covariates=["age"])["text_among_numbers"]

    assert (fault.row, fault.field, fault.found) == (6, "age", cell)
    assert advice in fault.message
    assert 'kind = "category"' in fault.message


def test_a_stage_in_digits_and_letters_is_right_when_declared_a_category(tmp_path: Path) -> None:
    stages = [*(str(place % 4 + 1) for place in range(27)), "X", "X", "X"]
    entry = {"column": "stage", "kind": "category"}

    assert _read(tmp_path, _rows(stage=stages), covariates=["stage"], covariate=[entry]).warnings == ()


@pytest.mark.parametrize("role", ["groups", "covariates", "strata"])
def test_levels_that_differ_in_capitals_or_blanks_stop_with_their_counts(role: str, tmp_path: Path) -> None:
    drugs = ["Drug one"] * 14 + ["drug  one"] * 5 + ["Drug two"] * 11
    fault = _faults(tmp_path, _rows(drug=drugs), **{role: ["drug"]})["spelt_twice"]

    assert "'Drug one' (14), 'drug  one' (5)" in fault.message
    assert "Drug two" not in fault.message


def test_sex_in_small_and_capital_letters_stops(tmp_path: Path) -> None:
    assert "'M' (15), 'm' (15)" in _faults(tmp_path, _rows(sex=["M", "m"] * 15))["spelt_twice"].message


@pytest.mark.parametrize("column", ["orr", "bor_crpr", "resp_yes", "dead_at_end", "Responder", "status"])
def test_a_name_that_leaves_little_doubt_is_refused_unless_the_study_vouches(column: str) -> None:
    with pytest.raises(UsageError, match="known only after the index date"):
        require_known_at_start(make_options({"groups": [column]}))

    require_known_at_start(make_options({"groups": [column], "known_at_start": [column]}))


@pytest.mark.parametrize("role", ["groups", "covariates"])
@pytest.mark.parametrize("column", ["toxicity", "got_surgery", "n_scans", "extra_lines"])
def test_a_name_that_suggests_the_future_is_let_through_with_a_warning(column: str, role: str, tmp_path: Path) -> None:
    cohort = _read(tmp_path, _rows(**{column: ["0", "1"] * 15}), **{role: [column]})

    (warning,) = cohort.warnings
    assert f"{column} is taken as known on the index date, because nothing says otherwise" in warning.message
    assert "[[survival.comparison]]" in warning.message
    assert "known_at_start" in warning.message


def test_what_the_study_vouches_for_is_told_as_its_statement(tmp_path: Path) -> None:
    cohort = _read(tmp_path, _rows(orr=["0", "1"] * 15), groups=["orr"], known_at_start=["orr"])

    assert ["stated by the study" in problem.message for problem in cohort.warnings] == [True]


@pytest.mark.parametrize("column", ["prior_lines", "performance_status", "n_positive_nodes", "pd_l1", "baseline_tox"])
def test_names_of_the_start_raise_no_doubt(column: str, tmp_path: Path) -> None:
    assert _read(tmp_path, _rows(**{column: ["0", "1"] * 15}), groups=[column]).warnings == ()


def test_the_refusal_names_the_harm_of_each_setting_and_gives_lines_to_paste() -> None:
    with pytest.raises(UsageError) as caught:
        require_known_at_start(make_options({"groups": ["arm", "orr"], "covariates": ["age"], "strata": ["bor_x"]}))

    told = str(caught.value)
    assert "groups: orr is known only after the index date. Groups made of it" in told
    assert "strata: bor_x is known only after the index date. Strata made of it" in told
    for line in ('groups = ["arm"]', "strata = []", "[[survival.comparison]]", 'known_days = "orr_days"'):
        assert f"    {line}" in told


def test_many_like_faults_are_one_line_with_their_rows_and_what_to_write(tmp_path: Path) -> None:
    responses = {"imaging_response": ["pd"] * 30, "imaging_days": ["80"] * 30}
    with pytest.raises(DataError) as caught:
        _read(tmp_path, _rows(**responses))

    (fault,) = caught.value.problems
    assert "write PD, not pd" in fault.message
    assert "in 29 more rows: 3, 4, 5, 6, …" in fault.message


def test_different_words_for_numbers_each_get_their_advice_and_their_rows(tmp_path: Path) -> None:
    ages = [str(40 + place) for place in range(30)]
    text = _rows(age_years=[*ages[:2], "nan", *ages[3:5], ">89", *ages[6:]])
    fault = _faults(tmp_path, text)["not_a_number"]

    assert "where it is 'nan', leave the cell empty" in fault.message
    assert "where it is '>89', a limit cannot be analysed" in fault.message
    assert "1 more of 30 rows: 7" in fault.message


def test_an_unknown_event_is_not_told_to_be_left_empty(tmp_path: Path) -> None:
    fault = _faults(tmp_path, _rows(os_event=[*(["0", "1"] * 14), "1", "unknown"]))["not_a_number"]

    assert "empty" not in fault.message
    assert "find it out, or leave the row out" in fault.message


def test_empty_rows_of_a_spreadsheet_are_passed_over(tmp_path: Path) -> None:
    lines = _rows().splitlines()
    cohort = _read(tmp_path, "\n".join([*lines[:3], ",,,,", *lines[3:], ",,,,"]) + "\n")

    assert len(cohort.frame) == 30
    assert cohort.warnings == ()
