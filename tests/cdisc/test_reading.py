"""TU and TR become rows of the table of measurements."""

import pytest

TU = """
TULNKID | TUSTRESC   | TULOC
T1      | TARGET     | LIVER
T2      | TARGET     | CERVICAL LYMPH NODE
NT1     | NON-TARGET | BONE
NEW1    | NEW        | LUNG
"""
HEADER = "TRLNKID | TRTESTCD | TRSTRESC | TRSTRESN | VISIT | TRDTC"
BASE = f"""{HEADER}
T1  | LDIAM    | 40      | 40 | SCREENING | 2024-01-08
T2  | LPERP    | 18      | 18 | SCREENING | 2024-01-08
NT1 | TUMSTATE | PRESENT |    | SCREENING | 2024-01-08
"""


def row_of(imported, lesion, timepoint):
    frame = imported.measurements
    found = frame[(frame["lesion"] == lesion) & (frame["timepoint"] == timepoint)]
    assert len(found) == 1
    return found.iloc[0]


def test_a_lesion_gets_role_site_and_nodal_flag_from_tu_and_its_axes_from_tr(read):
    tr = BASE + "T2 | LDIAM | 25 | 25 | SCREENING | 2024-01-08\n"
    imported = read(tr, TU)
    node = row_of(imported, "T2", "SCREENING")
    assert (node.role, node.site, node.nodal) == ("target", "cervical lymph node", "true")
    assert (node.short_axis_mm, node.long_axis_mm, node.diameter_mm) == ("18", "25", "")
    assert (node.state, node.date) == ("measured", "2024-01-08")
    assert row_of(imported, "T1", "SCREENING").nodal == "false"


@pytest.mark.parametrize(
    ("lesion", "test", "word", "state"),
    [
        ("NT1", "TUMSTATE", "PRESENT", "present"),
        ("NT1", "TUMSTATE", "ABSENT", "absent"),
        ("NT1", "TUMSTATE", "UNEQUIVOCAL", "unequivocal_pd"),
        ("NT1", "TUMSTATE", "Unequivocal increase", "unequivocal_pd"),
        ("NT1", "TUMSTATE", "EQUIVOCAL", "present"),
        ("NT1", "LNSTATE", "NON-PATHOLOGICAL", "absent"),
        ("NT1", "LNSTATE", "PATHOLOGICAL", "present"),
        ("NT1", "TUMSTATE", "NOT EVALUABLE", "not_evaluable"),
        ("NEW1", "TUMSTATE", "EQUIVOCAL", "equivocal"),
        ("NEW1", "TUMSTATE", "UNEQUIVOCAL", "unequivocal"),
        ("NEW1", "TUMSTATE", "PRESENT", "present"),
        ("T1", "LDIAM", "NOT EVALUABLE", "not_evaluable"),
        ("T1", "TUMSTATE", "ABSENT", "absent"),
    ],
)
def test_the_word_of_the_reader_means_what_it_means_for_the_role(read, lesion, test, word, state):
    tr = BASE + f"{lesion} | {test} | {word} | | WEEK 8 | 2024-03-08\n"
    assert row_of(read(tr, TU), lesion, "WEEK 8").state == state


def test_a_size_of_0_mm_is_a_lesion_that_is_gone(read):
    imported = read(BASE + "T1 | LDIAM | 0 | 0 | WEEK 8 | 2024-03-08\n", TU)
    assert row_of(imported, "T1", "WEEK 8").state == "absent"


def test_too_small_to_measure_keeps_the_size_the_sponsor_standardised_it_to(read):
    tr = """TRLNKID | TRTESTCD | TRORRES | TRSTRESC | TRSTRESN | VISIT | TRDTC
    T1 | LDIAM | 40 | 40 | 40 | SCREENING | 2024-01-08
    T1 | LDIAM | TOO SMALL TO MEASURE | 5 | 5 | WEEK 8 | 2024-03-08
    T2 | LPERP | TOO SMALL TO MEASURE |   |   | WEEK 8 | 2024-03-08"""
    imported = read(tr, TU)
    assert row_of(imported, "T1", "WEEK 8")[["state", "long_axis_mm"]].tolist() == ["too_small", "5"]
    assert row_of(imported, "T2", "WEEK 8")[["state", "short_axis_mm"]].tolist() == ["too_small", ""]


