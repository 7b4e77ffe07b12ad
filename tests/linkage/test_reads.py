"""Every read is kept, and the one that the cohort took is marked."""

import pandas as pd

from linkage import check_study_tables, link

IMAGE = {"timepoint": "followup-1", "overall_response": "PR", "change_from_baseline_pct": -41.5}


def used(linked, **kwargs: object) -> list[tuple[str, str, int]]:
    reads = linked(**kwargs).reads
    return [(row.source, row.reader, row.days) for row in reads[reads["used"]].itertuples()]


def test_both_readers_are_listed_and_the_first_of_the_order_is_used(linked) -> None:
    reads = [
        {"subject": "A", "day": 90, "reader": "reader-1", **IMAGE},
        {"subject": "A", "day": 90, "reader": "reader-2", **IMAGE, "overall_response": "SD"},
    ]
    found = linked({"readers": ("reader-1", "reader-2")}, responses=reads).reads
    assert found[["reader", "overall_response", "used"]].to_numpy().tolist() == [
        ["reader-1", "PR", True],
        ["reader-2", "SD", False],
    ]


def test_a_reader_who_is_named_second_is_used_where_the_first_did_not_read(linked) -> None:
    reads = [
        {"subject": "A", "day": 90, "reader": "reader-1", **IMAGE},
        {"subject": "B", "day": 90, "reader": "reader-2", **IMAGE},
    ]
    assert used(linked, rules={"readers": ("reader-1", "reader-2")}, responses=reads) == [
        ("image", "reader-1", 90),
        ("image", "reader-2", 90),
    ]


def test_a_report_of_the_same_time_point_is_listed_but_the_image_is_used(linked) -> None:
    tables = {
        "responses": [{"subject": "A", "day": 90, "reader": "reader-1", **IMAGE}],
        "report_responses": [
            {"subject": "A", "day": 95, "timepoint": "followup-1", "overall_response": "SD"},
            {"subject": "A", "day": 220, "timepoint": "followup-2", "overall_response": "SD"},
        ],
    }
    # 95 is within 7 days of 90: one time point, the image stands; nobody read images near day 220
    assert used(linked, **tables) == [("image", "reader-1", 90), ("report", "", 220)]
    assert len(linked(**tables).reads) == 3


def test_reads_before_treatment_are_listed_and_not_used(linked) -> None:
    reports = [{"subject": "A", "day": -3, "timepoint": "baseline"}, {"subject": "A", "day": 80, "timepoint": "1"}]
    found = linked(report_responses=[{**row, "overall_response": "SD"} for row in reports]).reads
    assert found[["days", "used"]].to_numpy().tolist() == [[-3, False], [80, True]]


def test_reads_after_the_cutoff_are_not_listed(linked) -> None:
    subjects = [{"subject": "A", "last_contact_day": 5000}]
    reports = [{"subject": "A", "day": day, "overall_response": "SD"} for day in (90, 4000)]  # the cutoff is day 3653
    assert linked(subjects=subjects, report_responses=reports).reads["days"].tolist() == [90]


def test_reads_of_those_who_were_never_treated_are_not_listed() -> None:
    tables, _ = check_study_tables(
        {
            "subjects": pd.DataFrame({"subject": ["A", "B"], "last_contact_date": ["2001-01-01"] * 2}),
            "treatments": pd.DataFrame({"subject": ["A"], "date": ["2000-01-01"]}),
            "report_responses": pd.DataFrame(
                {"subject": ["A", "B"], "date": ["2000-04-01"] * 2, "overall_response": ["SD"] * 2}
            ),
        }
    )
    assert link(tables).reads["subject"].tolist() == ["A"]


def test_sums_and_changes_of_the_images_are_kept_and_a_report_has_none(linked) -> None:
    image = {**IMAGE, "n_targets": 2, "baseline_sum_mm": 80.0, "sum_mm": 46.8, "nadir_mm": 80.0}
    found = linked(
        responses=[{"subject": "A", "day": 90, **image}],
        report_responses=[{"subject": "B", "day": 90, "overall_response": "SD"}],
    ).reads.set_index("subject")
    assert found.loc["A", ["baseline_sum_mm", "sum_mm", "change_from_baseline_pct"]].tolist() == [80.0, 46.8, -41.5]
    assert found.loc["B", ["baseline_sum_mm", "sum_mm", "change_from_baseline_pct"]].isna().all()


