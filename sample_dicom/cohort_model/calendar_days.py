"""Days from the first treatment, as calendar dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ORDINAL_OF_1970 = 719163


def dates_from_ordinals(ordinals: NDArray[np.int64]) -> pd.Series[pd.Timestamp]:
    """Turn proleptic ordinals, as `datetime.date.toordinal` counts them, into dates."""
    days = np.asarray(ordinals, dtype=np.int64) - _ORDINAL_OF_1970
    return pd.Series(days.astype("datetime64[D]").astype("datetime64[ns]"))
