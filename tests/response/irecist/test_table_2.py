"""Time point responses against Table 2 of Seymour et al., Lancet Oncol 2017; 18: e143-e152."""

import csv
from itertools import product
from pathlib import Path

import pytest

from recist.criteria.codes import ImmuneResponse, NewDisease, NonTargetResponse, SinceIUPD, TargetResponse
from recist.criteria.immune_table import compile_immune_table, find_immune_faults
from recist.criteria.irecist import IRECIST, TIME_POINT

FACTS = Path(__file__).parent / "facts"
TABLE = compile_immune_table(TIME_POINT)


def read_facts(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def look_up(target: str, non_target: str, new: str, since: SinceIUPD) -> str:
    place = (
        list(TargetResponse).index(TargetResponse(target)),
        list(NonTargetResponse).index(NonTargetResponse(non_target)),
        list(NewDisease).index(NewDisease(new)),
        list(SinceIUPD).index(since),
    )
    return str(list(ImmuneResponse)[TABLE[place]])


def test_every_combination_has_one_answer() -> None:
    assert find_immune_faults(TIME_POINT) == []


def test_every_row_is_cited() -> None:
    assert all(row.citation for row in TIME_POINT)


@pytest.mark.parametrize("row", read_facts("table_2.csv"), ids=lambda row: f"row {row['row']}")
def test_the_published_rows(row: dict[str, str]) -> None:
    cases = product(row["target"].split("|"), row["non_target"].split("|"))
    for target, non_target in cases:
        if row["without_iupd"]:
            assert look_up(target, non_target, row["new_lesions"], SinceIUPD.NO_IUPD) == row["without_iupd"]
        if row["with_iupd_worse"]:
            assert look_up(target, non_target, row["new_lesions"], SinceIUPD.UNCHANGED) == row["with_iupd_unchanged"]
            assert look_up(target, non_target, row["new_lesions"], SinceIUPD.WORSE) == row["with_iupd_worse"]
        else:  # rows 1 to 4 are the same in both columns: a response ends an iUPD
            assert look_up(target, non_target, row["new_lesions"], SinceIUPD.IMPROVED) == row["without_iupd"]


# Each row of the table as lesions: sizes in mm at baseline, at the visit of the iUPD and at the next.
WITHOUT_IUPD = [
    ("row 1", {"T1": [50, 0], "NT1": ["present", "absent"]}, "iCR"),
    ("row 2", {"T1": [50, 0], "NT1": ["present", "present"]}, "iPR"),
    ("row 3", {"T1": [50, 30], "NT1": ["present", "present"]}, "iPR"),
    ("row 4", {"T1": [50, 50], "NT1": ["present", "present"]}, "iSD"),
    ("row 6 iSD", {"T1": [50, 50], "NT1": ["present", "unequivocal_pd"]}, "iUPD"),
    ("row 6 iPR", {"T1": [50, 30], "NT1": ["present", "unequivocal_pd"]}, "iUPD"),
    ("row 6 iCR", {"T1": [50, 0], "NT1": ["present", "unequivocal_pd"]}, "iUPD"),
    ("row 7 non-target present", {"T1": [50, 70], "NT1": ["present", "present"]}, "iUPD"),
    ("row 7 non-target gone", {"T1": [50, 70], "NT1": ["present", "absent"]}, "iUPD"),
    ("row 8", {"T1": [50, 70], "NT1": ["present", "unequivocal_pd"]}, "iUPD"),
    ("row 9", {"T1": [50, 70], "NT1": ["present", "unequivocal_pd"], "N1": [None, 12]}, "iUPD"),
    ("row 10", {"T1": [50, 50], "NT1": ["present", "present"], "N1": [None, 12]}, "iUPD"),
]


@pytest.mark.parametrize(("row", "lesions", "expected"), WITHOUT_IUPD, ids=[case[0] for case in WITHOUT_IUPD])
def test_a_time_point_without_a_previous_iupd(words, row, lesions, expected) -> None:
    assert words(lesions) == [expected]


PRESENT, PD = "present", "unequivocal_pd"
WITH_IUPD = [
    ("row 1", {"T1": [50, 70, 0], "NT1": [PRESENT, PRESENT, "absent"]}, "iCR"),
    ("row 2", {"T1": [50, 70, 0], "NT1": [PRESENT] * 3}, "iPR"),
    ("row 3", {"T1": [50, 70, 30], "NT1": [PRESENT] * 3}, "iPR"),
    ("row 4", {"T1": [50, 70, 50], "NT1": [PRESENT] * 3}, "iSD"),
    ("row 5 the new lesion unchanged", {"T1": [50, 50, 50], "N1": [None, 12, 12]}, "iUPD"),
    ("row 5 a new target 4.9 mm larger", {"T1": [50, 50, 50], "N1": [None, 12, 16.9]}, "iUPD"),
    ("row 5 a new target 5 mm larger", {"T1": [50, 50, 50], "N1": [None, 12, 17]}, "iCPD"),
    ("row 5 a new non-target any larger", {"T1": [50, 50, 50], "N1": [None, 8, 8.1]}, "iCPD"),
    ("row 5 a new non-target called larger", {"T1": [50, 50, 50], "N1": [None, "unequivocal", "increased"]}, "iCPD"),
    ("row 5 one more", {"T1": [50, 50, 50], "N1": [None, 12, 12], "N2": [None, None, 12]}, "iCPD"),
    ("row 5 beside a target iUPD, unchanged", {"T1": [50, 70, 70], "N1": [None, 12, 12]}, "iUPD"),
    ("row 5 beside a target iUPD, larger", {"T1": [50, 70, 70], "N1": [None, 12, 17]}, "iCPD"),
    ("row 6 unchanged", {"T1": [50, 50, 50], "NT1": [PRESENT, PD, PD]}, "iUPD"),
    ("row 6 larger", {"T1": [50, 50, 50], "NT1": [PRESENT, PD, "increased"]}, "iCPD"),
    ("row 6 iPR, larger", {"T1": [50, 30, 30], "NT1": [PRESENT, PD, "increased"]}, "iCPD"),
    ("row 6 another one progresses", {"T1": [50] * 3, "NT1": [PRESENT, PD, PD], "NT2": [PRESENT] * 2 + [PD]}, "iCPD"),
    ("row 7 4.99 mm more", {"T1": [50, 70, 74.99], "NT1": [PRESENT] * 3}, "iUPD"),
    ("row 7 5 mm more", {"T1": [50, 70, 75], "NT1": [PRESENT] * 3}, "iCPD"),
    ("row 7 non-target gone, 5 mm more", {"T1": [50, 70, 75], "NT1": [PRESENT, "absent", "absent"]}, "iCPD"),
    ("row 8 unchanged", {"T1": [50, 70, 70], "NT1": [PRESENT, PD, PD]}, "iUPD"),
    ("row 8 the targets larger", {"T1": [50, 70, 75], "NT1": [PRESENT, PD, PD]}, "iCPD"),
    ("row 8 the non-target larger", {"T1": [50, 70, 70], "NT1": [PRESENT, PD, "increased"]}, "iCPD"),
    ("row 9 unchanged", {"T1": [50, 70, 70], "NT1": [PRESENT, PD, PD], "N1": [None, 12, 12]}, "iUPD"),
    ("row 9 the targets larger", {"T1": [50, 70, 75], "NT1": [PRESENT, PD, PD], "N1": [None, 12, 12]}, "iCPD"),
    (
        "row 9 the non-target larger",
        {"T1": [50, 70, 70], "NT1": [PRESENT, PD, "increased"], "N1": [None, 12, 12]},
        "iCPD",
    ),
    ("row 9 the new larger", {"T1": [50, 70, 70], "NT1": [PRESENT, PD, PD], "N1": [None, 12, 17]}, "iCPD"),
    (
        "row 9 one more new",
        {"T1": [50, 70, 70], "NT1": [PRESENT, PD, PD], "N1": [None, 12, 12], "N2": [None, None, 12]},
        "iCPD",
    ),
    ("row 10 unchanged", {"T1": [50] * 3, "NT1": [PRESENT] * 3, "N1": [None, 12, 12]}, "iUPD"),
    ("row 10 larger", {"T1": [50] * 3, "NT1": [PRESENT] * 3, "N1": [None, 12, 17]}, "iCPD"),
    ("new category: targets after a new lesion", {"T1": [50, 50, 60], "N1": [None, 12, 12]}, "iCPD"),
    ("new category: non-targets after targets", {"T1": [50, 70, 70], "NT1": [PRESENT, PRESENT, PD]}, "iCPD"),
    ("new category: a new lesion after targets", {"T1": [50, 70, 70], "N1": [None, None, 12]}, "iCPD"),
]


@pytest.mark.parametrize(("row", "lesions", "expected"), WITH_IUPD, ids=[case[0] for case in WITH_IUPD])
def test_a_time_point_with_a_previous_iupd(words, row, lesions, expected) -> None:
    assert words(lesions, days=(0, 56, 91)) == ["iUPD", expected]


def test_the_numbers_of_irecist_are_cited_limits() -> None:
    limits = IRECIST.limits()
    assert limits["confirming_increase"].hundredths == 500
    assert limits["max_new_targets"].whole == 5
    assert limits["max_new_targets_per_organ"].whole == 2
    assert (limits["early_scan"].whole, limits["early_scan_tolerance"].whole, limits["late_scan"].whole) == (28, 2, 56)
    assert all(limit.citation for limit in limits.values())
