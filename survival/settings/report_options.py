"""Every setting of the survival report, with its default, its meaning and what it may be: one line adds one."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from survival.settings.entries import ComparisonEntry, CovariateEntry, EndpointEntry, ResponseEntry
from survival.settings.rule import (
    COLUMN_NAMES,
    CONFIDENCE,
    COUNT,
    COUNT_OR_NONE,
    DAYS,
    FEWEST_REPLICATES,
    LEVEL,
    MONTHS,
    MOST_REPLICATES,
    ONE_DAY,
    ONE_MONTH,
    REPLICATES,
    TEXT,
    TEXTS_BY_NAME,
    WINDOW,
    YES_OR_NO,
    one_of,
    setting,
    tables_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """What a report is made with; the defaults are those of the methods text.

    Examples
    --------
    >>> ReportOptions().landmark_days
    122
    """

    study: str = setting("", "name of the study, for the title", TEXT)
    statement: str = setting("", "what stands under the title, such as that the data are synthetic", TEXT)
    published: str = setting(
        "", "published study to stand beside: kane-2018, or empty for none", one_of("kane-2018", "")
    )
    index_name: str = setting("", "what day 0 is; empty: first treatment where treatments are told", TEXT)
    primary: str = setting("", "key of the endpoint that groups and models are about; empty: os, or the first", TEXT)
    endpoint: tuple[EndpointEntry, ...] = setting(
        (), "endpoints beside or instead of os and pfs", tables_of(EndpointEntry, "endpoint")
    )
    response: tuple[ResponseEntry, ...] = setting(
        (), "responses beside or instead of those of the toolkit", tables_of(ResponseEntry, "response")
    )
    columns: Mapping[str, str] = setting({}, 'columns under other names, such as subject = "id"', TEXTS_BY_NAME)
    landmark_days: int = setting(
        122, "landmark in days after the index date: when nearly all first follow-ups are over", ONE_DAY
    )
    landmark_sensitivity_days: tuple[int, ...] = setting((91, 122, 183), "landmarks tried beside it", DAYS)
    window_days: tuple[int, ...] = setting(
        (42, 183), "first and last day of the first follow-up; others are flagged", WINDOW
    )
    retreatment_landmarks_days: tuple[int, ...] = setting((183, 274, 365), "landmarks for the second treatment", DAYS)
    covariates: tuple[str, ...] = setting(
        ("age_years", "sex", "primary_site", "functional"),
        "baseline columns of the multivariable Cox models",
        COLUMN_NAMES,
    )
    univariable_only: tuple[str, ...] = setting(
        ("ki67_pct", "first_activity_mci"), "baseline columns shown one by one only", COLUMN_NAMES
    )
    covariate: tuple[CovariateEntry, ...] = setting(
        (), "what baseline columns mean: label, unit, step, reference", tables_of(CovariateEntry, "covariate")
    )
    strata: tuple[str, ...] = setting(
        (), "baseline columns by which the Cox models are stratified: own baseline hazards", COLUMN_NAMES
    )
    groups: tuple[str, ...] = setting(
        ("group", "arm"), "columns known at the index date that split the cohort", COLUMN_NAMES
    )
    comparison: tuple[ComparisonEntry, ...] = setting(
        (), "columns known only later, with their day", tables_of(ComparisonEntry, "comparison")
    )
    known_at_start: tuple[str, ...] = setting(
        (), "columns whose name sounds as if they were known only later, and are known at the index date", COLUMN_NAMES
    )
    as_published: bool = setting(
        False, "whether comparisons that contain immortal time are computed too, labelled", YES_OR_NO
    )
    split: str = setting("imaging", "what the baseline table is split by: a response domain or one of the groups", TEXT)
    survival_at_months: tuple[int, ...] = setting((12, 24, 36, 60), "months at which survival is read off", MONTHS)
    confidence: float = setting(0.95, "confidence of every interval", CONFIDENCE)
    bootstrap: int = setting(
        2000,
        f"bootstrap replicates behind a difference of medians, {FEWEST_REPLICATES} to {MOST_REPLICATES:,}",
        REPLICATES,
    )
    seed: int = setting(211, "seed of the bootstrap", COUNT_OR_NONE)
    minimum_group: int = setting(10, "groups smaller than this are flagged", COUNT)
    minimum_events: int = setting(5, "groups with fewer events than this are flagged", COUNT)
    proportional_level: float = setting(0.05, "p below which hazards count as not proportional", LEVEL)
    calibration_month: int = setting(24, "month at which predicted and observed survival are compared", ONE_MONTH)
    sensitivity: bool = setting(True, "whether the sensitivity analyses are made", YES_OR_NO)
    imputation: bool = setting(True, "whether multiple imputation stands beside the complete cases", YES_OR_NO)

    def as_dict(self) -> dict[str, object]:
        """Give the settings with their values, tuples as lists and tables as what was set in them."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        given = {one.name: getattr(value, one.name) for one in fields(value) if "default" in one.metadata}
        defaults = {one.name: one.metadata["default"] for one in fields(value) if "default" in one.metadata}
        return {name: _plain(entry) for name, entry in given.items() if entry != defaults[name]}
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    return dict(value) if isinstance(value, dict) else value


def setting_sentences() -> dict[str, str]:
    """Give what each setting means, by name."""
    return {one.name: one.metadata["says"] for one in fields(ReportOptions)}
