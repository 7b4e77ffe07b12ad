"""The methods paragraphs, written from the settings: nothing is said that was not done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survival.endpoints import ENDPOINTS, OVERALL_SURVIVAL, PROGRESSION_FREE_SURVIVAL, RELIEF
from survival.reporting.citations import list_references, name_citations
from survival.reporting.held import find_held
from survival.reporting.methods_statistics import statistics_text
from survival.words.wording import DAYS_PER_MONTH, say_months

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from survival.endpoints import Endpoint
    from survival.reporting.study import Study
    from survival.results import Section


def methods_paragraphs(
    study: Study, sections: Sequence[Section], *, software: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Describe what was done, ready to be adapted for a paper.

    Parameters
    ----------
    study : Study
    sections : sequence of Section
        What the report holds; nothing else is described.
    software : mapping of str to str, optional
        Names and versions.
    """
    held = find_held(study, sections)
    marked = [_endpoints(study), _responses(study, held), statistics_text(study, held)]
    texts = [name_citations(paragraph) for paragraph in marked if paragraph]
    if software:
        versions = ", ".join(f"{name} {version}" for name, version in software.items())
        texts.append(f"Computed with {versions}.")
    return (*texts, f"References: {list_references(marked)}")


def _endpoints(study: Study) -> str:
    text = (
        f"Times are whole days between calendar dates; months are days divided by {DAYS_PER_MONTH}. {_endpoint(study)}"
    )
    if PROGRESSION_FREE_SURVIVAL in study.endpoints and study.has(PROGRESSION_FREE_SURVIVAL):
        text += (
            " Progression-free survival ends with progression on imaging or death and exists only for patients with "
            "imaging follow-up; the others are not counted as censored."
        )
    declared = (_declared(study, end) for end in (*study.endpoints, *study.competing_endpoints))
    text += "".join(f" {sentence}" for sentence in declared if sentence)
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
        f"Overall survival runs from {study.from_index} to death of any cause and is "
        "censored at the last contact at which the patient was known to be alive."
    )


def _declared(study: Study, endpoint: Endpoint) -> str:
    """Describe an endpoint that the study declares itself."""
    if endpoint in ENDPOINTS or not study.has(endpoint):
        return ""
    origin = study.from_index if endpoint.origin == OVERALL_SURVIVAL.origin else endpoint.origin
    text = f"{endpoint.name} runs from {origin} to {endpoint.event}"
    if endpoint.competing:
        return f"{text}; {endpoint.competing} competes with it and is no censoring."
    return f"{text}."


def _responses(study: Study, held: Collection[str]) -> str:
    if not study.domains:
        return ""
    options = study.options
    first, last = options.window_days
    text = (
        f"Responses are those of the first evaluable follow-up, expected between day {first} and day {last}. Not "
        "evaluable and missing are rows of their own and never count as non-response."
    )
    if "responses" not in held:
        return text
    return (
        f"{text} Because a response can be seen only in those who live to be assessed, survival by response is "
        "compared from a landmark at day "
        f"{options.landmark_days} ({say_months(options.landmark_days / DAYS_PER_MONTH)} months): patients still under "
        "observation after it, with the response known on or before it, the clock restarting there [landmark] "
        "[dafni]. Beside it stands a Cox model in which each patient enters on the own day of assessment (delayed "
        "entry). Both avoid guarantee-time bias [guarantee]; the comparison from the index date, as often published, "
        "does not."
    )
