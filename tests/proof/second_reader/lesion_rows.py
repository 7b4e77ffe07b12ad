"""The rows of a random history: one for each lesion, fragment or merged mass that was looked at."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from .lesion_courses import CENT, NODE_SIZES, TOO_SMALL, Drawn, Lesion, Row

if TYPE_CHECKING:
    import datetime
    from random import Random

COLUMNS = (
    "subject", "reader", "timepoint", "date", "lesion", "part", "role", "site", "nodal", "state", "diameter_mm",
    "long_axis_mm", "short_axis_mm", "enhancing_mm", "mean_hu", "slice_thickness_mm", "covers", "treated",
    "new_symptoms",
)  # fmt: skip
HU = ("90", "85", "80", "76.5", "76.49", "76.51", "72", "60", "95", "40", "100")


def in_text(size: Decimal) -> str:
    """Write a size as a person would."""
    return format(size.quantize(CENT).normalize(), "f")


def row_of(drawn: Drawn, label: str, date: datetime.date, lesion: Lesion, role: str) -> Row:
    """Write one row."""
    row = dict.fromkeys(COLUMNS, "")
    row |= {"subject": drawn.subject, "reader": drawn.reader, "timepoint": label, "date": date.isoformat()}
    row |= {"lesion": lesion.name, "role": role, "nodal": str(lesion.nodal).lower(), "state": lesion.state}
    site = lesion.site or ("lymph node" if lesion.nodal else f"site {lesion.name}")
    return row | {"site": site, "slice_thickness_mm": "5"}


def draw_attenuation(random: Random, drawn: Drawn, row: Row, *, baseline: bool) -> None:
    """Give a row an attenuation, most of the time."""
    if not drawn.has_hu or row["state"] in {"not_evaluable", "not_done", "absent"}:
        return
    if random.random() < (0.9 if row["state"] != "too_small" else 0.4):
        low = baseline and random.random() < 0.02
        row["mean_hu"] = random.choice(("0", "-20")) if low else "90" if baseline else random.choice(HU)


def write_enhancing_part(random: Random, row: Row) -> None:
    """Say how much of a lesion enhances; nothing may, though the lesion is there."""
    if row["state"] == "absent" and random.random() < 0.5:
        row |= {"state": "measured", "enhancing_mm": "0", "diameter_mm": "20"}
    elif row["diameter_mm"]:
        row["enhancing_mm"] = row["diameter_mm"]
        row["diameter_mm"] = in_text(Decimal(row["diameter_mm"]) * Decimal("1.3"))


def write_targets(random: Random, drawn: Drawn, label: str, dates: list[datetime.date], *, baseline: bool) -> None:
    """Write the rows of the target lesions, some split, some merged."""
    measured = [lesion for lesion in drawn.targets if lesion.state == "measured" and not lesion.is_treated]
    merged: Lesion | None = None
    if not baseline and len(measured) > 1 and random.random() < 0.08 and not drawn.enhancing:
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
            lesion.is_treated = True
        if merged is not None and lesion is measured[0]:
            row["covers"] = merged.name
            row["diameter_mm"] = ""
            row["long_axis_mm"] = in_text(lesion.size + merged.size)
            row["short_axis_mm"] = in_text((lesion.size + merged.size) / 2)
        elif not baseline and not lesion.nodal and lesion.state == "measured" and random.random() < 0.05:
            write_fragments(random, drawn, row)
            continue
        finish_target(random, drawn, row, baseline=baseline)


def finish_target(random: Random, drawn: Drawn, row: Row, *, baseline: bool) -> None:
    """Add what only some criteria read, and keep the row."""
    draw_attenuation(random, drawn, row, baseline=baseline)
    if drawn.enhancing and row["nodal"] == "false":
        write_enhancing_part(random, row)
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
        finish_target(random, drawn, fragment, baseline=False)


def write_non_targets(random: Random, drawn: Drawn, label: str, dates: list[datetime.date], *, going: bool) -> None:
    """Write the rows of the non-target lesions."""
    for lesion in drawn.non_targets:
        dice = random.random()
        if going and dice < 0.8:
            lesion.state = "absent"
        elif dice < 0.45:
            lesion.state = random.choice(("present", "present", "absent"))
        elif dice < 0.5:
            lesion.state = "increased"
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


def write_markers(random: Random, drawn: Drawn, label: str, dates: list[datetime.date], *, baseline: bool) -> None:
    """Write the rows of tumour markers."""
    for marker in drawn.markers:
        if not baseline:
            marker.state = random.choice(("normal", "normal", "normal", "abnormal", "not_done", "no row"))
        if marker.state != "no row":
            drawn.rows.append(row_of(drawn, label, random.choice(dates), marker, "marker"))
