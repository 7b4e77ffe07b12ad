"""Every check of the tables as data: its code, how much it matters, what it finds and the rule it stands on."""

from __future__ import annotations

from dataclasses import dataclass

from recist.criteria import CRITERIA
from recist.criteria.mrecist import PAPER as MRECIST_PAPER
from recist.criteria.recist_1_0 import PAPER as RECIST_1_0_PAPER
from recist.criteria.recist_1_1 import FAQ, PAPER
from recist.problems import Severity

FORM = "the form of the tables"
PLAUSIBLE = "plausibility"
E, W = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check.

    Attributes
    ----------
    code : str
        The name under which ``problems`` lists what is found.
    severity : Severity
    or_else : Severity or None
        The other severity, where an option or the data decide.
    finds : str
        What is wrong, for people.
    citation : str
    """

    code: str
    severity: Severity
    or_else: Severity | None
    finds: str
    citation: str


def check(code: str, severity: Severity, finds: str, citation: str, or_else: Severity | None = None) -> Check:
    """Write one row of the table."""
    return Check(code=code, severity=severity, finds=finds, citation=citation, or_else=or_else)


TABLE_CHECKS = (
    check("empty_table", E, "a table without rows", FORM),
    check("missing_column", E, "a column that must be there is not", FORM),
    check("duplicate_column", E, "a column stands there twice", FORM),
    check("wrong_column_name", E, "a column is named in capitals or with blanks", FORM),
    check("column_not_used", W, "a column that no one knows, with a name like that of one that is not there", FORM),
    check("repeated_header", E, "a row that repeats the names of the columns", FORM),
    check("empty_cell", E, "an empty cell in a column that must be filled in", FORM),
    check("unknown_value", E, "a word that is none of those the column knows", FORM),
    check("wrong_date", E, "a date that is none, or not written as year-month-day", FORM),
    check("partial_date", W, "a date without day or month, completed by the option `partial_dates`", FORM),
    check("wrong_number", E, "a number that is none", FORM),
    check("number_too_small", E, "a number below the least that can be true", FORM),
    check("wrong_flag", E, "a flag that is neither true nor false", FORM),
)
FINDING_CHECKS = (
    check("state_not_for_role", E, "a state that a lesion of this role cannot have", f"{PAPER} §4.3"),
    check("empty_state", E, "a row with neither a state nor a size: missing is never zero", f"{PAPER} §4.4"),
    check("missing_diameter", E, "a measured lesion without a size", f"{PAPER} §4.3.2"),
    check("absent_with_size", E, "a lesion that is gone and has a size", f"{PAPER} §4.3.2"),
    check("size_not_used", W, "a size of a lesion that was not evaluated", f"{PAPER} §4.4"),
    check("duplicate_row", E, "a lesion twice at one time point of one reader", FORM),
    check(
        "unknown_lesion", E, "a value that covers a lesion the reader does not have", f"{PAPER} §4.3.2, merged lesions"
    ),
    check(
        "target_covered_by_other", E, "a target covered by the value of no target", f"{PAPER} §4.3.2, merged lesions"
    ),
    check(
        "covered_and_measured",
        E,
        "a lesion that has a size and is covered by another's",
        f"{PAPER} §4.3.2, merged lesions",
    ),
    check("covered_twice", E, "a lesion covered by two values at one time point", f"{PAPER} §4.3.2, merged lesions"),
    check("new_at_baseline", E, "a new lesion at baseline", f"{PAPER} §4.3.5"),
    check("marker_with_size", W, "a tumour marker with a size", f"{PAPER} §4.3.3"),
    check(
        "new_node_without_size", W, "a new node without a size or a word on how sure it is", f"{FAQ}, new lymph nodes"
    ),
)
LESION_CHECKS = (
    check("role_changes", E, "a lesion whose role changes", f"{PAPER} §4.2"),
    check("nodal_changes", E, "a lesion that is a node at one time point and none at another", f"{PAPER} §4.3.2"),
    check("node_not_flagged", W, "a lesion at lymph nodes that is flagged as no node", f"{PAPER} §3.1.1"),
    check(
        "site_changes",
        E,
        "a lesion that moves to another organ; a warning where an organ is not known",
        f"{PAPER} §4.2",
        W,
    ),
    check("modality_changes", W, "a lesion that is assessed by another method than at baseline", f"{PAPER} §3.2.2"),
    check("target_without_baseline", E, "a target lesion without a row at baseline", f"{PAPER} §4.2"),
    check("non_target_without_baseline", W, "a non-target lesion without a row at baseline", f"{PAPER} §4.2"),
    check(
        "non_target_not_seen_at_baseline",
        W,
        "a non-target lesion that is absent at baseline, or was not evaluated",
        f"{PAPER} §4.2",
    ),
    check("normal_node_at_baseline", W, "a non-target node of normal size at baseline", f"{PAPER} §3.1"),
    check("small_non_target_node", W, "a non-target node of normal size that is read as present", f"{PAPER} §4.3.3"),
    check("marker_without_baseline", W, "a tumour marker that is not known at baseline", f"{PAPER} §4.3.3"),
    check(
        "marker_without_row",
        W,
        "a tumour marker, abnormal at baseline, without a row at a time point that counts",
        f"{PAPER} §4.3.3",
    ),
    check("target_without_row", W, "a target lesion without a row at a time point that counts", f"{PAPER} §4.4"),
    check(
        "size_of_treated_lesion",
        W,
        "a finding of a lesion after its local treatment; it is not used",
        f"{FAQ}, resected or irradiated targets",
    ),
    check("treated_at_baseline", W, "a treatment during the study that is given at baseline", f"{PAPER} §3.1.2"),
)
DATE_CHECKS = (
    check("two_baselines", E, "two baselines, or scans of the baseline too far apart", f"{PAPER} §3.2.1"),
    check("old_baseline", W, "a baseline scan older than the option `baseline_window_days`", f"{PAPER} §3.2.1"),
    check("baseline_after_start", E, "a baseline scan later than the start", f"{PAPER} §3.2.1"),
    check("before_baseline", W, "a time point before baseline; it is kept and not scored", f"{PAPER} §4.3.1"),
    check("wide_time_point", W, "one label on scans further apart than the option `tp_window_days`", FORM),
    check("mixed_labels", W, "time points with and without a label in one series", FORM),
    check("labels_out_of_order", W, "labels whose numbers run against the dates", FORM),
    check("same_date", W, "two time points on one date", FORM, E),
    check("same_date_as_baseline", W, "a time point no later than the baseline scan", f"{PAPER} §4.3.1"),
    check("not_after_start", W, "a time point after baseline but no later than the start", f"{PAPER} §3.2.1"),
    check("scan_after_death", W, "a scan later than death", PLAUSIBLE),
    check("scan_after_cutoff", W, "a scan later than the cut-off", FORM),
    check("future_date", W, "a scan date still to come", PLAUSIBLE),
)
SUBJECT_CHECKS = (
    check("duplicate_subject", E, "a subject twice in the table of subjects", FORM),
    check("subject_without_dates", E, "a subject with measurements and no row in the table of subjects", FORM),
    check("unread_subjects", W, "a reader without rows of subjects that other readers read", FORM),
    check("subject_without_measurements", W, "a subject without measurements", FORM),
    check(
        "no_start_date",
        W,
        "a subject without a start; days count from the baseline, an error where there is none",
        FORM,
        E,
    ),
    check("two_starts", E, "visits that give a subject two starts", FORM),
    check("subject_without_visits", W, "a subject without visits", FORM),
    check("date_before_start", E, "a date of the subject before the start", PLAUSIBLE),
    check(
        "date_before_baseline",
        E,
        "a date before the baseline scan of a subject without a start; of a new therapy, a warning",
        PLAUSIBLE,
        W,
    ),
    check("prior_therapy", W, "a new therapy that began no later than the start; it is not used", FORM),
)
TARGET_CHECKS = (
    check(
        "too_many_targets",
        W,
        "more targets than the option `max_targets`; an error by `target_limits`",
        f"{PAPER} §4.2",
        E,
    ),
    check(
        "too_many_targets_in_organ",
        W,
        "more targets in an organ than the option `max_targets_per_organ`; an error by `target_limits`",
        f"{PAPER} §4.2; {FAQ}, paired organs",
        E,
    ),
    check(
        "target_not_measurable",
        W,
        "a target below the measurable size, nodes of 10 to below 15 mm among them",
        f"{PAPER} §3.1.1",
    ),
    check("modality_not_measurable", W, "a target assessed by a method that does not measure", f"{PAPER} §3.2.2"),
    check("kind_not_measurable", W, "a blastic bone lesion, or one irradiated before, as target", f"{PAPER} §3.1.2"),
    check("cystic_target", W, "a cystic metastasis as target; solid lesions are preferred", f"{PAPER} §3.1.2"),
    check("no_baseline_value", W, "a target without a value at baseline", f"{PAPER} §4.2"),
    check("slice_thickness_not_given", W, "targets judged measurable without the slice thickness", f"{PAPER} §3.1.1"),
)
PLAUSIBLE_CHECKS = (
    check("short_axis_longer", W, "a short axis longer than the long axis", PLAUSIBLE),
    check("giant_size", W, "a size larger than a body", PLAUSIBLE),
    check("tenfold_size", W, "a target about ten times as large or as small as before and after", PLAUSIBLE),
    check("measured_with_0_mm", W, "a measured size of 0 mm", f"{PAPER} §4.3.2"),
    check("too_small_with_size", W, "a lesion too small to measure with more than the default size", f"{PAPER} §4.3.2"),
    check("too_small_scaled", W, "a default size that was scaled with the slice thickness", f"{PAPER} §4.3.2"),
)
CRITERIA_CHECKS = (
    *(check(rule.code, W, rule.finds, rule.citation) for criteria in CRITERIA.values() for rule in criteria.site_rules),
    check(
        "enhancing_not_given", E, "mRECIST: a target whose enhancing part is given at some visits only", MRECIST_PAPER
    ),
    check("whole_lesion_counted", W, "mRECIST: a target without an enhancing part; all of it counts", MRECIST_PAPER),
    check("attenuation_not_usable", W, "an attenuation at baseline that cannot decrease", "Choi 2007"),
    check("attenuation_not_given", W, "targets without an attenuation at baseline", "Choi 2007"),
    check("attenuation_not_known", W, "a time point at which the attenuation is not known", "Choi 2007"),
    check("node_axis_not_known", W, "RECIST 1.0, Choi: a node without its longest diameter", RECIST_1_0_PAPER),
)
REVIEW_CHECKS = (
    check(
        "single_node_after_cr",
        W,
        "one node that grew again as the only sign of PD after CR",
        f"{FAQ}, reappearing lesions",
    ),
    check(
        "less_than_cr_after_cr",
        W,
        "disease after a CR, left as it is by the option `post_cr`",
        f"{PAPER} Table 3, note",
    ),
    check(
        "nothing_seen_after_cr",
        W,
        "less than CR after a CR where no lesion is seen again; it is no PD",
        f"{PAPER} Table 3, note",
    ),
    check("small_node_growth", W, "nodes that grew enough for PD below the normal limit", f"{PAPER} §4.3.1"),
)
GROUPS = (
    ("Cells and columns", TABLE_CHECKS),
    ("What is recorded at a time point", FINDING_CHECKS),
    ("Lesions through the study", LESION_CHECKS),
    ("Time points and dates", DATE_CHECKS),
    ("Subjects", SUBJECT_CHECKS),
    ("Choice of targets", TARGET_CHECKS),
    ("Sizes that can hardly be true", PLAUSIBLE_CHECKS),
    ("Other criteria than RECIST 1.1", CRITERIA_CHECKS),
    ("Responses to look at again", REVIEW_CHECKS),
)
CHECKS = tuple(row for _, rows in GROUPS for row in rows)
_BY_CODE = {row.code: row for row in CHECKS}


def severity_of(code: str, chosen: Severity | None = None) -> Severity:
    """Look up how much a fault matters; what is chosen must be one of the severities of the check."""
    row = _BY_CODE[code]
    assert chosen in (None, row.severity, row.or_else)
    return chosen or row.severity
