"""The organs of RECIST: paired organs are one organ, and all lymph nodes together are one organ.

Source: EORTC RECIST frequently asked questions, "Paired organs".
"""

from __future__ import annotations

import re

LYMPH_NODES = "lymph nodes"

# (organ, words by which a site is recognised); sides, lobes and segments do not make another organ.
ORGANS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (LYMPH_NODES, ("lymph node", "lymph nodes", "node", "nodes", "nodal", "ln", "lymphadenopathy")),
    ("lung", ("lung", "lungs", "pulmonary")),
    ("liver", ("liver", "hepatic")),
    ("kidney", ("kidney", "kidneys", "renal")),
    ("adrenal gland", ("adrenal", "adrenals", "suprarenal")),
    ("ovary", ("ovary", "ovaries", "ovarian")),
    ("breast", ("breast", "breasts")),
    ("testis", ("testis", "testes", "testicular")),
    ("pleura", ("pleura", "pleural")),
    ("peritoneum", ("peritoneum", "peritoneal", "omentum", "omental", "mesentery", "mesenteric")),
    ("brain", ("brain", "cerebral", "cerebellar", "cerebellum")),
    ("bone", ("bone", "bones", "vertebra", "vertebral", "rib", "pelvic bone", "femur", "sacrum", "osseous")),
    ("pancreas", ("pancreas", "pancreatic")),
    ("spleen", ("spleen", "splenic")),
    ("thyroid", ("thyroid",)),
    ("bowel", ("bowel", "ileum", "jejunum", "duodenum", "colon", "small intestine", "midgut")),
    ("rectum", ("rectum", "rectal")),
    ("stomach", ("stomach", "gastric")),
    ("skin", ("skin", "cutaneous", "subcutaneous")),
    ("muscle", ("muscle", "psoas")),
)
_SIDES = re.compile(r"\b(left|right|bilateral|upper|lower|middle|lobe|segment|[lr]|\d+[ab]?)\b")
_PATTERNS = tuple((organ, re.compile(rf"\b({'|'.join(words)})\b")) for organ, words in ORGANS)


def organ_of(site: str, *, nodal: bool, nodes_by_site: bool = False) -> str:
    """Name the RECIST organ of a site; an unknown site is an organ of its own, and no site no organ.

    With `nodes_by_site` the lymph nodes of each site are an organ, and sides are told apart.

    Examples
    --------
    >>> organ_of("Left lung", nodal=False), organ_of("right lung, lower lobe", nodal=False)
    ('lung', 'lung')
    >>> organ_of("para-aortic", nodal=True)
    'lymph nodes'
    >>> organ_of("Left axilla", nodal=True, nodes_by_site=True)
    'lymph nodes: left axilla'
    """
    words = re.sub(r"[^a-z0-9]+", " ", site.casefold()).strip()
    if nodal:
        return f"{LYMPH_NODES}: {words}" if nodes_by_site and words else LYMPH_NODES
    for organ, pattern in _PATTERNS:
        if pattern.search(words):
            return organ
    return " ".join(_SIDES.sub(" ", words).split()) or words


def is_known_organ(organ: str) -> bool:
    """Say whether a name is an organ of the map."""
    return any(organ == known for known, _ in ORGANS)
