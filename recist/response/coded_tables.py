"""The tables of coded lesions and visits as columns, with the patients numbered from 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from recist.problems import Problem, require_no_errors
from recist.response.arrays import DENSE_FACTOR, NOWHERE, SMALL
from recist.response.kernel.packed import LesionColumns, VisitColumns

if TYPE_CHECKING:
    from recist.response.arrays import Ints

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


def number_patients(visits: pd.Series, lesions: pd.Series) -> tuple[Ints, Ints, np.ndarray]:
    """Give the patients of both tables numbers from 0.

    Parameters
    ----------
    visits, lesions : pandas.Series
        The patient of each row, numbers or text.

    Returns
    -------
    in_visits, in_lesions : numpy.ndarray
        The number of each row's patient, in `lesions` NOWHERE for one without visits.
    patients : numpy.ndarray
        The patients: ascending if they are numbers, by first appearance in `visits` if they are text.
    """
    if visits.dtype.kind in "iu" and lesions.dtype.kind in "iu":
        return _number_numbers(visits.to_numpy(), lesions.to_numpy())
    codes, patients = pd.factorize(pd.concat([visits, lesions], ignore_index=True))
    in_visits, in_lesions = codes[: len(visits)], codes[len(visits) :]
    n_known = int(in_visits.max(initial=NOWHERE)) + 1
    in_lesions = np.where(in_lesions < n_known, in_lesions, NOWHERE)
    return in_visits, in_lesions, np.asarray(patients[:n_known], dtype=object)


def _number_numbers(visits: Ints, lesions: Ints) -> tuple[Ints, Ints, np.ndarray]:
    size = int(visits.max(initial=-1)) + 1
    if len(visits) and visits.min() >= 0 and size <= DENSE_FACTOR * len(visits) + SMALL:
        is_patient = np.zeros(size, dtype=bool)
        is_patient[visits] = True
        if is_patient.all():
            return visits, lesions, np.arange(size)
    patients, in_visits = np.unique(visits, return_inverse=True)
    place = np.minimum(np.searchsorted(patients, lesions), max(len(patients) - 1, 0))
    is_known = patients[place] == lesions if len(patients) else np.zeros(len(lesions), dtype=bool)
    return in_visits, np.where(is_known, place, NOWHERE), patients
