"""Coded words: those the standard knows stay, of others the words for people go."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from pydicom import Dataset

    from recist.deidentify.key import StudyKey

NO_MEANING = "meaning removed"
UNITS = "UCUM"  # units are put together by rules, so no list holds them all
UNIT = re.compile(
    r"(?:/?(?:\[hnsf'U\]|\{(?:SUVbw|SUVlbm|SUVbsa|SUVibw|counts|pixels|ratio|Propcounts|voxels)\}|1|%"
    r"|[dcmunkMG]?(?:m|g|l|L|s|Bq|Gy|eV|V|A|J|W|K|Cel|Hz|mol|Pa)|um|min|h|d|wk|mo|a|deg|rad|10\*)-?[1-9]?[./]?)+"
)
# What codes look like in the schemes that define them; those of other schemes are somebody's own.
SCHEMES = {
    "SCT": re.compile(r"[1-9]\d{5,17}"),
    "SRT": re.compile(r"[A-Z]-[0-9A-F]{4,6}"),
    "SNM3": re.compile(r"[A-Z]-[0-9A-F]{4,6}"),
    "99SDM": re.compile(r"[A-Z]-[0-9A-F]{4,6}"),
    "DCM": re.compile(r"1[0-3]\d{4}"),
    "LN": re.compile(r"\d{3,5}-\d"),
    "UMLS": re.compile(r"C\d{7}"),
    "FMA": re.compile(r"\d{4,6}"),
    "NCIt": re.compile(r"C\d{4,6}"),
    "RADLEX": re.compile(r"RID\d{1,5}"),
    "99EPAD": re.compile(r"S\d{2}"),
}
PRIVATE_SCHEME = "99REMOVED"


def clean_code(item: Dataset, key: StudyKey) -> None:
    """Leave of a coded word what the standard defines.

    A known code keeps its meaning, as the file spells it where only capital letters differ. Of an unknown code the
    meaning goes, and its value stays if it looks like one of its scheme: both are text that anyone may have filled.
    Another value is replaced by a name made with the key, so that one meaning is still one.
    """
    scheme, value = str(item.get("CodingSchemeDesignator", "")), str(item.get("CodeValue", ""))
    given = str(item.get("CodeMeaning", ""))
    known = _meanings().get((scheme, value), {})
    if known:
        item.CodeMeaning = given if given.lower() in known else next(iter(known.values()))
        return
    if scheme == UNITS and UNIT.fullmatch(value):
        item.CodeMeaning = given if UNIT.fullmatch(given) else value
        return
    item.CodeMeaning = NO_MEANING
    form = SCHEMES.get(scheme)
    if form is None:
        item.CodingSchemeDesignator = PRIVATE_SCHEME
    if value and (form is None or not form.fullmatch(value)):
        item.CodeValue = key.label(f"{scheme}\\{value}")


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
