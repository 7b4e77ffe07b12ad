"""Which rule gives a response of the sponsor that differs, and what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.cdisc.best_of_visits import best_of_visits
from recist.cdisc.derived import Derived, Place, agree, derived_from
from recist.cdisc.sponsor import BEST_TEST, OVERALL_TEST
from recist.cdisc.sponsor_sums import HUNDREDTHS, Sums, sums_of
from recist.cdisc.terms import RESPONSE_TESTS_BY_CODE
from recist.cdisc.wrong_sums import at_exact_limit, overall_by_table
from recist.criteria import NewLesion, NonTargetResponse, TargetResponse

if TYPE_CHECKING:
    from recist.cdisc.derivations import Case
    from recist.cdisc.sponsor import SponsorResponse
    from recist.cdisc.wrong_rules import WrongRule

# at an exact limit the narrower fault goes before the wider one, where both explain as much
NARROW = ("float_boundary", "limit_excluded")


class Reason(StrEnum):
    """Why a response differs, where it is no wrong rule."""

    NOT_IN_TR = "visit_not_matched"
    AT_BASELINE = "at_baseline"
    FOLLOWS_COMPONENTS = "follows_components"
    FOLLOWS_OVERALL = "follows_from_overall_responses"
    UNEXPLAINED = "unexplained"


SENTENCES = {
    Reason.NOT_IN_TR: "no measurements at this visit for this evaluator, by name or by date",
    Reason.AT_BASELINE: "the visit is the baseline, or before it; no response is derived there",
    Reason.FOLLOWS_COMPONENTS: "follows from the sponsor's own target, non-target and new-lesion responses",
    Reason.FOLLOWS_OVERALL: "the best of the sponsor's own overall responses, some of which differ",
    Reason.UNEXPLAINED: "unexplained: no rule that is tried gives the sponsor's value",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What gives a response of the sponsor.

    Attributes
    ----------
    reason, explanation : str
    tied : tuple of str
        Rules that explain it as well and as much of the study as the one named.
    others : tuple of str
        All other rules that give the value.
    evidence : str
        What the sponsor's own sum rules out.
    """

    reason: str = ""
    explanation: str = ""
    tied: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """A wrong rule, what it gives, and how many of the sponsor's responses that are."""

    rule: WrongRule
    place: int
    derived: Derived
    sums: Sums
    reproduced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnoser:
    """Everything that the sponsor's responses are explained by.

    Attributes
    ----------
    tried : list
    components, best : dict
        The overall response by the sponsor's own components, and the best response by their own overall responses.
    sums : dict
        The sponsor's sums, in hundredths of a mm.
    series : dict
        The time points of each series in order, baseline first.
    at_limit : set
        Places where the sum is exactly at a limit of the criteria.
    """

    tried: list[_Tried] = field(default_factory=list)
    components: dict[Place, str] = field(default_factory=dict)
    best: dict[Place, str] = field(default_factory=dict)
    sums: Sums = field(default_factory=dict)
    series: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    at_limit: frozenset[Place] = frozenset()

    def diagnose(self, response: SponsorResponse) -> Diagnosis:
        """Name what gives the sponsor's value."""
        fitting = [one for one in self.tried if one.derived.reproduces(response)]
        misses = {one.place: self._misses(one, response) for one in fitting}
        least = min(misses.values(), default=0)
        kept = [one for one in fitting if misses[one.place] == least]
        ranked = sorted(kept, key=lambda one: (-one.reproduced, self._narrowness(one, response), one.place))
        codes = tuple(dict.fromkeys(one.rule.code for one in ranked))
        evidence = self._evidence([one for one in fitting if misses[one.place] > least], response, codes)
        if response.test == BEST_TEST and self._is_same(response, self.best):
            return _plain(Reason.FOLLOWS_OVERALL, codes)
        if ranked:
            first = ranked[0]
            equal = (one.rule.code for one in ranked if one.reproduced == first.reproduced)
            tied = tuple(code for code in dict.fromkeys(equal) if code != first.rule.code)
            return Diagnosis(
                reason=first.rule.code, explanation=first.rule.sentence, tied=tied, others=codes[1:], evidence=evidence
            )
        is_table = response.test == OVERALL_TEST and self._is_same(response, self.components)
        return _plain(Reason.FOLLOWS_COMPONENTS if is_table else Reason.UNEXPLAINED, ())

    def _is_same(self, response: SponsorResponse, values: dict[Place, str]) -> bool:
        value = values.get(response.place)
        return value is not None and agree(response.test, response.value, value)

    def _places(self, response: SponsorResponse) -> list[Place]:
        """Give the visits that a response rests on: up to its own, or all of them for the best response."""
        labels = self.series.get((response.subject, response.reader), [])
        end = labels.index(response.timepoint) + 1 if response.timepoint in labels else len(labels)
        return [(response.subject, response.reader, label) for label in labels[:end]]

    def _misses(self, one: _Tried, response: SponsorResponse) -> int:
        """Count the visits at which the sponsor's sum is not the one of a rule."""
        known = [place for place in self._places(response) if place in self.sums and place in one.sums]
        return sum(self.sums[place] != one.sums[place] for place in known)

    def _narrowness(self, one: _Tried, response: SponsorResponse) -> int:
        is_narrow = response.place in self.at_limit and one.rule.code in NARROW
        return NARROW.index(one.rule.code) if is_narrow else len(NARROW)

    def _evidence(self, refuted: list[_Tried], response: SponsorResponse, kept: tuple[str, ...]) -> str:
        parts = []
        for one in refuted:
            where = [place for place in self._places(response) if self.sums.get(place) != one.sums.get(place)]
            known = [place for place in where if place in self.sums and place in one.sums]
            if known and one.rule.code not in kept:
                given, made = (f"{sums[known[-1]] / HUNDREDTHS:g} mm" for sums in (self.sums, one.sums))
                parts.append(f"not {one.rule.code}: the sponsor's sum at {known[-1][2]} is {given}, not {made}")
        return "; ".join(dict.fromkeys(parts))


