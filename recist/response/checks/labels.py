"""Checks of the labels of time points against each other and against the dates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.response.arrays import NOWHERE, any_by, least_by
from recist.response.words import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.problems import Problem
    from recist.response.arrays import Ints, Texts
    from recist.response.checks.report import Report

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DATE = re.compile(r"\s*\d+[-/. ]\d+[-/. ]\d+\s*")
_MIXED = (
    "this reader has time points with and without a label; rows without one were put together by their dates, "
    "label all or none"
)


def check_labels(report: Report, first_row: Ints) -> Iterator[Problem]:
    """Find labels whose numbers run against the dates, and series in which only some rows have a label."""
    yield from _check_order(report, first_row)
    yield from _check_mixed(report)


def _check_order(report: Report, first_row: Ints) -> Iterator[Problem]:
    """Find time points whose number is smaller than that of an earlier one of the same kind of label."""
    visits = report.history.visits
    kind, rank = _numbers_in(visits.label)
    numbered = np.flatnonzero(kind != NOWHERE)
    if not len(numbered):
        return
    series = visits.courses.course[numbered]
    order = numbered[np.argsort(series * (kind.max() + 1) + kind[numbered], kind="stable")]
    group = np.zeros(len(order), dtype=np.int64)
    before, after = order[:-1], order[1:]
    is_new = (visits.courses.course[before] != visits.courses.course[after]) | (kind[before] != kind[after])
    group[1:] = np.cumsum(is_new)
    n_ranks = int(rank.max()) + 1
    place = group * n_ranks + rank[order]
    highest = np.maximum.accumulate(place)
    late = np.flatnonzero(place < highest)
    if not len(late):
        return
    by_place = dict(zip(place.tolist(), order.tolist(), strict=True))
    at = order[late]
    yield from report.problems(
        first_row[at],
        "labels_out_of_order",
        field="timepoint",
        message=[
            f"time point {label} comes after {visits.label[by_place[high]]} by date but before it by number; "
            "the dates count, correct the label or the date"
            for label, high in zip(visits.label[at], highest[late].tolist(), strict=True)
        ],
        found=[str(label) for label in visits.label[at]],
        expected="labels in the order of the dates",
    )


def _numbers_in(labels: Texts) -> tuple[Ints, Ints]:
    """Give each label its kind, what stays when its numbers are taken out, and the rank of its numbers.

    Labels without a number, and dates, have no kind: NOWHERE.
    """
    number, words = pd.factorize(labels)
    found = {word: tuple(float(text) for text in _NUMBER.findall(word)) for word in words if not _DATE.fullmatch(word)}
    found = {word: numbers for word, numbers in found.items() if numbers}
    stems = {word: _NUMBER.sub("#", word.casefold()) for word in found}
    kinds = {stem: number for number, stem in enumerate(dict.fromkeys(stems.values()))}
    ranks = {numbers: rank for rank, numbers in enumerate(sorted(set(found.values())))}
    kind = [kinds[stems[word]] if word in found else NOWHERE for word in words]
    rank = [ranks[found[word]] if word in found else 0 for word in words]
    return np.array(kind, dtype=np.int64)[number], np.array(rank, dtype=np.int64)[number]


def _check_mixed(report: Report) -> Iterator[Problem]:
    """Find series in which only some rows have a label."""
    code, words = ranked(report.frame["timepoint"], empty="")
    is_empty = (words == "")[code]
    if not is_empty.any():
        return
    rows, n_series = report.history.rows, len(report.history.subject)
    series = report.history.lesions.series[rows.lesion]
    is_mixed = any_by(series, is_empty, n_series) & any_by(series, ~is_empty, n_series)
    first = least_by(series, is_empty, np.arange(len(series)), n_series, otherwise=len(series))
    yield from report.problems(
        first[is_mixed], "mixed_labels", field="timepoint", message=_MIXED, expected="a label in every row, or in none"
    )
