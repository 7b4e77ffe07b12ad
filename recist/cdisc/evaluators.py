"""Who read: evaluators of SDTM as readers, each of whom stands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.cdisc.terms import normal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recist.cdisc.ledger import Source

INVESTIGATOR = "INVESTIGATOR"
ASSESSOR = "INDEPENDENT ASSESSOR"

Pair = tuple[str, str]


def evaluator_pairs(source: Source, domain: str) -> list[Pair]:
    """Give evaluator and evaluator identifier of each record."""
    return list(zip(source.column(f"{domain}EVAL"), source.column(f"{domain}EVALID"), strict=True))


def reader_names(pairs: Iterable[Pair]) -> dict[Pair, str]:
    """Name the reader of each pair of evaluator and identifier.

    The identifier names the reader, or where there is none the evaluator. An identifier that stands with several
    evaluators names nobody alone, so both words together do. The flag of accepted records plays no part: a reader's
    series is never continued with another reader's values.

    Examples
    --------
    >>> reader_names([("INVESTIGATOR", ""), ("INDEPENDENT ASSESSOR", "RADIOLOGIST 1")])
    {('INVESTIGATOR', ''): 'INVESTIGATOR', ('INDEPENDENT ASSESSOR', 'RADIOLOGIST 1'): 'RADIOLOGIST 1'}
    """
    distinct = list(dict.fromkeys(pairs))
    roles: dict[str, set[str]] = {}
    for role, name in distinct:
        roles.setdefault(name, set()).add(normal(role))
    names = {}
    for role, name in distinct:
        alone = name and len(roles[name]) == 1
        names[role, name] = name if alone else " ".join(word for word in (role, name) if word)
    return names


def evaluator_of(reader: str) -> Pair:
    """Give evaluator and identifier of a reader; the inverse of :func:`reader_names`."""
    if normal(reader) == INVESTIGATOR:
        return reader, ""
    return ASSESSOR, reader
