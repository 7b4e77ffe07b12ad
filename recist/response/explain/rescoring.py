"""Scoring one series again from its lesions: with other options, or only as far as a visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recist.columns import cell_text
from recist.errors import RecistError
from recist.response.contributions import GIVEN_NOTE, MADE_COLUMNS
from recist.response.engine import score

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from recist.response.explain.evidence import Evidence, Row, Tables
    from recist.response.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """The tables of one series, scored again; every cell as text.

    Attributes
    ----------
    responses : dict of str to dict
        The row of each time point.
    best : dict of str to str
    """

    responses: dict[str, Row]
    best: Row


def rescore(
    evidence: Evidence, tables: Tables, options: Options, timepoints: Collection[str] | None = None
) -> Rescored | None:
    """Score a series again; None where the data are refused under these options.

    Parameters
    ----------
    evidence : Evidence
        Says which series, and by which criteria.
    tables : Tables
    options : Options
    timepoints : collection of str, optional
        Only these; all by default.
    """
    lesions = tables.lesions
    is_meant = (lesions["subject"] == evidence.subject) & (lesions["reader"] == evidence.reader)
    if timepoints is not None:
        is_meant &= lesions["timepoint"].isin(list(timepoints))
    rows = lesions[is_meant].drop(columns=[*MADE_COLUMNS, GIVEN_NOTE], errors="ignore")
    people = tables.subjects
    if people is not None:
        people = people[people["subject"] == evidence.subject]
    try:
        scored = score(
            rows,
            subjects=people if people is not None and len(people) else None,
            criteria=evidence.criteria,
            options=options,
        )
    except RecistError:
        return None
    return Rescored(
        responses={row["timepoint"]: row for row in _rows(scored.responses)},
        best=next(iter(_rows(scored.best_responses)), {}),
    )


def _rows(frame: pd.DataFrame) -> list[Row]:
    return [{str(name): cell_text(value) for name, value in record.items()} for record in frame.to_dict("records")]
