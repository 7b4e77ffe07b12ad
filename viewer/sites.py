"""Where a lesion can be: the sites the panel offers, as a table. Any other text may be typed instead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site; `nodal` sites count the short axis (RECIST 1.1 section 3.1.1)."""

    name: str
    nodal: bool = False
    key: str = ""


SITES: tuple[Site, ...] = (
    Site(name="liver", key="L"),
    Site(name="lung", key="U"),
    Site(name="lymph node", nodal=True, key="Y"),
    Site(name="mediastinal lymph node", nodal=True, key="M"),
    Site(name="abdominal lymph node", nodal=True, key="A"),
    Site(name="bone", key="B"),
    Site(name="adrenal", key="R"),
    Site(name="kidney", key="K"),
    Site(name="pancreas", key="P"),
    Site(name="brain", key="X"),
    Site(name="spleen"),
    Site(name="peritoneum"),
    Site(name="pleura"),
    Site(name="soft tissue"),
    Site(name="skin"),
    Site(name="ovary"),
    Site(name="other", key="O"),
)


def is_nodal_site(name: str) -> bool:
    """Tell whether a site is a lymph node, by the table or, for typed text, by its words."""
    listed = {site.name: site.nodal for site in SITES}
    words = name.strip().lower()
    return listed.get(words, "node" in words or "nodal" in words)
