"""Read SDTM: TU and TR, and optionally DM, into the interchange tables, with an account of every record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recist.cdisc.demographics import read_subjects
from recist.cdisc.evaluators import evaluator_pairs, reader_names
from recist.cdisc.findings import read_records
from recist.cdisc.identification import read_identities
from recist.cdisc.ledger import Ledger, Source, ledger_table
from recist.cdisc.measurements import assemble
from recist.cdisc.unmatched import add_lesions_without_results, match_records
from recist.cdisc.visits import call_baselines, find_baselines, name_visits, split_repeated
from recist.problems import Problem
from recist.tables import FIRST_DATA_ROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from recist.cdisc.evaluators import Pair
    from recist.cdisc.visits import Visits

REQUIRED = {
    "TU": ("USUBJID", "TULNKID", "TUTESTCD"),
    "TR": ("USUBJID", "TRLNKID", "TRTESTCD", "TRDTC"),
    "RS": ("USUBJID", "RSTESTCD", "RSSTRESC"),
    "DM": ("USUBJID",),
}
# what the columns of the measurements are called in TR and TU
FIELDS = {
    "subject": "USUBJID",
    "reader": "TREVALID",
    "timepoint": "VISIT",
    "date": "TRDTC",
    "lesion": "TRLNKID",
    "role": "TUSTRESC",
    "site": "TULOC",
    "nodal": "TULOC",
    "state": "TRSTRESC",
    "diameter_mm": "TRSTRESN",
    "long_axis_mm": "TRSTRESN",
    "short_axis_mm": "TRSTRESN",
    "covers": "TUGRPID",
    "part": "TULNKID",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What reading SDTM gives.

    Attributes
    ----------
    measurements : pandas.DataFrame
        The table ``measurements``, all text; `visit` and `visit_number` pass through.
    subjects : pandas.DataFrame or None
        The table ``subjects`` from DM.
    ledgers : tuple of Ledger
        The account of every record.
    problems : tuple of Problem
        What is wrong or to be looked at, by file and row of the datasets.
    file : str
        The name of TR.
    rows : tuple of int
        The row of TR that each row of the measurements comes from; 0 for a lesion that only TU names.
    visits : Visits
    readers : dict
        The reader of each pair of evaluator and evaluator identifier.
    """

    measurements: pd.DataFrame
    subjects: pd.DataFrame | None
    ledgers: tuple[Ledger, ...]
    problems: tuple[Problem, ...]
    file: str
    rows: tuple[int, ...]
    visits: Visits
    readers: dict[Pair, str]

    def not_used(self) -> pd.DataFrame:
        """List the records that were not used, with the reason for each."""
        return ledger_table(list(self.ledgers))

    def at_source(self, problems: Iterable[Problem]) -> list[Problem]:
        """Say where in TR the problems of scoring are: the row and the variable instead of the table's own."""
        return [self._at_source(problem) for problem in problems]

    def table_at_source(self, problems: pd.DataFrame) -> pd.DataFrame:
        """Do the same for a table of problems."""
        ours = problems["file"] == self.file
        rows, fields = problems["row"].copy(), problems["field"].copy()
        for place in problems.index[ours]:
            row = None if problems["row"].isna()[place] else int(problems.loc[place, "row"])
            there = self._at_source(Problem(code="", message="", file=self.file, row=row, field=fields[place]))
            rows[place], fields[place] = there.row, there.field
        return problems.assign(row=rows.astype("Int64"), field=fields)

    def _at_source(self, problem: Problem) -> Problem:
        if problem.file != self.file:
            return problem
        field = ", ".join(FIELDS.get(name.strip(), name.strip()) for name in problem.field.split(","))
        if problem.row is None or not 0 <= problem.row - FIRST_DATA_ROW < len(self.rows):
            return replace(problem, field=field)
        return replace(problem, field=field, row=self.rows[problem.row - FIRST_DATA_ROW] or None)


def read_sdtm(tr: Source, tu: Source, *, dm: Source | None = None, rs: Source | None = None) -> Imported:
    """Map SDTM to the interchange tables.

    Every evaluator is a reader of their own. Every record is used, or listed with the reason why it is not.

    Parameters
    ----------
    tr, tu : Source
        Tumour results and tumour identification.
    dm : Source, optional
        Demographics: start of treatment and death.
    rs : Source, optional
        Responses: only their evaluators are looked at here; see :func:`recist.cdisc.comparison.compare_responses`.
    """
    ledgers = {"TR": Ledger(source=tr, domain="TR"), "TU": Ledger(source=tu, domain="TU")}
    problems = require_variables({"TR": tr, "TU": tu, "DM": dm, "RS": rs})
    if problems:
        return _nothing(tr, ledgers, problems)
    tr_pairs, tu_pairs = evaluator_pairs(tr, "TR"), evaluator_pairs(tu, "TU")
    names = reader_names([*tr_pairs, *tu_pairs, *([] if rs is None else evaluator_pairs(rs, "RS"))])
    identities, faults = read_identities(ledgers["TU"], [names[pair] for pair in tu_pairs])
    problems += faults
    records, faults = read_records(ledgers["TR"], [names[pair] for pair in tr_pairs])
    problems += faults
    visits = name_visits(
        [(record.subject, record.visit, record.visit_number) for record in records]
        + [(key[0], identity.visit, identity.visit_number) for key, identity in identities.items()]
    )
    given = {record.position: visits.label(record.subject, record.visit, record.visit_number) for record in records}
    labels, faults = split_repeated(records, given, tr.file, tr.first_row)
    problems += faults
    labels = call_baselines(records, labels, find_baselines(records, labels))
    matched, faults = match_records(ledgers["TR"], records, identities)
    problems += faults
    assembly = assemble(ledgers["TR"], matched, labels)
    problems += assembly.problems
    problems += add_lesions_without_results(assembly, ledgers["TU"], identities, (records, matched, labels, visits))
    subjects = None
    if dm is not None:
        ledgers["DM"] = Ledger(source=dm, domain="DM")
        subjects, faults = read_subjects(ledgers["DM"], {record.subject for record in records})
        problems += faults
    return Imported(
        measurements=assembly.frame(),
        subjects=subjects,
        ledgers=tuple(ledgers.values()),
        problems=tuple(problems),
        file=tr.file,
        rows=tuple(origin + tr.first_row if origin >= 0 else 0 for origin in assembly.origins),
        visits=visits,
        readers=names,
    )


def _nothing(tr: Source, ledgers: dict[str, Ledger], problems: Sequence[Problem]) -> Imported:
    from recist.cdisc.measurements import Assembly

    return Imported(
        measurements=Assembly().frame(),
        subjects=None,
        ledgers=tuple(ledgers.values()),
        problems=tuple(problems),
        file=tr.file,
        rows=(),
        visits=name_visits([]),
        readers={},
    )


def require_variables(sources: dict[str, Source | None]) -> list[Problem]:
    """Find variables that a dataset must have and does not."""
    problems = []
    for domain, source in sources.items():
        if source is None:
            continue
        missing = [name for name in REQUIRED[domain] if name not in source.frame]
        if missing:
            message = f"the dataset has no variable {', '.join(missing)}; is it {domain}?"
            problems.append(
                Problem(code="missing_column", file=source.file, message=message, expected=", ".join(REQUIRED[domain]))
            )
        elif source.frame.empty:
            problems.append(Problem(code="empty_table", file=source.file, message="the dataset has no records"))
    return problems
