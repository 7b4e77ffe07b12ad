"""The methods paragraphs, written from the settings: nothing is said that was not done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survival.endpoints import ENDPOINTS, OVERALL_SURVIVAL, PROGRESSION_FREE_SURVIVAL, RELIEF
from survival.wording import DAYS_PER_MONTH, say_months

if TYPE_CHECKING:
    from survival.endpoints import Endpoint
    from survival.reporting.study import Study

COX_SENTENCE = (
    "Cox models use Efron's method for ties and complete cases; a model in which the events separate a covariate "
    "completely is estimated with Firth's correction."
)


def methods_paragraphs(study: Study) -> tuple[str, ...]:
    """Describe what was done, ready to be adapted for a paper."""
    return tuple(paragraph for paragraph in (_endpoints(study), _responses(study), _statistics(study)) if paragraph)


def _endpoints(study: Study) -> str:
    text = (
        f"Times are whole days between calendar dates; months are days divided by {DAYS_PER_MONTH}. {_endpoint(study)}"
    )
    if PROGRESSION_FREE_SURVIVAL in study.endpoints and study.has(PROGRESSION_FREE_SURVIVAL):
        text += (
            " Progression-free survival ends with progression on imaging or death and exists only for patients with "
            "imaging follow-up; the others are not counted as censored."
        )
    text += "".join(f" {_declared(study, end)}" for end in (*study.endpoints, *study.competing_endpoints))
    if study.has(RELIEF):
        text += (
            " Duration of relief runs from the day a symptomatic response was recorded to recurrence of symptoms or "
            "death."
        )
    return text


def _endpoint(study: Study) -> str:
    if study.primary != OVERALL_SURVIVAL:
        return f"The primary endpoint is {study.primary.lower_name}."
    return (
        f"Overall survival runs from the {study.index_name} to death of any cause and is "
        "censored at the last contact at which the patient was known to be alive."
    )


def _declared(study: Study, endpoint: Endpoint) -> str:
    """Describe an endpoint that the study declares itself."""
    if endpoint in ENDPOINTS or not study.has(endpoint):
        return ""
    text = f"{endpoint.name} runs from {endpoint.origin} to {endpoint.event}"
    if endpoint.competing:
        return f"{text}; {endpoint.competing} competes with it and is no censoring."
    return f"{text}."


def _responses(study: Study) -> str:
    if not study.domains:
        return ""
    options = study.options
    first, last = options.window_days
    return (
        f"Responses are those of the first evaluable follow-up, expected between day {first} and day {last}. Not "
        "evaluable and missing are rows of their own and never count as non-response. Because a response can be seen "
        "only in those who live to be assessed, survival by response is compared from a landmark at day "
        f"{options.landmark_days} ({say_months(options.landmark_days / DAYS_PER_MONTH)} months): patients still under "
        "observation after it, with the response known on or before it, the clock restarting there. Beside it stands a "
        "Cox model in which each patient enters on the own day of assessment."
    )


def _statistics(study: Study) -> str:
    has_models = bool(study.covariates or study.further_covariates or study.comparisons)
    has_groups = bool(study.comparisons or study.groups or study.retreatment is not None)
    sentences = (
        (
            "Survival was estimated by Kaplan and Meier's method with Greenwood's variance and log-log "
            f"{study.percent}; medians and their limits are the times at which curve and band come down to one half."
        ),
        _comparing(study) if has_groups else "",
        COX_SENTENCE if has_models or has_groups else "",
        "Proportional hazards were tested by the score test of Grambsch and Therneau." if has_models else "",
        "Proportions have Clopper–Pearson intervals." if study.domains else "",
        "No p value is corrected for the number of tests." if has_models or has_groups else "",
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _comparing(study: Study) -> str:
    options = study.options
    return (
        "Groups were compared by the log-rank test, two-sided. Differences of medians have percentile intervals from a "
        f"bootstrap stratified by group ({options.bootstrap} replicates, seed {options.seed}); no interval is given "
        "where the median is not reached in more than 10 % of the replicates."
    )