def _plain(reason: Reason, others: tuple[str, ...]) -> Diagnosis:
    return Diagnosis(reason=str(reason), explanation=SENTENCES[reason], others=others)


def prepare_diagnoser(
    case: Case, rules: tuple[WrongRule, ...], responses: list[SponsorResponse], derived: Derived, sums: Sums
) -> Diagnoser:
    """Derive by every wrong rule, and by the sponsor's own responses."""
    keys = ["subject", "reader", "timepoint", "date"]
    baselines = {(one, other): label for one, other, label in _tuples(case.scored.baselines[keys[:3]])}
    series: dict[tuple[str, str], list[str]] = {key: [label] for key, label in baselines.items()}
    for subject, reader, label, _ in _tuples(case.scored.responses[keys].sort_values("date", kind="stable")):
        series.setdefault((subject, reader), []).append(label)
    own_sums = sums_of(case.scored.responses, baselines)
    tried = []
    for number, rule in enumerate(rules):
        found, best = rule.derive(case)
        values = derived_from(found, best)
        reproduced = sum(values.reproduces(response) for response in responses)
        rule_sums = own_sums | sums_of(found, baselines)
        tried.append(_Tried(rule=rule, place=number, derived=values, sums=rule_sums, reproduced=reproduced))
    limit = at_exact_limit(case.scored.responses, case.criteria)
    return Diagnoser(
        tried=tried,
        components=_by_components(responses, derived, case),
        best=_by_overall(responses, derived, case),
        sums=sums,
        series=series,
        at_limit=frozenset(_tuples(case.scored.responses.loc[limit, keys[:3]])),
    )


def _tuples(frame: pd.DataFrame) -> list[tuple[Any, ...]]:  # cells of any column
    return list(frame.itertuples(index=False, name=None))


def _by_overall(responses: list[SponsorResponse], derived: Derived, case: Case) -> dict[Place, str]:
    """Derive the best response from the sponsor's own overall responses, of series in which some differ."""
    own = {response.place: response for response in responses if response.test == OVERALL_TEST and response.timepoint}
    differing = {place[:2] for place, response in own.items() if not derived.reproduces(response)}
    rows = []
    for place in _tuples(case.scored.responses[["subject", "reader", "timepoint", "date"]]):
        response = own.get(place[:3])
        if response is not None and place[:2] in differing:
            rows.append((*place, response.value))
    columns = ["subject", "reader", "timepoint", "date", "overall_response"]
    found = best_of_visits(pd.DataFrame(rows, columns=columns), case.scored) if rows else {}
    return {(*series, ""): word for series, word in found.items()}


def _by_components(responses: list[SponsorResponse], derived: Derived, case: Case) -> dict[Place, str]:
    """Derive the overall response from the sponsor's own components, where they differ from the derived ones."""
    found: dict[Place, dict[str, str]] = {}
    for response in responses:
        if response.timepoint and response.test not in (BEST_TEST, OVERALL_TEST):
            found.setdefault(response.place, {})[RESPONSE_TESTS_BY_CODE[response.test].column] = response.value
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
