"""The plain texts of a report: what to look at before believing it, and the methods ready to be pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from survival.results import Report

NOTHING = "No warning: nothing in this cohort asks for a second look before the report is read."


def warnings_text(report: Report) -> str:
    """Write what weakens the report and what it leaves out, one a line."""
    lines = [f"{report.title}: what to look at before believing this report", ""]
    lines += [f"- {problem}" for problem in report.warnings] or [NOTHING]
    if report.left_out:
        lines += ["", "Left out, and what it would need:", *(f"- {sentence}" for sentence in report.left_out)]
    return "\n".join(lines) + "\n"


def methods_text(report: Report) -> str:
    """Write the methods as paragraphs ready to be pasted into a manuscript."""
    return "\n\n".join(report.methods) + "\n"
