"""Whether tables and images speak of the same patients: counted, never named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.deidentify.tables import ColumnAction, known_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from recist.deidentify.folder import Outcome


def say_overlap(
    outcomes: Sequence[Outcome],
    tables: Mapping[str, pd.DataFrame],
    columns: Mapping[str, ColumnAction] | None = None,
    issuer: str = "",
) -> tuple[str, ...]:
    """Say how many patients are in the images alone, or in the tables alone.

    Parameters
    ----------
    outcomes : sequence of Outcome
        Of the files; empty where there were none to clean, and then nothing is said.
    tables : mapping
        Cleaned tables by file name.
    columns : mapping, optional
        What the study says of its own columns.
    issuer : str
        As the tables were cleaned with.
    """
    actions = {**known_columns(), **(columns or {})}
    in_images = {outcome.result.split("/")[0] for outcome in outcomes if outcome.result}
    in_tables = {
        str(cell)
        for table in tables.values()
        for name in table.columns
        if actions[name] is ColumnAction.SUBJECT
        for cell in table[name]
    }
    if not in_images or not in_tables:
        return ()
    n_images, n_tables = len(in_images - in_tables), len(in_tables - in_images)
    found = []
    if n_images:
        found.append(f"patients with images who are in no table: {n_images} of {len(in_images)}")
    if n_tables:
        found.append(f"subjects of tables of whom no image was written: {n_tables} of {len(in_tables)}")
    if not in_images & in_tables:
        found.append(
            "no subject of the tables is a patient of the images: an id must be spelled as PatientID"
            + ("" if issuer else "; where the images name its issuer (IssuerOfPatientID), give that with --issuer")
        )
    return tuple(found)
