"""The rules of the linkage: every window and threshold once, with its unit, its meaning and its source.

A default stands here and nowhere else. The reader of the study file, ``options.json`` and the documentation are made
from these rows (:data:`linkage.settings.SETTINGS`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from linkage.choices import (
    ClinicalProgression,
    EarlyDeath,
    EarlyProgression,
    FollowUp,
    IncompleteDates,
    MissedScans,
    NewTherapy,
    NonTargetOnly,
    ReliefDeath,
    Window,
)

EISENHAUER = "RECIST 1.1 (Eisenhauer 2009)"
FDA = "FDA, Clinical Trial Endpoints, PFS censoring tables"
STUDY = "study definition: day 42-183, target 91"
MARKERS = "common for neuroendocrine markers; the reference cohort does not give its thresholds"
CHOICE = "convention of this toolkit"
IMAGING_SOURCES = ("image", "report")


def _about(section: str, unit: str, meaning: str, source: str) -> dict[str, str]:
    return {"section": section, "unit": unit, "meaning": meaning, "source": source}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Every rule of the linkage in force; change one with :func:`dataclasses.replace`.

    The windows are those of the study definition, day 42 to 183 with 91 as the target; another convention in use
    takes the assessment closest to day 90 within day 42 to 150 (``imaging_days``, ``target_days``, ``followup``).
    """

    imaging_days: Window = field(
        default=Window(earliest=42, latest=183),
        metadata=_about("windows", "days", "first imaging follow-up", STUDY),
    )
    biochemical_days: Window = field(
        default=Window(earliest=42, latest=183),
        metadata=_about("windows", "days", "first biochemical follow-up", STUDY),
    )
    symptomatic_days: Window = field(
        default=Window(earliest=42, latest=183),
        metadata=_about("windows", "days", "first symptomatic follow-up", STUDY),
    )
    target_days: int = field(
        default=91,
        metadata=_about("windows", "days", "planned first follow-up; used when followup is 'closest'", STUDY),
    )
    imaging_baseline_days: Window = field(
        default=Window(earliest=-28, latest=0),
        metadata=_about(
            "windows",
            "days",
            "a baseline scan outside is flagged, not refused",
            f"{EISENHAUER} 3.2.1: at most 4 weeks before treatment",
        ),
    )
    lab_baseline_days: Window = field(
        default=Window(earliest=-90, latest=0),
        metadata=_about("windows", "days", "the last marker value inside is the baseline", CHOICE),
    )
    symptom_baseline_days: Window = field(
        default=Window(earliest=-90, latest=0),
        metadata=_about(
            "windows", "days", "the last score inside is the baseline, unless a row is marked 'baseline'", CHOICE
        ),
    )
    same_timepoint_days: int = field(
        default=7,
        metadata=_about(
            "windows",
            "days",
            "an image read and a report this close are one time point; the source named first in "
            "imaging_sources stands, and the pair is listed in conflicts.csv",
            CHOICE,
        ),
    )
    partial_dates: IncompleteDates = field(
        default=IncompleteDates.REFUSE,
        metadata=_about(
            "rules",
            "word",
            "a date of which only the year or the month is given: refused, or completed to the first or last day it "
            "can be, or to the middle (the 15th; the 1st of July), which never lies before what is known to have come "
            "earlier; each case listed",
            CHOICE,
        ),
    )
    treatment: str = field(
        default="",
        metadata=_about(
            "rules", "name", "count only these rows of treatments; empty: every row is an index treatment", CHOICE
        ),
    )
    followup: FollowUp = field(
        default=FollowUp.FIRST,
        metadata=_about(
            "rules",
            "word",
            "first evaluable assessment in the window, or the one closest to target_days",
            STUDY,
        ),
    )
    followup_on_retreatment_day: bool = field(
        default=True,
        metadata=_about(
            "rules",
            "flag",
            "an assessment on the day of the second treatment was made before it, as a scan on day "
            "0 is a baseline scan",
            CHOICE,
        ),
    )
    imaging_sources: tuple[str, ...] = field(
        default=IMAGING_SOURCES,
        metadata=_about(
            "rules",
            "names",
            "sources of imaging responses in order of precedence; ['image'] is the images-only sensitivity analysis",
            CHOICE,
        ),
    )
    readers: tuple[str, ...] = field(
        default=(),
        metadata=_about(
            "rules",
            "names",
            "readers in order of precedence, e.g. ['adjudicated', 'reader-1']; empty: each subject "
            "must have one reader only",
            CHOICE,
        ),
    )
    non_cr_non_pd: NonTargetOnly = field(
        default=NonTargetOnly.STABLE,
        metadata=_about(
            "rules",
            "word",
            "category of NON-CR/NON-PD (no target lesions)",
            f"{EISENHAUER} 4.4.2 prefers the own name; a category is needed here",
        ),
    )
    early_death: EarlyDeath = field(
        default=EarlyDeath.NOT_EVALUABLE,
        metadata=_about(
            "rules",
            "word",
            "response of a subject with a baseline in the domain who died before a follow-up in the window",
            f"{EISENHAUER} 4.8: early death is reported as inevaluable",
        ),
    )
    early_progression: EarlyProgression = field(
        default=EarlyProgression.MISSING,
        metadata=_about(
            "rules",
            "word",
            "imaging response when progression came after treatment but before "
            "the window and nothing evaluable is in it; each case is listed",
            STUDY,
        ),
    )
    marker: str = field(
        default="",
        metadata=_about(
            "rules",
            "name",
            "the marker of biochemical response; empty: the marker most raised at baseline relative "
            "to its upper normal (ties: by name)",
            CHOICE,
        ),
    )
    raised_at_baseline: bool = field(
        default=True,
        metadata=_about(
            "rules", "flag", "biochemical response only where the baseline value is above upper normal", CHOICE
        ),
    )
    marker_fall_pct: float = field(
        default=50.0,
        metadata=_about(
            "rules",
            "%",
            "fall from baseline that is PR; within normal is CR",
            MARKERS,
        ),
    )
    marker_rise_pct: float = field(
        default=25.0,
        metadata=_about(
            "rules",
            "%",
            "rise from baseline that is PD",
            MARKERS,
        ),
    )
    symptom_fall_pct: float = field(
        default=30.0,
        metadata=_about("rules", "%", "fall of the score that is improved; so is a recorded improvement", CHOICE),
    )
    symptom_rise_pct: float = field(
        default=30.0,
        metadata=_about("rules", "%", "rise of the score that is worse; so is a recorded worsening", CHOICE),
    )
    report_progression: bool = field(
        default=True,
        metadata=_about(
            "rules",
            "flag",
            "progression known from a report only is a PFS event; if not, that report counts as no assessment",
            CHOICE,
        ),
    )
    clinical_progression: ClinicalProgression = field(
        default=ClinicalProgression.IGNORE,
        metadata=_about(
            "rules",
            "word",
            "subjects.clinical_progression_date, a progression without imaging: ignored, a PFS event on its day, or "
            "PFS censored at the last adequate assessment on or before it",
            FDA,
        ),
    )
    missed_scans: MissedScans = field(
        default=MissedScans.EVENT,
        metadata=_about(
            "rules",
            "word",
            "progression or death after two missed scans: an event on its day "
            "(EMA practice), or censored at the last adequate assessment before the gap (FDA)",
            FDA,
        ),
    )
    scan_interval_days: int = field(
        default=91, metadata=_about("rules", "days", "planned interval of scans, for missed_scans", CHOICE)
    )
    scan_tolerance_days: int = field(
        default=14, metadata=_about("rules", "days", "delay of a scan that is no miss, for missed_scans", CHOICE)
    )
    new_therapy: NewTherapy = field(
        default=NewTherapy.IGNORE,
        metadata=_about(
            "rules",
            "word",
            "subjects.new_therapy_date: ignored (EMA practice), or PFS censored at "
            "the last adequate assessment on or before it (FDA)",
            FDA,
        ),
    )
    relief_death: ReliefDeath = field(
        default=ReliefDeath.EVENT,
        metadata=_about("rules", "word", "death during relief ends it, or censors it", CHOICE),
    )
    zero_day: float = field(
        default=0.5,
        metadata=_about(
            "rules",
            "days",
            "length in spans.csv of a follow-up of 0 days, which a start-stop row cannot have",
            "usual in start-stop Cox models",
        ),
    )
