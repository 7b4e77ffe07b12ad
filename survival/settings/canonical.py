"""The names that columns have inside the report, whatever a study's own table calls them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from survival.endpoints import ENDPOINTS, OVERALL_SURVIVAL
from survival.responses import DOMAINS

if TYPE_CHECKING:
    from collections.abc import Collection

    from survival.endpoints import Endpoint
    from survival.responses import Domain
    from survival.settings.report_options import ReportOptions

OTHERS = (
    "index_date",
    "diagnosis_date",
    "age_years",
    "sex",
    "primary_site",
    "functional",
    "ki67_pct",
    "first_activity_mci",
    "n_treatments",
    "second_treatment_days",
    "pfs_lower_days",
    "pfs_upper_days",
)


def all_endpoints(options: ReportOptions) -> tuple[Endpoint, ...]:
    """Give the endpoints of a report: those of the toolkit, replaced by the declared of the same key, then others."""
    declared = {entry.key: entry.endpoint() for entry in options.endpoint}
    return (
        *(declared.pop(endpoint.key, endpoint) for endpoint in ENDPOINTS),
        *declared.values(),
    )


def all_domains(options: ReportOptions) -> tuple[Domain, ...]:
    """Give the response domains of a report: those of the toolkit, replaced by the declared of the same key, others."""
    declared = {entry.key: entry.domain() for entry in options.response}
    return (*(declared.pop(domain.key, domain) for domain in DOMAINS), *declared.values())


def primary_endpoint(options: ReportOptions) -> Endpoint:
    """Give the endpoint that comparisons are about: the chosen one, else `os` unless only others are declared."""
    endpoints = {endpoint.key: endpoint for endpoint in all_endpoints(options)}
    if options.primary:
        return endpoints[options.primary]
    declared = [entry.key for entry in options.endpoint]
    is_told = "os" in declared or "os_days" in options.columns or not declared
    return endpoints["os" if is_told else declared[0]]


def settle_primary(options: ReportOptions, columns: Collection[str]) -> ReportOptions:
    """Keep overall survival the primary endpoint where a table has it and the study chose no other."""
    has_survival = {OVERALL_SURVIVAL.time_column, OVERALL_SURVIVAL.event_column} <= set(columns)
    if options.primary or not has_survival or primary_endpoint(options).key == OVERALL_SURVIVAL.key:
        return options
    return replace(options, primary=OVERALL_SURVIVAL.key)


def canonical_columns(options: ReportOptions) -> tuple[str, ...]:
    """List the names that `[survival.columns]` may give another column."""
    names = ["subject"]
    for endpoint in all_endpoints(options):
        names += [endpoint.time_column, endpoint.event_column, endpoint.reason_column]
    for domain in all_domains(options):
        names += [domain.response_column, domain.days_column, domain.source_column]
    return (*names, *OTHERS)
