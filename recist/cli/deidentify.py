"""``recist deidentify``: images and outcome tables without identities, links and intervals kept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.screen import counted, progress_bar, say, say_error, say_table, tell_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from recist.deidentify.folder import Outcome


TABLE_ENDINGS = (".csv", ".parquet")


def command(  # noqa: PLR0917  # typer calls it by name
    folder: Annotated[Path | None, typer.Argument(help="Folder of DICOM files.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the results: dicom/ and tables/.")] = None,
    key: Annotated[
        Path | None, typer.Option(help="The secret key of the study; made if there is none and no results yet.")
    ] = None,
    new_key: Annotated[Path | None, typer.Option(help="Make a new key here, readable by you alone.")] = None,
    tables: Annotated[
        list[Path] | None,
        typer.Option(help="An outcome table, CSV or Parquet, or a folder of them; give it again for more."),
    ] = None,
    columns: Annotated[
        Path | None, typer.Option(help="CSV column, action: what to do with columns of your own.")
    ] = None,
    issuer: Annotated[str, typer.Option(help="Who issued the ids in the tables, if the images name an issuer.")] = "",
    keep_characteristics: Annotated[bool, typer.Option(help="Keep age (90 at most), sex, size and weight.")] = False,
    report: Annotated[
        Path | None, typer.Option(help="CSV of every file, old path and new; keep it with the key.")
    ] = None,
) -> None:
    """Take identities out of DICOM files and outcome tables; every patient's dates move by the same whole days in both.

    Example: `recist deidentify --new-key study.key`, then
    `recist deidentify dicom -o shared --key study.key --tables subjects.csv --tables treatments.csv`
    """
    from recist.deidentify import make_key, read_key
    from recist.deidentify.folder import deidentify_folder
    from recist.deidentify.overlap import say_overlap
    from recist.deidentify.tables import deidentify_tables, read_columns
    from recist.errors import UsageError
    from recist.outputs import require_folder_to_write

    if new_key is not None:
        make_key(new_key)
        say(f"A new key is in {new_key}. Whoever has it can tell which pseudonym is whose: keep it apart, and safe.")
        if out is None:
            return
    key_file = key or new_key
    if out is None or key_file is None:
        raise UsageError("name a folder for the results with -o and the key with --key; make one with --new-key FILE")
    if folder is None and not tables:
        raise UsageError("name a folder of DICOM files, or tables with --tables")
    require_folder_to_write(out)
    if not key_file.exists() and not _holds_results(out):
        make_key(key_file)
        say_error(f"note: there was no key {key_file}, so a new one was made; keep it apart from the results, and safe")
    secret = read_key(key_file)
    tell_folder(out)
    own_columns = read_columns(columns) if columns else None
    cleaned = deidentify_tables(_list_tables(tables or ()), secret, columns=own_columns, issuer=issuer)
    _require_apart(report, out)
    outcomes: Sequence[Outcome] = ()
    if folder is not None:
        with progress_bar("de-identifying files") as progress:
            outcomes = deidentify_folder(
                folder, out / "dicom", secret, has_characteristics=keep_characteristics, progress=progress
            )
    _write_tables(cleaned, out / "tables")
    _write_report(outcomes, report)
    for sentence in say_overlap(outcomes, cleaned, own_columns, issuer):
        say_error(f"warning: {sentence}")
    _say_outcomes(outcomes)
    n_files = sum(bool(outcome.result) for outcome in outcomes)
    say(f"{counted(len(cleaned), 'table')} and {counted(n_files, 'file')} written to {out}")
    if any(outcome.reason for outcome in outcomes):
        raise typer.Exit(1)


def _holds_results(folder: Path) -> bool:
    """Whether results lie there already: they were made with another key than one that is made now."""
    return folder.is_dir() and any(folder.iterdir())


def _list_tables(named: Sequence[Path]) -> list[Path]:
    """Give the tables that are named, and those in folders that are named."""
    from recist.errors import MissingInput

    found: list[Path] = []
    for path in named:
        inside = sorted(one for one in path.iterdir() if one.suffix in TABLE_ENDINGS) if path.is_dir() else [path]
        if not inside:
            raise MissingInput(f"{path} holds no table; CSV and Parquet are read")
        found += inside
    return found


def _require_apart(report: Path | None, out: Path) -> None:
    """Refuse a report among the results: it names the originals, and would be shared with them."""
    from recist.errors import UsageError

    if report is not None and report.resolve().is_relative_to(out.resolve()):
        raise UsageError("the report names the originals, so it may not lie among the results; keep it with the key")


def _write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write all tables, or none."""
    from recist.outputs import whole_folder
    from recist.tables import write_table

    if tables:
        with whole_folder(folder) as staging:
            for name, table in tables.items():
                write_table(table, staging / name)


def _write_report(outcomes: Sequence[Outcome], path: Path | None) -> None:
    if path is None:
        return
    import pandas as pd

    from recist.tables import write_table

    rows = [(outcome.source, outcome.result, outcome.reason) for outcome in outcomes]
    write_table(pd.DataFrame(rows, columns=["file", "deidentified", "refused"]), path)
    path.chmod(0o600)
    say_error("note: the report leads from the originals to the results; keep it with the key, and never share it")


def _say_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Say how many files were written and refused; the paths are not shown, since they may name patients."""
    reasons = Counter(outcome.reason for outcome in outcomes if outcome.reason)
    if reasons:
        say_table("refused", ("files", "reason"), [(n, reason) for reason, n in reasons.most_common()])
        say("`--report FILE` lists each refused file by its path.")
