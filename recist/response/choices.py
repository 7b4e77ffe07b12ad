"""The choices behind the options: what may be chosen where the published rules are silent or tools disagree."""

from __future__ import annotations

from enum import StrEnum


class MeasurementRounding(StrEnum):
    """Step, in mm, to which diameters are rounded half up on entry; none keeps hundredths."""

    NONE = "none"
    TENTH = "0.1"
    WHOLE = "1"


class MergedMixed(StrEnum):
    """Which axis counts of one mass of nodes and other lesions."""

    LONG = "long"
    SHORT = "short"


class ThresholdRounding(StrEnum):
    """Whether percentages are compared exactly or after rounding to one decimal place."""

    NONE = "none"
    ONE_DECIMAL = "1dp"


class PRPersistence(StrEnum):
    """Whether SD after PR stays PR until PD."""

    NONE = "none"
    AFTER_CONFIRMED_PR = "after_confirmed_pr"
    AFTER_PR = "after_pr"


class MissingAttenuation(StrEnum):
    """Response where criteria look at the attenuation of the targets and it is not known."""

    NE = "ne"
    SIZE_ONLY = "size_only"


class PostCR(StrEnum):
    """What disease seen after an overall CR makes of the time point."""

    PD = "pd"
    AS_IS = "as_is"
    RECODE_PR = "recode_pr"


class NonTargetPartial(StrEnum):
    """Response when some non-target lesions are present and others were not evaluated."""

    NE = "ne"
    PRESENT_WINS = "present_wins"


class NonTargetNodes(StrEnum):
    """What decides whether a measured non-target node is there: the reader's word, or its short axis."""

    AS_READ = "as_read"
    BY_SIZE = "by_size"


class MissingMarker(StrEnum):
    """What a tumour marker that was abnormal at baseline is where it is not known."""

    NOT_CR = "not_cr"
    IGNORE = "ignore"


class SmallNodeGrowth(StrEnum):
    """Response when every target is gone or normal but the nodes grew enough for PD below the normal limit."""

    CR = "cr"
    PD = "pd"


class ReturningNode(StrEnum):
    """What a single target node coming back after an overall CR is, as the only sign."""

    PD = "pd"
    EQUIVOCAL = "equivocal"


class SmallNewNode(StrEnum):
    """What a new node is whose short axis is enlarged but below the unequivocal limit."""

    EQUIVOCAL = "equivocal"
    PD = "pd"


class NodeOrgans(StrEnum):
    """Whether all lymph nodes together are one organ, or those of each site are."""

    ONE = "one"
    BY_SITE = "by_site"


class NodeSliceRule(StrEnum):
    """Whether thick slices raise the measurability limit of nodes."""

    TWO_SLICES = "two_slices"
    OFF = "off"


class TargetLimits(StrEnum):
    """Whether too many targets are a warning or an error."""

    WARNING = "warning"
    ERROR = "error"


class ResponseDate(StrEnum):
    """Which scan of a time point dates its response."""

    COMPONENT = "component"
    EARLIEST = "earliest"
    FDA2007 = "fda2007"


class SameDay(StrEnum):
    """Whether a scan on the day of new therapy counts as before it."""

    BEFORE = "before"
    AFTER = "after"


class Start(StrEnum):
    """Where days are counted from."""

    START_DATE = "start_date"
    BASELINE = "baseline"


class Responders(StrEnum):
    """Which responses open the duration of response."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"


class NoDisease(StrEnum):
    """Response where no disease was recorded at baseline."""

    NED = "ned"
    NE = "ne"


class ConfirmationBetween(StrEnum):
    """Whether what lies between a response and its confirmation matters."""

    STRICT = "strict"
    ANY = "any"


class NDBetween(StrEnum):
    """What a visit that was not done is between a response and its confirmation."""

    NE = "ne"
    BREAK = "break"


class SDDate(StrEnum):
    """Which visit dates a stable disease."""

    FIRST = "first"
    MINIMUM_TIME = "minimum_time"


class SameDate(StrEnum):
    """What two time points on one date are: the worse counts, or the data are refused."""

    WORST = "worst"
    ERROR = "error"


class MissedVisits(StrEnum):
    """What a scheduled visit that was not done is on the way to a confirmation."""

    IGNORE = "ignore"
    NE = "ne"


class Censoring(StrEnum):
    """Whose rules say where progression-free survival is censored."""

    FDA = "fda"
    EMA = "ema"


class AdequateAssessment(StrEnum):
    """Which time points are adequate assessments: those that could be evaluated, or all that were done."""

    EVALUABLE = "evaluable"
    DONE = "done"


class EarlyDeath(StrEnum):
    """What death without any adequate assessment, within two scheduled intervals, is."""

    EVENT = "event"
    CENSOR = "censor"


class NewTherapyEvent(StrEnum):
    """What progression on the very day of new therapy is."""

    EVENT = "event"
    CENSOR = "censor"


class ClinicalProgression(StrEnum):
    """What a clinical deterioration without progression on a scan is."""

    IGNORE = "ignore"
    CENSOR = "censor"
    EVENT = "event"


class ICPDIncrease(StrEnum):
    """Whether an increase since an iUPD of just the limit confirms it, or only one above."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"


class LateScan(StrEnum):
    """Whether a scan that comes late after an iUPD, or after one that was NE, confirms it or waits for the next."""

    CONFIRMS = "confirms"
    WAITS = "waits"


class ShrinkageAfterIUPD(StrEnum):
    """What the targets must do after an iUPD by a new lesion that is still there, so that it is over."""

    ANY = "any"
    BETTER_RESPONSE = "better_response"


class UnreadSubjects(StrEnum):
    """What a subject whom only other readers assessed is for a reader."""

    MISSING = "missing"
    LEFT_OUT = "left_out"
