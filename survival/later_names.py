"""Names that suggest later knowledge: words that columns known only after the index date usually bear, each with why.

A name can lie. The plainest words are refused unless the study vouches for the column (`known_at_start`); the others
are let through with a warning, because many a baseline column bears them too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from survival.settings.report_options import ReportOptions

ROLES = ("groups", "covariates", "univariable_only", "strata")
"""Settings that name columns known at the index date."""
FORMER = frozenset(
    (
        "prior",
        "previous",
        "pre",
        "pretreatment",
        "baseline",
        "former",
        "history",
        "family",
        "planned",
        "initial",
        "screening",
        "before",
    )
)
"""Words that place what follows before the index date."""
STARTING_COUNTS = frozenset(
    (
        "nodes",
        "node",
        "lesions",
        "lesion",
        "metastases",
        "mets",
        "sites",
        "site",
        "organs",
        "organ",
        "tumours",
        "tumors",
        "children",
        "positive",
        "risk",
    )
)
"""What is counted at the start, as in `n_positive_nodes`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePattern:
    """Words of a column's name, and what they suggest.

    Attributes
    ----------
    words : str
        Regular expression that one word of the name matches whole.
    suggests : str
        Ends the sentence "its name suggests …".
    is_plain : bool
        Whether the name leaves so little doubt that the column is refused unless the study vouches for it.
    """

    words: str
    suggests: str
    is_plain: bool = False


PATTERNS = (
    NamePattern(words="orr|bor|resp|respon[sd]\\w*|dcr|cbr", suggests="a response seen at a follow-up", is_plain=True),
    NamePattern(words="dead|died|death|deceased|alive|exitus", suggests="the end of follow-up", is_plain=True),
    NamePattern(words="best|nadir|confirmed", suggests="the best of several later assessments"),
    NamePattern(words="progress\\w*|relapse\\w*|recur\\w*|metastasi[sz]ed", suggests="an event of the follow-up"),
    NamePattern(
        words="cycles?|doses|courses|sessions|cumulative|total", suggests="a count that grows during treatment"
    ),
    NamePattern(
        words="lines?|second\\w*|third\\w*|subsequent|next|retreat\\w*|re-?treated", suggests="later treatment"
    ),
    NamePattern(
        words="tox|toxicit\\w+|ae|aes|adverse|dlt|complications?|mucositis|neuropathy",
        suggests="an effect of the treatment, seen after it began",
    ),
    NamePattern(
        words="surgery|operated|operation|resected|transplant\\w*|crossover|switch\\w*",
        suggests="something done to the patient, possibly after the index date",
    ),
    NamePattern(
        words="received|got|completed|finished|discontinued|stopped|withdrawn|dropout|ever|compliance|adherence",
        suggests="how the treatment went on",
    ),
    NamePattern(words="followup|fu|visits|last|final|end|outcome|survived|survivor", suggests="the follow-up itself"),
)
WHOLE = {"status": "the end of follow-up", "event": "the end of follow-up", "outcome": "the end of follow-up"}
"""Names that say it only if they stand alone: a performance status is known at the start."""
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[a-z]+|\d+")


def split_name(column: str) -> tuple[str, ...]:
    """Split a column's name into words.

    Examples
    --------
    >>> split_name("bor_crpr"), split_name("gotSurgery")
    (('bor', 'crpr'), ('got', 'surgery'))
    """
    return tuple(word.lower() for word in WORD.findall(column))


def find_patterns(column: str) -> Iterator[NamePattern]:
    """Give what the words of a name suggest; nothing where a word places them before the index date.

    Examples
    --------
    >>> [pattern.suggests for pattern in find_patterns("orr")], list(find_patterns("prior_lines"))
    (['a response seen at a follow-up'], [])
    """
    words = split_name(column)
    if FORMER & set(words):
        return
    if column.lower() in WHOLE:
        yield NamePattern(words=column, suggests=WHOLE[column.lower()], is_plain=True)
    for pattern in PATTERNS:
        if any(re.fullmatch(pattern.words, word) for word in words):
            yield pattern
    if words[:1] == ("n",) and len(words) > 1 and not STARTING_COUNTS & set(words):
        yield NamePattern(words="n", suggests="a count, which may go on after the index date")


def names_later_plainly(column: str) -> bool:
    """Tell whether a name leaves little doubt that the column is known only later.

    Examples
    --------
    >>> names_later_plainly("ORR"), names_later_plainly("toxicity"), names_later_plainly("performance_status")
    (True, False, False)
    """
    return any(pattern.is_plain for pattern in find_patterns(column))


def check_later_names(options: ReportOptions, columns: Collection[str], later: Iterable[str] = ()) -> list[Problem]:
    """Warn of columns taken as known on the index date although their name suggests otherwise.

    Parameters
    ----------
    options : ReportOptions
    columns : collection of str
        The columns of the cohort.
    later : iterable of str
        Columns that are dealt with as known only later.
    """
    dealt_with = set(later)
    problems = []
    for role in ROLES:
        for name in getattr(options, role):
            if name in columns and name not in dealt_with:
                problems += _doubt(name, role, is_stated=name in options.known_at_start)
    return problems


def _doubt(name: str, role: str, *, is_stated: bool) -> list[Problem]:
    told = next((pattern.suggests for pattern in find_patterns(name)), "")
    if is_stated:
        doubt = f"; its name suggests {told}" if told else ""
        return [_warning(name, role, "stated_known_at_start", f"known on the index date as stated by the study{doubt}")]
    if not told:
        return []
    message = (
        f"{name} is taken as known on the index date, because nothing says otherwise; its name suggests {told}. "
        f'If it was known only later, declare it: [[survival.comparison]] column = "{name}", known_days = '
        f'"{name}_days" (the day it was known). If it was known at the start, confirm it: known_at_start = ["{name}"]'
    )
    return [_warning(name, role, "taken_as_known", message)]


def _warning(name: str, role: str, code: str, message: str) -> Problem:
    return Problem(code=code, severity=Severity.WARNING, field=f"{role} {name}", message=message)


def say_taken_as_known(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Say for a summary which columns are taken as known on the index date on trust."""
    names: dict[str, list[str]] = {"taken_as_known": [], "stated_known_at_start": []}
    for problem in problems:
        if problem.code in names:
            names[problem.code].append(problem.field.partition(" ")[2])
    sentences = []
    for code, words in (
        ("taken_as_known", "because nothing says otherwise, though the name suggests later knowledge"),
        ("stated_known_at_start", "as the study states (known_at_start)"),
    ):
        if names[code]:
            told = list(dict.fromkeys(names[code]))
            verb = "is" if len(told) == 1 else "are"
            sentences.append(f"Taken on trust: {', '.join(told)} {verb} taken as known on the index date, {words}.")
    return tuple(sentences)
