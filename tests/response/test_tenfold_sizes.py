"""A size given in centimetres among sizes in millimetres is reported, and nothing that grows or shrinks is."""

import pytest


@pytest.mark.parametrize(
    ("sizes", "row"),
    [
        ([50, 5.1, 51], 3),  # 50 is 9.8 times 5.1
        ([50, 48, 4.7, 46], 4),
        ([50, 480, 46], 3),
        ([50, 45, "not_evaluable", 4.4, 43], 5),  # the visits with a size are compared
        ([50, 4, 48], None),  # 12.5 times: no slip of the decimal point
        ([50, 7, 50], None),  # 7.1 times
        ([50, 5, 5], None),  # a response
        ([50, 5], None),
        ([5, 50, 51], None),
        ([50, "absent", 50], None),
    ],
)
def test_only_a_tenth_or_tenfold_of_both_neighbours_is_reported(sizes, row, scored) -> None:
    problems = scored({"T1": sizes, "T2": [30] * len(sizes)}).problems
    assert problems.query("code == 'tenfold_size'")["row"].tolist() == ([] if row is None else [row])


def test_lesions_are_not_compared_with_each_other(scored) -> None:
    problems = scored({"T1": [50, 50], "T2": [5, 5], "T3": [50, 50]}).problems
    assert "tenfold_size" not in set(problems["code"])
