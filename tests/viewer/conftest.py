"""A synthetic CT study: ellipses of exact size on non-square pixels, two visits of one subject, and odd series."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

if TYPE_CHECKING:
    from pathlib import Path

SPACING = (0.7, 0.9)  # between rows, between columns
STEP = 5.0
SHAPE = (160, 150)
BASELINE_DAY, FOLLOWUP_DAY = dt.date(2024, 1, 10), dt.date(2024, 3, 6)


@dataclass(frozen=True)
class Ellipse:
    """A lesion of exact size: centre in pixels, axes in mm, angle of the long axis to the rows in millimetre space."""

    slice_index: int
    centre: tuple[float, float]
    long_mm: float
    short_mm: float
    angle_deg: float

    def _end(self, length_mm: float, angle_deg: float) -> tuple[float, float]:
        across, down = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
        return (
            self.centre[0] + length_mm / 2 * down / SPACING[0],
            self.centre[1] + length_mm / 2 * across / SPACING[1],
        )

    @property
    def long_ends(self):
        return self._end(-self.long_mm, self.angle_deg), self._end(self.long_mm, self.angle_deg)

    @property
    def short_ends(self):
        return self._end(-self.short_mm, self.angle_deg + 90), self._end(self.short_mm, self.angle_deg + 90)

    def mask(self) -> np.ndarray:
        rows, columns = np.indices(SHAPE)
        down, right = (rows - self.centre[0]) * SPACING[0], (columns - self.centre[1]) * SPACING[1]
        turn = math.radians(self.angle_deg)
        along = right * math.cos(turn) + down * math.sin(turn)
        beside = -right * math.sin(turn) + down * math.cos(turn)
        return (along / self.long_mm * 2) ** 2 + (beside / self.short_mm * 2) ** 2 <= 1


BASELINE_LESIONS = (Ellipse(2, (70.0, 50.0), 40.0, 24.0, 30.0), Ellipse(3, (90.0, 100.0), 30.0, 20.0, -20.0))
FOLLOWUP_LESIONS = (Ellipse(3, (72.0, 52.0), 28.0, 18.0, 30.0), Ellipse(3, (112.0, 105.0), 21.0, 15.0, -20.0))


def write_series(
    folder: Path,
    *,
    day: dt.date,
    lesions=(),
    description="axial",
    n_slices=6,
    positions=None,
    spacing=SPACING,
    modality="CT",
    image_type="AXIAL",
    padding=None,
    subject="P01",
) -> str:
    """Write one series and return its UID."""
    folder.mkdir(parents=True, exist_ok=True)
    series_uid, study_uid, frame_uid = generate_uid(), generate_uid(), generate_uid()
    for index in range(n_slices):
        stored = np.full(SHAPE, 1024 + 40, dtype=np.uint16)
        for lesion in lesions:
            if lesion.slice_index == index:
                stored[lesion.mask()] = 1024 + 110
        if padding is not None:
            stored[:, :8] = padding
        position = positions[index] if positions else (-60.0, -50.0, index * STEP)
        image = _make_image(stored, (series_uid, study_uid, frame_uid), position, day)
        image.SeriesDescription, image.PatientID = description, subject
        image.Modality, image.ImageType = modality, ["ORIGINAL", "PRIMARY", image_type]
        image.InstanceNumber = n_slices - index
        if spacing is not None:
            image.PixelSpacing = list(spacing)
        if padding is not None:
            image.PixelPaddingValue = padding
        image.save_as(folder / f"{n_slices - index:03d}.dcm", enforce_file_format=True)
    return series_uid


def _make_image(stored, uids, position, day) -> Dataset:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = CTImageStorage
    image = Dataset()
    image.file_meta = meta
    image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, generate_uid()
    meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    image.SeriesInstanceUID, image.StudyInstanceUID, image.FrameOfReferenceUID = uids
    image.PatientName, image.SeriesNumber = "", 1
    image.StudyDate = image.SeriesDate = image.AcquisitionDate = day.strftime("%Y%m%d")
    image.ImagePositionPatient, image.ImageOrientationPatient = list(position), [1, 0, 0, 0, 1, 0]
    image.SliceThickness = STEP
    image.Rows, image.Columns = SHAPE
    image.BitsAllocated = image.BitsStored = 16
    image.HighBit, image.PixelRepresentation, image.SamplesPerPixel = 15, 0, 1
    image.PhotometricInterpretation = "MONOCHROME2"
    image.RescaleSlope, image.RescaleIntercept, image.RescaleType = 1, -1024, "HU"
    image.PixelData = stored.tobytes()
    return image


@pytest.fixture(scope="session")
def study_folder(tmp_path_factory) -> Path:
    """A folder with two visits of one subject, a tilted series, a localizer and one without pixel spacing."""
    folder = tmp_path_factory.mktemp("study")
    write_series(folder / "a", day=BASELINE_DAY, lesions=BASELINE_LESIONS, description="portal venous")
    write_series(folder / "b", day=FOLLOWUP_DAY, lesions=FOLLOWUP_LESIONS, description="portal venous")
    leaning = [(-60.0, -50.0 + 1.5 * index, index * STEP) for index in range(4)]
    write_series(folder / "c", day=BASELINE_DAY, description="tilted", n_slices=4, positions=leaning)
    write_series(folder / "d", day=BASELINE_DAY, description="scout", n_slices=1, image_type="LOCALIZER")
    write_series(folder / "e", day=BASELINE_DAY, description="no spacing", n_slices=2, spacing=None)
    return folder


@pytest.fixture
def own_study(study_folder, tmp_path):
    """The study, and a table of its own for the test."""
    return study_folder, tmp_path / "measurements.csv"


@pytest.fixture(scope="session")
def study(study_folder):
    """The folder as a reader sees it."""
    from recist.dicom.index import index_folder
    from viewer.study import build_study

    return build_study(study_folder, index_folder(study_folder, with_pixels=False))


@pytest.fixture(scope="session")
def read_item(study):
    """Read a series of the study by its date and description, once."""
    from recist.dicom.series import read_series

    kept = {}

    def read(description="portal venous", day=BASELINE_DAY):
        if (description, day) not in kept:
            item = next(one for one in study.series if (one.description, one.date) == (description, day))
            kept[description, day] = (read_series(item.paths, series_uid=item.key), item)
        return kept[description, day]

    return read


@pytest.fixture
def session(study, read_item, tmp_path):
    """A session on the baseline series, saving into a table of its own."""
    from viewer.session import Session

    session = Session(reader="anna")
    session.open_study(study, tmp_path / "measurements.csv")
    session.show_series(*read_item())
    return session


@pytest.fixture
def draw():
    """Draw a lesion's axes as a reader would: the long axis, then both ends of the short one."""

    def draw_lesion(session, lesion: Ellipse, *, site="", accept=True):
        session.press(lesion.slice_index, lesion.long_ends[0], reach_mm=0.1)
        session.drag(lesion.long_ends[1])
        session.release()
        for handle, end in zip(("short_start", "short_end"), _matched(session, lesion), strict=True):
            session.press(lesion.slice_index, getattr(session.state.draft.caliper, handle), reach_mm=2.0)
            session.drag(end)
            session.release()
        if site:
            session.choose_site(site)
        if accept:
            session.accept()

    return draw_lesion


def _matched(session, lesion: Ellipse):
    """Give the true ends of the short axis in the order of the draft's."""
    start = session.state.draft.caliper.short_start
    return sorted(lesion.short_ends, key=lambda end: math.dist(end, start))


@pytest.fixture(scope="session")
def lesions():
    """The true lesions by time point."""
    return {"baseline": BASELINE_LESIONS, "followup-1": FOLLOWUP_LESIONS}
