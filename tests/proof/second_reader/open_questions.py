"""Where the two programs read the guideline differently, and no one has decided yet.

A difference that one of these explains is counted apart, never hidden: `random_histories.py` prints the counts.
"""

from __future__ import annotations


def open_question(options: dict[str, object], found: list[str]) -> str:
    """Name the open question that explains a difference; empty for a difference that nothing explains."""
    fields = {text.split(":")[0].split(" ")[-1] for text in found}
    if fields <= {"after_progression"}:
        return "is a second visit on the day of progression after it"
    if fields <= {"pfs_reason", "ttp_reason"}:
        return "which of two reasons on one day is named"
    if options.get("post_cr") == "recode_pr":
        return "does a visit after PD make the CR before it a PR"
    if options.get("pr_persistence", "none") != "none":
        return "does a PR that is kept end with PD"
    ends = ("_date", "_days", "date", "_event", "_reason", "after_progression", "excluded")
    if "date" in fields and all(name.endswith(ends) for name in fields):
        return "which scan dates a target that came back after CR"
    return ""
