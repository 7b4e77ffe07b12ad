"""Derived responses by place, to be held against those of the sponsor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.cdisc.sponsor import BEST_TEST
from recist.cdisc.terms import RESPONSE_TESTS_BY_CODE

if TYPE_CHECKING:
    import pandas as pd

    from recist.cdisc.sponsor import SponsorResponse

Place = tuple[str, str, str]  # subject, reader, time point; no time point for the best response
COLUMNS = ("target_response", "non_target_response", "new_lesion", "overall_response")


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """The values of one derivation by place and column."""

    values: dict[tuple[Place, str], str]

    def value_at(self, place: Place, column: str) -> str:
        """Give a value, empty where there is none."""
        return self.values.get((place, column), "")

    def value(self, response: SponsorResponse) -> str | None:
        """Give the value that a response of the sponsor is compared with."""
        return self.values.get((response.place, RESPONSE_TESTS_BY_CODE[response.test].column))

    def reproduces(self, response: SponsorResponse) -> bool:
        """Say whether the sponsor's value is the derived one."""
        value = self.value(response)
        return value is not None and agree(response.test, response.value, value)


def derived_from(responses: pd.DataFrame, best: pd.DataFrame) -> Derived:
    """Lay the values of the two tables out by place."""
    values: dict[tuple[Place, str], str] = {}
    for row in responses[["subject", "reader", "timepoint", *COLUMNS]].itertuples(index=False, name=None):
        for column, value in zip(COLUMNS, row[3:], strict=True):
            values[row[:3], column] = str(value)
    for subject, reader, value in best[["subject", "reader", "best_response"]].itertuples(index=False, name=None):
        values[(subject, reader, ""), "best_response"] = str(value)
    return Derived(values=values)


def agree(test: str, sponsor: str, derived: str) -> bool:
    """Say whether two words mean the same in one test."""
    if sponsor == derived:
        return True
    if test == "NTRGRESP" and (sponsor, derived) == ("SD", "NON-CR/NON-PD"):
        return True  # the word of RECIST 1.0 for the same
    if test == "NEWLIND" and (sponsor, derived) == ("no", "equivocal"):
        return True  # the indicator has no third value
    return test == BEST_TEST and {sponsor, derived} <= {"NE", "MISSING", "NONE"}
