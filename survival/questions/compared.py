"""Survival compared between two sides: the result line of a paper, its numbers, its curves, and who was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pandas as pd

from survival.questions.estimate import Estimate, Scale
from survival.words.result_html import say_html_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAN = float("nan")


class Form(StrEnum):
    """From when the two sides are compared."""

    FROM_INDEX = "from the index date"
    AS_PUBLISHED = "as published"
    LANDMARK = "landmark"
    OWN_ENTRY = "own follow-up"
    START_STOP = "start-stop"


@dataclass(frozen=True, kw_only=True, eq=False)
class ComparedSurvival:
    """Two sides compared, yes against no.

    Attributes
    ----------
    name : str
        What tells the sides apart.
    endpoint_name : str
    yes_name, no_name : str
    form : Form
    form_words : str
        ``landmark 4 months (day 122)``.
    numbers : dict
        Everything by name, times in months; ``good_*`` is the yes side and ``bad_*`` the no side.
    rows : pandas.DataFrame
        ``days, event, start_days, side`` of who was compared, on the clock of the form; start-stop rows have a
        ``subject``.
    clock : str
        What the days of the rows count from.
    hazard_of : str
        The side whose hazard is divided by that of the other.
    left_out : tuple of (str, int)
        Why subjects are not in it, and how many.
    beside : tuple of ComparedSurvival
        The defensible forms, beside a comparison as published.
    notes : tuple of str
    """

    name: str
    endpoint_name: str
    yes_name: str
    no_name: str
    form: Form
    form_words: str
    numbers: dict[str, Any]
    rows: pd.DataFrame
    clock: str
    hazard_of: str
    left_out: tuple[tuple[str, int], ...] = ()
    beside: tuple[ComparedSurvival, ...] = ()
    notes: tuple[str, ...] = field(default=())
    confidence: float = 0.95

    @property
    def is_biased(self) -> bool:
        """Whether the comparison contains immortal time."""
        return self.form is Form.AS_PUBLISHED

    @property
    def n(self) -> tuple[int, int]:
        """How many are on the yes and on the no side; of start-stop rows, ever after and never."""
        return int(self.numbers["good_n"]), int(self.numbers["bad_n"])

    @property
    def events(self) -> tuple[int, int]:
        """Events on the yes and on the no side."""
        return int(self.numbers["good_events"]), int(self.numbers["bad_events"])

    @property
    def medians(self) -> tuple[Estimate, Estimate]:
        """Median time of the yes and of the no side, in months."""
        yes, no = (self._estimate(f"{side}_median{{}}_months") for side in ("good", "bad"))
        return yes, no

    @property
    def difference(self) -> Estimate:
        """Difference of medians in months, yes minus no, with its bootstrap interval."""
        return self._estimate("difference{}_months", Scale.DIFFERENCE)

    @property
    def hazard_ratio(self) -> Estimate:
        """Hazard ratio of `hazard_of` against the other side, with its interval."""
        names = ("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper")
        value, lower, upper = (float(self.numbers.get(name, NAN)) for name in names)
        return Estimate(value=value, lower=lower, upper=upper, scale=Scale.RATIO, confidence=self.confidence)

    @property
    def p_value(self) -> float:
        """P of the log-rank test; of the hazard ratio with own entry; of Mantel and Byar's test with a switch."""
        for name in ("mantel_byar_p_value", "log_rank_p_value", "hazard_ratio_p_value"):
            if self.form is Form.OWN_ENTRY and name == "log_rank_p_value":
                continue
            if name in self.numbers:
                return float(self.numbers[name])
        return NAN

    @property
    def table(self) -> pd.DataFrame:
        """Give one row a side: ``side, n, events, median_months, median_lower_months, median_upper_months``."""
        names = ("n", "events", "median_months", "median_lower_months", "median_upper_months")
        rows = [
            {"side": label} | {name: self.numbers.get(f"{side}_{name}", NAN) for name in names}
            for side, label in (("good", self.yes_name), ("bad", self.no_name))
        ]
        return pd.DataFrame(rows)

    def __str__(self) -> str:
        """Give the result line of a paper; as published, with the defensible forms below it."""
        from survival.questions.compared_words import say_line

        lines = [say_line(self), *self.notes]
        if self.is_biased:
            lines += [f"  beside it: {each}" for each in self.beside]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from survival.questions.compared_words import say_cells, say_form, say_note

        shown = (self, *self.beside)
        rows = [[say_form(each), *say_cells(each)] for each in shown]
        percent = f"{100 * self.confidence:g} % CI"
        header = [
            "Form",
            f"n, {self.yes_name} vs {self.no_name}",
            "Events",
            "Medians, months",
            f"Difference of medians ({percent})",
            f"Hazard ratio ({percent})",
            "p",
        ]
        notes = [note for each in shown if (note := say_note(each))]
        return say_html_table(f"{self.endpoint_name}: {self.name}", header, rows, [*notes, *self.notes])

    def plot(self) -> Figure:
        """Draw both curves above their risk table; of a switch, Simon and Makuch's curves."""
        from survival.questions.compared_figure import draw_compared

        return draw_compared(self)

    def _estimate(self, pattern: str, scale: Scale = Scale.MONTHS) -> Estimate:
        value, lower, upper = (float(self.numbers.get(pattern.format(part), NAN)) for part in ("", "_lower", "_upper"))
        return Estimate(value=value, lower=lower, upper=upper, scale=scale, confidence=self.confidence)
