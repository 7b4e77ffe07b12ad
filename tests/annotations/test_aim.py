"""AIM 4 as ePAD writes it, in JSON and in XML."""

import json
from xml.sax.saxutils import quoteattr

import pytest

from recist.annotations import read_annotations


def coded(code: str, scheme: str, meaning: str) -> dict:
    return {"typeCode": [{"code": code, "codeSystemName": scheme, "iso:displayName": {"value": meaning}}]}


def calculation(uid: str, name: str, code: str, value: str, unit: str = "mm") -> dict:
    result = {"unitOfMeasure": {"value": unit}, "type": "Scalar", "value": {"value": value}}
    return {
        "uniqueIdentifier": {"root": uid},
        **coded(code, "SRT", name),
        "description": {"value": name},
        "calculationResultCollection": {"CalculationResult": [result]},
    }


def line(uid: str, *points: tuple[float, float]) -> dict:
    coordinates = [
        {"coordinateIndex": {"value": number}, "x": {"value": x}, "y": {"value": y}}
        for number, (x, y) in enumerate(points)
    ]
    return {
        "uniqueIdentifier": {"root": uid},
        "imageReferenceUid": {"root": "2.25.1011"},
        "referencedFrameNumber": {"value": 1},
        "twoDimensionSpatialCoordinateCollection": {"TwoDimensionSpatialCoordinate": coordinates},
    }


def annotation(role: tuple[str, str, str], calculations: list[dict], **changes) -> dict:
    number = {"value": {"value": "0"}}
    follow_up = coded("S90", "99EPAD", "FU Number (0=Baseline)") | {
        "characteristicQuantificationCollection": {"CharacteristicQuantification": [number]}
    }
    characteristics = {"ImagingObservationCharacteristic": [follow_up, coded(*role)]}
    observation = coded("S86", "99EPAD", "Evaluable") | {"imagingObservationCharacteristicCollection": characteristics}
    study = {"instanceUid": {"root": "2.25.11"}, "startDate": {"value": "20240110"}}
    study["imageSeries"] = {"instanceUid": {"root": "2.25.21"}}
    statements = [
        {"subjectUniqueIdentifier": {"root": f"2.25.{n}"}, "objectUniqueIdentifier": {"root": f"2.25.{n}0"}}
        for n in (1, 2)
    ]
    return {
        "uniqueIdentifier": {"root": "2.25.7"},
        "trackingUniqueIdentifier": {"root": "2.25.8"},
        **coded("RECIST_v2", "99EPAD", "Tumor assessment"),
        "name": {"value": "Lesion1~-1"},
        "imagingPhysicalEntityCollection": {"ImagingPhysicalEntity": [coded("RID58", "RadLex", "liver")]},
        "calculationEntityCollection": {"CalculationEntity": calculations},
        "imagingObservationEntityCollection": {"ImagingObservationEntity": [observation]},
        "markupEntityCollection": {
            "MarkupEntity": [
                line("2.25.10", (10.5, 10.5), (35.5, 10.5)),
                line("2.25.20", (20.5, 5.5), (20.5, 25.5)),
            ]
        },
        "imageAnnotationStatementCollection": {"ImageAnnotationStatement": statements},
        "imageReferenceEntityCollection": {"ImageReferenceEntity": [{"imageStudy": study}]},
        **changes,
    }


def collection(*annotations: dict) -> dict:
    return {
        "ImageAnnotationCollection": {
            "aimVersion": "AIMv4_2",
            "uniqueIdentifier": {"root": "2.25.6"},
            "dateTime": {"value": "20240601120000"},
            "user": {"loginName": {"value": "reader1"}},
            "person": {"name": {"value": "Planted^Name"}, "id": {"value": "P-01"}},
            "imageAnnotations": {"ImageAnnotation": list(annotations)},
        }
    }


AXES = [calculation("2.25.1", "LongAxis", "G-A185", "20"), calculation("2.25.2", "ShortAxis", "G-A186", "10")]
TARGET = ("S71", "99EPAD", "Target Lesion")


def to_xml(name: str, node: object) -> str:
    """Write the tree as AIM's XML does: plain values are attributes, objects are elements."""
    assert isinstance(node, dict)
    attributes = "".join(
        f" {key}={quoteattr(str(each))}" for key, each in node.items() if not isinstance(each, (dict, list))
    )
    below = [(key, one) for key, each in node.items() for one in (each if isinstance(each, list) else [each])]
    inner = "".join(to_xml(key, one) for key, one in below if isinstance(one, dict))
    return f"<{name}{attributes}>{inner}</{name}>"


