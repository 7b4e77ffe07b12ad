"""Mean attenuation of the target lesions at each visit, against the same lesions at baseline (Choi criteria).

A lesion counts when it has an attenuation at baseline. At a later visit every such lesion that is still there must have
one; a lesion that is gone, or too small to measure and without a value, is left out of both means. Values are whole
hundredths of HU, and means of the same lesions compare as their sums: exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.criteria import AttenuationRule, Finding, LesionRole
from recist.response.arrays import any_by, compress, count_by, sum_by
from recist.response.history import number_of

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Floats, Ints
    from recist.response.history import History

HUNDREDTHS_PER_HU = 100
PERCENT = 100
DECIMALS = 2
MICRO_PER_HUNDREDTH = 10_000
NO_HU = -(2**40)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attenuation:
    """The attenuation of the target lesions of each visit; shape (n_visits,) each.

    Attributes
    ----------
    n_lesions : numpy.ndarray
        Lesions in the sums.
    total, baseline : numpy.ndarray
        Sum of their attenuations now and at baseline, in hundredths of HU; the means are these by `n_lesions`.
    is_known : numpy.ndarray
        Whether every lesion that is needed has a value.
    is_usable : numpy.ndarray
        Whether the baseline mean is above zero, so that a decrease has a meaning.
    is_moot : numpy.ndarray
        Whether the baseline mean is known and not above zero, so that no value of the visit could decide.
    is_response : numpy.ndarray
        Whether the mean fell enough for a partial response.
    n_without : numpy.ndarray
        Target lesions of the series that have no attenuation at baseline; they do not count.
    is_needed : bool
        Whether the criteria look at the attenuation at all.
    """

    n_lesions: Ints
    total: Ints
    baseline: Ints
    is_known: Bools
    is_usable: Bools
    is_moot: Bools
    is_response: Bools
    n_without: Ints
    is_needed: bool

    def visit_columns(self) -> dict[str, Floats]:
        """Give the columns of the table ``responses``, one entry a visit; none where attenuation is not looked at."""
        if not self.is_needed:
            return {}
        number = np.where(self.is_known, self.n_lesions, np.nan) * HUNDREDTHS_PER_HU
        baseline = np.where(self.is_known & self.is_usable, self.baseline, np.nan)
        columns = {
            "attenuation_hu": self.total / number,
            "baseline_attenuation_hu": self.baseline / number,
            "change_in_attenuation_pct": PERCENT * (self.total - self.baseline) / baseline,
        }
        return {name: values.round(DECIMALS) for name, values in columns.items()}


def no_attenuation(n_visits: int) -> Attenuation:
    """Give the attenuation where the criteria ask for none."""
    none, no = np.zeros(n_visits, dtype=np.int64), np.zeros(n_visits, dtype=bool)
    return Attenuation(
        n_lesions=none,
        total=none,
        baseline=none,
        is_known=no,
        is_usable=no,
        is_moot=no,
        is_response=no,
        n_without=none,
        is_needed=False,
    )


def derive_attenuation(history: History, mean_hu: Floats, criteria: Criteria) -> Attenuation:
    """Compare the attenuation of the targets of every visit with baseline.

    Parameters
    ----------
    history : History
    mean_hu : numpy.ndarray
        Mean attenuation in HU of each row of the measurements, NaN when not given; shape (n_rows,).
    criteria : Criteria
    """
    visits, courses = history.visits, history.courses
    if criteria.attenuation_rule is AttenuationRule.NONE:
        return no_attenuation(courses.n_visits)
    values = _lesion_values(history, mean_hu)
    n_lesions = len(history.lesions.role)
    at_baseline = visits.is_baseline[values.visit]
    reference = np.full(n_lesions, NO_HU, dtype=np.int64)
    reference[values.lesion[at_baseline]] = values.hundredths[at_baseline]
    has_reference = reference[values.lesion] != NO_HU
    counts = has_reference & (values.hundredths != NO_HU)
    is_out = has_reference & values.is_left_out
    needed = count_by(courses.course[values.visit], at_baseline & has_reference, courses.n_courses)
    targets = count_by(courses.course[values.visit], at_baseline, courses.n_courses)
    number = count_by(values.visit, counts, courses.n_visits)
    found = number + count_by(values.visit, is_out, courses.n_visits)
    total = sum_by(values.visit, counts, values.hundredths, courses.n_visits)
    baseline = sum_by(values.visit, counts, reference[values.lesion], courses.n_visits)
    is_known = (number > 0) & (found == needed[courses.course])
    first = total[visits.baseline_of_visit]
    left = first - sum_by(values.visit, is_out, reference[values.lesion], courses.n_visits)
    n_left = needed[courses.course] - (found - number)
    is_moot = (needed[courses.course] > 0) & ((first <= 0) | ((n_left > 0) & (left <= 0)))
    is_usable = (baseline > 0) & (total[visits.baseline_of_visit] > 0)
    decrease = criteria.attenuation_decrease.value
    fell = decrease.denominator * (baseline - total) >= decrease.numerator * baseline
    return Attenuation(
        n_lesions=number,
        total=total,
        baseline=baseline,
        is_known=is_known,
        is_usable=is_usable,
        is_moot=is_moot,
        is_response=is_known & is_usable & fell & visits.is_follow_up,
        n_without=(targets - needed)[courses.course],
        is_needed=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _LesionValues:
    """One entry for each target lesion at each visit that has a row for it or a value covering it.

    Attributes
    ----------
    visit, lesion : numpy.ndarray
    hundredths : numpy.ndarray
        Attenuation in hundredths of HU, the mean of its parts rounded half up, or NO_HU.
    is_left_out : numpy.ndarray
        Whether the lesion is gone or too small and has no value.
    """

    visit: Ints
    lesion: Ints
    hundredths: Ints
    is_left_out: Bools


def _lesion_values(history: History, mean_hu: Floats) -> _LesionValues:
    """Gather the attenuation of each target lesion at each visit; a merged mass gives its own to all it covers."""
    rows, merges, n_lesions = history.rows, history.merges, len(history.lesions.role)
    target = number_of(LesionRole.TARGET)
    own = np.flatnonzero(rows.role == target)
    covered = history.lesions.role[merges.lesion] == target
    row = np.concatenate((own, merges.row[covered]))
    lesion = np.concatenate((rows.lesion[own], merges.lesion[covered]))
    keys, pair = compress(rows.visit[row] * n_lesions + lesion, history.courses.n_visits * n_lesions)
    has_value = ~np.isnan(mean_hu[row]) & (rows.finding[row] != number_of(Finding.NOT_EVALUATED))
    hundredths = _to_hundredths(np.where(has_value, mean_hu[row], 0.0))
    number = count_by(pair, has_value, len(keys))
    total = sum_by(pair, has_value, hundredths, len(keys))
    mean = (2 * total + number) // np.maximum(2 * number, 1)
    is_small = (rows.size[row] == 0) | (rows.finding[row] == number_of(Finding.TOO_SMALL))
    return _LesionValues(
        visit=keys // n_lesions if n_lesions else keys,
        lesion=keys % n_lesions if n_lesions else keys,
        hundredths=np.where(number > 0, mean, NO_HU),
        is_left_out=(number == 0) & ~any_by(pair, ~is_small, len(keys)),
    )


def _to_hundredths(hu: Floats) -> Ints:
    """Round half up to hundredths of HU, through the decimal that was written."""
    micro = np.rint(hu * HUNDREDTHS_PER_HU * MICRO_PER_HUNDREDTH).astype(np.int64)
    return (micro + MICRO_PER_HUNDREDTH // 2) // MICRO_PER_HUNDREDTH
