"""The defaults of the options that the criteria in force decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.response.choices import Responders

if TYPE_CHECKING:
    from recist.criteria import Criteria

# (option, the limit of the criteria that is its default)
FROM_LIMITS: tuple[tuple[str, str], ...] = (
    ("baseline_window_days", "baseline_window"),
    ("max_targets", "max_targets"),
    ("max_targets_per_organ", "max_targets_per_organ"),
    ("min_sd_days", "minimum_stable_disease"),
    ("confirmation_days", "confirmation_interval"),
)
FROM_IMMUNE_LIMITS: tuple[tuple[str, str], ...] = (
    ("early_scan_days", "early_scan"),
    ("early_scan_tolerance_days", "early_scan_tolerance"),
    ("late_scan_days", "late_scan"),
)


def option_defaults(criteria: Criteria) -> dict[str, object]:
    """Give the options whose default comes from the criteria, as plain values.

    Examples
    --------
    >>> from recist.criteria import RECIST_1_1
    >>> option_defaults(RECIST_1_1)["max_targets"]
    5
    """
    limits: dict[str, object] = {option: getattr(criteria, limit).whole for option, limit in FROM_LIMITS}
    if criteria.immune is not None:
        limits |= {option: getattr(criteria.immune, limit).whole for option, limit in FROM_IMMUNE_LIMITS}
    responders = Responders.CONFIRMED if criteria.confirmation_required else Responders.UNCONFIRMED
    return {**limits, "responders": str(responders), **dict(criteria.options)}
