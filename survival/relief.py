"""How long relief of symptoms lasts: what the answer is depends on what a death during relief counts as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from survival.curves import Sample
from survival.endpoints import RELIEF, derive_endpoint

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relief:
    """Relief of the symptomatic responders.

    Attributes
    ----------
    composite : Sample
        Recurrence or death ends relief: the duration of relief as patients live it.
    death_censored : Sample or None
        Death taken for the end of observation, which answers how long relief would last if nobody died; None where the
        reasons are not known.
    code : ndarray of shape (n_subjects,) or None
        0 still relieved, 1 recurrence, 2 death.
    """

    composite: Sample
    death_censored: Sample | None
    code: NDArray[np.int64] | None


def derive_relief(frame: pd.DataFrame) -> Relief:
    """Take the responders; tell recurrence from death by the reason."""
    data = derive_endpoint(frame, RELIEF)
    composite = Sample(days=data.days, event=data.event)
    if RELIEF.reason_column not in data.rows:
        return Relief(composite=composite, death_censored=None, code=None)
    is_death = data.rows[RELIEF.reason_column].str.contains("death", case=False).to_numpy() & (data.event == 1)
    code = data.event + is_death.astype("int64")
    recurrence = (code == 1).astype("int64")
    return Relief(composite=composite, death_censored=Sample(days=data.days, event=recurrence), code=code)
