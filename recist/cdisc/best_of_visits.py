"""Best responses of overall responses that are taken as they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from recist.criteria import RECIST_1_1, OverallResponse
from recist.errors import DataError
from recist.response.choices import PostCR, Start
from recist.response.visits import best

if TYPE_CHECKING:
    from recist.response import Scored

DAY = pd.Timedelta(days=1)
WORDS = frozenset(map(str, OverallResponse)) - {"NONE"}

Series = tuple[str, str]  # subject, reader


def best_of_visits(visits: pd.DataFrame, scored: Scored) -> dict[Series, str]:
    """Find the best response of each series by its overall responses.

    Parameters
    ----------
    visits : pandas.DataFrame
        subject, reader, timepoint, date and overall_response. A series with a word that is no overall response has no
        best response.
    scored : Scored
        Gives the options, the start of each series and the dates of its subject.
    """
    keys = ["subject", "reader"]
    is_known = visits["overall_response"].isin(WORDS)
    unknown = {(str(one), str(other)) for one, other in visits.loc[~is_known, keys].itertuples(index=False, name=None)}
    starts = _starts(scored)
    found = list(zip(visits["subject"].astype(str), visits["reader"].astype(str), strict=True))
    numbers = {series: f"{place}" for place, series in enumerate(dict.fromkeys(found))}
    numbers = {series: number for series, number in numbers.items() if series not in unknown and series in starts}
    if not numbers:
        return {}
    rows = visits.assign(series=[numbers.get(series, "") for series in found])
    rows = rows[rows["series"] != ""]
    table = pd.DataFrame(
        {"subject": rows["series"], "date": rows["date"], "overall_response": rows["overall_response"]}
    )
    options = replace(scored.options, post_cr=PostCR.AS_IS, start=Start.START_DATE)
    try:
        result = best(table, subjects=_people(numbers, starts, scored), criteria=RECIST_1_1, options=options)
    except DataError:
        return {}
    words = dict(zip(result.best_responses["subject"], result.best_responses["best_response"], strict=True))
    return {series: str(words[number]) for series, number in numbers.items() if number in words}


def _starts(scored: Scored) -> dict[Series, pd.Timestamp]:
    """Give the day from which each series counts: the first day of its survival without progression."""
    columns = ["subject", "reader", "pfs_date", "pfs_days"]
    known = scored.best_responses[columns].dropna(subset=["pfs_date", "pfs_days"])
    return {
        (str(subject), str(reader)): end - (int(days) - 1) * DAY
        for subject, reader, end, days in known.itertuples(index=False, name=None)
    }


def _people(numbers: dict[Series, str], starts: dict[Series, pd.Timestamp], scored: Scored) -> pd.DataFrame:
    """Make each series a subject of its own, with the dates of its subject."""
    table = pd.DataFrame({"subject": list(numbers.values()), "name": [subject for subject, _ in numbers]})
    if scored.subjects is not None:
        dates = scored.subjects.rename(columns={"subject": "name"}).drop(columns="start_date")
        dates = dates[["name", *(column for column in dates if str(column).endswith("_date"))]]
        table = table.merge(dates.astype({"name": object}), on="name", how="left")
    return table.drop(columns="name").assign(start_date=[starts[series] for series in numbers])
