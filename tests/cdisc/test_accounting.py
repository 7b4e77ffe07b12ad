"""Every record is used, or listed with the reason why not; and everything wrong is said at once."""

import pytest

from recist.problems import Severity

TU = "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER\nT2 | TARGET | LUNG"
HEADER = "TRLNKID | TRTESTCD | TRSTRESC | TRSTRESN | VISIT | TRDTC\n"
BASE = HEADER + "T1 | LDIAM | 40 | 40 | SCREENING | 2024-01-08\nT2 | LDIAM | 20 | 20 | SCREENING | 2024-01-08\n"


def test_records_used_and_not_used_add_up_to_all_records(read):
    tr = BASE + (
        "| SUMDIAM | 60 | 60 | SCREENING | 2024-01-08\n"
        "T1 | VOLUME | 9 | 9 | SCREENING | 2024-01-08\n"
        "T1 | LDIAM | 40 | 40 | SCREENING | 2024-01-08\n"
        "T1 | SHAPE | ROUND | | SCREENING | 2024-01-08\n"
    )
    imported = read(tr, TU + "\nL9 | TARGET | LUNG")
    ledger = imported.ledgers[0]
    assert ledger.account() == "TR: 6 records = 2 used + 4 not used"
    assert all(ledger.unaccounted == [] for ledger in imported.ledgers)
    listed = imported.not_used()
    assert listed["row"].tolist() == [4, 5, 6, 7]
    assert listed["reason"].tolist() == [
        "SUMDIAM: derived by the sponsor; derived again here",
        "VOLUME: not a size that RECIST counts",
        "says the same as an earlier record",
        "SHAPE: not known here",
    ]


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ("T9 | LDIAM | 9 | 9 | WEEK 8 | 2024-03-08", "result_without_lesion", "TRLNKID"),
        ("T1 | TUMSTATE | PURPLE | | WEEK 8 | 2024-03-08", "unknown_state", "TRSTRESC"),
        ("T1 | LDIAM | ABOUT 9 | | WEEK 8 | 2024-03-08", "wrong_size", "TRSTRESC"),
        ("T1 | LDIAM | | | WEEK 8 | 2024-03-08", "wrong_size", "TRORRES"),
        ("T1 | LDIAM | -9 | -9 | WEEK 8 | 2024-03-08", "number_too_small", "TRSTRESN"),
        ("T1 | LDIAM | 41 | 41 | SCREENING | 2024-01-08", "conflicting_results", "TRSTRESC"),
        (" | LDIAM | 41 | 41 | SCREENING | 2024-01-08", "empty_cell", "TRLNKID"),
    ],
)
def test_a_fault_is_named_by_file_row_and_variable(read, line, code, field):
    imported = read(BASE + line, TU)
    (problem,) = imported.problems
    assert (problem.code, problem.field, problem.file, problem.row) == (code, field, "tr.csv", 4)
    assert problem.severity is Severity.ERROR
    assert imported.ledgers[0].unaccounted == []


def test_a_length_without_a_unit_is_refused_never_taken_for_millimetres(read):
    tr = "TRLNKID | TRTESTCD | TRSTRESN | TRSTRESU | VISIT | TRDTC\nT1 | LDIAM | 4 |  | SCREENING | 2024-01-08"
    tr += "\nT2 | LDIAM | 4 | in | SCREENING | 2024-01-08"
    assert [problem.code for problem in read(tr, TU).problems] == ["missing_unit", "unknown_unit"]


def test_all_faults_of_both_datasets_are_told_at_once(read):
    tu = TU + "\nT3 | TRAGET | LUNG\n | TARGET | LUNG"
    tr = BASE + "T9 | LDIAM | 9 | 9 | WEEK 8 | 2024-03-08\nT1 | TUMSTATE | PURPLE | | WEEK 8 | 2024-03-08"
    found = {(problem.file, problem.row, problem.field) for problem in read(tr, tu).problems}
    expected = {
        ("tu.csv", 4, "TUSTRESC"),
        ("tu.csv", 5, "TULNKID"),
        ("tr.csv", 4, "TRLNKID"),
        ("tr.csv", 5, "TRSTRESC"),
    }
    assert found == expected


