"""What a study declares of its own: endpoints, responses, covariates and comparisons, one table each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from survival.endpoints import ENDPOINTS, Endpoint
from survival.responses import Category, Domain
from survival.settings.rule import (
    CODES,
    COUNT_OR_NONE,
    NAME,
    POSITIVE_NUMBER,
    SHORT_KEY,
    SOME_CODES,
    TEXT,
    TEXTS_BY_NAME,
    one_of,
    setting,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

UNITS = ("days", "months", "years")
KINDS = ("", "number", "flag", "category")
CENSORED = (0,)
ORIGIN, EVENT = "the index date", "the event"
Code = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointEntry:
    """A table ``[[survival.endpoint]]``: a time to an event, and how the table codes it."""

    key: str = setting(
        "", "stem of its names; os, pfs or relief replaces the one of the toolkit", SHORT_KEY, required=True
    )
    name: str = setting("", "name for titles", NAME, required=True)
    short: str = setting("", "name for tight places", TEXT)
    time_column: str = setting("", "column with the time; KEY_days if not given", TEXT)
    event_column: str = setting("", "column with the code of what happened; KEY_event if not given", TEXT)
    event_codes: tuple[Code, ...] = setting((1,), "codes that are the event", SOME_CODES)
    censored_codes: tuple[Code, ...] = setting(CENSORED, "codes that end observation without the event", CODES)
    competing_codes: tuple[Code, ...] = setting((), "codes of events after which this one cannot come", CODES)
    unit: str = setting("days", "unit of the time column: days, months or years", one_of(*UNITS))
    origin: str = setting(ORIGIN, "what the clock starts at", NAME)
    event: str = setting(EVENT, "what ends it", NAME)
    competing: str = setting("a competing event", "what the competing codes are", NAME)

    def endpoint(self) -> Endpoint:
        """Give the endpoint that it declares; where it is silent, one of the toolkit keeps its meaning."""
        known = next((one for one in ENDPOINTS if one.key == self.key), None)
        short, event, origin = (known.short, known.event, known.origin) if known else (self.name, EVENT, ORIGIN)
        return Endpoint(
            key=self.key,
            name=self.name,
            short=self.short or short,
            origin=origin if self.origin == ORIGIN else self.origin,
            event=event if self.event == EVENT else self.event,
            competing=self.competing if self.competing_codes else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseEntry:
    """A table ``[[survival.response]]``: a response seen at a follow-up, and what its codes mean."""

    key: str = setting(
        "", "stem of its names; imaging, biochemical or symptomatic replaces it", SHORT_KEY, required=True
    )
    name: str = setting("", "name for titles", NAME, required=True)
    column: str = setting("", "column with the code; KEY_response if not given", TEXT)
    days_column: str = setting("", "column with the day it was known; KEY_days if not given", TEXT)
    good: tuple[Code, ...] = setting((), "codes on the good side", SOME_CODES, required=True)
    bad: tuple[Code, ...] = setting((), "codes on the bad side", SOME_CODES, required=True)
    not_evaluable: tuple[Code, ...] = setting((), "codes on neither side, out of every denominator", CODES)
    responders: tuple[Code, ...] = setting((), "codes that the response rate counts; the good ones if not given", CODES)
    labels: Mapping[str, str] = setting({}, "names of codes, CODE = name", TEXTS_BY_NAME)
    good_name: str = setting("", "the good side; its codes if not given", TEXT)
    bad_name: str = setting("", "the bad side; its codes if not given", TEXT)
    contrast_name: str = setting("", "being on the good side, as the subject of a sentence", TEXT)
    responder_name: str = setting("", "what the response rate counts", TEXT)
    bad_term: str = setting("", "the bad side, as a term of a model", TEXT)
    citation: str = setting("", "where the contrast comes from", TEXT)

    def domain(self) -> Domain:
        """Give the domain that it declares; a side without a name is called by its codes, never by "response"."""
        good = self.good_name or self._say_codes(self.good)
        bad = self.bad_name or self._say_codes(self.bad)
        return Domain(
            key=self.key,
            name=self.name,
            good_name=good,
            bad_name=bad,
            contrast_name=self.contrast_name or f"{good} ({self.name})",
            responder_name=self.responder_name or (self._say_codes(self.responders) if self.responders else good),
            bad_term=self.bad_term or f"{self.name}: {bad}",
            categories=tuple(self._categories()),
            citation=self.citation,
        )

    def _say_codes(self, codes: tuple[Code, ...]) -> str:
        names = [self.labels.get(str(code), str(code)) for code in codes]
        return " or ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)

    def _categories(self) -> list[Category]:
        responders = {str(code) for code in self.responders or self.good}
        sides = ((self.good, True), (self.bad, False), (self.not_evaluable, None))
        return [
            Category(
                code=str(code),
                name=self.labels.get(str(code), str(code)),
                good=good,
                responder=good is not None and str(code) in responders,
            )
            for codes, good in sides
            for code in codes
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CovariateEntry:
    """A table ``[[survival.covariate]]``: what a baseline column means and how it enters a model."""

    column: str = setting("", "the column", NAME, required=True)
    label: str = setting("", "its name for people", TEXT)
    unit: str = setting("", "its unit", TEXT)
    per: float = setting(1.0, "the step its hazard ratio is for, such as 10 (years)", POSITIVE_NUMBER)
    decimals: int = setting(1, "decimals in the baseline table", COUNT_OR_NONE)
    kind: str = setting("", "number, flag or category, where the values do not tell", one_of(*KINDS))
    reference: str = setting("", "the level the others are compared with; the commonest if not given", TEXT)
    levels: Mapping[str, str] = setting({}, "names of levels, CODE = name", TEXTS_BY_NAME)
    spline: int = setting(0, "degrees of freedom of a natural cubic spline; 0 for a straight line", COUNT_OR_NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonEntry:
    """A table ``[[survival.comparison]]``: something known only later, with the day it was known."""

    column: str = setting("", "the column", NAME, required=True)
    known_days: str = setting("", "column with the day, counted from the index date, on which it was known", TEXT)
    label: str = setting("", "its name for people", TEXT)
    good: tuple[Code, ...] = setting((), "values of the first side; the column itself if it has two values", CODES)
    bad: tuple[Code, ...] = setting((), "values of the second side", CODES)


ENTRIES = {
    "endpoint": EndpointEntry,
    "response": ResponseEntry,
    "covariate": CovariateEntry,
    "comparison": ComparisonEntry,
}
