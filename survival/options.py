"""The settings of the survival report, under one name; a new one is one line in `survival.settings.report_options`."""

from __future__ import annotations

from survival.settings.checks import OTHER_SECTIONS, SECTION, check_document, check_settings
from survival.settings.reading import make_options, read_options
from survival.settings.report_options import ReportOptions, setting_sentences
from survival.settings.rule import FEWEST_REPLICATES, MOST_REPLICATES

__all__ = [
    "FEWEST_REPLICATES",
    "MOST_REPLICATES",
    "OTHER_SECTIONS",
    "SECTION",
    "ReportOptions",
    "check_document",
    "check_settings",
    "make_options",
    "read_options",
    "setting_sentences",
]
