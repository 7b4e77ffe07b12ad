"""The response at the first follow-up in a domain: how many had which, and who may be compared by it from which day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.questions.condition import MISSING, Condition
from survival.questions.estimate import Estimate, Scale
from survival.questions.history import make_history
from survival.questions.knowledge import Knowledge
from survival.questions.left_out import say_left_out
from survival.questions.quantity import Quantity
from survival.questions.response_window import OUTSIDE, require_window
from survival.questions.words import decapitalised
from survival.rates import rate
from survival.responses import DOMAINS, SYMPTOMATIC, count_categories, derive_contrast
from survival.words.result_html import say_html_table

if TYPE_CHECKING:
    from collections.abc import Hashable

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from survival.questions.study_cohort import StudyCohort
    from survival.responses import Domain

NAMES = {"symptoms": "symptomatic", "labs": "biochemical"}
CODES = {"imaging": "imaging", "biochemical": "biochem", "symptomatic": "symptoms"}
PROGRESSION = "PD"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirstResponse:
    """Response at the first follow-up.

    Attributes
    ----------
    cohort : StudyCohort
    domain : Domain
    codes : pandas.Series
        Category by position, empty where missing.
    days : pandas.Series
        Day from the first treatment on which it was known.
    window_days : tuple of int or None
        First and last day of the window; None where the cohort does not tell.
    unknown : pandas.Series
        Why there is no category, by position.
    """

    cohort: StudyCohort
    domain: Domain
    codes: pd.Series
    days: pd.Series
    window_days: tuple[int, int] | None
    unknown: pd.Series
    confidence: float = 0.95

    @property
    def _frame(self) -> pd.DataFrame:
        return pd.DataFrame({self.domain.response_column: self.codes, self.domain.days_column: self.days})

    @property
    def table(self) -> pd.DataFrame:
        """Count every category: ``code, name, n, denominator, share, lower, upper``, shares of the evaluable."""
        counts = count_categories(self._frame, self.domain)
        evaluable = int(counts.loc[counts["in_denominator"], "n"].sum())
        rows = [
            (row["code"], row["name"], row["n"], *self._share(row["n"], evaluable, inside=row["in_denominator"]))
            for row in counts.to_dict("records")
        ]
        return pd.DataFrame(rows, columns=["code", "name", "n", "denominator", "share", "lower", "upper"])

    @property
    def rates(self) -> pd.DataFrame:
        """Give the categories that are in the denominator, with exact intervals."""
        table = self.table
        return table[table["denominator"].notna()].reset_index(drop=True)

    @property
    def rate(self) -> Estimate:
        """Share of responders among the evaluable, with its exact interval."""
        return self._rate(self.domain.responders)

    @property
    def disease_control_rate(self) -> Estimate:
        """Share with response or stable disease among the evaluable."""
        self._require(SYMPTOMATIC, False, "disease_control_rate", "rate")
        return self._rate(self.domain.good)

    @property
    def category(self) -> Quantity:
        """The category itself, known from its own day."""
        known = self.codes.ne("")
        places = np.flatnonzero(known)
        return Quantity(
            subjects=self.cohort.subjects,
            told=self.codes,
            knowledge=Knowledge.OWN_DAY,
            history=make_history(places, self.days[known].to_numpy(), self.codes[known].to_numpy(), len(self.codes)),
            name=f"{self.domain.name} response",
            code=f"{self._code}.category",
            column=self.domain.response_column,
            domain=self.domain.key,
        )

    @property
    def disease_control(self) -> Condition:
        """Response or stable disease against progression; only where there is a category."""
        self._require(SYMPTOMATIC, False, "disease_control", "improved")
        return self._contrast("disease_control")

    @property
    def progressed(self) -> Condition:
        """Progression against response or stable disease."""
        self._require(SYMPTOMATIC, False, "progressed", "unimproved")
        return self._opposite("progressed")

    @property
    def responded(self) -> Condition:
        """Complete or partial response against anything else evaluable."""
        self._require(SYMPTOMATIC, False, "responded", "improved")
        others = [code for code in self.domain.evaluable if code not in self.domain.responders]
        bad = self._bad(self.domain.responders)
        name = f"{self.domain.name} response"
        no_name = f"No response ({', '.join(others)})"
        yes_name = f"Response ({', '.join(self.domain.responders)})"
        return self._condition(1 - bad, (name, yes_name, no_name), "responded", is_good=True)

    @property
    def improved(self) -> Condition:
        """Symptoms improved against unchanged or worse."""
        self._require(SYMPTOMATIC, True, "improved", "responded")
        return self._contrast("improved")

    @property
    def unimproved(self) -> Condition:
        """Symptoms unchanged or worse against improved."""
        self._require(SYMPTOMATIC, True, "unimproved", "progressed")
        return self._opposite("unimproved")

    def __str__(self) -> str:
        """Give the response rate with its denominator, and who is not in it."""
        share, domain = self.rate, self.domain
        window = f" (day {self.window_days[0]} to {self.window_days[1]})" if self.window_days else ""
        line = f"{domain.name} response at first follow-up{window}: {domain.responder_name} "
        line += f"{self._counted(domain.responders)} = {share}"
        if domain.good != domain.responders:
            control = "disease control" if domain in DOMAINS else decapitalised(domain.good_name)
            line += f"; {control} {self._counted(domain.good)} = {self.disease_control_rate}"
        outside = ~self.codes.isin(domain.evaluable)
        reasons = self.unknown[outside].replace("", MISSING).value_counts()
        return line + say_left_out([(str(reason), int(n)) for reason, n in reasons.items()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [[row["name"], str(row["n"]), self._shown(row)] for row in self.table.to_dict("records")]
        return say_html_table(
            f"{self.domain.name} response at first follow-up",
            ["", "Patients", f"Share of evaluable ({100 * self.confidence:g} % CI)"],
            rows,
            ["What is missing or not evaluable is outside the denominator: it is not a non-response."],
        )

    def plot(self) -> Figure:
        """Draw the change of each patient's sum of diameters at the first read: a waterfall.

        Raises
        ------
        UsageError
            If the response is not one of images, or the cohort has no reads with sums.
        """
        from survival.questions.response_figure import draw_first_changes

        return draw_first_changes(self)

    @property
    def _code(self) -> str:
        return CODES.get(self.domain.key, self.domain.key)

    def _shown(self, row: dict[Hashable, Any]) -> str:
        if np.isnan(row["denominator"]):
            return "–"
        limits = {name: row[name] for name in ("lower", "upper")}
        return str(Estimate(value=row["share"], **limits, scale=Scale.SHARE, confidence=self.confidence))

    def _share(self, count: int, n: int, *, inside: bool) -> tuple[float, float, float, float]:
        if not inside:
            return (np.nan,) * 4
        found = rate(count, n, confidence=self.confidence)
        return float(n), found.rate, found.lower, found.upper

    def _rate(self, codes: tuple[str, ...]) -> Estimate:
        count, n = int(self.codes.isin(codes).sum()), int(self.codes.isin(self.domain.evaluable).sum())
        found = rate(count, n, confidence=self.confidence)
        return Estimate(
            value=found.rate, lower=found.lower, upper=found.upper, scale=Scale.SHARE, confidence=self.confidence
        )

    def _counted(self, codes: tuple[str, ...]) -> str:
        return f"{int(self.codes.isin(codes).sum())}/{int(self.codes.isin(self.domain.evaluable).sum())}"

    def _bad(self, good: tuple[str, ...]) -> NDArray[np.float64]:
        inside = self.codes.isin(self.domain.evaluable)
        return np.where(inside, np.where(self.codes.isin(good), 0.0, 1.0), np.nan)

    def _contrast(self, word: str) -> Condition:
        bad = derive_contrast(self._frame, self.domain)
        names = (self.domain.contrast_name, self.domain.good_name, self.domain.bad_name)
        return self._condition(1 - bad, names, word, is_good=True)

    def _opposite(self, word: str) -> Condition:
        bad = derive_contrast(self._frame, self.domain)
        names = (self.domain.bad_term, self.domain.bad_name, self.domain.good_name)
        return self._condition(bad, names, word, is_good=False)

    def _condition(
        self, values: NDArray[np.float64], names: tuple[str, str, str], word: str, *, is_good: bool
    ) -> Condition:
        known = ~np.isnan(values)
        days = self.days.to_numpy(dtype="float64")
        return Condition(
            subjects=self.cohort.subjects,
            holds=values,
            knowledge=Knowledge.OWN_DAY,
            history=make_history(np.flatnonzero(known), days[known], values[known], len(values)),
            name=names[0],
            yes_name=names[1],
            no_name=names[2],
            is_good=is_good,
            code=f"{self._code}.{word}",
            domain=self.domain.key,
            unknown=self.unknown,
        )

    def _require(self, domain: Domain, is_wanted: bool, word: str, instead: str) -> None:
        if (self.domain is domain) != is_wanted:
            raise UsageError(f"{self._code}.{word}: the {self.domain.name.lower()} response has none; ask .{instead}.")


def first_response(
    cohort: StudyCohort, domain: str, *, window_days: tuple[int, int] | None = None, confidence: float = 0.95
) -> FirstResponse:
    """Take the response at the first follow-up in a domain.

    Parameters
    ----------
    cohort : StudyCohort
    domain : str
        ``"imaging"``, ``"biochemical"`` or ``"symptoms"``, or the key of a response that the settings declare.
    window_days : (int, int), optional
        First and last day, from the first treatment, of what counts as the first follow-up; as linked when not given.

    Raises
    ------
    UsageError
        If there is no such domain, or the window cannot be had from this cohort.
    """
    key = NAMES.get(domain, domain)
    found = next((one for one in cohort.domains if one.key == key), None)
    if found is None:
        asks = [repr(one.key) if one is not SYMPTOMATIC else repr("symptoms") for one in reversed(cohort.domains)]
        raise UsageError(f"There is no domain {domain!r}; ask for {', '.join(asks[:-1])} or {asks[-1]}.")
    if found.response_column not in cohort.frame or found.days_column not in cohort.frame:
        raise UsageError(
            f"The cohort has no dated {found.name.lower()} response: it needs {found.response_column} and "
            f"{found.days_column}."
        )
    windowed, window = require_window(cohort, found, window_days)
    frame = windowed.frame.reset_index(drop=True)
    codes, days = frame[found.response_column], frame[found.days_column]
    outside = pd.Series(False, index=codes.index)
    if window_days is not None and window is not None:
        outside = codes.isin(found.evaluable) & ~days.between(*window)
    names = {category.code: decapitalised(category.name) for category in found.categories if category.good is None}
    unknown = codes.map(names).fillna("").mask(outside, OUTSIDE)
    return FirstResponse(
        cohort=cohort,
        domain=found,
        codes=codes.mask(outside, ""),
        days=days.mask(outside),
        window_days=window,
        unknown=unknown.mask(codes.eq(""), MISSING),
        confidence=confidence,
    )
