"""The registration says when it failed and why."""

import numpy as np
import pytest

from recist.register import register


def located(baseline, followup_hu, followup_affine, places):
    return register(baseline.hu, baseline.affine, followup_hu, followup_affine).locate(places)


def test_another_patient_is_never_sure(draw, baseline, scanner, places):
    other = scanner(seed=1).scan(draw(2))
    registration = register(baseline.hu, baseline.affine, other.hu, other.affine)
    assert "another patient" in registration.doubt
    for prediction in registration.locate(places):
        assert not prediction.is_sure
        assert prediction.confidence < 0.5
        assert prediction.reason == registration.doubt


def test_a_point_outside_of_the_baseline_is_not_placed(same):
    (prediction,) = same.locate([(0, 0, 500)])
    assert not prediction.is_sure
    assert np.isnan(prediction.point_lps).all()
    assert prediction.reason == "The point lies outside of the baseline scan."


def test_a_point_in_the_air_is_not_sure(same):
    (prediction,) = same.locate([(122, -84, 0)])
    assert not prediction.is_sure
    assert prediction.reason


@pytest.mark.parametrize(
    ("fill", "reason"), [(-1000, "No body was found in the follow-up scan."), (0, "there is no fat")]
)
def test_an_empty_volume_is_not_matched(baseline, places, fill, reason):
    predictions = located(baseline, np.full_like(baseline.hu, fill), baseline.affine, places)
    assert all(reason in prediction.reason and not prediction.is_sure for prediction in predictions)
    assert all(np.isnan(prediction.residual_mm) and prediction.confidence == 0 for prediction in predictions)


def test_values_of_another_modality_are_not_matched(baseline, places):
    magnetic = (baseline.hu.astype(np.float32) + 1000) / 4
    predictions = located(baseline, magnetic, baseline.affine, places)
    assert not any(prediction.is_sure for prediction in predictions)
    assert "not those of a CT" in predictions[0].reason


def test_a_thin_slab_is_not_matched(baseline, places):
    predictions = located(baseline, baseline.hu[:6], baseline.affine, places)
    assert not any(prediction.is_sure for prediction in predictions)
    assert "less than" in predictions[0].reason


def test_scans_of_different_parts_of_the_body_are_not_sure(trunk, scanner, places):
    upper = scanner(low=(-125, -88, 40), high=(125, 88, 103)).scan(trunk)
    lower = scanner(low=(-125, -88, -103), high=(125, 88, -50), seed=1).scan(trunk)
    asked = places[places[:, 2] > 45]
    predictions = located(upper, lower.hu, lower.affine, asked)
    assert not any(prediction.is_sure for prediction in predictions)


def test_confidence_falls_with_the_expected_error(same, places):
    predictions = sorted(same.locate(places), key=lambda found: found.residual_mm)
    confidences = [prediction.confidence for prediction in predictions]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 < prediction.residual_mm < 5 for prediction in predictions)
    assert all(prediction.reason == "" for prediction in predictions if prediction.is_sure)
