"""How the window is shared: the picture gets the larger part, the panel what it needs."""

from __future__ import annotations

LEAST_PANEL_PX, MOST_PANEL_PX = 540, 620
PANEL_SHARE = 0.35
LAYER_DOCKS = ("layer list", "layer controls")


def panel_width_px(window_width_px: int) -> int:
    """Give the width of the panel in a window.

    Examples
    --------
    >>> panel_width_px(1200), panel_width_px(1600), panel_width_px(2560)
    (540, 560, 620)
    """
    return min(max(round(PANEL_SHARE * window_width_px), LEAST_PANEL_PX), MOST_PANEL_PX)
