"""Every response of the sponsor beside the derived one: agrees, or differs and by which rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd

from recist.cdisc.ledger import Ledger
from recist.cdisc.sponsor import BEST_TEST, NEW_LESION_TESTS, OVERALL_TEST, read_responses
from recist.cdisc.terms import RESPONSE_TESTS_BY_CODE
from recist.cdisc.wrong_rules import WRONG_RULES, Case
from recist.cdisc.wrong_sums import overall_by_table
from recist.criteria import RECIST_1_1, NewLesion, NonTargetResponse, TargetResponse
from recist.criteria.irecist import IRECIST

if TYPE_CHECKING:
    from recist.cdisc.ledger import Source
    from recist.cdisc.reading import Imported
    from recist.cdisc.sponsor import SponsorResponse
    from recist.cdisc.wrong_rules import WrongRule
    from recist.response import Scored

COLUMNS = (
    *("row", "subject", "reader", "visit", "timepoint", "date", "test"),
    *("sponsor", "derived", "verdict", "reason", "explanation", "other_reasons"),
)


class Verdict(StrEnum):
    """How a response of the sponsor stands to the derived one."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_MATCHED = "not_matched"
    NO_SPONSOR_RECORD = "no_sponsor_record"


class Reason(StrEnum):
    """Why a response differs, where no wrong rule reproduces it."""

    NOT_IN_TR = "visit_not_matched"
    AT_BASELINE = "at_baseline"
    FOLLOWS_COMPONENTS = "follows_components"
    UNEXPLAINED = "unexplained"


SENTENCES = {
    Reason.NOT_IN_TR: "no measurements at this visit for this evaluator, by name or by date",
    Reason.AT_BASELINE: "the visit is the baseline, or before it; no response is derived there",
    Reason.FOLLOWS_COMPONENTS: "follows from the sponsor's own target, non-target and new-lesion responses",
    Reason.UNEXPLAINED: "unexplained: no rule that is tried gives the sponsor's value",
}

Place = tuple[str, str, str]  # subject, reader, time point; no time point for the best response


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
        """Count the differences by test, reason and explanation."""
        differs = self.table[self.table["verdict"] == Verdict.DIFFERS]
        keys = ["test", "reason", "explanation"]
        counted = differs.groupby(keys, sort=True).size().rename("number").reset_index()
        return counted.sort_values("number", ascending=False, kind="stable")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Derived:
    """The values of one derivation by place and column."""

    values: dict[tuple[Place, str], str]

    def value_at(self, place: Place, column: str) -> str:
        return self.values.get((place, column), "")

    def value(self, response: SponsorResponse) -> str | None:
        column = RESPONSE_TESTS_BY_CODE[response.test].column
        return self.values.get(((response.subject, response.reader, response.timepoint or ""), column))


def compare_responses(rs: Source, imported: Imported, scored: Scored) -> Comparison:
    """Compare the responses of RS with the derived ones.

    Where they differ, the responses are derived again by each of the well-known wrong rules; the rule that gives the
    sponsor's value is named. Of several, the one that reproduces most of the sponsor's responses comes first.
    """
    ledger = Ledger(source=rs, domain="RS")
    responses = read_responses(ledger, imported)
    case = Case(
        measurements=imported.measurements,
        subjects=imported.subjects,
        scored=scored,
        criteria=scored.contributions.criteria,
    )
    immune = [response for response in responses if response.is_immune]
    rows: dict[int, tuple[object, ...]] = {}
    if case.criteria.name == IRECIST.name:
        rows = _compare(immune, case, ())
        case = replace(case, scored=case.score(criteria=RECIST_1_1), criteria=RECIST_1_1)
    rows |= _compare([response for response in responses if response.row not in rows], case, WRONG_RULES)
    table = [rows[response.row] for response in responses]
    table += _without_record(responses, scored if rows and immune else case.scored)
    return Comparison(table=pd.DataFrame(table, columns=list(COLUMNS)), ledger=ledger)


def _compare(
    responses: list[SponsorResponse], case: Case, rules: tuple[WrongRule, ...]
) -> dict[int, tuple[object, ...]]:
    """Compare responses with one derivation; the rows by the row of RS."""
    derived = _derived(case.scored.responses, case.scored.best_responses)
    differing = [response for response in responses if _verdict(response, derived) is Verdict.DIFFERS]
    tried = _try_rules(case, rules, responses) if differing else []
    components = _by_components(responses, derived, case) if differing else {}
    return {response.row: _row(response, derived, tried, components) for response in responses}


