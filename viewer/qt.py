"""The names of Qt that qtpy gives without declaring them."""

from __future__ import annotations

from qtpy.QtCore import Signal  # type: ignore[attr-defined]  # qtpy renames it for each binding
from qtpy.QtGui import QShortcut  # type: ignore[attr-defined]  # qtpy takes it from where the binding has it

__all__ = ["QShortcut", "Signal"]
