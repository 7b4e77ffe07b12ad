"""What the commands show a person: progress bars, tables, and faults without tracebacks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from recist.problems import Problem
    from recist.progress import Progress

SHOWN_PROBLEMS = 50


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """Show a progress bar on standard error while the block runs.

    Yields
    ------
    Progress
        To hand to the long work.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report


def say(text: str = "") -> None:
    """Print a line of the summary on standard output, as it is."""
    print(text)


def say_error(text: str) -> None:
    """Print a line on standard error, as it is."""
    import sys

    print(text, file=sys.stderr)


def tell_folder(folder: Path) -> None:
    """Tell on standard error what becomes of the files that a folder for results holds already."""
    from recist.outputs import say_folder

    sentence = say_folder(folder)
    if sentence:
        say_error(f"note: {sentence}")


def say_problems(problems: Iterable[Problem]) -> None:
    """List problems on standard error, errors first."""
    listed = sorted(problems, key=lambda problem: problem.severity)
    for problem in listed[:SHOWN_PROBLEMS]:
        say_error(f"{problem.severity}: {problem}")
    if len(listed) > SHOWN_PROBLEMS:
        say_error(f"… and {len(listed) - SHOWN_PROBLEMS} more; all of them are in problems.csv")


def counted(n: int, noun: str) -> str:
    """Say how many there are: 1 lesion, 2 lesions."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def say_table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table for people on standard output."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*header, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console().print(table)


def say_section(title: str, lines: Sequence[tuple[str, str]]) -> None:
    """Print a heading and sentences under it, each topic named once beside its first sentence."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    console.print()
    console.print(Text(title, style="bold"))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column()
    last = ""
    for topic, text in lines:
        grid.add_row(Text(topic if topic != last else "", style="dim"), Text(text))
        last = topic
    console.print(grid)
