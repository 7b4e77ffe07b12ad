"""Of several wrong rules that give the sponsor's value, which is named, and what speaks for it. Worked out by hand."""

from collections.abc import Callable

import pandas as pd
import pytest

from recist.cdisc.comparison import compare_responses
from recist.cdisc.pages import wrong_rules_markdown

HEADER = "TRLNKID | TRTESTCD | TRSTRESN | TRSTAT | VISIT | TRDTC\n"
RS = "RSTESTCD | RSSTRESC | VISIT | RSDTC\n"
WEEKS = {"SCREENING": "2024-01-08", "WEEK 8": "2024-03-08", "WEEK 16": "2024-05-08", "WEEK 24": "2024-07-08"}
Compare = Callable[..., pd.DataFrame]


def records(lesion: str, test: str, sizes: tuple[float | None, ...]) -> str:
    """Write one test of one lesion at each visit; None is not done."""
    lines = []
    for (visit, date), size in zip(WEEKS.items(), sizes, strict=False):
        value, status = ("", "NOT DONE") if size is None else (size, "")
        lines.append(f"{lesion} | {test} | {value} | {status} | {visit} | {date}\n")
    return "".join(lines)


@pytest.fixture
def compare(read, scored, rs_source) -> Compare:
    def comparing(tr: str, tu: str, responses: tuple[tuple[str, str, str], ...]) -> pd.DataFrame:
        rs = RS + "\n".join(f"{test} | {word} | {visit} | {WEEKS.get(visit, '')}" for test, visit, word in responses)
        imported = read(HEADER + tr, "TULNKID | TUSTRESC | TULOC\n" + tu, rs=rs)
        return compare_responses(rs_source(rs), imported, scored(imported)).table

    return comparing


# node 20 → 9 mm short axis, 30 → 19 mm long axis; T1 15 → 0: target CR. PR both by "sum 0" and by the long axis:
# 9 is not 0; 19 of 45 mm is 58 % less
NODE = records("LN1", "LPERP", (20, 9)) + records("LN1", "LDIAM", (30, 19)) + records("T1", "LDIAM", (15, 0))
NODE_TU = "LN1 | TARGET | AXILLARY LYMPH NODE\nT1 | TARGET | LUNG"
NODE_RS = (("TRGRESP", "WEEK 8", "PR"), ("OVRLRESP", "WEEK 8", "PR"), ("BESTRESP", "", "PR"))


def test_the_sponsors_sum_of_the_short_axis_rules_out_the_long_axis(compare: Compare) -> None:
    table = compare(NODE + records("", "SUMDIAM", (35, 9)), NODE_TU, NODE_RS)
    assert table["reason"].tolist() == ["cr_is_sum_zero", "cr_is_sum_zero", "follows_from_overall_responses"]
    assert table["other_reasons"].tolist() == ["", "", "cr_is_sum_zero"]
    assert table["evidence"][0] == "not nodes_by_long_axis: the sponsor's sum at WEEK 8 is 9 mm, not 19 mm"


def test_the_sponsors_sum_of_the_long_axis_names_it(compare: Compare) -> None:
    table = compare(NODE + records("", "SUMDIAM", (45, 19)), NODE_TU, NODE_RS)
    assert table["reason"].tolist()[:2] == ["nodes_by_long_axis"] * 2
    assert table["evidence"][0] == "not cr_is_sum_zero: the sponsor's sum at WEEK 8 is 19 mm, not 9 mm"


def test_without_sums_of_the_sponsor_the_tie_is_told_and_the_first_of_the_table_named(compare: Compare) -> None:
    table = compare(NODE, NODE_TU, NODE_RS)
    assert table["reason"].tolist()[:2] == ["cr_is_sum_zero"] * 2
    assert table["tied_reasons"].tolist()[:2] == ["nodes_by_long_axis"] * 2
    assert table["evidence"].tolist() == [""] * 3


def test_a_best_response_that_follows_from_explained_overall_responses_says_so(compare: Compare) -> None:
    # 50 + 50 → 40 + not done is NE; as 0 mm it is PR. Week 16 is 100 mm again: SD, the best that was derived
    tr = records("T1", "LDIAM", (50, 40, 50)) + records("T2", "LDIAM", (50, None, 50))
    responses = (("OVRLRESP", "WEEK 8", "PR"), ("OVRLRESP", "WEEK 16", "SD"), ("BESTRESP", "", "PR"))
    table = compare(tr, "T1 | TARGET | LIVER\nT2 | TARGET | LUNG", responses)
    assert table["derived"].tolist() == ["NE", "SD", "SD"]
    assert table["reason"].tolist() == ["missing_as_zero", "", "follows_from_overall_responses"]


