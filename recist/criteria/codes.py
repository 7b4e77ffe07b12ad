"""The closed sets of words that lesions and responses are described with."""

from __future__ import annotations

from enum import StrEnum


class LesionRole(StrEnum):
    """What a lesion is for the assessment; fixed when it is first recorded."""

    TARGET = "target"
    NON_TARGET = "non_target"
    NEW = "new"
    MARKER = "marker"  # a tumour marker: no lesion, but part of a complete response


class LesionState(StrEnum):
    """What the reader recorded about a lesion at a time point."""

    MEASURED = "measured"
    ABSENT = "absent"
    TOO_SMALL = "too_small"
    NOT_EVALUABLE = "not_evaluable"
    NOT_DONE = "not_done"
    PRESENT = "present"
    UNEQUIVOCAL_PD = "unequivocal_pd"
    UNEQUIVOCAL = "unequivocal"
    EQUIVOCAL = "equivocal"
    INCREASED = "increased"  # grew, but not unequivocally
    NORMAL = "normal"
    ABNORMAL = "abnormal"


class Finding(StrEnum):
    """What a recorded state means for a lesion of its role."""

    MEASURED = "measured"  # the diameter counts
    TOO_SMALL = "too_small"  # present; the default size counts unless a real one is given
    ABSENT = "absent"
    NOT_EVALUATED = "not_evaluated"
    PRESENT = "present"
    PROGRESSED = "progressed"
    UNEQUIVOCAL = "unequivocal"
    EQUIVOCAL = "equivocal"
    SEEN = "seen"  # a new lesion of which only the size is given: size and kind decide
    NORMAL = "normal"  # a tumour marker at or below its upper limit
    ABNORMAL = "abnormal"


class TargetResponse(StrEnum):
    """Response of the target lesions; NONE when there were none at baseline."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    PD = "PD"
    NE = "NE"
    NONE = "NONE"


class NonTargetResponse(StrEnum):
    """Response of the non-target lesions; NONE when there were none at baseline."""

    CR = "CR"
    NON_CR_NON_PD = "NON-CR/NON-PD"
    PD = "PD"
    NE = "NE"
    NONE = "NONE"


class NewLesion(StrEnum):
    """Whether a new lesion was seen at a time point, and how sure the reader is of it."""

    NO = "no"
    EQUIVOCAL = "equivocal"
    UNEQUIVOCAL = "unequivocal"


class OverallResponse(StrEnum):
    """Overall response at a time point."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    NON_CR_NON_PD = "NON-CR/NON-PD"
    NED = "NED"
    PD = "PD"
    NE = "NE"
    ND = "ND"


class BestResponse(StrEnum):
    """Best overall response of a subject; MISSING when no time point counts."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    NON_CR_NON_PD = "NON-CR/NON-PD"
    NED = "NED"
    PD = "PD"
    NE = "NE"
    ND = "ND"
    MISSING = "MISSING"


class ImmuneResponse(StrEnum):
    """Overall response at a time point by iRECIST."""

    ICR = "iCR"
    IPR = "iPR"
    ISD = "iSD"
    NON_ICR_NON_IUPD = "NON-iCR/NON-iUPD"
    NED = "NED"
    IUPD = "iUPD"  # progression, not confirmed
    ICPD = "iCPD"  # progression, confirmed
    NE = "NE"
    ND = "ND"


class ImmuneBestResponse(StrEnum):
    """Best overall response of a subject by iRECIST; MISSING when no time point counts."""

    ICR = "iCR"
    IPR = "iPR"
    ISD = "iSD"
    NON_ICR_NON_IUPD = "NON-iCR/NON-iUPD"
    NED = "NED"
    ICPD = "iCPD"
    IUPD = "iUPD"
    NE = "NE"
    ND = "ND"
    MISSING = "MISSING"


class NewDisease(StrEnum):
    """What is known of the new lesions at a time point, by iRECIST."""

    NONE = "none"  # none so far, or all gone
    STANDING = "standing"  # known ones are still there and do not progress
    NOT_EVALUATED = "not_evaluated"  # known ones were not looked at
    PROGRESSED = "progressed"  # one is new, or known ones grew enough


class SinceIUPD(StrEnum):
    """How a time point compares with the iUPD that still waits for confirmation."""

    NO_IUPD = "no_iupd"  # none is waiting
    WORSE = "worse"
    UNCHANGED = "unchanged"
    IMPROVED = "improved"
    NOT_EVALUATED = "not_evaluated"
