"""Start, death and last contact of every subject, by DM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recist.cdisc.findings import day_of
from recist.cdisc.terms import YES, normal
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from recist.cdisc.ledger import Ledger

COLUMNS = ("subject", "start_date", "death_date", "last_contact_date")


def read_subjects(ledger: Ledger, measured: set[str]) -> tuple[pd.DataFrame, list[Problem]]:
    """Read DM: the reference start date, or else the first exposure, is the start.

    Parameters
    ----------
    ledger : Ledger
    measured : set of str
        Subjects with results; the others have nothing to score.
    """
    names = ("USUBJID", "RFSTDTC", "RFXSTDTC", "DTHDTC", "DTHFL", "RFPENDTC")
    columns = {name: ledger.source.column(name) for name in names}
    rows, problems, seen = [], [], set()
    for place, subject in enumerate(columns["USUBJID"]):
        cells = {name: day_of(values[place]) for name, values in columns.items()}
        if subject not in measured:
            ledger.pass_over(place, "the subject has no results in TR")
            continue
        if subject in seen:
            ledger.pass_over(place, "the subject has an earlier record")
            problems.append(_problem(ledger, place, subject, "USUBJID", "this subject has two records; keep one"))
            continue
        seen.add(subject)
        ledger.use(place)
        rows.append((subject, cells["RFSTDTC"] or cells["RFXSTDTC"], cells["DTHDTC"], cells["RFPENDTC"]))
        if normal(cells["DTHFL"]) == YES and not cells["DTHDTC"]:
            message = "this subject died on a date that is not given; the death is not used"
            problems.append(_problem(ledger, place, subject, "DTHDTC", message, is_warning=True))
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object), problems


def _problem(
    ledger: Ledger, place: int, subject: str, field: str, message: str, *, is_warning: bool = False
) -> Problem:
    return Problem(
        code="wrong_subject",
        file=ledger.source.file,
        row=place + ledger.source.first_row,
        subject=subject,
        field=field,
        message=message,
        severity=Severity.WARNING if is_warning else Severity.ERROR,
    )
