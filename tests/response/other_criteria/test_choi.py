"""Choi (J Clin Oncol 2007; 25: 1753-1759) and modified Choi (Nathan, Cancer Biol Ther 2010; 9: 15-19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from recist.response import score

if TYPE_CHECKING:
    from collections.abc import Callable

CHOI, MODIFIED = "choi", "modified-choi"


def lesion(size_mm: float, hu: float) -> dict[str, object]:
    return {"diameter_mm": size_mm, "mean_hu": hu}


BASELINE = lesion(100, 100)


@pytest.mark.parametrize(
    ("size_mm", "hu", "choi", "modified"),
    [
        (105, 85, "PR", "SD"),  # -15 % HU exactly, +5 % size
        (105, 85.01, "SD", "SD"),
        (110, 84, "PR", "SD"),  # +10 % size, and PR by attenuation
        (110, 86, "PD", "PD"),  # +10 % size, and not PR by attenuation
        (109.99, 100, "SD", "SD"),
        (90, 100, "PR", "SD"),  # -10 % size exactly
        (90.01, 100, "SD", "SD"),
        (90, 85, "PR", "PR"),
        (90.01, 85, "PR", "SD"),
        (90, 85.01, "PR", "SD"),
    ],
)
def test_size_and_attenuation_decide(
    overall: Callable[..., list[str]], size_mm: float, hu: float, choi: str, modified: str
) -> None:
    course = {"T1": [BASELINE, lesion(size_mm, hu)]}
    assert overall(CHOI, course) == [choi]
    assert overall(MODIFIED, course) == [modified]


def test_a_decrease_of_exactly_15_percent_counts_whatever_the_decimals(overall: Callable[..., list[str]]) -> None:
    assert overall(CHOI, {"T1": [lesion(50, 14), lesion(50, 11.9)]}) == ["PR"]
    assert overall(CHOI, {"T1": [lesion(50, 14), lesion(50, 11.91)]}) == ["SD"]


def test_the_mean_over_the_lesions_decides(overall: Callable[..., list[str]]) -> None:
    first = {"T1": [lesion(50, 100)], "T2": [lesion(50, 50)]}  # mean 75; 63.75 is -15 %
    assert overall(CHOI, {"T1": [*first["T1"], lesion(50, 80)], "T2": [*first["T2"], lesion(50, 47.5)]}) == ["PR"]
    assert overall(CHOI, {"T1": [*first["T1"], lesion(50, 80)], "T2": [*first["T2"], lesion(50, 47.6)]}) == ["SD"]


def test_growth_counts_from_the_nadir(overall: Callable[..., list[str]]) -> None:
    assert overall(CHOI, {"T1": [BASELINE, lesion(70, 100), lesion(76.99, 100)]}) == ["PR", "PR"]
    assert overall(CHOI, {"T1": [BASELINE, lesion(70, 100), lesion(77, 100)]}) == ["PR", "PD"]


def test_all_lesions_gone_is_complete_response(overall: Callable[..., list[str]]) -> None:
    course = {"T1": [BASELINE, "absent"], "B1": ["present", "absent"]}
    assert overall(CHOI, course) == ["CR"]
    assert overall(CHOI, course | {"B1": ["present", "present"]}) == ["PR"]


def test_a_new_lesion_or_progression_elsewhere_outweighs_the_attenuation(overall: Callable[..., list[str]]) -> None:
    answer = {"T1": [BASELINE, lesion(90, 50)]}
    assert overall(CHOI, answer | {"N1": [None, "unequivocal"]}) == ["PD"]
    assert overall(CHOI, answer | {"B1": ["present", "unequivocal_pd"]}) == ["PD"]


class TestMissingAttenuation:
    def test_where_it_would_decide_the_visit_is_not_evaluable(
        self, overall: Callable[..., list[str]], codes: Callable[..., set[str]]
    ) -> None:
        assert overall(CHOI, {"T1": [BASELINE, 100, 110]}) == ["NE", "NE"]
        assert overall(MODIFIED, {"T1": [BASELINE, 90]}) == ["NE"]
        assert "attenuation_not_known" in codes(CHOI, {"T1": [BASELINE, 100]})

    def test_where_size_alone_decides_it_is_not_needed(self, overall: Callable[..., list[str]]) -> None:
        assert overall(CHOI, {"T1": [BASELINE, 90]}) == ["PR"]
        assert overall(MODIFIED, {"T1": [BASELINE, 95]}) == ["SD"]

    def test_by_option_size_alone_decides(self, overall: Callable[..., list[str]]) -> None:
        size_only = {"missing_attenuation": "size_only"}
        assert overall(CHOI, {"T1": [BASELINE, 100, 110]}, options=size_only) == ["SD", "PD"]

    def test_of_one_of_two_lesions_it_is_missing_for_both(self, overall: Callable[..., list[str]]) -> None:
        assert overall(CHOI, {"T1": [BASELINE, lesion(100, 50)], "T2": [BASELINE, 100]}) == ["NE"]

    def test_a_lesion_that_never_had_one_is_left_out_and_reported(
        self, overall: Callable[..., list[str]], codes: Callable[..., set[str]]
    ) -> None:
        course = {"T1": [BASELINE, lesion(100, 85)], "T2": [100, 100]}
        assert overall(CHOI, course) == ["PR"]
        assert "attenuation_not_given" in codes(CHOI, course)

    def test_a_lesion_that_is_gone_is_left_out_of_both_means(self, overall: Callable[..., list[str]]) -> None:
        dense = [lesion(9, 100), "absent"]  # with it the mean would fall from 75 to 43
        assert overall(CHOI, {"T1": dense, "T2": [lesion(91, 50), lesion(91, 42.5)]}) == ["PR"]
        assert overall(CHOI, {"T1": dense, "T2": [lesion(91, 50), lesion(91, 43)]}) == ["SD"]


def test_a_baseline_that_is_not_above_zero_gives_no_response_by_attenuation(
    overall: Callable[..., list[str]], codes: Callable[..., set[str]]
) -> None:
    for hu in (0, -20):
        course = {"T1": [lesion(100, hu), lesion(100, -80), lesion(110, -80)]}
        assert overall(CHOI, course) == ["SD", "PD"]
        assert "attenuation_not_usable" in codes(CHOI, course)


def test_the_parts_of_a_split_lesion_are_averaged() -> None:
    rows = [
        ("baseline", "2020-01-01", "", 100, 100),
        ("later", "2020-03-01", "a", 50, 80),
        ("later", "2020-03-01", "b", 50, 90),
    ]
    table = pd.DataFrame(rows, columns=["timepoint", "date", "part", "diameter_mm", "mean_hu"])
    table = table.assign(subject="S1", lesion="T1", role="target", state="measured")
    assert score(table, criteria=CHOI).responses["overall_response"].tolist() == ["PR"]  # mean 85


def test_a_merged_mass_gives_its_attenuation_to_all_it_covers(overall: Callable[..., list[str]]) -> None:
    mass = lesion(100, 85) | {"covers": "T2"}
    assert overall(CHOI, {"T1": [lesion(50, 100), mass], "T2": [lesion(50, 100), None]}) == ["PR"]


def test_the_means_stand_beside_the_response(measured: Callable[..., object]) -> None:
    row = measured(CHOI, {"T1": [BASELINE, lesion(105, 85)]}).responses.iloc[0]  # type: ignore[attr-defined]  # a Scored
    names = ("attenuation_hu", "baseline_attenuation_hu", "change_in_attenuation_pct")
    assert tuple(row[name] for name in names) == (85, 100, -15)
    assert row["reasons"] == "target_pr|attenuation_response"
    plain = measured("recist-1.1", {"T1": [BASELINE, lesion(105, 85)]}).responses  # type: ignore[attr-defined]  # a Scored
    assert not set(names) & set(plain.columns)
