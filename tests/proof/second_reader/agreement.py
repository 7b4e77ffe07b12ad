"""Compare the package's tables with what the second reader expects."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

import recist

from .findings import HUNDREDTH, round_half_up
from .histories import draw_subject
from .lesion_rows import COLUMNS
from .patient import read_patient

if TYPE_CHECKING:
    from random import Random

    from .answers import Answer
    from .lesion_courses import Row

SUBJECT_COLUMNS = (
    "subject",
    "start_date",
    "new_therapy_date",
    "death_date",
    "cutoff_date",
    "clinical_progression_date",
)
CHOICES: dict[str, tuple[object, ...]] = {
    "tp_window_days": (14, 7, 28),
    "merged_mixed": ("long", "short"),
    "measurement_rounding": ("none", "0.1", "1"),
    "threshold_rounding": ("none", "1dp"),
    "nadir_partial": (False, True),
    "partial_pd": (True, False),
    "small_node_growth": ("cr", "pd"),
    "pr_persistence": ("none", "after_confirmed_pr", "after_pr"),
    "nt_partial": ("ne", "present_wins"),
    "new_node": ("equivocal", "pd"),
    "no_disease": ("ned", "ne"),
    "non_target_nodes": ("as_read", "by_size"),
    "marker_missing": ("not_cr", "ignore"),
    "missed_visits": ("ignore", "ne"),
    "post_cr": ("pd", "as_is", "recode_pr"),
    "returning_node": ("pd", "equivocal"),
    "response_date": ("component", "earliest", "fda2007"),
    "start": ("start_date", "baseline"),
    "new_therapy_same_day": ("before", "after"),
    "min_sd_days": (42, 0, 49, 56),
    "confirmation_days": (28, 27, 29, 56),
    "max_ne": (1, 0, 2, "any"),
    "accept_sd": (0, 1, 2),
    "responders": ("unconfirmed", "confirmed"),
    "death_ends_response": (True, False),
    "visit_interval_days": (0, 28, 56, [[0, 28], [100, 56]]),
    "visit_tolerance_days": (0, 7),
    "censoring": ("fda", "ema"),
    "new_therapy_event_day": ("event", "censor"),
    "clinical_progression": ("ignore", "event", "censor"),
    "sd_date": ("first", "minimum_time"),
    "min_sd_tolerance_days": (0, 3),
    "confirmation_between": ("strict", "any"),
    "partial_dates": ("refuse", "first", "last"),
    "same_date": ("worst", "error"),
    "missing_attenuation": ("ne", "size_only"),
    "adequate_assessment": ("evaluable", "done"),
    "early_death": ("event", "censor"),
    "node_organs": ("one", "by_site"),
    "node_slice_rule": ("two_slices", "off"),
    "early_scan_days": (28, 20, 60),
    "early_scan_tolerance_days": (2, 0, 3),
    "late_scan_days": (56, 40),
    "late_scan": ("confirms", "waits"),
    "icpd_increase": ("at_least", "more_than"),
    "shrinkage_after_iupd": ("any", "better_response"),
}


SUFFIX = "_recist_1_1"
CRITERIA = ("irecist", "irecist", "recist-1.0", "mrecist", "choi", "modified-choi")
SILENT = {"subject", "reader", "site", "slice_thickness_mm"}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One history on which the two programs differ."""

    criteria: str
    options: dict[str, object]
    rows: list[Row]
    subject: Row
    found: list[str]


@dataclass
class Tally:
    """How many histories were compared, and where they differ."""

    histories: int = 0
    visits: int = 0
    rows: int = 0
    options: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    by_field: Counter[str] = field(default_factory=Counter)


def draw_criteria(random: Random) -> str:
    """Draw the criteria, RECIST 1.1 more often."""
    return "recist-1.1" if random.random() < 0.5 else random.choice(CRITERIA)


def describe(difference: Difference) -> str:
    """Write one history down with what differs."""
    chosen = {name: value for name, value in difference.options.items() if value != CHOICES[name][0]}
    dates = {name: value for name, value in difference.subject.items() if value}
    lines = [f"{difference.criteria} {chosen} {dates}"]
    lines.extend(
        "  " + " ".join(value for name, value in row.items() if value and name not in SILENT) for row in difference.rows
    )
    return "\n".join([*lines, *(f"  >> {text}" for text in difference.found)])


def draw_options(random: Random) -> dict[str, object]:
    """Draw a value for each option, the default more often."""
    return {name: values[0] if random.random() < 0.5 else random.choice(values) for name, values in CHOICES.items()}


def in_hundredths(value: Fraction | None) -> Fraction | None:
    """Round as a table shows it."""
    return None if value is None else round_half_up(value, HUNDREDTH)


def as_day(value: Any) -> object:
    """Give a date or None."""
    return None if pd.isna(value) else pd.Timestamp(value).date()


def as_mm(value: Any) -> Fraction | None:
    """Give millimetres exactly or None."""
    return None if pd.isna(value) else Fraction(round(float(value) * 100), 100)


def as_plain(value: Any) -> object:
    """Give a whole number, a truth value, or None."""
    if value is None or pd.isna(value):
        return None
    return bool(value) if isinstance(value, bool) or str(value) in {"True", "False"} else int(value)


