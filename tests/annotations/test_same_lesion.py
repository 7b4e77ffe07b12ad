"""One lesion for life: over reports, studies and readers."""

from recist.annotations import read_annotations


def told(found) -> list[str]:
    return [problem.code for problem in found.problems if problem.code != "no_role"]


def one(reports, codes, name: str, *, label: str = "T01", uid: str = "2.25.5", long: str = "20", **report):
    return reports.write(name, reports.group(label, uid, reports.number(codes["long"], long)), **report)


def test_the_same_tracking_uid_in_two_studies_is_one_lesion_at_two_time_points(reports, codes) -> None:
    paths = [one(reports, codes, "a.dcm"), one(reports, codes, "b.dcm", label="renamed", visit=2, long="15")]
    found = read_annotations(paths)
    table = found.measurements
    assert table["lesion"].tolist() == ["T01", "T01"]
    assert table["long_axis_mm"].tolist() == [20, 15]
    assert [str(day)[:10] for day in table["date"]] == ["2024-01-10", "2024-03-05"]
    assert told(found) == ["two_names"]


def test_the_same_name_with_another_tracking_uid_joins_two_studies_and_is_told(reports, codes) -> None:
    paths = [one(reports, codes, "a.dcm"), one(reports, codes, "b.dcm", uid="2.25.6", visit=2)]
    found = read_annotations(paths)
    assert found.measurements["lesion"].tolist() == ["T01", "T01"]
    assert told(found) == ["joined_by_name"]


def test_two_lesions_of_one_study_with_one_name_are_an_error(reports, codes) -> None:
    groups = [reports.group("liver", f"2.25.{uid}", reports.number(codes["long"], "20")) for uid in (5, 6)]
    assert "repeated_lesion" in told(read_annotations(reports.write("a.dcm", *groups)))


def test_a_copy_of_a_report_is_used_once(reports, codes) -> None:
    paths = [one(reports, codes, name, uid="2.25.5") for name in ("a.dcm", "b.dcm")]
    found = read_annotations(paths)
    assert len(found.measurements) == 1
    assert told(found) == ["read_twice"]


def test_a_later_report_of_the_same_study_replaces_an_earlier_one_and_is_told(reports, codes) -> None:
    paths = [
        one(reports, codes, "a.dcm", long="22", ContentDate="20240602"),
        one(reports, codes, "b.dcm", long="20", ContentDate="20240601"),
    ]
    found = read_annotations(paths)
    assert found.measurements["long_axis_mm"].tolist() == [22]
    (problem,) = [each for each in found.problems if each.code == "replaced_by_later"]
    assert "20.00 mm" in problem.found
    assert "22.00 mm" in problem.expected


def test_reports_that_disagree_and_are_equally_late_are_both_refused(reports, codes) -> None:
    paths = [one(reports, codes, "a.dcm", long="22"), one(reports, codes, "b.dcm", long="20")]
    found = read_annotations(paths)
    assert len(found.measurements) == 0
    assert told(found) == ["readings_disagree"]


def test_lesions_without_any_name_are_numbered_and_never_become_one(reports, codes) -> None:
    groups = [
        reports.group("Cornerstone3DTools@^0.1.0:Bidirectional", f"2.25.{uid}", reports.number(codes["long"], "20"))
        for uid in (5, 6)
    ]
    found = read_annotations(reports.write("a.dcm", *groups))
    assert found.measurements["lesion"].tolist() == ["L1", "L2"]


def test_the_label_of_a_time_point_is_shared_by_the_lesions_of_its_study(reports, codes) -> None:
    labelled = reports.group(
        "T01", "2.25.5", reports.text(codes["time_point"], "Baseline"), reports.number(codes["long"], "20")
    )
    silent = reports.group("T02", "2.25.6", reports.number(codes["long"], "30"))
    found = read_annotations(reports.write("a.dcm", labelled, silent))
    assert found.measurements["timepoint"].tolist() == ["baseline", "baseline"]


def test_a_number_for_a_nameless_lesion_is_none_that_a_person_gave(reports, codes) -> None:
    groups = [
        reports.group("L1", "2.25.5", reports.number(codes["long"], "20")),
        reports.group("", "2.25.6", reports.number(codes["long"], "30")),
    ]
    found = read_annotations(reports.write("a.dcm", *groups))
    assert found.measurements[["lesion", "long_axis_mm"]].to_numpy().tolist() == [["L1", 20], ["L2", 30]]


def test_names_alone_join_lesions_of_tables_without_tracking_uids_and_that_is_told_once(tmp_path) -> None:
    rows = "".join(
        f"P-01,2.25.1{visit},2.25.10{visit}1,{name},Cornerstone:Length,20,mm\n"
        for visit in (1, 2)
        for name in ("A", "B")
    )
    path = tmp_path / "a.csv"
    path.write_text(f"Patient ID,StudyInstanceUID,SOPInstanceUID,Label,AnnotationType,Length,Unit\n{rows}")
    found = read_annotations(path)
    (problem,) = [each for each in found.problems if each.code == "joined_by_name"]
    assert problem.found == "2 measurements"
    assert sorted(found.measurements["lesion"]) == ["A", "A", "B", "B"]


def test_a_date_in_a_year_in_which_nothing_happened_is_no_date(reports, codes) -> None:
    found = read_annotations(one(reports, codes, "a.dcm", StudyDate="00010101", ContentDate="00010101"))
    assert found.measurements["date"].isna().tolist() == [True]
    assert "no_date" in told(found)
