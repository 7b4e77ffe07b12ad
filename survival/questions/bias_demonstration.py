"""What immortal time does: the comparison that is false by design, beside the forms that are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from recist.errors import UsageError
from survival.options import ReportOptions
from survival.questions.asked import require_condition
from survival.questions.compared_words import say_cells, say_form, say_line
from survival.questions.forms import Asked, compare_as_published, compare_at_landmark, compare_changing
from survival.questions.knowledge import Knowledge
from survival.questions.switch import switches_on
from survival.questions.words import decapitalised
from survival.words.result_html import say_html_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from survival.questions.compared import ComparedSurvival
    from survival.questions.condition import Condition
    from survival.questions.estimate import Estimate
    from survival.questions.survival_time import SurvivalTime


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BiasDemonstration:
    """One comparison as published and without immortal time.

    Attributes
    ----------
    naive : ComparedSurvival
        From the index date by what came later.
    landmarks : tuple of ComparedSurvival
    start_stop : ComparedSurvival
    """

    naive: ComparedSurvival
    landmarks: tuple[ComparedSurvival, ...]
    start_stop: ComparedSurvival

    @property
    def difference(self) -> Estimate:
        """The false gain in months: the difference of medians as published."""
        return self.naive.difference

    @property
    def hazard_ratio(self) -> Estimate:
        """The hazard ratio of the time after against the time before, by start-stop rows: without immortal time."""
        return self.start_stop.hazard_ratio

    @property
    def explanation(self) -> str:
        """Why the first form is false."""
        return (
            f"Immortal time: to come to “{decapitalised(self.naive.name)}” one has to live until then, so that side "
            "cannot have early deaths, and the first form credits it with the time lived before. It would show a gain "
            "even where nothing is gained; believe the landmarks and the start-stop rows."
        )

    @property
    def table(self) -> pd.DataFrame:
        """Give one row a form: n, difference of medians in months, hazard ratio, each with its interval, and p."""
        return pd.DataFrame([_record(each) for each in self._forms])

    def __str__(self) -> str:
        """Give every form on a line, the false one first, and why it is false."""
        lines = [say_line(self.naive), *(f"  {each}" for each in self._forms[1:]), self.explanation]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [[say_form(each), *say_cells(each)] for each in self._forms]
        header = ["Form", "n", "Events", "Medians, months", "Difference of medians", "Hazard ratio", "p"]
        return say_html_table(f"{self.naive.endpoint_name}: {self.naive.name}", header, rows, [self.explanation])

    def plot(self) -> Figure:
        """Draw Simon and Makuch's curves: the comparison without immortal time."""
        return self.start_stop.plot()

    @property
    def _forms(self) -> tuple[ComparedSurvival, ...]:
        return (self.naive, *self.landmarks, self.start_stop)


def bias_demonstration(
    time: SurvivalTime, by: Condition, *, bootstrap: int = 2000, seed: int = 211
) -> BiasDemonstration:
    """Show what immortal time does to a comparison by something that comes about later.

    Parameters
    ----------
    time : SurvivalTime
    by : Condition
        Something that comes about on a known day, such as ``cohort.n_treatments >= 2``.
    bootstrap, seed : int
        Replicates behind the interval of a difference of medians, and their seed.

    Raises
    ------
    UsageError
        If it is known on the index date, or the day on which it came about is not in the cohort.
    """
    condition = require_condition(time, by)
    if condition.knowledge not in {Knowledge.AFTERWARDS, Knowledge.CHANGES} or condition.history is None:
        raise UsageError(
            f"bias_demonstration needs something that comes about on a known day, such as cohort.n_treatments >= 2; "
            f"{condition.code} is {condition.knowledge}"
            + (", and the cohort does not hold the day." if condition.history is None else ".")
        )
    if time.has_delayed_entry:
        raise UsageError(
            'bias_demonstration compares from the first treatment: overall_survival(cohort, index="first_treatment").'
        )
    options = ReportOptions(bootstrap=bootstrap, seed=seed, confidence=time.confidence)
    asked = Asked(time=time, by=condition, options=options)
    switch = condition if condition.knowledge is Knowledge.CHANGES else switches_on(condition)
    naive = compare_as_published(asked)
    return BiasDemonstration(
        naive=naive,
        landmarks=tuple(compare_at_landmark(asked, day) for day in options.retreatment_landmarks_days),
        start_stop=compare_changing(Asked(time=time, by=switch, options=options)),
    )


def _record(compared: ComparedSurvival) -> dict[str, object]:
    difference, ratio = compared.difference, compared.hazard_ratio
    return {
        "form": say_form(compared),
        "n_yes": compared.n[0],
        "n_no": compared.n[1],
        "difference_months": difference.value,
        "difference_lower_months": difference.lower,
        "difference_upper_months": difference.upper,
        "hazard_ratio": ratio.value,
        "hazard_ratio_lower": ratio.lower,
        "hazard_ratio_upper": ratio.upper,
        "p_value": compared.p_value,
    }
