"""iRECIST as data: what it adds to RECIST 1.1. Tables are those of Seymour et al., Lancet Oncol 2017; 18: e143-e152."""

from __future__ import annotations

from dataclasses import replace

from recist.criteria.codes import (
    ImmuneBestResponse,
    ImmuneResponse,
    NewDisease,
    NonTargetResponse,
    SinceIUPD,
    TargetResponse,
)
from recist.criteria.criteria import limit
from recist.criteria.immune_table import ImmuneBestRow, ImmuneRow, ImmuneRules
from recist.criteria.recist_1_1 import CHOICE, FAQ, RECIST_1_1

PAPER = "Seymour 2017"
RECIST_TABLE = "Eisenhauer 2009, Table"
NEW_FAQ = f"{FAQ}, iRECIST: new lesions"
EARLY_FAQ = f"{FAQ}, iRECIST: scans less than four weeks after iUPD"

ANY_TARGET, ANY_NON_TARGET = frozenset(TargetResponse), frozenset(NonTargetResponse)
ANY_NEW = frozenset(NewDisease)
TARGET_PD, NON_TARGET_PD = frozenset({TargetResponse.PD}), frozenset({NonTargetResponse.PD})
NEW_PROGRESSED = frozenset({NewDisease.PROGRESSED})
NO_NEW = frozenset({NewDisease.NONE})
CALM_TARGET, CALM_NON_TARGET = ANY_TARGET - TARGET_PD, ANY_NON_TARGET - NON_TARGET_PD
CALM_NEW = ANY_NEW - NEW_PROGRESSED
SOME_NEW = CALM_NEW - NO_NEW
NO_IUPD = frozenset({SinceIUPD.NO_IUPD})
FREE = NO_IUPD | {SinceIUPD.IMPROVED}  # nothing is waiting, or what was waiting is over
UNDECIDED = frozenset({SinceIUPD.IMPROVED, SinceIUPD.NOT_EVALUATED})


_When = tuple[
    frozenset[TargetResponse], frozenset[NonTargetResponse], frozenset[NewDisease], frozenset[SinceIUPD]
]  # target, non-target, new lesions, and how they compare with an iUPD that waits


def _row(citation: str, when: _When, response: ImmuneResponse) -> ImmuneRow:
    target, non_target, new_lesion, since = when
    return ImmuneRow(
        citation=citation,
        target=target,
        non_target=non_target,
        new_lesion=new_lesion,
        since=since,
        response=response,
    )


_CR, _PR, _SD, _NE, _NO_TARGET = (frozenset({TargetResponse(word)}) for word in ("CR", "PR", "SD", "NE", "NONE"))
_NT_CR, _NT_PRESENT, _NT_NE, _NO_NON_TARGET = (
    frozenset({NonTargetResponse(word)}) for word in ("CR", "NON-CR/NON-PD", "NE", "NONE")
)
_R = ImmuneResponse

TIME_POINT: tuple[ImmuneRow, ...] = (
    _row(f"{PAPER}, Table 2 row 1", (_CR, _NT_CR | _NO_NON_TARGET, NO_NEW, FREE), _R.ICR),
    _row(f"{NEW_FAQ}: iCR needs all new lesions gone", (_CR, _NT_CR | _NO_NON_TARGET, SOME_NEW, FREE), _R.IPR),
    _row(f"{PAPER}, Table 2 row 2", (_CR, _NT_PRESENT, CALM_NEW, FREE), _R.IPR),
    _row(f"{RECIST_TABLE} 1 row 3", (_CR, _NT_NE, CALM_NEW, FREE), _R.IPR),
    _row(f"{PAPER}, Table 2 row 3; {RECIST_TABLE} 1 row 4", (_PR, CALM_NON_TARGET, CALM_NEW, FREE), _R.IPR),
    _row(f"{PAPER}, Table 2 row 4; {RECIST_TABLE} 1 row 5", (_SD, CALM_NON_TARGET, CALM_NEW, FREE), _R.ISD),
    _row(f"{RECIST_TABLE} 1 row 6", (_NE, CALM_NON_TARGET, CALM_NEW, FREE), _R.NE),
    _row(f"{PAPER}, Table 3 note; {RECIST_TABLE} 2 row 1", (_NO_TARGET, _NT_CR, NO_NEW, FREE), _R.ICR),
    _row(f"{NEW_FAQ}: iCR needs all new lesions gone", (_NO_TARGET, _NT_CR, SOME_NEW, FREE), _R.NON_ICR_NON_IUPD),
    _row(
        f"{PAPER}, Table 3 note; {RECIST_TABLE} 2 row 2", (_NO_TARGET, _NT_PRESENT, CALM_NEW, FREE), _R.NON_ICR_NON_IUPD
    ),
    _row(f"{RECIST_TABLE} 2 row 3", (_NO_TARGET, _NT_NE, CALM_NEW, FREE), _R.NE),
    _row(f"no disease at baseline: {CHOICE}", (_NO_TARGET, _NO_NON_TARGET, NO_NEW, FREE), _R.NED),
    _row(
        f"no disease at baseline: {CHOICE}",
        (_NO_TARGET, _NO_NON_TARGET, frozenset({NewDisease.STANDING}), FREE),
        _R.NON_ICR_NON_IUPD,
    ),
    _row(
        f"no disease at baseline: {CHOICE}",
        (_NO_TARGET, _NO_NON_TARGET, frozenset({NewDisease.NOT_EVALUATED}), FREE),
        _R.NE,
    ),
    _row(f"{PAPER}, Table 2 rows 7-9, no iUPD before", (TARGET_PD, ANY_NON_TARGET, ANY_NEW, NO_IUPD), _R.IUPD),
    _row(f"{PAPER}, Table 2 rows 6, 8, 9, no iUPD before", (ANY_TARGET, NON_TARGET_PD, ANY_NEW, NO_IUPD), _R.IUPD),
    _row(
        f"{PAPER}, Table 2 rows 9, 10, no iUPD before", (ANY_TARGET, ANY_NON_TARGET, NEW_PROGRESSED, NO_IUPD), _R.IUPD
    ),
    _row(
        f"{PAPER}, Table 2 rows 5-10, iUPD before: worse since",
        (ANY_TARGET, ANY_NON_TARGET, ANY_NEW, frozenset({SinceIUPD.WORSE})),
        _R.ICPD,
    ),
    _row(
        f"{PAPER}, Table 2 rows 5-10, iUPD before: no change",
        (ANY_TARGET, ANY_NON_TARGET, ANY_NEW, frozenset({SinceIUPD.UNCHANGED})),
        _R.IUPD,
    ),
    _row(f"{PAPER}, Table 2 rows 7-9, iUPD before", (TARGET_PD, ANY_NON_TARGET, ANY_NEW, UNDECIDED), _R.IUPD),
    _row(f"{PAPER}, Table 2 rows 6, 8, 9, iUPD before", (ANY_TARGET, NON_TARGET_PD, ANY_NEW, UNDECIDED), _R.IUPD),
    _row(f"{PAPER}, Table 2 rows 9, 10, iUPD before", (ANY_TARGET, ANY_NON_TARGET, NEW_PROGRESSED, UNDECIDED), _R.IUPD),
    _row(
        f"what made the iUPD was not evaluated: {CHOICE}",
        (CALM_TARGET, CALM_NON_TARGET, CALM_NEW, frozenset({SinceIUPD.NOT_EVALUATED})),
        _R.NE,
    ),
)


