"""Window presets: which Hounsfield units a reader sees, as a table.

Widths and centres are the presets in common use in radiology viewers.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPreset:
    """A named grey scale: width and centre in HU, and the key that chooses it."""

    name: str
    width_hu: int
    centre_hu: int
    key: str

    @property
    def limits_hu(self) -> tuple[float, float]:
        """Give the HU shown black and the HU shown white."""
        return self.centre_hu - self.width_hu / 2, self.centre_hu + self.width_hu / 2


WINDOW_PRESETS: tuple[WindowPreset, ...] = (
    WindowPreset(name="soft tissue", width_hu=400, centre_hu=40, key="F2"),
    WindowPreset(name="lung", width_hu=1500, centre_hu=-600, key="F3"),
    WindowPreset(name="liver", width_hu=150, centre_hu=90, key="F4"),
    WindowPreset(name="bone", width_hu=2500, centre_hu=480, key="F5"),
    WindowPreset(name="brain", width_hu=80, centre_hu=40, key="F6"),
)
