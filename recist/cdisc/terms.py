"""Controlled terms of CDISC SDTM, each table with the codelist it comes from, and what they mean here.

Codelists are those of the CDISC SDTM Controlled Terminology, published by NCI Enterprise Vocabulary Services. Most of
them are extensible, so the words that sponsors add in practice stand beside the published ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from recist.criteria import LesionRole, LesionState
from recist.criteria.codes import ImmuneResponse
from recist.tables import TREATMENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Codelist:
    """A published list of terms."""

    name: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word of a codelist and what it means here.

    Attributes
    ----------
    word : str
        Upper case, single blanks.
    meaning : str
        In words of this program; empty when the word is known and not used.
    """

    word: str
    meaning: str


TUMOR_TESTS = Codelist(name="Tumor or Lesion Identification Test Code", code="C96784")
TUMOR_RESULTS = Codelist(name="Tumor or Lesion Identification Test Results", code="C123650")
RESULT_TESTS = Codelist(name="Tumor or Lesion Properties Test Code", code="C96779")
RESULT_WORDS = Codelist(name="Tumor or Lesion Properties Test Result", code="C124309")
RESPONSE_TESTS = Codelist(name="Oncology Response Assessment Test Code", code="C96782")
RESPONSE_WORDS = Codelist(name="Oncology Response Assessment Result", code="C96785")
RESPONSE_CATEGORIES = Codelist(name="Category of Oncology Response Assessment", code="C124298")
UNITS = Codelist(name="Unit", code="C71620")
NOT_DONE_LIST = Codelist(name="Not Done", code="C66789")

NOT_DONE = "NOT DONE"
YES = "Y"
RECIST_CATEGORY = "RECIST"
LYMPH_NODE = "LYMPH NODE"


@lru_cache(maxsize=4096)
def normal(word: str) -> str:
    """Write a term as the tables do: upper case, no blanks around it, one blank between words.

    Examples
    --------
    >>> normal(" Non_target ")
    'NON-TARGET'
    """
    plain = re.sub(r"[\s_]+", " ", word).strip().upper()
    return re.sub(r"\bNON[ -]?(?=TARGET|PATHOLOGICAL)", "NON-", plain)


# TUTESTCD
IDENTIFIED, LESION_IDENTIFIED, SPLIT, MERGED = "TUMIDENT", "LESIDENT", "TUSPLIT", "TUMERGE"
IDENTIFYING_TESTS: tuple[Term, ...] = (
    Term(word=IDENTIFIED, meaning="a lesion, with its role and site"),
    Term(word=LESION_IDENTIFIED, meaning="a lesion, with its role and site"),
    Term(word=SPLIT, meaning="a fragment of a lesion: one `part` of it"),
    Term(word=MERGED, meaning="a mass of several lesions: it `covers` them"),
)

# TUSTRESC
ROLE_TERMS: tuple[Term, ...] = (
    Term(word="TARGET", meaning=LesionRole.TARGET),
    Term(word="NON-TARGET", meaning=LesionRole.NON_TARGET),
    Term(word="NEW", meaning=LesionRole.NEW),
    Term(word="NEW TARGET", meaning=LesionRole.NEW),
    Term(word="NEW NON-TARGET", meaning=LesionRole.NEW),
)
ROLES: dict[str, LesionRole] = {term.word: LesionRole(term.meaning) for term in ROLE_TERMS}

ROLE_WORDS: dict[LesionRole, str] = {
    LesionRole.TARGET: "TARGET",
    LesionRole.NON_TARGET: "NON-TARGET",
    LesionRole.NEW: "NEW",
}

# TRTESTCD: the axis that a record measures, or that it describes a state
LONG_AXIS, SHORT_AXIS, DIAMETER, STATE = "long_axis_mm", "short_axis_mm", "diameter_mm", "state"
RESULT_TERMS: tuple[Term, ...] = (
    Term(word="LDIAM", meaning=LONG_AXIS),
    Term(word="LPERP", meaning=SHORT_AXIS),
    Term(word="SAXIS", meaning=SHORT_AXIS),
    Term(word="DIAMETER", meaning=DIAMETER),
    Term(word="TUMSTATE", meaning=STATE),
    Term(word="LNSTATE", meaning=STATE),
)
RESULTS: dict[str, str] = {term.word: term.meaning for term in RESULT_TERMS}
# TRTESTCD of values that the sponsor derived: they are derived again here, never read
DERIVED_RESULTS = frozenset(
    (
        *("SUMDIAM", "SUMLDIAM", "SUMLPERP", "SUMAXTHK", "SUMNLNLD", "SUMPDIAM", "PCBSD", "PCNSD", "ACNSD", "ACBSD"),
        *("PCHGBSD", "PCHGNSD", "PCBSLD", "NADIR", "LSTSUMD", "SLDIAM"),
    )
)
SUM_TESTS = frozenset(("SUMDIAM", "SUMLDIAM", "SLDIAM"))  # of them, the sums of all targets
# TRTESTCD of properties that RECIST does not count
OTHER_RESULTS = frozenset(
    ("VOLUME", "AREA", "PRODUCT", "SPD", "HU", "DENSITY", "MAXSUV", "SUVR", "AXTHICK", "METVOLNO")
)

