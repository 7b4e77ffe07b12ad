"""Anatomic codes and the words that stand for them in the column `site`.

The codes are those that anatomic regions and segmented properties are coded with: DICOM PS3.16 CID 4031 (common
anatomic regions), CID 4030 (CT regions), CID 7155 to 7160 (segmentation of thorax, abdomen and pelvis). Each has its
SNOMED CT value (scheme SCT) and, where there is one, the SNOMED RT value that older files carry (scheme SRT, in the
oldest ones SNM3 or 99SDM). The words are chosen so that `recist.criteria.organs` knows the organ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.dicom import elements

if TYPE_CHECKING:
    from recist.dicom.elements import Elements

# (SNOMED CT, SNOMED RT, site)
SITES: tuple[tuple[str, str, str], ...] = (
    ("59441001", "T-C4000", "lymph node"),
    ("68171009", "T-C4710", "axillary lymph node"),
    ("62683002", "T-C4360", "mediastinal lymph node"),
    ("8928004", "T-C4810", "inguinal lymph node"),
    ("81105003", "T-C4200", "cervical lymph node"),
    ("54268001", "T-C4600", "pelvic lymph node"),
    ("91394001", "T-C4580", "retroperitoneal lymph node"),
    ("53074004", "T-C4320", "hilar lymph node"),
    ("28330007", "T-C4332", "subcarinal lymph node"),
    ("39607008", "T-28000", "lung"),
    ("10200004", "T-62000", "liver"),
    ("64033007", "T-71000", "kidney"),
    ("23451007", "T-B3000", "adrenal gland"),
    ("15497006", "T-87000", "ovary"),
    ("76752008", "T-04000", "breast"),
    ("40689003", "T-94000", "testis"),
    ("3120008", "T-29000", "pleura"),
    ("15425007", "T-D4400", "peritoneum"),
    ("27398004", "T-D4600", "omentum"),
    ("12738006", "T-A0100", "brain"),
    ("272673000", "T-D016E", "bone"),
    ("51282000", "T-11510", "vertebra"),
    ("113197003", "T-11300", "rib"),
    ("71341001", "T-12710", "femur"),
    ("54735007", "T-11AD0", "sacrum"),
    ("56873002", "T-11210", "sternum (bone)"),
    ("79601000", "T-12280", "scapula (bone)"),
    ("15776009", "T-65000", "pancreas"),
    ("78961009", "T-C3000", "spleen"),
    ("69748006", "T-B6000", "thyroid"),
    ("30315005", "T-58000", "small intestine"),
    ("38848004", "T-58200", "duodenum"),
    ("21306003", "T-58400", "jejunum"),
    ("34516001", "T-58600", "ileum"),
    ("71854001", "T-59300", "colon"),
    ("34402009", "T-59600", "rectum"),
    ("69695003", "T-57000", "stomach"),
    ("39937001", "T-01000", "skin"),
    ("127954009", "T-D0684", "skeletal muscle"),
    ("71616004", "T-13001", "muscle"),
    ("87784001", "T-1A000", "soft tissue"),
    ("72410000", "T-D3300", "mediastinum"),
    ("82849001", "T-D4900", "retroperitoneum"),
    ("32849002", "T-56000", "esophagus"),
    ("89837001", "T-74000", "bladder"),
    ("41216001", "T-92000", "prostate"),
    ("35039007", "T-83000", "uterus"),
    ("71252005", "T-83200", "cervix"),
    ("80891009", "T-32000", "heart"),
    ("76848001", "T-39000", "pericardium"),
    ("28231008", "T-63000", "gallbladder"),
    ("955009", "T-26000", "bronchus"),
    ("44567001", "T-25000", "trachea"),
    ("4596009", "T-24100", "larynx"),
    ("45048000", "T-D1600", "neck"),
    ("91470000", "T-D8104", "axilla"),
    ("2748008", "T-A7010", "spinal cord"),
    ("45289007", "T-61100", "parotid gland"),
)
SIDES: tuple[tuple[str, str, str], ...] = (  # CID 244, laterality
    ("7771000", "G-A101", "left"),
    ("24028007", "G-A100", "right"),
    ("51440002", "G-A102", "bilateral"),
)
# Categories of CID 7150 for what is no lesion: an organ or tissue drawn whole.
NO_LESIONS: tuple[tuple[str, str, str], ...] = (
    ("123037004", "T-D000A", "anatomical structure"),
    ("91723000", "T-D0005", "anatomical structure"),
    ("85756007", "T-D0050", "tissue"),
    ("309825002", "R-42018", "spatial and relational concept"),
)

_SITE_OF = {code: word for sct, srt, word in SITES for code in (sct, srt)}
_SIDE_OF = {code: word for sct, srt, word in SIDES for code in (sct, srt)}
_NO_LESION_OF = {code: word for sct, srt, word in NO_LESIONS for code in (sct, srt)}


def site_of_code(code: str) -> str:
    """Give the site of a code, whichever of its schemes it is from; empty where it is not in the table."""
    return _SITE_OF.get(code.strip(), "")


def is_no_lesion(category_code: str) -> bool:
    """Whether a category of segments holds organs and tissues instead of lesions."""
    return category_code.strip() in _NO_LESION_OF


def code_value(item: Elements) -> str:
    """Give the value of a coded concept, from whichever element holds it."""
    return next(
        (
            found
            for keyword in ("CodeValue", "LongCodeValue", "URNCodeValue")
            if (found := elements.text(item, keyword))
        ),
        "",
    )


def name_site(region: Elements) -> str:
    """Name the site of a coded anatomic region: by the table, else by the words beside the code; with its side."""
    site = site_of_code(code_value(region)) or elements.text(region, "CodeMeaning").lower()
    modifiers = elements.items(region, "AnatomicRegionModifierSequence")
    side = next((_SIDE_OF[code] for item in modifiers if (code := code_value(item)) in _SIDE_OF), "")
    return f"{side} {site}" if side and site and side not in site else site
