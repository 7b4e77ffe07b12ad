"""The folder of results of ``recist score``, read back for one subject."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from recist.errors import DataError, MissingInput, UsageError
from recist.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    import pandas as pd

    from recist.criteria import Criteria
    from recist.response.explain import Tables
    from recist.response.options import Options

SETTINGS = "options.json"
WITHOUT_LESIONS = (
    "{folder} has no lesions.csv, and responses are explained from the lesions; name a folder that recist score wrote "
    "(recist best takes responses as they are given and writes none: its responses.csv says which visits count, its "
    "best_responses.csv why each endpoint ends)"
)
SHOWN_MATCHES = 5
NEAR = 0.6  # of the letters in common


class Results(NamedTuple):
    """What scoring gave for one subject, and by which rules."""

    tables: Tables
    criteria: Criteria
    options: Options
    warnings: tuple[str, ...]


def read_results(folder: Path, subject: str, criteria: str = "") -> Results:
    """Read the rows of one subject, and the rules in force.

    Parameters
    ----------
    folder : pathlib.Path
    subject : str
    criteria : str
        Criteria or a protocol to use in place of those that the folder names.

    Raises
    ------
    MissingInput
        When the folder or one of its files is not there.
    UsageError
        For a subject that was not scored, with those of similar names.
    """
    from recist.response.explain import Tables

    if not folder.is_dir():
        raise MissingInput(f"there is no folder of results: {folder}; name the one that recist score wrote")
    rules, options = _read_rules(folder / SETTINGS, criteria)
    best = _read_rows(folder / "best_responses.csv", subject)
    if not len(best):
        raise UsageError(_unknown_subject(folder / "best_responses.csv", subject))
    if not (folder / "lesions.csv").is_file():
        raise MissingInput(WITHOUT_LESIONS.format(folder=folder))
    has_subjects = (folder / "subjects.csv").is_file()
    tables = Tables(
        responses=_read_rows(folder / "responses.csv", subject),
        best_responses=best,
        lesions=_read_rows(folder / "lesions.csv", subject),
        subjects=_read_rows(folder / "subjects.csv", subject) if has_subjects else None,
    )
    return Results(tables, rules, options, _read_warnings(folder / "problems.csv", subject))


def _read_rules(path: Path, criteria: str) -> tuple[Criteria, Options]:
    from recist.cli.criteria_choice import criteria_of_settings, find_criteria
    from recist.response import parse_options

    _require_file(path)
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        options = dict(settings["response"])
        rules = find_criteria(criteria) if criteria else criteria_of_settings(settings)
    except (ValueError, KeyError, TypeError) as fault:
        message = "this is no file of options that recist score wrote"
        raise DataError([Problem(file=path.name, code="unreadable_file", message=message)]) from fault
    return rules, parse_options(options, rules)


def _read_rows(path: Path, subject: str) -> pd.DataFrame:
    """Read the rows of one subject as text; the file may be large, so it is read in pieces."""
    import pandas as pd
    import pyarrow as pa
    from pyarrow import compute, csv

    _require_file(path)
    names = pd.read_csv(path, nrows=0, dtype=str).columns
    kinds = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    parsing = csv.ParseOptions(newlines_in_values=True)
    with csv.open_csv(path, parse_options=parsing, convert_options=kinds) as batches:
        found = [batch.filter(compute.equal(batch.column("subject"), subject)) for batch in batches]
        rows: pd.DataFrame = pa.Table.from_batches(found, schema=batches.schema).to_pandas()
    return rows


def _read_warnings(path: Path, subject: str) -> tuple[str, ...]:
    """Read what scoring found that should be looked at, with the place where it was found; each once."""
    if not path.is_file():
        return ()
    rows = _read_rows(path, subject).to_dict("records")
    return tuple(dict.fromkeys(_warning(row) for row in rows))


def _warning(row: dict[Hashable, str]) -> str:
    place = f"{row['file']}, row {row['row']}" if row["row"] else row["file"]
    cell = f"{row['field']} {row['found']}".strip()
    return ": ".join(part for part in (place, cell, row["message"]) if part)


def _require_file(path: Path) -> None:
    if not path.is_file():
        raise MissingInput(f"{path.parent} has no {path.name}; name a folder that recist score wrote")


def _unknown_subject(path: Path, subject: str) -> str:
    """Name the subjects whose names are most like the one asked for."""
    import difflib

    import pandas as pd

    known = pd.read_csv(path, usecols=["subject"], dtype=str, keep_default_na=False)["subject"].unique()
    folded = subject.casefold()
    alike = [name for name in known if folded in name.casefold() or name.casefold() in folded]
    alike = alike or difflib.get_close_matches(subject, known, SHOWN_MATCHES, NEAR)
    shown = ", ".join(sorted(alike, key=lambda name: abs(len(name) - len(subject)))[:SHOWN_MATCHES])
    hint = f"; similar: {shown}" if shown else f"; {len(known)} subjects were scored, e.g. {', '.join(known[:3])}"
    return f"no subject {subject!r} was scored{hint}"