def expected_visits(answer: Answer) -> list[dict[str, object]]:
    """Lay out the second reader's visits like the table of responses."""
    return [
        {
            "date": visit.date,
            "baseline_sum_mm": visit.baseline_sum,
            "sum_mm": visit.sum,
            "sum_complete": visit.complete,
            "nadir_mm": visit.nadir,
            "target_response": visit.target,
            "non_target_response": visit.non_target,
            "new_lesion": visit.new,
            "overall_response": visit.overall,
            "overall_response_as_read": visit.as_read,
            "after_progression": visit.after_progression,
            "excluded": visit.excluded,
            **visit.more,
        }
        for visit in sorted(answer.visits, key=lambda visit: visit.label)
    ]


def found_visits(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Lay out the package's visits in plain values."""
    given = []
    for row in sorted(rows, key=lambda row: str(row["timepoint"])):
        plain: dict[str, object] = {name: as_mm(row[name]) for name in ("baseline_sum_mm", "sum_mm", "nadir_mm")}
        plain |= {name: as_plain(row[name]) for name in ("sum_complete", "after_progression")}
        plain["date"] = as_day(row["date"])
        names = ("target_response", "non_target_response", "new_lesion", "overall_response")
        plain |= {name: row[name] for name in (*names, "overall_response_as_read", "excluded")}
        if "iupd_date" in row:
            plain |= {name: as_mm(row[name]) for name in ("change_from_iupd_mm", "new_lesion_sum_mm")}
            plain["iupd_date"] = as_day(row["iupd_date"])
            plain["after_progression_recist_1_1"] = as_plain(row["after_progression_recist_1_1"])
            words = ("overall_response", "overall_response_as_read")
            plain |= {f"{name}_recist_1_1": row[f"{name}_recist_1_1"] for name in words}
        given.append(plain)
    return given


def expected_best(answer: Answer) -> dict[str, object]:
    """Lay out the second reader's best responses like the table."""
    expected: dict[str, object] = {
        "best_response": answer.best[0],
        "best_response_date": answer.best[1],
        "confirmed_best_response": answer.confirmed[0],
        "confirmed_best_response_date": answer.confirmed[1],
        "first_response_date": answer.first_response,
        "progression_date": answer.progression,
        "last_adequate_date": answer.last_adequate,
        "duration_of_response_days": answer.duration.days,
        "duration_of_response_event": answer.duration.event,
        "pfs_days": answer.pfs.days,
        "pfs_event": answer.pfs.event,
        "pfs_reason": answer.pfs.reason,
        "pfs_date": answer.pfs.date,
        "ttp_days": answer.ttp.days,
        "ttp_event": answer.ttp.event,
        "ttp_reason": answer.ttp.reason,
        "duration_of_response_reason": answer.duration.reason,
        "duration_of_response_date": answer.duration.date,
    }
    if answer.parallel is not None:
        beside = expected_best(answer.parallel)
        expected["progression_confirmed_date"] = answer.progression_confirmed
        expected |= {f"{name}_recist_1_1": value for name, value in beside.items()}
    return expected


def found_best(row: dict[str, object]) -> dict[str, object]:
    """Lay out the package's best responses in plain values."""
    return {
        name: as_day(value)
        if name.removesuffix(SUFFIX).endswith("_date")
        else as_plain(value)
        if name.removesuffix(SUFFIX).endswith(("_days", "_event"))
        else value
        for name, value in row.items()
    }


def differences_of(answer: Answer, visits: list[dict[str, object]], best: dict[str, object]) -> list[str]:
    """List what differs in one reader's course."""
    found = []
    expected = expected_visits(answer)
    given = found_visits(visits)
    if len(expected) != len(given):
        return [f"visits: {len(given)} and not {len(expected)}"]
    for number, (mine, theirs) in enumerate(zip(expected, given, strict=True), start=1):
        found += [
            f"visit {number} {name}: {theirs[name]} and not {value}"
            for name, value in mine.items()
            if theirs[name] != value
        ]
    theirs = found_best(best)
    found += [
        f"{name}: {theirs[name]} and not {value}"
        for name, value in expected_best(answer).items()
        if theirs[name] != value
    ]
    return found


def compare_batch(
    random: Random, n_histories: int, options: dict[str, object], tally: Tally, criteria: str = "recist-1.1"
) -> None:
    """Draw histories, score them in one call, and compare each reader of each subject."""
    drawn = {
        f"S{number:05d}": draw_subject(random, f"S{number:05d}", criteria, options) for number in range(n_histories)
    }
    rows = [row for history, _ in drawn.values() for row in history]
    measurements = pd.DataFrame(rows, columns=list(COLUMNS))
    subjects = pd.DataFrame([dates for _, dates in drawn.values()], columns=list(SUBJECT_COLUMNS)).fillna("")
    scored = recist.score(measurements, subjects=subjects, criteria=criteria, options=options)
    by_reader: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_reader[row["subject"], row["reader"]].append(row)
    visits: dict[tuple[str, str], list[dict[str, object]]] = defaultdict(list)
    for visit in scored.responses.to_dict("records"):
        visits[visit["subject"], visit["reader"]].append({str(name): value for name, value in visit.items()})
    best = {(row["subject"], row["reader"]): row for row in scored.best_responses.to_dict("records")}
    for key, history in by_reader.items():
        answer = read_patient(history, drawn[key[0]][1], criteria, options)
        found = differences_of(answer, visits[key], {str(name): value for name, value in best[key].items()})
        tally.visits += len(answer.visits)
        if found:
            tally.differences.append(
                Difference(criteria=criteria, options=options, rows=history, subject=drawn[key[0]][1], found=found)
            )
            tally.by_field.update(text.split(":")[0].split(" ")[-1] for text in found)
    tally.histories += len(by_reader)
    tally.rows += len(rows)
    tally.options.update(f"{name}={value}" for name, value in options.items())
