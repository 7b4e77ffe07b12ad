"""Exact sizes: a number is its decimal text, rounded half up once."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recist.response.choices import MeasurementRounding
from recist.response.quantise import to_hundredths, to_picometres

STEPS = {MeasurementRounding.NONE: "0.01", MeasurementRounding.TENTH: "0.1", MeasurementRounding.WHOLE: "1"}


def by_decimal(text: str, step: str) -> int:
    return int(Decimal(text).quantize(Decimal(step), ROUND_HALF_UP) * 100)


@pytest.mark.parametrize(
    "text", ["9.995", "29.995", "0.285", "1.005", "2.675", "14.995", "9.994999999", "0", "1000.125"]
)
def test_sizes_are_rounded_half_up_as_decimals(text) -> None:
    assert to_hundredths(to_picometres(np.array([float(text)])), MeasurementRounding.NONE) == by_decimal(text, "0.01")


@given(
    whole=st.integers(0, 2000),
    decimals=st.text("0123456789", max_size=9),
    rounding=st.sampled_from(MeasurementRounding),
)
def test_every_decimal_text_of_nine_places_is_exact(whole, decimals, rounding) -> None:
    text = f"{whole}.{decimals or '0'}"
    found = to_hundredths(to_picometres(np.array([float(text)])), rounding)
    assert found.tolist() == [by_decimal(text, STEPS[rounding])]


def test_noise_of_floating_point_does_not_move_a_size() -> None:
    sizes = np.array([0.1 + 0.2, 9.995 - 1e-13, 8.2 - 3.2])
    assert to_hundredths(to_picometres(sizes), MeasurementRounding.NONE).tolist() == [30, 1000, 500]


def test_a_node_of_9_995_mm_is_not_normal(responses) -> None:
    assert responses({"T1": [20, 9.995]}, nodes=["T1"]) == ["PR"]
    assert responses({"T1": [20, 9.994]}, nodes=["T1"]) == ["CR"]


def test_rounding_by_option_may_change_a_response(responses) -> None:
    course = {"T1": [25, 29.96]}
    assert responses(course) == ["SD"]
    assert responses(course, options={"measurement_rounding": "0.1"}) == ["PD"]
    assert responses(course, "sum_mm", options={"measurement_rounding": "1"}) == [30]