def write(tmp_path, tree: dict, kind: str = "json"):
    path = tmp_path / f"aim.{kind}"
    if kind == "json":
        path.write_text(json.dumps(tree), encoding="utf-8")
    else:
        text = to_xml("ImageAnnotationCollection", tree["ImageAnnotationCollection"])
        text = text.replace("<ImageAnnotationCollection", '<ImageAnnotationCollection xmlns:iso="uri:iso.org:21090"', 1)
        path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', encoding="utf-8")
    return path


def told(found) -> list[str]:
    return [problem.code for problem in found.problems if problem.code != "no_role"]


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_an_annotation_gives_axes_role_site_time_point_and_end_points(tmp_path, write_images, kind: str) -> None:
    found = read_annotations(write(tmp_path, collection(annotation(TARGET, AXES)), kind), images=write_images((1,)))
    (row,) = found.measurements.to_dict("records")
    assert found.source_program == "ePAD"
    assert (row["subject"], row["lesion"], row["role"], row["site"]) == ("P-01", "Lesion1", "target", "liver")
    assert (row["timepoint"], str(row["date"])[:10]) == ("baseline", "2024-01-10")
    assert (row["long_axis_mm"], row["short_axis_mm"], row["tracking_uid"]) == (20, 10, "2.25.8")
    ends = [row[name] for name in ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")]
    assert ends == [10, 10, 35, 10, 20, 5, 20, 25]
    assert row["observer"] == "reader1"
    assert told(found) == []


@pytest.mark.parametrize(
    ("code", "role", "state"),
    [
        ("S71", "target", "measured"),
        ("S72", "non_target", "measured"),
        ("S73", "new", "measured"),
        ("S74", "", "absent"),
    ],
)
def test_the_codes_of_the_lexicon_give_role_and_state(tmp_path, code: str, role: str, state: str) -> None:
    found = read_annotations(write(tmp_path, collection(annotation((code, "99EPAD", "x"), AXES))))
    assert found.measurements[["role", "state"]].to_numpy().tolist() == [[role, state]]


def test_a_lesion_that_is_no_cancer_is_left_out_and_told(tmp_path) -> None:
    found = read_annotations(write(tmp_path, collection(annotation(("S75", "99EPAD", "Non-cancer Lesion"), AXES))))
    assert len(found.measurements) == 0
    assert told(found) == ["not_a_lesion"]


def test_the_unit_linear_of_older_files_is_no_unit_and_needs_the_images(tmp_path, write_images) -> None:
    """Older ePAD writes centimetres under the unit "linear"; what it means is not known from the file."""
    tree = collection(annotation(TARGET, [calculation("2.25.1", "Length", "G-D7FE", "2.0", "linear")]))
    path = write(tmp_path, tree)
    refused = read_annotations(path)
    assert len(refused.measurements) == 0
    assert told(refused) == ["no_length"]
    found = read_annotations(path, images=write_images((1,)))
    assert found.measurements["long_axis_mm"].tolist() == [20]
    assert told(found) == ["measured_as_drawn"]


def test_values_of_the_older_form_are_found(tmp_path) -> None:
    entity = calculation("2.25.1", "Length", "G-D7FE", "", "cm")
    result = entity["calculationResultCollection"]["CalculationResult"][0]
    del result["value"]
    result["calculationDataCollection"] = {"CalculationData": [{"value": {"value": "3.25"}}]}
    found = read_annotations(write(tmp_path, collection(annotation(TARGET, [entity]))))
    assert found.measurements["long_axis_mm"].tolist() == [32.5]


def test_one_annotation_that_measures_nothing_does_not_stop_the_next(tmp_path) -> None:
    empty = annotation(TARGET, [], trackingUniqueIdentifier={"root": "2.25.9"})
    found = read_annotations(write(tmp_path, collection(empty, annotation(TARGET, AXES))))
    assert len(found.measurements) == 1
    assert [(problem.code, problem.row) for problem in found.problems] == [("no_axis", 1)]


def test_names_of_patients_stand_in_no_message_and_no_column(tmp_path) -> None:
    found = read_annotations(write(tmp_path, collection(annotation(TARGET, []))))
    assert not any("Planted" in str(problem) for problem in found.problems)
    found = read_annotations(write(tmp_path, collection(annotation(TARGET, AXES))))
    assert "Planted" not in found.measurements.to_csv()
