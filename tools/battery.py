"""What a mutant of the engine is asked first: histories whose answers are known without the engine.

The answers are those of the second reader in `tests/proof`, which is written apart; they are computed once, and every
mutant is compared with them.
"""

from __future__ import annotations

import importlib
import sys
from collections import defaultdict
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SEED = 424242
HISTORIES_EACH = 14
SETS = {"recist-1.1": 18, "recist-1.0": 3, "mrecist": 3, "choi": 3, "modified-choi": 3, "irecist": 8}
OWN = ("recist", "linkage", "survival", "sample_dicom", "viewer")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Histories that are scored in one call, and what the second reader makes of them."""

    criteria: str
    options: dict[str, object]
    measurements: Any
    subjects: Any
    answers: dict[Key, Any]


def prepare(root: Path) -> list[Batch]:
    """Draw histories and let the second reader answer; needs the tests of the project at `root`."""
    sys.path.insert(0, str(root / "tests" / "proof"))
    agreement = importlib.import_module("second_reader.agreement")
    random = Random(SEED)  # noqa: S311  # a seed makes it repeatable
    return [
        draw_batch(agreement, random, criteria, agreement.draw_options(random) if number else {})
        for criteria, number_of in SETS.items()
        for number in range(number_of)
    ]


def draw_batch(agreement: Any, random: Random, criteria: str, options: dict[str, object]) -> Batch:
    """Draw the histories of one set of options and answer them."""
    names = [f"S{number:03d}" for number in range(HISTORIES_EACH)]
    drawn = {name: agreement.draw_subject(random, name, criteria, options) for name in names}
    by_reader: dict[Key, list[dict[str, str]]] = defaultdict(list)
    for rows, _ in drawn.values():
        for row in rows:
            by_reader[row["subject"], row["reader"]].append(row)
    table = agreement.pd.DataFrame
    return Batch(
        criteria=criteria,
        options=options,
        measurements=table([row for rows, _ in drawn.values() for row in rows], columns=list(agreement.COLUMNS)),
        subjects=table([dates for _, dates in drawn.values()], columns=list(agreement.SUBJECT_COLUMNS)).fillna(""),
        answers={
            key: agreement.read_patient(rows, drawn[key[0]][1], criteria, options) for key, rows in by_reader.items()
        },
    )


def disagreements(batches: list[Batch], *, until_first: bool = True) -> list[tuple[Batch, Key]]:
    """Score the histories with the package as it is imported now, and say where the second reader answers otherwise."""
    agreement = sys.modules["second_reader.agreement"]
    recist = importlib.import_module("recist")
    found: list[tuple[Batch, Key]] = []
    for batch in batches:
        scored = recist.score(
            batch.measurements, subjects=batch.subjects, criteria=batch.criteria, options=batch.options
        )
        visits: dict[Key, list[dict[str, object]]] = defaultdict(list)
        for visit in scored.responses.to_dict("records"):
            visits[visit["subject"], visit["reader"]].append(visit)
        best = {(row["subject"], row["reader"]): row for row in scored.best_responses.to_dict("records")}
        found += [
            (batch, key)
            for key, answer in batch.answers.items()
            if agreement.differences_of(answer, visits[key], best[key])
        ]
        if found and until_first:
            return found
    return found


def require_agreement(batches: list[Batch]) -> None:
    """Refuse a battery whose answers the original does not share: no mutant could be judged by them.

    Raises
    ------
    ValueError
        With the number of histories that differ.
    """
    differing = disagreements(batches, until_first=False)
    if differing:
        raise ValueError(f"the original differs from the second reader in {len(differing)} histories; mend that first")


def forget_the_package() -> None:
    """Let the next import of the package read its files again; the libraries stay loaded."""
    for name in [name for name in sys.modules if name.split(".")[0] in OWN]:
        del sys.modules[name]
