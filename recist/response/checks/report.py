"""Where faults are: from places in the arrays back to the file, the row and the subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.columns import cell_text
from recist.problems import Problem
from recist.response.checks.table import severity_of
from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from recist.problems import Severity
    from recist.response.arrays import Ints
    from recist.response.history import History

LESION = "{lesion}"  # in a message: the name of the row's lesion


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Makes problems that name their place.

    Attributes
    ----------
    file : str
        What the user calls the table.
    frame : pandas.DataFrame
        The checked table that was encoded, row by row.
    history : History
    """

    file: str
    frame: pd.DataFrame
    history: History

    def problems(
        self,
        rows: Ints | Sequence[int],
        code: str,
        *,
        field: str,
        message: str | Sequence[str],
        found: str | Sequence[str] = "",
        expected: str | Sequence[str] = "",
        severity: Severity | None = None,
    ) -> Iterator[Problem]:
        """Report rows.

        Parameters
        ----------
        rows : sequence of int
            Positions in the frame, shape (n,).
        code : str
            A check of the table; it has the severity too, unless there is a choice.
        field : str
            The column that is wrong.
        message, found, expected : str or sequence of str
            One for all rows or one for each; ``{lesion}`` in a message is the name of the lesion, and what was found
            is by default what stands in the field.
        severity : Severity, optional
        """
        rows = np.asarray(rows, dtype=np.int64)
        if not len(rows):
            return
        severity = severity_of(code, severity)
        lesion = self.history.rows.lesion[rows]
        columns = zip(
            (self.history.rows.line[rows] + FIRST_DATA_ROW).tolist(),
            self.history.subject[self.history.lesions.series[lesion]],
            self.history.lesions.name[lesion],
            _for_each(message, len(rows)),
            _for_each(found, len(rows)) if found else self.cells(rows, field),
            _for_each(expected, len(rows)),
            strict=True,
        )
        for line, subject, name, sentence, value, right in columns:
            yield Problem(
                file=self.file,
                row=line,
                subject=str(subject),
                field=field,
                severity=severity,
                code=code,
                found=value,
                expected=right,
                message=sentence.replace(LESION, str(name)),
            )

    def cells(self, rows: Ints, field: str) -> list[str]:
        """Give what stands in the cells of a column, as text."""
        if not len(rows):
            return []
        return [cell_text(value) for value in self.frame[field].iloc[rows].astype(object)]


def _for_each(texts: str | Sequence[str], number: int) -> Sequence[str]:
    return [texts] * number if isinstance(texts, str) else texts
