"""A comparison in words: the line of a paper, the cells of a table, and what to note below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survival.questions.compared import Form
from survival.questions.left_out import say_left_out
from survival.questions.words import decapitalised
from survival.words.comparison import is_firth, say_hazard, say_hazard_p
from survival.words.wording import say_p_equals, say_percent

if TYPE_CHECKING:
    from survival.questions.compared import ComparedSurvival

AS_PUBLISHED = "as published: contains immortal time"


def say_form(compared: ComparedSurvival) -> str:
    """Name the form of a comparison; the biased one by what is wrong with it."""
    return AS_PUBLISHED if compared.is_biased else compared.form_words


def say_line(compared: ComparedSurvival) -> str:
    """Write the result line of a paper."""
    head = f"{compared.name}, {say_form(compared)}: "
    yes, no = compared.n
    if min(yes, no) == 0 and compared.form is not Form.START_STOP:
        return f"{head}nobody on one side (n = {yes} vs {no}){say_left_out(compared.left_out)}"
    parts = [f"n = {yes} vs {no}", f"events {compared.events[0]} vs {compared.events[1]}"]
    if "good_median_months" in compared.numbers:
        parts += [f"median {_medians(compared)} months", _say_difference(compared)]
    parts += [_say_hazard(compared, prefix="HR "), say_test(compared)]
    return head + ", ".join(parts) + say_left_out(compared.left_out)


def say_cells(compared: ComparedSurvival) -> list[str]:
    """Write the cells of a table: n, events, medians, difference, hazard ratio, p."""
    difference = compared.difference
    has_interval = not np.isnan(difference.lower)
    return [
        f"{compared.n[0]} vs {compared.n[1]}",
        f"{compared.events[0]} vs {compared.events[1]}",
        _medians(compared) if "good_median_months" in compared.numbers else "–",
        f"{difference.limits_free} ({difference.limits})" if has_interval else "–",
        _say_hazard(compared),
        say_test(compared),
    ]


def say_note(compared: ComparedSurvival) -> str:
    """Say who is not in a comparison, and how its hazard ratio was estimated where that needs saying."""
    words = say_left_out(compared.left_out).removeprefix("; ")
    firth = " Hazard ratio by Firth's correction." if is_firth(compared.numbers) else ""
    return f"{say_form(compared)}: {words}.{firth}" if words or firth else ""


def say_test(compared: ComparedSurvival) -> str:
    """Write the p value with the name of its test."""
    if compared.form is Form.OWN_ENTRY:
        return say_hazard_p(compared.numbers)
    if compared.form is Form.START_STOP:
        return f"Mantel–Byar {say_p_equals(compared.p_value)}"
    return f"log-rank {say_p_equals(compared.p_value)}"


def _medians(compared: ComparedSurvival) -> str:
    return " vs ".join(each.limits_free for each in compared.medians)


def _say_hazard(compared: ComparedSurvival, *, prefix: str = "") -> str:
    ratio = f"{prefix}{say_hazard(compared.numbers)}"
    if compared.form is Form.START_STOP:
        return f"{ratio} after against before or without"
    return f"{ratio} for {decapitalised(compared.hazard_of)}"


def _say_difference(compared: ComparedSurvival) -> str:
    difference = compared.difference
    if not difference.is_given:
        return "no difference of medians, as one was not reached"
    if np.isnan(difference.lower):
        share = say_percent(compared.numbers["replicates_without_median"])
        return f"difference {difference.limits_free} (no interval: a median was not reached in {share} of samples)"
    return f"difference {difference.limits_free} ({100 * compared.confidence:g} % CI {difference.limits})"
