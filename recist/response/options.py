"""The named options of scoring, their defaults, and reading them from a mapping such as the TOML table ``[response]``.

Every option stands for a point on which the published rules leave a choice; its value is echoed with every result.
"""

from __future__ import annotations

from dataclasses import Field, asdict, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from recist.criteria import RECIST_1_1
from recist.errors import UsageError
from recist.response.choices import (
    MeasurementRounding,
    NodeSliceRule,
    NoDisease,
    NonTargetPartial,
    PostCR,
    PRPersistence,
    Responders,
    ResponseDate,
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

ANY_NUMBER = "any"  # written in place of a number to lift a limit
NO_LIMIT = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices of the protocol, with the defaults used where it says nothing.

    Attributes
    ----------
    tp_window_days : int
        Scans of one time point that are further apart are reported.
    baseline_window_days : int
        A baseline scan that is older at the start is reported.
    max_targets, max_targets_per_organ : int
        More target lesions than this are reported.
    target_limits : TargetLimits
        Whether too many targets are a warning or an error.
    node_slice_rule : NodeSliceRule
        Whether a measurable node must also be two slices long.
    measurement_rounding : MeasurementRounding
        Step in mm to which diameters are rounded half up, once, on entry.
    threshold_rounding : ThresholdRounding
        Whether percentages are rounded before they are compared.
    nadir_partial : bool
        Sums with lesions missing may become the nadir.
    partial_pd : bool
        A sum with lesions missing may already be PD.
    small_node_growth : SmallNodeGrowth
        Response when nodes grow enough for PD while every target is gone or normal.
    pr_persistence : PRPersistence
        Whether SD after PR stays PR until PD.
    nt_partial : NonTargetPartial
        Non-target response when some are present and some not evaluated.
    new_node : SmallNewNode
        What a new node that is enlarged but below the unequivocal limit is.
    no_disease : NoDisease
        Response where no disease was recorded at baseline.
    post_cr : PostCR
        What disease seen after an overall CR makes of the time point.
    returning_node : ReturningNode
        What a single target node that returns after an overall CR is, as the only sign.
    response_date : ResponseDate
        Which scan of a time point dates its response.
    start : Start
        Where days are counted from.
    new_therapy_same_day : SameDay
        Whether a scan on the day of new therapy counts as before it.
    min_sd_days : int
        Least days from the start to call a disease stable.
    confirmation_days : int
        Least days from a response to its confirmation.
    max_ne : int or "any"
        Most NE time points between a response and its confirmation.
    accept_sd : int
        Most SD time points between a PR and its confirmation.
    responders : Responders
        Which responses open the duration of response.
    death_ends_response : bool
        Death is an event of the duration of response.
    visit_interval_days : int
        Scheduled days between scans; 0 when not known: then every death without a scan is an event.
    """

    tp_window_days: int = 14
    baseline_window_days: int = RECIST_1_1.baseline_window.whole
    max_targets: int = RECIST_1_1.max_targets.whole
    max_targets_per_organ: int = RECIST_1_1.max_targets_per_organ.whole
    target_limits: TargetLimits = TargetLimits.WARNING
    node_slice_rule: NodeSliceRule = NodeSliceRule.TWO_SLICES
    measurement_rounding: MeasurementRounding = MeasurementRounding.NONE
    threshold_rounding: ThresholdRounding = ThresholdRounding.NONE
    nadir_partial: bool = False
    partial_pd: bool = True
    small_node_growth: SmallNodeGrowth = SmallNodeGrowth.CR
    pr_persistence: PRPersistence = PRPersistence.NONE
    nt_partial: NonTargetPartial = NonTargetPartial.NE
    new_node: SmallNewNode = SmallNewNode.EQUIVOCAL
    no_disease: NoDisease = NoDisease.NED
    post_cr: PostCR = PostCR.PD
    returning_node: ReturningNode = ReturningNode.PD
    response_date: ResponseDate = ResponseDate.COMPONENT
    start: Start = Start.START_DATE
    new_therapy_same_day: SameDay = SameDay.BEFORE
    min_sd_days: int = RECIST_1_1.minimum_stable_disease.whole
    confirmation_days: int = RECIST_1_1.confirmation_interval.whole
    max_ne: int | str = 1
    accept_sd: int = 0
    responders: Responders = Responders.UNCONFIRMED
    death_ends_response: bool = True
    visit_interval_days: int = 0

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


def allowed_values(name: str) -> tuple[str, ...]:
    """List what an option may be, as written in TOML; a number is described.

    Examples
    --------
    >>> allowed_values("post_cr")
    ('"pd"', '"as_is"', '"recode_pr"')
    >>> allowed_values("max_ne")
    ('a whole number', '"any"')
    """
    declared = next(field for field in fields(Options) if field.name == name)
    if isinstance(declared.default, StrEnum):
        return tuple(f'"{member}"' for member in type(declared.default))
    if isinstance(declared.default, bool):
        return ("true", "false")
    return ("a whole number", f'"{ANY_NUMBER}"') if "str" in str(declared.type) else ("a whole number",)


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
