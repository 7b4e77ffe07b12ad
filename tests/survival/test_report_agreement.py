"""Agreement on the page: readers against each other and images against reports, by hand arithmetic."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from survival.reporting.agreement.pairs import pair_readers, pair_sources
from survival.reporting.agreement.section import agreement_section
from survival.results import ResultTable, Section

WORDS_A = ["PR", "PR", "SD", "SD", "SD", "PD", "PD", "PD", "CR", "SD"]
WORDS_B = ["PR", "SD", "SD", "SD", "PD", "PD", "PD", "PD", "CR", "PR"]


def _reads(words: list[str], reader: str, source: str, *, days: int = 90) -> pd.DataFrame:
    n = len(words)
    sums = [50.0 + 10 * place for place in range(n)]
    return pd.DataFrame(
        {
            "subject": [f"S{place}" for place in range(n)],
            "reader": reader,
            "source": source,
            "timepoint": "followup-1",
            "days": float(days),
            "baseline_sum_mm": 100.0,
            "sum_mm": [value + (2.0 if reader == "B" else 0.0) for value in sums],
            "sum_complete": "true",
            "overall_response": words,
            "used": "true" if reader != "B" else "false",
        }
    )


def _section(reads: pd.DataFrame | None) -> Section:
    study: Any = SimpleNamespace(cohort=SimpleNamespace(reads=reads))
    return agreement_section(study)


@pytest.fixture(scope="module")
def section() -> Section:
    return _section(pd.concat([_reads(WORDS_A, "A", "image"), _reads(WORDS_B, "B", "image")], ignore_index=True))


def _named(section: Section, name: str) -> ResultTable:
    return next(item for item in section.items if isinstance(item, ResultTable) and item.name == name)


def test_kappa_of_two_readers_is_that_of_the_margins(section: Section) -> None:
    # 7 of 10 agree. Margins, CR PR SD PD: A 1 2 4 3, B 1 2 3 4: expected (1 + 4 + 12 + 12) / 100 = 0.29
    row = _named(section, "agreement_categories").numbers.loc["A__B.none"]

    assert row["agreement"] == pytest.approx(0.7)
    assert row["kappa"] == pytest.approx((0.7 - 0.29) / (1 - 0.29))


def test_a_constant_difference_of_2_mm_is_a_bias_of_2_mm_without_spread(section: Section) -> None:
    row = _named(section, "agreement_sums").numbers.loc["A__B"]

    assert row["bias"] == pytest.approx(2.0)
    assert (row["lower_limit"], row["upper_limit"]) == (pytest.approx(2.0), pytest.approx(2.0))


def test_the_crosstab_counts_every_scan_once(section: Section) -> None:
    table = _named(section, "agreement_a__b")

    assert int(table.numbers.to_numpy().sum()) == 10
    assert table.numbers.loc["PR", "B: SD"] == 1


def test_reads_after_a_first_progression_are_not_compared() -> None:
    early = pd.concat([_reads(["PD", "SD"], name, "image") for name in ("A", "B")])
    late = pd.concat([_reads(["SD", "SD"], name, "image", days=200) for name in ("A", "B")]).assign(
        timepoint="followup-2"
    )

    (pair,) = pair_readers(pd.concat([early, late], ignore_index=True))

    assert sorted(pair.rows["subject"]) == ["S0", "S1", "S1"]


def test_a_report_belongs_to_the_scan_within_14_days_of_it() -> None:
    images = _reads(["PR", "SD", "PD"], "A", "image", days=90)
    near, far = _reads(["PR", "PD"], "", "report", days=104), _reads(["SD"], "", "report", days=105)

    pair = pair_sources(pd.concat([images, near], ignore_index=True))

    assert pair is not None
    assert pair.both("overall_response")[["a", "b"]].to_numpy().tolist() == [["PR", "PR"], ["SD", "PD"]]
    assert pair_sources(pd.concat([images, far], ignore_index=True)) is None


def test_without_two_readers_the_report_says_so_and_shows_nothing() -> None:
    one = _section(_reads(WORDS_A, "A", "image"))

    assert one.items == ()
    assert any("at least two readers" in sentence for sentence in one.left_out)
    assert any("recist link" in sentence for sentence in _section(None).left_out)
