"""Coded words: those the standard knows stay, of others the words for people go."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from pydicom import Dataset

    from recist.deidentify.key import StudyKey

NO_MEANING = "meaning removed"
OPEN_SCHEMES = ("UCUM",)  # units are put together by rules, so no list holds them all
LOOKS_LIKE_A_CODE = re.compile(r"[A-Z]{0,3}[-.]?\d[\dA-F.-]{0,14}")
SCHEME = re.compile(r"[A-Za-z]{2,6}\d{0,2}|99[A-Z_]{2,14}")
UNIT = re.compile(r"[A-Za-z%0-9/.{}\[\]^*'-]{1,12}")


def clean_code(item: Dataset, key: StudyKey) -> None:
    """Leave of a coded word what the standard defines.

    A known code keeps its meaning, as the file spells it where only capital letters differ. Of an unknown code the
    value stays if it looks like one, and the meaning goes: both are free text that anyone may have filled.
    """
    scheme, value = str(item.get("CodingSchemeDesignator", "")), str(item.get("CodeValue", ""))
    given = str(item.get("CodeMeaning", ""))
    known = _meanings().get((scheme, value), {})
    if known:
        item.CodeMeaning = given if given.lower() in known else next(iter(known.values()))
        return
    if scheme in OPEN_SCHEMES and UNIT.fullmatch(value):
        item.CodeMeaning = given if given.lower() in known or UNIT.fullmatch(given) else value
        return
    item.CodeMeaning = NO_MEANING
    if not LOOKS_LIKE_A_CODE.fullmatch(value):
        item.CodeValue = key.label(value)
    if not SCHEME.fullmatch(scheme):
        item.CodingSchemeDesignator = "99REMOVED"


@cache
def _meanings() -> dict[tuple[str, str], dict[str, str]]:
    """Gather for every code of the standard's context groups its meanings, by their small letters."""
    from pydicom.sr._concepts_dict import concepts
    from pydicom.sr._snomed_dict import mapping

    found: dict[tuple[str, str], dict[str, str]] = {}
    for scheme, names in cast("dict[str, dict[str, Any]]", concepts).items():
        for values in names.values():
            for value, (meaning, _) in values.items():
                found.setdefault((scheme, value), {})[meaning.lower()] = meaning
    for older, newer in mapping["SRT"].items():
        found.setdefault(("SRT", older), {}).update(found.get(("SCT", newer), {}))
    return found
