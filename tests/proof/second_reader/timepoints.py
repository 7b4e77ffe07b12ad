"""The scans of one reader, put together to time points in the order of their dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .branches import note

if TYPE_CHECKING:
    import datetime

    from .findings import Finding


@dataclass(frozen=True, kw_only=True)
class Timepoint:
    """All findings of one time point."""

    label: str
    findings: tuple[Finding, ...]

    @property
    def scan_dates(self) -> list[datetime.date]:
        """Give the dates of the scans; the date of a blood test counts only where there is no scan."""
        dates = [finding.date for finding in self.findings if finding.role != "marker"]
        return dates or [finding.date for finding in self.findings]

    @property
    def first(self) -> datetime.date:
        """Date of the first scan."""
        return min(self.scan_dates)

    @property
    def last(self) -> datetime.date:
        """Date of the last scan."""
        return max(self.scan_dates)

    def of_role(self, role: str) -> tuple[Finding, ...]:
        """Give the findings of one role."""
        return tuple(finding for finding in self.findings if finding.role == role)


def label_scans(findings: list[Finding], window_days: int) -> list[Finding]:
    """Put scans without a label together: a cluster reaches a number of days from its first scan."""
    start = None
    labels = {}
    for date in sorted({finding.date for finding in findings if not finding.timepoint}):
        if start is None or (date - start).days > window_days:
            note("cluster: begun")
            start = date
        else:
            note("cluster: joined")
        labels[date] = start.isoformat()
    return [finding if finding.timepoint else replace(finding, timepoint=labels[finding.date]) for finding in findings]


def timepoints_of(findings: list[Finding], window_days: int, start: datetime.date | None) -> list[Timepoint]:
    """Give the time points from the baseline on, by date, never by label."""
    by_label: dict[str, list[Finding]] = {}
    for finding in label_scans(findings, window_days):
        by_label.setdefault(finding.timepoint, []).append(finding)
    points = [Timepoint(label=label, findings=tuple(rows)) for label, rows in by_label.items()]
    points.sort(key=lambda point: (point.last, point.first, point.label))
    return points[baseline_of(points, start) :]


def baseline_of(points: list[Timepoint], start: datetime.date | None) -> int:
    """Find the baseline: so called, or the last time point that is not after the start (Eisenhauer 2009, 3.2.1)."""
    for number, point in enumerate(points):
        if point.label == "baseline":
            note("baseline: so called")
            return number
    before = [number for number, point in enumerate(points) if start is not None and point.last <= start]
    if len(before) > 1:
        note("baseline: the last before the start")
    return before[-1] if before else 0
