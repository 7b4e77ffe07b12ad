"""What a reader does, step by step, without a screen."""

import pandas as pd
import pytest

from recist.criteria.codes import LesionRole, LesionState
from viewer.session import Session
from viewer.view_state import resolve


def found(session, lesion, timepoint="baseline"):
    return session.state.reading.finding(lesion, timepoint)


def test_a_lesion_drawn_along_its_true_axes_has_its_true_diameters(session, draw, lesions):
    draw(session, lesions["baseline"][0], site="liver")
    assert found(session, "T1").long_axis_mm == 40.0
    assert found(session, "T1").short_axis_mm == pytest.approx(24.0, abs=0.01)


def test_the_axes_are_kept_on_the_image_they_were_drawn_on(session, draw, lesions):
    draw(session, lesions["baseline"][0])
    assert found(session, "T1").sop_instance_uid == session.state.series.sop_instance_uids[2]
    assert found(session, "T1").slice_thickness_mm == 5.0


def test_the_next_free_id_is_proposed_for_each_role(session, draw, lesions):
    draw(session, lesions["baseline"][0])
    assert session.state.form.lesion == "T2"
    session.choose_role(LesionRole.NON_TARGET)
    assert session.state.form.lesion == "NT1"
    session.choose_role(LesionRole.NEW)
    assert session.state.form.lesion == "N1"


def test_the_draft_waits_for_the_reader_and_can_be_discarded(session, draw, lesions):
    draw(session, lesions["baseline"][0], accept=False)
    assert session.state.reading.findings == ()
    session.discard()
    assert session.state.draft is None


def test_a_node_is_counted_by_its_short_axis(session, draw, lesions):
    draw(session, lesions["baseline"][1], site="mediastinal lymph node")
    assert session.state.score.timepoints[0].sum_mm == pytest.approx(20.0, abs=0.01)


def test_the_end_of_an_accepted_lesion_can_be_dragged_again(session, draw, lesions):
    draw(session, lesions["baseline"][0], site="liver")
    end = found(session, "T1").caliper.long_end
    session.press(2, end, reach_mm=1.0)
    session.drag((end[0], end[1] + 5))
    session.release()
    assert found(session, "T1").caliper.long_end == (end[0], end[1] + 5)
    assert found(session, "T1").long_axis_mm > 40
    assert session.state.form.lesion == "T1"


def test_a_click_on_an_end_changes_nothing(session, draw, lesions):
    draw(session, lesions["baseline"][0])
    before = session.state.history
    row, column = found(session, "T1").caliper.long_end
    session.press(2, (row + 0.6, column - 0.4), reach_mm=1.0)
    session.drag((row + 0.6, column - 0.4))
    session.release()
    assert session.state.history == before
    assert session.state.draft is None


def test_an_end_is_not_taken_hold_of_from_another_slice(session, draw, lesions):
    draw(session, lesions["baseline"][0])
    session.press(3, lesions["baseline"][0].long_ends[1], reach_mm=1.0)
    assert session.state.grip.handle is None


def test_a_click_without_a_drag_draws_nothing(session):
    session.press(1, (50.0, 50.0), reach_mm=1.0)
    session.drag((50.2, 50.2))
    session.release()
    assert session.state.draft is None


def test_the_axes_do_not_leave_the_image(session):
    session.press(1, (50.0, 50.0), reach_mm=1.0)
    session.drag((50.0, 9999.0))
    assert session.state.draft.caliper.long_end == (50.0, 149.5)


@pytest.mark.parametrize(
    ("description", "sentence"),
    [("no spacing", "No millimetres: the images carry no pixel spacing"), ("portal venous", "2-D view")],
)
def test_drawing_is_refused_with_a_sentence(session, read_item, description, sentence):
    session.show_series(*read_item(description))
    assert session.refuse_drawing(is_axial=description != "portal venous")
    assert sentence in session.state.message


def test_a_tilted_series_can_be_measured_within_its_slices(session, read_item, draw, lesions):
    session.show_series(*read_item("tilted"))
    assert not session.refuse_drawing(is_axial=True)
    draw(session, lesions["baseline"][0])
    assert found(session, "T1").long_axis_mm == 40.0


