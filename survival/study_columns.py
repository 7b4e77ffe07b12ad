"""A study's own columns under the names of the report: renamed, times in days, events by their codes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recist.problems import Problem
from survival.checks.faults import column_problem
from survival.cohort_tables import TRUTHS, parse_numbers
from survival.settings.canonical import all_domains, all_endpoints
from survival.settings.checks import SECTION, say_nearest
from survival.words.wording import DAYS_PER_MONTH

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from survival.settings.entries import EndpointEntry
    from survival.settings.report_options import ReportOptions

DAYS_PER_UNIT = {"days": 1.0, "months": DAYS_PER_MONTH, "years": 12 * DAYS_PER_MONTH}
EVENT, COMPETING, CENSORED = 1.0, 2.0, 0.0
WHOLE = ".0"


def column_sources(options: ReportOptions) -> dict[str, str]:
    """Give the study's own name of each column that the report knows by another."""
    sources = dict(options.columns)
    for entry, endpoint in zip(options.endpoint, (one.endpoint() for one in options.endpoint), strict=True):
        sources[endpoint.time_column] = entry.time_column or sources.get(endpoint.time_column, endpoint.time_column)
        sources[endpoint.event_column] = entry.event_column or sources.get(endpoint.event_column, endpoint.event_column)
    for other, domain in zip(options.response, (one.domain() for one in options.response), strict=True):
        sources[domain.response_column] = other.column or sources.get(domain.response_column, domain.response_column)
        if other.days_column or domain.days_column not in sources:
            sources[domain.days_column] = other.days_column or domain.days_column
    return sources


def take_columns(frame: pd.DataFrame, options: ReportOptions, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Give a study's columns the names of the report.

    The study's own columns stay, so that they can be named elsewhere. Where a name of the report already stands in the
    table for something else, the declared column takes its place.
    """
    sources = column_sources(options)
    problems = list(_absent(frame, sources, options, file))
    taken = frame.copy()
    for name, source in sources.items():
        if name != source and source in frame:
            taken[name] = frame[source].rename(name)
    for entry in options.endpoint:
        taken, found = _take_endpoint(taken, entry, file)
        problems += found
    return _code_responses(taken, options), problems


def _absent(frame: pd.DataFrame, sources: dict[str, str], options: ReportOptions, file: str) -> Iterable[Problem]:
    optional = {domain.days_column for domain in all_domains(options)}
    for name, source in sources.items():
        if source not in frame and not (name == source and name in optional):
            yield Problem(
                file=file,
                field=source,
                code="unknown_column",
                message=f"[{SECTION}] names a column that the table does not have{say_nearest(source, frame.columns)}",
                found=", ".join(map(str, frame.columns)),
                expected=f"a column {source}, which becomes {name}" if name != source else f"a column {source}",
            )


def _take_endpoint(frame: pd.DataFrame, entry: EndpointEntry, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    endpoint = entry.endpoint()
    time, event = endpoint.time_column, endpoint.event_column
    if time not in frame or event not in frame:
        return frame, []
    days, problems = parse_numbers(frame[time].rename(entry.time_column or time), file)
    codes = frame[event].map(plain_code)
    sides = (
        (entry.event_codes, EVENT),
        (entry.competing_codes, COMPETING),
        (entry.censored_codes, CENSORED),
    )
    meaning = {plain_code(str(code)): side for allowed, side in sides for code in allowed}
    coded = codes.map(meaning).astype("float64")
    fault = column_problem(
        frame[event].rename(entry.event_column or event),
        codes.ne("") & coded.isna(),
        file=file,
        code="bad_event_code",
        message=f"a code that {endpoint.name} does not declare",
        expected=_say_codes(entry),
    )
    taken = frame.assign(**{time: days * DAYS_PER_UNIT[entry.unit], event: coded.replace(COMPETING, CENSORED)})
    if entry.competing_codes:
        taken[endpoint.code_column] = coded
    return taken, problems + ([] if fault is None else [fault])


def _say_codes(entry: EndpointEntry) -> str:
    sides = {"event": entry.event_codes, "competing": entry.competing_codes, "censored": entry.censored_codes}
    return "; ".join(f"{name} {' or '.join(map(str, codes))}" for name, codes in sides.items() if codes)


def plain_code(text: str) -> str:
    """Write a code alike whether it came as a number, a truth or a text.

    Examples
    --------
    >>> plain_code("2.0"), plain_code("TRUE"), plain_code("Died")
    ('2', '1', 'Died')
    """
    return TRUTHS.get(text.lower(), text.removesuffix(WHOLE))


def _code_responses(frame: pd.DataFrame, options: ReportOptions) -> pd.DataFrame:
    """Write the codes of declared responses alike, as `1.0` and `1`."""
    columns = [entry.domain().response_column for entry in options.response]
    return frame.assign(**{name: frame[name].str.removesuffix(WHOLE) for name in columns if name in frame})


def say_own_names(problems: list[Problem], options: ReportOptions) -> list[Problem]:
    """Tell faults of renamed columns under the study's own names too."""
    own = {name: source for name, source in column_sources(options).items() if name != source}
    return [
        replace(problem, field=f"{own[problem.field]} ({problem.field})") if problem.field in own else problem
        for problem in problems
    ]


def later_columns(options: ReportOptions) -> frozenset[str]:
    """Name the columns that are known only after the index date, under the report's and the study's names."""
    sources = column_sources(options)
    names = set()
    for endpoint in all_endpoints(options):
        names |= {endpoint.time_column, endpoint.event_column, endpoint.reason_column, endpoint.code_column}
    for domain in all_domains(options):
        names |= {domain.response_column, domain.days_column, domain.source_column}
        names |= {f"{domain.key}_{part}" for part in ("date", "reason", "change_pct")}
    names |= {entry.column for entry in options.comparison} | {entry.known_days for entry in options.comparison}
    return frozenset((names | {sources.get(name, name) for name in names}) - {""})
