"""Visits and series of a folder."""

import datetime as dt

from viewer.study import SHOW_RULES, derive_visits


def test_visits_are_named_by_date_from_baseline_on(study):
    visits = derive_visits(study, "P01", {})
    assert [(visit.timepoint, visit.date) for visit in visits] == [
        ("baseline", dt.date(2024, 1, 10)),
        ("followup-1", dt.date(2024, 3, 6)),
    ]


def test_reading_begins_with_a_series_without_caution(study):
    assert derive_visits(study, "P01", {})[0].default_series().description == "portal venous"


def test_every_class_of_geometry_has_a_rule():
    from recist.dicom.geometry import GeometryClass

    assert set(SHOW_RULES) == set(GeometryClass)
    assert all(rule.note for rule in SHOW_RULES.values() if not rule.is_shown)
