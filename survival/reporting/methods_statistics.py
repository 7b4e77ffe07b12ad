"""The sentences on statistics: one row a method, said only where the report used it, with its paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from survival.endpoints import PROGRESSION_FREE_SURVIVAL, RELIEF

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from survival.reporting.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, and when it is true of a report: what the report holds is given by name."""

    text: str
    when: Callable[[Collection[str]], bool]


def _always(_: Collection[str]) -> bool:
    return True


def _any_of(*names: str) -> Callable[[Collection[str]], bool]:
    return lambda held: any(name in held for name in names)


STATISTICS = (
    Sentence(
        text=(
            "Survival was estimated by the method of Kaplan and Meier [km] with Greenwood's variance and log-log "
            "{percent}; medians and their limits are the times at which curve and band come down to one half [median]."
        ),
        when=_always,
    ),
    Sentence(text="Follow-up is the reverse Kaplan–Meier median [followup].", when=_always),
    Sentence(
        text="Groups were compared by the log-rank test, two-sided.", when=_any_of("responses", "groups", "again")
    ),
    Sentence(
        text=(
            "Differences of medians have percentile intervals from a bootstrap [bootstrap] stratified by group "
            "({bootstrap} replicates, seed {seed}); no interval is given where the median is not reached in more than "
            "10 % of the replicates. Differences of survival at fixed months have normal intervals with Greenwood's "
            "variances [fixed]. Differences of restricted mean survival time [rmst] run to the largest time, in "
            "whole years, at which both groups are still observed."
        ),
        when=_any_of("responses", "groups", "again"),
    ),
    Sentence(
        text=(
            "Cox models [cox] use Efron's method for ties [ties] and complete cases; a model in which the events "
            "separate a covariate completely is estimated with Firth's correction and a profile interval [firth]. "
            "Models with fewer than 10 events per parameter are flagged [epv]."
        ),
        when=_any_of("models", "responses", "groups", "again"),
    ),
    Sentence(
        text="Proportional hazards were tested by the score test of Grambsch and Therneau [zph].",
        when=_any_of("models", "responses"),
    ),
    Sentence(
        text=(
            "A second treatment was compared as a time-dependent covariate in start-stop rows, by the test of Mantel "
            "and Byar [byar] and the curves of Simon and Makuch [makuch], and from landmarks at day {again_days}; the "
            "comparison of patients ever treated again with the others from the index date is shown as an example of "
            "immortal time only."
        ),
        when=_any_of("again"),
    ),
    Sentence(
        text="What ended relief first is given as cumulative incidence [aj], recurrence and death competing.",
        when=_any_of("relief"),
    ),
    Sentence(
        text=(
            "Proportions have Clopper–Pearson intervals [exact], differences of proportions Newcombe's [newcombe]. "
            "Baseline groups were compared by standardised mean differences [smd]."
        ),
        when=_any_of("responses"),
    ),
    Sentence(
        text="Readers were compared by kappa [kappa], limits of agreement [ba] and intraclass correlation [icc].",
        when=_any_of("agreement"),
    ),
    Sentence(
        text=(
            "Sensitivity analyses changed one choice at a time: landmarks at day {landmark_days}, the window of "
            "assessment, source, thresholds, era, adjustment, and the handling of missing responses."
        ),
        when=_any_of("responses"),
    ),
    Sentence(
        text=(
            "Unknown responses and covariates were imputed by chained equations, with the event and the cumulative "
            "hazard among the predictors, at least 20 times or as often as there are per cent of incomplete rows, and "
            "pooled by Rubin's rules [rubin]; these results stand beside those of complete cases."
        ),
        when=_any_of("imputed"),
    ),
    Sentence(
        text=(
            "Progression between two scans was treated as interval-censored by Turnbull's estimator [turnbull] and a "
            "Weibull model."
        ),
        when=_any_of("interval"),
    ),
    Sentence(
        text="No p value or interval is corrected for the number of tests.",
        when=_any_of("models", "responses", "groups", "again"),
    ),
)


def statistics_text(study: Study, *, has_agreement: bool) -> str:
    """Say which statistics a report used, with marks for the papers."""
    held = _held(study, has_agreement=has_agreement)
    options = study.options
    values = {
        "percent": study.percent,
        "bootstrap": options.bootstrap,
        "seed": options.seed,
        "again_days": _list_days(options.retreatment_landmarks_days),
        "landmark_days": _list_days(sorted({options.landmark_days, *options.landmark_sensitivity_days})),
    }
    return " ".join(sentence.text.format(**values) for sentence in STATISTICS if sentence.when(held))


def _list_days(days: Collection[int]) -> str:
    texts = [str(day) for day in days]
    return " and ".join(part for part in (", ".join(texts[:-1]), texts[-1]) if part)


def _held(study: Study, *, has_agreement: bool) -> set[str]:
    present = {
        "models": bool(study.covariates or study.further_covariates),
        "responses": bool(study.comparisons),
        "groups": bool(study.groups),
        "again": study.retreatment is not None,
        "relief": study.has(RELIEF),
        "agreement": has_agreement,
        "imputed": bool(study.comparisons and study.covariates) and study.options.imputation,
        "interval": study.has(PROGRESSION_FREE_SURVIVAL) and study.cohort.has("pfs_lower_days", "pfs_upper_days"),
    }
    return {name for name, is_present in present.items() if is_present}
