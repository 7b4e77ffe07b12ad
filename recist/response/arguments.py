"""What the functions for users are given: criteria by any of their names, and tables that must be tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from recist.criteria import Criteria, criteria_named
from recist.criteria.protocol import SUFFIX, read_protocol
from recist.errors import UsageError
from recist.response.options import find_option_faults


def find_criteria(given: str | Path | Criteria) -> Criteria:
    """Find criteria by name, or read the protocol that a path to a TOML file names; criteria are taken as they are.

    Raises
    ------
    MissingInput, UsageError
        When there is no such file; for an unknown name; with every fault in the protocol.
    """
    if isinstance(given, Criteria):
        return given
    if str(given).casefold().endswith(SUFFIX):
        return read_protocol(Path(given), check_options=find_option_faults)
    return criteria_named(str(given))


def require_tables(**tables: object) -> None:
    """Refuse what is no table, such as the path of one, and say how to read it.

    Raises
    ------
    UsageError
    """
    for name, table in tables.items():
        if table is None or isinstance(table, pd.DataFrame):
            continue
        if isinstance(table, str | Path):
            how = f"read the file first: recist.tables.read_cells(Path({str(table)!r}))"
        else:
            how = f"this is of type {type(table).__name__}"
        raise UsageError(f"{name} must be a pandas DataFrame; {how}")
