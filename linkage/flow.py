"""The flow of patients: how many enter, leave and remain, in each domain, with an exact count at every arrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from linkage.reasons import EntryReason, FollowUpReason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import StrEnum

FLOW_COLUMNS = ("domain", "step", "kind", "label", "n")
BOX, EXCLUDED, SPLIT = "box", "excluded", "split"
ENTERING = (
    *(FollowUpReason.NO_RECORD, FollowUpReason.NO_BASELINE, FollowUpReason.NORMAL_BASELINE),
    FollowUpReason.ASYMPTOMATIC,
)
FOLLOWING = (
    *(FollowUpReason.DIED, FollowUpReason.RETREATED, FollowUpReason.OUTSIDE, FollowUpReason.ENDED),
    *(FollowUpReason.NOT_ASSESSED, FollowUpReason.NOT_EVALUABLE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainFlow:
    """The words of one domain's flow."""

    domain: str
    no_record: str
    entered: str
    entering: tuple[FollowUpReason, ...]
    sources: tuple[str, ...]
    responses: tuple[str, ...]


DOMAIN_FLOWS: tuple[DomainFlow, ...] = (
    DomainFlow(
        domain="imaging",
        no_record="no CT in images or reports",
        entered="CT in images or reports",
        entering=(FollowUpReason.NO_RECORD,),
        sources=("image", "report"),
        responses=("CR", "PR", "SD", "PD"),
    ),
    DomainFlow(
        domain="biochemical",
        no_record="no marker value",
        entered="marker raised at baseline",
        entering=(FollowUpReason.NO_RECORD, FollowUpReason.NO_BASELINE, FollowUpReason.NORMAL_BASELINE),
        sources=(),
        responses=("CR", "PR", "SD", "PD"),
    ),
    DomainFlow(
        domain="symptomatic",
        no_record="no symptom record",
        entered="symptoms at baseline",
        entering=(FollowUpReason.NO_RECORD, FollowUpReason.ASYMPTOMATIC, FollowUpReason.NO_BASELINE),
        sources=(),
        responses=("improved", "unchanged", "worse"),
    ),
)


def count_flow(people: pd.DataFrame, cohort: pd.DataFrame) -> pd.DataFrame:
    """Count the flow of the cohort and of each domain.

    Parameters
    ----------
    people : pandas.DataFrame
        Every subject, see :func:`linkage.people.derive_people`.
    cohort : pandas.DataFrame
        The cohort with ``…_response``, ``…_source`` and ``…_reason`` of each domain.

    Returns
    -------
    pandas.DataFrame
        Columns ``FLOW_COLUMNS``. A box is the next box and the rows excluded at its step; split rows sum to the box
        of their step.
    """
    rows = list(_cohort_rows(people, cohort))
    for words in DOMAIN_FLOWS:
        rows += _domain_rows(cohort, words)
    flow = pd.DataFrame(rows, columns=list(FLOW_COLUMNS))
    assert not broken_arrows(flow), broken_arrows(flow)
    return flow


Row = tuple[str, int, str, str, int]


def _cohort_rows(people: pd.DataFrame, cohort: pd.DataFrame) -> Iterator[Row]:
    yield "cohort", 0, BOX, "subjects", len(people)
    for reason in (EntryReason.UNTREATED, EntryReason.AFTER_CUTOFF):
        yield "cohort", 0, EXCLUDED, reason.value, _count(people["entry"], reason)
    yield "cohort", 1, BOX, EntryReason.ENTERED.value, len(cohort)
    n_dead = int((cohort["os_event"] == 1).sum())
    yield "cohort", 1, SPLIT, "died", n_dead
    yield "cohort", 1, SPLIT, "alive at last contact or cutoff", len(cohort) - n_dead


def _domain_rows(cohort: pd.DataFrame, words: DomainFlow) -> Iterator[Row]:
    name = words.domain
    reason, source, response = (cohort[f"{name}_{part}"] for part in ("reason", "source", "response"))
    yield name, 0, BOX, EntryReason.ENTERED.value, len(cohort)
    for entry in words.entering:
        label = words.no_record if entry is FollowUpReason.NO_RECORD else entry.value
        yield name, 0, EXCLUDED, label, _count(reason, entry)
    is_entered = ~reason.isin(list(words.entering))
    yield name, 1, BOX, words.entered, int(is_entered.sum())
    for word in words.sources:
        yield name, 1, SPLIT, word, int((is_entered & (source == word)).sum())
    for lost in FOLLOWING:
        yield name, 1, EXCLUDED, lost.value, _count(reason, lost)
    is_evaluable = reason == FollowUpReason.EVALUABLE
    yield name, 2, BOX, FollowUpReason.EVALUABLE.value, int(is_evaluable.sum())
    for word in words.responses:
        yield name, 2, SPLIT, word, int((is_evaluable & (response == word)).sum())


def _count(values: pd.Series, word: StrEnum) -> int:
    return int((values == word).sum())


def broken_arrows(flow: pd.DataFrame) -> list[str]:
    """Name every arrow of a flow whose counts do not add up; empty when all do."""
    total = flow.pivot_table(index=["domain", "step"], columns="kind", values="n", aggfunc="sum")
    total = total.reindex(columns=[BOX, EXCLUDED, SPLIT])
    following = total.groupby(level="domain")[BOX].shift(-1)
    is_leaking = following.notna() & (total[BOX] != following + total[EXCLUDED].fillna(0))
    is_missplit = total[SPLIT].notna() & (total[SPLIT] != total[BOX])
    return [f"{domain}, step {step}" for domain, step in total.index[is_leaking | is_missplit]]


def flow_tree(flow: pd.DataFrame) -> list[str]:
    """Draw the flow as lines for people; excluded rows with nobody are left out."""
    lines: list[str] = []
    for domain, rows in flow.groupby("domain", sort=False):
        lines += ["", str(domain)]
        for _, step in rows.groupby("step"):
            box = step[step["kind"] == BOX].iloc[0]
            parts = " · ".join(f"{row.label} {row.n}" for row in step[step["kind"] == SPLIT].itertuples())
            lines.append(f"  {box['n']:>6}  {box['label']}" + (f":  {parts}" if parts else ""))
            gone = step[(step["kind"] == EXCLUDED) & (step["n"] > 0)]
            lines += [f"          ├─ {row.n} {row.label}" for row in gone.itertuples()]
    return lines[1:]
