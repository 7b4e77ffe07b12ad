"""The example on the page about iRECIST."""

from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "irecist.md"
DAYS = (0, 56, 91, 126, 182, 238, 273)
LESIONS = {
    "T1": [80, 60, 60, 45, 45, 58, 63],
    "N1": [None, 14, 15, 15, 15, 15, 15],
    "N2": [None, None, None, None, None, 12, 12],
}


def read_example() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").split("## An example")[1].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| week")]


def test_the_example_on_the_page_is_what_the_program_says(immune) -> None:
    result = immune(LESIONS, days=DAYS)
    table = result.responses
    rows = read_example()
    assert [row[0] for row in rows] == table["timepoint"].tolist()
    assert [row[1] for row in rows] == [str(day) for day in DAYS[1:]]
    assert [float(row[2]) for row in rows] == table["sum_mm"].tolist()
    assert [sum(float(size) for size in row[3].split(",")) for row in rows] == table["new_lesion_sum_mm"].tolist()
    assert [row[4] for row in rows] == table["overall_response_recist_1_1"].tolist()
    assert [row[5] for row in rows] == table["overall_response"].tolist()
    best = result.best_responses.iloc[0]
    assert (best["best_response"], best["best_response_recist_1_1"]) == ("iPR", "PD")
    assert str(best["progression_date"].date()) == "2020-08-26"  # week 34
    assert str(best["progression_date_recist_1_1"].date()) == "2020-02-26"  # week 8


def test_the_page_names_every_reason_code_and_every_word() -> None:
    from recist.criteria.codes import ImmuneResponse
    from recist.response.irecist.reason_codes import _CONFIRMS, _STARTS

    page = PAGE.read_text(encoding="utf-8")
    assert [code for code in (*_STARTS, *_CONFIRMS, *ImmuneResponse) if f"`{code}`" not in page] == []
