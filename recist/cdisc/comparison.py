"""Every response of the sponsor beside the derived one: agrees, or differs and by which rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd

from recist.cdisc.derivations import Case
from recist.cdisc.derived import Derived, derived_from
from recist.cdisc.diagnosis import SENTENCES, Diagnoser, Diagnosis, Reason, prepare_diagnoser
from recist.cdisc.ledger import Ledger
from recist.cdisc.sponsor import BEST_TEST, NEW_LESION_TESTS, OVERALL_TEST, read_responses
from recist.cdisc.sponsor_sums import read_sums
from recist.cdisc.wrong_rules import WRONG_RULES
from recist.criteria import RECIST_1_1
from recist.criteria.irecist import IRECIST

if TYPE_CHECKING:
    from recist.cdisc.ledger import Source
    from recist.cdisc.reading import Imported
    from recist.cdisc.sponsor import SponsorResponse
    from recist.cdisc.sponsor_sums import Sums
    from recist.cdisc.wrong_rules import WrongRule
    from recist.response import Scored

COLUMNS = (
    *("row", "subject", "reader", "visit", "timepoint", "date", "test"),
    *("sponsor", "derived", "verdict", "reason", "explanation", "tied_reasons"),
    *("other_reasons", "evidence"),
)


class Verdict(StrEnum):
    """How a response of the sponsor stands to the derived one."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_MATCHED = "not_matched"
    NO_SPONSOR_RECORD = "no_sponsor_record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The table, and the account of RS.

    Attributes
    ----------
    table : pandas.DataFrame
        One row for each response of the sponsor, and for each derived overall response that has none.
    ledger : Ledger
    """

    table: pd.DataFrame
    ledger: Ledger

    def counts(self) -> pd.DataFrame:
        """Count by test and verdict."""
        return self.table.groupby(["test", "verdict"], sort=True).size().rename("number").reset_index()

    def reasons(self) -> pd.DataFrame:
        """Count the differences by test, reason, explanation and the reasons that tie with it."""
        differs = self.table[self.table["verdict"] == Verdict.DIFFERS]
        keys = ["test", "reason", "explanation", "tied_reasons"]
        counted = differs.groupby(keys, sort=True).size().rename("number").reset_index()
        return counted.sort_values("number", ascending=False, kind="stable")


def compare_responses(rs: Source, imported: Imported, scored: Scored) -> Comparison:
    """Compare the responses of RS with the derived ones.

    Where they differ, the responses are derived again by each of the well-known wrong rules; the rule that gives the
    sponsor's value is named. Rules that the sponsor's own sums contradict are left out. Of several, the one that
    reproduces most of the sponsor's responses comes first; the others that reproduce as many tie with it.
    """
    ledger = Ledger(source=rs, domain="RS")
    responses = read_responses(ledger, imported)
    case = Case(
        measurements=imported.measurements,
        subjects=scored.subjects,
        scored=scored,
        criteria=scored.contributions.criteria,
    )
    immune = [response for response in responses if response.is_immune]
    rows: dict[int, tuple[object, ...]] = {}
    if case.criteria.name == IRECIST.name:
        rows = _compare(immune, case, (), {})
        case = replace(case, scored=case.score(criteria=RECIST_1_1), criteria=RECIST_1_1)
    others = [response for response in responses if response.row not in rows]
    rows |= _compare(others, case, WRONG_RULES, read_sums(imported))
    table = [rows[response.row] for response in responses]
    table += _without_record(responses, scored if rows and immune else case.scored)
    return Comparison(table=pd.DataFrame(table, columns=list(COLUMNS)), ledger=ledger)


def _compare(
    responses: list[SponsorResponse], case: Case, rules: tuple[WrongRule, ...], sums: Sums
) -> dict[int, tuple[object, ...]]:
    """Compare responses with one derivation; the rows by the row of RS."""
    derived = derived_from(case.scored.responses, case.scored.best_responses)
    is_same = all(_verdict(response, derived) is not Verdict.DIFFERS for response in responses)
    diagnoser = Diagnoser() if is_same else prepare_diagnoser(case, rules, responses, derived, sums)
    return {response.row: _row(response, derived, diagnoser) for response in responses}


def _verdict(response: SponsorResponse, derived: Derived) -> Verdict:
    if response.timepoint is None or derived.value(response) is None:
        return Verdict.NOT_MATCHED
    return Verdict.AGREES if derived.reproduces(response) else Verdict.DIFFERS


def _row(response: SponsorResponse, derived: Derived, diagnoser: Diagnoser) -> tuple[object, ...]:
    verdict = _verdict(response, derived)
    found = Diagnosis()
    if verdict is Verdict.NOT_MATCHED:
        code = Reason.AT_BASELINE if response.timepoint else Reason.NOT_IN_TR
        found = Diagnosis(reason=str(code), explanation=SENTENCES[code])
    elif verdict is Verdict.DIFFERS:
        found = diagnoser.diagnose(response)
    return (
        response.row,
        response.subject,
        response.reader,
        _visit(response),
        response.timepoint or "",
        response.date,
        response.test,
        response.value if response.test not in NEW_LESION_TESTS else response.given,
        derived.value(response) or "",
        str(verdict),
        found.reason,
        found.explanation,
        "; ".join(found.tied),
        "; ".join(found.others),
        found.evidence,
    )


def _visit(response: SponsorResponse) -> str:
    """Name the visit; the best response belongs to none, whatever number it was given."""
    number = response.visit_number if response.test != BEST_TEST else ""
    return response.visit or (f"visit {number}" if number else "")


def _without_record(responses: list[SponsorResponse], scored: Scored) -> list[tuple[object, ...]]:
    """List derived overall responses that the sponsor has no record of, in series that it has responses of."""
    given = Counter(
        (response.subject, response.reader, response.timepoint)
        for response in responses
        if response.test == OVERALL_TEST
    )
    series = {(subject, reader) for subject, reader, _ in given}
    rows: list[tuple[object, ...]] = []
    columns = ["subject", "reader", "timepoint", "date", "overall_response"]
    for subject, reader, timepoint, date, value in scored.responses[columns].itertuples(index=False, name=None):
        if (subject, reader) in series and not given[subject, reader, timepoint]:
            day = date.date().isoformat()
            place = (subject, reader, timepoint, timepoint, day)
            rows.append(("", *place, OVERALL_TEST, "", value, str(Verdict.NO_SPONSOR_RECORD), *[""] * 5))
    return rows
