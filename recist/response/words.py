"""Columns of text as categories: each distinct word is looked at once, however long the table is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.columns import Kind

if TYPE_CHECKING:
    from recist.response.arrays import Ints, Texts
    from recist.tables import Table


def to_categories(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Turn the table's text into categories without surrounding blanks; an empty cell is missing.

    Columns the table does not know stay as they are.
    """
    texts = {column.name for column in table.columns if column.kind is Kind.TEXT}
    index = pd.RangeIndex(len(frame))
    columns = {}
    for place, name in enumerate(frame.columns):  # by place: a faulty table may have a name twice
        values = frame.iloc[:, place]
        columns[place] = _categories(values) if name in texts else values.array
    made = pd.DataFrame(columns, index=index, copy=False)
    made.columns = frame.columns
    return made


def drop_unused_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Forget the words of categories that no row has any more."""
    used = {
        str(name): values.cat.remove_unused_categories()
        for name, values in frame.items()
        if isinstance(values.dtype, pd.CategoricalDtype)
    }
    return frame.assign(**used)


def _categories(values: pd.Series) -> pd.Categorical:
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.cat.remove_unused_categories()
        codes, found = np.asarray(values.cat.codes), np.asarray(values.cat.categories)
    else:
        codes, found = pd.factorize(values.to_numpy(dtype=object))
    words = [str(word).strip() for word in found]
    if "" in words or len(set(words)) < len(words):
        renumbered, distinct = pd.factorize(np.array([word or None for word in words], dtype=object))
        codes = np.append(renumbered, -1)[codes]  # -1, missing, stays -1
        words = list(distinct)
    # the stubs of pandas ask for a list here; an array is what it takes without copying
    index = pd.Index(words, dtype=object)
    return pd.Categorical.from_codes(codes, categories=index, validate=False)  # type: ignore[arg-type,call-arg]


def ranked(values: pd.Series, *, empty: str) -> tuple[Ints, Texts]:
    """Give the words of a column of categories in alphabetical order, and the place of each cell among them.

    Parameters
    ----------
    values : pandas.Series
    empty : str
        The word an empty cell stands for.

    Returns
    -------
    code : numpy.ndarray
        The number of each cell's word; shape (n_rows,).
    words : numpy.ndarray
        The words, ascending.
    """
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return np.zeros(len(values), dtype=np.int64), np.array([empty], dtype=object)
    codes = values.cat.codes.to_numpy().astype(np.int64)
    words = [str(word) for word in values.cat.categories]
    if (codes < 0).any():
        codes = np.where(codes < 0, len(words), codes)
        words.append(empty)
    distinct = sorted(set(words))
    place = {word: number for number, word in enumerate(distinct)}
    rank = np.array([place[word] for word in words], dtype=np.int64)
    return rank[codes] if len(rank) else codes, np.array(distinct, dtype=object)
