"""Where a lesion of baseline is expected in the follow-up: led there, marked, never measured."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from viewer.expecting import align_series, expect, find_origin
from viewer.session import Session
from viewer.view_state import resolve

SUBJECT = "S209"


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """One subject of the sample study: its folder as read, the series by time point, the true lesions."""
    from recist.dicom.index import index_folder
    from recist.dicom.series import read_series
    from sample_dicom import make_study
    from viewer.study import build_study, derive_visits

    folder = make_study(tmp_path_factory.mktemp("sample") / "study", subjects=[SUBJECT])
    study = build_study(folder / "dicom", index_folder(folder / "dicom", with_pixels=False))
    truth = pd.read_csv(folder / "truth.csv")
    items = {visit.timepoint: visit.default_series() for visit in derive_visits(study, SUBJECT, {})}
    shown = {name: (read_series(item.paths, series_uid=item.key), item) for name, item in items.items()}
    return study, shown, truth[truth["state"] == "measured"]


@pytest.fixture(scope="session")
def alignment(sample):
    """Baseline aligned with the first follow-up, once."""
    _, shown, _ = sample
    return align_series(shown["baseline"][0], shown["followup-1"][0], lambda done, total: None)


def true_row(truth, lesion, timepoint):
    return truth[(truth["lesion"] == lesion) & (truth["timepoint"] == timepoint)].iloc[0]


def draw_true(session, row, site="liver"):
    session.press(int(row["slice_index"]), (row["y1"], row["x1"]), reach_mm=0.01)
    session.drag((row["y2"], row["x2"]))
    session.release()
    session.choose_site(site)
    session.accept()


@pytest.fixture
def follow_up(sample, tmp_path):
    """A session on the first follow-up, the lesions of baseline drawn at baseline."""
    study, shown, truth = sample
    session = Session(reader="anna")
    session.open_study(study, tmp_path / "measurements.csv")
    session.show_series(*shown["baseline"])
    for lesion in ("T1", "T2", "T3"):
        draw_true(session, true_row(truth, lesion, "baseline"))
    session.show_series(*shown["followup-1"])
    return session


@pytest.mark.parametrize("lesion", ["T1", "T2", "T3"])
def test_a_lesion_is_expected_where_it_is(follow_up, sample, alignment, lesion):
    """Three times the usual error holds nearly all of a distribution of distances with that mean."""
    follow_up.choose_lesion(lesion)
    origin = find_origin(follow_up.state)
    expected = expect(follow_up.state, origin, alignment)
    row, series = true_row(sample[2], lesion, "followup-1"), follow_up.state.series
    place = series.affine @ (expected.slice_index, *expected.point, 1.0)
    away = place[:3] - row[["centre_x_lps", "centre_y_lps", "centre_z_lps"]].to_numpy(dtype=float)
    assert np.linalg.norm(away[:2]) < 3 * expected.residual_mm
    assert abs(away[2]) <= expected.residual_mm + series.slice_spacing_mm / 2
    assert f"{lesion} is expected on slice" in expected.sentence


def test_the_place_is_marked_and_nothing_is_measured(follow_up, alignment):
    before = follow_up.state.reading
    follow_up.choose_lesion("T1")
    follow_up.expect_from(find_origin(follow_up.state), alignment)
    view = resolve(follow_up.state)
    assert view.expected.point is not None
    assert view.expectation == view.expected.sentence
    assert view.drawings == ()
    assert follow_up.state.reading == before
    follow_up.choose_lesion("T2")  # the mark is that of T1
    assert resolve(follow_up.state).expected is None


def test_the_mark_goes_once_the_lesion_is_drawn(follow_up, sample, alignment):
    follow_up.choose_lesion("T1")
    follow_up.expect_from(find_origin(follow_up.state), alignment)
    draw_true(follow_up, true_row(sample[2], "T1", "followup-1"))
    follow_up.choose_lesion("T1")
    assert find_origin(follow_up.state) is None
    assert resolve(follow_up.state).expected is None


def test_an_unsure_place_gives_its_level_and_the_reason_but_no_mark(follow_up, alignment):
    doubt = "The scans do not agree."
    doubtful = dataclasses.replace(alignment, registration=dataclasses.replace(alignment.registration, doubt=doubt))
    follow_up.choose_lesion("T1")
    expected = expect(follow_up.state, find_origin(follow_up.state), doubtful)
    assert expected.point is None
    assert math.isnan(expected.residual_mm)
    assert expected.slice_index == 24
    assert expected.sentence.startswith("T1: only its level is guessed (slice 24)")
    assert doubt in expected.sentence


def test_a_series_that_is_no_volume_gives_the_level_on_the_table_only(follow_up, sample):
    from recist.dicom.geometry import GeometryClass

    baseline = dataclasses.replace(sample[1]["baseline"][0], classes=(GeometryClass.MISSING_SLICES,))
    alignment = align_series(baseline, follow_up.state.series, lambda done, total: None)
    assert alignment.registration is None
    follow_up.choose_lesion("T1")
    expected = expect(follow_up.state, find_origin(follow_up.state), alignment)
    assert expected.point is None
    assert "no volume" in expected.sentence


def test_scans_that_do_not_fit_give_a_sentence_and_no_place(follow_up, sample):
    series = sample[1]["baseline"][0]
    air = dataclasses.replace(series, hu=np.full_like(series.hu, -1000))
    alignment = align_series(air, follow_up.state.series, lambda done, total: None)
    follow_up.choose_lesion("T1")
    expected = expect(follow_up.state, find_origin(follow_up.state), alignment)
    assert (expected.slice_index, expected.point) == (None, None)
    assert expected.sentence == "T1: its place is not predicted. No body was found in the baseline scan."


def test_the_last_visit_where_a_lesion_was_drawn_is_asked(follow_up, sample):
    _, shown, truth = sample
    draw_true(follow_up, true_row(truth, "T1", "followup-1"))
    follow_up.show_series(*shown["followup-2"])
    follow_up.choose_lesion("T1")
    assert find_origin(follow_up.state).finding.timepoint == "followup-1"
    follow_up.choose_lesion("T2")
    assert find_origin(follow_up.state).finding.timepoint == "baseline"
    follow_up.choose_lesion("N7")
    assert find_origin(follow_up.state) is None