def test_centimetres_become_millimetres_without_a_float_between(read):
    tr = """TRLNKID | TRTESTCD | TRSTRESN | TRSTRESU | VISIT | TRDTC
    T1 | LDIAM | 1.15 | cm | SCREENING | 2024-01-08
    T2 | LPERP | 1.8  | cm | SCREENING | 2024-01-08"""
    imported = read(tr, TU)
    assert row_of(imported, "T1", "SCREENING").long_axis_mm == "11.5"  # 1.15 * 10 is 11.499999999999998 in floats
    assert row_of(imported, "T2", "SCREENING").short_axis_mm == "18"


def test_what_was_not_done_carries_its_reason_and_the_date_of_the_visit(read):
    tr = """TRLNKID | TRTESTCD | TRSTRESN | TRSTAT | TRREASND | VISIT | TRDTC
    T1 | LDIAM | 40 |          |                                  | SCREENING | 2024-01-08
    T1 | LDIAM | 30 |          |                                  | WEEK 8    | 2024-03-08
    T2 | LPERP |    | NOT DONE | SCAN NOT PERFORMED               | WEEK 8    |
    NT1 | TUMSTATE | | NOT DONE | NOT ASSESSABLE: Image obscured  | WEEK 8    |"""
    imported = read(tr, TU)
    node, bone = row_of(imported, "T2", "WEEK 8"), row_of(imported, "NT1", "WEEK 8")
    assert (node.state, node.reason, node.date) == ("not_done", "SCAN NOT PERFORMED", "2024-03-08")
    assert bone.state == "not_evaluable"


def test_every_evaluator_is_a_reader_and_accepted_flags_switch_none(read):
    tr = """TRLNKID | TRTESTCD | TRSTRESN | TREVAL | TREVALID | TRACPTFL | VISIT | TRDTC
    T1 | LDIAM | 40 | INVESTIGATOR         |               |   | SCREENING | 2024-01-08
    T1 | LDIAM | 41 | INDEPENDENT ASSESSOR | RADIOLOGIST 1 | Y | SCREENING | 2024-01-08
    T1 | LDIAM | 42 | INDEPENDENT ASSESSOR | RADIOLOGIST 2 |   | SCREENING | 2024-01-08
    T1 | LDIAM | 31 | INDEPENDENT ASSESSOR | RADIOLOGIST 1 |   | WEEK 8    | 2024-03-08
    T1 | LDIAM | 32 | INDEPENDENT ASSESSOR | RADIOLOGIST 2 | Y | WEEK 8    | 2024-03-08"""
    frame = read(tr, "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER").measurements
    sizes = frame.groupby("reader")["long_axis_mm"].apply(list).to_dict()
    assert sizes == {"INVESTIGATOR": ["40"], "RADIOLOGIST 1": ["41", "31"], "RADIOLOGIST 2": ["42", "32"]}


def test_an_identifier_that_two_roles_share_names_two_readers(read):
    tr = """TRLNKID | TRTESTCD | TRSTRESN | TREVAL | TREVALID | VISIT | TRDTC
    T1 | LDIAM | 40 | INVESTIGATOR         | A | SCREENING | 2024-01-08
    T1 | LDIAM | 41 | INDEPENDENT ASSESSOR | A | SCREENING | 2024-01-08"""
    frame = read(tr, "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER").measurements
    assert sorted(frame["reader"]) == ["INDEPENDENT ASSESSOR A", "INVESTIGATOR A"]


def test_unscheduled_visits_of_one_name_are_told_apart_by_number_and_ordered_by_date(read, scored):
    tr = """TRLNKID | TRTESTCD | TRSTRESN | VISIT | VISITNUM | TRDTC
    T1 | LDIAM | 100 | SCREENING   | 1   | 2024-01-08
    T1 | LDIAM | 60  | UNSCHEDULED | 9.3 | 2024-03-08
    T1 | LDIAM | 80  | UNSCHEDULED | 9.2 | 2024-05-08"""
    imported = read(tr, "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER")
    responses = scored(imported).responses
    assert responses["timepoint"].tolist() == ["UNSCHEDULED (9.3)", "UNSCHEDULED (9.2)"]
    assert responses["overall_response"].tolist() == ["PR", "PD"]  # 60 is the nadir of the later 80


