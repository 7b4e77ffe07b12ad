"""The tables of coded lesions and visits as columns, with the patients numbered from 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recist.problems import Problem, require_no_errors
from recist.response.kernel.packed import LesionColumns, VisitColumns
from recist.response.patient_names import number_patients

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

LESION_COLUMNS, VISIT_COLUMNS = LesionColumns._fields, VisitColumns._fields


class CodedTables(NamedTuple):
    """Columns by number; a patient that `visits` does not know is NOWHERE in `lesions`.

    Attributes
    ----------
    lesions, visits
        Columns of the two tables.
    patients : numpy.ndarray
        The patients as they were given, by number.
    """

    lesions: LesionColumns
    visits: VisitColumns
    patients: np.ndarray


def read_coded_tables(lesions: pd.DataFrame, visits: pd.DataFrame) -> CodedTables:
    """Take the columns out of both tables.

    Raises
    ------
    recist.errors.DataError
        When a column is missing or does not hold numbers.
    """
    problems = [
        problem
        for name, table, columns in (("lesions", lesions, LESION_COLUMNS), ("visits", visits, VISIT_COLUMNS))
        for problem in _check_columns(name, table, columns)
    ]
    require_no_errors(problems)
    in_visits, in_lesions, patients = number_patients(visits["patient"], lesions["patient"])
    return CodedTables(
        lesions=LesionColumns(in_lesions, *(lesions[name].to_numpy() for name in LESION_COLUMNS[1:])),
        visits=VisitColumns(in_visits, *(visits[name].to_numpy() for name in VISIT_COLUMNS[1:])),
        patients=patients,
    )


def _check_columns(file: str, table: pd.DataFrame, columns: tuple[str, ...]) -> list[Problem]:
    """Find columns that are missing, and columns other than the patient's that hold no numbers of the right kind."""
    kinds = {"diam": "f", "node": "b", "new": "biu"}
    problems = []
    for name in columns:
        if name not in table.columns:
            message = f"the table has no column {name}; it needs {', '.join(columns)}"
            problems.append(Problem(file=file, field=name, code="missing_column", message=message))
        elif name != "patient" and getattr(table[name].dtype, "kind", "O") not in kinds.get(name, "iu"):
            expected = {"f": "floating point", "b": "true and false"}.get(kinds.get(name, ""), "whole numbers")
            message = "this column holds something else than it must, or cells without a value"
            found = str(table[name].dtype)
            problems.append(
                Problem(file=file, field=name, code="wrong_kind", found=found, expected=expected, message=message)
            )
    return problems
