"""Lesions that split and lesions that merge, as TU records them."""

import pytest

TR = "TRLNKID | TRTESTCD | TRSTRESN | TRSTAT | VISIT | TRDTC\n"


@pytest.mark.parametrize(
    "tu",
    [
        (
            "TULNKID | TUTESTCD | TUSTRESC | TULOC | TUGRPID\nT4 | TUMIDENT | TARGET | SKIN | \n"
            "T4.1 | TUSPLIT | TARGET | SKIN | T4\nT4.2 | TUSPLIT | TARGET | SKIN | T4"
        ),
        (
            "TULNKID | TUTESTCD | TUSTRESC | TULOC | TUREFID\nT4 | TUMIDENT | TARGET | SKIN | \n"
            "X | TUSPLIT | TARGET | SKIN | T4\nY | TUSPLIT | TARGET | SKIN | T4"
        ),
        (
            "TULNKID | TUTESTCD | TUSTRESC | TULOC\nT4 | TUMIDENT | TARGET | SKIN\n"
            "T4-A | TUSPLIT | TARGET | SKIN\nT4-B | TUSPLIT | TARGET | SKIN"
        ),
    ],
    ids=["by group", "by reference", "by name"],
)
def test_the_parts_of_a_split_lesion_add_up_for_the_lesion(read, scored, tu):
    names = [line.split("|")[0].strip() for line in tu.splitlines()[2:]]
    tr = TR + (
        "T4 | LDIAM | 40 | | SCREENING | 2024-01-08\n"
        f"{names[0]} | LDIAM | 15 | | WEEK 8 | 2024-03-08\n{names[1]} | LDIAM | 12 | | WEEK 8 | 2024-03-08"
    )
    imported = read(tr, tu)
    parts = imported.measurements[imported.measurements["timepoint"] == "WEEK 8"]
    assert parts["lesion"].tolist() == ["T4", "T4"]
    assert parts["part"].nunique() == 2
    response = scored(imported).responses.iloc[0]
    assert (response["sum_mm"], response["target_response"]) == (27.0, "PR")  # 15 + 12 is 32.5 % less than 40


def test_the_lesion_itself_not_done_where_its_parts_are_measured_leaves_no_gap(read, scored):
    tu = (
        "TULNKID | TUTESTCD | TUSTRESC | TULOC | TUGRPID\nT4 | TUMIDENT | TARGET | SKIN | \n"
        "T4.1 | TUSPLIT | TARGET | SKIN | T4"
    )
    tr = TR + (
        "T4 | LDIAM | 40 | | SCREENING | 2024-01-08\nT4 | LDIAM | | NOT DONE | WEEK 8 | \n"
        "T4.1 | LDIAM | 40 | | WEEK 8 | 2024-03-08"
    )
    imported = read(tr, tu)
    assert imported.not_used()["reason"].tolist() == ["the lesion was split: its parts stand for it at this visit"]
    assert scored(imported).responses["target_response"].tolist() == ["SD"]


@pytest.mark.parametrize(("link", "group"), [("T1/T2", ""), ("M1", "T1/T2"), ("M1", "T1;T2"), ("T1+T2", "")])
def test_the_value_of_a_mass_covers_the_lesions_that_merged(read, scored, link, group):
    tu = (
        "TULNKID | TUTESTCD | TUSTRESC | TULOC | TUGRPID\nT1 | TUMIDENT | TARGET | LIVER | \n"
        f"T2 | TUMIDENT | TARGET | LIVER | \n{link} | TUMERGE | TARGET | LIVER | {group}"
    )
    tr = TR + (
        "T1 | LDIAM | 30 | | SCREENING | 2024-01-08\nT2 | LDIAM | 20 | | SCREENING | 2024-01-08\n"
        f"{link} | LDIAM | 45 | | WEEK 8 | 2024-03-08"
    )
    imported = read(tr, tu)
    mass = imported.measurements.iloc[-1]
    assert (mass["lesion"], mass["covers"]) == ("T1", "T2")
    response = scored(imported).responses.iloc[0]
    assert (response["sum_mm"], bool(response["sum_complete"])) == (45.0, True)


def test_a_part_of_a_lesion_that_nobody_identified_is_refused(read):
    tu = "TULNKID | TUTESTCD | TUSTRESC | TULOC\nT1 | TUMIDENT | TARGET | SKIN\nX.1 | TUSPLIT | TARGET | SKIN"
    imported = read(TR + "T1 | LDIAM | 40 | | SCREENING | 2024-01-08", tu)
    (problem,) = imported.problems
    assert (problem.file, problem.row, problem.field) == ("tu.csv", 3, "TUGRPID")


def test_a_lesion_called_target_once_and_non_target_once_is_refused(read):
    tu = "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER\nT1 | NON-TARGET | LIVER"
    imported = read(TR + "T1 | LDIAM | 40 | | SCREENING | 2024-01-08", tu)
    assert [problem.row for problem in imported.problems] == [3]
