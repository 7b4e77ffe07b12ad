"""The account of every record read: used for a row of the measurements, or not used, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

LEDGER_COLUMNS = ("file", "row", "subject", "test", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A dataset that was read, as text.

    Attributes
    ----------
    file : str
        What the user calls it.
    frame : pandas.DataFrame
        Text; index 0, 1, 2, …
    first_row : int
        The number that people give its first record: in a CSV file the header is row 1.
    """

    file: str
    frame: pd.DataFrame
    first_row: int

    def column(self, name: str) -> list[str]:
        """Give a variable; empty where the dataset does not have it."""
        if name not in self.frame:
            return [""] * len(self.frame)
        return [str(value) for value in self.frame[name]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Which records of a dataset were used, and why the others were not.

    Attributes
    ----------
    source : Source
    domain : str
        TU, TR, RS or DM.
    used : set of int
        Positions of records in the dataset.
    not_used : dict of int to str
        Positions, and the reason.
    """

    source: Source
    domain: str
    used: set[int] = field(default_factory=set)
    not_used: dict[int, str] = field(default_factory=dict)

    def use(self, *positions: int) -> None:
        """Enter records as used."""
        self.used.update(positions)
        for position in positions:
            self.not_used.pop(position, None)

    def pass_over(self, position: int, reason: str) -> None:
        """Enter a record as not used; one that was used stays so."""
        if position not in self.used:
            self.not_used[position] = reason

    @property
    def unaccounted(self) -> list[int]:
        """Positions that are entered nowhere; there must be none."""
        return [place for place in range(len(self.source.frame)) if place not in self.used | self.not_used.keys()]

    def account(self) -> str:
        """Say in one line how many records there were, were used and were not."""
        return (
            f"{self.domain}: {len(self.source.frame)} records = {len(self.used)} used + {len(self.not_used)} not used"
        )


def ledger_table(ledgers: list[Ledger]) -> pd.DataFrame:
    """Lay out the records that were not used, with the reason for each."""
    rows = []
    for ledger in ledgers:
        subjects, tests = ledger.source.column("USUBJID"), ledger.source.column(f"{ledger.domain}TESTCD")
        for position, reason in sorted(ledger.not_used.items()):
            row = position + ledger.source.first_row
            rows.append((ledger.source.file, row, subjects[position], tests[position], reason))
    return pd.DataFrame(rows, columns=list(LEDGER_COLUMNS))