def _derived(responses: pd.DataFrame, best: pd.DataFrame) -> _Derived:
    values: dict[tuple[Place, str], str] = {}
    columns = ("target_response", "non_target_response", "new_lesion", "overall_response")
    for row in responses[["subject", "reader", "timepoint", *columns]].itertuples(index=False, name=None):
        for column, value in zip(columns, row[3:], strict=True):
            values[row[:3], column] = str(value)
    for subject, reader, value in best[["subject", "reader", "best_response"]].itertuples(index=False, name=None):
        values[(subject, reader, ""), "best_response"] = str(value)
    return _Derived(values=values)


def _agree(test: str, sponsor: str, derived: str) -> bool:
    if sponsor == derived:
        return True
    if test == "NTRGRESP" and (sponsor, derived) == ("SD", "NON-CR/NON-PD"):
        return True  # the word of RECIST 1.0 for the same
    if test == "NEWLIND" and (sponsor, derived) == ("no", "equivocal"):
        return True  # the indicator has no third value
    return test == BEST_TEST and {sponsor, derived} <= {"NE", "MISSING", "NONE"}


def _verdict(response: SponsorResponse, derived: _Derived) -> Verdict:
    value = derived.value(response)
    if response.timepoint is None or value is None:
        return Verdict.NOT_MATCHED
    return Verdict.AGREES if _agree(response.test, response.value, value) else Verdict.DIFFERS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    rule: WrongRule
    derived: _Derived
    reproduced: int


def _try_rules(case: Case, rules: tuple[WrongRule, ...], responses: list[SponsorResponse]) -> list[_Tried]:
    """Derive by every wrong rule; those that reproduce most of the sponsor's responses come first."""
    tried = []
    for rule in rules:
        derived = _derived(*rule.derive(case))
        reproduced = sum(_reproduces(derived, response) for response in responses)
        tried.append(_Tried(rule=rule, derived=derived, reproduced=reproduced))
    return sorted(tried, key=lambda one: -one.reproduced)


def _reproduces(derived: _Derived, response: SponsorResponse) -> bool:
    value = derived.value(response)
    return value is not None and _agree(response.test, response.value, value)


def _by_components(responses: list[SponsorResponse], derived: _Derived, case: Case) -> dict[Place, str]:
    """Derive the overall response from the sponsor's own components, where they differ from the derived ones."""
    found: dict[Place, dict[str, str]] = {}
    for response in responses:
        if response.timepoint and response.test not in (BEST_TEST, OVERALL_TEST):
            place = (response.subject, response.reader, response.timepoint)
            found.setdefault(place, {})[RESPONSE_TESTS_BY_CODE[response.test].column] = response.value
    known: dict[str, set[str]] = {
        "target_response": set(TargetResponse),
        "non_target_response": set(NonTargetResponse),
        "new_lesion": set(NewLesion),
    }
    cells = []
    for place, words in found.items():
        row = {name: words.get(name) or derived.value_at(place, name) for name in known}
        row["non_target_response"] = row["non_target_response"].replace("SD", "NON-CR/NON-PD")
        if all(row[name] in members for name, members in known.items()):
            cells.append((place, row))
    if not cells:
        return {}
    overall = overall_by_table(pd.DataFrame([row for _, row in cells]), case.criteria)
    return dict(zip([place for place, _ in cells], overall, strict=True))


def _row(
    response: SponsorResponse, derived: _Derived, tried: list[_Tried], components: dict[Place, str]
) -> tuple[object, ...]:
    verdict = _verdict(response, derived)
    reason = explanation = others = ""
    if verdict is Verdict.NOT_MATCHED:
        code = Reason.AT_BASELINE if response.timepoint else Reason.NOT_IN_TR
        reason, explanation = str(code), SENTENCES[code]
    elif verdict is Verdict.DIFFERS:
        reason, explanation, others = _diagnose(response, tried, components)
    return (
        response.row,
        response.subject,
        response.reader,
        response.visit or response.visit_number,
        response.timepoint or "",
        response.date,
        response.test,
        response.value if response.test not in NEW_LESION_TESTS else response.given,
        derived.value(response) or "",
        str(verdict),
        reason,
        explanation,
        others,
    )


def _diagnose(response: SponsorResponse, tried: list[_Tried], components: dict[Place, str]) -> tuple[str, str, str]:
    """Name the rule that gives the sponsor's value, and the others that would."""
    rules = [one.rule for one in tried if _reproduces(one.derived, response)]
    if rules:
        others = dict.fromkeys(rule.code for rule in rules if rule.code != rules[0].code)
        return rules[0].code, rules[0].sentence, "; ".join(others)
    place = (response.subject, response.reader, response.timepoint or "")
    follows = response.test == OVERALL_TEST and components.get(place) == response.value
    code = Reason.FOLLOWS_COMPONENTS if follows else Reason.UNEXPLAINED
    return str(code), SENTENCES[code], ""


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
            rows.append(("", *place, OVERALL_TEST, "", value, str(Verdict.NO_SPONSOR_RECORD), "", "", ""))
    return rows
