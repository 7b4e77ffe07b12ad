"""What the screen shows, resolved without a screen."""

from dataclasses import replace

import pytest

from recist.criteria.codes import LesionRole
from viewer.keys import all_keys
from viewer.view_state import ROLE_COLOURS, resolve


@pytest.fixture
def follow_up(session, read_item, draw, lesions):
    """A session on the follow-up series with both lesions measured at baseline."""
    for lesion, site in zip(lesions["baseline"], ("liver", "lymph node"), strict=True):
        draw(session, lesion, site=site)
    item = next(item for item in session.state.study.series if item.date.month == 3)
    session.show_series(read_item(day=item.date)[0], item)
    return session


def row(view, name):
    return next(row for row in view.table.results if row.name == name)


def test_the_series_list_shows_every_series_and_why_one_is_refused(session):
    rows = {one.cells[1]: one for one in resolve(session.state).series}
    assert rows["portal venous"].cells[2:] == ("6", "5 × 0.7 × 0.9", "regular")
    assert rows["scout"].can_open is False
    assert "localizer" in rows["scout"].tooltip
    assert rows["no spacing"].cells[3] == "5 × – × –"
    assert "nothing can be measured" in rows["no spacing"].tooltip


def test_a_tilted_series_carries_a_visible_note(session, read_item):
    session.show_series(*read_item("tilted"))
    assert any("CAUTION" in line and "tilted" in line for line in resolve(session.state).overlay)


def test_the_axes_are_told_live_while_they_are_drawn(session):
    session.press(2, (50.0, 50.0), reach_mm=1.0)
    session.drag((50.0, 90.0))  # 40 columns of 0.9 mm
    view = resolve(session.state)
    assert view.measure == "T1  36.0 × 24.0 mm"
    assert view.can_accept
    assert view.drawings[-1].is_draft


def test_accepted_axes_are_drawn_only_on_the_series_they_belong_to(follow_up, read_item):
    assert resolve(follow_up.state).drawings == ()
    follow_up.show_series(*read_item())
    drawings = resolve(follow_up.state).drawings
    assert [(one.lesion, one.slice_index) for one in drawings] == [("T1", 2), ("T2", 3)]
    assert drawings[0].label == "T1  40.0 × 24.0 mm"
    assert drawings[0].colour == ROLE_COLOURS[LesionRole.TARGET]


def test_the_table_has_a_row_a_lesion_and_a_column_a_time_point(follow_up):
    table = resolve(follow_up.state).table
    assert table.header == ("baseline\n2024-01-10", "followup-1\n2024-03-06")
    assert [one.name for one in table.lesions] == ["T1  liver", "T2  lymph node"]
    assert [cell.text for cell in table.lesions[1].cells] == ["20.0", "–"]
    assert table.lesions[0].cells[1].is_chosen
    assert table.current == 1


def test_a_missing_lesion_makes_the_sum_not_evaluable(follow_up, draw, lesions):
    draw(follow_up, lesions["followup-1"][0])
    view = resolve(follow_up.state)
    assert row(view, "sum of targets, mm").texts == ("60.0", "(28.0)")
    assert row(view, "targets").texts[1] == "NE"
    assert row(view, "from nadir").texts[1] == ""  # a lesion is missing: how far the sum fell is not known
    assert view.to_do == "Still to read at followup-1: T2."


def test_sum_changes_and_response_stand_beneath_the_lesions(follow_up, draw, lesions):
    for lesion in lesions["followup-1"]:
        draw(follow_up, lesion)
    view = resolve(follow_up.state)
    assert row(view, "sum of targets, mm").texts == ("60.0", "43.0")
    assert row(view, "from baseline").texts == ("", "-28.3 %")
    assert row(view, "response").texts == ("baseline", "SD")


def test_only_the_states_of_the_role_are_offered(session):
    session.choose_role(LesionRole.NON_TARGET)
    names = [choice.name for choice in resolve(session.state).choices]
    assert names == ["present", "disappeared", "unequivocal progression", "not evaluable"]


@pytest.mark.parametrize(
    ("mm", "site", "caution"),
    [
        (9.0, "liver", "9.0 mm is not measurable: at least 10 mm"),
        (14.4, "lymph node", "is normal: below 10 mm"),
        (18.0, "lymph node", "is no target: it needs 15 mm"),
        (36.0, "", "No site yet"),
    ],
)
def test_what_is_not_measurable_is_told_while_drawing(session, mm, site, caution):
    session.choose_site(site)
    session.press(2, (50.0, 50.0), reach_mm=1.0)
    session.drag((50.0, 50.0 + mm / 0.9))
    assert any(caution in text for text in resolve(session.state).cautions)


def test_a_measurable_lesion_raises_no_caution(session, draw, lesions):
    draw(session, lesions["baseline"][0], site="liver", accept=False)
    assert resolve(session.state).cautions == ()


def test_a_third_target_in_one_organ_is_told(session, draw, lesions):
    for slice_index in range(2):
        draw(session, replace(lesions["baseline"][0], slice_index=slice_index), site="liver")
    draw(session, lesions["baseline"][1], site="left lobe of liver", accept=False)
    assert any("target 3 in one organ (liver): at most 2" in text for text in resolve(session.state).cautions)


def test_no_two_keys_are_the_same():
    keys = [key.key for key in all_keys()]
    assert len(keys) == len(set(keys))
    assert {"F2", "F3", "F4", "F5", "F6", "0", "5", "E", "Return", "Esc"} <= set(keys)


def test_the_view_says_whether_everything_is_saved(session, draw, lesions):
    draw(session, lesions["baseline"][0])
    assert resolve(session.state).saved == "saved in measurements.csv"
    assert resolve(session.state).undo_label == "measure T1"
