"""What ``recist score`` reads: the table of measurements, or SDTM datasets in its place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from recist.cli.screen import say, say_table
from recist.errors import DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from recist.cdisc.comparison import Comparison
    from recist.cdisc.ledger import Source
    from recist.cdisc.reading import Imported
    from recist.response import Scored

NOT_USED_FILE = "records_not_used.csv"
COMPARISON_FILE = "response_comparison.csv"


class InputFormat(StrEnum):
    """How the measurements are given."""

    MEASUREMENTS = "measurements"
    SDTM = "sdtm"


@dataclass(frozen=True, slots=True, kw_only=True)
class SdtmFiles:
    """The datasets beside TR."""

    tu: Path | None = None
    rs: Path | None = None
    dm: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SdtmInput:
    """SDTM as read, ready to be scored and compared.

    Attributes
    ----------
    imported : Imported
    responses : Source or None
        RS.
    extra_tables : dict of str to pandas.DataFrame
        What is written beside the results, by the name of the file.
    accounts : list of str
        One line a dataset: records, used and not used.
    comparisons : list of Comparison
        With the sponsor's responses, when RS was given.
    """

    imported: Imported
    responses: Source | None
    extra_tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    accounts: list[str] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)

    def score(self, scoring: Callable[[], Scored]) -> Scored:
        """Score, and report everything by file and row of the datasets.

        Raises
        ------
        recist.errors.DataError
            With the faults of the datasets and those of scoring, all at once.
        """
        import pandas as pd

        from recist.cdisc.comparison import compare_responses
        from recist.cdisc.ledger import ledger_table
        from recist.problems import Problem, errors_in, problems_table

        errors = errors_in(self.imported.problems)
        if not len(self.imported.measurements):
            raise DataError(
                errors or [Problem(code="empty_table", file=self.imported.file, message="nothing to score")]
            )
        try:
            scored = scoring()
        except DataError as fault:
            raise DataError([*errors, *self.imported.at_source(fault.problems)]) from fault
        if errors:
            raise DataError(errors)
        ledgers = list(self.imported.ledgers)
        if self.responses is not None:
            comparison = compare_responses(self.responses, self.imported, scored)
            ledgers.append(comparison.ledger)
            self.extra_tables[COMPARISON_FILE] = comparison.table
            self.comparisons.append(comparison)
        self.accounts.extend(ledger.account() for ledger in ledgers)
        self.extra_tables[NOT_USED_FILE] = ledger_table(ledgers)
        found = self.imported.table_at_source(scored.problems)
        known = problems_table(self.imported.problems)
        return replace(scored, problems=pd.concat([known, found], ignore_index=True) if len(known) else found)

    def summarise(self) -> None:
        """Say what became of the records, and how the sponsor's responses stand to the derived ones."""
        for account in self.accounts:
            say(account)
        for comparison in self.comparisons:
            counts = comparison.counts()
            titles = ("test", "verdict", "responses")
            say_table("Responses of the sponsor beside the derived ones", titles, _tuples(counts))
            reasons = comparison.reasons()
            if len(reasons):
                columns = ("test", "reason", "explanation", "tied with", "responses")
                say_table("Where they differ, and what gives the sponsor's value", columns, _tuples(reasons))
        say(f"beside the results: {', '.join(self.extra_tables)}")


def _tuples(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(frame.itertuples(index=False, name=None))


def read_sdtm_input(measurements: Path, files: SdtmFiles, subjects: Path | None) -> SdtmInput:
    """Read the datasets.

    Raises
    ------
    recist.errors.UsageError
        Without TU, or with two tables of subjects.
    """
    from recist.cdisc.files import read_source
    from recist.cdisc.reading import read_sdtm

    if files.tu is None:
        raise UsageError("TR alone does not say which lesions are targets; name TU with --tu")
    if files.dm is not None and subjects is not None:
        raise UsageError("--dm and --subjects both give the dates of subjects; name one of them")
    responses = None if files.rs is None else read_source(files.rs)
    imported = read_sdtm(
        read_source(measurements),
        read_source(files.tu),
        dm=None if files.dm is None else read_source(files.dm),
        rs=responses,
    )
    return SdtmInput(imported=imported, responses=responses)


def require_no_sdtm_files(files: SdtmFiles) -> None:
    """Refuse SDTM datasets beside a table of measurements.

    Raises
    ------
    recist.errors.UsageError
    """
    named = [f"--{name}" for name in ("tu", "rs", "dm") if getattr(files, name) is not None]
    if named:
        raise UsageError(f"{', '.join(named)} belong to SDTM; add --format sdtm")
