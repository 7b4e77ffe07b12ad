"""The figure of a first response: how far each patient's sum of diameters changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.errors import UsageError
from survival.figures.style import report_style
from survival.figures.waterfall import WaterfallPanel, draw_waterfall
from survival.reporting.course_frames import derive_first_changes, used_reads
from survival.responses import IMAGING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from survival.questions.first_response import FirstResponse


def draw_first_changes(response: FirstResponse) -> Figure:
    """Draw a waterfall of those who have a category.

    Raises
    ------
    UsageError
        If the response is not one of images, or the cohort has no reads with sums.
    """
    reads = response.cohort.data.reads
    if response.domain is not IMAGING or reads is None or not reads["change_from_baseline_pct"].notna().any():
        raise UsageError("A waterfall needs the reads of images with their sums: reads.csv beside the cohort.")
    changes = derive_first_changes(used_reads(reads))
    known = response.cohort.subjects[response.codes.ne("").to_numpy()]
    panel = WaterfallPanel(title="First change", changes=changes[changes["subject"].isin(known)])
    with report_style():
        return draw_waterfall((panel,))
