r"""The Mantel-Byar test: whether the event is as frequent after a switch as before or without it.

People are counted before the switch until they switch and after it from then on; at each event time the events expected
after the switch are in proportion to those at risk who have switched. It is the log-rank test, with its hypergeometric
variance, on rows that change group, and the score test of a Cox model with the switch as a time-dependent covariate.
To compare those who ever switch with those who never do would credit the switch with the time survived before it.

References
----------
Mantel N, Byar DP. Evaluation of response-time data involving transient states: an illustration using heart-transplant
data. J Am Stat Assoc 1974;69:81-86.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survival.log_rank import compare_curves
from survival.switch import AFTER, NAMES, require_switch
from survival.words.phrases import first_line, p_phrase
from survival.words.result_html import result_html

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from survival.switch import Switch


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MantelByar:
    """Result of a Mantel-Byar test.

    Attributes
    ----------
    statistic : float
        Chi-squared.
    degrees_of_freedom : int
    p_value : float
    table : pandas.DataFrame
        ``group, observed, expected``: events before or without the switch, and after it, summed over strata.
    n, n_switched : int
        People, and those among them who switch before the end of their follow-up.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    table: pd.DataFrame
    n: int
    n_switched: int

    __repr__ = first_line

    def __str__(self) -> str:
        """Give the test as a result line."""
        after = self.table.iloc[AFTER]
        if self.degrees_of_freedom == 0:
            return "Mantel-Byar test: not possible, at no event time are both states at risk"
        return (
            f"Mantel-Byar test ({self.n_switched} of {self.n} switch; {after['observed']:.0f} events after the switch, "
            f"{after['expected']:.1f} expected): χ² = {self.statistic:.2f} on {self.degrees_of_freedom} df, "
            f"{p_phrase(self.p_value)}"
        )

    def _repr_html_(self) -> str:
        return result_html(str(self), self.table, caption="Observed and expected events by state")


def mantel_byar(
    time: ArrayLike,
    event: ArrayLike,
    switch_time: ArrayLike,
    *,
    start: ArrayLike | None = None,
    strata: ArrayLike | None = None,
) -> MantelByar:
    """Test whether a switch changes the hazard of the event.

    Parameters
    ----------
    time : array-like
        Time of event or censoring, one row a person, in one unit, shape (n,).
    event : array-like
        1 for the event, 0 for censoring, shape (n,). At one time events come before censorings and switches.
    switch_time : array-like
        Time of the switch on the same clock, shape (n,); NaN for never. A switch on the last day counts as none.
    start : array-like, optional
        Time of entry (delayed entry), shape (n,).
    strata : array-like, optional
        Stratum of each person, shape (n,).

    Returns
    -------
    MantelByar

    Raises
    ------
    DataError
        If times are wrong or a switch is negative.
    UsageError
        If nobody switches during follow-up.

    Examples
    --------
    >>> from survival.mantel_byar import mantel_byar
    >>> nan = float("nan")
    >>> print(mantel_byar([2, 3, 4, 5, 6, 7], [1, 1, 1, 0, 1, 1], [nan, 1, nan, 2, 5, nan]))
    Mantel-Byar test (3 of 6 switch; 2 events after the switch, 1.3 expected): χ² = 0.57 on 1 df, p = 0.449
    """
    return compare_states(require_switch(time, event, switch_time, start=start, strata=strata, names=NAMES))


def compare_states(rows: Switch) -> MantelByar:
    """Test start-stop rows that are laid out already, as by :func:`survival.switch.require_stays`."""
    test = compare_curves(rows.times, rows.states, rows.strata)
    return MantelByar(
        statistic=test.statistic,
        degrees_of_freedom=test.degrees_of_freedom,
        p_value=test.p_value,
        table=test.table[["group", "observed", "expected"]],
        n=len(np.unique(rows.person)),
        n_switched=len(np.unique(rows.person[rows.states.codes == AFTER])),
    )
