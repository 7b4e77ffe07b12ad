"""Confirmation of CR and PR by a later visit, as cited data (RECIST 1.1 §4.6.1)."""

from __future__ import annotations

from dataclasses import dataclass

from recist.criteria import OverallResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationRow:
    """What confirms a response, and what may lie on the way there; anything else breaks it.

    Attributes
    ----------
    citation : str
    response : OverallResponse
    confirmed_by : frozenset of OverallResponse
        One of them, at the interval or later. Any later visit may confirm, not only the next; one that comes too
        early neither confirms nor breaks.
    as_ne : frozenset of OverallResponse
        What counts towards the most NE that may lie between.
    as_sd : frozenset of OverallResponse
        What counts towards the most SD that may lie between.
    not_after : OverallResponse or None
        The response itself breaks the run when it comes again after this one.
    """

    citation: str
    response: OverallResponse
    confirmed_by: frozenset[OverallResponse]
    as_ne: frozenset[OverallResponse]
    as_sd: frozenset[OverallResponse] = frozenset()
    not_after: OverallResponse | None = None


_NOT_EVALUATED = frozenset({OverallResponse.NE, OverallResponse.ND})

CONFIRMATION_ROWS: tuple[ConfirmationRow, ...] = (
    ConfirmationRow(
        citation="Eisenhauer 2009 §4.6.1 and Table 3: CR, then CR",
        response=OverallResponse.CR,
        confirmed_by=frozenset({OverallResponse.CR}),
        as_ne=_NOT_EVALUATED,
    ),
    ConfirmationRow(
        citation="Eisenhauer 2009 §4.6.1 and Table 3: PR, then PR or CR; a CR between ends it when PR follows",
        response=OverallResponse.PR,
        confirmed_by=frozenset({OverallResponse.PR, OverallResponse.CR}),
        as_ne=_NOT_EVALUATED,
        as_sd=frozenset({OverallResponse.SD}),
        not_after=OverallResponse.CR,
    ),
)