def test_undo_and_redo_walk_through_every_accepted_change(session, draw, lesions):
    draw(session, lesions["baseline"][0], site="liver")
    draw(session, lesions["baseline"][1], site="lymph node")
    both = session.state.reading
    session.undo()
    assert [lesion.id for lesion in session.state.reading.lesions] == ["T1"]
    session.undo()
    assert session.state.reading.lesions == ()
    session.redo()
    session.redo()
    assert session.state.reading == both


def test_undo_is_saved_like_any_other_change(session, draw, lesions):
    draw(session, lesions["baseline"][0])
    session.undo()
    assert len(pd.read_csv(session.state.table)) == 0


def test_follow_up_proposes_the_lesions_of_baseline_in_turn(session, read_item, draw, lesions):
    for lesion, site in zip(lesions["baseline"], ("liver", "lymph node"), strict=True):
        draw(session, lesion, site=site)
    from_follow_up = next(item for item in session.state.study.series if item.date.month == 3)
    session.show_series(read_item(day=from_follow_up.date)[0], from_follow_up)
    assert (session.state.timepoint, session.state.form.lesion) == ("followup-1", "T1")
    draw(session, lesions["followup-1"][0])
    assert session.state.form.lesion == "T2"
    draw(session, lesions["followup-1"][1])
    assert (session.state.form.lesion, session.state.form.role) == ("N1", LesionRole.NEW)


def test_the_response_of_the_engine_follows_live(session, read_item, draw, lesions):
    """40 + 20 = 60 mm at baseline, 28 + 15 = 43 mm later: a decrease of 28.3 % is stable disease."""
    for lesion, site in zip(lesions["baseline"], ("liver", "lymph node"), strict=True):
        draw(session, lesion, site=site)
    follow_up = next(item for item in session.state.study.series if item.date.month == 3)
    session.show_series(read_item(day=follow_up.date)[0], follow_up)
    for lesion in lesions["followup-1"]:
        draw(session, lesion)
    later = session.state.score.at("followup-1")
    assert later.sum_mm == pytest.approx(43.0, abs=0.02)
    assert later.change_from_baseline_pct == pytest.approx(-28.3, abs=0.1)
    assert later.overall == "SD"
    session.choose_lesion("T2")
    session.give_state("0")
    assert session.state.score.at("followup-1").overall == "PR"  # 28 of 60 mm are left


def test_a_target_can_be_gone_too_small_or_not_evaluable_by_key(session, draw, lesions):
    draw(session, lesions["baseline"][0])
    for key, state in (("0", LesionState.ABSENT), ("5", LesionState.TOO_SMALL), ("E", LesionState.NOT_EVALUABLE)):
        session.choose_lesion("T1")
        session.give_state(key)
        assert found(session, "T1").state is state
        assert found(session, "T1").caliper is None


def test_a_non_target_needs_no_drawing(session):
    session.choose_role(LesionRole.NON_TARGET)
    session.choose_site("pleura")
    session.give_state("1")
    assert found(session, "NT1").state is LesionState.PRESENT


def test_a_target_that_was_never_drawn_cannot_disappear(session):
    session.give_state("0")
    assert session.state.reading.lesions == ()
    assert "draw it at baseline first" in session.state.message


def test_an_equivocal_new_lesion_keeps_its_drawing(session, draw, lesions):
    session.choose_role(LesionRole.NEW)
    draw(session, lesions["baseline"][0], accept=False)
    session.give_state("8")
    assert found(session, "N1").state is LesionState.EQUIVOCAL
    assert found(session, "N1").long_axis_mm == 40.0


def test_a_finding_can_be_taken_back(session, draw, lesions):
    draw(session, lesions["baseline"][0])
    session.choose_lesion("T1")
    session.delete()
    assert session.state.reading.lesions == ()
    session.undo()
    assert found(session, "T1") is not None


def test_the_site_of_a_known_lesion_changes_at_all_time_points(session, draw, lesions):
    draw(session, lesions["baseline"][1], site="liver")
    session.choose_lesion("T1")
    session.choose_site("lymph node")
    assert session.state.reading.lesion("T1").nodal
    assert pd.read_csv(session.state.table)["diameter_mm"].tolist() == [pytest.approx(20.0, abs=0.01)]


