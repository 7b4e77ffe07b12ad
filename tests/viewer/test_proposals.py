"""Outlines proposed from a click or a drawn axis: nothing is a finding until the reader accepts it."""

import dataclasses
import math
import re

import numpy as np
import pandas as pd
import pytest

from viewer.origin import METHOD_COLUMNS, SERIES_COLUMNS
from viewer.session import Session
from viewer.view_state import DOUBT_COLOUR, resolve

PIXEL_MM = 0.9


def ball(series, *, half_mm=(15.0, 12.0, 18.0), middle=11.0, step_mm=2.5):
    """Put an ellipsoid of exact axes (36 x 24 mm on its middle slice) into the series, on slices of 2.5 mm."""
    shape = (24, 160, 150)
    apart = np.indices(shape, dtype=float) - np.reshape((middle, 75.0, 70.0), (3, 1, 1, 1))
    apart *= np.reshape((step_mm, 0.7, 0.9), (3, 1, 1, 1))
    inside = sum((apart[axis] / half_mm[axis]) ** 2 for axis in range(3)) <= 1
    hu = np.where(inside, 60.0, 110.0) + np.random.default_rng(4).normal(0, 8.0, shape)
    positions = np.column_stack([np.full(24, -60.0), np.full(24, -50.0), np.arange(24) * step_mm])
    return dataclasses.replace(
        series,
        hu=hu.astype(np.int16),
        positions_lps=positions,
        slice_spacing_mm=step_mm,
        slice_thickness_mm=step_mm,
        sop_instance_uids=tuple(f"1.2.{number}" for number in range(24)),
        frame_numbers=(1,) * 24,
        kernel="B30f",
    )


@pytest.fixture(scope="session")
def clear(read_item):
    """A lesion of 36 x 24 mm with a clear edge."""
    series, item = read_item()
    return ball(series), item


@pytest.fixture(scope="session")
def cut(read_item):
    """The same lesion on the lowest slices: part of it was not scanned, so that no outline of it is sure."""
    series, item = read_item()
    return ball(series, middle=1.0), item


@pytest.fixture
def reading(study, clear, tmp_path):
    """A session on the clear lesion where a click finds."""
    return open_on(clear, study, tmp_path)


def open_on(shown, study, folder):
    session = Session(reader="anna")
    session.open_study(study, folder / "measurements.csv")
    session.show_series(*shown)
    session.toggle_clicking()
    return session


def click(session, slice_index=11, point=(75.0, 70.0)):
    session.press(slice_index, point, reach_mm=1.0)
    session.drag(point)
    session.release()


def found(session):
    return session.state.reading.finding("T1", "baseline")


def test_a_click_proposes_both_axes_and_stores_nothing(reading):
    click(reading)
    view = resolve(reading.state)
    assert view.can_accept
    assert view.outline is not None
    assert view.outline.axes.long_axis_mm == pytest.approx(36.0, abs=1.5 * PIXEL_MM)
    assert view.outline.axes.short_axis_mm == pytest.approx(24.0, abs=1.5 * PIXEL_MM)
    assert re.match(r"Proposed from a click, confidence 0\.\d\d", view.message)
    assert "boundary quarter" in view.message
    assert reading.state.reading.findings == ()
    assert not reading.state.table.exists()


def test_an_accepted_proposal_is_stored_as_drawn_axes_are(reading):
    click(reading)
    caliper = reading.state.draft.caliper
    reading.accept()
    assert found(reading).caliper == caliper
    assert found(reading).slice_index == 11
    assert found(reading).sop_instance_uid == "1.2.11"
    row = pd.read_csv(reading.state.table, dtype=str).iloc[0]
    start, end = (np.array([float(row[f"y{k}"]) * 0.7, float(row[f"x{k}"]) * 0.9]) for k in "12")
    assert np.linalg.norm(end - start) == pytest.approx(float(row["long_axis_mm"]), abs=0.01)
    assert (row["measured_from"], row["convention"], row["outline_steps"]) == ("a click", "quarter", "0")
    assert float(row["confidence"]) > 0.88
    assert (row["geometry"], row["kernel"], row["lossy"], row["slice_spacing_mm"]) == (
        "regular",
        "B30f",
        "false",
        "2.5",
    )


