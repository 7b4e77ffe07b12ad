"""The rows of a protocol that answer otherwise than those of its base: `[[overall]]` of its TOML file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from recist.criteria.codes import NewLesion, NonTargetResponse, OverallResponse, TargetResponse
from recist.criteria.criteria import Change
from recist.criteria.protocol_part import Part, join_parts, wrong
from recist.criteria.response_table import ResponseRow, find_gaps_and_contradictions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from enum import StrEnum

    from recist.criteria.criteria import Criteria

    Word = TypeVar("Word", bound=StrEnum)

INPUTS: tuple[tuple[str, type[StrEnum]], ...] = (
    ("target", TargetResponse),
    ("non_target", NonTargetResponse),
    ("new_lesion", NewLesion),
)
KEYS = (*(name for name, _ in INPUTS), "overall", "citation")
ANY = "any"


def parse_overall(given: object, base: Criteria, citation: str) -> Part:
    """Read the rows; each answers its combinations in place of the base."""
    if not isinstance(given, list):
        return wrong("overall", given, "rows, each under [[overall]]")
    part = join_parts([_parse_row(f"overall row {place}", row, citation) for place, row in enumerate(given, start=1)])
    if part.faults or not given:
        return Part(faults=part.faults)
    rows = tuple(part.values.values())
    table = (*replace_rows(base.overall, rows), *rows)
    return Part(
        values={"overall": table},
        changes=tuple(_change_of(row, base) for row in rows),
        faults=tuple(f"overall: {fault}" for fault in find_gaps_and_contradictions(table)),
    )


def _parse_row(key: str, given: object, citation: str) -> Part:
    if not isinstance(given, dict) or given.keys() - {*KEYS}:
        return wrong(key, given if not isinstance(given, dict) else ", ".join(given), f"the keys {', '.join(KEYS)}")
    words = {name: _parse_words(given.get(name, ()), members) for name, members in INPUTS}
    faults = [
        wrong(f"{key}, {name}", given.get(name, ""), f'"{ANY}", or a list of: {", ".join(members)}')
        for name, members in INPUTS
        if not words[name]
    ]
    overall = given.get("overall")
    if overall not in tuple(OverallResponse):
        faults.append(wrong(f"{key}, overall", overall, f"one of: {', '.join(OverallResponse)}"))
    if faults:
        return join_parts(faults)
    row = ResponseRow(
        citation=str(given.get("citation", citation)),
        target=frozenset(map(TargetResponse, words["target"])),
        non_target=frozenset(map(NonTargetResponse, words["non_target"])),
        new_lesion=frozenset(map(NewLesion, words["new_lesion"])),
        overall=OverallResponse(str(overall)),
    )
    return Part(values={key: row})


def _parse_words(given: object, members: type[StrEnum]) -> tuple[str, ...]:
    """Read a list of words, or the word for all of them; nothing where one is unknown."""
    if given == ANY:
        return tuple(members)
    if not isinstance(given, list) or any(word not in tuple(members) for word in given):
        return ()
    return tuple(given)


def _change_of(row: ResponseRow, base: Criteria) -> Change:
    """Say what a row changes."""
    inputs = ((name, members, getattr(row, name)) for name, members in INPUTS)
    what = "; ".join(f"{name} {', '.join(word for word in members if word in held)}" for name, members, held in inputs)
    answers = sorted({str(before.overall) for before in base.overall if _overlaps(before, row)})
    return Change(what=f"overall: {what}", value=str(row.overall), instead_of=", ".join(answers), citation=row.citation)


def _overlaps(one: ResponseRow, other: ResponseRow) -> bool:
    return all(getattr(one, name) & getattr(other, name) for name, _ in INPUTS)


def replace_rows(rows: Sequence[ResponseRow], instead: Sequence[ResponseRow]) -> tuple[ResponseRow, ...]:
    """Take the combinations that other rows answer out of rows, so that no combination has two answers."""
    left = tuple(rows)
    for row in instead:
        left = tuple(piece for one in left for piece in _without(one, row))
    return left


def _without(row: ResponseRow, other: ResponseRow) -> Iterator[ResponseRow]:
    """Cut the combinations of one row out of another: what is left, in up to three pieces."""
    if not _overlaps(row, other):
        yield row
        return
    target, non_target = row.target & other.target, row.non_target & other.non_target
    pieces = (
        replace(row, target=row.target - other.target),
        replace(row, target=target, non_target=row.non_target - other.non_target),
        replace(row, target=target, non_target=non_target, new_lesion=row.new_lesion - other.new_lesion),
    )
    yield from (piece for piece in pieces if piece.target and piece.non_target and piece.new_lesion)
