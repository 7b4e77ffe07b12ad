"""Measure lesions on CT and score their response.

The names below are loaded when first used, so that importing the package stays cheap.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recist.dicom.series import read_series
    from recist.measure import axes_from_labels, axes_from_mask
    from recist.rates import derive_rates
    from recist.response import score, score_coded
    from recist.response.visits import best

__all__ = [
    "axes_from_labels",
    "axes_from_mask",
    "best",
    "derive_rates",
    "read_series",
    "score",
    "score_coded",
]

_HOMES = {
    "axes_from_labels": "recist.measure",
    "axes_from_mask": "recist.measure",
    "best": "recist.response.visits",
    "derive_rates": "recist.rates",
    "read_series": "recist.dicom.series",
    "score": "recist.response",
    "score_coded": "recist.response",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'recist' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
