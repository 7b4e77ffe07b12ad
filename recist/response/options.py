"""The named options of scoring, their defaults, and reading them from a mapping such as the TOML table ``[response]``.

Every option stands for a point on which the published rules leave a choice; its value is echoed with every result.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from recist.criteria import RECIST_1_1
from recist.criteria.growth import EARLY_SHRINKAGE, EARLY_SHRINKAGE_WINDOW
from recist.criteria.irecist import IMMUNE
from recist.errors import UsageError
from recist.iso_dates import PartialDates
from recist.response.choices import (
    AdequateAssessment,
    Censoring,
    ClinicalProgression,
    ConfirmationBetween,
    EarlyDeath,
    ICPDIncrease,
    LateScan,
    MeasurementRounding,
    MergedMixed,
    MissedVisits,
    MissingAttenuation,
    MissingMarker,
    NDBetween,
    NewTherapyEvent,
    NodeOrgans,
    NodeSliceRule,
    NoDisease,
    NonTargetNodes,
    NonTargetPartial,
    PostCR,
    PRPersistence,
    Responders,
    ResponseDate,
    ReturningNode,
    SameDate,
    SameDay,
    SDDate,
    ShrinkageAfterIUPD,
    SmallNewNode,
    SmallNodeGrowth,
    Start,
    TargetLimits,
    ThresholdRounding,
    UnreadSubjects,
)
from recist.response.defaults import option_defaults
from recist.response.option_values import Schedule, describe_values, parse_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recist.criteria import Criteria

NO_LIMIT = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices of the protocol, with the defaults used where it says nothing.

    Attributes
    ----------
    tp_window_days : int
        Scans without a label are one time point up to this many days after its first scan; scans of one label that
        are further apart are reported.
    partial_dates : PartialDates
        What a date without day or month is, in all tables: a fault, the first or the last day that it can be.
    baseline_window_days : int
        A baseline scan that is older at the start is reported.
    max_targets, max_targets_per_organ : int
        More target lesions than this are reported.
    node_organs : NodeOrgans
        Whether all lymph nodes are one organ or those of each site are, where targets in one organ are counted.
    target_limits : TargetLimits
        Whether too many targets are a warning or an error.
    node_slice_rule : NodeSliceRule
        Whether a measurable node must also be two slices long.
    measurement_rounding : MeasurementRounding
        Step in mm to which diameters are rounded half up, once, on entry.
    merged_mixed : MergedMixed
        Which axis counts of one mass of nodes and other lesions; of a mass of nodes it is the short one.
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
    missing_attenuation : MissingAttenuation
        Target response where the attenuation would decide and is not known: NE, or what the size alone gives.
    nt_partial : NonTargetPartial
        Non-target response when some are present and some not evaluated.
    non_target_nodes : NonTargetNodes
        Whether a measured non-target node of normal size is absent, as the reader's word has it or by its size.
    marker_missing : MissingMarker
        Whether a tumour marker that was abnormal at baseline and is not known holds back CR.
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
    same_date : SameDate
        Whether of two time points on one date the worse counts, or the data are refused.
    min_sd_days : int
        Least days from the start to call a disease stable.
    min_sd_tolerance_days : int
        Days by which a visit may come too early for it.
    sd_date : SDDate
        Whether SD is dated by the first visit that shows it, or by the first one at the minimum time.
    confirmation_days : int
        Least days from a response to its confirmation.
    confirmation_between : ConfirmationBetween
        Whether only some responses may lie between a response and its confirmation, or any.
    nd_between : NDBetween
        Whether a time point not done counts as NE on the way to confirmation, or breaks it.
    max_ne : int or "any"
        Most NE time points between a response and its confirmation.
    accept_sd : int
        Most SD time points between a PR and its confirmation.
    unread_subjects : UnreadSubjects
        Whether a subject whom only other readers assessed is MISSING for a reader, and so in the denominator of its
        rates, or left out.
    responders : Responders
        Which responses open the duration of response.
    death_ends_response : bool
        Death is an event of the duration of response.
    censoring : Censoring
        Whose rules of censoring hold: `ema` follows progression-free survival through new therapy and missed visits.
    adequate_assessment : AdequateAssessment
        Whether a time point that was done and could not be evaluated (NE) is an adequate assessment.
    early_death : EarlyDeath
        What death without any adequate assessment, within two scheduled intervals, is.
    new_therapy_event_day : NewTherapyEvent
        What progression on the day of new therapy is, where new therapy censors.
    clinical_progression : ClinicalProgression
        Whether a clinical deterioration without PD on a scan ends progression-free survival.
    visit_interval_days : int or list of [from_day, interval]
        Scheduled days between scans, which may change over time; 0 when not known: then no visit counts as missed.
    visit_tolerance_days : int
        Days by which a scan may miss its scheduled day.
    missed_visits : MissedVisits
        Whether a scheduled visit that was not done counts as NE on the way to confirmation.
    clinical_benefit_days : int
        Least days from the start to call a stable disease a clinical benefit.
    early_shrinkage_days : int
        Days after the start at which early shrinkage is looked at.
    early_shrinkage_window_days : int
        Most days from there to the visit that is taken, the first one of that window.
    early_scan_days : int
        iRECIST: least days from an iUPD to the scan that may confirm it.
    early_scan_tolerance_days : int
        iRECIST: days by which that scan may come too early.
    late_scan_days : int
        iRECIST: a confirmation after more days than this is marked as late.
    late_scan : LateScan
        iRECIST: whether such a scan, or one after a visit that was NE, confirms, or shows iUPD again.
    icpd_increase : ICPDIncrease
        iRECIST: whether a sum must grow since the iUPD by 5 mm at least, or by more than that, to confirm it.
    shrinkage_after_iupd : ShrinkageAfterIUPD
        iRECIST: how much targets must shrink after a new lesion that stays made the iUPD, so that it is over.
    """

    tp_window_days: int = 14
    partial_dates: PartialDates = PartialDates.REFUSE
    baseline_window_days: int = RECIST_1_1.baseline_window.whole
    max_targets: int = RECIST_1_1.max_targets.whole
    max_targets_per_organ: int = RECIST_1_1.max_targets_per_organ.whole
    node_organs: NodeOrgans = NodeOrgans.ONE
    target_limits: TargetLimits = TargetLimits.WARNING
    node_slice_rule: NodeSliceRule = NodeSliceRule.TWO_SLICES
    measurement_rounding: MeasurementRounding = MeasurementRounding.NONE
    merged_mixed: MergedMixed = MergedMixed.LONG
    threshold_rounding: ThresholdRounding = ThresholdRounding.NONE
    nadir_partial: bool = False
    partial_pd: bool = True
    small_node_growth: SmallNodeGrowth = SmallNodeGrowth.CR
    pr_persistence: PRPersistence = PRPersistence.NONE
    missing_attenuation: MissingAttenuation = MissingAttenuation.NE
    nt_partial: NonTargetPartial = NonTargetPartial.NE
    non_target_nodes: NonTargetNodes = NonTargetNodes.AS_READ
    marker_missing: MissingMarker = MissingMarker.NOT_CR
    new_node: SmallNewNode = SmallNewNode.EQUIVOCAL
    no_disease: NoDisease = NoDisease.NED
    post_cr: PostCR = PostCR.PD
    returning_node: ReturningNode = ReturningNode.PD
    response_date: ResponseDate = ResponseDate.COMPONENT
    start: Start = Start.START_DATE
    new_therapy_same_day: SameDay = SameDay.BEFORE
    same_date: SameDate = SameDate.WORST
    min_sd_days: int = RECIST_1_1.minimum_stable_disease.whole
    min_sd_tolerance_days: int = 0
    sd_date: SDDate = SDDate.FIRST
    confirmation_days: int = RECIST_1_1.confirmation_interval.whole
    confirmation_between: ConfirmationBetween = ConfirmationBetween.STRICT
    nd_between: NDBetween = NDBetween.NE
    max_ne: int | str = 1
    accept_sd: int = 0
    unread_subjects: UnreadSubjects = UnreadSubjects.MISSING
    responders: Responders = Responders.UNCONFIRMED
    death_ends_response: bool = True
    censoring: Censoring = Censoring.FDA
    adequate_assessment: AdequateAssessment = AdequateAssessment.EVALUABLE
    early_death: EarlyDeath = EarlyDeath.EVENT
    new_therapy_event_day: NewTherapyEvent = NewTherapyEvent.EVENT
    clinical_progression: ClinicalProgression = ClinicalProgression.IGNORE
    visit_interval_days: int | Schedule = 0
    visit_tolerance_days: int = 0
    missed_visits: MissedVisits = MissedVisits.IGNORE
    clinical_benefit_days: int = 168
    early_shrinkage_days: int = EARLY_SHRINKAGE.whole
    early_shrinkage_window_days: int = EARLY_SHRINKAGE_WINDOW.whole
    early_scan_days: int = IMMUNE.early_scan.whole
    early_scan_tolerance_days: int = IMMUNE.early_scan_tolerance.whole
    late_scan_days: int = IMMUNE.late_scan.whole
    late_scan: LateScan = LateScan.CONFIRMS
    icpd_increase: ICPDIncrease = ICPDIncrease.AT_LEAST
    shrinkage_after_iupd: ShrinkageAfterIUPD = ShrinkageAfterIUPD.ANY

    @property
    def max_ne_number(self) -> int:
        """Give the limit of NE as a number."""
        return NO_LIMIT if isinstance(self.max_ne, str) else self.max_ne

    @property
    def visit_schedule(self) -> Schedule:
        """Give the scheduled intervals, each with the day after the start it holds from; none when not known."""
        if isinstance(self.visit_interval_days, int):
            return ((0, self.visit_interval_days),) if self.visit_interval_days else ()
        return self.visit_interval_days


