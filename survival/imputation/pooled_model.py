"""A Cox model on every completed data set, pooled by Rubin's rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.cox import cox
from survival.imputation.chained import CYCLES, impute, recommend_imputations
from survival.imputation.outcome import outcome_predictors
from survival.rubin import WaldTest, pool
from survival.words.phrases import first_line, interval_phrase, p_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from survival.partial_likelihood.result import CoxFit
    from survival.rubin import Pooled


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PooledCox:
    """A Cox model pooled over completed data sets.

    Attributes
    ----------
    table : pandas.DataFrame
        ``term, coefficient, standard_error, hazard_ratio, lower, upper, p_value, degrees_of_freedom,
        fraction_missing``; the interval is of the hazard ratio, by *t*.
    missing : pandas.DataFrame
        ``column, missing, percent``: what was imputed, of the rows given.
    wald : WaldTest
        All terms at once (D1).
    n, n_complete, n_events : int
        Rows in the models, rows complete without imputation, and events in the models.
    imputations, cycles, seed : int
    messages : tuple of str
    confidence : float
    """

    table: pd.DataFrame
    missing: pd.DataFrame
    wald: WaldTest
    n: int
    n_complete: int
    n_events: int
    imputations: int
    cycles: int
    seed: int
    messages: tuple[str, ...]
    confidence: float

    __repr__ = first_line

    def __str__(self) -> str:
        """Give one line a term, then what was imputed."""
        terms = [
            f"{row['term']}: HR "
            + interval_phrase(row["hazard_ratio"], row["lower"], row["upper"], confidence=self.confidence)
            + f", {p_phrase(row['p_value'])}, {100 * row['fraction_missing']:.0f} % of the information missing"
            for row in self.table.to_dict("records")
        ]
        model = (
            f"n = {self.n} ({self.n_complete} complete), events = {self.n_events}; {self.imputations} imputations by "
            f"chained equations, {self.cycles} cycles, seed {self.seed}"
        )
        return "\n".join([*terms, model, *self.messages])

    def _repr_html_(self) -> str:
        caption = f"Hazard ratios pooled over {self.imputations} completed data sets"
        return result_html(str(self), self.table, caption=caption)


def pooled_cox(
    frame: pd.DataFrame,
    time: str | ArrayLike,
    event: str | ArrayLike,
    covariates: Sequence[str],
    *,
    seed: int,
    imputations: int | None = None,
    cycles: int = CYCLES,
    start: str | ArrayLike | None = None,
    strata: str | ArrayLike | None = None,
    auxiliary: Sequence[str] = (),
    only_where: Mapping[str, ArrayLike] | None = None,
    confidence: float = 0.95,
) -> PooledCox:
    """Impute missing covariates, fit the Cox model to each completed table, and pool.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a patient.
    time, event, start, strata : str or array-like
        As in :func:`survival.cox`: names of columns of the frame, or values. They must be complete.
    covariates : sequence of str
        Columns of the model, with gaps. The kind of each is read from its type; see :func:`survival.imputation.impute`.
    seed : int
    imputations : int, optional
        By default the larger of 20 and the percentage of rows with something missing.
    cycles : int
    auxiliary : sequence of str
        Columns that help to impute but are not in the model.
    only_where : mapping of str to array-like, optional
        Rows in which a column may be imputed; other rows with it missing stay out of the models.
    confidence : float

    Returns
    -------
    PooledCox

    Raises
    ------
    UsageError
        If a column is not there, or a model cannot be fitted.
    """
    table = _select(frame, [*covariates, *auxiliary])
    stop, status, entry, layers = (_take(frame, given) for given in (time, event, start, strata))
    if stop is None or status is None:
        raise UsageError("A Cox model needs time and event.")
    m = recommend_imputations(table) if imputations is None else imputations
    outcome = outcome_predictors(stop, status, start=entry, strata=layers)
    completed = impute(table, seed=seed, imputations=m, cycles=cycles, predictors=outcome, only_where=only_where)
    names = list(covariates)
    fits = [cox(stop, status, t[names], start=entry, strata=layers, confidence=confidence) for t in completed]
    pooled = _pool(fits, confidence)
    return PooledCox(
        table=_derive_table(pooled),
        missing=_describe_missing(table),
        wald=pooled.wald,
        n=fits[0].n,
        n_complete=int(table[names].notna().all(axis=1).sum()),
        n_events=fits[0].n_events,
        imputations=m,
        cycles=cycles,
        seed=seed,
        messages=_collect_messages(fits),
        confidence=confidence,
    )


def _select(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Take the columns that take part, with rows numbered anew."""
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise UsageError(f"The table has no column {', '.join(absent)}.")
    if not names:
        raise UsageError("Name at least one covariate.")
    return frame[list(dict.fromkeys(names))].reset_index(drop=True)


def _take(frame: pd.DataFrame, given: str | ArrayLike | None) -> ArrayLike | None:
    """Give a column by its name, or the values themselves."""
    if not isinstance(given, str):
        return given
    if given not in frame.columns:
        raise UsageError(f"The table has no column {given}.")
    return frame[given].to_numpy()


def _pool(fits: Sequence[CoxFit], confidence: float) -> Pooled:
    """Pool coefficients; with a single data set or different terms there is nothing to pool."""
    terms = {tuple(fit.table["term"]) for fit in fits}
    if len(terms) > 1:
        raise UsageError("The completed data sets give models of different terms; a category is too rare to impute.")
    (names,) = terms
    return pool(
        np.array([fit.table["coefficient"] for fit in fits]),
        np.array([fit.covariance for fit in fits]),
        complete_degrees_of_freedom=max(fits[0].n_events - len(names), 1),
        terms=names,
        confidence=confidence,
    )


def _derive_table(pooled: Pooled) -> pd.DataFrame:
    """Turn log hazard ratios into hazard ratios."""
    table = pooled.table.rename(columns={"estimate": "coefficient"})
    table = table.assign(
        hazard_ratio=np.exp(table["coefficient"]), lower=np.exp(table["lower"]), upper=np.exp(table["upper"])
    )
    ordered = ["term", "coefficient", "standard_error", "hazard_ratio", "lower", "upper", "p_value"]
    return table[[*ordered, "degrees_of_freedom", "fraction_missing"]]


def _describe_missing(table: pd.DataFrame) -> pd.DataFrame:
    gaps = table.isna().sum()
    return pd.DataFrame(
        {"column": list(table.columns), "missing": gaps.to_numpy(), "percent": 100 * gaps.to_numpy() / len(table)}
    )


def _collect_messages(fits: Sequence[CoxFit]) -> tuple[str, ...]:
    """Give what every model warns of, and say how often the events were separated."""
    shared = tuple(message for message in fits[0].messages if all(message in fit.messages for fit in fits))
    separated = [fit for fit in fits if fit.monotone]
    if not separated:
        return shared
    terms = ", ".join(dict.fromkeys(term for fit in separated for term in fit.monotone))
    how_often = f"In {len(separated)} of {len(fits)} completed data sets the events separate the levels of {terms}"
    return (*shared, f"{how_often} completely: estimated there with Firth's correction, pooled by Wald's errors.")
