"""What to beware of in a survival curve: rows that end at time 0, and a beginning with few at risk under late entry.

With late entry the risk set can be small at first, and one event then takes the whole curve down with it. The remedy is
to begin the curve later, where enough are at risk; it is then conditional on being free of the event by that time.

References
----------
Tsai WY, Jewell NP, Wang MC. A note on the product-limit estimator under right censoring and left truncation.
Biometrika 1987;74:883-886. Pan W, Chappell R. Lifetime Data Anal 1998;4:187-202.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from survival.times import Times

FEW_AT_RISK = 10
"""An event that meets fewer than this at risk, before more than twice as many are, is flagged."""


def say_time_zero(times: Times) -> list[str]:
    """Say how many rows end at time 0."""
    zero = int((times.stop == 0).sum())
    if zero == 0:
        return []
    rows = "1 row ends" if zero == 1 else f"{zero} rows end"
    return [f"{rows} at time 0 and {'is' if zero == 1 else 'are'} kept; check that the dates are right."]


def say_thin_beginning(label: Any, curve: pd.DataFrame, times: Times) -> list[str]:
    """Say when a curve comes to 0, or falls far, before most of its rows have entered."""
    if not np.isfinite(times.start).any():
        return []
    gone = np.flatnonzero(curve["survival"].to_numpy() == 0)
    when = float(curve["time"].iloc[gone[0]]) if gone.size else np.inf
    late = int((times.start >= when).sum())
    if late > 0:
        sentence = (
            f"{label}: everybody at risk at {when:g} had the event while {late} of {len(times.stop)} had yet to enter, "
            "so the curve is 0 from there on; begin it later, where more are at risk."
        )
        return [sentence]
    return _say_few(label, curve)


def _say_few(label: Any, curve: pd.DataFrame) -> list[str]:
    """Say when an event met few at risk although many more came to be at risk after it."""
    at_risk = curve["at_risk"].to_numpy()
    most_later = np.maximum.accumulate(at_risk[::-1])[::-1]
    thin = np.flatnonzero((curve["events"].to_numpy() > 0) & (at_risk < FEW_AT_RISK) & (2 * at_risk < most_later))
    if thin.size == 0:
        return []
    row = thin[np.argmin(at_risk[thin])]
    sentence = (
        f"{label}: an event at {float(curve['time'].iloc[row]):g} met only {at_risk[row]} at risk, while up to "
        f"{most_later[row]} are at risk later; with late entry begin the curve where more are at risk."
    )
    return [sentence]
