"""The contrast phase of a CT series, only where its headers leave no doubt.

A lesion of the liver differs by millimetres between phases (RECIST 1.1 Appendix II asks for the same phase at every
visit), so a wrong phase is worse than none: whatever is silent, doubtful or contradicts itself gives `UNKNOWN`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class ContrastPhase(StrEnum):
    """When after the injection the images were taken."""

    UNKNOWN = ""
    NON_CONTRAST = "non_contrast"
    ARTERIAL = "arterial"
    PORTAL_VENOUS = "portal_venous"
    VENOUS = "venous"
    NEPHROGRAPHIC = "nephrographic"
    DELAYED = "delayed"


CODES_SOURCE = "DICOM PS3.3 C.7.6.16.2.12, defined terms of Contrast/Bolus Agent Phase (0018,9344)"
WORDS_SOURCE = "names of the phases as in Bae KT, Radiology 2010;256:32-61, and their usual German and short forms"

# Terms that name no moment (IMMEDIATE, DYNAMIC, STEADY_STATE, CAPILLARY, POST_CONTRAST) are not here: they are unknown.
CODES = {
    "PRE_CONTRAST": ContrastPhase.NON_CONTRAST,
    "ARTERIAL": ContrastPhase.ARTERIAL,
    "PORTAL_VENOUS": ContrastPhase.PORTAL_VENOUS,
    "VENOUS": ContrastPhase.VENOUS,
    "DELAYED": ContrastPhase.DELAYED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of a series description that name a phase.

    Attributes
    ----------
    phase : ContrastPhase
    pattern : str
        Regular expression for whole words of the description in capitals, everything but letters, digits and ``/``
        being a space.
    source : str
    """

    phase: ContrastPhase
    pattern: str
    source: str = WORDS_SOURCE


# Read from the top; the words of a row are taken out of the text before the next row looks at it.
DESCRIPTIONS = (
    Words(
        phase=ContrastPhase.NON_CONTRAST,
        pattern=r"(NON|NO|WITHOUT|W/O|WO|OHNE|UN|SANS|SIN) ?(IV )?(CONTRAST|CONTRASTE|CON|KM|KONTRAST|ENHANCED|C)"
        r"|NATIV|NATIVE|UNENHANCED|NONCONTRAST|NONCON|NCCT|PRE ?CONTRAST",
    ),
    Words(
        phase=ContrastPhase.PORTAL_VENOUS,
        pattern=r"PORTAL( VENOUS)?|PORTO ?VENOUS|PORTALVENOUS|PORTALVENÖS|PORTALVENOES|PORTOVENÖS|PVP|PV PHASE",
    ),
    Words(phase=ContrastPhase.ARTERIAL, pattern=r"ARTERIAL|ARTERIELL|ART PHASE|ART PH"),
    Words(phase=ContrastPhase.NEPHROGRAPHIC, pattern=r"NEPHROGRAPHIC|NEPHROGENIC"),
    Words(phase=ContrastPhase.DELAYED, pattern=r"DELAY|DELAYED|EQUILIBRIUM|SPÄTPHASE|SPAETPHASE|EXCRETORY|UROGRAPHIC"),
    Words(phase=ContrastPhase.VENOUS, pattern=r"VENOUS|VENÖS|VENOES|VEN PHASE"),
)

# Descriptions that speak of several phases at once, of a difference between two, or of what has been taken away.
DOUBTS = r"SUB|SUBTRACTION|SUBTRACTED|DUAL|MULTIPHASE|MULTI PHASE|TRIPHASIC|BIPHASIC|VNC|VIRTUAL|W/WO|WITH AND WITHOUT"

NO_AGENT = frozenset(("NO", "NONE", "NEIN", "OHNE", "NON", "N", "NO CONTRAST", "WITHOUT", "UNKNOWN"))


def derive_contrast_phase(*, description: str, agent: str, codes: tuple[str, ...] = ()) -> ContrastPhase:
    """Derive the phase of one image.

    Parameters
    ----------
    description : str
        SeriesDescription.
    agent : str
        ContrastBolusAgent; empty says nothing, since many scanners never fill it.
    codes : tuple of str
        Contrast/Bolus Agent Phase of the functional groups; they count before the description.

    Returns
    -------
    ContrastPhase
        `UNKNOWN` where nothing is said, where more than one phase is named, or where an agent was given in a series
        that calls itself one without contrast.

    Examples
    --------
    >>> derive_contrast_phase(description="LIVER PORTAL VENOUS 2.5", agent="Iohexol").value
    'portal_venous'
    >>> derive_contrast_phase(description="ABD W/O CONTRAST", agent="Iohexol").value
    ''
    """
    named = {CODES.get(code.strip().upper(), ContrastPhase.UNKNOWN) for code in codes if code.strip()}
    found = named or _phases_of_words(description)
    if len(found) != 1:
        return ContrastPhase.UNKNOWN
    (phase,) = found
    was_given = agent.strip().upper() not in NO_AGENT | {""}
    denies = agent.strip().upper() in NO_AGENT - {"UNKNOWN"}
    contradicts = was_given if phase is ContrastPhase.NON_CONTRAST else denies
    return ContrastPhase.UNKNOWN if contradicts else phase


def _phases_of_words(description: str) -> set[ContrastPhase]:
    """Find every phase that a description names; none where it is doubtful."""
    text = re.sub(r"[^\w/]|_", " ", description.upper())
    text = re.sub(r"\s+", " ", text)
    if re.search(_whole(DOUBTS), text):
        return set()
    found = set()
    for row in DESCRIPTIONS:
        text, count = re.subn(_whole(row.pattern), " ", text)
        if count:
            found.add(row.phase)
    return found


def _whole(pattern: str) -> str:
    return rf"(?<![^ ])(?:{pattern})(?![^ ])"


def join_phases(phases: set[ContrastPhase]) -> ContrastPhase:
    """Give the phase that all images of a series share, `UNKNOWN` where they differ."""
    return next(iter(phases)) if len(phases) == 1 else ContrastPhase.UNKNOWN
