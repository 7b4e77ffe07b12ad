"""The cohort that questions are asked of: its columns are quantities that know from which day they are known."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recist.errors import MissingInput, UsageError
from survival.covariates import derive_timing
from survival.endpoints import ENDPOINTS
from survival.questions.columns import ask_column
from survival.questions.quantity import is_given
from survival.responses import DOMAINS
from survival.settings.canonical import all_domains, all_endpoints
from survival.words.result_html import say_html_table
from survival.words.wording import say_counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from survival.cohort import Cohort
    from survival.endpoints import Endpoint
    from survival.options import ReportOptions
    from survival.questions.quantity import Quantity
    from survival.responses import Domain

OPTIONS_FILE = "options.json"
TREATED = {"n_treatments", "second_treatment_days", "second_treatment_date"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StudyCohort:
    """A cohort to ask questions of; ``cohort.age_years`` or ``cohort["age_years"]`` is a quantity.

    Attributes
    ----------
    data : Cohort
        Read and checked.
    frame : pandas.DataFrame
        One row a subject, with what the dates tell about the start added.
    rules : Mapping or None
        The settings it was linked with, by name; None where the folder does not tell.
    study_file : pathlib.Path or None
        The study file it was linked from, so that it can be linked otherwise.
    options : ReportOptions or None
        The settings it was read with.
    """

    data: Cohort
    frame: pd.DataFrame
    rules: Mapping[str, object] | None = None
    study_file: Path | None = None
    options: ReportOptions | None = None

    @property
    def subjects(self) -> pd.Index:
        """The subjects, in the order of the file."""
        return pd.Index(self.frame["subject"].to_numpy(dtype=object))

    @property
    def domains(self) -> tuple[Domain, ...]:
        """The response domains: those of the toolkit, and those that the settings declare."""
        return DOMAINS if self.options is None else all_domains(self.options)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints: those of the toolkit, and those that the settings declare."""
        return ENDPOINTS if self.options is None else all_endpoints(self.options)

    @property
    def index_name(self) -> str:
        """What day 0 is: as the settings call it, else the first treatment where the cohort may tell of treatments."""
        if self.options is None or TREATED & set(self.frame.columns):
            named = "" if self.options is None else self.options.index_name
            return named or "first treatment"
        return self.options.index_name or "index date"

    @property
    def n(self) -> int:
        """How many subjects there are."""
        return len(self.frame)

    def __len__(self) -> int:
        """Count the subjects."""
        return self.n

    def __getitem__(self, name: str) -> Quantity:
        """Ask for a column by its name."""
        return ask_column(self, name)

    def __getattr__(self, name: str) -> Quantity:
        """Ask for a column as an attribute."""
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return ask_column(self, name)
        except UsageError as fault:
            raise AttributeError(str(fault)) from fault

    def __dir__(self) -> list[str]:
        """List the columns too, for completion."""
        return [*object.__dir__(self), *(name for name in self.frame.columns if str(name).isidentifier())]

    def cutoff_days(self, cutoff: str | None) -> NDArray[np.float64]:
        """Give the day of each subject's clock on which a date of data cutoff lies; infinity without one."""
        if cutoff is None:
            return np.full(self.n, np.inf)
        index = self._dates("index_date", cutoff)
        last = self._dates("cutoff_date", cutoff).max() if "cutoff_date" in self.frame else pd.NaT
        at = _parse_date(cutoff)
        if pd.notna(last) and at > last:
            raise UsageError(
                f"cutoff={cutoff!r}: the cohort was linked with the cutoff {last.date()}, and nothing later is in it. "
                "Set cutoff_date under [study] in the study file and link again."
            )
        return np.asarray((at - index).dt.days, dtype=np.float64)

    def _dates(self, column: str, cutoff: str) -> pd.Series:
        if column not in self.frame:
            raise UsageError(f"cutoff={cutoff!r} needs the column {column}; without it days cannot be dated.")
        return pd.to_datetime(self.frame[column], format="%Y-%m-%d", errors="coerce")

    def __str__(self) -> str:
        """Say who is in the cohort."""
        deaths = say_counted(int(self.frame["os_event"].sum()), "death")
        years = self.frame["index_year"].dropna() if "index_year" in self.frame else pd.Series(dtype="float64")
        when = f", first treated {years.min():.0f} to {years.max():.0f}" if len(years) else ""
        return f"Cohort: {say_counted(self.n, 'patient')}{when}, {deaths}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [[str(name), str(int(is_given(self.frame[name]).sum()))] for name in self.frame.columns]
        return say_html_table(str(self), ["Column", "Given"], rows)


def _parse_date(text: str) -> pd.Timestamp:
    try:
        return pd.to_datetime(text, format="%Y-%m-%d")
    except ValueError as fault:
        raise UsageError(f"{text!r} is not a date; write it as 2016-12-31.") from fault


def load_cohort(path: str | Path, *, settings: str | Path | None = None) -> StudyCohort:
    """Load a cohort to ask questions of.

    Parameters
    ----------
    path : str or pathlib.Path
        The folder that ``recist link`` wrote, a cohort table (CSV or Parquet), or the study file (TOML): then the study
        is linked now, and questions that need other rules link it again.
    settings : str or pathlib.Path, optional
        A settings file, for a table with names and codes of its own; a study file is its own.

    Returns
    -------
    StudyCohort

    Raises
    ------
    MissingInput
        If there is no such folder or file.
    DataError
        With every fault of all files at once.
    """
    from survival.cohort import read_cohort
    from survival.options import read_options
    from survival.questions.linking import link_study

    if not isinstance(path, str | Path):
        raise UsageError(
            f"load_cohort reads a folder or a file, not a {type(path).__name__}: write a table with .to_csv(path, "
            "index=False) and load that, or give its columns to the estimators, such as kaplan_meier(time, event)."
        )
    given = Path(path)
    if not given.exists():
        raise MissingInput(f"{given.name}: there is no such cohort folder, cohort table or study file")
    if given.suffix == ".toml":
        if settings is not None:
            raise UsageError("A study file holds its own settings; give settings with a cohort folder or table.")
        return link_study(given, {})
    config = None if settings is None else Path(settings)
    options = None if config is None else read_options(config)
    cohort = make_study_cohort(
        read_cohort(given, config=config, options=options), given if given.is_dir() else given.parent
    )
    return replace(cohort, options=options)


def make_study_cohort(data: Cohort, folder: Path) -> StudyCohort:
    """Put a cohort together with what the folder tells of its linking."""
    return StudyCohort(data=data, frame=derive_timing(data.frame), rules=_read_rules(folder / OPTIONS_FILE))


def _read_rules(path: Path) -> dict[str, object] | None:
    """Read the settings in force from the options of the linking."""
    if not path.is_file():
        return None
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))["settings"]
        return {name: row["value"] for name, row in settings.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
