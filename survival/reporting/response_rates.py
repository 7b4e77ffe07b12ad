"""The section on response: every category with its denominator, what is not evaluable, what is missing, by source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from survival.rate_difference import rate_difference
from survival.rates import Rate, rate
from survival.reporting.source_era import say_source_eras
from survival.responses import MISSING, count_categories
from survival.results import ResultTable, RowKind, Section, ShownRow
from survival.words.wording import MINUS, lower_first, say_interval, say_p_equals, say_percent

if TYPE_CHECKING:
    from survival.reporting.study import Study
    from survival.responses import Domain

NOT_EVALUABLE = "NE"
SOURCE_NAMES = {"image": "images", "report": "reports", "lab": "laboratory", "chart": "chart"}


def response_section(study: Study) -> Section:
    """Show response at first follow-up in every domain."""
    own = {entry.key for entry in study.options.response}
    wanted = [domain for domain in study.all_domains if not own or domain.key in own]
    absent = [domain for domain in wanted if domain not in study.domains]
    left_out: tuple[str, ...] = ()
    if absent:
        names = ", ".join(lower_first(domain.name) for domain in absent)
        columns = ", ".join(domain.response_column for domain in absent)
        left_out = (f"Response ({names}) needs a column with at least one evaluable response: {columns}.",)
    key, title = "response", "Response at first follow-up"
    if not study.domains:
        return Section(key=key, title=title, left_out=left_out)
    eras = say_source_eras(study)
    return Section(key=key, title=title, paragraphs=eras, items=(_response_table(study),), left_out=left_out)


def response_rate(frame: pd.DataFrame, domain: Domain, codes: tuple[str, ...], confidence: float) -> Rate:
    """Compute the share of evaluable subjects with one of the codes."""
    responses = frame[domain.response_column]
    return rate(int(responses.isin(codes).sum()), int(responses.isin(domain.evaluable).sum()), confidence=confidence)


def _response_table(study: Study) -> ResultTable:
    numbers: dict[str, dict[str, Any]] = {}
    shown: list[ShownRow] = []
    for domain in study.domains:
        records, rows = _domain(study, domain)
        numbers |= records
        shown += rows
    return ResultTable(
        name="response",
        title="Response at first follow-up, by domain",
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=("", "Patients", "Evaluable", f"Share of evaluable ({study.percent})"),
        shown=tuple(shown),
        notes=(
            *_say_died_before(study),
            (
                "Not evaluable, asymptomatic at baseline and missing are outside the denominator: none of them is a "
                "non-response. Clopper–Pearson intervals; differences with Newcombe's interval and Fisher's exact p."
            ),
        ),
    )


def _say_died_before(study: Study) -> tuple[str, ...]:
    """Connect the not evaluable with the flow of patients, which calls some of them dead before a follow-up."""
    told = []
    for domain in study.domains:
        if domain.reason_column not in study.frame:
            continue
        out = study.frame[study.frame[domain.response_column].eq(NOT_EVALUABLE)]
        died = int(out[domain.reason_column].astype(str).str.startswith("died before").sum())
        if died:
            told.append(f"{lower_first(domain.name)} {died} of {len(out)}")
    if not told:
        return ()
    return (f"Among the not evaluable are those who died before a follow-up, as the flow says: {'; '.join(told)}.",)


def _domain(study: Study, domain: Domain) -> tuple[dict[str, dict[str, Any]], list[ShownRow]]:
    frame, confidence = study.frame, study.options.confidence
    records: dict[str, dict[str, Any]] = {}
    rows = [ShownRow(cells=(domain.name,), kind=RowKind.HEADING)]
    counts = count_categories(frame, domain)
    for entry in counts.to_dict("records"):
        if not entry["in_denominator"] and not entry["n"] and entry["code"] != MISSING:
            continue
        share = response_rate(frame, domain, (entry["code"],), confidence) if entry["in_denominator"] else None
        records[f"{domain.key}.{entry['code']}"] = _record(domain, entry["name"], entry["n"], share)
        rows.append(_row(entry["name"], entry["n"], share))
    for name, label, codes in _summaries(domain):
        share = response_rate(frame, domain, codes, confidence)
        records[f"{domain.key}.{name}"] = _record(domain, label, share.count, share)
        rows.append(_row(label, share.count, share))
    by_source, source_rows = _by_source(study, domain)
    return records | by_source, rows + source_rows


def _summaries(domain: Domain) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    rate_row = ("response_rate", f"Response rate ({domain.responder_name})", domain.responders)
    if domain.good == domain.responders:
        return (rate_row,)
    return (
        rate_row,
        ("disease_control", "Disease control (CR, PR or SD)" if "SD" in domain.good else domain.good_name, domain.good),
    )


def _by_source(study: Study, domain: Domain) -> tuple[dict[str, dict[str, Any]], list[ShownRow]]:
    frame = study.frame
    records: dict[str, dict[str, Any]] = {}
    rows: list[ShownRow] = []
    if domain.source_column not in frame:
        return records, rows
    evaluable = frame[frame[domain.response_column].isin(domain.evaluable)]
    sources = [source for source in SOURCE_NAMES if evaluable[domain.source_column].eq(source).any()]
    if len(sources) < 2:
        return records, rows
    for source in sources:
        part = frame[frame[domain.source_column].eq(source)]
        for name, label, codes in _summaries(domain):
            share = response_rate(part, domain, codes, study.options.confidence)
            text = f"{label}, from {SOURCE_NAMES[source]}"
            records[f"{domain.key}.{name}.{source}"] = _record(domain, text, share.count, share)
            rows.append(_row(text, share.count, share))
    if {"image", "report"} <= set(sources):
        found, shown = _difference(study, domain)
        records |= found
        rows += shown
    return records, rows


def _difference(study: Study, domain: Domain) -> tuple[dict[str, dict[str, Any]], list[ShownRow]]:
    """Compare the rates from images with those from reports."""
    records: dict[str, dict[str, Any]] = {}
    rows = []
    sources = study.frame[domain.source_column]
    for name, label, codes in _summaries(domain):
        images, reports = (
            response_rate(study.frame[sources.eq(source)], domain, codes, study.options.confidence)
            for source in ("image", "report")
        )
        found = rate_difference(images, reports)
        text = f"{label}: images less reports"
        records[f"{domain.key}.{name}.image_less_report"] = {
            "domain": domain.key,
            "label": text,
            "n": images.n + reports.n,
            "share": found.difference,
            "lower": found.lower,
            "upper": found.upper,
            "p_value": found.p_value,
        }
        points, lower, upper = (_say_points(value) for value in (found.difference, found.lower, found.upper))
        estimate = f"{points} points ({say_interval(lower, upper)})\n{say_p_equals(found.p_value)}"
        rows.append(ShownRow(cells=(text, "", f"{images.n} and {reports.n}", estimate), kind=RowKind.INDENTED))
    return records, rows


def _say_points(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", MINUS)


def _record(domain: Domain, label: str, n: int, share: Rate | None) -> dict[str, Any]:
    nothing = float("nan")
    return {
        "domain": domain.key,
        "label": label,
        "n": n,
        "denominator": share.n if share else nothing,
        "share": share.rate if share else nothing,
        "lower": share.lower if share else nothing,
        "upper": share.upper if share else nothing,
        "wilson_lower": share.wilson_lower if share else nothing,
        "wilson_upper": share.wilson_upper if share else nothing,
    }


def say_rate(share: Rate) -> str:
    """Write a share with its interval.

    Examples
    --------
    >>> from survival.rates import rate
    >>> say_rate(rate(142, 200))
    '71.0 % (64.2–77.2)'
    """
    limits = say_interval(f"{100 * share.lower:.1f}", f"{100 * share.upper:.1f}")
    return f"{say_percent(share.rate, decimals=1)} ({limits})"


def _row(label: str, n: int, share: Rate | None) -> ShownRow:
    cells = (label, str(n), str(share.n) if share else "–", say_rate(share) if share else "–")
    return ShownRow(cells=cells, kind=RowKind.INDENTED)