def test_a_standardised_size_that_differs_from_the_original_is_used_and_reported(read):
    tr = """TRLNKID | TRTESTCD | TRORRES | TRORRESU | TRSTRESN | TRSTRESU | VISIT | TRDTC
    T1 | LDIAM | 1.24 | cm | 12 | mm | SCREENING | 2024-01-08
    T2 | LDIAM | 1.2  | cm | 12 | mm | SCREENING | 2024-01-08"""
    imported = read(tr, TU)
    assert [(problem.code, problem.row) for problem in imported.problems] == [("standardised_differs", 2)]
    assert imported.measurements["long_axis_mm"].tolist() == ["12", "12"]


def test_a_target_without_any_result_is_not_done_so_no_response_can_be_complete(read, scored):
    tr = HEADER + ("T1 | LDIAM | 40 | 40 | SCREENING | 2024-01-08\nT1 | LDIAM | 20 | 20 | WEEK 8 | 2024-03-08\n")
    tu = "TULNKID | TUSTRESC | TULOC | VISIT\nT1 | TARGET | LIVER | SCREENING\nT2 | TARGET | LUNG | SCREENING"
    imported = read(tr, tu)
    assert [problem.code for problem in imported.problems] == ["lesion_without_result"]
    assert scored(imported).responses["target_response"].tolist() == ["NE"]


def test_a_new_lesion_that_only_tu_names_is_progression(read, scored):
    tr = BASE + "T1 | LDIAM | 40 | 40 | WEEK 8 | 2024-03-08\nT2 | LDIAM | 20 | 20 | WEEK 8 | 2024-03-08\n"
    tu = """TULNKID | TUSTRESC | TULOC | VISIT | TUDTC
    T1 | TARGET | LIVER | SCREENING | 2024-01-08
    T2 | TARGET | LUNG  | SCREENING | 2024-01-08
    NEW1 | NEW  | LUNG  | WEEK 8    | 2024-03-08"""
    imported = read(tr, tu)
    assert [problem.severity for problem in imported.problems] == [Severity.WARNING]
    assert scored(imported).responses["overall_response"].tolist() == ["PD"]


def test_a_visit_of_which_nothing_has_a_date_was_no_scan(read):
    tr = """TRLNKID | TRTESTCD | TRSTRESN | TRSTAT | VISIT | TRDTC
    T1 | LDIAM | 40 |          | SCREENING | 2024-01-08
    T1 | LDIAM |    | NOT DONE | WEEK 8    |"""
    imported = read(tr, "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER")
    assert imported.not_used()["reason"].tolist() == [
        "not done, and nothing at this visit has a date: no scan was made"
    ]
    assert imported.problems == ()


def test_a_dataset_that_is_not_tr_is_refused_by_its_variables(read):
    imported = read("AETERM | AESTDTC\nHEADACHE | 2024-01-08", TU)
    (problem,) = imported.problems
    assert problem.code == "missing_column"
    assert "TRLNKID, TRTESTCD, TRDTC" in problem.message


def test_a_result_of_a_lesion_identified_by_somebody_else_is_not_taken_for_theirs(read):
    tr = "TRLNKID | TRTESTCD | TRSTRESN | TREVALID | VISIT | TRDTC\nT1 | LDIAM | 40 | R1 | SCREENING | 2024-01-08"
    tu = "TULNKID | TUSTRESC | TULOC | TUEVALID\nT1 | TARGET | LIVER | R2"
    codes = {problem.code for problem in read(tr, tu).problems}
    assert "result_without_lesion" in codes


def test_a_diameter_that_is_not_the_axis_that_counts_is_refused(read):
    tr = HEADER + "T1 | LDIAM | 40 | 40 | SCREENING | 2024-01-08\nT1 | DIAMETER | 42 | 42 | SCREENING | 2024-01-08"
    (problem,) = read(tr, "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER").problems
    assert (problem.code, problem.row, problem.found, problem.expected) == ("conflicting_results", 3, "42", "40")


def test_a_result_that_is_marked_as_not_done_is_refused(read):
    tr = "TRLNKID | TRTESTCD | TRSTRESN | TRSTAT | VISIT | TRDTC\nT1 | LDIAM | 40 | NOT DONE | SCREENING | 2024-01-08"
    (problem,) = read(tr, "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER").problems
    assert (problem.code, problem.row) == ("not_done_with_result", 2)
