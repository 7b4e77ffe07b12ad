"""What each recorded state means for a target, non-target or new lesion, or for a tumour marker."""

from __future__ import annotations

from recist.criteria.codes import Finding, LesionRole, LesionState

# A state that is not listed for a role is a fault in the data. Non-target lesions are judged by the reader's words
# only, never from sizes (RECIST 1.1 §4.3.3 defines their response qualitatively): a measured one is a present one.
# "increased" is growth that is not unequivocal: it decides nothing in RECIST 1.1, where the lesion is merely there.
FINDINGS: dict[LesionRole, dict[LesionState, Finding]] = {
    LesionRole.TARGET: {
        LesionState.MEASURED: Finding.MEASURED,
        LesionState.ABSENT: Finding.ABSENT,
        LesionState.TOO_SMALL: Finding.TOO_SMALL,
        LesionState.NOT_EVALUABLE: Finding.NOT_EVALUATED,
        LesionState.NOT_DONE: Finding.NOT_EVALUATED,
    },
    LesionRole.NON_TARGET: {
        LesionState.PRESENT: Finding.PRESENT,
        LesionState.MEASURED: Finding.PRESENT,
        LesionState.TOO_SMALL: Finding.PRESENT,
        LesionState.INCREASED: Finding.PRESENT,
        LesionState.ABSENT: Finding.ABSENT,
        LesionState.UNEQUIVOCAL_PD: Finding.PROGRESSED,
        LesionState.NOT_EVALUABLE: Finding.NOT_EVALUATED,
        LesionState.NOT_DONE: Finding.NOT_EVALUATED,
    },
    LesionRole.NEW: {
        LesionState.UNEQUIVOCAL: Finding.UNEQUIVOCAL,
        LesionState.EQUIVOCAL: Finding.EQUIVOCAL,
        LesionState.TOO_SMALL: Finding.EQUIVOCAL,
        LesionState.MEASURED: Finding.SEEN,
        LesionState.PRESENT: Finding.SEEN,
        LesionState.INCREASED: Finding.SEEN,
        LesionState.UNEQUIVOCAL_PD: Finding.PROGRESSED,
        LesionState.ABSENT: Finding.ABSENT,
        LesionState.NOT_EVALUABLE: Finding.NOT_EVALUATED,
        LesionState.NOT_DONE: Finding.NOT_EVALUATED,
    },
    LesionRole.MARKER: {
        LesionState.NORMAL: Finding.NORMAL,
        LesionState.ABNORMAL: Finding.ABNORMAL,
        LesionState.NOT_EVALUABLE: Finding.NOT_EVALUATED,
        LesionState.NOT_DONE: Finding.NOT_EVALUATED,
    },
}