def options_table(options: Options) -> dict[str, str | int | bool]:
    """Lay the options out as plain values, for ``options.json`` and TOML."""
    return {name: str(value) if isinstance(value, StrEnum) else value for name, value in asdict(options).items()}


def parse_options(given: Mapping[str, object], criteria: Criteria = RECIST_1_1) -> Options:
    """Read options from plain values; what is not given has the default it has under the criteria.

    Raises
    ------
    UsageError
        Naming every unknown option and every invalid value at once, with what is valid.
    """
    faults = find_option_faults(given)
    if faults:
        raise UsageError("\n".join(faults))
    known = {declared.name: declared for declared in fields(Options)}
    plain = {**option_defaults(criteria), **given}
    values: dict[str, Any] = {name: parse_value(known[name], value)[0] for name, value in plain.items()}
    return Options(**values)


def find_option_faults(given: Mapping[str, object]) -> list[str]:
    """List every unknown option and every invalid value, with what is valid."""
    known = {declared.name: declared for declared in fields(Options)}
    faults = [f"unknown option {name!r}" for name in given if name not in known]
    if faults:
        faults.append(f"the options are: {', '.join(sorted(known))}")
    for name in (name for name in given if name in known):
        _, expected = parse_value(known[name], given[name])
        if expected:
            faults.append(f"option {name} cannot be {given[name]!r}; expected {expected}")
    return faults


def allowed_values(name: str) -> tuple[str, ...]:
    """List what an option may be, as written in TOML; a number is described.

    Examples
    --------
    >>> allowed_values("post_cr")
    ('"pd"', '"as_is"', '"recode_pr"')
    >>> allowed_values("max_ne")
    ('a whole number', '"any"')
    """
    return describe_values(next(field for field in fields(Options) if field.name == name))
