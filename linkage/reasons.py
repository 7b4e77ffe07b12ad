"""Why a subject has the response or the end of follow-up that stands in the cohort: closed sets of reasons."""

from __future__ import annotations

from enum import StrEnum


class EntryReason(StrEnum):
    """Why a subject of the study is not in the cohort."""

    ENTERED = "treated"
    UNTREATED = "no treatment recorded"
    AFTER_CUTOFF = "first treatment after the cutoff"


class FollowUpReason(StrEnum):
    """What became of a subject on the way to an evaluable first follow-up in a domain."""

    EVALUABLE = "evaluable first follow-up"
    NO_RECORD = "no record in this domain"
    NO_BASELINE = "no baseline"
    NORMAL_BASELINE = "marker within normal at baseline"
    ASYMPTOMATIC = "asymptomatic at baseline"
    NOT_EVALUABLE = "assessed in the window, not evaluable"
    RETREATED = "second treatment before the follow-up"
    DIED = "died before a follow-up in the window"
    OUTSIDE = "follow-up only outside the window"
    ENDED = "follow-up ended by the end of the window"
    NOT_ASSESSED = "no follow-up assessment"


class OsReason(StrEnum):
    """What ends overall survival."""

    DEATH = "death"
    LAST_CONTACT = "alive at last contact"
    CUTOFF = "alive at the cutoff"


class PfsReason(StrEnum):
    """What ends progression-free survival."""

    PROGRESSION_IMAGE = "progression on images"
    PROGRESSION_REPORT = "progression by report"
    PROGRESSION_CLINICAL = "clinical progression without imaging"
    DEATH = "death without progression"
    LAST_ADEQUATE = "no progression at the last adequate assessment"
    NO_ASSESSMENT = "no adequate assessment after treatment: day 1"
    MISSED_SCANS = "missed scans before the event: last adequate assessment"
    CLINICAL = "clinical progression: last adequate assessment before it"
    NEW_THERAPY = "new anticancer therapy: last adequate assessment before it"


class ReliefReason(StrEnum):
    """What ends the relief of symptoms."""

    RECURRENCE = "symptoms recurred"
    DEATH = "death during relief"
    LAST_CONTACT = "relief at last contact"
    CUTOFF = "relief at the cutoff"
