"""The sample study: a computed CT phantom with lesions of exactly known size, and a made-up cohort around it.

Everything here is computed; no person was scanned. Heavy modules load only when a study is asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from recist.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recist.progress import Progress

__all__ = ["SEED", "cached_study", "cohort_folder", "committed_slices", "make_study"]

SEED = 20150301


def make_study(
    folder: Path,
    *,
    subjects: Iterable[str] | None = None,
    seed: int = SEED,
    progress: Progress = no_progress,
) -> Path:
    """Make the sample study in a folder; see :func:`sample_dicom.study.make_study`."""
    from sample_dicom import study

    return study.make_study(folder, subjects=subjects, seed=seed, progress=progress)


def cached_study(*, progress: Progress = no_progress) -> Path:
    """Return the sample study in the user's cache, made on the first call; see :mod:`sample_dicom.cache`."""
    from sample_dicom import cache

    return cache.cached_study(progress=progress)


def committed_slices() -> Path:
    """Return the folder of the few slices that come with the toolkit, with their segmentation and truth."""
    return Path(__file__).parent / "slices"


def cohort_folder() -> Path:
    """Return the folder of the made-up cohort's tables."""
    return Path(__file__).parent / "cohort"
