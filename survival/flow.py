"""The cohort flow: who entered each analysis and who was left out for what reason, with the counts of `flow.csv`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from survival.results import ResultTable, RowKind, ShownRow

if TYPE_CHECKING:
    from survival.cohort import Cohort

DOMAIN_NAMES = {"cohort": "Cohort", "imaging": "Imaging", "biochemical": "Biochemical", "symptomatic": "Symptomatic"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A label with its number of subjects."""

    label: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A box, who left after it, and how it divides."""

    box: Counted
    excluded: tuple[Counted, ...]
    splits: tuple[Counted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The boxes of one domain, from top to bottom."""

    domain: str
    name: str
    steps: tuple[Step, ...]


def derive_chains(flow: pd.DataFrame) -> tuple[Chain, ...]:
    """Lay the rows of a checked flow table out as chains; the cohort first, then the domains as they come."""
    chains = [
        Chain(domain=str(domain), name=DOMAIN_NAMES.get(str(domain), str(domain).capitalize()), steps=_steps(rows))
        for domain, rows in flow.groupby("domain", sort=False)
    ]
    return tuple(sorted(chains, key=lambda chain: chain.domain != "cohort"))


def _steps(rows: pd.DataFrame) -> tuple[Step, ...]:
    boxes = rows[rows["kind"].eq("box")].sort_values("step", kind="stable")
    return tuple(
        Step(
            box=Counted(label=str(box["label"]), n=int(box["n"])),
            excluded=_counted(rows, "excluded", box["step"]),
            splits=_counted(rows, "split", box["step"]),
        )
        for box in boxes.to_dict("records")
    )


def _counted(rows: pd.DataFrame, kind: str, step: float) -> tuple[Counted, ...]:
    chosen = rows[rows["kind"].eq(kind) & rows["step"].eq(step)]
    return tuple(Counted(label=str(row["label"]), n=int(row["n"])) for row in chosen.to_dict("records"))


def flow_table(cohort: Cohort) -> ResultTable:
    """Give the flow counts as a table."""
    flow = cohort.flow if cohort.flow is not None else pd.DataFrame()
    names = {"box": "", "excluded": "excluded: ", "split": "of these: "}
    shown: list[ShownRow] = []
    for chain in derive_chains(flow):
        shown.append(ShownRow(cells=(chain.name, ""), kind=RowKind.HEADING))
        for step in chain.steps:
            shown.append(ShownRow(cells=(step.box.label, str(step.box.n))))
            for kind, entries in (("split", step.splits), ("excluded", step.excluded)):
                shown += [
                    ShownRow(cells=(names[kind] + entry.label, str(entry.n)), kind=RowKind.INDENTED)
                    for entry in entries
                    if entry.n or kind == "split"
                ]
    numbers = flow.assign(step=flow["step"].astype("int64"), n=flow["n"].astype("int64"))
    numbers.index = pd.Index([f"{row.domain}_{row.step}_{place}" for place, row in enumerate(numbers.itertuples())])
    return ResultTable(
        name="flow",
        title="Patients at each step",
        numbers=numbers[["domain", "step", "kind", "label", "n"]],
        header=("Step", "Patients"),
        shown=tuple(shown),
        folded=True,
    )
