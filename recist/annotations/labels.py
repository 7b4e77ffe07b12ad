"""What people call a lesion, out of the texts in which programs keep it."""

from __future__ import annotations

import re

_OF_CORNERSTONE = re.compile(r"^cornerstone(?:3d)?tools@\^?[\d.]+(?::[^:]*)?(?::(?P<name>.*))?$", re.IGNORECASE)
_OLD_CORNERSTONE = re.compile(r"^cornerstone(?:3d)?:", re.IGNORECASE)


def label_of_identifier(identifier: str) -> str:
    """Take the lesion's name out of a tracking identifier; empty where it names only a tool.

    Examples
    --------
    >>> label_of_identifier("Cornerstone3DTools@^0.1.0:Bidirectional:T01"), label_of_identifier("T01")
    ('T01', 'T01')
    >>> label_of_identifier("cornerstoneTools@^4.0.0:Bidirectional")
    ''
    """
    found = _OF_CORNERSTONE.match(identifier.strip())
    if found:
        return (found["name"] or "").strip()
    return "" if _OLD_CORNERSTONE.match(identifier) else identifier.strip()
