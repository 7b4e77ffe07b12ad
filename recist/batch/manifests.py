"""Measuring a manifest, from the file to the tables."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from recist.batch.assembly import CHECKED, Assembly
from recist.batch.folder import NAME, RunFolder, Share
from recist.batch.plan import make_plan
from recist.batch.pool import ChildProcesses, OwnProcess
from recist.batch.results import Summary, write_results
from recist.batch.run import Ran, run_plan
from recist.lesions.doors import HALF
from recist.measure import Convention
from recist.progress import Progress, no_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recist.batch.plan import Plan
    from recist.batch.pool import Pool
    from recist.problems import Problem

TIME_LIMIT_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """What a run found.

    Attributes
    ----------
    measurements : pandas.DataFrame
        The ``measurements`` table, with volume, slice, end points, convention and what it was measured on beside it.
    problems : tuple of Problem
    """

    measurements: pd.DataFrame
    problems: tuple[Problem, ...]


def measure_into(
    out: Path,
    plan: Plan,
    pool: Callable[[], Pool],
    *,
    progress: Progress = no_progress,
    share: Share | None = None,
    retry_failed: bool = False,
    is_restarted: bool = False,
) -> tuple[Ran, Summary | None]:
    """Measure a plan into a folder, going on from what an earlier run left there, and write the tables.

    Parameters
    ----------
    out : pathlib.Path
    plan : Plan
    pool : callable
        See :func:`choose_pool`.
    progress : Progress
    share : Share, optional
        Measure this share alone; no tables are written then.
    retry_failed : bool
        Measure again what crashed or overran its time.
    is_restarted : bool
        Forget the earlier run.

    Raises
    ------
    UsageError
        When the folder holds a run of something else, or another process is measuring into it.
    EnvironmentFault
        When a cluster is not there, or is lost; the run can be gone on with.
    """
    folder = RunFolder(path=out / NAME)
    if is_restarted:
        folder.remove()
    ran = run_plan(plan, folder, pool, progress=progress, share=share, retry_failed=retry_failed)
    if share is not None:
        return ran, None
    return ran, write_results(Assembly(plan=plan, folder=folder.parts, settled=ran.settled), out)


def choose_pool(workers: int, dask: str | None, *, limit_s: float = TIME_LIMIT_S) -> Callable[[], Pool]:
    """Choose where series are measured: child processes of this machine, or a Dask cluster."""
    if dask is None:
        return partial(ChildProcesses, workers, limit_s=limit_s)
    from recist.batch.cluster import connect

    return partial(connect, dask, workers=workers, limit_s=limit_s)


def measure_manifest(
    manifest: Path,
    *,
    out_parts: Path | None = None,
    convention: str = Convention.QUARTER,
    threshold: float = HALF,
    resample: bool = False,
    workers: int = 1,
    dask: str | None = None,
    time_limit_s: float | None = None,
    progress: Progress = no_progress,
) -> Measured:
    """Measure every lesion of a manifest.

    Parameters
    ----------
    manifest : pathlib.Path
        CSV or Parquet, columns of ``recist.manifest.MANIFEST``.
    out_parts : pathlib.Path, optional
        Folder where the run keeps its ledger and its parts; a run that was killed goes on from there. Without it
        they are kept for the time of the call.
    convention : {"quarter", "centre", "edge"}
    threshold, resample
        See :func:`recist.lesions.lesions_of_mask`.
    workers : int
        Processes; the result does not depend on it. One, without a limit of time, is this process: then a crash of a
        codec is a crash of this process too.
    dask : str, optional
        Address of a Dask scheduler, or ``local``.
    time_limit_s : float, optional
        Time that one series may take; 600 s where there are processes to stop.
    progress : Progress
        Told the number of series done.

    Raises
    ------
    DataError
        When the manifest itself has faults; all of them at once.
    """
    plan = make_plan(manifest, convention=convention, threshold=threshold, resample=resample)
    pool: Callable[[], Pool] = choose_pool(min(workers, len(plan) or 1), dask, limit_s=time_limit_s or TIME_LIMIT_S)
    if workers <= 1 and dask is None and time_limit_s is None:
        pool = OwnProcess
    with _kept(out_parts) as place:
        folder = RunFolder(path=place / NAME)
        ran = run_plan(plan, folder, pool, progress=progress)
        return gather(Assembly(plan=plan, folder=folder.parts, settled=ran.settled))


@contextmanager
def _kept(out_parts: Path | None) -> Iterator[Path]:
    if out_parts is not None:
        yield out_parts
        return
    with tempfile.TemporaryDirectory(prefix="recist-measure-") as temporary:
        yield Path(temporary)


def gather(assembly: Assembly) -> Measured:
    """Hold all results in memory."""
    stretches = list(assembly.stretches())
    table = pd.concat([stretch.measurements for stretch in stretches], ignore_index=True)
    problems = [problem for stretch in stretches for problem in stretch.problems]
    problems += assembly.check([table[[*CHECKED, "manifest_row"]]])
    return Measured(measurements=table.drop(columns="manifest_row"), problems=tuple(problems))
