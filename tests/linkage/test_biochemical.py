"""The biochemical response: thresholds exact at the boundary, one marker a subject."""


def lab(day, value, marker="CgA", upper=100, **more):
    return {"day": day, "marker": marker, "value": value, "unit": "ng/mL", "upper_normal": upper, **more}


BOUNDARIES = (
    # baseline, value, upper normal, expected
    (400, 100, 100, "CR"),  # exactly the upper normal is normal
    (400, 100.1, 100, "PR"),
    (400, 200, 100, "PR"),  # exactly half
    (400, 200.1, 100, "SD"),
    (400, 499.9, 100, "SD"),
    (400, 500, 100, "PD"),  # exactly a quarter more
    (150, 99, 100, "CR"),  # normal, although it fell by a third only
    (10.1, 5.05, 1, "PR"),  # decimals that binary floating point cannot hold
    (0.7, 0.35, 0.1, "PR"),
    (0.7, 0.875, 0.1, "PD"),
    (4.1, 5.125, 1, "PD"),
    (0.7, 0.3500001, 0.1, "SD"),
    (123456.78, 61728.39, 10, "PR"),
    (0.0000082, 0.0000041, 0.000001, "PR"),
)


def test_the_thresholds_are_exact_at_the_boundary(cases) -> None:
    given = {
        f"{baseline} to {value}": {"labs": [lab(-3, baseline, upper=upper), lab(90, value, upper=upper)]}
        for baseline, value, upper, _ in BOUNDARIES
    }
    found = cases(given)["biochemical_response"].to_dict()
    assert found == {f"{baseline} to {value}": expected for baseline, value, _, expected in BOUNDARIES}


def test_the_thresholds_are_settings(one) -> None:
    labs = [lab(-3, 400), lab(90, 260)]  # a fall of 35 %
    assert one(labs=labs)["biochemical_response"] == "SD"
    assert one({"marker_fall_pct": 35.0}, labs=labs)["biochemical_response"] == "PR"
    assert one({"marker_fall_pct": 35.01}, labs=labs)["biochemical_response"] == "SD"


def test_the_baseline_lies_in_its_window_both_ends_included(cases) -> None:
    given = {str(day): {"labs": [lab(day, 400), lab(90, 200)]} for day in (-91, -90, 0, 1)}
    assert cases(given)["biochemical_response"].to_dict() == {"-91": "", "-90": "PR", "0": "PR", "1": ""}


def test_the_last_of_several_baseline_values_counts(one) -> None:
    row = one(labs=[lab(-60, 400), lab(-2, 220), lab(90, 200)])
    assert row["biochemical_response"] == "SD"  # 200 of 220, not 200 of 400


def test_a_value_that_could_not_be_measured_is_not_evaluable(one) -> None:
    row = one(labs=[lab(-3, 400), lab(90, None)])
    assert (row["biochemical_response"], row["biochemical_days"]) == ("NE", 90)
    later = one(labs=[lab(-3, 400), lab(90, None), lab(97, 200)])
    assert (later["biochemical_response"], later["biochemical_days"]) == ("PR", 97)


def test_the_marker_most_raised_relative_to_its_upper_normal_is_followed(one) -> None:
    labs = [lab(-3, 500, "CgA", 100), lab(-3, 80, "5-HIAA", 8), lab(90, 500, "CgA", 100), lab(90, 30, "5-HIAA", 8)]
    row = one(labs=labs)
    assert (row["biochemical_marker"], row["biochemical_response"]) == ("5-HIAA", "PR")  # 10 times against 5 times
    named = one({"marker": "CgA"}, labs=labs)
    assert (named["biochemical_marker"], named["biochemical_response"]) == ("CgA", "SD")


def test_the_choice_of_the_marker_does_not_look_at_what_followed(one) -> None:
    row = one(labs=[lab(-3, 500, "CgA", 100), lab(-3, 80, "5-HIAA", 8), lab(90, 100, "CgA", 100)])
    assert (row["biochemical_marker"], row["biochemical_response"]) == ("5-HIAA", "")


def test_a_marker_within_normal_at_baseline_has_no_response(one) -> None:
    row = one(labs=[lab(-3, 100), lab(90, 40)])
    assert (row["biochemical_response"], row["biochemical_source"]) == ("", "lab")
    assert row["biochemical_reason"] == "marker within normal at baseline"


def test_a_normal_marker_can_only_be_stable_or_progress_when_it_is_followed_by_rule(cases) -> None:
    given = {str(value): {"labs": [lab(-3, 100), lab(90, value)]} for value in (40, 100, 124, 125)}
    found = cases(given, {"raised_at_baseline": False})["biochemical_response"]
    assert found.to_dict() == {"40": "SD", "100": "SD", "124": "SD", "125": "PD"}


def test_an_upper_normal_is_taken_over_from_the_baseline(one) -> None:
    assert one(labs=[lab(-3, 400), lab(90, 90, upper=None)])["biochemical_response"] == "CR"


def test_a_marker_without_an_upper_normal_is_not_used_and_reported(linked) -> None:
    result = linked(labs=[lab(-3, 400, upper=None, subject="A"), lab(90, 90, upper=None, subject="A")])
    assert result.cohort["biochemical_response"].tolist() == [""]
    assert [problem.code for problem in result.problems] == ["no_upper_normal"]
