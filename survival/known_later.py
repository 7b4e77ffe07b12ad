"""What is known only after the index date, by name and by declaration, and the refusal to compare by it as if it were.

To compare people by their future lets those who live long enough choose their group: the time they had to live to get
there is counted for the group (immortal time).

References
----------
Anderson JR, Cain KC, Gelber RD. J Clin Oncol 1983;1:710-719. Giobbie-Hurder A, Gelber RD, Regan MM. J Clin Oncol
2013;31:2963-2969.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from recist.errors import UsageError
from survival.later_names import ROLES, names_later_plainly
from survival.study_columns import column_sources, later_columns

if TYPE_CHECKING:
    from survival.settings.report_options import ReportOptions

HARMS = {
    "groups": (
        "Groups made of it contain the time people had to live to get there (immortal time), so that the comparison "
        "would be false."
    ),
    "covariates": (
        "A model that starts at the index date would credit it with the time people had to live to get there (immortal "
        "time), and what is adjusted for it would be false too."
    ),
    "univariable_only": (
        "Its hazard ratio from the index date would credit it with the time people had to live to get there (immortal "
        "time)."
    ),
    "strata": (
        "Strata made of it sort people by their future: each holds the time people had to live to get there (immortal "
        "time), and a baseline hazard of its own does not mend that."
    ),
}
"""What comes of a column known only later, by the setting that names it."""
TREATED_AGAIN = ("n_treatments", "second_treatment", "second_treatment_days", "second_treatment_date")
BEGINNINGS = (
    "alive",
    "best_",
    "cause_of_death",
    "confirmed_",
    "courses",
    "cumulative_",
    "cycles",
    "dead",
    "death",
    "died",
    "duration_of_",
    "ever_",
    "follow_up",
    "followup",
    "last_",
    "n_courses",
    "n_cycles",
    "n_doses",
    "n_treat",
    "number_of_",
    "os_",
    "overall_response",
    "pfs_",
    "progress",
    "re_treat",
    "recurr",
    "relapse",
    "relief",
    "remission",
    "respon",
    "retreat",
    "second_",
    "subsequent_",
    "surviv",
    "third_",
    "time_to_",
    "total_",
    "vital_status",
)
ENDINGS = ("_response", "_responder", "_days", "_event", "_reason", "_change_pct")
AS_PUBLISHED = "as published, contains immortal time"


def is_later(column: str, options: ReportOptions) -> bool:
    """Tell whether a column is known only after the index date.

    It is if the report or the study says so (endpoints, responses, treatments, comparisons), or if its name does and
    the settings do not vouch for it (`known_at_start`). A column taken from one of another name answers to both.
    """
    names = {column, column_sources(options).get(column, column)}
    if names & later_columns(options) or names & set(TREATED_AGAIN):
        return True
    return any(sounds_later(name) for name in names) and not names & set(options.known_at_start)


def sounds_later(column: str) -> bool:
    """Tell whether a column has a name that such columns usually have.

    Examples
    --------
    >>> sounds_later("Best_Response"), sounds_later("sex")
    (True, False)
    """
    name = column.lower()
    return name.startswith(BEGINNINGS) or name.endswith(ENDINGS) or names_later_plainly(column)


def later_in(options: ReportOptions) -> dict[str, str]:
    """Find the columns in the role of baseline columns that are known only later, with the setting of each."""
    return {column: role for role in ROLES for column in getattr(options, role) if is_later(column, options)}


def require_known_at_start(options: ReportOptions) -> None:
    """Refuse to compare by what is known only later, unless the comparison as published is asked for, labelled.

    Raises
    ------
    UsageError
        Naming the columns, the reason and the remedies.
    """
    if options.as_published:
        return
    sentences = [_say_roles(options), _say_undated(options)]
    if any(sentences):
        raise UsageError(" ".join(sentence for sentence in sentences if sentence))


def _say_roles(options: ReportOptions) -> str:
    later = later_in(options)
    if not later:
        return ""
    roles = dict.fromkeys(later.values())
    harms = [_say_harm(role, [name for name, own in later.items() if own == role], options) for role in roles]
    return " ".join([*harms, say_remedies(list(later), options)]) + say_settings(later, options)


def _say_harm(role: str, names: list[str], options: ReportOptions) -> str:
    sources = column_sources(options)
    told = [name if sources.get(name, name) == name else f"{name} (from {sources[name]})" for name in names]
    verb = "is" if len(names) == 1 else "are"
    return f"{role}: {', '.join(told)} {verb} known only after the index date. {HARMS[role]}"


def say_settings(later: dict[str, str], options: ReportOptions) -> str:
    """Write the lines of a settings file that make the fair comparison of columns named in the wrong place."""
    lines = ["[survival]"]
    for role in dict.fromkeys(later.values()):
        kept = [name for name in getattr(options, role) if name not in later]
        lines.append(f"{role} = [{', '.join(_quote(name) for name in kept)}]")
    dealt_with = later_columns(options) | set(TREATED_AGAIN)
    for name in (name for name in later if name not in dealt_with):
        lines += ["", "[[survival.comparison]]", f"column = {_quote(name)}"]
        lines.append(f"known_days = {_quote(f'{name}_days')}  # the column with the day it was known")
    return "\nIn the settings file, instead:\n" + "\n".join(f"    {line}".rstrip() for line in lines)


def _quote(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def say_remedies(columns: list[str], options: ReportOptions) -> str:
    """Say what to do instead for each kind of column."""
    told = [
        (
            "Remedies: (1) a landmark, comparing from a fixed day those still followed by what was known then "
            "(landmark_days); (2) entry on the own day, each patient observed from the day it was known; (3) "
            "start-stop rows (spans.csv) for what switches on, such as a second treatment."
        )
    ]
    again = [name for name in columns if name in TREATED_AGAIN]
    others = [name for name in columns if name not in again and name not in later_columns(options)]
    if again:
        told.append(f"The report makes (3) by itself for {', '.join(again)} from second_treatment_days and spans.csv.")
    if set(columns) & later_columns(options) - set(again):
        told.append("The report makes (1) and (2) by itself for every response with its day; take the name out here.")
    if others:
        name = others[0]
        told.append(
            f'For (1) and (2) of {", ".join(others)} write [[survival.comparison]] column = "{name}", known_days = '
            f'"{name}_days" (the day it was known); if it is known at the index date, confirm that: '
            f'known_at_start = ["{name}"].'
        )
    told.append("To show the false comparison too, labelled, beside these: --as-published.")
    return " ".join(told)


def _say_undated(options: ReportOptions) -> str:
    undated = [entry.column for entry in options.comparison if not entry.known_days]
    if not undated:
        return ""
    return (
        f"comparison: {', '.join(undated)} has no known_days, the column with the day on which it was known. Without "
        "the day neither a landmark nor entry on the own day is possible, and a comparison from the index date would "
        "contain the time people had to live to get there (immortal time). Name the day, or ask for the comparison as "
        "published, labelled: --as-published."
    )
