"""De-identify one DICOM file."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from recist.errors import DicomError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom import Dataset

    from recist.deidentify.key import StudyKey

GUARDED_IMPORTS = ("pydicom", "numpy", "recist.deidentify.dataset", "recist.deidentify.pixels")


def deidentify_file(path: Path, out: Path, key: StudyKey, has_characteristics: bool) -> str:
    """De-identify one file, and give the path of the cleaned one below `out`.

    Parameters
    ----------
    path : pathlib.Path
        One that is trusted: it is read in this process. `deidentify_folder` reads each file in one that is guarded.
    out : pathlib.Path
        A folder that is there already.
    key : StudyKey
    has_characteristics : bool
        Keep age, sex, size and weight.

    Raises
    ------
    DicomError
        When it is refused; nothing is written then.
    """
    with TemporaryDirectory(dir=out) as folder:
        staged = Path(folder) / "cleaned.dcm"
        result = clean_to(path, staged, key, has_characteristics)
        place_file(staged, out / result)
    return result


def clean_to(path: Path, staged: Path, key: StudyKey, has_characteristics: bool) -> str:
    """Write what is left of a file to `staged`, and give the path that it belongs to.

    Raises
    ------
    DicomError
        When it is refused; nothing is written then.
    """
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    with _tolerance():
        try:
            dataset = dcmread(path)
        except InvalidDicomError as fault:
            raise DicomError("it is not a DICOM file") from fault
        _clean(dataset, key, has_characteristics)
        dataset.save_as(staged, enforce_file_format=True)
    return f"{dataset.PatientID}/{dataset.SeriesInstanceUID}/{dataset.SOPInstanceUID}.dcm"


def _clean(dataset: Dataset, key: StudyKey, has_characteristics: bool) -> None:
    from recist.deidentify.dataset import clean_file
    from recist.deidentify.pixels import clean_pixels
    from recist.deidentify.refusal import require_safe
    from recist.deidentify.traces import empty_traces, find_identifiers, require_no_traces
    from recist.deidentify.values import drop_unreadable

    if "TransferSyntaxUID" not in dataset.file_meta:
        raise DicomError("it does not say how it is written (TransferSyntaxUID)")
    drop_unreadable(dataset)
    require_safe(dataset)
    identifiers = find_identifiers(dataset)
    clean_pixels(dataset)
    clean_file(dataset, key, has_characteristics=has_characteristics)
    empty_traces(dataset, identifiers)
    require_no_traces(dataset, identifiers)


@contextmanager
def _tolerance() -> Iterator[None]:
    """Read and write values that break rules without a word: what breaks them is emptied here."""
    from pydicom import config

    before = config.settings.reading_validation_mode, config.settings.writing_validation_mode
    config.settings.reading_validation_mode = config.settings.writing_validation_mode = config.IGNORE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        config.settings.reading_validation_mode, config.settings.writing_validation_mode = before


def place_file(staged: Path, path: Path) -> None:
    """Move a cleaned file where it belongs; the same image may come twice, two images of one UID may not.

    Raises
    ------
    DicomError
        When another file is there.
    """
    from filecmp import cmp

    if path.exists():
        if not cmp(path, staged, shallow=False):
            raise DicomError("another image with the same SOPInstanceUID is there already, and it is not the same")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    staged.replace(path)
