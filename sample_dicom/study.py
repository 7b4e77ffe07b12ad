"""Making the whole sample study: DICOM, manifest and truth."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from recist.errors import EnvironmentFault, UsageError
from recist.outputs import whole_folder
from recist.progress import no_progress
from sample_dicom import SEED
from sample_dicom.plan import TIMEPOINTS, derive_visits, read_plan
from sample_dicom.protocols import PROTOCOLS, derive_grid, derive_pose
from sample_dicom.series import write_visit
from sample_dicom.truth import MANIFEST_COLUMNS, TRUTH_COLUMNS, write_rows
from sample_dicom.worker import Rows, draw_in_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from recist.progress import Progress
    from sample_dicom.plan import Visit

MANIFEST, TRUTH = "manifest.csv", "truth.csv"
N_WORKERS = 2


def make_study(
    folder: Path,
    *,
    subjects: Iterable[str] | None = None,
    seed: int = SEED,
    progress: Progress = no_progress,
    workers: int = N_WORKERS,
) -> Path:
    """Make the sample study: CT series and their segmentations, with a manifest and the exact truth.

    Parameters
    ----------
    folder : pathlib.Path
        Gets `dicom/<subject>/<timepoint>/ct/…`, `dicom/<subject>/<timepoint>/lesions.seg.dcm`, `manifest.csv` and
        `truth.csv`. Files appear only when all are made.
    subjects : iterable of str, optional
        Only these subjects of the plan.
    seed : int
        The same seed gives the same bytes.
    workers : int
        Processes that draw; the result does not depend on it.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    visits = choose_visits(subjects)
    costs = {visit: _count_pixels(visit, seed) for visit in visits}
    total, done = sum(n_slices for n_slices, _ in costs.values()), 0

    def on_slice() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    # the largest first, so that no process is left alone with it at the end
    order = sorted(visits, key=lambda visit: -costs[visit][1])
    with _explain_faults(folder), whole_folder(folder) as staging:
        rows = _write_visits(staging, order, seed, min(workers, len(order), os.cpu_count() or 1), on_slice=on_slice)
        in_order = [rows[visit.subject, visit.timepoint] for visit in visits]
        write_rows(staging / MANIFEST, MANIFEST_COLUMNS, [row for manifest, _ in in_order for row in manifest])
        write_rows(staging / TRUTH, TRUTH_COLUMNS, [row for _, truth in in_order for row in truth])
    return folder


@contextmanager
def _explain_faults(folder: Path) -> Iterator[None]:
    """Say in a sentence that a folder cannot be written."""
    try:
        yield
    except OSError as fault:
        raise EnvironmentFault(
            f"The sample study cannot be written to {folder}: {fault.strerror}. It needs a folder with 300 MB of room."
        ) from fault


def choose_visits(subjects: Iterable[str] | None) -> tuple[Visit, ...]:
    """Return the plan's visits of the subjects, or of all."""
    visits = derive_visits(read_plan())
    if subjects is None:
        return visits
    wanted, known = set(subjects), {visit.subject for visit in visits}
    if wanted - known:
        raise UsageError(
            f"The sample study has no images of {', '.join(sorted(wanted - known))}; "
            f"it has images of {', '.join(sorted(known))}."
        )
    return tuple(visit for visit in visits if visit.subject in wanted)


def _count_pixels(visit: Visit, seed: int) -> tuple[int, int]:
    """Return the slices and the pixels of a visit."""
    pose = derive_pose(visit.key, TIMEPOINTS.index(visit.timepoint), seed)
    grid = derive_grid(PROTOCOLS[visit.key, visit.timepoint], pose)
    return grid.n_slices, grid.n_slices * grid.rows * grid.columns


def _write_visits(
    folder: Path, visits: list[Visit], seed: int, n_workers: int, *, on_slice: Callable[[], None]
) -> dict[tuple[str, str], Rows]:
    if n_workers > 1:
        return draw_in_processes(folder, visits, seed, n_workers, on_slice)
    return {(visit.subject, visit.timepoint): write_visit(folder, visit, seed, on_slice) for visit in visits}