def test_every_treatment_is_counted_and_dated_from_the_first(linked) -> None:
    treatments = [
        {"subject": "A", "day": 0, "treatment": "mIBG", "activity_mci": 300},
        {"subject": "A", "day": 200, "treatment": "mIBG", "activity_mci": 310},
        {"subject": "A", "day": 100, "treatment": "surgery"},
        {"subject": "A", "day": 4000, "treatment": "mIBG"},
    ]
    subjects = [{"subject": "A", "last_contact_day": 4100}]
    found = linked({"treatment": "mIBG"}, subjects=subjects, treatments=treatments).treatments
    # surgery does not count, and day 4000 is after the cutoff (day 3653)
    expected = [["A", 1, "mIBG", 0, 300.0], ["A", 2, "mIBG", 200, 310.0]]
    assert found.to_numpy().tolist() == expected


def test_the_change_from_baseline_at_the_first_follow_up_stands_in_the_cohort(one) -> None:
    row = one(
        responses=[
            {"day": 60, "timepoint": "1", "overall_response": "SD", "change_from_baseline_pct": -12.34},
            {"day": 150, "timepoint": "2", "overall_response": "PR", "change_from_baseline_pct": -40.0},
        ],
        labs=[
            {"day": -5, "marker": "CgA", "value": 300.0, "upper_normal": 100.0},
            {"day": 90, "marker": "CgA", "value": 200.0, "upper_normal": 100.0},
        ],
        symptoms=[{"day": -5, "score": 8, "status": "baseline"}, {"day": 90, "score": 6}],
    )
    assert row["imaging_change_pct"] == -12.34
    assert row["biochemical_change_pct"] == -33.33  # (200 − 300) / 300
    assert row["symptomatic_change_pct"] == -25.0  # (6 − 8) / 8


def test_what_was_not_measured_has_no_change(one) -> None:
    row = one(
        report_responses=[{"day": 60, "overall_response": "PR"}],
        symptoms=[{"day": -5, "status": "baseline"}, {"day": 90, "status": "improved"}],
    )
    assert row["imaging_response"] == "PR"
    assert row["symptomatic_response"] == "improved"
    assert pd.isna(row["imaging_change_pct"])
    assert pd.isna(row["biochemical_change_pct"])
    assert pd.isna(row["symptomatic_change_pct"])


def interval(one, **tables: object) -> list[int | None]:
    row = one(**tables)
    return [None if pd.isna(row[name]) else int(row[name]) for name in ("pfs_lower_days", "pfs_upper_days")]


def reports(*visits: tuple[int, str]) -> list[dict[str, object]]:
    return [{"day": day, "timepoint": str(day), "overall_response": code} for day, code in visits]


def test_progression_came_between_the_last_scan_without_it_and_the_first_with_it(one) -> None:
    assert interval(one, report_responses=reports((60, "SD"), (150, "PR"), (240, "NE"), (330, "PD"))) == [150, 330]


def test_progression_at_the_first_scan_came_at_some_day_since_treatment(one) -> None:
    assert interval(one, report_responses=reports((60, "PD"))) == [0, 60]


def test_progression_that_was_never_seen_has_no_upper_limit(one) -> None:
    assert interval(one, report_responses=reports((60, "SD"), (150, "SD"))) == [150, None]
    assert interval(one, report_responses=reports((60, "NE"))) == [0, None]


def test_the_day_of_a_death_without_progression_is_exact(one) -> None:
    dead = [{"death_day": 400, "last_contact_day": 400}]
    assert interval(one, subjects=dead, report_responses=reports((60, "SD"))) == [400, 400]


def test_a_patient_without_any_scan_has_no_interval(one) -> None:
    assert interval(one, symptoms=[{"day": -5, "score": 8, "status": "baseline"}]) == [None, None]


def test_an_event_censored_after_missed_scans_was_not_seen(one) -> None:
    row = one({"missed_scans": "censor"}, report_responses=reports((60, "SD"), (500, "PD")))
    # 440 days after the last adequate scan, more than 2 × (91 + 14)
    assert (row["pfs_days"], row["pfs_event"]) == (60, 0)
    assert (row["pfs_lower_days"], pd.isna(row["pfs_upper_days"])) == (60, True)