def test_undo_takes_an_accepted_proposal_back_and_names_it(reading):
    click(reading)
    reading.accept()
    assert re.fullmatch(r"measure T1 from a click, confidence 0\.\d\d", resolve(reading.state).undo_label)
    reading.undo()
    assert reading.state.reading.findings == ()
    reading.redo()
    assert found(reading) is not None


def test_a_proposal_grows_and_shrinks_back_to_itself(reading):
    click(reading)
    first = reading.state.draft.proposal.axes.long_axis_mm
    reading.resize(1)
    larger = reading.state.draft.proposal.axes.long_axis_mm
    reading.resize(-1)
    assert larger > first
    assert reading.state.draft.proposal.axes.long_axis_mm == first
    assert reading.state.reading.findings == ()


def test_a_proposal_is_dropped_without_a_trace(reading):
    click(reading)
    reading.discard()
    assert resolve(reading.state).outline is None
    assert not resolve(reading.state).can_accept
    assert reading.state.history.done == ()


def test_a_drawn_axis_gets_an_outline_and_comes_back_when_that_is_dropped(reading):
    reach = 18.0 / PIXEL_MM
    reading.press(11, (75.0, 70.0 - reach), reach_mm=0.1)
    reading.drag((75.0, 70.0 + reach))
    reading.release()
    drawn = reading.state.draft
    reading.outline_axis()
    assert "Proposed from a drawn axis" in reading.state.message
    assert resolve(reading.state).measure.startswith("T1  3")
    reading.discard()
    assert reading.state.draft == drawn
    reading.accept()
    assert dict(found(reading).extra)["measured_from"] == "by hand"


def test_an_end_corrected_by_hand_makes_the_axes_those_of_the_hand(reading):
    click(reading)
    end = reading.state.draft.caliper.long_end
    reading.press(11, end, reach_mm=1.0)
    reading.drag((end[0] + 4, end[1] + 2))
    reading.release()
    assert resolve(reading.state).outline is None
    reading.resize(1)
    assert "corrected by hand" in reading.state.message
    reading.accept()
    extra = dict(found(reading).extra)
    assert (extra["measured_from"], extra["convention"]) == ("a click, corrected by hand", "")


def test_an_accepted_proposal_corrected_later_says_so_and_a_mere_click_does_not(reading):
    click(reading)
    reading.accept()
    before = reading.state.history
    end = found(reading).caliper.long_end
    click(reading, point=end)
    assert reading.state.history == before
    reading.press(11, end, reach_mm=1.0)
    reading.drag((end[0] + 4, end[1] + 2))
    reading.release()
    extra = dict(found(reading).extra)
    assert (extra["measured_from"], extra["confidence"]) == ("a click, corrected by hand", "")


def test_an_unsure_outline_is_not_proposed_but_told_with_its_reason(study, cut, tmp_path):
    session = open_on(cut, study, tmp_path)
    click(session, slice_index=1)
    view = resolve(session.state)
    assert view.outline is None
    assert not view.can_accept
    assert view.has_doubtful
    assert view.message.startswith("Nothing is proposed: ")
    assert session.state.doubtful.reason in view.message
    session.accept()
    assert session.state.reading.findings == ()


def test_a_doubtful_outline_is_marked_and_takes_a_key_of_its_own(study, cut, tmp_path):
    session = open_on(cut, study, tmp_path)
    click(session, slice_index=1)
    session.show_doubtful()
    view = resolve(session.state)
    assert view.is_doubtful
    assert view.drawings[-1].colour == DOUBT_COLOUR
    assert "DOUBTFUL" in view.drawings[-1].label
    assert "Only Shift+Enter accepts it" in view.cautions[0]
    reason = session.state.draft.proposal.reason
    session.accept()
    assert session.state.reading.findings == ()
    assert "not accepted by Enter" in session.state.message
    session.accept_doubtful()
    assert dict(found(session).extra)["doubt"] == reason
    assert "doubtful" in session.state.history.undo_label


def test_a_click_where_nothing_is_says_why(reading):
    click(reading, slice_index=2, point=(20.0, 20.0))
    assert reading.state.draft is None
    assert reading.state.message.startswith("Nothing")


