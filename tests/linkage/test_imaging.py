"""The imaging response: window, precedence of image over report, early death and early progression."""

import pytest

from linkage import Window
from linkage.choices import EarlyDeath, EarlyProgression, FollowUp, NonTargetOnly


def image(day, response, **more):
    return {"timepoint": f"day {day}", "day": day, "overall_response": response, **more}


def report(day, response, **more):
    return {"day": day, "overall_response": response, "source": "report", **more}


def test_the_window_holds_its_first_and_its_last_day(cases) -> None:
    found = cases({str(day): {"responses": [image(day, "PR")]} for day in (41, 42, 183, 184)})
    assert found["imaging_response"].to_dict() == {"41": "", "42": "PR", "183": "PR", "184": ""}
    assert set(found["imaging_source"]) == {"image"}


def test_the_first_evaluable_assessment_of_the_window_counts_and_keeps_its_date(one) -> None:
    row = one(responses=[image(30, "SD"), image(60, "NE"), image(80, "PR"), image(95, "SD")])
    assert (row["imaging_response"], row["imaging_days"]) == ("PR", 80)
    assert str(row["imaging_date"].date()) == "2000-03-21"  # 1 January 2000 and 80 days, by the calendar


def test_the_assessment_closest_to_the_target_counts_when_the_rules_say_so(one) -> None:
    reads = [image(50, "SD"), image(88, "PR"), image(95, "PD")]
    assert one({"followup": FollowUp.CLOSEST}, responses=reads)["imaging_days"] == 88


def test_a_window_without_an_evaluable_assessment_is_not_evaluable_and_never_missing(one) -> None:
    row = one(responses=[image(60, "NE"), image(120, "NE")])
    assert (row["imaging_response"], row["imaging_days"]) == ("NE", 60)


def test_missing_is_its_own_category_and_never_non_response(one) -> None:
    row = one(responses=[image(400, "PD")])
    assert row["imaging_response"] == ""
    assert row["imaging_reason"] == "follow-up only outside the window"


def test_nobody_without_ct_has_an_imaging_source(one) -> None:
    row = one(symptoms=[{"day": -1, "score": 5, "status": "baseline"}])
    assert (row["imaging_source"], row["imaging_response"]) == ("none", "")
    assert row[["pfs_days", "pfs_event"]].isna().all()


def test_an_image_read_stands_before_a_report_of_the_same_time_point(cases) -> None:
    found = cases(
        {
            str(gap): {"responses": [image(90, "SD")], "report_responses": [report(90 - gap, "PR")]}
            for gap in (-7, 0, 7, 8)
        }
    )
    assert found["imaging_source"].to_dict() == {"-7": "image", "0": "image", "7": "image", "8": "report"}
    assert found["imaging_response"].to_dict() == {"-7": "SD", "0": "SD", "7": "SD", "8": "PR"}


def test_a_report_stands_where_there_is_no_image_read(one) -> None:
    row = one(responses=[image(300, "SD")], report_responses=[report(90, "PR")])
    assert (row["imaging_source"], row["imaging_response"], row["imaging_days"]) == ("report", "PR", 90)


def test_the_reports_are_not_used_in_the_images_only_analysis(one) -> None:
    row = one({"imaging_sources": ("image",)}, report_responses=[report(90, "PR")])
    assert (row["imaging_source"], row["imaging_response"]) == ("none", "")


def test_image_and_report_that_differ_are_listed_with_both_values(linked) -> None:
    result = linked(
        responses=[image(90, "SD", subject="A"), image(90, "PR", subject="B")],
        report_responses=[report(90, "PD", subject="A"), report(90, "PR", subject="B")],
    )
    conflict = result.conflicts.iloc[0]
    assert len(result.conflicts) == 1
    assert (conflict["subject"], conflict["image_response"], conflict["report_response"]) == ("A", "SD", "PD")
    assert conflict["used"] == "image"


