"""Where a rule is published, said for the criteria in force: another paper's rule is a choice, not a citation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from recist.criteria import CRITERIA, recist_1_0, recist_1_1

if TYPE_CHECKING:
    from recist.criteria import Criteria

CHOICE = "choice of this program"
PAPERS = (recist_1_1, recist_1_0)  # whose rules other criteria take over where their own paper is silent


def published_base(criteria: Criteria) -> Criteria:
    """Give the published criteria that a protocol is based on; published criteria are their own base."""
    return CRITERIA[json.loads(criteria.protocol)["base"]] if criteria.protocol else criteria


def cite(citation: str, criteria: Criteria) -> str:
    """Say where a rule is published; one from a paper that is not that of the criteria is a choice of this program.

    Examples
    --------
    >>> cite("Eisenhauer 2009 §4.2", CRITERIA["recist-1.1"])
    'Eisenhauer 2009 §4.2'
    >>> cite("Eisenhauer 2009 §4.2", CRITERIA["recist-1.0"])
    'choice of this program: as RECIST 1.1 (Eisenhauer 2009 §4.2)'
    """
    base = published_base(criteria)
    for source in PAPERS:
        is_own = source.PAPER.split()[0] in base.citation
        is_own |= source is recist_1_1 and base.immune is not None  # iRECIST begins with a response by RECIST 1.1
        if source.PAPER in citation and not is_own:
            title = "RECIST 1.1" if source is recist_1_1 else "RECIST 1.0"
            return f"{CHOICE}: as {title} ({citation})"
    return citation
