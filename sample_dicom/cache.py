"""The sample study in the user's cache: made once, then only found."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from recist.errors import EnvironmentFault
from recist.progress import Progress, no_progress
from sample_dicom import SEED
from sample_dicom.plan import PLAN
from sample_dicom.study import TRUTH, make_study

HERE = Path(__file__).parent
DIGEST_LENGTH = 12


def cached_study(*, progress: Progress = no_progress) -> Path:
    """Return the folder of the sample study, making it on the first call (about 250 MB).

    It lies in the user's cache folder (`XDG_CACHE_HOME` where set), under a name that changes with the toolkit's
    version, the seed, the plan and the generator. It appears whole; two programs may ask for it at once.
    """
    folder = cache_folder() / f"study-{version('recist-toolkit')}-{SEED}-{_digest()}"
    if (folder / TRUTH).exists():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.partial-", dir=folder.parent))
    except OSError as fault:
        raise EnvironmentFault(
            f"The sample study cannot be kept in {folder.parent}: {fault.strerror}. "
            "Set XDG_CACHE_HOME to a folder with 300 MB of room."
        ) from fault
    try:
        made = make_study(staging / "study", progress=progress)
        _settle(made, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return folder


def cache_folder() -> Path:
    """Return the toolkit's folder in the user's cache, by the platform's convention."""
    if chosen := os.environ.get("XDG_CACHE_HOME"):
        return Path(chosen) / "recist-toolkit"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "recist-toolkit"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "recist-toolkit"
    return Path.home() / ".cache" / "recist-toolkit"


def _settle(made: Path, folder: Path) -> None:
    """Give the made study its name, unless another program was faster."""
    try:
        made.rename(folder)
    except OSError:
        if not (folder / TRUTH).exists():
            raise


def _digest() -> str:
    """Return a short digest of the plan and of the generator's own files."""
    digest = hashlib.sha256(PLAN.read_bytes())
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:DIGEST_LENGTH]
