"""The named options of scoring, their defaults, and reading them from a mapping such as the TOML table ``[response]``.

Every option stands for a point on which the published rules leave a choice; its value is echoed with every result.
"""

from __future__ import annotations

from dataclasses import Field, asdict, dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from recist.criteria import RECIST_1_1
from recist.errors import UsageError
from recist.response.choices import (
    MeasurementRounding,
    NodeSliceRule,
    NoDisease,
    NonTargetPartial,
    PostCR,
    PRPersistence,
    ResponseDate,
    Responders,
    ReturningNode,
    SameDay,
    SmallNewNode,
    SmallNodeGrowth,
    Start,
    TargetLimits,
    ThresholdRounding,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")
ANY_NUMBER = "any"  # written in place of a number to lift a limit
NO_LIMIT = 2**31


def _option(default: T, meaning: str) -> T:
    """Declare an option; what may be given follows from the type of its default."""
    made: T = field(default=default, metadata={"meaning": meaning})
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices of the protocol, with the defaults used where it says nothing. Lengths are in mm, times in days."""

    tp_window_days: int = _option(14, "scans of one time point further apart than this are reported")
    baseline_window_days: int = _option(
        RECIST_1_1.baseline_window.whole, "a baseline scan older than this at the start is reported"
    )
    max_targets: int = _option(RECIST_1_1.max_targets.whole, "more targets than this are reported")
    max_targets_per_organ: int = _option(
        RECIST_1_1.max_targets_per_organ.whole, "more targets in one organ than this are reported"
    )
    target_limits: TargetLimits = _option(TargetLimits.WARNING, "how too many targets are reported")
    node_slice_rule: NodeSliceRule = _option(
        NodeSliceRule.TWO_SLICES, "whether a measurable node must also be two slices long"
    )
    measurement_rounding: MeasurementRounding = _option(
        MeasurementRounding.NONE, "step in mm to which diameters are rounded on entry"
    )
    threshold_rounding: ThresholdRounding = _option(
        ThresholdRounding.NONE, "whether percentages are rounded before they are compared"
    )
    nadir_partial: bool = _option(default=False, meaning="sums with lesions missing may become the nadir")
    partial_pd: bool = _option(default=True, meaning="a sum with lesions missing may already be PD")
    small_node_growth: SmallNodeGrowth = _option(
        SmallNodeGrowth.CR, "response when nodes grow while all are still of normal size"
    )
    pr_persistence: PRPersistence = _option(PRPersistence.NONE, "whether SD after PR stays PR until PD")
    nt_partial: NonTargetPartial = _option(
        NonTargetPartial.NE, "non-target response when some are present and some not evaluated"
    )
    new_node: SmallNewNode = _option(SmallNewNode.EQUIVOCAL, "what a new node of 10 to below 15 mm is")
    no_disease: NoDisease = _option(NoDisease.NED, "response where no disease was recorded at baseline")
    post_cr: PostCR = _option(PostCR.PD, "what disease seen after an overall CR makes of the time point")
    returning_node: ReturningNode = _option(
        ReturningNode.PD, "what a single target node that returns after CR is, as the only sign"
    )
    response_date: ResponseDate = _option(ResponseDate.COMPONENT, "which scan of a time point dates its response")
    start: Start = _option(Start.START_DATE, "where days are counted from")
    new_therapy_same_day: SameDay = _option(SameDay.BEFORE, "a scan on the day of new therapy counts as")
    min_sd_days: int = _option(
        RECIST_1_1.minimum_stable_disease.whole, "least days from the start to call a disease stable"
    )
    confirmation_days: int = _option(
        RECIST_1_1.confirmation_interval.whole, "least days from a response to its confirmation"
    )
    max_ne: int | str = _option(1, "most NE time points between a response and its confirmation, or any")
    accept_sd: int = _option(0, "most SD time points between a PR and its confirmation")
    responders: Responders = _option(Responders.UNCONFIRMED, "which responses open the duration of response")
    death_ends_response: bool = _option(default=True, meaning="death is an event of the duration of response")
    visit_interval_days: int = _option(
        0, "scheduled days between scans; 0: not known, every death without a scan is an event"
    )

    @property
    def max_ne_number(self) -> int:
        """Give the limit of NE as a number."""
        return NO_LIMIT if isinstance(self.max_ne, str) else self.max_ne


def options_table(options: Options) -> dict[str, str | int | bool]:
    """Lay the options out as plain values, for ``options.json`` and TOML."""
    return {name: str(value) if isinstance(value, StrEnum) else value for name, value in asdict(options).items()}


def parse_options(given: Mapping[str, object]) -> Options:
    """Read options from plain values.

    Raises
    ------
    UsageError
        Naming every unknown option and every invalid value at once, with what is valid.
    """
    known = {declared.name: declared for declared in fields(Options)}
    faults = [f"unknown option {name!r}" for name in given if name not in known]
    if faults:
        faults.append(f"the options are: {', '.join(sorted(known))}")
    values: dict[str, Any] = {}
    for name in known.keys() & given.keys():
        value, expected = _parse_value(known[name], given[name])
        values[name] = value
        if expected:
            faults.append(f"option {name} cannot be {given[name]!r}; expected {expected}")
    if faults:
        raise UsageError("\n".join(faults))
    return Options(**values)


def _parse_value(declared: Field[Any], value: object) -> tuple[object, str]:
    """Give the value in the option's type, or what was expected."""
    default = declared.default
    if isinstance(default, StrEnum):
        words = [str(member) for member in type(default)]
        return (type(default)(str(value)), "") if str(value) in words else (default, f"one of: {', '.join(words)}")
    if isinstance(default, bool):
        return value, "" if isinstance(value, bool) else "true or false"
    if value == ANY_NUMBER and "str" in str(declared.type):
        return value, ""
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value, "" if is_count else "a whole number, 0 or more"
