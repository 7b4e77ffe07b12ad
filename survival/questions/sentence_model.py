"""The rows of a Cox model asked in a sentence: who enters when, who is left out, and where time is cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import UsageError
from survival.questions.columns import ask_column
from survival.questions.history import PLACE, SMALLEST_SPAN_DAYS, cut_rows, enter_rows
from survival.questions.knowledge import Knowledge, say_trusted
from survival.questions.quantity import is_given
from survival.questions.refusal import refuse_later_term
from survival.questions.terms import say_remedies, take_term
from survival.questions.words import decapitalised
from survival.words.wording import say_counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from survival.questions.survival_time import SurvivalTime
    from survival.questions.terms import Asked, Term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SentenceModel:
    """A model ready to be fitted.

    Attributes
    ----------
    start_days : ndarray or None
        None where everybody is observed from the origin in one row.
    stop_days, event : ndarray
    columns : pandas.DataFrame
    strata : ndarray or None
    n_patients : int
        Fewer than rows where a switch cuts them.
    messages : tuple of str
    """

    start_days: NDArray[np.float64] | None
    stop_days: NDArray[np.float64]
    event: NDArray[np.int64]
    columns: pd.DataFrame
    strata: NDArray[np.object_] | None
    n_patients: int
    messages: tuple[str, ...]


def lay_out_model(time: SurvivalTime, asked: Sequence[Asked], strata: Sequence[str]) -> SentenceModel:
    """Lay out rows and columns of a model.

    Raises
    ------
    UsageError
        If no covariate is given, two have one name, or one was known only afterwards.
    """
    if isinstance(asked, str) or not asked:
        raise UsageError('Give the covariates as a list: cox(os, [imaging.progressed, "age"]).')
    terms = [take_term(time, each) for each in asked]
    names = [term.name for term in terms]
    if len(set(names)) < len(names):
        raise UsageError(f"A covariate is given twice: {', '.join(names)}.")
    layers = _take_strata(time, strata)
    entry, complete, messages = _find_entry(time, terms, layers)
    kept = np.flatnonzero(complete)
    if not len(kept):
        raise UsageError(
            "No patient has all covariates and is observed after they were known; give fewer. " + messages[0]
        )
    rows = _cut(time, terms, kept, entry)
    columns = {term.name: _column(term, rows, kept) for term in terms}
    is_simple = not rows["start_days"].gt(0).any()
    return SentenceModel(
        start_days=None if is_simple else rows["start_days"].to_numpy(dtype="float64"),
        stop_days=rows["stop_days"].to_numpy(dtype="float64"),
        event=rows["event"].to_numpy(dtype="int64"),
        columns=pd.DataFrame(columns),
        strata=None if layers is None else layers[kept][rows[PLACE].to_numpy()],
        n_patients=len(kept),
        messages=(*messages, *_say_rows(terms, rows, kept), *_say_trust(time, asked, strata)),
    )


def _say_trust(time: SurvivalTime, asked: Sequence[Asked], strata: Sequence[str]) -> tuple[str, ...]:
    """Say which covariates and strata stand as known on the index date on the study's word alone."""
    named = [ask_column(time.cohort, each) if isinstance(each, str) else each for each in (*asked, *strata)]
    return say_trusted(tuple(dict.fromkeys(name for each in named for name in each.trusted)))


def _column(term: Term, rows: pd.DataFrame, kept: NDArray[np.int64]) -> pd.Series:
    """Give a covariate row by row; a category keeps the order of its levels, the reference first."""
    if term.switch_days is not None:
        return pd.Series(rows[term.name])
    return pd.Series(term.given.iloc[kept[rows[PLACE].to_numpy()]]).reset_index(drop=True)


def _take_strata(time: SurvivalTime, names: Sequence[str]) -> NDArray[np.object_] | None:
    if not names:
        return None
    found = [ask_column(time.cohort, name) for name in names]
    for each in found:
        if each.knowledge is not Knowledge.AT_INDEX:
            raise refuse_later_term(each.code, say_remedies(time, each), role="a stratum")
    known = np.all([is_given(each.told).to_numpy() for each in found], axis=0)
    labels = [", ".join(str(value) for value in row) for row in zip(*(each.told for each in found), strict=True)]
    layers: NDArray[np.object_] = np.array(labels, dtype=object)
    layers[~known] = None
    return layers


def _find_entry(
    time: SurvivalTime, terms: Sequence[Term], layers: NDArray[np.object_] | None
) -> tuple[NDArray[np.float64], NDArray[np.bool_], tuple[str, ...]]:
    """Find from which day each patient is observed, who is complete, and who is left out for want of what."""
    known, reasons = time.is_known, list(time.left_out)
    complete = known.copy()
    for term in terms:
        missing = term.given.isna().to_numpy()
        reasons.append((f"{decapitalised(term.name)} not known", int((known & missing).sum())))
        complete &= ~missing
    if layers is not None:
        missing = pd.isna(layers)
        reasons.append(("stratum not known", int((known & missing).sum())))
        complete &= ~missing
    days = [term.own_days + time.start_days for term in terms if term.own_days is not None]
    entry = np.maximum.reduce([time.start_days, *days])
    stop = np.where(time.days == 0, SMALLEST_SPAN_DAYS, time.days)
    early = complete & ~(entry < stop)
    reasons.append(("left by the day all were known", int(early.sum())))
    complete &= ~early
    out, given = time.cohort.n - int(complete.sum()), [f"{reason} {n}" for reason, n in reasons if n]
    words = f"{out} of {say_counted(time.cohort.n, 'patient')} left out: {', '.join(given)}."
    return entry, complete, (words,) if out else ("Nobody is left out.",)


def _cut(
    time: SurvivalTime, terms: Sequence[Term], kept: NDArray[np.int64], entry: NDArray[np.float64]
) -> pd.DataFrame:
    """Cut the time of the patients kept at every switch, from their entry on."""
    days = time.days[kept]
    rows = pd.DataFrame(
        {
            PLACE: np.arange(len(kept)),
            "start_days": 0.0,
            "stop_days": np.where(days == 0, SMALLEST_SPAN_DAYS, days),
            "event": time.event[kept],
        }
    )
    for term in terms:
        if term.switch_days is not None:
            rows = cut_rows(rows, (term.switch_days + time.start_days)[kept], term.name)
    return enter_rows(rows, entry[kept])


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _say_rows(terms: Sequence[Term], rows: pd.DataFrame, kept: NDArray[np.int64]) -> tuple[str, ...]:
    """Say how the model keeps the future out."""
    own = [decapitalised(term.name) for term in terms if term.own_days is not None]
    switches = [decapitalised(term.name) for term in terms if term.switch_days is not None]
    said = []
    if own:
        said.append(
            f"Each patient is observed from the day on which {_listed(own)} "
            f"{'was' if len(own) == 1 else 'were all'} known (delayed entry)."
        )
    if switches:
        said.append(
            f"Time-dependent: {', '.join(switches)}; {len(rows)} start-stop rows of "
            f"{say_counted(len(kept), 'patient')}."
        )
    return tuple(said)
