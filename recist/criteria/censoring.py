"""When progression-free survival ends and whether that is an event: two published sets of rules as cited rows.

``fda``: Food and Drug Administration, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2007),
appendix 3, table A. ``ema``: European Medicines Agency, CHMP/27994/2008 Rev. 1, appendix 1: progression and death count
when they occur, whatever came between.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FDA = "FDA 2007, appendix 3, table A"
EMA = "CHMP/27994/2008 Rev. 1, appendix 1"


class Situation(StrEnum):
    """What may end the follow-up of a subject; also the reason given with every date."""

    NO_BASELINE = "no_baseline"
    NO_ASSESSMENT = "no_assessment"
    NO_ADEQUATE_ASSESSMENT = "no_adequate_assessment"
    EARLY_DEATH = "early_death"
    NO_PROGRESSION = "no_progression"
    PROGRESSION = "progression"
    DEATH = "death"
    MISSED_VISITS = "missed_visits"
    NEW_THERAPY = "new_therapy"
    CLINICAL_PROGRESSION = "clinical_progression"


class EndDate(StrEnum):
    """The day on which the follow-up ends."""

    START = "start"
    DEATH = "death"
    PROGRESSION = "first progression"
    LAST_ADEQUATE = "last adequate assessment"
    LAST_BEFORE_GAP = "last adequate assessment before the missed visits"
    LAST_BEFORE = "last adequate assessment on that day or before"
    AS_IF_NOT = "as if it had not been"


class Outcome(StrEnum):
    """Whether the end is an event."""

    EVENT = "event"
    CENSORED = "censored"
    CENSORED_UNLESS_DEATH = "censored; death is an event"
    IGNORED = "later progression or death is the event"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a set of rules ends the follow-up: on which day, and whether by an event."""

    date: EndDate
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CensoringRow:
    """One situation, and what each set of rules makes of it."""

    situation: Situation
    says: str
    fda: End
    ema: End
    citation: str = f"{FDA}; {EMA}"


_IGNORED = End(date=EndDate.AS_IF_NOT, outcome=Outcome.IGNORED)
_AT_DEATH = End(date=EndDate.DEATH, outcome=Outcome.EVENT)
_DAY_1 = End(date=EndDate.START, outcome=Outcome.CENSORED)

CENSORING_ROWS: tuple[CensoringRow, ...] = (
    CensoringRow(
        situation=Situation.NO_BASELINE,
        says="no baseline assessment, or an incomplete one",
        fda=_DAY_1,
        ema=End(date=EndDate.START, outcome=Outcome.CENSORED_UNLESS_DEATH),
    ),
    CensoringRow(
        situation=Situation.NO_ASSESSMENT,
        says="no assessment after baseline, and no death that counts",
        fda=_DAY_1,
        ema=_DAY_1,
    ),
    CensoringRow(
        situation=Situation.NO_ADEQUATE_ASSESSMENT,
        says="assessments after baseline, none of them adequate, and no death that counts",
        fda=_DAY_1,
        ema=_DAY_1,
    ),
    CensoringRow(
        situation=Situation.EARLY_DEATH,
        says="no adequate assessment after baseline, death within two scheduled intervals; with "
        '`early_death = "censor"` it does not count',
        fda=_AT_DEATH,
        ema=_AT_DEATH,
    ),
    CensoringRow(
        situation=Situation.NO_PROGRESSION,
        says="no progression, alive",
        fda=End(date=EndDate.LAST_ADEQUATE, outcome=Outcome.CENSORED),
        ema=End(date=EndDate.LAST_ADEQUATE, outcome=Outcome.CENSORED),
    ),
    CensoringRow(
        situation=Situation.PROGRESSION,
        says="progression at or between scheduled visits",
        fda=End(date=EndDate.PROGRESSION, outcome=Outcome.EVENT),
        ema=End(date=EndDate.PROGRESSION, outcome=Outcome.EVENT),
    ),
    CensoringRow(situation=Situation.DEATH, says="death before progression", fda=_AT_DEATH, ema=_AT_DEATH),
    CensoringRow(
        situation=Situation.MISSED_VISITS,
        says="progression or death after two or more missed visits",
        fda=End(date=EndDate.LAST_BEFORE_GAP, outcome=Outcome.CENSORED),
        ema=_IGNORED,
    ),
    CensoringRow(
        situation=Situation.NEW_THERAPY,
        says="new anticancer therapy before progression",
        fda=End(date=EndDate.LAST_BEFORE, outcome=Outcome.CENSORED),
        ema=_IGNORED,
    ),
    CensoringRow(
        situation=Situation.CLINICAL_PROGRESSION,
        says='treatment stopped for clinical deterioration, with `clinical_progression = "censor"`',
        fda=End(date=EndDate.LAST_BEFORE, outcome=Outcome.CENSORED),
        ema=_IGNORED,
    ),
)


def end_of(situation: Situation, preset: str) -> End:
    """Look up what a set of rules, ``fda`` or ``ema``, makes of a situation."""
    row = next(row for row in CENSORING_ROWS if row.situation is situation)
    return row.fda if preset == "fda" else row.ema
