"""How the responses of a wrong rule are derived: by other options, measurements, sums or readings of the parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.cdisc import wrong_sums
from recist.cdisc.best_of_visits import best_of_visits
from recist.criteria import Criteria
from recist.response import score

if TYPE_CHECKING:
    from recist.response import Options, Scored

Derivation = tuple[pd.DataFrame, pd.DataFrame]  # responses and best responses
SumsRule = Callable[[pd.DataFrame, Criteria], pd.Series]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the right responses were derived from, and the responses."""

    measurements: pd.DataFrame
    subjects: pd.DataFrame | None
    scored: Scored
    criteria: Criteria

    def score(
        self,
        *,
        measurements: pd.DataFrame | None = None,
        criteria: Criteria | None = None,
        options: Options | None = None,
    ) -> Scored:
        """Derive again with something changed."""
        return score(
            self.measurements if measurements is None else measurements,
            subjects=self.subjects,
            criteria=criteria or self.criteria,
            options=options or self.scored.options,
        )

    def with_best(self, responses: pd.DataFrame) -> Derivation:
        """Add the best responses that changed overall responses give."""
        keys = ["subject", "reader"]
        changed = responses["overall_response"] != self.scored.responses["overall_response"]
        series = responses[changed][keys].drop_duplicates()
        best = self.scored.best_responses
        found = best_of_visits(responses.merge(series, on=keys), self.scored)
        places = zip(best["subject"], best["reader"], strict=True)
        words = [found.get(place, word) for place, word in zip(places, best["best_response"], strict=True)]
        return responses, best.assign(best_response=words)


def by_options(**changed: Any) -> Callable[[Case], Derivation]:  # fields of Options, each of its own type
    """Derive with other options."""

    def derive(case: Case) -> Derivation:
        scored = case.score(options=replace(case.scored.options, **changed))
        return scored.responses, scored.best_responses

    return derive


def by_measurements(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Case], Derivation]:
    """Derive from changed measurements."""

    def derive(case: Case) -> Derivation:
        scored = case.score(measurements=change(case.measurements))
        return scored.responses, scored.best_responses

    return derive


def by_sums(change: SumsRule) -> Callable[[Case], Derivation]:
    """Derive target responses by other arithmetic on the sums, and all that follows from them."""

    def derive(case: Case) -> Derivation:
        responses = case.scored.responses
        return case.with_best(wrong_sums.with_targets(responses, change(responses, case.criteria), case.criteria))

    return derive


def by_overall(change: SumsRule) -> Callable[[Case], Derivation]:
    """Derive overall responses by other readings of the parts, and the best that follows from them."""

    def derive(case: Case) -> Derivation:
        responses = case.scored.responses
        return case.with_best(responses.assign(overall_response=change(responses, case.criteria)))

    return derive


def without_five_mm(case: Case) -> Derivation:
    """Derive without the least increase in mm."""
    limit = replace(case.criteria.progression_increase, value=Fraction(0))
    scored = case.score(criteria=replace(case.criteria, progression_increase=limit))
    return scored.responses, scored.best_responses


def too_small_is_zero(frame: pd.DataFrame) -> pd.DataFrame:
    """Take lesions too small to measure for absent."""
    small = frame["state"] == "too_small"
    sizes = {name: frame[name].where(~small, "") for name in ("diameter_mm", "long_axis_mm", "short_axis_mm")}
    return frame.assign(state=frame["state"].where(~small, "absent"), **sizes)


def long_axis_of_nodes(frame: pd.DataFrame) -> pd.DataFrame:
    """Give nodes the size of their long axis."""
    is_wrong = (frame["nodal"] == "true") & (frame["long_axis_mm"] != "") & (frame["state"] == "measured")
    return frame.assign(diameter_mm=frame["diameter_mm"].where(~is_wrong, frame["long_axis_mm"]))


def by_best(case: Case, column: str) -> Derivation:
    """Take another column for the best response."""
    best = case.scored.best_responses
    return case.scored.responses, best.assign(best_response=best[column])
