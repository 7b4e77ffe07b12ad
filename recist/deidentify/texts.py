"""Which text may stay: words that describe a scan, and names that can only be a lesion's."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recist.deidentify.key import StudyKey

TOKEN = re.compile(r"[A-Za-z]+\d*[a-z]?|\d+(?:\.\d+)?")
SMALL_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})?")  # a thickness, a phase; never a record number
KERNEL = re.compile(r"[BIJQHU][a-z]?\d{2}[a-z]?")
LESION_NAME = re.compile(
    r"(?:Cornerstone3DTools@\^[\d.]+:[A-Za-z]+:?)?"
    r"(?:(?:NT|TL|NTL|NL|T|N|L)-?\d{1,2})?"
    r"|(?:target|non-target|new|lesion|segment|tumou?r|node|mass|liver|lung|spleen|kidney|roi)[ _-]?\d{0,2}",
    re.IGNORECASE,
)
VISIT_OR_READER = re.compile(
    r"(?:baseline|screening|nadir|follow-?up|visit|week|month|cycle|unscheduled|end of treatment|adjudicator|reader)"
    r"[ _-]?\d{0,3}|\d{1,3}",
    re.IGNORECASE,
)
MADE_BY_A_TOOL = re.compile(r"Cornerstone3DTools@\^[\d.]+:[A-Za-z]+:?")


@cache
def known_words() -> frozenset[str]:
    """Give the words that describe a scan and no person."""
    text = files("recist.deidentify").joinpath("words.csv").read_text(encoding="utf-8")
    return frozenset(text.split()[1:])


def keep_words(text: str) -> str:
    """Keep of a description the words that describe a scan, small numbers and kernels; drop all else."""
    kept = [token for token in TOKEN.findall(text) if _is_harmless(token)]
    return " ".join(kept)


def _is_harmless(token: str) -> bool:
    return bool(token.lower() in known_words() or SMALL_NUMBER.fullmatch(token) or KERNEL.fullmatch(token))


def keep_label(text: str, key: StudyKey) -> str:
    """Keep the name of a lesion, a visit or a reader if it can be nothing else; else put one of the key's making there.

    What a viewer writes before the name, and needs to show it again, stays.
    """
    text = text.strip()
    if LESION_NAME.fullmatch(text) or VISIT_OR_READER.fullmatch(text):
        return text
    made_by = MADE_BY_A_TOOL.match(text)
    before = made_by.group() if made_by else ""
    return before + (":" if before and not before.endswith(":") else "") + key.label(text)
