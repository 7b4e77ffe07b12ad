"""Modified RECIST for hepatocellular carcinoma as data: Lencioni and Llovet, Semin Liver Dis 2010; 30: 52-60."""

from __future__ import annotations

from dataclasses import replace

from recist.criteria.codes import LesionRole
from recist.criteria.criteria import CountedSize, Note, limit
from recist.criteria.recist_1_1 import CHOICE, OVERALL_RESPONSE, RECIST_1_1
from recist.criteria.response_table import cite_rows
from recist.criteria.site_rules import SiteRule

PAPER = "Lencioni 2010"
_TABLE = f"{PAPER}, table of overall responses"
_AS_1_1 = f"{CHOICE}: as RECIST 1.1"

OVERALL_RESPONSE_HCC = cite_rows(
    OVERALL_RESPONSE,
    (
        f"{_TABLE}, row 1; without non-target disease by implication",
        f"{_TABLE}, row 2 (incomplete response or stable disease)",
        f"targets CR, others not evaluated: {_AS_1_1}",
        f"{_TABLE}, row 3",
        f"{_TABLE}, row 4",
        f"targets not all evaluated: {_AS_1_1}",
        f"{_TABLE}, row 5",
        f"{_TABLE}, row 6",
        f"{_TABLE}, row 7",
        f"no target lesions, others CR: {_AS_1_1}",
        f"no target lesions, others present: {_AS_1_1}",
        f"no target lesions, others not evaluated: {_AS_1_1}",
        f"no disease at baseline: {CHOICE}",
    ),
)

SITE_RULES = (
    SiteRule(
        code="small_porta_hepatis_node",
        words=("porta hepatis", "portacaval", "hepatoduodenal", "hepatic hilum", "liver hilum", "hilum of the liver"),
        roles=frozenset(LesionRole),
        nodal=frozenset({True}),
        below=limit(20, "mm", "least short axis of a malignant node at the porta hepatis", f"{PAPER}, lymph nodes"),
        finds="mRECIST: a node at the porta hepatis that is not malignant by its size",
        message="a node at the porta hepatis is malignant from 20 mm short axis on; below it is no disease",
        citation=f"{PAPER}, lymph nodes",
    ),
    SiteRule(
        code="portal_thrombosis_as_target",
        words=("portal vein", "portal venous", "portal thrombosis", "thrombus", "thrombosis", "pvt"),
        roles=frozenset({LesionRole.TARGET}),
        finds="mRECIST: a thrombosis of the portal vein as target",
        message="a malignant thrombosis of the portal vein is not measurable; record it as non-target",
        citation=f"{PAPER}, portal vein thrombosis",
    ),
    SiteRule(
        code="effusion_needs_cytology",
        words=("ascites", "effusion"),
        roles=frozenset(LesionRole),
        finds="mRECIST: ascites or an effusion",
        message="ascites or an effusion counts as tumour only when cytology shows it; was it done?",
        citation=f"{PAPER}, pleural effusion and ascites",
    ),
    SiteRule(
        code="small_new_liver_nodule",
        words=("liver", "hepatic"),
        roles=frozenset({LesionRole.NEW}),
        nodal=frozenset({False}),
        below=limit(10, "mm", "least longest diameter of a new carcinoma in the liver", f"{PAPER}, new lesions"),
        finds="mRECIST: a small new nodule in the liver",
        message="a new liver nodule is a new carcinoma from 10 mm on; below it is equivocal",
        citation=f"{PAPER}, new lesions",
    ),
)

MRECIST = replace(
    RECIST_1_1,
    name="mrecist",
    title="mRECIST for hepatocellular carcinoma",
    citation="Lencioni R, Llovet JM. Semin Liver Dis 2010; 30: 52-60",
    partial_response_decrease=limit(
        "3/10", "of the baseline sum", "decrease of the viable sum that is a partial response", PAPER
    ),
    progression_growth=limit("1/5", "of the nadir", "increase of the viable sum that is progression", PAPER),
    progression_increase=limit(0, "mm", "no least absolute increase: any that is growth enough counts", PAPER),
    measurable_lesion=limit(10, "mm", "least diameter of a measurable enhancing part", f"{PAPER}, target lesions"),
    overall=OVERALL_RESPONSE_HCC,
    counted_size=CountedSize.ENHANCING,
    site_rules=SITE_RULES,
    notes=(
        Note(
            text="the enhancing part is measured in the arterial phase, through no major area of necrosis",
            citation=f"{PAPER}, target lesions",
        ),
        Note(
            text="an infiltrative carcinoma is no target: only a well delineated lesion is",
            citation=f"{PAPER}, target lesions",
        ),
        Note(
            text="a new nodule of 10 mm or more is a new carcinoma by its typical vascular pattern, without that "
            "pattern by growth of 10 mm or more; the reader says which, by the state of the new lesion",
            citation=f"{PAPER}, new lesions",
        ),
    ),
)
