"""What is wrong with coded tables: looked for only when the loops have met a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.problems import Problem
from recist.response.arrays import NOWHERE
from recist.response.kernel.exact import MAX_SIZE_MM
from recist.response.kernel.packed import DAY_ZERO, MAX_LESION, MAX_NON_TARGET, MAX_VISIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.response.arrays import Bools
    from recist.response.coded_tables import CodedTables

MOST_SHOWN = 20
LESIONS, VISITS = "lesions", "visits"


def list_coded_faults(tables: CodedTables) -> list[Problem]:
    """List the faults of both tables; of each kind the first rows, by their position from 0, and how many there are."""
    lesions, visits = pd.DataFrame(tables.lesions._asdict()), pd.DataFrame(tables.visits._asdict())
    problems = [*_check_numbers(lesions, visits), *_check_patients(lesions, visits, len(tables.patients))]
    if not problems:
        problems += [*_check_visits(visits)]
    if not problems:
        problems += [*_check_lesions(lesions, visits)]
    return problems


def _faults(file: str, field: str, where: Bools | pd.Series, code: str, message: str) -> Iterator[Problem]:
    rows = np.flatnonzero(where)
    for row in rows[:MOST_SHOWN]:
        yield Problem(file=file, field=field, code=code, message=f"{message} (position {row} from 0)")
    if len(rows) > MOST_SHOWN:
        more = f"{len(rows) - MOST_SHOWN} more rows have this fault"
        yield Problem(file=file, field=field, code=code, message=more)


def _check_numbers(lesions: pd.DataFrame, visits: pd.DataFrame) -> Iterator[Problem]:
    """Find numbers out of range."""

    def outside(values: pd.Series, most: int) -> pd.Series:
        return (values < 0) | (values > most)

    for file, table in ((LESIONS, lesions), (VISITS, visits)):
        message = f"a visit number must be 0 to {MAX_VISIT}"
        yield from _faults(file, "visit", outside(table["visit"], MAX_VISIT), "number_out_of_range", message)
    message = f"a lesion number must be 0 to {MAX_LESION}"
    yield from _faults(LESIONS, "lesion", outside(lesions["lesion"], MAX_LESION), "number_out_of_range", message)
    size = lesions["diam"]
    wrong_size = ~((size >= 0) & (size < MAX_SIZE_MM)) & size.notna()
    yield from _faults(LESIONS, "diam", wrong_size, "number_out_of_range", "a size must be 0 mm or more and finite")
    message = f"a non-target response must be 0 to {MAX_NON_TARGET}"
    yield from _faults(VISITS, "nt", outside(visits["nt"], MAX_NON_TARGET), "number_out_of_range", message)
    yield from _faults(VISITS, "new", outside(visits["new"], 1), "number_out_of_range", "new must be 0 or 1")
    too_far = (visits["day"] < -DAY_ZERO) | (visits["day"] >= DAY_ZERO)
    yield from _faults(VISITS, "day", too_far, "number_out_of_range", "days must be counted from the start")


def _check_patients(lesions: pd.DataFrame, visits: pd.DataFrame, n_patients: int) -> Iterator[Problem]:
    """Find rows without a patient, and patients of lesions that have no visits."""
    unknown = (lesions["patient"] < 0) | (lesions["patient"] >= n_patients)
    message = "this patient has no visits; add them to the table of visits"
    yield from _faults(LESIONS, "patient", unknown, "unknown_patient", message)
    is_nobody = visits["patient"] == NOWHERE
    yield from _faults(VISITS, "patient", is_nobody, "unknown_patient", "this visit has no patient")


def _check_visits(visits: pd.DataFrame) -> Iterator[Problem]:
    """Find visits given twice, patients without a baseline, days out of order, and new lesions at baseline."""
    twice = visits.duplicated(["patient", "visit"])
    yield from _faults(VISITS, "visit", twice, "duplicate_row", "this visit has a row already; keep one")
    has_baseline = visits["patient"].isin(visits.loc[visits["visit"] == 0, "patient"])
    message = "this patient has no visit 0; the baseline is needed"
    yield from _faults(VISITS, "visit", ~has_baseline & ~visits.duplicated("patient"), "no_baseline", message)
    in_order = visits.sort_values(["patient", "visit"], kind="stable")
    early = (in_order.groupby("patient")["day"].diff() <= 0).sort_index()
    message = "this visit is not later than the one before it; visits are numbered in the order of time"
    yield from _faults(VISITS, "day", early, "wrong_order", message)
    at_baseline = (visits["visit"] == 0) & (visits["new"] != 0)
    yield from _faults(VISITS, "new", at_baseline, "new_at_baseline", "no lesion is new at baseline")


def _check_lesions(lesions: pd.DataFrame, visits: pd.DataFrame) -> Iterator[Problem]:
    """Find lesions at unknown visits, given twice, unknown at baseline, or of changing kind."""
    known = pd.MultiIndex.from_frame(visits[["patient", "visit"]])
    unknown = ~pd.MultiIndex.from_frame(lesions[["patient", "visit"]]).isin(known)
    message = "this visit is not in the table of visits; add it there"
    yield from _faults(LESIONS, "visit", unknown, "unknown_visit", message)
    twice = lesions.duplicated(["patient", "visit", "lesion"])
    yield from _faults(LESIONS, "lesion", twice, "duplicate_row", "this lesion has a row for this visit; keep one")
    baseline = lesions[lesions["visit"] == 0].drop_duplicates(["patient", "lesion"])
    kind = lesions[["patient", "lesion", "node"]].merge(
        baseline[["patient", "lesion", "node"]], on=["patient", "lesion"], how="left", suffixes=("", "_baseline")
    )
    is_new = kind["node_baseline"].isna()
    message = "this target lesion has no row at baseline"
    yield from _faults(LESIONS, "lesion", is_new, "target_without_baseline", message)
    changes = ~is_new & (kind["node"] != kind["node_baseline"])
    yield from _faults(LESIONS, "node", changes, "nodal_changes", "nodes stay nodes; correct the flag")
