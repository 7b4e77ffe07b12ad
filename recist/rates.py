"""Rates of response, disease control and clinical benefit with exact confidence limits.

Everybody enrolled is in the denominator: who could not be evaluated or was never assessed did not respond. The limits
are those of Clopper and Pearson (Biometrika 1934;26:404-13).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

CONFIDENCE = 0.95
PERCENT = 100
PERCENT_DECIMALS = 2
_RESPONSE = frozenset({"CR", "PR"})
_CONTROL = _RESPONSE | {"SD", "NON-CR/NON-PD"}
_IMMUNE = {word: f"i{word}" for word in ("CR", "PR", "SD")} | {"NON-CR/NON-PD": "NON-iCR/NON-iUPD"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate by name: who counts, and what it means in words."""

    name: str
    column: str
    words: frozenset[str]
    definition: str


def _with_immune(words: frozenset[str]) -> frozenset[str]:
    return words | {_IMMUNE[word] for word in words}


RATES: tuple[Rate, ...] = (
    Rate(
        name="ORR",
        column="best_response",
        words=_with_immune(_RESPONSE),
        definition="objective response: CR or PR, not confirmed",
    ),
    Rate(
        name="confirmed ORR",
        column="confirmed_best_response",
        words=_with_immune(_RESPONSE),
        definition="objective response: CR or PR, confirmed",
    ),
    Rate(
        name="DCR",
        column="best_response",
        words=_with_immune(_CONTROL),
        definition="disease control: CR or PR, or SD or NON-CR/NON-PD at the minimum time",
    ),
    Rate(
        name="confirmed DCR",
        column="confirmed_best_response",
        words=_with_immune(_CONTROL),
        definition="disease control: CR or PR, confirmed, or SD or NON-CR/NON-PD at the minimum time",
    ),
    Rate(
        name="CBR",
        column="clinical_benefit",
        words=frozenset({"True"}),
        definition="clinical benefit: CR or PR, or SD or NON-CR/NON-PD up to the time of a clinical benefit",
    ),
)


def derive_rates(best_responses: pd.DataFrame, *, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Count who responded, for each reader.

    Parameters
    ----------
    best_responses : pandas.DataFrame
        The table ``best_responses``: one row for each subject and reader, those never assessed among them.
    confidence : float

    Returns
    -------
    pandas.DataFrame
        One row for each reader and rate: ``reader, rate, responders, subjects, percent, lower, upper, definition``;
        the limits are percentages too.
    """
    rows = []
    for reader, group in best_responses.groupby("reader", sort=True):
        for rate in RATES:
            if rate.column not in group:
                continue
            responders = int(group[rate.column].astype(str).isin(rate.words).sum())
            lower, upper = compute_exact_limits(responders, len(group), confidence=confidence)
            rows.append(
                {
                    "reader": str(reader),
                    "rate": rate.name,
                    "responders": responders,
                    "subjects": len(group),
                    "percent": round(PERCENT * responders / len(group), PERCENT_DECIMALS),
                    "lower": round(PERCENT * lower, PERCENT_DECIMALS),
                    "upper": round(PERCENT * upper, PERCENT_DECIMALS),
                    "definition": rate.definition,
                }
            )
    columns = ["reader", "rate", "responders", "subjects", "percent", "lower", "upper", "definition"]
    return pd.DataFrame(rows, columns=columns)


def compute_exact_limits(responders: int, subjects: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Give the confidence limits of a proportion by Clopper and Pearson; NaN without subjects.

    Examples
    --------
    >>> lower, upper = compute_exact_limits(0, 10)
    >>> f"{lower:.4f} {upper:.4f}"
    '0.0000 0.3085'
    """
    from scipy.special import betaincinv

    if not subjects:
        return math.nan, math.nan
    tail = (1 - confidence) / 2
    lower = 0.0 if responders == 0 else float(betaincinv(responders, subjects - responders + 1, tail))
    upper = 1.0 if responders == subjects else float(betaincinv(responders + 1, subjects - responders, 1 - tail))
    return lower, upper
