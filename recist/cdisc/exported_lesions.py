"""The rows of the table of lesions that TU and TR have a place for, and what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recist.cdisc.terms import METHOD_TERMS, ROLE_WORDS, TREATMENT_WORDS
from recist.criteria import LesionRole, LesionState

if TYPE_CHECKING:
    from recist.cdisc.results import Results

LESION = ["subject", "reader", "lesion"]
MODALITY_MEANT = "ct"  # where none is named
# columns that change responses of some criteria or options, and that TU and TR have no variable for
WITHOUT_A_PLACE = ("mean_hu", "enhancing_mm", "kind", "new_symptoms", "slice_thickness_mm")


def part_name(lesion: str, part: str) -> str:
    """Name a fragment: the lesion, a point and the part."""
    return f"{lesion}.{part}" if part else lesion


def mass_name(lesion: str, covers: str) -> str:
    """Name a mass by the lesions that merged into it.

    Examples
    --------
    >>> mass_name("T1", "T2; T3")
    'T1/T2/T3'
    """
    return "/".join([lesion, *(name.strip() for name in covers.split(";") if name.strip())])


def exported(results: Results) -> pd.DataFrame:
    """Give the rows that TU and TR have a place for: lesions, not tumour markers.

    Returns
    -------
    pandas.DataFrame
        With ``state`` filled in, the ``link`` identifier, the ``method`` of assessment, and in ``treatment`` why the
        lesion is no longer part of the assessment.
    """
    frame = results.lesions
    frame = frame[frame["role"].isin([str(role) for role in ROLE_WORDS])]
    names = frame[["lesion", "part", "covers"]].itertuples(index=False, name=None)
    return frame.assign(
        state=frame["state"].astype(object).where(frame["state"] != "", str(LesionState.MEASURED)),
        link=[
            mass_name(part_name(lesion, part), covers) if covers else part_name(lesion, part)
            for lesion, part, covers in names
        ],
        method=_methods(frame),
        treatment=_treatments(frame),
    )


def _methods(frame: pd.DataFrame) -> pd.Series:
    """Give the method of each row; of a new lesion that was seen twice at a time point no method is CT."""
    is_twice = frame.duplicated([*LESION, "timepoint"], keep=False) & (frame["role"] == str(LesionRole.NEW))
    known = frame["modality"].astype(object)
    return known.where(~(is_twice & (known == "")), MODALITY_MEANT).map(METHOD_TERMS).fillna("")


def _treatments(frame: pd.DataFrame) -> pd.Series:
    """Give the treatment of a lesion on every row from the day of the first row that names one on.

    A new lesion that is treated stays the sign of progression that it is, so it has none.
    """
    named = frame[(frame["treated"] != "") & (frame["role"] != str(LesionRole.NEW))].sort_values("date", kind="stable")
    first = named.drop_duplicates(LESION)[[*LESION, "date", "treated"]]
    found = frame[[*LESION, "date"]].merge(first, on=LESION, how="left", suffixes=("", "_treated"))
    is_after = found["date"] >= found["date_treated"]
    words = found["treated"].map(TREATMENT_WORDS).where(is_after).fillna("")
    return pd.Series(words.to_numpy(dtype=object), index=frame.index)


def not_exported(results: Results) -> dict[str, int]:
    """Count the rows that TU and TR have no place for, by role, and the filled cells, by column."""
    frame = results.lesions
    roles = frame[~frame["role"].isin([str(role) for role in ROLE_WORDS])]["role"].value_counts()
    counts = {f"rows of role {role}": int(number) for role, number in roles.items()}
    for name in WITHOUT_A_PLACE:
        if name in frame:
            filled = frame[name].notna() & (frame[name].astype(object) != "")
            counts |= {f"values of {name}": int(filled.sum())} if filled.any() else {}
    return counts
