"""Whether settings agree with each other: no key twice, no code on two sides, nothing named that is not declared."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from recist.problems import Problem
from survival.endpoints import ENDPOINTS, OVERALL_SURVIVAL
from survival.settings.canonical import canonical_columns, primary_endpoint
from survival.settings.checks import SECTION, say_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from survival.settings.entries import EndpointEntry
    from survival.settings.report_options import ReportOptions

RESERVED_KEYS = ("subject", "second_treatment")


def check_agreement(options: ReportOptions, file: str) -> list[Problem]:
    """Check settings, each of them usable, against each other."""
    return _as_problems([*_keys(options), *_codes(options), *_primary(options), *_names(options)], file)


def _as_problems(found: Iterable[Fault], file: str) -> list[Problem]:
    return [
        Problem(
            file=file,
            field=f"[{SECTION}] {field}",
            code="settings_disagree",
            message=message,
            found=value,
            expected=expected,
        )
        for field, message, value, expected in found
    ]


Fault = tuple[str, str, str, str]


def _keys(options: ReportOptions) -> Iterator[Fault]:
    keys = Counter([*(one.key for one in options.endpoint), *(one.key for one in options.response)])
    for key, n in keys.items():
        if n > 1:
            yield "endpoint, response", "two tables have the same key", key, "a key of its own for each"
        if key in RESERVED_KEYS:
            yield "endpoint, response", "this key is taken", key, "another key"
    for column, n in Counter(entry.column for entry in options.covariate).items():
        if n > 1:
            yield "covariate", "two tables describe the same column", column, "one table a column"


def _codes(options: ReportOptions) -> Iterator[Fault]:
    for one in options.endpoint:
        sides = {"event": one.event_codes, "censored": one.censored_codes, "competing": one.competing_codes}
        for code in _twice(*sides.values()):
            message = f"a code of {one.key} means two things: {', '.join(f'{name}_codes' for name in sides)} overlap"
            yield "endpoint", message, code, "each code in one list"
    for other in options.response:
        for code in _twice(other.good, other.bad, other.not_evaluable):
            yield "response", f"a code of {other.key} is on two sides", code, "each code in good, bad or not_evaluable"
        evaluable = {str(code) for code in (*other.good, *other.bad)}
        for code in {str(code) for code in other.responders} - evaluable:
            yield "response", f"responders of {other.key} hold a code on no side", code, ", ".join(sorted(evaluable))
        named = {str(code) for code in (*other.good, *other.bad, *other.not_evaluable)}
        for code in sorted(set(other.labels) - named):
            yield "response", f"labels of {other.key} name a code on no side", code, ", ".join(sorted(named))
    for pair in options.comparison:
        for code in _twice(pair.good, pair.bad):
            yield "comparison", f"a value of {pair.column} is on two sides", code, "each value in good or bad"
        if bool(pair.good) != bool(pair.bad):
            yield "comparison", f"{pair.column} has one side only", "", "both good and bad, or neither"


def _twice(*lists: Iterable[object]) -> list[str]:
    counts = Counter(str(code) for codes in lists for code in codes)
    return [code for code, n in counts.items() if n > 1]


def _primary(options: ReportOptions) -> Iterator[Fault]:
    declared = {entry.key: entry for entry in options.endpoint}
    keys = tuple(dict.fromkeys((*declared, *(endpoint.key for endpoint in ENDPOINTS))))
    if options.primary and options.primary not in keys:
        near = say_nearest(options.primary, keys)
        yield "primary", f"no endpoint has this key{near}", options.primary, "one of " + ", ".join(keys)
    chosen = declared.get(options.primary or OVERALL_SURVIVAL.key)
    if chosen is not None:
        yield from _competing(chosen)


def _competing(chosen: EndpointEntry) -> Iterator[Fault]:
    if chosen.competing_codes:
        message = (
            "the primary endpoint has competing events: its Kaplan–Meier curve would count a patient with the "
            "competing event as one who can still have this one. Declare an endpoint whose event is either "
            'of them, or death of any cause, and name it: primary = "os" where the table has os_days and os_event'
        )
        yield "primary", message, chosen.key, "an endpoint without competing_codes"


def check_primary(options: ReportOptions, file: str) -> list[Problem]:
    """Check the endpoint that is primary because the table has no overall survival and the study chose none."""
    first = next(iter(options.endpoint), None)
    is_first = not options.primary and first is not None and primary_endpoint(options).key == first.key
    if first is None or not is_first or first.key == OVERALL_SURVIVAL.key:
        return []
    return _as_problems(_competing(first), file)


def _names(options: ReportOptions) -> Iterator[Fault]:
    valid = canonical_columns(options)
    for name in options.columns:
        if name not in valid:
            message = f"the toolkit has no column of this name{say_nearest(name, valid)}"
            yield "columns", message, name, "one of " + ", ".join(valid)