def test_a_best_response_beside_overall_responses_that_agree_follows_from_none_of_them(compare: Compare) -> None:
    # 50 → 20 → 36: PR, then PD; the sponsor asks for a confirmation
    responses = (("OVRLRESP", "WEEK 8", "PR"), ("OVRLRESP", "WEEK 16", "PD"), ("BESTRESP", "", "SD"))
    table = compare(records("T1", "LDIAM", (50, 20, 36)), "T1 | TARGET | LIVER", responses)
    assert table["reason"].tolist() == ["", "", "confirmation_required"]


def test_ignored_non_targets_are_not_offered_where_there_are_none(compare: Compare) -> None:
    # a lesion equivocal at week 8 and certain at week 16 makes week 8 PD; the targets alone are SD there
    tr = records("T1", "LDIAM", (50, 50, 50)) + (
        "X1 | TUMSTATE | EQUIVOCAL | | WEEK 8 | 2024-03-08\nX1 | TUMSTATE | UNEQUIVOCAL | | WEEK 16 | 2024-05-08"
    )
    table = compare(tr, "T1 | TARGET | LIVER\nX1 | NEW | LUNG", (("OVRLRESP", "WEEK 8", "SD"),))
    assert table["derived"][0] == "PD"
    assert "non_target_ignored" not in (table["reason"][0], *table["other_reasons"][0].split("; "))


def test_exactly_at_the_limit_the_float_is_named_before_the_baseline_and_the_tie_told(compare: Compare) -> None:
    # 60 → 37 → 44.4 mm: exactly 20 % and 7.4 mm above the nadir, PD; in floats 19.999999999999996 %; 26 % below 60
    responses = (("TRGRESP", "WEEK 8", "PR"), ("TRGRESP", "WEEK 16", "SD"))
    row = compare(records("T1", "LDIAM", (60, 37, 44.4)), "T1 | TARGET | LIVER", responses).iloc[1]
    assert (row["derived"], row["reason"]) == ("PD", "float_boundary")
    assert row["tied_reasons"].split("; ")[:2] == ["limit_excluded", "pd_from_baseline"]


def test_where_another_visit_shows_it_the_baseline_is_named_before_the_float(compare: Compare) -> None:
    # 55 mm at week 24 is 49 % above 37, PD; 8 % below 60, SD: only the baseline as reference gives both
    responses = (("TRGRESP", "WEEK 8", "PR"), ("TRGRESP", "WEEK 16", "SD"), ("TRGRESP", "WEEK 24", "SD"))
    table = compare(records("T1", "LDIAM", (60, 37, 44.4, 55)), "T1 | TARGET | LIVER", responses)
    assert table["reason"].tolist() == ["", "pd_from_baseline", "pd_from_baseline"]
    assert table["tied_reasons"].tolist() == ["", "", ""]


def test_the_number_of_a_visit_without_a_name_is_called_one_and_the_best_response_has_no_visit(
    read, scored, rs_source
) -> None:
    rs = "RSTESTCD | RSSTRESC | VISITNUM | RSDTC\nOVRLRESP | SD | 2 | 2024-03-08\nBESTRESP | SD | 99 |"
    tr = "TRLNKID | TRTESTCD | TRSTRESN | VISITNUM | TRDTC\nT1 | LDIAM | 50 | 1 | 2024-01-08\n"
    imported = read(tr + "T1 | LDIAM | 50 | 2 | 2024-03-08", "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER", rs=rs)
    table = compare_responses(rs_source(rs), imported, scored(imported)).table
    assert table["visit"].tolist() == ["visit 2", ""]


def test_every_reason_stands_once_in_the_table_of_the_documentation() -> None:
    lines = wrong_rules_markdown().strip().splitlines()[2:]
    codes = [line.split("|")[1].strip() for line in lines]
    assert len(codes) == len(set(codes))
    assert {"`float_boundary`", "`follows_from_overall_responses`", "`unexplained`"} <= set(codes)
