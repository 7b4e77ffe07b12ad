"""Table 1: the cohort at the index date, overall and by a split, with what is missing and how much the sides differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survival.covariates import Kind
from survival.results import ResultTable, RowKind, ShownRow
from survival.words.wording import say_count, say_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from survival.covariates import Covariate

OVERALL = "overall"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Sides of the cohort, shown as columns; the first two are compared by the standardised difference.

    Attributes
    ----------
    title : str
    members : dict of str to ndarray of bool, shape (n_subjects,)
        Who is on each side.
    compared : bool
        Whether the first two sides are compared.
    """

    title: str
    members: dict[str, NDArray[np.bool_]]
    compared: bool


def compute_smd(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Compute the standardised mean difference of a number or a flag, missing values set aside.

    The difference of the means over the root of the mean of the two sample variances (of p(1 − p) for a flag), always
    positive [1]_.

    References
    ----------
    .. [1] Austin PC. Stat Med 2009;28:3083-3107.

    Examples
    --------
    >>> round(compute_smd(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0])), 6)
    1.0
    """
    first, second = first[~np.isnan(first)], second[~np.isnan(second)]
    if min(len(first), len(second)) < 2:
        return float("nan")
    pooled = (_variance(first) + _variance(second)) / 2
    difference = abs(first.mean() - second.mean())
    return float(difference / np.sqrt(pooled)) if pooled > 0 else float("nan")


def _variance(values: NDArray[np.float64]) -> float:
    if np.isin(values, (0, 1)).all():
        return float(values.mean() * (1 - values.mean()))
    return float(values.var(ddof=1))


def compute_category_smd(first: NDArray[np.object_], second: NDArray[np.object_], levels: Sequence[str]) -> float:
    """Compute the standardised difference of a category with several levels [1]_.

    The Mahalanobis distance between the two vectors of shares, the first level left out, with the mean of the two
    multinomial covariances.

    References
    ----------
    .. [1] Yang D, Dalton JE. SAS Global Forum 2012, paper 335.
    """
    first, second = first[first != ""], second[second != ""]
    if min(len(first), len(second)) == 0:
        return float("nan")
    shares = [np.array([(side == level).mean() for level in levels[1:]]) for side in (first, second)]
    covariances = [np.diag(share) - np.outer(share, share) for share in shares]
    difference = shares[0] - shares[1]
    inverse = np.linalg.pinv((covariances[0] + covariances[1]) / 2)
    return float(np.sqrt(max(difference @ inverse @ difference, 0.0)))


def table_one(covariates: Sequence[Covariate], n: int, split: Split | None) -> ResultTable:
    """Describe the cohort at the index date.

    Numbers are given as median with quartiles, categories as counts with the share of those known; what is missing has
    its own row and is in no share.
    """
    sides = {OVERALL: np.ones(n, dtype=bool), **(split.members if split else {})}
    compared = list(sides)[1:3] if split is not None and split.compared else []
    numbers: dict[str, dict[str, float]] = {}
    shown: list[ShownRow] = []
    for covariate in covariates:
        records, rows = _describe(covariate, sides)
        smd = _smd(covariate, [sides[name] for name in compared]) if compared else float("nan")
        records[covariate.column]["smd"] = smd
        numbers |= records
        shown += _with_smd(rows, smd, bool(compared))
    header = ["", *(f"{_heading(name)} (n = {int(members.sum())})" for name, members in sides.items())]
    if compared:
        header.append("SMD")
    return ResultTable(
        name="baseline",
        title="The cohort at the index date" + (f", overall and by {split.title}" if split else ""),
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=tuple(header),
        shown=tuple(shown),
        notes=_notes(compared),
    )


def _heading(name: str) -> str:
    return "Overall" if name == OVERALL else name


def _notes(compared: Sequence[str]) -> tuple[str, ...]:
    notes = ["Median (quartiles) for numbers; count (per cent of those known) for categories."]
    if compared:
        notes.append(
            f"SMD: standardised mean difference between “{compared[0]}” and “{compared[1]}”; above 0.1 is often taken "
            "as an imbalance to be considered."
        )
    return tuple(notes)


def _with_smd(rows: list[ShownRow], smd: float, has_column: bool) -> list[ShownRow]:
    if not has_column:
        return rows
    return [
        ShownRow(cells=(*row.cells, say_number(smd, 2) if place == 0 else ""), kind=row.kind)
        for place, row in enumerate(rows)
    ]


def _smd(covariate: Covariate, sides: Sequence[NDArray[np.bool_]]) -> float:
    first, second = sides
    if covariate.kind is Kind.CATEGORY:
        return compute_category_smd(covariate.text[first], covariate.text[second], covariate.levels)
    return compute_smd(covariate.numbers[first], covariate.numbers[second])


def _describe(
    covariate: Covariate, sides: dict[str, NDArray[np.bool_]]
) -> tuple[dict[str, dict[str, float]], list[ShownRow]]:
    describe = {Kind.NUMBER: _describe_number, Kind.FLAG: _describe_flag, Kind.CATEGORY: _describe_category}
    records, rows = describe[covariate.kind](covariate, sides)
    missing = {name: int(covariate.is_missing[members].sum()) for name, members in sides.items()}
    first = records[covariate.column]
    for name, count in missing.items():
        first[f"{name}: missing"] = count
    if any(missing.values()):
        rows.append(ShownRow(cells=("Missing", *(str(count) for count in missing.values())), kind=RowKind.INDENTED))
    return records, rows


def _describe_number(
    covariate: Covariate, sides: dict[str, NDArray[np.bool_]]
) -> tuple[dict[str, dict[str, float]], list[ShownRow]]:
    record: dict[str, float] = {}
    cells = []
    decimals = covariate.meaning.decimals
    for name, members in sides.items():
        values = covariate.numbers[members]
        values = values[~np.isnan(values)]
        quartiles = np.percentile(values, [25, 50, 75]) if len(values) else np.full(3, np.nan)
        record |= {f"{name}: n": len(values)}
        record |= {f"{name}: {label}": float(q) for label, q in zip(("q1", "median", "q3"), quartiles, strict=True)}
        low, middle, high = (say_number(float(value), decimals) for value in quartiles)
        cells.append(f"{middle} ({low}–{high})" if len(values) else "–")
    row = ShownRow(cells=(covariate.label, *cells))
    return {covariate.column: record}, [row]


def _describe_flag(
    covariate: Covariate, sides: dict[str, NDArray[np.bool_]]
) -> tuple[dict[str, dict[str, float]], list[ShownRow]]:
    record: dict[str, float] = {}
    cells = []
    for name, members in sides.items():
        values = covariate.numbers[members]
        known = int((~np.isnan(values)).sum())
        count = int(np.nansum(values))
        record |= {f"{name}: n": known, f"{name}: count": count}
        cells.append(say_count(count, known))
    return {covariate.column: record}, [ShownRow(cells=(covariate.label, *cells))]


def _describe_category(
    covariate: Covariate, sides: dict[str, NDArray[np.bool_]]
) -> tuple[dict[str, dict[str, float]], list[ShownRow]]:
    known = {name: int((~covariate.is_missing[members]).sum()) for name, members in sides.items()}
    records: dict[str, dict[str, float]] = {
        covariate.column: {f"{name}: n": count for name, count in known.items()},
    }
    rows = [ShownRow(cells=(covariate.label, *("" for _ in sides)))]
    for level in covariate.levels:
        counts = {name: int((covariate.text[members] == level).sum()) for name, members in sides.items()}
        records[f"{covariate.column}={level}"] = {f"{name}: count": count for name, count in counts.items()}
        cells = tuple(say_count(count, known[name]) for name, count in counts.items())
        rows.append(ShownRow(cells=(covariate.name_of(level), *cells), kind=RowKind.INDENTED))
    return records, rows
