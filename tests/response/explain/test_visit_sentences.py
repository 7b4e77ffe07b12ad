"""What is said of other lesions and of the overall response: what decided, what changed it, and what counts."""

import pandas as pd
import pytest


def test_non_target_lesions_alone_are_listed_with_the_row_of_table_2(told) -> None:
    said = told({"NT1": ("present", "present"), "NT2": ("present", "absent")})["week 8"]
    assert "Non-target lesions: NT1 (site of NT1) present; NT2 (site of NT2) absent." in said
    assert "Non-target response: NON-CR/NON-PD, because at least one is there and none progressed." in said
    assert "targets none, non-targets NON-CR/NON-PD, new lesion no make NON-CR/NON-PD." in said
    assert "Target response" not in said


@pytest.mark.parametrize(
    ("state", "response", "why"),
    [
        ("unequivocal_pd", "PD", "because a reader called at least one unequivocally progressed; sizes do not"),
        ("not_evaluable", "NE", "because not all of them were evaluated"),
        ("absent", "CR", "because all are gone or normal"),
    ],
)
def test_the_non_target_response_says_why(told, state: str, response: str, why: str) -> None:
    assert f"Non-target response: {response}, {why}" in told({"NT1": ("present", state)})["week 8"]


def test_a_non_target_lesion_without_a_row_is_named(told) -> None:
    said = told({"T1": (20, 20), "NT1": ("present", None)})["week 8"]
    assert "Without a row for this time point: NT1." in said


def test_an_unequivocal_new_lesion_is_progression_whatever_the_sum(told) -> None:
    said = told({"T1": (50, 20), "N1": (None, "unequivocal")})["week 8"]
    assert "N1 (site of N1): unequivocal by the reader's word." in said
    assert "targets PR, non-targets none, new lesion unequivocal make PD." in said
    assert "Overall response: PD, dated 2020-02-26." in said


def test_progression_is_dated_back_to_the_equivocal_lesion_that_a_later_visit_proved(told) -> None:
    said = told({"T1": (50, 50, 50), "N1": (None, "equivocal", "unequivocal")})
    assert (
        "N1 (site of N1): equivocal by the reader's word. It is unequivocal at week 16 (2020-04-22), so progression is "
        "dated back to this visit."
    ) in said["week 8"]
    assert (
        "As read the visit was SD; a later visit proved the equivocal new lesion, which makes it PD." in said["week 8"]
    )
    assert "first recorded at week 8 (2020-02-26)" in said["week 16"]
    assert (
        "The disease progressed at an earlier visit that counts: this one is reported, and used for nothing."
        in said["week 16"]
    )


def test_a_lesion_proved_after_the_cut_off_is_no_progression_before_it(told) -> None:
    people = {"start_date": "2020-01-01", "cutoff_date": "2020-04-21"}
    said = told({"T1": (50, 50, 50), "N1": (None, "equivocal", "unequivocal")}, subject=people)["week 8"]
    assert "It is unequivocal at week 16 (2020-04-22), after death or cut-off, which proves nothing before it." in said
    assert "Overall response: SD" in said


def test_an_equivocal_lesion_that_vanishes_or_stays_is_no_progression(told) -> None:
    gone = told({"T1": (50, 50, 50), "N1": (None, "equivocal", "absent")})["week 8"]
    assert "It is absent at week 16 (2020-04-22); it was never proved." in gone
    alone = told({"T1": (50, 50), "N1": (None, "equivocal")})["week 8"]
    assert "No later visit proves it, so it is no progression." in alone


@pytest.mark.parametrize(
    ("axis", "says"),
    [
        (9.9, "short axis 9.9 mm, a normal node (below 10 mm)"),
        (12, "short axis 12 mm, equivocal (at least 10 mm, below 15 mm)"),
        (15, "short axis 15 mm, unequivocal (at least 15 mm)"),
    ],
)
def test_a_new_node_is_judged_by_its_short_axis(told, axis: float, says: str) -> None:
    said = told({"T1": (50, 50), "N1": (None, axis)}, nodes=("N1",))["week 8"]
    assert says in said


def test_a_new_lesion_on_pet_is_explained_by_the_pet_at_baseline_and_by_ct(course, told_rows) -> None:
    rows = course({"T1": (50, 50, 50), "N1": (None, "present", "present")}).assign(modality="ct")
    rows.loc[(rows["lesion"] == "N1") & (rows["timepoint"] == "week 8"), "modality"] = "pet"
    said = told_rows(rows)["week 8"]
    assert "seen on PET without a negative PET at baseline, so equivocal until CT or MRI shows it" in said
    assert "It is unequivocal at week 16 (2020-04-22), so progression is dated back to this visit." in said
    negative = rows.iloc[[0]].assign(lesion="PET", role="new", state="absent", diameter_mm="", modality="pet")
    said = told_rows(pd.concat([rows, negative]))["week 8"]
    assert "seen on PET, unequivocal because the PET at baseline was negative" in said


