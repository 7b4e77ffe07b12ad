"""The imaging response: image reads before reports before none, for each subject and time point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from linkage.choices import ClinicalProgression, EarlyProgression
from linkage.followup import (
    NOT_EVALUABLE,
    add_days,
    is_before_death_and_retreatment,
    lay_out_domain,
    pick_first_followup,
)
from linkage.reasons import FollowUpReason
from linkage.rules import EISENHAUER, IMAGING_SOURCES

if TYPE_CHECKING:
    from linkage.rules import Rules
    from linkage.tables import StudyTables

SEYMOUR = "iRECIST (Seymour 2017)"
PROGRESSION = "PD"
BY_RULE = "by rule"
CLINICAL = "clinical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What an overall response counts as: its category, and whether it is an adequate assessment for PFS."""

    code: str
    category: str
    is_adequate: bool
    source: str


def _code(code: str, category: str, source: str, *, is_adequate: bool = True) -> Code:
    return Code(code=code, category=category, is_adequate=is_adequate, source=source)


CODES: tuple[Code, ...] = (
    _code("CR", "CR", f"{EISENHAUER} 4.3.1"),
    _code("PR", "PR", f"{EISENHAUER} 4.3.1"),
    _code("SD", "SD", f"{EISENHAUER} 4.3.1"),
    _code("PD", PROGRESSION, f"{EISENHAUER} 4.3.1"),
    _code("NE", NOT_EVALUABLE, f"{EISENHAUER} 4.4.2", is_adequate=False),
    _code("NON-CR/NON-PD", BY_RULE, f"{EISENHAUER} Table 2"),
    _code("NED", NOT_EVALUABLE, "no disease at baseline: no response can be told, progression can"),
    _code("iCR", "CR", SEYMOUR),
    _code("iPR", "PR", SEYMOUR),
    _code("iSD", "SD", SEYMOUR),
    _code("iUPD", PROGRESSION, f"{SEYMOUR}: progression by RECIST 1.1 at that time point"),
    _code("iCPD", PROGRESSION, SEYMOUR),
    _code("NON-iCR/NON-iUPD", BY_RULE, SEYMOUR),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Imaging:
    """The imaging domain.

    Attributes
    ----------
    domain : pandas.DataFrame
        One row a subject, see :func:`linkage.followup.lay_out_domain`.
    assessments : pandas.DataFrame
        Every assessment after treatment that stands: ``subject, date, day, code, response, source, is_adequate,
        change_pct`` (of the sum from baseline, images only) and ``row``, its row in the table of its source.
    pairs : pandas.DataFrame
        Every time point with an image read and a report: ``subject, image_date, image_response, report_date,
        report_response``.
    early : pandas.DataFrame
        Progressions between the first treatment and the window, of subjects with nothing evaluable in it.
    """

    domain: pd.DataFrame
    assessments: pd.DataFrame
    pairs: pd.DataFrame
    early: pd.DataFrame


def select_reader(table: pd.DataFrame, readers: tuple[str, ...]) -> pd.DataFrame:
    """Keep each subject's rows of the reader named first in `readers`; everything when no reader is named."""
    if not readers:
        return table
    rank = table["reader"].map({reader: position for position, reader in enumerate(readers)})
    best = rank.groupby(table["subject"]).transform("min")
    return table[rank.notna() & (rank == best)]


def derive_imaging(tables: StudyTables, people: pd.DataFrame, rules: Rules) -> Imaging:
    """Derive each subject's first imaging follow-up, keeping its date and its source."""
    reads = {
        "image": select_reader(tables.responses, rules.readers),
        "report": tables.report_responses,
    }
    sources = [source for source in IMAGING_SOURCES if source in rules.imaging_sources]
    assessed = {source: _to_assessments(reads[source], source, people, rules) for source in sources}
    pairs = _pair(assessed, rules.same_timepoint_days)
    assessments = _apply_precedence(assessed, pairs, rules.imaging_sources)
    picked, reason = pick_first_followup(assessments, people, rules.imaging_days, rules)
    scored = select_reader(tables.best_responses, rules.readers)
    is_assessed = scored["assessed"].fillna(value=True).astype(bool)  # others have a row only to stay in every rate
    read_subjects = {
        "image": pd.concat([reads["image"]["subject"], scored.loc[is_assessed, "subject"]]),
        "report": reads["report"]["subject"],
    }
    source = _find_source(read_subjects, picked, people, rules.imaging_sources)
    reason = reason.mask(source == "none", FollowUpReason.NO_RECORD.value)
    early = _find_early_progression(assessments, reason, people, rules)
    if rules.early_progression is EarlyProgression.PROGRESSION and len(early):
        picked = pd.concat([picked.drop(index=early.index, errors="ignore"), early])
        reason = reason.mask(reason.index.isin(early.index), FollowUpReason.EVALUABLE.value)
        source = source.mask(source.index.isin(early.index), early["source"].reindex(source.index))
    domain = lay_out_domain(picked, reason, source, people, rules)
    columns = [name for name in pairs.columns if not name.startswith("row_")]
    return Imaging(domain=domain, assessments=assessments, pairs=pairs[columns], early=early)


def _to_assessments(reads: pd.DataFrame, source: str, people: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Keep the reads after treatment that hold a response, as categories, in the order of their dates."""
    categories = {row.code: row.category for row in CODES}
    categories = {code: rules.non_cr_non_pd if word == BY_RULE else word for code, word in categories.items()}
    adequate = {row.code: row.is_adequate for row in CODES}
    change = reads["change_from_baseline_pct"] if source == "image" else np.nan
    given = reads[["subject", "date", "overall_response"]].assign(row=reads.index, change_pct=change)
    dated = add_days(given, people)
    dated = dated[(dated["day"] > 0) & dated["overall_response"].isin(categories)]
    dated = dated.rename(columns={"overall_response": "code"}).assign(source=source)
    dated["response"] = dated["code"].map(categories).astype(object)
    dated["is_adequate"] = dated["code"].map(adequate).astype(bool)
    return dated.sort_values(["date", "subject"]).drop_duplicates(["subject", "date"]).reset_index(drop=True)


def _pair(assessed: dict[str, pd.DataFrame], tolerance_days: int) -> pd.DataFrame:
    """Pair each report with the image read nearest in time, where one is within the tolerance."""
    columns = ["subject", "image_date", "image_response", "report_date", "report_response", "row_image", "row_report"]
    if set(assessed) != set(IMAGING_SOURCES):
        return pd.DataFrame(columns=columns)
    sides = []
    for source in IMAGING_SOURCES:
        side = assessed[source][["subject", "date", "response"]].reset_index(names=f"row_{source}")
        sides.append(side.rename(columns={"response": f"{source}_response"}).assign(**{f"{source}_date": side["date"]}))
    image, report = sides
    tolerance = pd.Timedelta(days=tolerance_days)
    pairs = pd.merge_asof(report, image, on="date", by="subject", direction="nearest", tolerance=tolerance)
    pairs = pairs[pairs["row_image"].notna()]
    return pairs[columns].sort_values(["subject", "report_date"]).reset_index(drop=True)


def _apply_precedence(
    assessed: dict[str, pd.DataFrame], pairs: pd.DataFrame, precedence: tuple[str, ...]
) -> pd.DataFrame:
    first, *others = precedence
    standing = [assessed[first]]
    for other in others:
        superseded = pairs[f"row_{other}"]
        standing.append(assessed[other][~assessed[other].index.isin(superseded)])
    kept = [table for table in standing if len(table)] or [assessed[first]]
    return pd.concat(kept, ignore_index=True).sort_values(["subject", "day"]).reset_index(drop=True)


def _find_source(
    read_subjects: dict[str, pd.Series], picked: pd.DataFrame, people: pd.DataFrame, precedence: tuple[str, ...]
) -> pd.Series:
    """Name the source of each response; where there is none, the best source the subject has at all.

    A subject with a baseline scan only has no row in ``responses``, but one in ``best_responses``.
    """
    source = pd.Series("none", index=people.index, dtype=object)
    for name in reversed(precedence):
        source = source.mask(people.index.isin(read_subjects[name]), name)
    return picked["source"].reindex(people.index).fillna(source)


def _find_early_progression(
    assessments: pd.DataFrame, reason: pd.Series, people: pd.DataFrame, rules: Rules
) -> pd.DataFrame:
    is_early = (assessments["response"] == PROGRESSION) & (assessments["day"] < rules.imaging_days.earliest)
    early = assessments[is_early]
    early = early[is_before_death_and_retreatment(early, people, rules)]
    early = early[early["subject"].map(reason) != FollowUpReason.EVALUABLE]
    return early.drop_duplicates("subject").set_index("subject")


def derive_progression(tables: StudyTables, imaging: Imaging, people: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Find the first progression of each subject.

    Returns
    -------
    pandas.DataFrame
        Indexed by subject: ``date`` and ``source`` (``image``, ``report`` or ``clinical``). The date on images is the
        one of ``best_responses`` where that table has the subject (the scan that first showed it), else the first
        assessment of progression.
    """
    standing = imaging.assessments
    found = standing[standing["response"] == PROGRESSION][["subject", "date", "source"]]
    if rules.imaging_sources[0] == "image":
        best = select_reader(tables.best_responses, rules.readers)
        is_known = found["subject"].isin(best["subject"]) & (found["source"] == "image")
        scored = best[["subject"]].assign(date=best["progression_date"], source="image")
        scored = add_days(scored, people)
        found = pd.concat([found[~is_known], scored.loc[scored["day"] > 0, ["subject", "date", "source"]]])
    if not rules.report_progression:
        found = found[found["source"] != "report"]
    found = pd.concat([found, _find_clinical_progression(people, rules)])
    seen_best = found["source"].map({source: rank for rank, source in enumerate((*IMAGING_SOURCES, CLINICAL))})
    found = found.assign(rank=seen_best).sort_values(["subject", "date", "rank"]).drop(columns="rank")
    return found.drop_duplicates("subject").set_index("subject")


def _find_clinical_progression(people: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    dated = people.reset_index(names="subject")
    is_after = dated["clinical_progression_date"] > dated["index_date"]
    wanted = dated[is_after & (rules.clinical_progression is ClinicalProgression.EVENT)]
    return wanted[["subject"]].assign(date=wanted["clinical_progression_date"], source=CLINICAL)


def days_of_adequate_assessments(imaging: Imaging, rules: Rules) -> pd.DataFrame:
    """Give ``subject``, ``day`` and ``response`` of every adequate assessment after treatment, in order.

    A progression by report that does not count says neither that there was progression nor that there was none.
    """
    standing = imaging.assessments
    is_void = (standing["source"] == "report") & (standing["response"] == PROGRESSION) & (not rules.report_progression)
    return standing.loc[standing["is_adequate"] & ~is_void, ["subject", "day", "response"]]
