"""Random histories that go near every threshold and into every corner on purpose."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from .lesion_courses import (
    CENT,
    Drawn,
    Lesion,
    Row,
    aim_at_threshold,
    all_gone,
    change_target,
    draw_size,
)
from .lesion_rows import finish_target, in_text, row_of, write_markers, write_non_targets, write_targets
from .new_lesion_rows import write_any_new, write_growing_new

if TYPE_CHECKING:
    from random import Random

DAY_ZERO = datetime.date(2020, 1, 1)
GAPS = (7, 14, 25, 26, 27, 28, 29, 41, 42, 43, 56, 56, 84, 112, 170)
LABELLED = 0.9
DATE_SHARES = (("new_therapy_date", 0.2), ("death_date", 0.2), ("cutoff_date", 0.1), ("clinical_progression_date", 0.1))
BLURRED = (*(name for name, _ in DATE_SHARES), "last_contact_date")
SYMPTOMS_SHARE = 0.15


def draw_baseline(random: Random, drawn: Drawn) -> None:
    """Draw which lesions there are."""
    for number in range(random.choice((0, 1, 1, 2, 2, 3, 4, 5))):
        nodal = random.random() < 0.3
        size = random.choice((Decimal(15), Decimal(16), Decimal(25))) if nodal else draw_size(random)
        drawn.targets.append(Lesion(f"T{number + 1}", nodal, size))
    for number in range(random.choice((0, 0, 1, 1, 2))):
        state = random.choice(("absent", "not_done", "not_evaluable")) if random.random() < 0.05 else "present"
        drawn.non_targets.append(Lesion(f"NT{number + 1}", random.random() < 0.3, Decimal(12), state))
    if not drawn.targets and not drawn.non_targets:
        if random.random() < 0.5:
            drawn.markers.append(Lesion("M1", nodal=False, size=Decimal(0), state="normal"))
        else:
            drawn.non_targets.append(Lesion("NT1", nodal=False, size=Decimal(12), state="present"))
    elif random.random() < 0.15:
        drawn.markers.append(Lesion("M1", nodal=False, size=Decimal(0), state=random.choice(("abnormal", "normal"))))
    drawn.baseline = drawn.smallest = sum((lesion.size for lesion in drawn.targets), Decimal(0))


def draw_days(random: Random, *, labels: bool, twice: bool = True) -> list[int]:
    """Draw the days of the visits; a few share one date. Without labels they are too far apart to be one."""
    days = [0]
    if not labels:
        return [number * 56 for number in range(random.randint(1, 8))]
    usual = random.choice((0, 0, 28, 42, 56))
    for _ in range(random.choice((0, 1, 2, 3, 4, 5, 6, 7, 8))):
        gap = usual or random.choice(GAPS)
        days.append(days[-1] + (0 if twice and len(days) > 1 and random.random() < 0.02 else gap))
    return days


def draw_scan_dates(random: Random, day: int, *, follow_up: bool, labels: bool, alone: bool) -> list[datetime.date]:
    """Draw the dates on which the scans of one time point may lie."""
    spread: tuple[int, ...] = (0,) if not alone or random.random() < 0.85 else (0, 0, 1, 3)
    if not labels:
        spread = (0, 0, 7, 8, 14, 15) if follow_up else (0, 0, 7)
    return [DAY_ZERO + datetime.timedelta(days=day + extra) for extra in spread]


def draw_reader(random: Random, subject: str, reader: str, criteria: str, *, labels: bool, twice: bool) -> list[Row]:
    """Draw what one reader wrote about one subject."""
    drawn = Drawn(subject=subject, reader=reader)
    drawn.enhancing = random.random() < (0.8 if criteria == "mrecist" else 0.02)
    drawn.has_hu = random.random() < (0.9 if "choi" in criteria else 0.02)
    draw_baseline(random, drawn)
    first = "baseline" if subject[-1] in "0123456" else "screening"
    if labels and random.random() < 0.1:
        write_early_scan(random, drawn)
    sticky_cr = random.random() < 0.2
    growing_new = random.random() < (0.8 if criteria == "irecist" else 0.2)
    days = draw_days(random, labels=labels, twice=twice)
    for number, day in enumerate(days):
        label = (f"visit {number}" if number else first) if labels else ""
        dates = draw_scan_dates(random, day, follow_up=bool(number), labels=labels, alone=days.count(day) == 1)
        going = bool(number) and random.random() < (0.5 if sticky_cr else 0.05)
        if number:
            change_targets(random, drawn, going=going)
        elif drawn.targets and random.random() < 0.02:
            drawn.targets[0].state = "not_evaluable"
        before = len(drawn.rows)
        write_targets(random, drawn, label, dates, baseline=not number)
        if number:
            write_non_targets(random, drawn, label, dates, going=going)
            (write_growing_new if growing_new else write_any_new)(random, drawn, label, dates)
        else:
            drawn.rows.extend(row_of(drawn, label, dates[0], lesion, "non_target") for lesion in drawn.non_targets)
        if number and drawn.rows[before:] and random.random() < SYMPTOMS_SHARE:
            random.choice(drawn.rows[before:])["new_symptoms"] = "true"
        write_markers(random, drawn, label, dates, baseline=not number)
        note_smallest(drawn, number)
    return drawn.rows


def change_targets(random: Random, drawn: Drawn, *, going: bool) -> None:
    """Let the target lesions change, all go, stay, or come near a threshold."""
    drawn.before = sum((lesion.size for lesion in drawn.targets), Decimal(0))
    if random.random() < 0.15:
        return
    for lesion in drawn.targets:
        change_target(random, lesion)
    if going:
        all_gone(random, drawn)
    elif random.random() < 0.3:
        aim_at_threshold(random, drawn)


def write_early_scan(random: Random, drawn: Drawn) -> None:
    """Write a scan that was made before the baseline scan."""
    date = DAY_ZERO - datetime.timedelta(days=random.choice((1, 20, 60)))
    for lesion in drawn.targets:
        row = row_of(drawn, "early scan", date, lesion, "target")
        row["diameter_mm"] = in_text(max(lesion.size - 5, CENT))
        finish_target(random, drawn, row, baseline=True)
    drawn.rows.extend(row_of(drawn, "early scan", date, lesion, "non_target") for lesion in drawn.non_targets)
    drawn.rows.extend(row_of(drawn, "early scan", date, lesion, "marker") for lesion in drawn.markers)


def note_smallest(drawn: Drawn, number: int) -> None:
    """Keep the smallest complete sum."""
    if number and all(lesion.state in {"measured", "too_small", "absent"} for lesion in drawn.targets):
        drawn.smallest = min(drawn.smallest, sum((lesion.size for lesion in drawn.targets), Decimal(0)))


def blur(random: Random, rows: list[Row], dates: Row) -> None:
    """Leave the day out of some later dates, and the month out of a few at the end of follow-up."""
    late = (DAY_ZERO + datetime.timedelta(days=60)).isoformat()
    labels = sorted({row["timepoint"] for row in rows} - {""})
    scans = [(row["reader"], row["timepoint"], row["date"]) for row in rows if row["date"] >= late]
    lie_apart = len(set(scans)) == len({scan[:2] for scan in scans})  # no visit reaches into the next one
    blurred = {label for label in labels if random.random() < 0.15} if lie_apart else set()
    for table, name in (*((row, "date") for row in rows), *((dates, name) for name in BLURRED)):
        if table.get(name, "") >= late and (
            table["timepoint"] in blurred if name == "date" else random.random() < 0.15
        ):
            table[name] = table[name][:7]


def draw_dates(random: Random, subject: str, rows: list[Row], *, labels: bool) -> Row:
    """Draw the dates of a subject."""
    dates = {"subject": subject}
    if random.random() < 0.7:
        start = random.choice((3, 3, 5, 20, 40)) if any(row["timepoint"] == "baseline" for row in rows) else 3
        if not labels:
            start = 10
        dates["start_date"] = (DAY_ZERO + datetime.timedelta(days=start)).isoformat()
    for name, share in DATE_SHARES:
        if random.random() < share:
            day = random.choice((41, 56, 84, 112, 168, random.randint(41, 500)))
            dates[name] = (DAY_ZERO + datetime.timedelta(days=day)).isoformat()
    return dates


def draw_subject(
    random: Random, subject: str, criteria: str = "recist-1.1", options: dict[str, object] | None = None
) -> tuple[list[Row], Row]:
    """Draw one subject: rows of one or two readers, and the dates."""
    options = options or {}
    readers = ["reader-1", "reader-2"] if random.random() < 0.1 else ["reader-1"]
    labels = random.random() < LABELLED
    twice = options.get("same_date") != "error"
    rows = [
        row for reader in readers for row in draw_reader(random, subject, reader, criteria, labels=labels, twice=twice)
    ]
    dates = draw_dates(random, subject, rows, labels=labels)
    if options.get("partial_dates", "refuse") != "refuse" and twice and random.random() < 0.5:
        blur(random, rows, dates)
    for name in ("new_therapy_date", "clinical_progression_date"):
        if dates.get(name, "")[:7] >= dates.get("death_date", "9999")[:7]:
            del dates[name]
    return rows, dates
