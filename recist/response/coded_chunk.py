"""One chunk of patients on its way through the compiled loops, from packed rows to responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recist.response.best import search_settings
from recist.response.best_rows import compile_search
from recist.response.choices import MissedVisits, Start
from recist.response.kernel.best import BEST, CONFIRMED, N_RESULTS, SearchVisits, search_best
from recist.response.kernel.eligible import take_follow_ups
from recist.response.kernel.opening import find_openings
from recist.response.kernel.overall import OverallVisits, no_overall_responses, walk_overall
from recist.response.kernel.packed import VisitRows, unpack_visits
from recist.response.kernel.row_sums import add_up_rows
from recist.response.kernel.rules import compile_overall_rules, compile_target_rules
from recist.response.kernel.schedule import fill_missed
from recist.response.kernel.sums import no_sums, nothing_known, settle
from recist.response.kernel.target import TargetVisits, no_target_responses, walk_targets
from recist.response.quantise import STEP_HUNDREDTHS
from recist.response.schedule import schedule_arrays

if TYPE_CHECKING:
    from recist.criteria import Criteria
    from recist.response.arrays import Bools, Codes, Ints
    from recist.response.kernel.best import SearchTable
    from recist.response.kernel.overall import OverallResponses
    from recist.response.kernel.rules import OverallRules, TargetRules
    from recist.response.kernel.target import TargetResponses
    from recist.response.options import Options


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chunk:
    """Packed rows of some patients in order, after the lesions one word more, and the places for their responses."""

    lesions: Ints
    visits: Ints
    overall: Codes
    best: Codes
    confirmed_best: Codes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scorer:
    """Criteria and options as the loops want them.

    Attributes
    ----------
    target, overall, search
        The rules of the three walks.
    least_seen_node : int
        The least size of a node that is not normal, in hundredths of a mm.
    size_step : int
        The step to which sizes are rounded, in hundredths of a mm.
    options : Options
    """

    target: TargetRules
    overall: OverallRules
    search: SearchTable
    least_seen_node: int
    size_step: int
    options: Options

    def score(self, chunk: Chunk) -> int:
        """Score a chunk; return how many faults were met, in which case the responses mean nothing."""
        visits = _no_visits(len(chunk.visits), len(chunk.best))
        n_faults = unpack_visits(chunk.visits, visits)
        if n_faults:
            return n_faults
        targets, seen, n_faults = self._walk_targets(chunk, visits)
        if n_faults:
            return n_faults
        overall = self._walk_overall(visits, targets, seen)
        self._search_best(chunk, visits, overall.final)
        return 0

    def _walk_targets(self, chunk: Chunk, visits: VisitRows) -> tuple[TargetResponses, tuple[Ints, Ints], int]:
        """Add up the lesions and decide the target responses; also give the nodes and the others seen, and faults."""
        n_visits = len(visits.day)
        sums, known, is_complete = no_sums(n_visits), nothing_known(n_visits), np.empty(n_visits, dtype=bool)
        n_faults = add_up_rows(chunk.lesions, visits, self.least_seen_node, sums, known)
        settle(sums, known, is_complete)
        none = np.zeros(n_visits, dtype=bool)
        at_visits = TargetVisits(
            n_targets=known.at_baseline,
            total=sums.total,
            is_complete=is_complete,
            n_seen=sums.nodes_seen + sums.others_seen,
            is_attenuation_response=none,
            is_attenuation_known=none,
            day=visits.day,
        )
        found = no_target_responses(n_visits)
        begins = visits.start[:-1], _openings(visits)
        walk_targets(visits.start, begins, at_visits, self.target, found)
        return found, (sums.nodes_seen, sums.others_seen), n_faults

    def _walk_overall(self, visits: VisitRows, targets: TargetResponses, seen: tuple[Ints, Ints]) -> OverallResponses:
        n_visits = len(visits.day)
        found, none = no_overall_responses(n_visits), np.zeros(n_visits, dtype=bool)
        at_visits = OverallVisits(
            target=targets.response,
            non_target=visits.non_target,
            new_lesion=visits.new_lesion,
            nodes_seen=seen[0],
            others_seen=seen[1],
            is_non_target_seen=visits.is_non_target_seen,
            is_confirmed_later=none,
            is_beyond=none,
        )
        walk_overall(visits.start, _openings(visits), at_visits, self.overall, found)
        return found

    def _search_best(self, chunk: Chunk, visits: VisitRows, response: Codes) -> None:
        options, n_patients = self.options, len(chunk.best)
        is_eligible = np.empty(len(response), dtype=bool)
        take_follow_ups(visits.start, response, visits.day, chunk.overall, is_eligible)
        since = visits.day - self._day_zero(visits)
        at_visits = SearchVisits(
            start=visits.start,
            response=response.astype(np.int64),
            day=visits.day,
            eligible=is_eligible,
            late=since >= options.min_sd_days - options.min_sd_tolerance_days,
            missed=self._count_missed(visits.start, since, is_eligible),
        )
        results = np.empty((N_RESULTS, n_patients), dtype=np.int64)
        search_best(at_visits, self.search, search_settings(options), (0, n_patients), results)
        chunk.best[:], chunk.confirmed_best[:] = results[BEST], results[CONFIRMED]

    def _day_zero(self, visits: VisitRows) -> Ints | int:
        """Give the day from which days are counted: the start, or by the option the baseline scan of each visit."""
        if self.options.start is not Start.BASELINE:
            return 0
        return np.repeat(visits.day[visits.start[:-1]], np.diff(visits.start))

    def _count_missed(self, start: Ints, since: Ints, counts: Bools) -> Ints:
        """Count the scheduled visits not done before each visit, where the option has them count as NE."""
        missed = np.zeros(len(since), dtype=np.int64)
        schedule = schedule_arrays(self.options)
        if schedule is not None and self.options.missed_visits is MissedVisits.NE:
            visits = (start, since, counts.astype(np.int64))
            fill_missed(visits, schedule, self.options.visit_tolerance_days, (0, len(start) - 1), missed)
        return missed


def prepare_scorer(criteria: Criteria, options: Options) -> Scorer:
    """Compile criteria and options."""
    return Scorer(
        target=compile_target_rules(criteria, options),
        overall=compile_overall_rules(criteria, options),
        search=compile_search(options.nd_between),
        least_seen_node=criteria.normal_node.hundredths if criteria.nodes_by_short_axis else 1,
        size_step=STEP_HUNDREDTHS[options.measurement_rounding],
        options=options,
    )


def _openings(visits: VisitRows) -> Ints:
    """Give the last visit of each patient that is not after the start."""
    opening = np.empty(len(visits.start) - 1, dtype=np.int64)
    find_openings(visits.start, visits.day, opening)
    return opening


def _no_visits(n_visits: int, n_patients: int) -> VisitRows:
    """Make room for unpacked visits."""
    return VisitRows(
        start=np.empty(n_patients + 1, dtype=np.int64),
        number=np.empty(n_visits, dtype=np.int64),
        day=np.empty(n_visits, dtype=np.int64),
        non_target=np.empty(n_visits, dtype=np.int8),
        new_lesion=np.empty(n_visits, dtype=np.int8),
        is_non_target_seen=np.empty(n_visits, dtype=bool),
    )
