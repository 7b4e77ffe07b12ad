"""The interval in which progression happened: it is seen at a scan, but came at some day since the scan before."""

from __future__ import annotations

import pandas as pd

from linkage.imaging import PROGRESSION
from linkage.reasons import PfsReason

SEEN_PROGRESSION = (PfsReason.PROGRESSION_IMAGE, PfsReason.PROGRESSION_REPORT, PfsReason.PROGRESSION_CLINICAL)


def derive_progression_interval(progression_free: pd.DataFrame, adequate: pd.DataFrame) -> pd.DataFrame:
    """Derive the interval, for the interval-censored analysis of progression-free survival.

    Parameters
    ----------
    progression_free : pandas.DataFrame
        See :func:`linkage.endpoints.derive_progression_free_survival`.
    adequate : pandas.DataFrame
        ``subject, day, response`` of every adequate assessment after treatment.

    Returns
    -------
    pandas.DataFrame
        Indexed like `progression_free`: ``pfs_lower_days``, the last adequate assessment without progression (0
        without any), and ``pfs_upper_days``, the first with it; empty where progression was not seen. The day of a
        death without progression is exact: both are that day.
    """
    end = progression_free["pfs_days"]
    reason = progression_free["pfs_reason"]
    is_seen = reason.isin(list(SEEN_PROGRESSION))
    is_death = reason == PfsReason.DEATH
    without = adequate[adequate["response"] != PROGRESSION]
    limit = without["subject"].map(end.where(~is_seen, end - 1))
    last = without[(without["day"] <= limit).fillna(value=False)].groupby("subject")["day"].max()
    lower = last.reindex(end.index).fillna(0).astype("Int64")
    return pd.DataFrame(
        {"pfs_lower_days": lower.mask(is_death, end), "pfs_upper_days": end.where(is_seen | is_death)},
        index=progression_free.index,
    )
