"""The rows of new lesions in a random history."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from .lesion_courses import NODE_SIZES, Drawn, Lesion
from .lesion_rows import in_text, row_of

if TYPE_CHECKING:
    import datetime
    from random import Random

SITES = ("liver", "liver", "liver", "lung", "bone", "")
FIRST_SIZES = ("8", "9.99", "10", "10", "14", "15", "16", "20", "")
GROWTH = ("0", "0", "0", "0", "0.01", "1", "2.5", "4.99", "5", "5.01", "-3", "-6", "12")


def write_any_new(random: Random, drawn: Drawn, label: str, dates: list[datetime.date]) -> None:
    """Write new lesions that change their certainty at every visit, or nodes by their size."""
    if random.random() < 0.07:
        drawn.new.append(Lesion(f"N{len(drawn.new) + 1}", random.random() < 0.4, Decimal(0)))
    for lesion in drawn.new:
        if random.random() < 0.15:
            continue
        row = row_of(drawn, label, random.choice(dates), lesion, "new")
        if lesion.nodal and random.random() < 0.7:
            row |= {"state": "", "diameter_mm": random.choice(NODE_SIZES)}
        else:
            row["state"] = random.choice(("equivocal", "equivocal", "increased", "absent", "unequivocal"))
        drawn.rows.append(row)


def write_growing_new(random: Random, drawn: Drawn, label: str, dates: list[datetime.date]) -> None:
    """Write new lesions that go on: measured or not, growing by a little, gone and back."""
    for _ in range(random.choice((1, 1, 1, 2, 3)) if random.random() < 0.13 else 0):
        nodal = random.random() < 0.2
        size = random.choice(FIRST_SIZES)
        lesion = Lesion(f"N{len(drawn.new) + 1}", nodal, Decimal(size or 0))
        lesion.site = "" if nodal else random.choice(SITES)
        lesion.state = "equivocal" if random.random() < 0.2 else "unequivocal"
        lesion.is_measured = bool(size)
        drawn.new.append(lesion)
        write_new_row(random, drawn, label, dates, lesion)
    for lesion in drawn.new[:]:
        if any(row["lesion"] == lesion.name and row["timepoint"] == label for row in drawn.rows[-40:]):
            continue
        change_new(random, lesion)
        if random.random() > 0.06:
            write_new_row(random, drawn, label, dates, lesion)


def change_new(random: Random, lesion: Lesion) -> None:
    """Let a new lesion change."""
    dice = random.random()
    if lesion.is_measured:
        lesion.size = max(lesion.size + Decimal(random.choice(GROWTH)), Decimal(1))
    if dice < 0.12:
        lesion.state = "absent"
    elif lesion.state != "equivocal" or dice < 0.5:
        lesion.state = "unequivocal"
        if dice > 0.92:
            lesion.state = random.choice(("increased", "unequivocal_pd"))


def write_new_row(random: Random, drawn: Drawn, label: str, dates: list[datetime.date], lesion: Lesion) -> None:
    """Write one row of a new lesion."""
    row = row_of(drawn, label, random.choice(dates), lesion, "new")
    if lesion.state != "absent" and lesion.is_measured and random.random() > 0.07:
        row["diameter_mm"] = in_text(lesion.size)
        if lesion.nodal and random.random() < 0.5:
            row["state"] = ""
    if random.random() < 0.1:
        row["slice_thickness_mm"] = random.choice(("8", ""))
    drawn.rows.append(row)
