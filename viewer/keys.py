"""What a reader does by key: one table for the shortcuts, the buttons, the help and the documentation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.criteria.codes import LesionRole, LesionState
from viewer.sites import SITES
from viewer.windows import WINDOW_PRESETS

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChoice:
    """A state that a lesion of some role can be given, its key and its name on the button."""

    role: LesionRole
    state: LesionState
    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key, the session's or the view's command, its argument and what it does in words."""

    key: str
    command: str
    argument: str = ""
    meaning: str


T, NT, N, S = LesionRole.TARGET, LesionRole.NON_TARGET, LesionRole.NEW, LesionState
STATE_CHOICES: tuple[StateChoice, ...] = (
    StateChoice(role=T, state=S.ABSENT, key="0", name="disappeared"),
    StateChoice(role=T, state=S.TOO_SMALL, key="5", name="too small to measure"),
    StateChoice(role=T, state=S.NOT_EVALUABLE, key="E", name="not evaluable"),
    StateChoice(role=NT, state=S.PRESENT, key="1", name="present"),
    StateChoice(role=NT, state=S.ABSENT, key="0", name="disappeared"),
    StateChoice(role=NT, state=S.UNEQUIVOCAL_PD, key="9", name="unequivocal progression"),
    StateChoice(role=NT, state=S.NOT_EVALUABLE, key="E", name="not evaluable"),
    StateChoice(role=N, state=S.UNEQUIVOCAL, key="9", name="unequivocal"),
    StateChoice(role=N, state=S.EQUIVOCAL, key="8", name="equivocal"),
    StateChoice(role=N, state=S.ABSENT, key="0", name="no longer seen"),
)
ROLE_KEYS = {"T": T, "N": NT, "W": N}
FIXED_KEYS: tuple[Key, ...] = (
    Key(key="Return", command="accept", meaning="accept the axes drawn or proposed"),
    Key(key="Esc", command="discard", meaning="drop the axes drawn or proposed"),
    Key(key="C", command="toggle_clicking", meaning="switch on or off that a click finds the lesion"),
    Key(key="S", command="outline_axis", meaning="find the outline along the long axis drawn"),
    Key(key="]", command="resize", argument="1", meaning="larger outline"),
    Key(key="[", command="resize", argument="-1", meaning="smaller outline"),
    Key(key="+", command="resize", argument="1", meaning="larger outline, too"),
    Key(key="-", command="resize", argument="-1", meaning="smaller outline, too"),
    Key(key="D", command="show_doubtful", meaning="look at a doubtful outline"),
    Key(key="Shift+Return", command="accept_doubtful", meaning="accept a doubtful outline all the same"),
    Key(key="J", command="jump", meaning="go to where the lesion is expected"),
    Key(key="Delete", command="delete", meaning="take back what was found of this lesion here"),
    Key(key="Ctrl+Z", command="undo", meaning="undo"),
    Key(key="Ctrl+Shift+Z", command="redo", meaning="redo"),
    Key(key="V", command="toggle_drawing", meaning="switch the left mouse button between drawing and moving the image"),
    Key(key="PgUp", command="scroll", argument="1", meaning="next slice"),
    Key(key="PgDown", command="scroll", argument="-1", meaning="previous slice"),
    Key(key="F", command="fit", meaning="fit the image into the window"),
)


def all_keys() -> tuple[Key, ...]:
    """Give every key once, in the order of the help."""
    return (*FIXED_KEYS, *_role_keys(), *_state_keys(), *_site_keys(), *_window_keys())


def _role_keys() -> Iterator[Key]:
    names = {T: "a target", NT: "a non-target", N: "a new lesion"}
    for key, role in ROLE_KEYS.items():
        yield Key(key=key, command="role", argument=role.value, meaning=f"the next lesion is {names[role]}")


def _state_keys() -> Iterator[Key]:
    for key in dict.fromkeys(choice.key for choice in STATE_CHOICES):
        names = dict.fromkeys(choice.name for choice in STATE_CHOICES if choice.key == key)
        yield Key(key=key, command="state", argument=key, meaning=" / ".join(names))


def _site_keys() -> Iterator[Key]:
    for site in SITES:
        if site.key:
            yield Key(key=site.key, command="site", argument=site.name, meaning=site.name)


def _window_keys() -> Iterator[Key]:
    for preset in WINDOW_PRESETS:
        window = f"window {preset.name} ({preset.width_hu}/{preset.centre_hu})"
        yield Key(key=preset.key, command="window", argument=preset.name, meaning=window)
