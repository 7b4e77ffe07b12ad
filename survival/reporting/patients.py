"""The sections on who was studied: the flow into the analyses, and the cohort at the index date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survival.figures.drawn import draw_figure
from survival.figures.flow import draw_flow
from survival.flow import derive_chains, flow_table
from survival.reporting.missingness import missingness_table
from survival.responses import derive_contrast
from survival.results import Section
from survival.table_one import Split, table_one
from survival.words.wording import lower_first

if TYPE_CHECKING:
    from survival.flow import Chain
    from survival.reporting.study import Study

NOT_KNOWN = "Not known"


def flow_section(study: Study) -> Section:
    """Show how the cohort came about."""
    key, title = "flow", "Patients"
    if study.cohort.flow is None:
        sentence = "The flow of patients needs flow.csv beside the cohort; `recist link` writes it."
        return Section(key=key, title=title, left_out=(sentence,))
    chains = derive_chains(study.cohort.flow)
    figure = draw_figure(
        lambda: draw_flow(chains),
        name="flow_figure",
        title="Flow of patients into each analysis",
        description=_describe(chains),
        caption="Numbers on arrows count the patients who go that way; boxes at the side say who left and why.",
    )
    return Section(key="patients", title=title, items=(figure, flow_table(study.cohort)))


def _describe(chains: tuple[Chain, ...]) -> str:
    sentences = []
    for chain in chains:
        parts = []
        for step in chain.steps:
            parts.append(f"{step.box.label} {step.box.n}")
            if step.excluded:
                parts.append("excluded " + ", ".join(f"{entry.label} {entry.n}" for entry in step.excluded))
            if step.splits:
                parts.append("of these " + ", ".join(f"{entry.label} {entry.n}" for entry in step.splits))
        sentences.append(f"{chain.name}: " + "; ".join(parts) + ".")
    return " ".join(sentences)


def baseline_section(study: Study) -> Section:
    """Describe the cohort at the index date."""
    covariates = (*study.covariates, *study.further_covariates, *study.layers, *study.timing)
    if not covariates:
        sentence = "The cohort has no column that describes its subjects at the index date (such as age_years, sex)."
        return Section(key="baseline", title="Baseline", left_out=(sentence,))
    split = _split(study)
    missing = missingness_table(study)
    items = (table_one(covariates, study.n, split), *((missing,) if missing is not None else ()))
    return Section(key="at-baseline", title="Baseline", items=items)


def _split(study: Study) -> Split | None:
    domain = study.split_domain()
    if domain is not None:
        bad = derive_contrast(study.frame, domain)
        members = {domain.good_name: bad == 0, domain.bad_name: bad == 1, NOT_KNOWN: np.isnan(bad)}
        return Split(title=f"{lower_first(domain.name)} response at first follow-up", members=members, compared=True)
    name = study.options.split if study.options.split in study.groups else next(iter(study.groups), None)
    if name is None:
        return None
    values = study.frame[name].astype(str)
    levels = sorted(set(values) - {"", "nan"})
    members = {level: values.eq(level).to_numpy() for level in levels}
    return Split(title=name, members=members, compared=len(levels) > 1)
