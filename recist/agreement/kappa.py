r"""Cohen's kappa, weighted or not, with its interval.

With agreement weights w, shares p of each pair of categories and their margins,

.. math:: \kappa = \frac{p_o - p_e}{1 - p_e}, \quad p_o = \sum w_{ij} p_{ij}, \quad p_e = \sum w_{ij} p_{i.} p_{.j}

References
----------
Cohen J. Educ Psychol Meas 1960;20:37-46. Cohen J. Psychol Bull 1968;70:213-220. Standard error: Fleiss JL, Cohen J,
Everitt BS. Psychol Bull 1969;72:323-327.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from recist.agreement.jackknife import jackknife_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Z_95 = 1.959963984540054  # the 97.5 % quantile of the normal distribution


class Weights(StrEnum):
    """How much agreement two neighbouring categories are worth."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


class Interval(StrEnum):
    """How the standard error was found."""

    LARGE_SAMPLE = "large_sample"
    JACKKNIFE = "jackknife_by_subject"


class KappaNote(StrEnum):
    """Why kappa or its interval is not given."""

    NONE = ""
    NO_PAIRS = "no_pairs"
    ONE_CATEGORY = "one_category"  # a reader used a single category: kappa is 0 or not defined whatever the other did
    FEW_SUBJECTS = "too_few_subjects"  # too few, or too much alike, to leave one out


@dataclass(frozen=True, slots=True, kw_only=True)
class Kappa:
    """Agreement of two readers on categories.

    Attributes
    ----------
    n, n_subjects : int
        Pairs of reads, and subjects they come from.
    agreement : float
        Share of pairs with the same category, between 0 and 1.
    kappa, standard_error, lower, upper : float
        With the 95 % interval; NaN when a reader used a single category.
    interval : Interval
    note : KappaNote
        Why a number is missing.
    """

    n: int
    n_subjects: int
    agreement: float
    kappa: float
    standard_error: float
    lower: float
    upper: float
    interval: Interval
    note: KappaNote


def compute_kappa(
    first: NDArray[np.object_],
    second: NDArray[np.object_],
    categories: Sequence[str] | Sequence[int],
    *,
    weights: Weights = Weights.NONE,
    subject: NDArray[np.object_] | None = None,
) -> Kappa:
    """Compute the agreement of two readers.

    Parameters
    ----------
    first, second : numpy.ndarray
        Categories of the same reads by either reader; shape (n,).
    categories : sequence of str or int
        In their order, which matters for weights.
    weights : Weights
    subject : numpy.ndarray, optional
        Subject of each read; where subjects have several, the error is found by leaving out one subject at a time.
    """
    order: list[object] = list(categories)
    pairs = np.array([[order.index(a), order.index(b)] for a, b in zip(first, second, strict=True)], dtype=np.int64)
    pairs = pairs.reshape(-1, 2)
    worth = agreement_weights(len(order), weights)

    def kappa_of(use: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.array([_kappa(_shares(pairs[use], len(order)), worth)])

    everything = np.ones(len(pairs), dtype=bool)
    kappa = float(kappa_of(everything)[0])
    n_subjects = len(pairs) if subject is None else len(np.unique(subject))
    if subject is None or n_subjects == len(pairs):
        error, interval = _standard_error(_shares(pairs, len(order)), worth, len(pairs)), Interval.LARGE_SAMPLE
    else:
        error, interval = float(jackknife_error(kappa_of, subject)[0]), Interval.JACKKNIFE
    return Kappa(
        n=len(pairs),
        n_subjects=n_subjects,
        agreement=float(np.mean(pairs[:, 0] == pairs[:, 1])) if len(pairs) else np.nan,
        kappa=kappa,
        standard_error=error,
        lower=max(kappa - Z_95 * error, -1.0) if np.isfinite(error) else np.nan,
        upper=min(kappa + Z_95 * error, 1.0) if np.isfinite(error) else np.nan,
        interval=interval,
        note=_note(len(pairs), kappa, error),
    )


def _note(n: int, kappa: float, error: float) -> KappaNote:
    if not n:
        return KappaNote.NO_PAIRS
    if np.isnan(kappa):
        return KappaNote.ONE_CATEGORY
    return KappaNote.FEW_SUBJECTS if np.isnan(error) else KappaNote.NONE


def agreement_weights(n_categories: int, weights: Weights) -> NDArray[np.float64]:
    """Give the worth of each pair of categories, 1 on the diagonal; shape (n_categories, n_categories)."""
    if weights is Weights.NONE or n_categories == 1:
        return np.eye(n_categories)
    place = np.arange(n_categories)
    distance = np.abs(place[:, None] - place[None, :]) / (n_categories - 1)
    worth: NDArray[np.float64] = 1 - (distance if weights is Weights.LINEAR else distance**2)
    return worth


def _shares(pairs: NDArray[np.int64], n_categories: int) -> NDArray[np.float64]:
    table = np.bincount(pairs[:, 0] * n_categories + pairs[:, 1], minlength=n_categories**2)
    shares: NDArray[np.float64] = table.reshape(n_categories, n_categories) / max(len(pairs), 1)
    return shares


def _by_chance(shares: NDArray[np.float64], worth: NDArray[np.float64]) -> float:
    return float(shares.sum(axis=1) @ worth @ shares.sum(axis=0))


def _kappa(shares: NDArray[np.float64], worth: NDArray[np.float64]) -> float:
    used = [(shares.sum(axis=axis) > 0).sum() for axis in (0, 1)]
    if min(used) <= 1:
        return np.nan
    chance = _by_chance(shares, worth)
    return float(((worth * shares).sum() - chance) / (1 - chance))


def _standard_error(shares: NDArray[np.float64], worth: NDArray[np.float64], n: int) -> float:
    kappa, chance = _kappa(shares, worth), _by_chance(shares, worth)
    if np.isnan(kappa):
        return np.nan
    of_row, of_column = worth @ shares.sum(axis=0), shares.sum(axis=1) @ worth
    spread = worth - (of_row[:, None] + of_column[None, :]) * (1 - kappa)
    variance = (shares * spread**2).sum() - (kappa - chance * (1 - kappa)) ** 2
    return float(np.sqrt(max(variance, 0) / n) / (1 - chance))
