"""The command ``recist``: gathers the commands and turns faults into exit codes.

Exit codes: 0 all is well, 1 problems in the data (all listed), 2 wrong usage, 3 something missing in the environment.
"""

from __future__ import annotations

import importlib
import keyword
import sys
from typing import Annotated

import typer

from recist.cli.screen import say, say_error
from recist.errors import DataError, EnvironmentFault, RecistError
from recist.search_path import leave_working_folder

COMMANDS: tuple[str, ...] = (
    "demo",
    "index",
    "measure",
    "import",
    "pull",
    "push",
    "deidentify",
    "annotate",
    "score",
    "best",
    "explain",
    "rules",
    "export",
    "agree",
    "link",
    "survival",
    "run",
    "doctor",
)

app = typer.Typer(
    name="recist",
    help="From CT slices to survival curves: index, measure, score, link and analyse a cancer imaging study.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="markdown",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"recist-toolkit {version('recist-toolkit')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """From CT slices to survival curves. Start with `recist demo`."""


for _name in COMMANDS:
    _module = f"{_name}_" if keyword.iskeyword(_name) else _name
    app.command(_name)(importlib.import_module(f"recist.cli.{_module}").command)


def run() -> None:
    """Run the command line; the one place where an exception becomes a message and an exit code."""
    leave_working_folder()
    try:
        app()
    except DataError as fault:
        for problem in fault.problems:
            say_error(f"error: {problem}")
        sys.exit(fault.exit_code)
    except RecistError as fault:
        say_error(f"error: {fault}")
        sys.exit(fault.exit_code)
    except OSError as fault:
        say_error(f"error: {fault.filename}: {fault.strerror}; nothing was written")
        sys.exit(EnvironmentFault.exit_code)
