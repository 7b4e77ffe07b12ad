"""By which method each row was assessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.criteria.measurability import Modality
from recist.response.words import ranked

if TYPE_CHECKING:
    import pandas as pd

    from recist.response.arrays import Bools, Ints, Texts


def modalities_of(frame: pd.DataFrame) -> tuple[Ints, Texts]:
    """Give the number of each row's modality and the modalities; CT where none is given."""
    return ranked(frame["modality"], empty=Modality.CT)


def is_seen_by(frame: pd.DataFrame, modality: Modality) -> Bools:
    """Say which rows were assessed by a modality."""
    code, words = modalities_of(frame)
    seen: Bools = (words == modality)[code]
    return seen