def _best(
    citation: str, best: ImmuneBestResponse, found_by: frozenset[ImmuneResponse], *, timed: bool = False
) -> ImmuneBestRow:
    return ImmuneBestRow(citation=citation, best=best, found_by=found_by, needs_minimum_time=timed)


_ONLY = {response: frozenset({response}) for response in ImmuneResponse}
_CONTROL = frozenset({_R.ICR, _R.IPR, _R.ISD})
_AS_RECIST = "Eisenhauer 2009 §4.4.3, as RECIST 1.1"

BEST: tuple[ImmuneBestRow, ...] = (
    _best(f"{PAPER}, Table 3 examples 1, 2", ImmuneBestResponse.ICR, _ONLY[_R.ICR]),
    _best(f"{PAPER}, Table 3 examples 3, 4", ImmuneBestResponse.IPR, _ONLY[_R.IPR]),
    _best(f"{PAPER}, Table 3 example 5", ImmuneBestResponse.ISD, _CONTROL, timed=True),
    _best(_AS_RECIST, ImmuneBestResponse.NON_ICR_NON_IUPD, _ONLY[_R.NON_ICR_NON_IUPD], timed=True),
    _best(f"no disease at baseline: {CHOICE}", ImmuneBestResponse.NED, _ONLY[_R.NED], timed=True),
    _best(f"{PAPER}, Table 3 examples 6, 7", ImmuneBestResponse.ICPD, _ONLY[_R.ICPD]),
    _best(f"{PAPER}, Table 3 example 8", ImmuneBestResponse.IUPD, _ONLY[_R.IUPD]),
    _best(_AS_RECIST, ImmuneBestResponse.NE, frozenset(ImmuneResponse) - _ONLY[_R.ND]),
    _best(_AS_RECIST, ImmuneBestResponse.ND, _ONLY[_R.ND]),
)

IMMUNE = ImmuneRules(
    confirming_increase=limit(
        5,
        "mm",
        "least increase of a sum since the iUPD that confirms it; of the targets, and of the new targets",
        f"{PAPER}, Table 2 and main text",
    ),
    max_new_targets=limit(5, "lesions", "most new lesions whose sizes are added up", f"{PAPER}, new lesions"),
    max_new_targets_per_organ=limit(2, "lesions", "most of them in one organ", f"{PAPER}, new lesions"),
    early_scan=limit(28, "days", "least days from an iUPD to the scan that may confirm it", f"{PAPER}; {EARLY_FAQ}"),
    early_scan_tolerance=limit(2, "days", "days by which that scan may come too early", EARLY_FAQ),
    late_scan=limit(56, "days", "a confirmation after more days than this is marked as late", PAPER),
    time_point=TIME_POINT,
    best=BEST,
)

IRECIST = replace(
    RECIST_1_1,
    name="irecist",
    title="iRECIST",
    citation="Seymour L et al. Lancet Oncol 2017; 18: e143-e152, doi 10.1016/S1470-2045(17)30074-8",
    immune=IMMUNE,
)
