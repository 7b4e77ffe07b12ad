"""What each lesion gave to the sum of its visit: the table ``lesions``, made only when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.criteria import Finding, LesionRole, LesionState
from recist.criteria.criteria import HUNDREDTHS_PER_MM
from recist.response.arrays import NOWHERE, compress, count_by, least_by
from recist.response.encode import LAST_DAY
from recist.response.history import number_of
from recist.response.merges import SEPARATOR
from recist.response.quantise import NO_SIZE
from recist.response.reasons import join_reasons
from recist.tables import MEASUREMENTS

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Ints, Texts
    from recist.response.history import History

FIRST_COLUMNS = (
    *("subject", "reader", "timepoint", "date", "lesion", "part", "role", "site", "nodal", "state"),
    *("diameter_mm", "counted_mm", "covers", "covered_by", "note"),
)
MADE_COLUMNS = ("counted_mm", "covered_by", "note")  # what the table has beyond the measurements
GIVEN_NOTE = "note_as_given"  # a column ``note`` of the table given


class Note(StrEnum):
    """What should be known about the value of one row; listed in this order."""

    DEFAULT_SIZE = "default_size"  # too small to measure: the default size counts
    FRAGMENT = "fragment"  # one of several parts of a split lesion
    MERGED = "merged"  # the value also covers other lesions
    COVERED = "covered"  # the value of another lesion stands for this one
    NOT_EVALUATED = "not_evaluated"
    TREATED = "treated"  # treated on its own during the study, at this visit or before


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contributions:
    """The scored rows, from which the table ``lesions`` can be made.

    Attributes
    ----------
    frame : pandas.DataFrame
        The checked table of measurements that was scored.
    history : History
        The same as arrays, row by row.
    criteria : Criteria
    """

    frame: pd.DataFrame
    history: History
    criteria: Criteria

    def table(self) -> pd.DataFrame:
        """Lay out every row as scored, baseline included, in the order given.

        Returns
        -------
        pandas.DataFrame
            The columns ``FIRST_COLUMNS``, the other columns of ``measurements``, then those of the table given.
            ``counted_mm`` is what went into the sum of the targets: 0 for a lesion that is absent, missing for one
            that was not evaluated and for every lesion that is no target. Words are categories.
        """
        frame, history = self.frame, self.history
        lesion, visit = history.rows.lesion, history.rows.visit
        made = {
            "reader": _named(history.reader, history.lesions.series[lesion], frame.index),
            "timepoint": _named(history.visits.label, visit, frame.index),
            "nodal": pd.Series(pd.array(history.lesions.is_nodal[lesion], dtype="boolean"), index=frame.index),
            "state": _states(frame["state"]),
            "counted_mm": pd.Series(_counted_mm(history), index=frame.index),
            "covered_by": _covered_by(history, frame.index),
            "note": _named(join_reasons(self._notes(), len(lesion)), slice(None), frame.index),
        }
        given = {GIVEN_NOTE if name == "note" else str(name): values for name, values in frame.items()}
        columns = given | made
        known = [name for name in MEASUREMENTS.column_names if name in columns and name not in FIRST_COLUMNS]
        others = [name for name in given if name not in FIRST_COLUMNS and name not in known]
        return pd.DataFrame({name: columns[name] for name in (*FIRST_COLUMNS, *known, *others)}, copy=False)

    def _notes(self) -> dict[Note, Bools]:
        rows = self.history.rows
        is_target = rows.role == number_of(LesionRole.TARGET)
        default = self.criteria.too_small_size.hundredths
        not_evaluated = rows.finding == number_of(Finding.NOT_EVALUATED)
        covers = np.zeros(len(rows.lesion), dtype=bool)
        covers[self.history.merges.row] = True
        return {
            Note.DEFAULT_SIZE: is_target & (rows.finding == number_of(Finding.TOO_SMALL)) & (rows.size == default),
            Note.FRAGMENT: _is_one_of_several(self.history),
            Note.MERGED: covers,
            Note.COVERED: np.isin(_places(self.history), _covered_places(self.history)),
            Note.NOT_EVALUATED: not_evaluated,
            Note.TREATED: _is_treated(self.frame, self.history),
        }


def _named(words: Texts, place: Ints | slice, index: pd.Index) -> pd.Series:
    """Give the word at each place as categories; an empty word is missing."""
    codes, found = pd.factorize(words)
    is_empty = np.array([word == "" for word in found], dtype=bool)
    codes = np.where(is_empty[codes], NOWHERE, codes) if is_empty.any() else codes
    made = pd.Categorical.from_codes(codes[place], categories=pd.Index(found, dtype=object))  # type: ignore[arg-type]  # the stubs ask for a list
    return pd.Series(made, index=index).cat.remove_unused_categories()


def _states(given: pd.Series) -> pd.Series:
    """Write out the state of rows that only give a size."""
    measured = str(LesionState.MEASURED)
    if not isinstance(given.dtype, pd.CategoricalDtype):
        return _named(np.array([measured], dtype=object), np.zeros(len(given), dtype=np.int64), given.index)
    known = given if measured in given.cat.categories else given.cat.add_categories(measured)
    return known.fillna(measured)


def _counted_mm(history: History) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    rows = history.rows
    counts = (rows.role == number_of(LesionRole.TARGET)) & (rows.size != NO_SIZE)
    return np.where(counts, rows.size / HUNDREDTHS_PER_MM, np.nan)


def _places(history: History) -> Ints:
    """Give each row the number of its lesion and visit."""
    return history.rows.visit * len(history.lesions.role) + history.rows.lesion


def _covered_places(history: History) -> Ints:
    merges = history.merges
    return history.rows.visit[merges.row] * len(history.lesions.role) + merges.lesion


def _covered_by(history: History, index: pd.Index) -> pd.Series:
    """Name, on the rows of a lesion, the lesions whose value stands for it."""
    names: dict[int, list[str]] = {}
    for place, row in zip(_covered_places(history).tolist(), history.merges.row.tolist(), strict=True):
        names.setdefault(place, []).append(str(history.lesions.name[history.rows.lesion[row]]))
    words = np.full(len(index), "", dtype=object)
    places = _places(history)
    for row in np.flatnonzero(np.isin(places, np.fromiter(names, dtype=np.int64))):
        words[row] = SEPARATOR.join(dict.fromkeys(names[int(places[row])]))
    return _named(words, slice(None), index)


def _is_one_of_several(history: History) -> Bools:
    """Say which rows share lesion and visit with another row: the parts of a split lesion."""
    n_places = history.courses.n_visits * len(history.lesions.role)
    keys, place = compress(_places(history), n_places)
    several: Bools = (count_by(place, np.ones(len(place), dtype=bool), len(keys)) > 1)[place]
    return several


def _is_treated(frame: pd.DataFrame, history: History) -> Bools:
    """Say which rows are of a lesion treated on its own, from the day of the row that first says so."""
    rows = history.rows
    if "treated" not in frame:
        return np.zeros(len(rows.lesion), dtype=bool)
    is_said = (frame["treated"].notna() & (frame["treated"] != "")).to_numpy(dtype=bool)
    first = least_by(rows.lesion, is_said, rows.day, len(history.lesions.role), otherwise=LAST_DAY)
    treated: Bools = rows.day >= first[rows.lesion]
    return treated
