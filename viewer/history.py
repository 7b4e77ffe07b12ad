"""Undo and redo: every accepted change of a reading, in order, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.lesions import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One accepted change: what it is called and the readings before and after it."""

    label: str
    before: Reading
    after: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The reading as it stands, the changes that led here and those taken back."""

    reading: Reading
    done: tuple[Change, ...] = ()
    undone: tuple[Change, ...] = ()

    @property
    def undo_label(self) -> str:
        """Name the change that undo would take back; empty when there is none."""
        return self.done[-1].label if self.done else ""

    @property
    def redo_label(self) -> str:
        """Name the change that redo would make again; empty when there is none."""
        return self.undone[-1].label if self.undone else ""


def apply_change(history: History, label: str, reading: Reading) -> History:
    """Make a change; nothing happens when the reading stays the same."""
    if reading == history.reading:
        return history
    change = Change(label=label, before=history.reading, after=reading)
    return History(reading=reading, done=(*history.done, change))


def undo_change(history: History) -> History:
    """Take the last change back."""
    if not history.done:
        return history
    change = history.done[-1]
    return replace(history, reading=change.before, done=history.done[:-1], undone=(*history.undone, change))


def redo_change(history: History) -> History:
    """Make the change that was last taken back once more."""
    if not history.undone:
        return history
    change = history.undone[-1]
    return replace(history, reading=change.after, done=(*history.done, change), undone=history.undone[:-1])
