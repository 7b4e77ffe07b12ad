"""The options file of the commands that score: a TOML file with a table ``[response]``."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from recist.errors import MissingInput, UsageError

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS_TABLE = "response"


def read_options(path: Path | None) -> dict[str, object]:
    """Read the table ``[response]`` of an options file; other tables belong to other commands.

    Raises
    ------
    MissingInput, UsageError
        When there is no such file; when it is not TOML; with every fault in the table, each with the file's name.
    """
    from recist.response.options import find_option_faults

    if path is None:
        return {}
    if not path.is_file():
        what = "the options are a folder" if path.is_dir() else "there is no options file"
        raise MissingInput(f"{what}: {path}; name a TOML file")
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UsageError(f"{path.name} is not TOML: {fault}") from fault
    table = tables.get(OPTIONS_TABLE, {})
    if not isinstance(table, dict):
        raise UsageError(f"{path.name}: {OPTIONS_TABLE} must be a table, [{OPTIONS_TABLE}] with one option a line")
    loose = [name for name, value in tables.items() if not isinstance(value, dict)]
    if loose:
        raise UsageError(f"{path.name}: {', '.join(loose)} stands outside the table [{OPTIONS_TABLE}]; move it there")
    if tables and OPTIONS_TABLE not in tables:
        raise UsageError(f"{path.name} has no table [{OPTIONS_TABLE}]; found: {', '.join(tables)}")
    faults = find_option_faults(table)
    if faults:
        raise UsageError("\n".join(f"{path.name}: {fault}" for fault in faults))
    return table
