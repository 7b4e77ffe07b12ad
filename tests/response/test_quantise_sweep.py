"""Every thousandth of a millimetre up to 300 mm, rounded by both paths into the engine as decimals are."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from recist.response.choices import MeasurementRounding
from recist.response.kernel.exact import quantise, quantum_of
from recist.response.quantise import STEP_HUNDREDTHS, to_hundredths, to_picometres

THOUSANDTHS = range(300_000)
EXPECTED_STEP = {
    MeasurementRounding.NONE: Decimal("0.01"),
    MeasurementRounding.TENTH: Decimal("0.1"),
    MeasurementRounding.WHOLE: Decimal(1),
}


@pytest.mark.parametrize("rounding", MeasurementRounding)
def test_lengths_are_rounded_half_up_as_their_decimals_are(rounding: MeasurementRounding) -> None:
    step = EXPECTED_STEP[rounding]
    expected = np.array([int(Decimal(n).scaleb(-3).quantize(step, ROUND_HALF_UP) * 100) for n in THOUSANDTHS])
    for dtype in (np.float64, np.float32):
        lengths_mm = np.array([n / 1000 for n in THOUSANDTHS], dtype=dtype)
        sizes = np.empty(len(lengths_mm), dtype=np.int32)
        assert quantise(lengths_mm, quantum_of(lengths_mm.dtype, STEP_HUNDREDTHS[rounding]), sizes) == 0
        np.testing.assert_array_equal(sizes - 1, expected)
    as_table = to_hundredths(to_picometres(np.array([n / 1000 for n in THOUSANDTHS])), rounding)
    np.testing.assert_array_equal(as_table, expected)
