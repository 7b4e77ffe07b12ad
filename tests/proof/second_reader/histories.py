"""Random histories that go near every threshold and into every corner on purpose."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

from .lesion_courses import (
    CENT,
    NODE_SIZES,
    TOO_SMALL,
    Drawn,
    Lesion,
    Row,
    aim_at_threshold,
    all_gone,
    change_target,
    draw_size,
)

DAY_ZERO = datetime.date(2020, 1, 1)
GAPS = (7, 14, 27, 28, 29, 41, 42, 43, 56, 56, 84, 112, 170)
LABELLED = 0.9
DATE_SHARES = (("new_therapy_date", 0.2), ("death_date", 0.2), ("cutoff_date", 0.1), ("clinical_progression_date", 0.1))
COLUMNS = (
    "subject", "reader", "timepoint", "date", "lesion", "part", "role", "site", "nodal", "state", "diameter_mm",
    "long_axis_mm", "short_axis_mm", "slice_thickness_mm", "covers", "treated",
)  # fmt: skip


def in_text(size: Decimal) -> str:
    """Write a size as a person would."""
    return format(size.quantize(CENT).normalize(), "f")


def draw_baseline(random: Random, drawn: Drawn) -> None:
    """Draw which lesions there are."""
    for number in range(random.choice((0, 1, 1, 2, 2, 3, 4, 5))):
        nodal = random.random() < 0.3
        size = random.choice((Decimal(15), Decimal(16), Decimal(25))) if nodal else draw_size(random)
        drawn.targets.append(Lesion(f"T{number + 1}", nodal, size))
    for number in range(random.choice((0, 0, 1, 1, 2))):
        drawn.non_targets.append(Lesion(f"NT{number + 1}", random.random() < 0.3, Decimal(12), "present"))
    if not drawn.targets and not drawn.non_targets:
        if random.random() < 0.5:
            drawn.markers.append(Lesion("M1", nodal=False, size=Decimal(0), state="normal"))
        else:
            drawn.non_targets.append(Lesion("NT1", nodal=False, size=Decimal(12), state="present"))
    elif random.random() < 0.15:
        drawn.markers.append(Lesion("M1", nodal=False, size=Decimal(0), state=random.choice(("abnormal", "normal"))))
    drawn.baseline = drawn.smallest = sum((lesion.size for lesion in drawn.targets), Decimal(0))


def row_of(drawn: Drawn, label: str, date: datetime.date, lesion: Lesion, role: str) -> Row:
    """Write one row."""
    row = dict.fromkeys(COLUMNS, "")
    row |= {"subject": drawn.subject, "reader": drawn.reader, "timepoint": label, "date": date.isoformat()}
    row |= {"lesion": lesion.name, "role": role, "nodal": str(lesion.nodal).lower(), "state": lesion.state}
    return row | {"site": "lymph node" if lesion.nodal else f"site {lesion.name}", "slice_thickness_mm": "5"}


def write_targets(random: Random, drawn: Drawn, label: str, dates: list[datetime.date], *, baseline: bool) -> None:
    """Write the rows of the target lesions, some split, some merged."""
    measured = [lesion for lesion in drawn.targets if lesion.state == "measured"]
    merged: Lesion | None = None
    if not baseline and len(measured) > 1 and random.random() < 0.08:
        merged = measured[1]
    for lesion in drawn.targets:
        if lesion.state == "no row" or lesion is merged:
            continue
        row = row_of(drawn, label, random.choice(dates), lesion, "target")
        if lesion.state == "measured":
            row["diameter_mm"] = in_text(lesion.size)
            if random.random() < 0.1:
                row["state"] = ""
        elif lesion.state == "too_small" and lesion.size != TOO_SMALL:
            row["diameter_mm"] = in_text(lesion.size)
        if not baseline and random.random() < 0.01:
            row["treated"] = random.choice(("resected", "irradiated", "ablated"))
        if merged is not None and lesion is measured[0]:
            row["covers"] = merged.name
            row["diameter_mm"] = ""
            row["long_axis_mm"] = in_text(lesion.size + merged.size)
            row["short_axis_mm"] = in_text((lesion.size + merged.size) / 2)
        elif not baseline and not lesion.nodal and lesion.state == "measured" and random.random() < 0.05:
            write_fragments(random, drawn, row)
            continue
        drawn.rows.append(row)


def write_fragments(random: Random, drawn: Drawn, row: Row) -> None:
    """Write a lesion that fell into fragments."""
    size = Decimal(row["diameter_mm"])
    share = (size * Decimal(random.randint(2, 8)) / 10).quantize(CENT)
    for part, part_size in (("a", share), ("b", size - share)):
        fragment = row | {"part": part, "diameter_mm": in_text(part_size)}
        if random.random() < 0.15:
            fragment |= {"state": random.choice(("absent", "not_evaluable", "too_small")), "diameter_mm": ""}
        elif part_size <= 0:
            fragment |= {"state": "absent", "diameter_mm": ""}
        drawn.rows.append(fragment)


def write_non_targets(random: Random, drawn: Drawn, label: str, dates: list[datetime.date], *, going: bool) -> None:
    """Write the rows of the non-target lesions."""
    for lesion in drawn.non_targets:
        dice = random.random()
        if going and dice < 0.8:
            lesion.state = "absent"
        elif dice < 0.5:
            lesion.state = random.choice(("present", "present", "absent"))
        elif dice < 0.62:
            lesion.state = random.choice(("not_evaluable", "not_done", "no row"))
        elif dice < 0.66:
            lesion.state = "unequivocal_pd"
        if lesion.state == "no row":
            continue
        row = row_of(drawn, label, random.choice(dates), lesion, "non_target")
        if lesion.nodal and lesion.state in {"present", "unequivocal_pd"} and random.random() < 0.4:
            row["diameter_mm"] = random.choice(NODE_SIZES)
        drawn.rows.append(row)


def write_new(random: Random, drawn: Drawn, label: str, dates: list[datetime.date]) -> None:
    """Write the rows of new lesions: unequivocal, equivocal, or nodes by their size."""
    if random.random() < 0.07:
        drawn.new.append(Lesion(f"N{len(drawn.new) + 1}", random.random() < 0.4, Decimal(0)))
    for lesion in drawn.new:
        if random.random() < 0.15:
            continue
        row = row_of(drawn, label, random.choice(dates), lesion, "new")
        if lesion.nodal and random.random() < 0.7:
            row |= {"state": "", "diameter_mm": random.choice(NODE_SIZES)}
        else:
            row["state"] = random.choice(("equivocal", "equivocal", "equivocal", "absent", "unequivocal"))
        drawn.rows.append(row)


def write_markers(random: Random, drawn: Drawn, label: str, dates: list[datetime.date], *, baseline: bool) -> None:
    """Write the rows of tumour markers."""
    for marker in drawn.markers:
        if not baseline:
            marker.state = random.choice(("normal", "normal", "normal", "abnormal", "not_done", "no row"))
        if marker.state != "no row":
            drawn.rows.append(row_of(drawn, label, random.choice(dates), marker, "marker"))


def draw_days(random: Random, *, labels: bool) -> list[int]:
    """Draw the days of the visits; a few share one date. Without labels they are too far apart to be one."""
    days = [0]
    if not labels:
        return [number * 56 for number in range(random.randint(1, 8))]
    usual = random.choice((0, 0, 28, 42, 56))
    for _ in range(random.choice((0, 1, 2, 3, 4, 5, 6, 7, 8))):
        gap = usual or random.choice(GAPS)
        days.append(days[-1] + (0 if len(days) > 1 and random.random() < 0.02 else gap))
    return days


def draw_scan_dates(random: Random, day: int, *, follow_up: bool, labels: bool, alone: bool) -> list[datetime.date]:
    """Draw the dates on which the scans of one time point may lie."""
    spread: tuple[int, ...] = (0,) if not alone or random.random() < 0.85 else (0, 0, 1, 3)
    if not labels:
        spread = (0, 0, 7, 8, 14, 15) if follow_up else (0, 0, 7)
    return [DAY_ZERO + datetime.timedelta(days=day + extra) for extra in spread]


def draw_reader(random: Random, subject: str, reader: str, *, labels: bool) -> list[Row]:
    """Draw what one reader wrote about one subject."""
    drawn = Drawn(subject=subject, reader=reader)
    draw_baseline(random, drawn)
    first = "baseline" if subject[-1] in "0123456" else "screening"
    if labels and random.random() < 0.1:
        write_early_scan(random, drawn)
    sticky_cr = random.random() < 0.2
    days = draw_days(random, labels=labels)
    for number, day in enumerate(days):
        label = (f"visit {number}" if number else first) if labels else ""
        dates = draw_scan_dates(random, day, follow_up=bool(number), labels=labels, alone=days.count(day) == 1)
        going = bool(number) and random.random() < (0.5 if sticky_cr else 0.05)
        if number:
            for lesion in drawn.targets:
                change_target(random, lesion)
            if going:
                all_gone(random, drawn)
            elif random.random() < 0.3:
                aim_at_threshold(random, drawn)
        elif drawn.targets and random.random() < 0.02:
            drawn.targets[0].state = "not_evaluable"
        write_targets(random, drawn, label, dates, baseline=not number)
        if number:
            write_non_targets(random, drawn, label, dates, going=going)
            write_new(random, drawn, label, dates)
        else:
            drawn.rows.extend(row_of(drawn, label, dates[0], lesion, "non_target") for lesion in drawn.non_targets)
        write_markers(random, drawn, label, dates, baseline=not number)
        note_smallest(drawn, number)
    return drawn.rows


def write_early_scan(random: Random, drawn: Drawn) -> None:
    """Write a scan that was made before the baseline scan."""
    date = DAY_ZERO - datetime.timedelta(days=random.choice((1, 20, 60)))
    for lesion in drawn.targets:
        row = row_of(drawn, "early scan", date, lesion, "target")
        drawn.rows.append(row | {"diameter_mm": in_text(max(lesion.size - 5, CENT))})
    drawn.rows.extend(row_of(drawn, "early scan", date, lesion, "non_target") for lesion in drawn.non_targets)
    drawn.rows.extend(row_of(drawn, "early scan", date, lesion, "marker") for lesion in drawn.markers)


def note_smallest(drawn: Drawn, number: int) -> None:
    """Keep the smallest complete sum."""
    if number and all(lesion.state in {"measured", "too_small", "absent"} for lesion in drawn.targets):
        drawn.smallest = min(drawn.smallest, sum((lesion.size for lesion in drawn.targets), Decimal(0)))


def draw_subject(random: Random, subject: str) -> tuple[list[Row], Row]:
    """Draw one subject: rows of one or two readers, and the dates."""
    readers = ["reader-1", "reader-2"] if random.random() < 0.1 else ["reader-1"]
    labels = random.random() < LABELLED
    rows = [row for reader in readers for row in draw_reader(random, subject, reader, labels=labels)]
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
    for name in ("new_therapy_date", "clinical_progression_date"):
        if dates.get(name, "") > dates.get("death_date", "9999"):
            del dates[name]
    return rows, dates
