"""The sentences on statistics: one row a method, said only where the report used it, with its paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from survival.words.wording import lower_first, say_column

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

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


def _all_of(*names: str) -> Callable[[Collection[str]], bool]:
    return lambda held: all(name in held for name in names)


CHOICES = {
    "landmarks": "the landmark (day {days})",
    "windows": "the window of assessment",
    "sources": "the source of the response",
    "thresholds": "the thresholds of response",
    "eras": "the era",
    "from_diagnosis": "the start of the clock",
    "adjustment": "adjustment for the baseline",
    "missing_as_bad": "the handling of missing responses",
}
"""What sensitivity analyses change, by the name of what the report holds."""

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
        text="Groups were compared by the log-rank test [logrank], two-sided.",
        when=_any_of("responses", "groups", "again", "known-later"),
    ),
    Sentence(
        text=(
            "Endpoints that another event can make impossible are given as cumulative incidence by the estimator of "
            "Aalen and Johansen [aj], with intervals on the log scale."
        ),
        when=_any_of("competing"),
    ),
    Sentence(text="Their groups were compared by Gray's test [gray].", when=_any_of("gray")),
    Sentence(
        text=(
            "Differences of medians have percentile intervals from a bootstrap [bootstrap] stratified by group "
            "({bootstrap} replicates, seed {seed}); no interval is given where the median is not reached in more than "
            "10 % of the replicates. Differences of survival at fixed months have normal intervals with Greenwood's "
            "variances [fixed]. Differences of restricted mean survival time [rmst] run to the largest time, in "
            "whole years, at which both groups are still observed."
        ),
        when=_any_of("medians_differ"),
    ),
    Sentence(
        text="Cox models [cox] use Efron's method for ties [ties] and complete cases.",
        when=_any_of("models", "responses", "groups", "again", "known-later"),
    ),
    Sentence(text="The baseline covariates of the multivariable models are {covariates}.", when=_any_of("baseline")),
    Sentence(
        text=(
            "Models and adjusted hazard ratios are stratified by {strata}, with a baseline hazard for each stratum; "
            "plain contrasts of two sides are not."
        ),
        when=_any_of("strata"),
    ),
    Sentence(text="Splines are natural cubic splines [spline].", when=_any_of("spline")),
    Sentence(
        text=(
            "Where the events separate a covariate completely, and as a sensitivity analysis, models are estimated "
            "with Firth's correction and a profile interval [firth]."
        ),
        when=_any_of("firth"),
    ),
    Sentence(
        text=(
            "Models with fewer than 10 events per parameter are flagged [epv]. Discrimination is given as Harrell's C "
            "[concordance]."
        ),
        when=_any_of("models"),
    ),
    Sentence(
        text="Proportional hazards were tested by the score test of Grambsch and Therneau [zph].",
        when=_any_of("proportional"),
    ),
    Sentence(
        text=(
            "Calibration compares predicted with Kaplan–Meier survival at {calibration_month} months in groups of "
            "rising prediction, and gives the slope [slope]; everybody is predicted by a model fitted to the others "
            "(10-fold cross-validation)."
        ),
        when=_any_of("calibration"),
    ),
    Sentence(
        text=(
            "A second treatment was compared as a time-dependent covariate in start-stop rows, by the test of Mantel "
            "and Byar [byar] and the curves of Simon and Makuch [makuch], and from landmarks at day {again_days}; the "
            "comparison of patients ever treated again with the others from the index date is shown as an example of "
            "immortal time only."
        ),
        when=_all_of("again", "simon_makuch"),
    ),
    Sentence(
        text=(
            "Groups known only some time after the index date are compared from the landmark and with entry on the own "
            "day where that day is known; rows called as published contain immortal time and are shown because they "
            "were asked for."
        ),
        when=_any_of("known-later"),
    ),
    Sentence(
        text="What ended relief first is given as cumulative incidence [aj], recurrence and death competing.",
        when=_any_of("relief"),
    ),
    Sentence(text="Proportions have Clopper–Pearson intervals [exact].", when=_any_of("proportions")),
    Sentence(
        text=(
            "Differences of proportions between images and reports have Newcombe's intervals [newcombe] and Fisher's "
            "exact test [fisher]."
        ),
        when=_any_of("differences"),
    ),
    Sentence(text="Baseline groups were compared by standardised mean differences [smd].", when=_any_of("smd")),
    Sentence(text="Readers were compared by kappa [kappa].", when=_any_of("categories")),
    Sentence(
        text="Sums of diameters were compared by limits of agreement [ba] and intraclass correlation [icc].",
        when=_any_of("sums"),
    ),
    Sentence(
        text="Sensitivity analyses changed one choice at a time: {choices}.",
        when=_any_of(*CHOICES),
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
        text="Progression between two scans was treated as interval-censored by Turnbull's estimator [turnbull].",
        when=_any_of("interval", "turnbull"),
    ),
    Sentence(
        text="The same intervals were fitted by a Weibull model of survival time [weibull].", when=_any_of("weibull")
    ),
    Sentence(
        text="No p value or interval is corrected for the number of tests.",
        when=_any_of("models", "responses", "groups", "again", "known-later"),
    ),
)


def statistics_text(study: Study, held: Collection[str]) -> str:
    """Say which statistics a report used, with marks for the papers."""
    options = study.options
    values = {
        "percent": study.percent,
        "bootstrap": options.bootstrap,
        "seed": options.seed,
        "again_days": list_words(options.retreatment_landmarks_days),
        "calibration_month": options.calibration_month,
        "covariates": list_words([lower_first(covariate.meaning.label) for covariate in study.covariates]),
        "strata": list_words([say_column(name) for name in study.strata]),
        "choices": list_words([_say_choice(study, name) for name in CHOICES if name in held]),
    }
    return " ".join(sentence.text.format(**values) for sentence in STATISTICS if sentence.when(held))


def _say_choice(study: Study, name: str) -> str:
    days = sorted({study.options.landmark_days, *study.options.landmark_sensitivity_days})
    return CHOICES[name].format(days=" or ".join(map(str, days)))


def list_words(things: Sequence[object]) -> str:
    """List things in a sentence.

    Examples
    --------
    >>> list_words([91, 122, 183]), list_words(["age"])
    ('91, 122 and 183', 'age')
    """
    texts = [str(thing) for thing in things]
    return " and ".join(part for part in (", ".join(texts[:-1]), *texts[-1:]) if part)
