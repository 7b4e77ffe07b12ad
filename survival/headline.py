"""The headline rows: what a response paper says in its abstract, recomputed as published and as it should be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from survival.words.comparison import (
    NOT_GIVEN,
    say_difference_and_p,
    say_hazard_and_p,
)
from survival.words.wording import lower_first

if TYPE_CHECKING:
    from survival.compare import Comparison
    from survival.published import PublishedStudy
    from survival.rates import Rate
    from survival.responses import Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineRow:
    """One row of the headline table.

    Attributes
    ----------
    key : str
        Shared with the published rows.
    label : str
    from_index, landmark, own_entry : str
        The three printed columns.
    numbers : dict
        Everything behind them, by ``column_name``.
    """

    key: str
    label: str
    from_index: str
    landmark: str = NOT_GIVEN
    own_entry: str = NOT_GIVEN
    numbers: dict[str, Any] = field(default_factory=dict)


def rate_row(key: str, label: str, share: Rate, text: str) -> HeadlineRow:
    """Make a row of a response rate: it needs no landmark."""
    numbers = {
        "from_index_value": 100 * share.rate,
        "from_index_lower": 100 * share.lower,
        "from_index_upper": 100 * share.upper,
        "unit": "percent",
        "count": share.count,
        "denominator": share.n,
    }
    return HeadlineRow(key=key, label=label, from_index=f"{text}\n{share.count} of {share.n}", numbers=numbers)


def median_row(key: str, label: str, record: dict[str, Any], text: str) -> HeadlineRow:
    """Make a row of a median in months."""
    numbers = {
        "from_index_value": record["median_months"],
        "from_index_lower": record["median_lower_months"],
        "from_index_upper": record["median_upper_months"],
        "unit": "months",
        "n": record["n"],
        "events": record["events"],
    }
    return HeadlineRow(key=key, label=label, from_index=text, numbers=numbers)


def gain_row(domain: Domain, *, from_index: Comparison, landmark: Comparison, own_entry: Comparison) -> HeadlineRow:
    """Make a row of a gain in median survival by response."""
    return HeadlineRow(
        key=domain.key,
        label=f"Gain: {lower_first(domain.contrast_name)}",
        from_index=say_difference_and_p(from_index.numbers),
        landmark=say_difference_and_p(landmark.numbers),
        own_entry=say_hazard_and_p(own_entry.numbers),
        numbers={
            **difference_numbers("from_index", from_index.numbers),
            **difference_numbers("landmark", landmark.numbers),
            **hazard_numbers("own_entry", own_entry.numbers),
            "unit": "months",
        },
    )


def difference_numbers(column: str, numbers: dict[str, Any]) -> dict[str, Any]:
    """Take the difference of medians and its company, named by column."""
    names = {
        "value": "difference_months",
        "lower": "difference_lower_months",
        "upper": "difference_upper_months",
        "log_rank_p_value": "log_rank_p_value",
        "replicates_without_median": "replicates_without_median",
        "n_good": "good_n",
        "n_bad": "bad_n",
    }
    return {f"{column}_{name}": numbers.get(source, float("nan")) for name, source in names.items()}


def hazard_numbers(column: str, numbers: dict[str, Any]) -> dict[str, Any]:
    """Take a hazard ratio and its company, named by column."""
    names = ("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper", "hazard_ratio_p_value")
    return {f"{column}_{name}": numbers.get(name, float("nan")) for name in names}


def join_published(
    rows: tuple[HeadlineRow, ...], study: PublishedStudy
) -> list[tuple[HeadlineRow, str, dict[str, Any]]]:
    """Set each row beside what was published for it: the words, and the numbers with it added."""
    published = {row.row: row for row in study.rows}
    joined = []
    for row in rows:
        entry = published.get(row.key)
        numbers = dict(row.numbers)
        if entry is not None:
            numbers |= {"published_value": entry.value, "published_unit": entry.unit}
        joined.append((row, entry.says if entry else NOT_GIVEN, numbers))
    return joined
