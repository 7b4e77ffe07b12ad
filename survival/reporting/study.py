"""What every section of the report is made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from survival.compare import compare_own_clock
from survival.covariates import derive_covariate
from survival.domains import compare_domain
from survival.endpoints import OVERALL_SURVIVAL, RELIEF, has_endpoint
from survival.known_later import is_later
from survival.reporting.fitted import fit_plans
from survival.retreatment import can_compare_retreatment, compare_retreatment, derive_spans
from survival.settings.canonical import all_domains, all_endpoints, primary_endpoint

if TYPE_CHECKING:
    import pandas as pd

    from recist.errors import RecistError
    from survival.cohort import Cohort
    from survival.compare import Comparison
    from survival.covariates import Covariate
    from survival.domains import DomainComparisons
    from survival.endpoints import Endpoint
    from survival.models import FittedModel, ModelPlan
    from survival.options import ReportOptions
    from survival.responses import Domain
    from survival.retreatment import Retreatment


TREATMENT_COLUMNS = frozenset({"n_treatments", "second_treatment_days", "first_activity_mci"})


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """A checked cohort with the settings of its report.

    Attributes
    ----------
    cohort : Cohort
    frame : pandas.DataFrame
        The cohort's rows, with what its dates tell added.
    options : ReportOptions
    """

    cohort: Cohort
    frame: pd.DataFrame
    options: ReportOptions

    @property
    def n(self) -> int:
        """Subjects."""
        return len(self.frame)

    @property
    def percent(self) -> str:
        """The confidence of intervals, for headers: ``95 % CI``."""
        return f"{100 * self.options.confidence:g} % CI"

    @property
    def index_name(self) -> str:
        """What day 0 is: the first treatment where the cohort tells of treatments, else what its maker chose."""
        if self.options.index_name:
            return self.options.index_name
        return "index date (first treatment)" if TREATMENT_COLUMNS & set(self.frame.columns) else "index date"

    @property
    def from_index(self) -> str:
        """What day 0 is, with its article: the index date, the start of treatment, randomisation."""
        is_bare = " " not in self.index_name
        return self.index_name if is_bare else f"the {self.index_name.removeprefix('the ')}"

    @cached_property
    def primary(self) -> Endpoint:
        """The endpoint that groups, responses and models are compared by."""
        return primary_endpoint(self.options)

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints counted from the index date that have a curve, the primary one first."""
        others = (one for one in all_endpoints(self.options) if one not in (self.primary, RELIEF) and not one.competing)
        return (self.primary, *others)

    @cached_property
    def competing_endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints that another event can make impossible: they have cumulative incidences, not curves."""
        return tuple(one for one in all_endpoints(self.options) if one.competing)

    @cached_property
    def all_domains(self) -> tuple[Domain, ...]:
        """The response domains that the settings know, whether the cohort has them or not."""
        return all_domains(self.options)

    @cached_property
    def domains(self) -> tuple[Domain, ...]:
        """The response domains in which any subject is evaluable."""
        return tuple(
            domain
            for domain in self.all_domains
            if domain.response_column in self.frame
            and bool(self.frame[domain.response_column].isin(domain.evaluable).any())
        )

    @cached_property
    def dated_domains(self) -> tuple[Domain, ...]:
        """Those of them whose day is known too, as a landmark needs."""
        return tuple(domain for domain in self.domains if self.cohort.has(domain.days_column))

    @cached_property
    def comparisons(self) -> dict[str, DomainComparisons]:
        """Overall survival by each dated domain, in every form."""
        return {domain.key: compare_domain(self.frame, domain, self.options) for domain in self.dated_domains}

    @cached_property
    def own_clocks(self) -> dict[str, Comparison]:
        """Overall survival by each dated domain, counted from each subject's own day of assessment."""
        return {key: compare_own_clock(found.from_index.sides, self.options) for key, found in self.comparisons.items()}

    @cached_property
    def retreatment(self) -> Retreatment | None:
        """Overall survival by second treatment; None where second treatments are not known."""
        if not can_compare_retreatment(self.frame):
            return None
        return compare_retreatment(self.frame, self.spans, self.options)

    @cached_property
    def spans(self) -> pd.DataFrame | None:
        """Start-stop rows of the primary endpoint by second treatment: those of the cohort, or made from its dates."""
        if self.cohort.spans is not None and self.primary == OVERALL_SURVIVAL:
            return self.cohort.spans
        return derive_spans(self.frame, self.options) if can_compare_retreatment(self.frame) else None

    @cached_property
    def models(self) -> tuple[tuple[ModelPlan, FittedModel | RecistError], ...]:
        """The Cox models of the primary endpoint, or why one could not be fitted."""
        return fit_plans(self)

    @cached_property
    def covariates(self) -> tuple[Covariate, ...]:
        """The covariates of the multivariable models that the cohort has."""
        return self._covariates(self.options.covariates)

    @cached_property
    def further_covariates(self) -> tuple[Covariate, ...]:
        """The covariates that are shown one by one only."""
        return self._covariates(self.options.univariable_only)

    @cached_property
    def timing(self) -> tuple[Covariate, ...]:
        """What the dates tell about the start."""
        return self._covariates(("months_since_diagnosis", "index_year"))

    @property
    def strata(self) -> tuple[str, ...]:
        """The columns by which the models are stratified."""
        return tuple(name for name in self._known_at_start(self.options.strata) if name in self.frame)

    @cached_property
    def layers(self) -> tuple[Covariate, ...]:
        """The columns by which the models are stratified, as covariates; without those that are covariates anyway."""
        others = {one.column for one in (*self.covariates, *self.further_covariates)}
        return tuple(one for one in self._covariates(self.options.strata) if one.column not in others)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The grouping columns that the cohort has, with at least two groups."""
        return tuple(name for name in self._known_at_start(self.options.groups) if self._has_groups(name))

    def has(self, endpoint: Endpoint) -> bool:
        """Tell whether any subject has the endpoint."""
        return has_endpoint(self.frame, endpoint)

    def split_domain(self) -> Domain | None:
        """Find the response domain that the baseline table is split by."""
        return next((domain for domain in self.domains if domain.key == self.options.split), None)

    def _covariates(self, columns: tuple[str, ...]) -> tuple[Covariate, ...]:
        found = (
            derive_covariate(self.frame, column, self.options.covariate) for column in self._known_at_start(columns)
        )
        return tuple(covariate for covariate in found if covariate is not None)

    def _known_at_start(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Keep what is known at the index date: the others have a section of their own."""
        return tuple(name for name in columns if not is_later(name, self.options))

    def _has_groups(self, name: str) -> bool:
        if name not in self.frame:
            return False
        values = self.frame[name].astype(str)
        return len(set(values) - {"", "nan"}) > 1
