"""Multiple imputation by chained equations: each incomplete column is drawn from what all others say about it, in turn.

What is missing is first filled by values of other patients. Then each incomplete column, from the least to the most
incomplete, is drawn anew from a model of it given all other columns, ten times over; the last draw is kept. Every
completed data set begins afresh with a stream of random numbers of its own, so the same seed gives the same data.

The outcome takes part as the event and the cumulative hazard that the patient has lived through (Nelson-Aalen), which
for a Cox model is what a missing covariate depends on; to leave the outcome out would draw effects towards none.

It is assumed that whether a value is missing depends on what was observed only (missing at random).

References
----------
van Buuren S. Stat Methods Med Res 2007;16:219-242. White IR, Royston P. Imputing missing covariate values for the Cox
model. Stat Med 2009;28:1982-1998. White IR, Royston P, Wood AM. Stat Med 2011;30:377-399 (number of imputations).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recist.errors import UsageError
from survival.imputation.categories import draw_categories, draw_ordered
from survival.imputation.columns import Column, ColumnKind, derive_columns
from survival.imputation.matching import draw_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

CYCLES = 10
FEWEST_IMPUTATIONS = 20


def impute(
    frame: pd.DataFrame,
    *,
    seed: int,
    imputations: int | None = None,
    cycles: int = CYCLES,
    predictors: ArrayLike | None = None,
    only_where: Mapping[str, ArrayLike] | None = None,
) -> tuple[pd.DataFrame, ...]:
    """Complete a table several times.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns to complete and to predict each other. Numbers are imputed by predictive mean matching, binary columns
        by a logistic model, text and categoricals by a multinomial one, ordered categoricals by continuation ratios.
    seed : int
    imputations : int, optional
        How many completed tables; by default as :func:`recommend_imputations` says.
    cycles : int
        Rounds of draws before a table is kept.
    predictors : array-like, optional
        Complete numbers that predict but are not returned, shape (n, n_predictors): the outcome; see
        :func:`survival.imputation.outcome_predictors`.
    only_where : mapping of str to array-like, optional
        Columns that may only be imputed in some rows, bool, shape (n,): a response only in those who were alive and
        under follow-up to have one. Elsewhere it stays missing.

    Returns
    -------
    tuple of pandas.DataFrame
        Observed values are unchanged; the index and the order of columns are the frame's.

    Raises
    ------
    UsageError
        If a column has no value, or a setting makes no sense.

    Examples
    --------
    >>> import pandas as pd
    >>> from survival.imputation import impute
    >>> table = pd.DataFrame({"age": [51.0, 60.0, None, 72.0, 66.0, 58.0], "sex": ["f", "m", "f", None, "m", "f"]})
    >>> len(impute(table, seed=1, imputations=3))
    3
    """
    m = recommend_imputations(frame) if imputations is None else imputations
    if m < 1 or cycles < 1:
        raise UsageError("imputations and cycles must be at least 1.")
    columns = derive_columns(frame)
    outcome = _require_predictors(predictors, len(frame))
    allowed = _require_allowed(only_where or {}, frame)
    streams = np.random.default_rng(np.random.SeedSequence(seed)).spawn(m)
    return tuple(_complete(frame, columns, outcome, allowed, cycles=cycles, generator=stream) for stream in streams)


def recommend_imputations(frame: pd.DataFrame) -> int:
    """Give the larger of 20 and the percentage of rows with something missing."""
    incomplete = 100 * float(frame.isna().any(axis=1).mean()) if len(frame) else 0.0
    return max(FEWEST_IMPUTATIONS, int(np.ceil(incomplete - 1e-9)))


def _require_predictors(predictors: ArrayLike | None, n: int) -> NDArray[np.float64]:
    """Take the predictors as columns of finite numbers."""
    if predictors is None:
        return np.empty((n, 0))
    given = np.asarray(predictors, dtype=np.float64)
    columns = given[:, None] if given.ndim == 1 else given
    if len(columns) != n:
        raise UsageError(f"The predictors have {len(columns)} rows, the table has {n}.")
    if not np.isfinite(columns).all():
        raise UsageError("Predictors that are not imputed must be complete, finite numbers.")
    return columns


def _require_allowed(only_where: Mapping[str, ArrayLike], frame: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Check that the rows to be imputed belong to columns of the table."""
    allowed = {}
    for name, given in only_where.items():
        rows = np.asarray(given, dtype=bool)
        if name not in frame.columns:
            raise UsageError(f"only_where names {name}, which is no column of the table.")
        if len(rows) != len(frame):
            raise UsageError(f"only_where has {len(rows)} rows for {name}, the table has {len(frame)}.")
        allowed[name] = rows
    return allowed


def _complete(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    outcome: NDArray[np.float64],
    allowed: Mapping[str, NDArray[np.bool_]],
    *,
    cycles: int,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """Fill the gaps, redraw them in turn, and put the last draws into a copy of the table."""
    values = [_fill(column, generator) for column in columns]
    incomplete = [place for place, column in enumerate(columns) if column.missing.any()]
    incomplete.sort(key=lambda place: int(columns[place].missing.sum()))
    for _ in range(cycles):
        for place in incomplete:
            others = [c.expand(v) for at, (c, v) in enumerate(zip(columns, values, strict=True)) if at != place]
            design = _standardise(np.column_stack([*others, outcome]))
            missing = columns[place].missing
            values[place][missing] = _draw(columns[place], design, generator)
    completed = frame.copy()
    for column, filled in zip(columns, values, strict=True):
        where = column.missing & allowed.get(column.name, np.full(len(frame), True))
        completed[column.name] = column.restore(frame[column.name], filled, where)
    return completed


def _fill(column: Column, generator: np.random.Generator) -> NDArray[np.float64]:
    """Fill gaps by values of other rows."""
    values = column.observed.copy()
    values[column.missing] = generator.choice(column.observed[~column.missing], size=int(column.missing.sum()))
    return values


def _standardise(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centre and scale, leave out what does not vary, and put a column of ones first."""
    spread = columns.std(axis=0)
    varying = spread > 0
    scaled = (columns[:, varying] - columns[:, varying].mean(axis=0)) / spread[varying]
    return np.column_stack([np.ones(len(columns)), scaled])


def _draw(column: Column, design: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.float64]:
    """Draw the missing values of one column from its own model."""
    observed = ~column.missing
    known, asked, values = design[observed], design[column.missing], column.observed[observed]
    if column.kind is ColumnKind.NUMBER:
        return draw_numbers(values, known, asked, generator)
    draw = draw_ordered if column.kind is ColumnKind.ORDERED else draw_categories
    return draw(values.astype(np.int64), known, asked, generator, n_levels=len(column.levels))
