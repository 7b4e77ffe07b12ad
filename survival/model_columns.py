"""The columns with which covariates enter a model: one each, or several where a spline lets the effect bend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survival.covariates import Kind, Term, derive_terms, model_column
from survival.cox import cox
from survival.splines import compare_with_line, natural_spline, say_knots

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from survival.covariates import Covariate


def is_curved(covariate: Covariate) -> bool:
    """Tell whether the settings let the effect of a number bend."""
    return covariate.kind is Kind.NUMBER and covariate.meaning.spline > 1


def model_columns(covariate: Covariate) -> pd.DataFrame:
    """Code a covariate for a model, index from 0; a spline has one column a degree of freedom, with its knots."""
    if not is_curved(covariate):
        return model_column(covariate).to_frame()
    return natural_spline(covariate.numbers, degrees_of_freedom=covariate.meaning.spline, name=covariate.column)


def model_terms(covariate: Covariate, rows: NDArray[np.bool_]) -> tuple[Term, ...]:
    """Name the terms a covariate has in a model of some rows."""
    if not is_curved(covariate):
        return derive_terms(covariate, rows)
    names = [str(name) for name in model_columns(covariate)]
    return tuple(
        Term(
            name=name,
            covariate=covariate.column,
            label=f"{covariate.meaning.label}, spline {place} of {len(names)} (no meaning by itself)",
            is_part=True,
        )
        for place, name in enumerate(names, start=1)
    )


def group_columns(columns: pd.DataFrame, terms: tuple[Term, ...]) -> Mapping[str, list[str]]:
    """Tell which columns of a model belong to which covariate."""
    owner = {term.name: term.covariate for term in terms}
    groups: dict[str, list[str]] = {}
    for name in map(str, columns):
        groups.setdefault(owner.get(name, name), []).append(name)
    return groups


def say_spline(covariate: Covariate, days: NDArray[np.float64], event: NDArray[np.int64]) -> str:
    """State the knots of a spline, and whether the effect bends: likelihood-ratio test against a straight line."""
    known = ~covariate.is_missing & (days > 0)
    spline = model_columns(covariate)
    curved = cox(days[known], event[known], spline[known].reset_index(drop=True))
    straight = cox(days[known], event[known], model_column(covariate)[known].reset_index(drop=True).to_frame())
    return f"{say_knots(spline)}. {compare_with_line(curved, straight)}"
