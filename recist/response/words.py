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

    Numbers, dates and flags of the table stay as they are; columns it does not know are copied.
    """
    kinds = {column.name: column.kind for column in table.columns}
    index = pd.RangeIndex(len(frame))
    columns = {}
    for place, (name, values) in enumerate(frame.items()):  # by place: a faulty table may have a name twice
        kind = kinds.get(str(name))
        columns[place] = _categories(values) if kind is Kind.TEXT else values.array if kind else values.array.copy()
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
    if isinstance(values.array, pd.Categorical):
        codes, found = _used_words(values.array)
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


def _used_words(values: pd.Categorical) -> tuple[Ints, Texts]:
    """Give codes of their own, and the categories that occur."""
    codes, found = np.asarray(values.codes), np.asarray(values.categories)
    is_used = np.zeros(len(found) + 1, dtype=bool)
    is_used[codes] = True  # -1, missing, is the last place
    number = np.cumsum(is_used, dtype=codes.dtype) - 1
    number[-1] = -1
    return number[codes], found[is_used[:-1]]


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
    column = values.array
    if not isinstance(column, pd.Categorical):
        return np.zeros(len(values), dtype=np.int64), np.array([empty], dtype=object)
    codes, words = np.asarray(column.codes), [str(word) for word in column.categories]
    if len(codes) and codes.min() < 0:
        words.append(empty)  # -1, missing, is the last place
    distinct = sorted(dict.fromkeys(words))
    place = {word: number for number, word in enumerate(distinct)}
    rank = np.array([place[word] for word in words], dtype=np.int64)
    return rank[codes], np.array(distinct, dtype=object)
