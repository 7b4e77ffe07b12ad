"""How the lesions of a random history change from visit to visit."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

NODE_SIZES = ("9.99", "10", "10.01", "9.5", "8", "4", "12", "14.99", "15", "15.01", "22")
FACTORS = tuple(
    Decimal(text) for text in ("0.69", "0.7", "0.7", "0.71", "0.8", "0.9", "1", "1.1", "1.19", "1.2", "1.2")
)
CENT = Decimal("0.01")
TOO_SMALL = Decimal(5)
Row = dict[str, str]


@dataclass
class Lesion:
    """A lesion on its way through the visits."""

    name: str
    nodal: bool
    size: Decimal
    state: str = "measured"
    site: str = ""
    is_measured: bool = True
    is_treated: bool = False


@dataclass
class Drawn:
    """What is drawn for one subject and reader."""

    subject: str
    reader: str
    enhancing: bool = False
    has_hu: bool = False
    targets: list[Lesion] = field(default_factory=list)
    non_targets: list[Lesion] = field(default_factory=list)
    markers: list[Lesion] = field(default_factory=list)
    new: list[Lesion] = field(default_factory=list)
    smallest: Decimal = Decimal(0)
    before: Decimal = Decimal(0)
    baseline: Decimal = Decimal(0)
    rows: list[Row] = field(default_factory=list)


def draw_size(random: Random) -> Decimal:
    """Draw the size of a lesion, often a round one."""
    return random.choice((Decimal(random.randint(10, 80)), Decimal(random.randint(100, 600)) / 10, Decimal(50)))


def change_target(random: Random, lesion: Lesion) -> None:
    """Let one target lesion change a little, a lot, or go."""
    dice = random.random()
    lesion.state = "measured"
    if dice < 0.1:
        lesion.state = random.choice(("not_evaluable", "not_done", "no row"))
    elif dice < 0.22:
        lesion.state, lesion.size = random.choice((("absent", Decimal(0)), ("too_small", Decimal(5))))
        if lesion.state == "too_small" and random.random() < 0.2:
            lesion.size = Decimal(random.choice(("3", "4.99", "5", "6")))
    elif lesion.nodal and dice < 0.6:
        lesion.size = Decimal(random.choice(NODE_SIZES))
    elif dice < 0.7:
        lesion.size = (lesion.size * random.choice(FACTORS)).quantize(CENT)
    elif dice < 0.76:
        lesion.size = Decimal(random.randint(1, 120)) / 10
    elif dice < 0.8:
        lesion.size = draw_size(random)
    if lesion.state == "measured" and lesion.size <= 0:
        lesion.state = "absent"


def aim_at_threshold(random: Random, drawn: Drawn) -> None:
    """Bring the sum exactly to a threshold, or a hundredth beside it."""
    free = [lesion for lesion in drawn.targets if lesion.state == "measured"]
    if not free:
        return
    sum_now = sum((lesion.size for lesion in drawn.targets if lesion.state in {"measured", "too_small"}), Decimal(0))
    aims: tuple[Decimal, ...] = (drawn.baseline * Decimal("0.7"), drawn.smallest * Decimal("1.2"), drawn.smallest + 5)
    aims += (drawn.before + 5, drawn.before - 5, drawn.baseline * Decimal("0.9"), drawn.smallest * Decimal("1.1"))
    aim = random.choice(aims) + random.choice((Decimal(0), Decimal(0), CENT, -CENT))
    size = free[0].size + aim - sum_now
    if size > 0:
        free[0].size = size.quantize(CENT)


def all_gone(random: Random, drawn: Drawn) -> None:
    """Bring every target lesion away, nodes to below 10 mm."""
    for lesion in drawn.targets:
        lesion.state, lesion.size = "absent", Decimal(0)
        if lesion.nodal:
            lesion.state, lesion.size = "measured", Decimal(random.choice(("9.99", "9.5", "8", "4")))