def test_a_series_that_is_no_volume_is_outlined_on_the_clicked_slice_alone(study, clear, read_item, tmp_path):
    tilted, item = read_item("tilted")
    leaning = dataclasses.replace(clear[0], classes=tilted.classes)
    session = open_on((leaning, item), study, tmp_path)
    click(session, slice_index=12)
    proposal = session.state.draft.proposal if session.state.draft else session.state.doubtful
    assert math.isnan(proposal.spacing_mm[0])
    assert proposal.segmentation.mask.shape[0] == 1
    assert proposal.slice_index == 12
    assert math.isnan(proposal.axes.volume_mm3)


def test_a_series_without_true_millimetres_is_refused_with_the_sentence_of_the_gate(study, read_item, tmp_path):
    from viewer.proposing import click_at

    session = open_on(read_item("no spacing"), study, tmp_path)
    assert session.refuse_drawing(is_axial=True)
    assert "No millimetres: the images carry no pixel spacing" in session.state.message
    clicked = click_at(session.state, 0, (75.0, 70.0))
    assert "No millimetres: the images carry no pixel spacing" in clicked.message
    assert clicked.draft is None


def test_padding_is_no_measurement_for_the_engine_either(clear):
    from viewer.proposal import cut_hu

    padding = np.zeros(clear[0].hu.shape, dtype=bool)
    padding[:, :4] = True
    part = cut_hu(dataclasses.replace(clear[0], padding=padding), (slice(0, 2), slice(0, 10), slice(0, 10)))
    assert (part[:, :4] < -1500).all()
    assert (part[:, 4:] > -1500).all()


def test_the_surroundings_do_not_change_what_is_found(clear, monkeypatch):
    from viewer import proposal
    from viewer.caliper import propose_caliper

    hu = np.pad(clear[0].hu, ((0, 0), (60, 60), (60, 60)), constant_values=110)
    wide, middle = dataclasses.replace(clear[0], hu=hu), (135.0, 130.0)
    axis = propose_caliper((135.0, 110.0), (135.0, 150.0), (0.7, 0.9))
    near = proposal.propose_from_click(wide, 11, middle)
    drawn = proposal.propose_from_axis(wide, 11, axis)
    assert min(near.corner[1:]) > 0
    monkeypatch.setattr(proposal, "REACHES_MM", (math.inf,))
    assert proposal.propose_from_click(wide, 11, middle).caliper == near.caliper
    assert proposal.propose_from_axis(wide, 11, axis).caliper == drawn.caliper


def test_surroundings_that_cut_the_outline_are_widened(clear, monkeypatch):
    from viewer import proposal
    from viewer.caliper import propose_caliper

    axis = propose_caliper((75.0, 70.0), (75.0, 88.0), (0.7, 0.9))
    whole = proposal.propose_from_axis(clear[0], 11, axis)
    monkeypatch.setattr(proposal, "REACHES_MM", (16.3, math.inf))
    assert proposal.propose_from_axis(clear[0], 11, axis).caliper == whole.caliper


def test_a_click_is_refused_while_the_engine_is_made_ready(reading):
    reading.prepare(True)
    click(reading)
    assert reading.state.draft is None
    assert "made ready" in reading.state.message


def test_another_kernel_or_phase_and_lossy_images_are_warned_of(reading, clear):
    click(reading)
    reading.accept()
    item = next(one for one in reading.state.study.series if one.date.month == 3)
    reading.show_series(dataclasses.replace(clear[0], kernel="B70f", lossy=True), item)
    reading.choose_lesion("T1")
    click(reading)
    cautions = resolve(reading.state).cautions
    assert "The kernel is B70f here, B30f at baseline." in cautions
    assert any("compressed with loss" in text for text in cautions)


def test_every_measurement_carries_what_it_was_measured_on(session, draw, lesions):
    draw(session, lesions["baseline"][0])
    row = pd.read_csv(session.state.table).iloc[0]
    assert {*SERIES_COLUMNS, *METHOD_COLUMNS} <= set(row.index)
    assert (row["measured_from"], row["geometry"], row["slice_spacing_mm"]) == ("by hand", "regular", 5.0)
