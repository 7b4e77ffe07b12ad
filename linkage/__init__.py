"""People and time: responses meet treatments, labs, symptoms and deaths, and become a cohort.

>>> from linkage import Rules
>>> str(Rules().imaging_days)
'day 42 to 183'
"""

from linkage.choices import Window
from linkage.cohort import Linked, link
from linkage.rules import Rules
from linkage.settings import SETTINGS, Setting, settings_markdown
from linkage.study import StudyConfig, read_study
from linkage.tables import (
    LABS,
    PATIENTS,
    REPORT_RESPONSES,
    SYMPTOMS,
    TREATMENTS,
    StudyTables,
    check_study_tables,
    read_study_tables,
)

__all__ = [
    "LABS",
    "PATIENTS",
    "REPORT_RESPONSES",
    "SETTINGS",
    "SYMPTOMS",
    "TREATMENTS",
    "Linked",
    "Rules",
    "Setting",
    "StudyConfig",
    "StudyTables",
    "Window",
    "check_study_tables",
    "link",
    "read_study",
    "read_study_tables",
    "settings_markdown",
]
