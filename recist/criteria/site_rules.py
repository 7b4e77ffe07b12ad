"""What criteria say of lesions at certain sites, as data: found by the words of the site."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recist.criteria.codes import LesionRole
    from recist.criteria.criteria import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """One sentence of the criteria about a site.

    Attributes
    ----------
    code : str
        Name of the problem that is reported.
    words : tuple of str
        A site holding one of these words is meant.
    roles : frozenset of LesionRole
        Lesions of these roles are reported.
    nodal : frozenset of bool
        Whether nodes are meant, other lesions, or both.
    below : Limit or None
        Only lesions below this size are reported; without it every one is.
    finds : str
        What is found, in a few words.
    message : str
        What is wrong and what to do.
    citation : str
    """

    code: str
    words: tuple[str, ...]
    roles: frozenset[LesionRole]
    finds: str
    message: str
    citation: str
    nodal: frozenset[bool] = frozenset({True, False})
    below: Limit | None = None

    def names(self, site: str) -> bool:
        """Say whether a site is one of those meant."""
        words = re.sub(r"[^a-z0-9]+", " ", site.casefold())
        return any(re.search(rf"\b{re.escape(word)}\b", words) for word in self.words)
