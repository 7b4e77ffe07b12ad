"""Sites of lesions by their codes: SNOMED CT and SNOMED RT (PS3.16 CID 4031 and 7500), ICD-O-3 topography, RadLex.

A code outside the table keeps the words that came with it. Whether a site is nodal follows from the words; where they
name no organ that is known, it stays open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.annotations.codes import Code
from recist.criteria.organs import LYMPH_NODES, is_known_organ, organ_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One organ and its codes; ICD-O-3 by the first letters of the topography."""

    name: str
    meaning: str
    sct: str
    srt: str
    icd: tuple[str, ...] = ()
    radlex: str = ""


SITES: tuple[Site, ...] = (
    Site(name="lung", meaning="Lung", sct="39607008", srt="T-28000", icd=("C34",), radlex="RID1301"),
    Site(name="liver", meaning="Liver", sct="10200004", srt="T-62000", icd=("C22",), radlex="RID58"),
    Site(name="lymph node", meaning="Lymph Node", sct="59441001", srt="T-C4000", icd=("C77",)),
    Site(name="axillary lymph node", meaning="Axillary lymph node", sct="68171009", srt="T-C4710", icd=("C77.3",)),
    Site(name="mediastinal lymph node", meaning="mediastinal lymph node", sct="62683002", srt="T-C4360"),
    Site(name="inguinal lymph node", meaning="inguinal lymph node", sct="8928004", srt="T-C4810", icd=("C77.4",)),
    Site(name="cervical lymph node", meaning="cervical lymph node", sct="81105003", srt="T-C4200"),
    Site(name="pelvic lymph node", meaning="pelvic lymph node", sct="54268001", srt="T-C4600", icd=("C77.5",)),
    Site(name="retroperitoneal lymph node", meaning="retroperitoneal lymph node", sct="91394001", srt="T-C4580"),
    Site(name="hilar lymph node", meaning="hilar lymph node", sct="53074004", srt="T-C4320"),
    Site(name="subcarinal lymph node", meaning="subcarinal lymph node", sct="28330007", srt="T-C4332"),
    Site(name="mediastinum", meaning="Mediastinum", sct="72410000", srt="T-D3300", icd=("C38.1", "C38.2", "C38.3")),
    Site(name="bone", meaning="Bone", sct="272673000", srt="T-D016E", icd=("C40", "C41")),
    Site(name="spleen", meaning="Spleen", sct="78961009", srt="T-C3000", icd=("C42.2",), radlex="RID86"),
    Site(name="kidney", meaning="Kidney", sct="64033007", srt="T-71000", icd=("C64",), radlex="RID205"),
    Site(name="brain", meaning="Brain", sct="12738006", srt="T-A0100", icd=("C71",), radlex="RID6434"),
    Site(name="pancreas", meaning="Pancreas", sct="15776009", srt="T-65000", icd=("C25",), radlex="RID170"),
    Site(name="adrenal gland", meaning="Adrenal gland", sct="23451007", srt="T-B3000", icd=("C74",), radlex="RID88"),
    Site(name="pleura", meaning="Pleura", sct="3120008", srt="T-29000", icd=("C38.4",)),
    Site(name="peritoneum", meaning="Peritoneum", sct="15425007", srt="T-D4400", icd=("C48.1", "C48.2")),
    Site(name="retroperitoneum", meaning="Retroperitoneum", sct="82849001", srt="T-D4900", icd=("C48.0",)),
    Site(name="ovary", meaning="Ovary", sct="15497006", srt="T-87000", icd=("C56",)),
    Site(name="breast", meaning="Breast", sct="76752008", srt="T-04000", icd=("C50",)),
    Site(name="stomach", meaning="Stomach", sct="69695003", srt="T-57000", icd=("C16",)),
    Site(name="colon", meaning="Colon", sct="71854001", srt="T-59300", icd=("C18",)),
    Site(name="rectum", meaning="Rectum", sct="34402009", srt="T-59600", icd=("C20",)),
    Site(name="esophagus", meaning="Esophagus", sct="32849002", srt="T-56000", icd=("C15",)),
    Site(name="thyroid", meaning="Thyroid", sct="69748006", srt="T-B6000", icd=("C73",)),
    Site(name="prostate", meaning="Prostate", sct="41216001", srt="T-92000", icd=("C61",)),
    Site(name="bladder", meaning="Bladder", sct="89837001", srt="T-74000", icd=("C67",)),
    Site(name="uterus", meaning="Uterus", sct="35039007", srt="T-83000", icd=("C54", "C55")),
    Site(name="skin", meaning="Skin", sct="39937001", srt="T-01000", icd=("C44",)),
    Site(name="muscle", meaning="Muscle", sct="71616004", srt="T-13001"),
    Site(name="abdomen", meaning="Abdomen", sct="818981001", srt="T-D4000"),
)
ICD_SCHEMES = {"ICDO3", "ICD-O-3", "ICDO"}
_LONGEST_ICD_FIRST = sorted(((begin, site) for site in SITES for begin in site.icd), key=lambda pair: -len(pair[0]))


def _codes() -> Iterator[tuple[tuple[str, str], Site]]:
    for site in SITES:
        yield (site.sct, "SCT"), site
        yield (site.srt, "SRT"), site
        yield (site.radlex, "RadLex"), site


_BY_CODE = dict(_codes())
_TAIL = re.compile(r"\s*\((body structure|qualifier value)\)$")


def site_of(code: Code) -> str:
    """Name the site of a code; the words that came with it where the code is not in the table.

    Examples
    --------
    >>> site_of(Code(value="T-62000", scheme="SRT")), site_of(Code(value="C77.3", scheme="ICDO3"))
    ('liver', 'axillary lymph node')
    >>> site_of(Code(value="44567001", scheme="SCT", meaning="Tracheal structure (body structure)"))
    'tracheal structure'
    """
    found = _BY_CODE.get(code.key) if code.value else None
    if found is None and code.scheme in ICD_SCHEMES:
        found = next((site for begin, site in _LONGEST_ICD_FIRST if code.value.upper().startswith(begin)), None)
    if found is not None:
        return found.name
    return _TAIL.sub("", code.meaning).strip().casefold()


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


def code_of_site(site: str, *, is_nodal: bool) -> Code | None:
    """Give the SNOMED CT code of a site named in words, of its organ where the words say more; None without one."""
    words = site.strip().casefold()
    exact = next((each for each in SITES if each.name == words), None)
    if exact is None:
        organ = organ_of(site, nodal=is_nodal)
        wanted = "lymph node" if organ == LYMPH_NODES else organ
        exact = next((each for each in SITES if each.name == wanted), None)
    return None if exact is None else Code(value=exact.sct, scheme="SCT", meaning=exact.meaning)
