"""Names of segments in a ``.seg.nrrd`` file of 3D Slicer: fields ``Segment0_ID``, ``Segment0_Name`` and so on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recist.masks.label_image import NamedLabel

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELD = re.compile(r"^Segment(\d+)_(ID|Name|LabelValue|Layer|Tags)$")
TERMINOLOGY = "TerminologyEntry:"
MOST_SEGMENTS = 65_535
CODE_PARTS = 3  # scheme, value, meaning


def parse_segments(fields: Mapping[str, str], n_layers: int) -> tuple[NamedLabel, ...]:
    """Parse the segments of a file.

    Older files have no layers and values: each segment is a layer of ones then.

    Parameters
    ----------
    fields : mapping
        The key/value pairs of the header.
    n_layers : int
        Components of a voxel.
    """
    segments: dict[int, dict[str, str]] = {}
    for key, value in fields.items():
        found = FIELD.match(key)
        if found and int(found[1]) < MOST_SEGMENTS:
            segments.setdefault(int(found[1]), {})[found[2]] = value.strip()
    return tuple(_parse_segment(number, given, n_layers) for number, given in sorted(segments.items()))


def _parse_segment(number: int, given: dict[str, str], n_layers: int) -> NamedLabel:
    layer, value = (given.get(name, "") for name in ("Layer", "LabelValue"))
    category, site = _parse_terminology(given.get("Tags", ""))
    return NamedLabel(
        layer=int(layer) if layer.isdecimal() else (number if n_layers > 1 else 0),
        value=int(value) if value.isdecimal() else 1,
        name=given.get("Name", ""),
        identifier=given.get("ID", ""),
        category_code=category[0],
        site_code=site[0],
        site=site[1],
    )


def _parse_terminology(tags: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Parse the category and the anatomic region, (code, words) each; the type stands in where it is the organ.

    The entry is: context ~ category ~ type ~ modifier ~ anatomic context ~ region ~ modifier; each code is
    scheme ^ value ^ meaning.
    """
    entry = next((tag for tag in tags.split("|") if tag.startswith(TERMINOLOGY)), "").removeprefix(TERMINOLOGY)
    parts = [part.split("^") for part in entry.split("~")]
    codes = [(part[1], part[2].lower()) if len(part) >= CODE_PARTS else ("", "") for part in parts] + [("", "")] * 7
    category, kind, region = codes[1], codes[2], codes[5]
    return category, region if region[0] else (kind[0], "")
