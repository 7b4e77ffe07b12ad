r"""Harrell's C for right-censored and start-stop data.

A pair counts when one row has the event at *t* and the other is at risk then and stays free of it (censored at *t* is
later than an event at *t*; two events at *t* are no pair). It is concordant when the row with the event has the higher
predictor; equal predictors count one half. Pairs are formed within strata and weighted by the product of the weights.

References
----------
Harrell FE et al. JAMA 1982;247:2543-2546. Therneau TM, Atkinson E. Concordance, vignette of R survival.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.partial_likelihood.likelihood import RiskSets


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Weight of the concordant, discordant and tied pairs, and the standard error of the concordance."""

    concordant: float
    discordant: float
    tied: float
    standard_error: float

    @property
    def concordance(self) -> float:
        """Share of concordant pairs; NaN without a pair."""
        total = self.concordant + self.discordant + self.tied
        return (self.concordant + self.tied / 2) / total if total > 0 else float("nan")


def compute_pairs(sets: RiskSets, predictor: NDArray[np.float64], cluster: NDArray[np.int64] | None = None) -> Pairs:
    """Weigh all pairs in n log n time.

    The standard error is the infinitesimal jackknife: how much the weight of each row, or cluster, moves the
    concordance.

    Parameters
    ----------
    sets : RiskSets
    predictor : numpy.ndarray
        The higher, the earlier the event; shape (n,).
    cluster : numpy.ndarray, optional
        Code of each row's cluster, such as the person, shape (n,); without, each row is its own.
    """
    rank = np.unique(predictor, return_inverse=True)[1].astype(np.int64)
    below, equal, above = _weigh_partners_of_events(sets, rank)
    weight = sets.weight[sets.event_rows]
    concordant, tied, discordant = float(weight @ below), float(weight @ equal), float(weight @ above)
    total = concordant + tied + discordant
    score, partners = _weigh_events_survived(sets, rank)
    score[sets.event_rows] += below + equal / 2
    partners[sets.event_rows] += below + equal + above
    share = (concordant + tied / 2) / total if total > 0 else np.nan
    influence = sets.weight * (score - share * partners) / total if total > 0 else np.full(len(rank), np.nan)
    moved = influence if cluster is None else np.bincount(cluster, influence)
    return Pairs(
        concordant=concordant,
        discordant=discordant,
        tied=tied,
        standard_error=float(np.sqrt((moved**2).sum())),
    )


def _weigh_partners_of_events(
    sets: RiskSets, rank: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Weigh, for each event, the rows that outlive it: those of lower, equal and higher rank, shape (n_events,)."""
    asked, moment = rank[sets.event_rows], sets.event_moment
    none = np.zeros(len(asked), dtype=np.int64)
    below, equal = _weigh_between(rank, sets.weight, sets.by_last, (none, sets.n_last[moment]), asked)
    late_below, late_equal = _weigh_between(rank, sets.weight, sets.by_first, (none, sets.n_first[moment]), asked)
    tied_below, tied_equal, tied_all = _weigh_ties(sets, asked)
    below, equal = below - late_below - tied_below, equal - late_equal - tied_equal
    return below, equal, sets.sum_at_risk(sets.weight)[moment] - tied_all - below - equal


def _weigh_events_survived(sets: RiskSets, rank: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weigh, for each row, the events it outlives: concordant ones (ties half), and all, shape (n,)."""
    ends = sets.last.copy()
    ends[sets.event_rows] -= 1
    edges = np.append(sets.opening, len(sets.event_rows))
    begin = edges[np.minimum(sets.first, len(sets.opening))]
    end = np.maximum(edges[ends + 1], begin)
    below, equal = _weigh_between(rank, sets.weight, sets.event_rows, (begin, end), rank)
    running = np.concatenate([[0.0], np.cumsum(sets.weight[sets.event_rows])])
    partners = running[end] - running[begin]
    return partners - below - equal / 2, partners


def _weigh_ties(
    sets: RiskSets, rank: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Weigh, for each event, the events of the same moment: those of lower rank, of equal rank, and all."""
    order = np.lexsort((rank, sets.event_moment))
    weight = sets.weight[sets.event_rows][order]
    running = np.concatenate([[0.0], np.cumsum(weight)])
    key = sets.event_moment[order] * (rank.max(initial=0) + 1) + rank[order]
    opening = sets.opening[sets.event_moment[order]]
    closing = np.append(sets.opening, len(order))[sets.event_moment[order] + 1]
    low, high = np.searchsorted(key, key, side="left"), np.searchsorted(key, key, side="right")
    sums = np.empty((3, len(order)))
    sums[:, order] = running[low] - running[opening], running[high] - running[low], running[closing] - running[opening]
    return sums[0], sums[1], sums[2]


def _weigh_between(
    rank: NDArray[np.int64],
    weight: NDArray[np.float64],
    order: NDArray[np.int64],
    bounds: tuple[NDArray[np.int64], NDArray[np.int64]],
    asked: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weigh, among the rows of ``order`` between two positions, those with a rank below and equal to ``asked``.

    The rows are split by the bits of their rank from the highest to the lowest, zeros before ones and otherwise in
    place (a wavelet matrix); each question follows the bits of the rank it asks about.
    """
    ranks, weights = rank[order], weight[order]
    begin, end = bounds
    below = np.zeros(len(asked))
    for bit in reversed(range(int(rank.max(initial=0)).bit_length())):
        zero = (ranks >> bit) & 1 == 0
        zeros = np.concatenate([[0], np.cumsum(zero)])
        zero_weight = np.concatenate([[0.0], np.cumsum(np.where(zero, weights, 0.0))])
        goes_high = (asked >> bit) & 1 == 1
        below += np.where(goes_high, zero_weight[end] - zero_weight[begin], 0.0)
        begin = np.where(goes_high, zeros[-1] + begin - zeros[begin], zeros[begin])
        end = np.where(goes_high, zeros[-1] + end - zeros[end], zeros[end])
        ranks, weights = np.concatenate([ranks[zero], ranks[~zero]]), np.concatenate([weights[zero], weights[~zero]])
    running = np.concatenate([[0.0], np.cumsum(weights)])
    return below, running[end] - running[begin]
