"""Whether pandas columns given beside each other go by the same rows: estimators match rows by position, not by label.

A column that was filtered or sorted apart from the others keeps its length but not its order; matched by position it
gives other people's times, silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


def require_same_index(columns: Mapping[str, object]) -> None:
    """Stop when Series or DataFrames among the columns have different indexes; arrays and lists have none.

    Columns of different length are left to the check of lengths.

    Parameters
    ----------
    columns : mapping of str to object
        What was given, by the name of the argument.

    Raises
    ------
    UsageError
        Naming the first column whose index differs from that of the first one that has an index.

    Examples
    --------
    >>> require_same_index({"time": pd.Series([1, 2]), "event": [1, 0], "group": pd.Series(["a", "b"])})
    """
    indexes = {name: given.index for name, given in columns.items() if isinstance(given, pd.Series | pd.DataFrame)}
    if not indexes:
        return
    first, index = next(iter(indexes.items()))
    for name, other in indexes.items():
        if len(other) == len(index) and not other.equals(index):
            raise UsageError(_say_difference(first, index, name, other))


def _say_difference(first: str, index: pd.Index, name: str, other: pd.Index) -> str:
    same = index.is_unique and other.is_unique and bool(other.isin(index).all())
    how = "the same labels stand in another order" if same else "the labels are others"
    remedy = (
        f"align it first ({name}.loc[{first}.index])"
        if same
        else f"take {first} and {name} from the same rows of one table"
    )
    return (
        f"The index of {name} differs from that of {first}: {how}. Rows are matched by position, so people would get "
        f"each other's values: {remedy}, or pass .to_numpy() if the order is right as it stands."
    )
