"""Kappa against R 4.2 vcd::Kappa and arithmetic by hand."""

import numpy as np
import pytest

from recist.agreement.kappa import Interval, KappaNote, Weights, compute_kappa

WORDS = ("CR", "PR", "SD", "PD")
TABLE = ((40, 5, 2, 1), (6, 30, 8, 2), (1, 7, 50, 9), (0, 2, 6, 31))


def reads(table: tuple[tuple[int, ...], ...], words: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    pairs = [
        (a, b) for a, row in zip(words, table, strict=True) for b, n in zip(words, row, strict=True) for _ in range(n)
    ]
    return np.array([a for a, _ in pairs], dtype=object), np.array([b for _, b in pairs], dtype=object)


@pytest.mark.parametrize(
    ("weights", "kappa", "error"),
    [
        (Weights.NONE, 0.6691536410, 0.0411388941),
        (Weights.LINEAR, 0.75540842576, 0.03414412016),
        (Weights.QUADRATIC, 0.82825057800, 0.03270169731),
    ],
)
def test_kappa_and_its_standard_error_are_those_of_r(weights: Weights, kappa: float, error: float) -> None:
    # vcd::Kappa(table, weights = "Equal-Spacing" | "Fleiss-Cohen")
    found = compute_kappa(*reads(TABLE, WORDS), WORDS, weights=weights)
    assert found.kappa == pytest.approx(kappa, abs=1e-9)
    assert found.standard_error == pytest.approx(error, abs=1e-9)
    assert found.interval is Interval.LARGE_SAMPLE
    assert found.agreement == pytest.approx(151 / 200)


def test_two_by_two_by_hand() -> None:
    # 20 both yes, 15 both no, 5 and 10 apart: observed 35/50, chance (25*30 + 25*20) / 2500 = 0.5, kappa 0.4
    found = compute_kappa(*reads(((20, 5), (10, 15)), ("CR", "PR")), ("CR", "PR"))
    assert found.kappa == pytest.approx(0.4)
    assert found.n == 50


def test_readers_who_only_ever_say_the_same_word_have_no_kappa() -> None:
    same = np.array(["SD"] * 5, dtype=object)
    found = compute_kappa(same, same, ("SD",))
    assert found.agreement == 1
    assert np.isnan(found.kappa)
    assert np.isnan(found.lower)
    assert found.note is KappaNote.ONE_CATEGORY


def test_a_reader_who_only_ever_says_one_word_leaves_kappa_undefined() -> None:
    # kappa would be 0 with an interval of no width, whatever the other reader said
    first = np.array(["SD"] * 9, dtype=object)
    second = np.array(["SD"] * 6 + ["PD"] * 3, dtype=object)
    found = compute_kappa(first, second, ("SD", "PD"))
    assert np.isnan(found.kappa)
    assert np.isnan(found.standard_error)
    assert found.agreement == pytest.approx(2 / 3)


def test_two_subjects_are_too_few_for_an_interval() -> None:
    first = np.array(["SD", "PD", "SD", "PD"], dtype=object)
    second = np.array(["SD", "PD", "PD", "PD"], dtype=object)
    found = compute_kappa(first, second, ("SD", "PD"), subject=np.array(["a", "a", "b", "b"], dtype=object))
    assert found.kappa == pytest.approx(0.5)  # observed 3/4, chance (2 * 1 + 2 * 3) / 16 = 1/2
    assert found.note is KappaNote.FEW_SUBJECTS


def test_time_points_of_one_subject_widen_the_interval() -> None:
    first, second = reads(TABLE, WORDS)
    alone = compute_kappa(first, second, WORDS)
    subject = np.repeat(np.arange(20), 10).astype(object)  # ten alike reads of each of twenty subjects
    clustered = compute_kappa(first, second, WORDS, subject=subject)
    assert clustered.interval is Interval.JACKKNIFE
    assert clustered.n_subjects == 20
    assert clustered.kappa == alone.kappa
    assert clustered.standard_error > 2 * alone.standard_error


def test_leaving_out_single_reads_gives_nearly_the_large_sample_error() -> None:
    first, second = reads(TABLE, WORDS)
    twice = np.concatenate((first, first)), np.concatenate((second, second))
    subject = np.tile(np.arange(200), 2).astype(object)
    found = compute_kappa(*twice, WORDS, subject=subject)
    # every read stands there twice, so the error is that of 200 reads: 0.0411 by vcd::Kappa
    assert found.standard_error == pytest.approx(0.0411388941, rel=0.02)


def test_no_shared_reads_give_no_kappa() -> None:
    nothing = np.array([], dtype=object)
    found = compute_kappa(nothing, nothing, WORDS)
    assert found.n == 0
    assert np.isnan(found.kappa)