def test_a_small_new_node_is_progression_by_option(told) -> None:
    said = told({"T1": (50, 50), "N1": (None, 12)}, {"new_node": "pd"}, nodes=("N1",))
    assert "unequivocal by the option new_node = pd (at least 10 mm)" in said["week 8"]
    assert "at week 8 the overall response would be SD instead of PD" in said["Options"]


def test_a_node_that_grows_again_after_a_complete_response_is_progression_to_be_confirmed(told) -> None:
    said = told({"T1": (20, 8, 11)}, nodes=("T1",))["week 16"]  # 8 -> 11: +3 mm only
    assert "Found +3 mm against at least +5 mm: not met" in said
    assert (
        "Disease is seen again after the complete response at week 8 (2020-02-26): whatever its size, this is PD"
        in said
    )
    assert "One target node is the only disease seen after the complete response: a reader should confirm it." in said


def test_less_than_a_complete_response_after_one_names_the_option(told) -> None:
    said = told({"T1": (40, "absent", 4)}, {"post_cr": "as_is"})  # +4 mm is no progression by the sum
    assert (
        "after the complete response at week 8 (2020-02-26); by the option post_cr = as_is this alone is not PD."
        in (said["week 16"])
    )
    assert "at week 16 the overall response would be PD instead of PR" in said["Options"]


def test_a_complete_response_recoded_by_option_says_so(told) -> None:
    said = told({"T1": (40, "absent", 4)}, {"post_cr": "recode_pr"})["week 8"]
    assert "Read as CR; a later visit contradicts it, and by the option post_cr = recode_pr it is a PR." in said


def test_a_recoded_response_of_other_disease_alone_is_named(told) -> None:
    said = told({"NT1": ("present", "absent", "present")}, {"post_cr": "recode_pr"})["week 8"]
    assert "by the option post_cr = recode_pr it is a NON-CR/NON-PD." in said


def test_a_visit_that_does_not_count_says_why(told) -> None:
    dates = {"start_date": "2020-01-10", "death_date": "2020-04-01", "cutoff_date": "2020-05-01"}
    said = told({"T1": (50, 50, 50, 50)}, None, dates, days=(0, 5, 56, 126))
    assert "the visit is not after the start of treatment (2020-01-10)" in said["week 0"]
    assert "counts neither" not in said["week 8"]
    assert (
        "the visit is dated after the death (2020-04-01) and the visit is after the cut-off (2020-05-01)"
        in (said["week 18"])
    )


@pytest.mark.parametrize(("choice", "response"), [("ned", "NED"), ("ne", "NE")])
def test_no_disease_at_baseline_names_the_option(told, choice: str, response: str) -> None:
    said = told({"N1": ("absent", "absent")}, {"no_disease": choice})["week 8"]
    assert f"No disease was recorded at baseline; the option no_disease = {choice} names this." in said
    assert f"Overall response: {response}" in said


def test_a_reason_nobody_knows_is_said_in_its_words(course) -> None:
    from recist.criteria import RECIST_1_1
    from recist.response import score
    from recist.response.explain import Tables, explain, gather_evidence

    scored = score(course({"T1": (50, 50)}))
    responses = scored.responses.assign(reasons="target_sd|seen_by_two")
    tables = Tables(responses=responses, best_responses=scored.best_responses, lesions=scored.lesions)
    (evidence,) = gather_evidence(tables, RECIST_1_1, scored.options)
    texts = [one.text for section in explain(evidence, tables).sections for one in section.sentences]
    assert "Also noted: seen by two." in texts


def test_a_tumour_marker_that_is_not_normal_again_holds_back_a_complete_response(course, told_rows) -> None:
    rows = course({"T1": (20, "absent")}).assign(role="target")
    marker = rows.assign(lesion="CA125", role="marker", state=["abnormal", "abnormal"], diameter_mm="")
    said = told_rows(pd.concat([rows, marker], ignore_index=True))["week 8"]
    assert "Tumour markers: CA125 (site of T1) abnormal." in said
    assert "because CA125, abnormal at baseline, is still or again abnormal." in said
    assert "Target response: CR." in said
    assert "make PR." in said


def test_a_non_target_node_of_normal_size_is_absent_by_option(told) -> None:
    said = told({"NT1": (12, 8)}, {"non_target_nodes": "by_size"}, nodes=("NT1",))["week 8"]
    assert "NT1 (site of NT1) measured, by its short axis of normal size and so absent." in said
    assert "Non-target response: CR, because all are gone or normal." in said


def test_a_marker_that_was_not_done_is_called_not_known_and_not_abnormal(told) -> None:
    said = told({"T1": (20, "absent"), "M1": ("abnormal", "not_done")})["week 8"]
    assert "because a tumour marker that was abnormal at baseline is not known to be normal again" in said


def test_less_than_a_complete_response_after_one_is_said_to_be_no_progression_where_nothing_is_seen(told) -> None:
    said = told({"T1": (30, 0, 0), "NT1": ("present", "absent", "not_evaluable")})["week 16"]
    assert (
        "This is less than CR after the complete response at week 8 (2020-02-26), but no lesion is seen again" in said
    )
    assert "No disease came back, so it is not PD." in said
    assert "Overall response: PR" in said
