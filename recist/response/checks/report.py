"""Where faults are: from places in the arrays back to the file, the row and the subject."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, SupportsInt

from recist.columns import cell_text
from recist.problems import Problem, Severity
from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    import pandas as pd

    from recist.response.history import History


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

    def error(
        self, row: SupportsInt, *, field: str, code: str, message: str, found: str = "", expected: str = ""
    ) -> Problem:
        """Report a row that stops the work."""
        place = int(row)
        series = self.history.lesions.series[self.history.rows.lesion[place]]
        return Problem(
            file=self.file,
            row=int(self.history.rows.line[place]) + FIRST_DATA_ROW,
            subject=str(self.history.subject[series]),
            field=field,
            code=code,
            found=found or self.cell(place, field),
            expected=expected,
            message=message,
        )

    def warning(
        self, row: SupportsInt, *, field: str, code: str, message: str, found: str = "", expected: str = ""
    ) -> Problem:
        """Report a row that should be looked at."""
        problem = self.error(row, field=field, code=code, message=message, found=found, expected=expected)
        return replace(problem, severity=Severity.WARNING)

    def cell(self, row: SupportsInt, field: str) -> str:
        """Give what stands in a cell, as text."""
        return cell_text(self.frame[field].iloc[int(row)])

    def lesion(self, row: SupportsInt) -> str:
        """Name the lesion of a row."""
        return str(self.history.lesions.name[self.history.rows.lesion[int(row)]])