def test_one_visit_with_a_lesion_measured_on_two_dates_is_two_time_points(read):
    tr = """TRLNKID | TRTESTCD | TRSTRESN | VISIT | TRDTC
    T1 | LDIAM | 40 | SCREENING | 2024-01-08
    T1 | LDIAM | 30 | WEEK 8    | 2024-03-08
    T1 | LDIAM | 20 | WEEK 8    | 2024-05-08"""
    imported = read(tr, "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER")
    assert imported.measurements["timepoint"].tolist() == ["SCREENING", "WEEK 8 2024-03-08", "WEEK 8 2024-05-08"]
    assert [problem.code for problem in imported.problems] == ["visit_on_several_dates"]


def test_the_flagged_visit_is_the_baseline_though_an_earlier_one_was_scanned(read, scored):
    tr = """TRLNKID | TRTESTCD | TRSTRESN | TRLOBXFL | VISIT | TRDTC
    T1 | LDIAM | 50 |   | SCREENING | 2023-12-08
    T1 | LDIAM | 40 | Y | CYCLE 1   | 2024-01-08
    T1 | LDIAM | 28 |   | WEEK 8    | 2024-03-08"""
    imported = read(tr, "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER")
    result = scored(imported)
    assert result.baselines["baseline_sum_mm"].tolist() == [40.0]
    assert result.responses["target_response"].tolist() == ["PR"]  # 28 is 30 % less than 40


def test_a_time_of_day_is_dropped_and_a_partial_date_is_left_to_the_named_option(read, scored):
    tr = """TRLNKID | TRTESTCD | TRSTRESN | VISIT | TRDTC
    T1 | LDIAM | 40 | SCREENING | 2024-01-08T09:30
    T1 | LDIAM | 28 | WEEK 8    | 2024-03"""
    imported = read(tr, "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER")
    assert imported.measurements["date"].tolist() == ["2024-01-08", "2024-03"]
    first = scored(imported, partial_dates="first").responses["date"].dt.date.astype(str).tolist()
    last = scored(imported, partial_dates="last").responses["date"].dt.date.astype(str).tolist()
    assert (first, last) == (["2024-03-01"], ["2024-03-31"])


def test_the_start_is_the_reference_start_or_else_the_first_exposure(read):
    tr = """USUBJID | TRLNKID | TRTESTCD | TRSTRESN | VISIT | TRDTC
    P1 | T1 | LDIAM | 40 | SCREENING | 2024-01-08
    P2 | T1 | LDIAM | 40 | SCREENING | 2024-01-08"""
    tu = "USUBJID | TULNKID | TUSTRESC | TULOC\nP1 | T1 | TARGET | LIVER\nP2 | T1 | TARGET | LIVER"
    dm = """USUBJID | RFSTDTC | RFXSTDTC | DTHFL | DTHDTC
    P1 | 2024-01-10       | 2024-01-12 |   |
    P2 |                  | 2024-01-12T08:00 | Y | 2024-09-01
    P3 | 2024-01-10       | 2024-01-12 |   |"""
    imported = read(tr, tu, dm)
    assert imported.subjects is not None
    assert imported.subjects["start_date"].tolist() == ["2024-01-10", "2024-01-12"]
    assert imported.subjects["death_date"].tolist() == ["", "2024-09-01"]
    assert imported.not_used()["reason"].tolist() == ["the subject has no results in TR"]


def test_the_method_of_the_scan_becomes_the_modality(read):
    tr = """TRLNKID | TRTESTCD | TRSTRESN | TRMETHOD | VISIT | TRDTC
    T1 | LDIAM | 40 | CT SCAN | SCREENING | 2024-01-08
    T1 | LDIAM | 40 | MRI     | WEEK 8    | 2024-03-08"""
    imported = read(tr, "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER")
    assert imported.measurements["modality"].tolist() == ["ct", "mri"]


def test_a_non_target_node_that_is_no_longer_enlarged_is_absent_whatever_its_size(read):
    tu = "TULNKID | TUSTRESC | TULOC\nNT1 | NON-TARGET | AXILLARY LYMPH NODE"
    tr = """TRLNKID | TRTESTCD | TRSTRESC | TRSTRESN | VISIT | TRDTC
    NT1 | LNSTATE | PATHOLOGICAL     |   | SCREENING | 2024-01-08
    NT1 | LNSTATE | NON-PATHOLOGICAL |   | WEEK 8    | 2024-03-08
    NT1 | LPERP   | 7                | 7 | WEEK 8    | 2024-03-08"""
    row = row_of(read(tr, tu), "NT1", "WEEK 8")
    assert (row.state, row.short_axis_mm) == ("absent", "")
