"""Whether the source of a response goes with the years of treatment: films are gone and reports are left."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from survival.reporting.study import Study
    from survival.responses import Domain

BOTH = (("image", "images"), ("report", "reports"))
YEAR = "index_year"


def say_source_eras(study: Study) -> tuple[str, ...]:
    """Say for every domain with images and reports from which years either comes."""
    if YEAR not in study.frame:
        return ()
    told = (_say_domain(study.frame, domain) for domain in study.domains)
    return tuple(sentence for sentence in told if sentence)


def _say_domain(frame: pd.DataFrame, domain: Domain) -> str:
    if domain.source_column not in frame:
        return ""
    evaluable = frame[frame[domain.response_column].isin(domain.evaluable) & frame[YEAR].notna()]
    years = {words: evaluable.loc[evaluable[domain.source_column].eq(code), YEAR] for code, words in BOTH}
    if any(part.empty for part in years.values()):
        return ""
    told = "; ".join(f"{words}: {_say_years(part)}" for words, part in years.items())
    return (
        f"{domain.name} responses by source, with the years of the index date: {told}. {_say_overlap(*years.values())}"
    )


def _say_overlap(images: pd.Series, reports: pd.Series) -> str:
    """Say how many tell source and era apart: those of the years that both sources have."""
    first, last = max(images.min(), reports.min()), min(images.max(), reports.max())
    if first > last:
        return "They share no year: a difference between the sources cannot be told from one between the years."
    shared = int(images.between(first, last).sum() + reports.between(first, last).sum())
    when = f"{first:.0f}" if first == last else f"{first:.0f}–{last:.0f}"
    return (
        f"{shared} of {len(images) + len(reports)} fall into the years that both have ({when}). A difference between "
        "the sources may be one between the years (confounding by era); only those patients can tell the two apart."
    )


def _say_years(years: pd.Series) -> str:
    return f"n = {len(years)}, {years.min():.0f}–{years.max():.0f}, median {years.median():.0f}"
