"""Two readers of the same small study, every difference between them put there by hand."""

import pandas as pd
import pytest

from recist.agreement import Agreement, agree
from recist.errors import DataError
from recist.response import score

DATES = {"baseline": "2020-01-01", "week-8": "2020-02-26", "week-16": "2020-04-22"}


def rows(reader: str, subject: str, lesions: dict[str, list[str]]) -> list[dict[str, str]]:
    """Lesions by name with what was recorded at each visit: a size, or a state."""
    roles = {"T": "target", "X": "non_target", "N": "new"}
    return [
        {
            "subject": subject,
            "reader": reader,
            "timepoint": visit,
            "date": DATES[visit],
            "lesion": name,
            "role": roles[name[0]],
            "site": "liver",
            "state": "measured" if entry[0].isdigit() else entry,
            "diameter_mm": entry if entry[0].isdigit() else "",
        }
        for name, entries in lesions.items()
        for visit, entry in zip(DATES, entries, strict=False)
        if entry
    ]


READS = [
    # S1: both SD then PR; the sizes differ a little
    *rows("anna", "S1", {"T1": ["100", "90", "60"]}),
    *rows("bert", "S1", {"T1": ["102", "90", "64"]}),
    # S2: the same target, SD by one and PD by the other at week 8: measurement
    *rows("anna", "S2", {"T1": ["50", "55", "55"]}),
    *rows("bert", "S2", {"T1": ["50", "61", "61"]}),
    # S3: other targets, PR by one and SD by the other at week 8: target choice
    *rows("anna", "S3", {"T1": ["40", "20", "20"]}),
    *rows("bert", "S3", {"T2": ["30", "29", "29"]}),
    # S4: only bert sees a new lesion at week 8
    *rows("anna", "S4", {"T1": ["40", "40", "40"]}),
    *rows("bert", "S4", {"T1": ["40", "40", "40"], "N1": ["", "unequivocal", "unequivocal"]}),
    # S5: non-target progression by anna at week 8, by bert at week 16: both progress, on different dates
    *rows("anna", "S5", {"T1": ["40", "40", "40"], "X1": ["present", "unequivocal_pd", "unequivocal_pd"]}),
    *rows("bert", "S5", {"T1": ["40", "40", "40"], "X1": ["present", "present", "unequivocal_pd"]}),
    # S6: bert could not evaluate the target at week 8
    *rows("anna", "S6", {"T1": ["40", "40", "40"]}),
    *rows("bert", "S6", {"T1": ["40", "not_evaluable", "40"]}),
    # S7: read by anna alone
    *rows("anna", "S7", {"T1": ["40", "40", "40"]}),
]


@pytest.fixture(scope="module")
def found() -> Agreement:
    return agree(score(pd.DataFrame(READS)))


def test_every_differing_time_point_is_listed_with_the_part_that_differs(found: Agreement) -> None:
    listed = found.discordances.set_index(["subject", "timepoint"])["types"].to_dict()
    assert listed == {
        ("S2", "week-8"): "measurement",
        ("S3", "week-8"): "target_choice",
        ("S3", "week-16"): "target_choice",
        ("S4", "week-8"): "new_lesion",
        ("S5", "week-8"): "non_target",
        ("S6", "week-8"): "evaluability",
    }


def test_subjects_are_adjudicated_for_best_response_and_for_progression(found: Agreement) -> None:
    triggers = found.subjects.set_index("subject")["triggers"].to_dict()
    assert triggers == {
        "S1": "",
        "S2": "best_response|progression",
        "S3": "best_response",
        "S4": "best_response|progression",
        "S5": "best_response|progression_date",
        "S6": "",
    }
    assert (found.n_adjudicated, found.n_subjects) == (4, 6)


def test_time_points_after_one_reader_saw_progression_are_not_compared(found: Agreement) -> None:
    overall = found.categories.query("what == 'overall response' and weights == 'none'").iloc[0]
    # S1 2, S2 1, S3 2, S4 1, S5 1, S6 2; week 16 of S2, S4 and S5 comes after progression by one of the two
    assert overall["n"] == 9
    assert overall["n_subjects"] == 6
    assert overall["agreement"] == pytest.approx(3 / 9)
    assert found.uncompared_visits == 3


def test_diameters_of_lesions_of_the_same_name_are_compared(found: Agreement) -> None:
    sizes = found.sizes.set_index("what")
    # up to progression by either: S1 3, S2 2, S4 2, S5 2, S6 2 of T1; T1 and T2 of S3 are different lesions
    assert sizes.loc["diameter, mm", "n"] == 11
    # 2 + 0 + 4 in S1, 0 + 6 in S2
    assert sizes.loc["diameter, mm", "bias"] == pytest.approx(12 / 11)
    # baseline sums: 2, 0, -10, 0, 0, 0
    assert sizes.loc["baseline sum, mm", "bias"] == pytest.approx(-8 / 6)


def test_weighted_kappa_leaves_out_what_has_no_rank(found: Agreement) -> None:
    overall = found.categories.query("what == 'overall response'").set_index("weights")
    assert overall.loc["linear", "n"] == 8  # without the one NE


def test_three_readers_are_compared_two_by_two() -> None:
    third = [{**row, "reader": "carl"} for row in READS if row["reader"] == "anna"]
    found = agree(score(pd.DataFrame(READS + third)))
    pairs = found.categories[["reader_a", "reader_b"]].drop_duplicates().to_numpy().tolist()
    assert pairs == [["anna", "bert"], ["anna", "carl"], ["bert", "carl"]]
    same = found.categories.query("reader_a == 'anna' and reader_b == 'carl' and what == 'overall response'")
    assert same["kappa"].tolist() == [1, 1, 1]


def test_a_single_reader_is_refused_with_what_to_do() -> None:
    with pytest.raises(DataError, match="no two readers read the same subject"):
        agree(score(pd.DataFrame([row for row in READS if row["reader"] == "anna"])))