def test_a_fault_of_saving_is_told_and_the_reading_is_kept(session, draw, lesions, tmp_path):
    (tmp_path / "file").write_text("")
    session.save_as(tmp_path / "file" / "measurements.csv")
    draw(session, lesions["baseline"][0])
    assert session.state.save_fault
    assert found(session, "T1") is not None
    session.save_as(tmp_path / "elsewhere.csv")
    assert not session.state.save_fault
    assert len(pd.read_csv(tmp_path / "elsewhere.csv")) == 1


def test_a_table_with_faults_is_neither_used_nor_overwritten(study, read_item, draw, lesions, tmp_path):
    table = tmp_path / "measurements.csv"
    table.write_text("subject,timepoint,date,lesion,role\nP01,baseline,10.01.2024,T1,target\n")
    before = table.read_bytes()
    session = Session()
    session.open_study(study, table)
    session.show_series(*read_item())
    draw(session, lesions["baseline"][0])
    assert table.read_bytes() == before
    assert session.state.reading.findings == ()
    assert "left untouched" in session.state.message


def test_a_table_with_faults_refuses_drawing_and_states_and_names_every_fault(study, read_item, tmp_path):
    table = tmp_path / "measurements.csv"
    table.write_text("subject,timepoint,date,lesion,role\nP01,baseline,10.01.2024,T1,target\nP01,baseline,,T2,what\n")
    session = Session()
    session.open_study(study, table)
    session.show_series(*read_item())
    view = resolve(session.state)
    assert [fault for fault in view.table_faults if "row 2" in fault]
    assert [fault for fault in view.table_faults if "row 3" in fault and "role" in fault]
    assert "NOT SAVED" not in view.saved
    assert session.refuse_drawing(is_axial=True)
    session.give_state("0")
    assert session.state.reading.findings == ()


def test_another_table_in_place_of_one_with_faults_can_be_drawn_into(study, read_item, draw, lesions, tmp_path):
    faulty, fresh = tmp_path / "measurements.csv", tmp_path / "fresh.csv"
    faulty.write_text("subject,timepoint\n")
    session = Session()
    session.open_study(study, faulty)
    session.show_series(*read_item())
    session.save_as(faulty)
    assert session.state.table_refusal
    session.save_as(fresh)
    assert not session.refuse_drawing(is_axial=True)
    assert session.state.series is not None
    draw(session, lesions["baseline"][0], site="liver")
    assert pd.read_csv(fresh)["lesion"].tolist() == ["T1"]
    assert faulty.read_text() == "subject,timepoint\n"


def test_findings_never_go_into_a_table_with_faults_chosen_later(session, draw, lesions, tmp_path):
    draw(session, lesions["baseline"][0])
    kept, faulty = session.state.table, tmp_path / "faulty.csv"
    faulty.write_text("subject,timepoint\n")
    session.save_as(faulty)
    assert session.state.table == kept
    assert "faulty.csv has faults" in session.state.message


def test_nobody_draws_on_the_image_of_another_visit(session, draw, lesions):
    draw(session, lesions["baseline"][0])
    session.choose_cell("T1", "followup-1")  # its series is still being read
    assert session.state.series is None
    assert session.refuse_drawing(is_axial=True)


def test_a_cell_of_the_visit_on_the_screen_keeps_its_image(session, draw, lesions):
    draw(session, lesions["baseline"][0])
    session.choose_cell("T1", "baseline")
    assert session.state.series is not None


def test_another_reader_begins_blank_and_the_first_finds_everything_again(session, draw, lesions):
    draw(session, lesions["baseline"][0], site="liver")
    first = session.state.reading
    session.choose_reader("ben")
    assert session.state.reading.findings == ()
    assert session.state.series is not None
    draw(session, lesions["baseline"][1], site="liver")
    session.choose_reader("anna")
    assert session.state.reading == first
    assert sorted(pd.read_csv(session.state.table)["reader"]) == ["anna", "ben"]