def test_kappa_of_image_and_report_is_that_of_the_two_by_two_table(linked) -> None:
    # 20 both SD, 5 SD by image and PD by report, 10 the other way, 15 both PD: observed 0.70, by chance 0.50, so 0.40
    table = [("SD", "SD")] * 20 + [("SD", "PD")] * 5 + [("PD", "SD")] * 10 + [("PD", "PD")] * 15
    images = [image(90, read, subject=f"S{n}") for n, (read, _) in enumerate(table)]
    reports = [report(91, read, subject=f"S{n}") for n, (_, read) in enumerate(table)]
    quality = linked(responses=images, report_responses=reports).quality
    kappa = quality[quality["group"] == "kappa"].iloc[0]
    assert (kappa["value"], kappa["n"]) == ("0.400", 50)


def test_an_assessment_after_the_second_treatment_is_no_first_follow_up(cases) -> None:
    twice = [{"day": 0}, {"day": 100}]
    found = cases({str(day): {"responses": [image(day, "PR")], "treatments": twice} for day in (99, 100, 101)})
    assert found["imaging_response"].to_dict() == {"99": "PR", "100": "PR", "101": ""}
    assert set(found["second_treatment_days"]) == {100}


def test_an_assessment_on_the_day_of_the_second_treatment_can_be_left_out(one) -> None:
    row = one(
        {"followup_on_retreatment_day": False},
        responses=[image(100, "PR")],
        treatments=[{"day": 0}, {"day": 100}],
    )
    assert row["imaging_response"] == ""
    assert row["imaging_reason"] == "second treatment before the follow-up"


def test_an_assessment_on_the_day_of_death_is_no_follow_up(one) -> None:
    row = one(subjects=[{"death_day": 90}], responses=[image(90, "PR")])
    assert row["imaging_reason"] == "died before a follow-up in the window"


@pytest.mark.parametrize(("rule", "expected"), [(EarlyDeath.NOT_EVALUABLE, "NE"), (EarlyDeath.MISSING, "")])
def test_an_early_death_with_a_baseline_ct_is_not_evaluable(one, rule, expected) -> None:
    reads = [image(-5, "", timepoint="baseline")]
    row = one({"early_death": rule}, subjects=[{"death_day": 50}], responses=reads)
    assert row["imaging_response"] == expected
    assert (row["pfs_days"], row["pfs_event"], row["pfs_reason"]) == (50, 1, "death without progression")


@pytest.mark.parametrize(("rule", "expected"), [(EarlyProgression.MISSING, ""), (EarlyProgression.PROGRESSION, "PD")])
def test_a_progression_before_the_window_is_listed_and_counts_only_by_rule(linked, rule, expected) -> None:
    result = linked({"early_progression": rule}, responses=[image(30, "PD", subject="A")])
    assert result.cohort["imaging_response"].tolist() == [expected]
    assert [problem.code for problem in result.problems] == ["early_progression"]


@pytest.mark.parametrize(
    ("code", "rule", "expected"),
    [
        ("NON-CR/NON-PD", NonTargetOnly.STABLE, "SD"),
        ("NON-CR/NON-PD", NonTargetOnly.NOT_EVALUABLE, "NE"),
        ("NED", NonTargetOnly.STABLE, "NE"),
        ("ND", NonTargetOnly.STABLE, ""),
    ],
)
def test_responses_without_target_lesions_fall_into_stated_categories(one, code, rule, expected) -> None:
    assert one({"non_cr_non_pd": rule}, responses=[image(90, code)])["imaging_response"] == expected


def test_the_reader_named_first_counts(one) -> None:
    reads = [image(90, "SD", reader="reader-1"), image(90, "PR", reader="adjudicated")]
    assert one({"readers": ("adjudicated", "reader-1")}, responses=reads)["imaging_response"] == "PR"


def test_each_domain_has_its_own_window(one) -> None:
    row = one(
        {"imaging_days": Window(earliest=200, latest=300)},
        responses=[image(90, "PR"), image(250, "SD")],
        symptoms=[{"day": 0, "score": 10, "status": "baseline"}, {"day": 90, "score": 7, "status": ""}],
    )
    assert (row["imaging_days"], row["symptomatic_days"]) == (250, 90)
