"""What the commands show a person: progress bars, tables, and faults without tracebacks."""

from __future__ import annotations

import datetime
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from rich.progress import Progress as ProgressOfRich

    from recist.problems import Problem
    from recist.progress import Progress

SHOWN_PROBLEMS = 50
SECONDS_BEFORE_BAR = 1.0


@contextmanager
def progress_bar(label: str, *, has_rate: bool = False) -> Iterator[Progress]:
    """Show a progress bar on standard error while the block runs: from the first report on, or after a second.

    Parameters
    ----------
    label : str
    has_rate : bool
        Show also how many steps a minute are done, and how long the rest will take.

    Yields
    ------
    Progress
        To hand to the long work.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    rate = (TextColumn("{task.fields[rate]}"),) if has_rate else ()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), *rate)
    bar = Progress(*columns, console=Console(stderr=True))
    task = bar.add_task(label, total=None, rate="")
    begun: list[tuple[int, float]] = []  # what an earlier run had done tells nothing of the rate of this one

    def report(done: int, total: int) -> None:
        begun[:] = begun or [(done, time.monotonic())]
        seconds = time.monotonic() - begun[0][1]
        bar.update(task, completed=done, total=total, rate=say_rate(done - begun[0][0], total - done, seconds))
        bar.start()

    with _started_late(bar):
        yield report


@contextmanager
def _started_late(bar: ProgressOfRich) -> Iterator[None]:
    """Show a bar after a while, if it was not shown before; so a fault at once is told without an empty bar."""
    timer = threading.Timer(SECONDS_BEFORE_BAR, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if bar.live.is_started:
            bar.stop()


def say_rate(done: int, left: int, seconds: float) -> str:
    """Say how many steps a minute were done, and how long the rest will take at that rate."""
    if done <= 0 or seconds <= 0:
        return ""
    rest = f", {datetime.timedelta(seconds=round(left * seconds / done))} left" if left else ""
    return f"{60 * done / seconds:.0f} a minute{rest}"


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


def counted(n: int, noun: str, plural: str = "") -> str:
    """Say how many there are: 1 lesion, 2 lesions."""
    return f"{n} {noun}" if n == 1 else f"{n} {plural or noun + 's'}"


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
