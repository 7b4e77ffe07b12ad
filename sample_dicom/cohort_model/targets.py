"""The figures of the abstract that the shipped cohort shows, and how near it has to come."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One figure of the abstract.

    Attributes
    ----------
    abstract : str
        As the abstract gives it.
    months, tolerance_months : float
        Value, and the largest distance that still rounds to it.
    p_below : float
        The p-value has to be smaller; infinite where the abstract gives none.
    population_months : float
        Value in a very large uncensored population of the model.
    """

    abstract: str
    months: float
    tolerance_months: float = 0.5
    p_below: float = math.inf
    population_months: float


TARGETS = {
    "overall_survival": Target(abstract="median 29 months", months=29.0, population_months=28.9),
    "symptomatic": Target(abstract="+30 months, p<0.001", months=30.0, p_below=0.001, population_months=30.2),
    "biochemical": Target(abstract="+40 months, p<0.03", months=40.0, p_below=0.03, population_months=39.9),
    "imaging": Target(abstract="+32 months, p<0.001", months=32.0, p_below=0.001, population_months=32.0),
    "multiple_treatments": Target(abstract="+24 months, p<0.05", months=24.0, p_below=0.05, population_months=23.9),
    "relief": Target(abstract="median 12 months", months=12.0, population_months=12.1),
}
"""Overall survival and relief are medians; the others are differences of medians, good minus bad."""
