"""Responses from lesions already held as numbers: no table of text, no checks of reading, the same rules.

The tables are cut into chunks of patients that fit the processor's cache; the chunks go through the loops that also
score measurements, on several threads. Rows in the order of the patients are read where they lie.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria.criteria import AttenuationRule
from recist.errors import UsageError
from recist.problems import require_no_errors
from recist.response.arguments import find_criteria, require_tables
from recist.response.coded_chunk import Chunk, Scorer, prepare_scorer
from recist.response.coded_faults import list_coded_faults
from recist.response.coded_rows import lay_rows
from recist.response.coded_tables import CodedTables, read_coded_tables
from recist.response.kernel.packed import CHUNK
from recist.response.options import Options, parse_options

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from recist.criteria import Criteria
    from recist.response.arrays import Codes
    from recist.response.coded_rows import DealtRows, Map, OrderedRows

LEAST_ROWS_A_THREAD = 200_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CodedResponses:
    """Responses as numbers.

    0 is CR, 1 PR, 2 SD, 3 NON-CR/NON-PD, 4 NED, 5 PD, 6 NE, 7 ND, and of best responses 8 MISSING.

    Attributes
    ----------
    overall : numpy.ndarray
        Response at every visit but the baselines, in the order of patient and visit number; int8.
    best, confirmed_best : numpy.ndarray
        Best response of every patient, without and with confirmation; int8, shape (n_patients,).
    patients : numpy.ndarray
        The patients in this order: ascending if they are numbers, by first appearance in `visits` if they are text.
    """

    overall: Codes
    best: Codes
    confirmed_best: Codes
    patients: np.ndarray


def score_coded(
    lesions: pd.DataFrame,
    visits: pd.DataFrame,
    *,
    criteria: str | Path | Criteria = "recist-1.1",
    options: Options | Mapping[str, object] | None = None,
    threads: int = 0,
) -> CodedResponses:
    """Score millions of lesions held as numbers.

    Rows may come in any order. Days count from the start of the treatment, which is day 0.

    Parameters
    ----------
    lesions : pandas.DataFrame
        One row for each target lesion at each visit: ``patient`` (number or text), ``visit`` (0 is the baseline),
        ``lesion`` (number of the lesion, 0 to 127), ``node`` (whether it is a lymph node), ``diam`` (mm; NaN where it
        was not evaluated; long axis, or short axis of a node). ``diam`` is of floating point numbers, also where all
        are whole; ``node`` is of true and false.
    visits : pandas.DataFrame
        One row for each visit: ``patient``, ``visit`` (0 to 4095), ``day``, ``nt`` (non-target response: 0 CR,
        1 NON-CR/NON-PD, 2 PD, 3 NE, 4 no non-target lesions) and ``new`` (whether an unequivocal new lesion is seen).
    criteria : str, pathlib.Path or Criteria
        By name, or the TOML file of a protocol.
    options : Options or mapping, optional
    threads : int
        How many; 0 takes as many as there are processors, and one for a small table.

    Returns
    -------
    CodedResponses
        Responses are 0 CR, 1 PR, 2 SD, 3 NON-CR/NON-PD, 4 NED, 5 PD, 6 NE, 7 ND; a best response may be 8 MISSING.

    Raises
    ------
    recist.errors.DataError
        With every fault of the tables at once.
    recist.errors.UsageError
        For unknown options, and for criteria that need more than these columns.
    """
    require_tables(lesions=lesions, visits=visits)
    rules = find_criteria(criteria)
    if rules.attenuation_rule is not AttenuationRule.NONE or rules.immune is not None:
        raise UsageError(f"{rules.title} needs more than sizes as numbers; use recist.score")
    choices = options if isinstance(options, Options) else parse_options(options or {}, rules)
    tables = read_coded_tables(lesions, visits)
    n_rows = len(tables.lesions.patient)
    n_threads = threads or min(os.cpu_count() or 1, 1 + n_rows // LEAST_ROWS_A_THREAD)
    try:
        if n_threads == 1:
            return _score(tables, prepare_scorer(rules, choices), (1, map))
        with ThreadPoolExecutor(n_threads) as pool:
            return _score(tables, prepare_scorer(rules, choices), (n_threads, pool.map))
    except _FaultyError:
        require_no_errors(list_coded_faults(tables))
        raise AssertionError("a fault was counted that no check finds") from None


class _FaultyError(Exception):
    """Something in the tables is wrong; what it is, the checks find out."""


def _score(tables: CodedTables, scorer: Scorer, how: tuple[int, Map]) -> CodedResponses:
    n_patients = len(tables.patients)
    found = CodedResponses(
        overall=np.empty(max(len(tables.visits.patient) - n_patients, 0), dtype=np.int8),
        best=np.empty(n_patients, dtype=np.int8),
        confirmed_best=np.empty(n_patients, dtype=np.int8),
        patients=tables.patients,
    )
    rows = lay_rows(tables, scorer.size_step, how)
    if rows is None or _score_rows(rows, scorer, found, how[1]):
        raise _FaultyError
    return found


def _score_rows(rows: OrderedRows | DealtRows, scorer: Scorer, found: CodedResponses, run: Map) -> int:
    """Score all chunks; return how many faults were met."""
    first_patient = np.minimum(np.arange(len(rows.first_visit)) * CHUNK, len(found.patients)).tolist()
    first_follow_up = (np.array(rows.first_visit) - first_patient).tolist()

    def score_chunk(number: int) -> int:
        patients = slice(first_patient[number], first_patient[number + 1])
        lesions, visits, n_faults = rows.of_chunk(number)
        return n_faults or scorer.score(
            Chunk(
                lesions=lesions,
                visits=visits,
                overall=found.overall[first_follow_up[number] : first_follow_up[number + 1]],
                best=found.best[patients],
                confirmed_best=found.confirmed_best[patients],
            )
        )

    return sum(run(score_chunk, range(len(rows.first_visit) - 1)))
