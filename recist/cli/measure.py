"""``recist measure``: lesion axes from masks, over many series."""

from __future__ import annotations

import math
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli.screen import counted, progress_bar, say, say_error, say_problems, say_table, tell_folder
from recist.cli.stopping import stops_in_order
from recist.errors import EnvironmentFault, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from recist.batch.refusals import Refusal
    from recist.batch.results import Summary
    from recist.batch.run import Ran
    from recist.progress import Progress

MM3_IN_ML = 1000
SHOWN_REASONS = 20
SHOWN_ROWS = 5  # of one reason
STOPPED = 130  # as shells have it: 128 and the number of the signal of Ctrl-C


def command(  # noqa: PLR0917  # typer calls it by name
    manifest: Annotated[
        Path,
        typer.Argument(
            help="CSV: subject, timepoint, date, image, mask, and optionally label, lesion, role, site, nodal, reader; "
            "or a folder of masks, with --sidecar."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for measurements, problems, and the ledger of the run.")
    ],
    convention: Annotated[
        str, typer.Option(help="Where the edge of a lesion lies: quarter, centre or edge.")
    ] = "quarter",
    sidecar: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="For a folder of masks: CSV with file, and the columns of a manifest."),
    ] = None,
    threshold: Annotated[
        float, typer.Option(help="From which fraction on a pixel of a fractional segmentation is inside.", min=0, max=1)
    ] = 0.5,
    resample: Annotated[
        bool, typer.Option("--resample", help="Carry masks on another grid over to the series, and say so in notes.")
    ] = False,
    workers: Annotated[int, typer.Option(help="Processes; the result does not depend on it.", min=1)] = (
        os.cpu_count() or 1
    ),
    dask: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Measure on a Dask cluster: the address of its scheduler, e.g. tcp://node1:8786, or `local` to start "
            "one here. All machines must see the files under the same paths. Needs the extra `cluster`.",
        ),
    ] = "",
    time_limit: Annotated[
        float,
        typer.Option(metavar="SECONDS", help="Time that one series may take; then it is written as failed.", min=1),
    ] = 600.0,
    share: Annotated[
        str,
        typer.Option(
            metavar="I/N",
            help="Measure only the I-th of N shares, e.g. 3/10, so that N processes work on one folder; the same "
            "command without it then writes the tables.",
        ),
    ] = "",
    restart: Annotated[
        bool,
        typer.Option("--restart", help="Begin anew, forgetting what an earlier run has measured into this folder."),
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Measure again what crashed or overran its time in an earlier run.")
    ] = False,
) -> None:
    """Measure long and short axis, volume and slice of every lesion in masks: DICOM SEG, RTSTRUCT, NIfTI, NRRD.

    A run that was stopped or killed goes on where it was when the same command is given again. A series that cannot be
    measured stops no other: its lesions are written as not evaluable, with the reason, and the exit code is 1.

    Example: `recist measure study/manifest.csv -o study/out`

    A folder of masks: `recist measure masks/ --sidecar masks.csv -o study/out`

    On a cluster: `recist measure study/manifest.csv -o study/out --dask tcp://node1:8786`
    """
    from recist.batch.folder import NAME, parse_share
    from recist.batch.manifests import choose_pool, measure_into
    from recist.batch.plan import make_plan
    from recist.measure import Convention
    from recist.outputs import require_folder_to_write

    if convention not in set(Convention):
        raise UsageError(f"--convention {convention}: use one of {', '.join(Convention)}")
    if share and restart:
        raise UsageError("--restart begins the whole run anew, so it is not for one share: use it without --share")
    require_folder_to_write(out)
    chosen = parse_share(share) if share else None
    if not (out / NAME).exists():
        tell_folder(out)
    plan = make_plan(manifest, convention=convention, sidecar=sidecar, threshold=threshold, resample=resample)
    pool = choose_pool(min(workers, len(plan) or 1), dask or None, limit_s=time_limit)
    with _stopped_in_order(out / NAME, restart) as watch, progress_bar("measuring series", has_rate=True) as tell:
        ran, summary = measure_into(
            out,
            plan,
            pool,
            progress=watch(tell),
            share=chosen,
            retry_failed=retry_failed,
            is_restarted=restart,
        )
    if summary is None:
        _say_share(share, ran, out / NAME)
        return
    _say_summary(summary, ran, out, convention)
    say(f"Ledger: {out / NAME / 'main.jsonl'}")
    if summary.errors:
        raise typer.Exit(1)


