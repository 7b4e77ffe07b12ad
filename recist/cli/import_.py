"""``recist import``: measurements that other programs made, as the table that `recist score` reads."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from recist.cli.screen import counted, progress_bar, say, say_error, say_problems, tell_folder

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from recist.annotations import Annotations

SHOWN_LESIONS = 40
HEADER = ("subject", "date", "visit", "lesion", "role", "site", "state", "long", "short")
NAMES = (0, 2, 3, 5)  # the columns of which a part is enough
N_SIZES = 2  # the last columns, in mm
WIDTH, GAP = 80, " "
SHOWN_NAMES, SHOWN_REASONS = 3, 20


def command(
    paths: Annotated[list[Path], typer.Argument(help="DICOM SR, OHIF or DeepLesion CSV, AIM JSON or XML; or folders.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for measurements.csv, problems.csv and files.csv.")],
    images: Annotated[
        Path | None, typer.Option(help="Folder of the CT images: lengths are checked on them, dates taken from them.")
    ] = None,
    sidecar: Annotated[
        Path | None, typer.Option(help="Table that fills in subject, date, lesion, role, site and the like.")
    ] = None,
    readers: Annotated[
        bool, typer.Option("--readers", help="Take each observer named in the files for a reader of their own.")
    ] = False,
) -> None:
    """Read measurements that other programs made: DICOM SR (TID 1500), OHIF, DeepLesion, ePAD.

    Example: `recist import reports/ -o imported --images ct/ --sidecar lesions.csv`
    """
    from recist.annotations import read_annotations
    from recist.annotations.source_files import require_sources
    from recist.annotations.source_verdicts import sources_table
    from recist.outputs import require_folder_to_write, whole_folder
    from recist.problems import errors_in, problems_table
    from recist.tables import write_table

    require_folder_to_write(out)
    require_sources(paths)
    with progress_bar("reading files") as progress:
        found = read_annotations(paths, images=images, sidecar=sidecar, by_observer=readers, progress=progress)
    if found.measurements.empty:
        _refuse_empty(found, out)
    tell_folder(out)
    with whole_folder(out) as staging:
        write_table(found.measurements, staging / "measurements.csv")
        write_table(problems_table(found.problems), staging / "problems.csv")
        write_table(sources_table(found.files), staging / "files.csv")
    say_problems(found.problems)
    for line in _account(found):
        say(line)
    _show(found)
    say(f"Written: {out / 'measurements.csv'}")
    if errors_in(found.problems):
        raise typer.Exit(1)


def _refuse_empty(found: Annotations, out: Path) -> NoReturn:
    """End without results, so that good ones of an earlier run stay."""
    say_problems(found.problems)
    for line in _account(found):
        say_error(line)
    say_error(f"error: nothing could be imported; nothing was written to {out}")
    raise typer.Exit(1)


def _account(found: Annotations) -> Iterator[str]:
    """Say what became of all files: how many of each verdict, and why those gave nothing that did not."""
    from recist.annotations.source_verdicts import SourceVerdict

    verdicts = Counter(each.verdict for each in found.files)
    counts = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in SourceVerdict)
    yield f"{counted(len(found.files), 'file')}: {counts}"
    reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in found.files:
        if each.verdict is not SourceVerdict.IMPORTED:
            reasons[each.verdict, each.reason].append(each.name)
    for (verdict, reason), names in sorted(reasons.items())[:SHOWN_REASONS]:
        rest = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
        yield f"  {verdict}: {', '.join(names[:SHOWN_NAMES])}{rest}: {reason}"
    if len(reasons) > SHOWN_REASONS:
        yield f"  … and {len(reasons) - SHOWN_REASONS} more reasons"


def _show(found: Annotations) -> None:
    table = found.measurements
    by = f", by {found.source_program}" if found.source_program else ""
    say(f"{counted(len(table), 'measurement')} of {counted(table['subject'].nunique(), 'subject')}{by}; axes in mm:")
    shown = [_cells(row) for row in table.head(SHOWN_LESIONS).to_dict("records")]
    for line in _lines([HEADER, *shown]):
        say(line)
    if len(table) > SHOWN_LESIONS:
        say(f"… and {len(table) - SHOWN_LESIONS} more")


def _cells(row: dict[Hashable, Any]) -> tuple[str, ...]:
    date = "–" if str(row["date"]) == "NaT" else str(row["date"])[:10]
    texts = [_plain(row[name]) for name in ("timepoint", "lesion", "role", "site", "state")]
    sizes = ("–" if math.isnan(row[name]) else f"{row[name]:.1f}" for name in ("long_axis_mm", "short_axis_mm"))
    return (_plain(row["subject"]), date, *texts, *sizes)


def _plain(text: str) -> str:
    """Give a word of a foreign file without what could steer a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text) or "–"


def _lines(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Lay rows out in columns; names too long for the line are cut, dates, roles, states and sizes never."""
    wanted = [max(map(len, column)) for column in zip(*rows, strict=True)]
    widths = _widths(wanted, WIDTH - len(GAP) * (len(wanted) - 1))
    for row in rows:
        cells = [_cut(cell, width) for cell, width in zip(row, widths, strict=True)]
        texts = [cell.ljust(width) for cell, width in zip(cells[:-N_SIZES], widths, strict=False)]
        sizes = [cell.rjust(width) for cell, width in zip(cells[-N_SIZES:], widths[-N_SIZES:], strict=True)]
        yield GAP.join([*texts, *sizes])


def _cut(text: str, width: int) -> str:
    """Leave out the middle of a word that is too long: names often differ at their ends only."""
    if len(text) <= width:
        return text
    behind = (width - 1) // 2
    return f"{text[: width - 1 - behind]}…{text[len(text) - behind :]}"


def _widths(wanted: list[int], room: int) -> list[int]:
    """Take letters from the widest column of names until all fit."""
    widths = list(wanted)
    while sum(widths) > room:
        place = max(NAMES, key=lambda each: widths[each])
        widths[place] -= 1
    return widths
