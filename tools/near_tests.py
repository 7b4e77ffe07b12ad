"""Which tests look at a file of the engine most closely: they are asked first about its mutants."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

IN = "tests/response"
# the beginning of a file's path below recist/response, and its tests
NEAR: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("irecist", (f"{IN}/irecist", "tests/published/test_irecist_tables.py")),
    (
        "checks",
        tuple(
            f"{IN}/test_{name}.py"
            for name in (
                "checks",
                "checks_of_lesions",
                "check_table",
                "every_fault_once",
                "plausible",
                "treated_lesions",
                "standing",
                "markers_and_nodes",
            )
        ),
    ),
    ("visits", (f"{IN}/test_best_from_visits.py", f"{IN}/test_after_complete_response.py")),
    ("attenuation", (f"{IN}/other_criteria",)),
    ("growth", (f"{IN}/other_criteria",)),
    ("coded", (f"{IN}/test_coded.py",)),
    ("kernel/packed", (f"{IN}/test_coded.py",)),
    ("kernel/texts", (f"{IN}/test_coded.py",)),
    ("kernel", (f"{IN}/test_kernel.py", f"{IN}/test_best_ranges.py", f"{IN}/test_coded.py")),
    ("time_points", (f"{IN}/test_time_points.py", f"{IN}/test_partial_dates.py")),
    ("pet", (f"{IN}/test_new_lesions_on_pet.py",)),
    ("quantise", (f"{IN}/test_quantise.py",)),
    ("contributions", (f"{IN}/test_contributions.py", f"{IN}/explain")),
    ("option", (f"{IN}/test_options.py",)),
    ("explain", (f"{IN}/explain",)),
)


def near_tests(file: Path) -> tuple[str, ...]:
    """Give the tests nearest to a file; none where no tests are its own."""
    path = file.as_posix().removeprefix("recist/response/")
    return next((tests for start, tests in NEAR if path.startswith(start)), ())