# TRSTRESC of a state; the same word means different things for different roles
_S = LesionState
STATE_TERMS: tuple[tuple[Term, dict[LesionRole, LesionState]], ...] = (
    (Term(word="ABSENT", meaning="gone"), dict.fromkeys(LesionRole, _S.ABSENT)),
    (Term(word="RESOLVED", meaning="gone"), dict.fromkeys(LesionRole, _S.ABSENT)),
    (
        Term(word="NON-PATHOLOGICAL", meaning="a node of normal size"),
        {LesionRole.NON_TARGET: _S.ABSENT, LesionRole.NEW: _S.ABSENT},
    ),
    (
        Term(word="PATHOLOGICAL", meaning="an enlarged node"),
        {LesionRole.NON_TARGET: _S.PRESENT, LesionRole.NEW: _S.PRESENT},
    ),
    (Term(word="PRESENT", meaning="seen"), {LesionRole.NON_TARGET: _S.PRESENT, LesionRole.NEW: _S.PRESENT}),
    (
        Term(word="EQUIVOCAL", meaning="not certain"),
        {LesionRole.NON_TARGET: _S.PRESENT, LesionRole.NEW: _S.EQUIVOCAL},
    ),
    (
        Term(word="UNEQUIVOCAL", meaning="certain progression, or certainly new"),
        {LesionRole.NON_TARGET: _S.UNEQUIVOCAL_PD, LesionRole.NEW: _S.UNEQUIVOCAL},
    ),
    *(
        (
            Term(word=word, meaning="certain progression, or certainly new"),
            {LesionRole.NON_TARGET: _S.UNEQUIVOCAL_PD, LesionRole.NEW: _S.UNEQUIVOCAL_PD},
        )
        for word in ("UNEQUIVOCAL INCREASE", "UNEQUIVOCAL PROGRESSION", "UNEQUIVOCAL PROGRESSIVE DISEASE")
    ),
    *(
        (
            Term(word=word, meaning="grew, but not unequivocally"),
            {LesionRole.NON_TARGET: _S.INCREASED, LesionRole.NEW: _S.INCREASED},
        )
        for word in ("INCREASED", "EQUIVOCAL INCREASE")
    ),
    *(
        (Term(word=word, meaning="seen, too small to measure"), dict.fromkeys(LesionRole, _S.TOO_SMALL))
        for word in ("TOO SMALL TO MEASURE", "TOO SMALL", "BELOW MEASURABLE LIMIT")
    ),
    *(
        (Term(word=word, meaning="cannot be judged"), dict.fromkeys(LesionRole, _S.NOT_EVALUABLE))
        for word in ("NOT EVALUABLE", "NOT ASSESSABLE", "NON-EVALUABLE", "NOT MEASURABLE", "NE")
    ),
    *(
        (Term(word=word, meaning="not looked at"), dict.fromkeys(LesionRole, _S.NOT_DONE))
        for word in (NOT_DONE, "NOT ASSESSED", "SCAN NOT PERFORMED")
    ),
)
STATES: dict[str, dict[LesionRole, LesionState]] = {term.word: states for term, states in STATE_TERMS}
# what in TRREASND says that the lesion was looked at and could not be judged
NOT_EVALUABLE_REASONS = re.compile(r"NOT (?:EVALUABLE|ASSESSABLE|MEASURABLE)|NON-?EVALUABLE|OBSCURED", re.IGNORECASE)

# TRREASND of a lesion that was treated on its own during the study: it is not evaluable from then on
TREATED = "NOT EVALUABLE: {}"
TREATMENT_WORDS: dict[str, str] = {word: word.upper() for word in TREATMENTS}
TREATMENT_REASON = re.compile(rf"^NOT EVALUABLE: ({'|'.join(TREATMENT_WORDS.values())})\b")

