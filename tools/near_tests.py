"""Which tests look at a file of the engine most closely: they are asked first about its mutants."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

IN = "tests/response"
# the beginning of a file's path below recist/response, and its tests
RESPONSE: tuple[tuple[str, tuple[str, ...]], ...] = (
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


def of_survival(*names: str) -> tuple[str, ...]:
    """Give the paths of tests of the survival side."""
    return tuple(f"tests/survival/test_{name}.py" for name in names)


CURVES = of_survival("curves_edges", "estimators_by_hand", "estimators_curves", "estimators_rules", "against_r_curves")
COMPARISONS = of_survival(
    "tests_edges", "estimators_by_hand", "estimators_tests", "estimators_rules", "estimators_differences"
)
COMPETING = of_survival("tests_edges", "estimators_rules", "estimators_gray", "estimators_competing")
INTERVALS = of_survival("curves_edges", "estimators_turnbull", "against_r_intervals", "estimators_rules")
SWITCHES = of_survival("tests_edges", "estimators_switch", "estimators_rules", "against_r_tests")
COX = of_survival("cox_edges", "estimators_by_hand", "estimators_cox", "cox_penalised", "against_r_cox")
IMPUTED = of_survival("against_r_rubin", "imputation")
QUESTIONS = of_survival(
    "questions_edges", "questions_by_hand", "questions_refusals", "questions_real_data", "questions_headline"
)
COHORT = of_survival("cohort_edges", "bad_input_cohort", "bad_input_spans", "settings_companions", "settings_study")
REPORT = of_survival("settings_refusal", "report_answers", "headline", "report_against_r")
# the beginning of a file's path below survival, and its tests
SURVIVAL: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("questions", QUESTIONS),
    ("imputation", IMPUTED),
    ("rubin", IMPUTED),
    ("bands", CURVES),
    ("quantiles", CURVES),
    ("risk_table", (*CURVES, *SWITCHES)),
    ("restricted_mean", (*CURVES, *COMPARISONS)),
    ("kaplan_meier", (*CURVES, *SWITCHES)),
    ("checks/times", (*CURVES, *SWITCHES, *INTERVALS)),
    ("log_rank", (*COMPARISONS, *of_survival("against_r_tests"))),
    ("score_test", (*COMPARISONS, *COMPETING)),
    ("landmark", (*COMPARISONS, *REPORT)),
    ("median_difference", COMPARISONS),
    ("cumulative_incidence", COMPETING),
    ("gray", COMPETING),
    ("turnbull", INTERVALS),
    ("switch", SWITCHES),
    ("partial_likelihood/residuals", (*of_survival("cox_prediction"), *COX)),
    ("partial_likelihood/firth", (*COX, *of_survival("against_r_models"))),
    ("partial_likelihood", (*COX, *of_survival("cox_degenerate"))),
    ("cox", (*COX, *of_survival("cox_degenerate"))),
    ("proportional_hazards", COX),
    ("concordance", COX),
    ("checks", COHORT),
    ("known_later", (*of_survival("known_later_edges", "known_later_names"), *REPORT)),
    ("compare", REPORT),
    ("retreatment", REPORT),
)
NEAR = (("recist/response/", RESPONSE), ("survival/", SURVIVAL))


def near_tests(file: Path) -> tuple[str, ...]:
    """Give the tests nearest to a file; none where no tests are its own."""
    path = file.as_posix()
    return next((tests for room, rows in NEAR for start, tests in rows if path.startswith(room + start)), ())
