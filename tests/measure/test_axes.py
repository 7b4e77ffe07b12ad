"""Long and short axis from masks: against shapes worked out by hand and against other programs."""

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from scipy.spatial import ConvexHull
from scipy.spatial.distance import pdist
from skimage.measure import find_contours

from recist.measure import Convention, axes_from_labels, axes_from_mask, in_plane_length_mm
from recist.measure.outline import outline_segments


def ellipse(
    long_mm: float, short_mm: float, spacing: tuple[float, float], centre: tuple[float, float], angle: float
) -> npt.NDArray[np.bool_]:
    """Digitise an ellipse: True where a pixel centre lies inside; `centre` is off the middle pixel, in pixels."""
    n = 2 * (int(long_mm / min(spacing) / 2) + 3) + 1
    row, column = np.mgrid[:n, :n].astype(float)
    y = (row - n // 2 - centre[0]) * spacing[0]
    x = (column - n // 2 - centre[1]) * spacing[1]
    along = x * math.cos(angle) + y * math.sin(angle)
    across = y * math.cos(angle) - x * math.sin(angle)
    return (along / (long_mm / 2)) ** 2 + (across / (short_mm / 2)) ** 2 <= 1


def random_blob(seed: int) -> npt.NDArray[np.bool_]:
    """Make an irregular lesion over several slices, with holes and pieces."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(5, 24, 31))
    row, column = np.mgrid[:24, :31]
    return np.hypot(row - 12, column - 15) / 10 + 0.35 * noise < 0.8


def test_a_rectangle_has_its_diagonal_as_long_axis() -> None:
    mask = np.zeros((1, 9, 12), dtype=bool)
    mask[0, 2:5, 3:8] = True  # 3 rows and 5 columns: centres 2 and 4 pixels apart
    found = axes_from_mask(mask, (1.0, 2.0, 0.5), convention="centre")
    assert found.long_axis_mm == pytest.approx(math.hypot(2 * 2.0, 4 * 0.5))
    assert found.volume_mm3 == pytest.approx(15 * 2.0 * 0.5)
    assert {found.long_axis_px[0], found.long_axis_px[1]} in ({(2, 3), (4, 7)}, {(2, 7), (4, 3)})


def test_a_bar_along_the_rows_is_measured_from_midpoint_to_midpoint_of_its_edges() -> None:
    mask = np.zeros((1, 5, 15), dtype=bool)
    mask[0, 1:4, 2:13] = True
    found = axes_from_mask(mask, (1.0, 1.0, 1.0), convention="edge")
    # corners of the outline: centre (1, 2) moved half a pixel left, centre (3, 12) half a pixel right
    assert found.long_axis_mm == pytest.approx(math.hypot(2, 11))


def test_the_short_axis_is_perpendicular_in_millimetres_and_inside_the_lesion() -> None:
    # a plus sign of 1-mm pixels, 9 wide and 5 high: the long axis lies along the row, the short one up the middle
    mask = np.zeros((1, 7, 11), dtype=bool)
    mask[0, 3, 1:10] = True
    mask[0, 1:6, 5] = True
    found = axes_from_mask(mask, (1.0, 1.0, 1.0), convention="edge")
    assert found.long_axis_mm == pytest.approx(9.0)
    assert found.short_axis_mm == pytest.approx(5.0, abs=1e-6)
    (r1, c1), (r2, c2) = found.long_axis_px
    (r3, c3), (r4, c4) = found.short_axis_px
    assert (r2 - r1) * (r4 - r3) + (c2 - c1) * (c4 - c3) == pytest.approx(0, abs=1e-6)


def test_the_short_axis_does_not_jump_over_a_gap() -> None:
    # two prongs of 2 mm with 4 mm between them, joined at one end: no line across is longer than the join is wide
    mask = np.zeros((1, 12, 30), dtype=bool)
    mask[0, 2:4, 2:28] = True
    mask[0, 8:10, 2:28] = True
    mask[0, 2:10, 2:4] = True
    found = axes_from_mask(mask, (1.0, 1.0, 1.0), convention="edge")
    slope = math.atan2(7, 26)
    longest_in_the_join = 8.0 / math.cos(slope)
    assert found.short_axis_mm < longest_in_the_join + 0.5
    assert found.short_axis_mm > 2.0


def test_a_necrotic_centre_is_measured_across() -> None:
    whole = ellipse(30, 24, (1.0, 1.0), (0.0, 0.0), 0.3)
    core = ellipse(14, 10, (1.0, 1.0), (0.0, 0.0), 0.3)
    n, m = whole.shape[0], core.shape[0]
    ring = whole.copy()
    part = slice((n - m) // 2, (n - m) // 2 + m)
    ring[part, part] &= ~core
    solid, hollow = (axes_from_mask(mask[None], (1, 1, 1)) for mask in (whole, ring))
    assert hollow.long_axis_mm == solid.long_axis_mm
    assert hollow.short_axis_mm == solid.short_axis_mm
    assert hollow.volume_mm3 < solid.volume_mm3


@pytest.mark.parametrize("seed", range(40))
def test_between_centres_the_long_axis_equals_that_of_scipys_hull(seed: int) -> None:
    mask, spacing = random_blob(seed), np.array([0.7, 0.9])
    expected = max(
        pdist(points[ConvexHull(points).vertices]).max() for points in (np.argwhere(part) * spacing for part in mask)
    )
    assert axes_from_mask(mask, (3.0, 0.7, 0.9), convention="centre").long_axis_mm == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_the_outline_is_the_contour_that_scikit_image_draws(seed: int) -> None:
    mask = np.pad(random_blob(seed)[0], 1)
    pieces = outline_segments(mask, 0.5)
    ours = {tuple(np.round(np.sort(piece.reshape(2, 2), axis=0).ravel(), 6)) for piece in pieces}
    theirs = set()
    for contour in find_contours(mask.astype(float), 0.5, fully_connected="high"):
        for start, end in pairwise(contour):
            theirs.add(tuple(np.round(np.sort(np.array([start, end]), axis=0).ravel(), 6)))
    assert ours == theirs


@pytest.mark.parametrize(
    ("long_mm", "short_mm", "spacing"),
    [(10, 8, (0.7, 0.7)), (20, 15, (0.7, 0.9)), (30, 23, (0.8, 0.8)), (48, 36, (0.8, 0.8)), (62, 47, (1.4, 1.4))],
)
def test_digitised_ellipses_are_measured_within_half_a_pixel_on_average_a_fifth(
    long_mm: float, short_mm: float, spacing: tuple[float, float]
) -> None:
    rng = np.random.default_rng(11)
    errors = []
    for _ in range(60):
        mask = ellipse(long_mm, short_mm, spacing, tuple(rng.uniform(-0.5, 0.5, 2)), rng.uniform(0, math.pi))
        found = axes_from_mask(mask[None], (1.0, *spacing))
        errors.append((found.long_axis_mm - long_mm, found.short_axis_mm - short_mm))
    bias = np.abs(np.mean(errors, axis=0))
    assert bias.max() < 0.2 * max(spacing) + 0.05
    assert np.quantile(np.abs(errors), 0.9) < 0.5 * max(spacing)


def test_the_slice_with_the_longest_axis_is_taken() -> None:
    mask = np.zeros((4, 20, 20), dtype=bool)
    mask[1, 5:8, 5:8] = True
    mask[2, 5:7, 2:18] = True
    found = axes_from_mask(mask, (5.0, 1.0, 1.0))
    assert found.slice_index == 2


def test_of_slices_with_the_same_long_axis_the_larger_area_wins_then_the_lower_slice() -> None:
    mask = np.zeros((4, 20, 20), dtype=bool)
    mask[0, 4, 2:12] = True
    mask[1:4, 4, 2:12] = True
    mask[2:4, 5, 4:9] = True
    found = axes_from_mask(mask, (5.0, 1.0, 1.0), convention="centre")
    assert found.slice_index == 2


def test_a_single_pixel_has_axes_of_the_convention_and_short_is_never_longer() -> None:
    mask = np.ones((1, 1, 1))
    found = axes_from_mask(mask, (1.0, 0.8, 0.8))
    assert found.long_axis_mm == pytest.approx(0.4)
    assert found.short_axis_mm <= found.long_axis_mm
    assert axes_from_mask(mask, (1.0, 0.8, 0.8), convention="centre").long_axis_mm == 0


def test_without_a_volume_the_axes_are_true_and_the_volume_is_not_given() -> None:
    found = axes_from_mask(ellipse(20, 16, (1, 1), (0, 0), 0)[None], (math.nan, 1.0, 1.0))
    assert math.isnan(found.volume_mm3)
    assert found.long_axis_mm == pytest.approx(20, abs=0.5)


def test_every_label_of_a_volume_is_one_row_counted_in_the_whole_volume() -> None:
    labels = np.zeros((6, 60, 70), dtype=np.uint16)
    first = ellipse(20, 14, (1, 1), (0, 0), 0.5)
    second = ellipse(12, 10, (1, 1), (0, 0), 2.0)
    labels[2, 3 : 3 + first.shape[0], 5 : 5 + first.shape[1]][first] = 7
    labels[4, 30 : 30 + second.shape[0], 40 : 40 + second.shape[1]][second] = 300
    table = axes_from_labels(labels, (2.5, 1.0, 1.0))
    assert table["label"].tolist() == [7, 300]
    assert table["slice_index"].tolist() == [2, 4]
    alone = axes_from_mask(first[None], (2.5, 1.0, 1.0))
    assert table["long_axis_mm"][0] == alone.long_axis_mm
    assert table["y1"][0] == alone.long_axis_px[0][0] + 3
    assert table["x1"][0] == alone.long_axis_px[0][1] + 5
    drawn = in_plane_length_mm((table["y1"][1], table["x1"][1]), (table["y2"][1], table["x2"][1]), (1.0, 1.0))
    assert drawn == pytest.approx(table["long_axis_mm"][1])


def test_touching_lesions_are_measured_apart() -> None:
    labels = np.zeros((1, 10, 20), dtype=np.uint8)
    labels[0, 3:6, 2:9] = 1
    labels[0, 3:6, 9:15] = 2
    table = axes_from_labels(labels, (1.0, 1.0, 1.0), convention="centre")
    assert table["long_axis_mm"].tolist() == pytest.approx([math.hypot(2, 6), math.hypot(2, 5)])


def test_an_empty_label_volume_has_no_rows() -> None:
    assert len(axes_from_labels(np.zeros((2, 3, 3), dtype=np.uint8), (1, 1, 1))) == 0


@pytest.mark.parametrize(
    ("mask", "spacing", "convention", "reason"),
    [
        (np.zeros((1, 3, 3)), (1, 1, 1), "quarter", "empty"),
        (np.ones((3, 3)), (1, 1, 1), "quarter", "2 dimensions"),
        (np.ones((1, 3, 3)), (1, 0, 1), "quarter", "positive millimetres"),
        (np.ones((1, 3, 3)), (1, 1), "quarter", "three lengths"),
        (np.ones((1, 3, 3)), (1, math.nan, 1), "quarter", "positive millimetres"),
        (np.ones((1, 3, 3)), (1, 1, 1), "outer", "unknown convention"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    mask: npt.NDArray[np.float64], spacing: tuple[float, ...], convention: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        axes_from_mask(mask, spacing, convention=convention)


def test_each_convention_states_its_offsets() -> None:
    from recist.measure.convention import BOUNDARIES

    assert set(BOUNDARIES) == set(Convention)
    assert BOUNDARIES[Convention.QUARTER].long_axis_offset_px == 0.25
    assert BOUNDARIES[Convention.EDGE].long_axis_offset_px == 0.5


@pytest.mark.parametrize("labels", [np.full((1, 3, 3), 1.5), np.full((1, 3, 3), -1)])
def test_labels_that_are_none_are_refused(labels: npt.NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="labels"):
        axes_from_labels(labels, (1, 1, 1))