# TRSTRESU: how many millimetres, as the power of ten
UNIT_POWERS: dict[str, int] = {"MM": 0, "CM": 1}

# TRMETHOD (codelist C85492, Method): how the lesion was seen
MODALITIES: dict[str, str] = {
    "CT SCAN": "ct",
    "CT": "ct",
    "SPIRAL CT": "ct",
    "CONTRAST ENHANCED CT SCAN": "ct",
    "MULTI-DETECTOR CT SCAN": "ct",
    "MRI": "mri",
    "CONTRAST ENHANCED MRI": "mri",
    "PET SCAN": "pet",
    "FDGPET": "pet",
    "X-RAY": "xray",
    "ULTRASOUND": "ultrasound",
    "PHYSICAL EXAMINATION": "clinical",
    "PHOTOGRAPHY": "clinical",
    "CALIPER": "clinical",
}

METHOD_TERMS: dict[str, str] = {modality: word for word, modality in reversed(MODALITIES.items())}

# VISIT that marks the baseline when no flag does
BASELINE_VISIT = re.compile(r"^(?:BASELINE|SCREEN(?:ING)?|SCR|BL)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTest:
    """One RSTESTCD: its name, and the column of the derived tables it is compared with."""

    code: str
    name: str
    column: str


RESPONSE_TEST_TABLE: tuple[ResponseTest, ...] = (
    ResponseTest(code="TRGRESP", name="Target Response", column="target_response"),
    ResponseTest(code="NTRGRESP", name="Non-target Response", column="non_target_response"),
    ResponseTest(code="NEWLPROG", name="New Lesion Progression", column="new_lesion"),
    ResponseTest(code="NEWLIND", name="New Lesion Indicator", column="new_lesion"),
    ResponseTest(code="OVRLRESP", name="Overall Response", column="overall_response"),
    ResponseTest(code="BESTRESP", name="Best Response", column="best_response"),
)
RESPONSE_TESTS_BY_CODE: dict[str, ResponseTest] = {test.code: test for test in RESPONSE_TEST_TABLE}

# RSSTRESC of a new lesion, and ours
NEW_LESION_WORDS: dict[str, str] = {
    "Y": "unequivocal",
    "YES": "unequivocal",
    "N": "no",
    "NO": "no",
    "EQUIVOCAL": "equivocal",
    "UNEQUIVOCAL": "unequivocal",
    "PD": "unequivocal",
    "ABSENT": "no",
    "": "no",
}
# RSSTRESC written otherwise in practice, and the published term
RESPONSE_SYNONYMS: dict[str, str] = {
    "NON-CR/NON-PD": "NON-CR/NON-PD",
    "NON CR/NON PD": "NON-CR/NON-PD",
    "NONCR/NONPD": "NON-CR/NON-PD",
    "IR/SD": "NON-CR/NON-PD",
    "NOT EVALUABLE": "NE",
    "NOT ALL EVALUATED": "NE",
    "UNABLE TO EVALUATE": "NE",
    "UE": "NE",
    "NE": "NE",
    "NOT DONE": "ND",
    "COMPLETE RESPONSE": "CR",
    "PARTIAL RESPONSE": "PR",
    "STABLE DISEASE": "SD",
    "PROGRESSIVE DISEASE": "PD",
    "PROGRESSION": "PD",
    "NO EVIDENCE OF DISEASE": "NED",
    "NOT APPLICABLE": "NONE",
    "NA": "NONE",
}
# the responses of iRECIST have a small letter; those of a component are the ones of RECIST 1.1
IMMUNE_WORDS: dict[str, str] = {str(member).upper(): str(member) for member in ImmuneResponse}

PLAIN_WORDS: dict[str, str] = {
    "iCR": "CR",
    "iPR": "PR",
    "iSD": "SD",
    "iUPD": "PD",
    "iCPD": "PD",
    "NON-iCR/NON-iUPD": "NON-CR/NON-PD",
}


def response_word(word: str) -> str:
    """Give the published term of a response, or the word itself when it has none.

    Examples
    --------
    >>> response_word("Stable disease"), response_word("PR"), response_word("IUPD")
    ('SD', 'PR', 'iUPD')
    """
    plain = " ".join(word.upper().split())
    return RESPONSE_SYNONYMS.get(plain, IMMUNE_WORDS.get(plain, plain))
