"""Sites of lesions by their codes: SNOMED CT and SNOMED RT, ICD-O-3 topography, RadLex; and the way back.

A code outside the tables keeps the words that came with it. Whether a site is nodal follows from the words; where they
name no organ that is known, it stays open.
"""

from __future__ import annotations

import re

from recist.annotations.codes import Code
from recist.criteria.organs import LYMPH_NODES, is_known_organ, organ_of
from recist.dicom.site_codes import SIDES, SITES, site_of_code

SNOMED_SCHEMES = {"SCT", "SRT", "SNM3", "99SDM"}

# International Classification of Diseases for Oncology, 3rd edition, topography, by its first letters.
ICD_SCHEMES = {"ICDO3", "ICD-O-3", "ICDO"}
ICD_SITES: tuple[tuple[str, str], ...] = (
    ("C15", "esophagus"),
    ("C16", "stomach"),
    ("C17", "small intestine"),
    ("C18", "colon"),
    ("C20", "rectum"),
    ("C22", "liver"),
    ("C23", "gallbladder"),
    ("C25", "pancreas"),
    ("C34", "lung"),
    ("C38.1", "mediastinum"),
    ("C38.2", "mediastinum"),
    ("C38.3", "mediastinum"),
    ("C38.4", "pleura"),
    ("C40", "bone"),
    ("C41", "bone"),
    ("C42.2", "spleen"),
    ("C44", "skin"),
    ("C48.0", "retroperitoneum"),
    ("C48.1", "peritoneum"),
    ("C48.2", "peritoneum"),
    ("C49", "soft tissue"),
    ("C50", "breast"),
    ("C53", "cervix"),
    ("C54", "uterus"),
    ("C55", "uterus"),
    ("C56", "ovary"),
    ("C61", "prostate"),
    ("C62", "testis"),
    ("C64", "kidney"),
    ("C67", "bladder"),
    ("C71", "brain"),
    ("C73", "thyroid"),
    ("C74", "adrenal gland"),
    ("C77", "lymph node"),
    ("C77.3", "axillary lymph node"),
    ("C77.4", "inguinal lymph node"),
    ("C77.5", "pelvic lymph node"),
)
# Radiological Society of North America, RadLex.
RADLEX_SITES = {
    "RID58": "liver",
    "RID1301": "lung",
    "RID205": "kidney",
    "RID86": "spleen",
    "RID170": "pancreas",
    "RID88": "adrenal gland",
    "RID6434": "brain",
}
_LONGEST_FIRST = sorted(ICD_SITES, key=lambda pair: -len(pair[0]))
_TAIL = re.compile(r"\s*\((body structure|qualifier value)\)$")
_SIDE_WORDS = {code: word for sct, srt, word in SIDES for code in (sct, srt)}


def site_of(code: Code, side: Code | None = None) -> str:
    """Name the site of a code, and its side; the words that came with it where the code is not in the tables.

    Examples
    --------
    >>> site_of(Code(value="T-62000", scheme="SRT")), site_of(Code(value="C77.3", scheme="ICDO3"))
    ('liver', 'axillary lymph node')
    >>> site_of(Code(value="39607008", scheme="SCT"), Code(value="7771000", scheme="SCT"))
    'left lung'
    >>> site_of(Code(value="1234", scheme="99X", meaning="Great toe (body structure)"))
    'great toe'
    """
    site = _known_site(code) or _TAIL.sub("", code.meaning).strip().casefold()
    word = "" if side is None else _SIDE_WORDS.get(side.value, "")
    return f"{word} {site}" if word and site and word not in site else site


def _known_site(code: Code) -> str:
    if code.scheme in SNOMED_SCHEMES:
        return site_of_code(code.value)
    if code.scheme in ICD_SCHEMES:
        return next((site for begin, site in _LONGEST_FIRST if code.value.upper().startswith(begin)), "")
    return RADLEX_SITES.get(code.value, "") if code.scheme.casefold() == "radlex" else ""


def nodal_of(site: str) -> bool | None:
    """Say whether a site is a lymph node; None where its words name no organ that is known.

    Examples
    --------
    >>> nodal_of("mediastinal lymph node"), nodal_of("liver"), nodal_of("mediastinum")
    (True, False, None)
    """
    organ = organ_of(site, nodal=False)
    if organ == LYMPH_NODES:
        return True
    return False if is_known_organ(organ) else None


def codes_of_site(site: str, *, is_nodal: bool) -> tuple[Code | None, Code | None]:
    """Give the SNOMED CT codes of a site named in words and of its side; of its organ where the words say more.

    Examples
    --------
    >>> [code and code.meaning for code in codes_of_site("left lung", is_nodal=False)]
    ['Lung', 'Left']
    >>> [code and code.meaning for code in codes_of_site("great toe", is_nodal=False)]
    [None, None]
    """
    words = site.strip().casefold()
    side = next((each for each in SIDES if each[2] in words.split()), None)
    bare = " ".join(word for word in words.split() if side is None or word != side[2])
    organ = organ_of(site, nodal=is_nodal)
    wanted = (words, bare, "lymph node" if organ == LYMPH_NODES else organ)
    found = next((each for name in wanted for each in SITES if each[2] == name), None)
    if found is None:
        return None, None
    return _as_code(found), None if side is None else _as_code(side)


def _as_code(row: tuple[str, str, str]) -> Code:
    return Code(value=row[0], scheme="SCT", meaning=row[2].capitalize())
