"""The page on images says what the code does."""

import re
from pathlib import Path

import numpy as np
import pytest

from recist.dicom.ct_series import NO_PLANE, NO_VOLUME, CTSeries
from recist.dicom.fence import MOST_BYTES, MOST_ITEMS, MOST_READS, MOST_READS_OF_LARGE_FILES, READS_OF_A_FRAME
from recist.dicom.geometry import TOLERANCES, GeometryClass
from recist.dicom.grouping import SAME_SPACING_MM
from recist.dicom.stream import MOST_INFLATED_BYTES
from recist.errors import GeometryError

PAGE = (Path(__file__).parents[2] / "docs" / "images_in.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (yes|no) \| (yes|no) \| (.*?) ?\|$", PAGE, re.MULTILINE)


def series_of(*classes):
    return CTSeries(
        series_uid="1.2.3", study_uid="", frame_of_reference_uid="", subject="", description="", date=None,
        classes=classes, hu=np.zeros((2, 1, 1), np.int16), padding=None, sop_instance_uids=("1", "2"),
        positions_lps=np.zeros((2, 3)), orientation=np.array([1.0, 0, 0, 0, 1, 0]), pixel_spacing_mm=(0.5, 0.5),
        slice_spacing_mm=5.0, slice_thickness_mm=5.0, kernel="", contrast="", lossy=False,
    )  # fmt: skip


def test_every_class_has_one_row():
    assert sorted(name for name, *_ in ROWS) == sorted(GeometryClass)


@pytest.mark.parametrize(("name", "in_plane", "volume", "why"), ROWS)
def test_each_class_allows_and_refuses_what_its_row_says(name, in_plane, volume, why):
    series = series_of(GeometryClass(name))
    assert series.can_measure_in_plane == (in_plane == "yes")
    assert series.can_make_volume == (volume == "yes")
    if volume == "no":
        with pytest.raises(GeometryError, match=f"^No volume: {re.escape(why)}"):
            series.require_volume()
    if in_plane == "no":
        with pytest.raises(GeometryError, match=f"^No millimetres: {re.escape(why)}"):
            series.require_in_plane()


def test_no_combination_allows_more_than_its_worst_class():
    for one in GeometryClass:
        for other in set(GeometryClass) - {one}:
            series = series_of(one, other)
            assert series.can_measure_in_plane == (one not in NO_PLANE and other not in NO_PLANE)
            assert not series.can_make_volume
    assert NO_VOLUME.keys() == set(GeometryClass) - {GeometryClass.REGULAR}


def test_the_limits_on_the_page_are_those_in_force():
    assert f"{MOST_INFLATED_BYTES // 2**20} MiB when inflated" in PAGE
    assert f"{MOST_BYTES // 2**20} MiB and {MOST_READS:,} pieces" in PAGE
    assert f"{READS_OF_A_FRAME} pieces for every 16 KiB, up to {MOST_READS_OF_LARGE_FILES:,}" in PAGE
    assert f"{MOST_ITEMS:,} items" in PAGE
    assert f"Spacings within {SAME_SPACING_MM:.4f} mm" in PAGE
    told = f"{TOLERANCES.step_ratio:.0%} or {TOLERANCES.step_mm} mm", f"{TOLERANCES.lean_mm} mm beside"
    assert all(words.replace("%", " %") in PAGE for words in told)
    assert f"by no more than {TOLERANCES.cosine}" in PAGE