@contextmanager
def _stopped_in_order(place: Path, restart: bool) -> Iterator[Callable[[Progress], Progress]]:
    """Say how to go on when the run is stopped, or when the machine is in its way.

    Yields
    ------
    callable
        Wraps a progress, so that it is known how far the run was.
    """
    reached = (0, 0)

    def watch(tell: Progress) -> Progress:
        def report(done: int, total: int) -> None:
            nonlocal reached
            reached = done, total
            tell(done, total)

        return report

    try:
        with stops_in_order():
            yield watch
    except KeyboardInterrupt:
        again = "; give the same command again to go on" + (", without --restart" if restart else "")
        say_error(f"stopped: {reached[0]} of {reached[1]} series are measured and kept in {place}{again}")
        raise typer.Exit(STOPPED) from None
    except OSError as fault:
        raise EnvironmentFault(
            f"{fault.filename or place}: {fault.strerror or fault}; mend this, then give the same command again: it "
            f"goes on from what is in {place}"
        ) from fault


def _say_share(share: str, ran: Ran, place: Path) -> None:
    say(f"Share {share} is measured, into {place}. When all shares are, the same command without --share writes the")
    say("tables; it measures what a share has left.")
    _say_run(ran)


def _say_summary(summary: Summary, ran: Ran, out: Path, convention: str) -> None:
    say_problems(summary.first_problems)
    rest = summary.errors + summary.warnings - len(summary.first_problems)
    if rest:
        say_error(f"… and {rest} more; all of them are in {out / 'problems.csv'}")
    table = summary.first_rows
    say_table(
        f"{counted(summary.lesions, 'lesion')} of {counted(summary.subjects, 'subject')}",
        ("subject", "time point", "lesion", "state", "long mm", "short mm", "volume ml"),
        [
            (*(row[name] for name in ("subject", "timepoint", "lesion", "state")), *map(_shown, _sizes(row)))
            for row in table.to_dict("records")
        ],
    )
    if summary.lesions > len(table):
        say(f"… and {summary.lesions - len(table)} more")
    _say_counts(summary)
    for refusal in summary.refusals[:SHOWN_REASONS]:
        say(f"  {_say_refusal(refusal)}")
    if len(summary.refusals) > SHOWN_REASONS:
        say(f"  … and {len(summary.refusals) - SHOWN_REASONS} more reasons; all of them are in {out / 'summary.json'}")
    _say_run(ran)
    say(f"Edges by the convention {convention!r}. Written: {out / 'measurements.csv'}")


def _say_counts(summary: Summary) -> None:
    whole = summary.series - summary.measured_in_part - summary.refused - summary.failed
    in_part = f"{summary.measured_in_part} in part, " if summary.measured_in_part else ""
    say(f"Series: {summary.series}; {whole} measured, {in_part}{summary.refused} refused, {summary.failed} failed.")
    say(f"Masks: {summary.masks}; {summary.masks_refused} refused whole.")
    say(f"Lesions: {summary.lesions}; {summary.measured} measured, {summary.not_evaluable} not evaluable.")
    if summary.masks_unnamed:
        missing = counted(summary.subjects_missing, "subject")
        say(
            f"The table has nothing of {counted(summary.masks_unnamed, 'refused mask')}, whose lesions no row names; "
            f"{missing} of the manifest {'is' if summary.subjects_missing == 1 else 'are'} not in the table."
        )


def _say_refusal(refusal: Refusal) -> str:
    rows = ", ".join(map(str, refusal.rows[:SHOWN_ROWS])) + (", …" if len(refusal.rows) > SHOWN_ROWS else "")
    which = f"{counted(refusal.masks, 'mask')} of {counted(refusal.series, 'series', 'series')}"
    return f"{which}: {' '.join(refusal.reason.split())} (manifest row {rows})"


def _say_run(ran: Ran) -> None:
    """Tell what an earlier run had done, and what of it was done again."""
    if ran.kept:
        say(f"{counted(ran.kept, 'series', 'series')} measured by an earlier run into this folder.")
    if ran.changed:
        say(f"{counted(ran.changed, 'series', 'series')} measured again: the files are not those that were measured.")
    if ran.torn:
        say(f"{counted(ran.torn, 'part')} of an earlier run not whole, so their series were measured again.")


def _sizes(row: Mapping[Hashable, float]) -> tuple[float, float, float]:
    return row["long_axis_mm"], row["short_axis_mm"], row["volume_mm3"] / MM3_IN_ML


def _shown(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1f}"
