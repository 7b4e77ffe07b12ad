"""Which text may stay: words that describe a scan or a scanner, and names that can only be a lesion's."""

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
# Of a kernel or a version: FC08, Br40d, H3.1. Four figures at most stand together; a record number has more.
TECHNICAL = re.compile(r"[A-Za-z]{1,2}\d{0,3}[a-z]?|[A-Za-z]{1,2}\d{1,3}[A-Z]\d{0,2}|\d{1,4}")
PIECE = re.compile(r"[A-Za-z0-9]+")
MOST_FIGURES = 8  # in all of a version
CODE_STRING = re.compile(r"[A-Z0-9_ ]{0,16}")  # PS3.5 6.2
PART_OF_TERM = re.compile(r"[A-Z]+|\d+")
MOST_LETTERS_OF_A_MARK = 2  # of a word that no list holds: no name is so short that one could tell it from a mark
DIRECTION = re.compile(r"[lr]?[ap]?[hf]?")  # PS3.3 C.7.6.1.1.1
MOST_FIGURES_OF_A_TERM = 4
COMPRESSION = re.compile(r"ISO_\d{5}_\d{1,2}")  # a method of compression is named by its standard
MADE_BY_A_TOOL = re.compile(r"Cornerstone3DTools@\^[\d.]+:[A-Za-z]+:?")


@cache
def known_words() -> frozenset[str]:
    """Give the words that describe a scan and no person."""
    return _read_words("words.csv")


@cache
def known_terms() -> frozenset[str]:
    """Give the words of which the standard and the makers build their code strings."""
    return known_words() | _read_words("terms.csv")


@cache
def known_makers() -> frozenset[str]:
    """Give the words of makers, models, programs and kernels."""
    return known_words() | _read_words("makers.csv")


def _read_words(name: str) -> frozenset[str]:
    text = files("recist.deidentify").joinpath(name).read_text(encoding="utf-8")
    return frozenset(text.split()[1:])


def is_term(text: str) -> bool:
    """Whether a code string is made of the words of the standard and small numbers, and of nothing else."""
    if COMPRESSION.fullmatch(text):
        return True
    parts = PART_OF_TERM.findall(text)
    words = [part.lower() for part in parts if not part.isdigit()]
    unknown = [word for word in words if word not in known_terms() and not DIRECTION.fullmatch(word)]
    is_known = not unknown or (len(unknown) == 1 and len(unknown[0]) <= MOST_LETTERS_OF_A_MARK)
    return bool(CODE_STRING.fullmatch(text)) and is_known and _count_figures(text) <= MOST_FIGURES_OF_A_TERM


def keep_technical(text: str) -> str:
    """Keep of a maker, a model, a version or a kernel what is known as such or is a short mark; drop all else."""
    if all(_is_technical(piece) for piece in PIECE.findall(text)) and _count_figures(text) <= MOST_FIGURES:
        return text if text.isascii() else ""
    kept = [piece for piece in PIECE.findall(text) if piece.lower() in known_makers()]
    return " ".join(kept)


def _is_technical(piece: str) -> bool:
    return bool(piece.lower() in known_makers() or TECHNICAL.fullmatch(piece))


def _count_figures(text: str) -> int:
    return sum(letter.isdigit() for letter in text)


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
