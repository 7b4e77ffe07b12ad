"""Why each response is what it is, in sentences: made from the tables of results, deciding nothing anew."""

from __future__ import annotations

from recist.response.explain.evidence import Evidence, Tables, gather_evidence
from recist.response.explain.explanation import as_plain, explain
from recist.response.explain.sentence import Explanation, Section, Sentence, Topic

__all__ = [
    "Evidence",
    "Explanation",
    "Section",
    "Sentence",
    "Tables",
    "Topic",
    "as_plain",
    "explain",
    "gather_evidence",
]
