"""A number with its interval: what an estimate never goes without."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from survival.words.wording import say_interval, say_months, say_percent, say_ratio


class Scale(StrEnum):
    """What a number is, and so how it is written."""

    MONTHS = "months"
    DIFFERENCE = "difference in months"
    RATIO = "ratio"
    SHARE = "share"


UNITS = {Scale.MONTHS: " months", Scale.DIFFERENCE: " months", Scale.SHARE: " %"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number and its interval; NaN where it was not reached or cannot be given.

    Attributes
    ----------
    value, lower, upper : float
    scale : Scale
    confidence : float

    Examples
    --------
    >>> print(Estimate(value=28.64, lower=20.02, upper=38.8))
    28.6 months (95 % CI 20.0–38.8)
    >>> print(Estimate(value=float("nan"), lower=40.0, upper=float("nan")))
    not reached (95 % CI 40.0 to not reached)
    """

    value: float
    lower: float
    upper: float
    scale: Scale = Scale.MONTHS
    confidence: float = 0.95

    def __float__(self) -> float:
        """Give the number alone."""
        return self.value

    @property
    def is_given(self) -> bool:
        """Whether there is a number."""
        return self.value == self.value

    @property
    def limits(self) -> str:
        """Write the interval: ``20.0–38.8``."""
        return say_interval(self._say(self.lower), self._say(self.upper))

    @property
    def limits_free(self) -> str:
        """Write the number alone, for a line that gives its interval elsewhere."""
        return self._say(self.value)

    def __str__(self) -> str:
        """Write the number with its unit and interval."""
        unit = UNITS.get(self.scale, "") if self.is_given else ""
        if self.lower != self.lower and self.upper != self.upper:
            return f"{self._say(self.value)}{unit} (no interval)"
        return f"{self._say(self.value)}{unit} ({100 * self.confidence:g} % CI {self.limits})"

    def _say(self, value: float) -> str:
        if self.scale is Scale.RATIO:
            return say_ratio(value)
        if self.scale is Scale.SHARE:
            return say_percent(value, decimals=1).removesuffix(" %")
        return say_months(value, sign=self.scale is Scale.DIFFERENCE)
