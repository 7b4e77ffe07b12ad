"""What a setting of the linkage may be: closed sets of words, and windows of days."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class IncompleteDates(StrEnum):
    """What a date without day or month is: a fault, or the first, the last or the middle day that it can be."""

    REFUSE = "refuse"
    FIRST = "first"
    LAST = "last"
    MIDDLE = "middle"


class FollowUp(StrEnum):
    """Which evaluable assessment of the window is the first follow-up."""

    FIRST = "first"
    CLOSEST = "closest"


class EarlyDeath(StrEnum):
    """What the response of a subject is who died before the first follow-up."""

    NOT_EVALUABLE = "NE"
    MISSING = "missing"


class EarlyProgression(StrEnum):
    """What the imaging response of a subject is whose progression came before the window."""

    PROGRESSION = "PD"
    MISSING = "missing"


class NonTargetOnly(StrEnum):
    """What NON-CR/NON-PD becomes among CR, PR, SD, PD and NE."""

    STABLE = "SD"
    NOT_EVALUABLE = "NE"


class MissedScans(StrEnum):
    """What progression or death after two missed scans is."""

    EVENT = "event"
    CENSOR = "censor"


class NewTherapy(StrEnum):
    """What progression or death after a new anticancer therapy is."""

    IGNORE = "ignore"
    CENSOR = "censor"


class ClinicalProgression(StrEnum):
    """What a progression is that was called without imaging."""

    IGNORE = "ignore"
    CENSOR = "censor"
    EVENT = "event"


class ReliefDeath(StrEnum):
    """What death during relief is."""

    EVENT = "event"
    CENSOR = "censor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days from the first treatment, both ends included."""

    earliest: int
    latest: int

    def __str__(self) -> str:
        """Give the window as people write it."""
        return f"day {self.earliest} to {self.latest}"
