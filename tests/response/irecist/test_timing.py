"""When a scan may confirm an iUPD (EORTC, "Can imaging be used to confirm progression when done early?")."""

import pytest


@pytest.mark.parametrize(("days", "expected"), [(25, "iUPD"), (26, "iCPD"), (28, "iCPD"), (56, "iCPD")])
def test_a_scan_confirms_from_26_days_on(words, days, expected) -> None:
    assert words({"T1": [100, 130, 140]}, days=(0, 56, 56 + days)) == ["iUPD", expected]


def test_the_reason_says_that_an_early_scan_was_not_used(words) -> None:
    reasons = words({"T1": [100, 130, 140]}, "reasons", days=(0, 56, 81))
    assert "early_scan_not_used" in reasons[1].split("|")
    assert "icpd_target_5mm" not in reasons[1]


def test_the_scan_after_an_early_one_confirms(words) -> None:
    assert words({"T1": [100, 130, 140, 140]}, days=(0, 56, 70, 91)) == ["iUPD", "iUPD", "iCPD"]


def test_an_early_scan_for_new_symptoms_confirms_by_an_additional_new_lesion(words) -> None:
    # EORTC: iUPD by new liver lesions; 14 days later a scan for new symptoms shows one at a new site
    lesions = {"T1": [50] * 3, "N1": [None, 12, 12], "N2": [None, None, 12]}
    assert words(lesions, days=(0, 56, 70), symptoms=[2]) == ["iUPD", "iCPD"]
    assert "early_scan_used" in words(lesions, "reasons", days=(0, 56, 70), symptoms=[2])[1].split("|")


def test_without_new_symptoms_it_does_not_until_the_next_scan(words) -> None:
    lesions = {"T1": [50] * 4, "N1": [None, 12, 12, 12], "N2": [None, None, 12, 12]}
    assert words(lesions, days=(0, 56, 70, 91)) == ["iUPD", "iUPD", "iCPD"]


def test_growth_of_known_lesions_on_an_early_scan_confirms_nothing_even_with_symptoms(words) -> None:
    assert words({"T1": [50] * 3, "N1": [None, 12, 20]}, days=(0, 56, 70), symptoms=[2]) == ["iUPD", "iUPD"]
    assert words({"T1": [100, 130, 150]}, days=(0, 56, 70), symptoms=[2]) == ["iUPD", "iUPD"]


def test_an_early_scan_may_show_a_response(words) -> None:
    assert words({"T1": [100, 130, 60]}, days=(0, 56, 70)) == ["iUPD", "iPR"]


@pytest.mark.parametrize(("days", "is_late"), [(56, False), (57, True)])
def test_a_confirmation_after_more_than_eight_weeks_is_marked(words, days, is_late) -> None:
    lesions = {"T1": [100, 130, 140]}
    assert words(lesions, days=(0, 56, 56 + days)) == ["iUPD", "iCPD"]
    assert ("late_confirmation" in words(lesions, "reasons", days=(0, 56, 56 + days))[1]) is is_late


def test_a_confirmation_after_an_iupd_that_was_seen_again_in_time_is_not_late(words) -> None:
    assert "late" not in words({"T1": [100, 130, 130, 135]}, "reasons", days=(0, 56, 112, 168))[2]


def test_by_option_a_late_scan_is_iupd_again_and_the_next_one_in_time_confirms(words) -> None:
    waits = {"late_scan": "waits"}
    late = {"lesions": {"T1": [100, 130, 140, 140]}, "days": (0, 56, 113, 141), "options": waits}  # 57 days, then 28
    assert words(**late) == ["iUPD", "iUPD", "iCPD"]
    assert words(column="reasons", **late)[1].split("|")[-1] == "late_scan_not_used"
    after_ne = {"T1": [100, 130, "not_evaluable", 140, 140]}
    assert words(after_ne, days=(0, 56, 84, 112, 140), options=waits) == ["iUPD", "NE", "iUPD", "iCPD"]
    assert words(after_ne, days=(0, 56, 84, 112, 140)) == ["iUPD", "NE", "iCPD", "iCPD"]
    assert words({"T1": [100, 130, 140]}, days=(0, 56, 112), options=waits) == ["iUPD", "iCPD"]


def test_by_option_only_more_than_5_mm_confirm(words) -> None:
    above = {"options": {"icpd_increase": "more_than"}}
    assert words({"T1": [100, 130, 135]}, **above) == ["iUPD", "iUPD"]
    assert words({"T1": [100, 130, 135.01]}, **above) == ["iUPD", "iCPD"]
    assert words({"T1": [50] * 3, "N1": [None, 12, 17]}, **above) == ["iUPD", "iUPD"]
    assert words({"T1": [50] * 3, "N1": [None, 12, 17.01]}, **above) == ["iUPD", "iCPD"]


def test_the_days_are_options(words) -> None:
    lesions, days = {"T1": [100, 130, 140]}, (0, 56, 70)
    assert words(lesions, days=days, options={"early_scan_days": 14, "early_scan_tolerance_days": 0})[1] == "iCPD"
    assert words(lesions, days=days, options={"early_scan_tolerance_days": 13})[1] == "iUPD"
    assert words(lesions, days=days, options={"early_scan_tolerance_days": 14})[1] == "iCPD"
    assert "late_confirmation" in words(lesions, "reasons", days=(0, 56, 112), options={"late_scan_days": 55})[1]
