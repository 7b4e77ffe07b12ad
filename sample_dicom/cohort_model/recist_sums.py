"""The three thresholds of RECIST 1.1 on whole tenths of a millimetre, for the generator's own use.

The scoring engine of the project is `recist.response`; the generator does not use it, so that the agreement of the two
means something.
"""

from __future__ import annotations

TOO_SMALL = 50
"""Five millimetres, in tenths: a lesion on record as measured is never smaller (RECIST 1.1 section 4.3)."""


def is_partial_response(sum_tenths: int, baseline_tenths: int) -> bool:
    """At least 30 % below the baseline sum (RECIST 1.1 section 4.3.1)."""
    return 10 * (baseline_tenths - sum_tenths) >= 3 * baseline_tenths


def is_progression(sum_tenths: int, nadir_tenths: int) -> bool:
    """At least 20 % and 5 mm above the nadir (RECIST 1.1 section 4.3.1)."""
    rise = sum_tenths - nadir_tenths
    return rise >= 50 and 5 * rise >= nadir_tenths


def target_category(sum_tenths: int, baseline_tenths: int, *, all_gone: bool) -> str:
    """Give the target response at the first follow-up, where the baseline is the nadir."""
    if all_gone:
        return "CR"
    if is_progression(sum_tenths, baseline_tenths):
        return "PD"
    return "PR" if is_partial_response(sum_tenths, baseline_tenths) else "SD"
