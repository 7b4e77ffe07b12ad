"""Results as SDTM: TU, TR and RS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recist.cdisc.layout import is_yes, laid_out, link_group, place_of
from recist.cdisc.lesion_records import lesion_records, tumor_records
from recist.cdisc.terms import RESPONSE_TESTS_BY_CODE
from recist.cdisc.variables import RS, TR, TU

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.cdisc.layout import Row
    from recist.cdisc.results import Results
    from recist.cdisc.variables import Definition

COLUMNS = ["target_response", "non_target_response", "new_lesion", "overall_response"]
NOT_RECORDED = "NONE"  # there were no lesions of the kind, so there is no response of theirs


def sdtm_datasets(results: Results) -> list[tuple[Definition, pd.DataFrame]]:
    """Lay the results out as TU, TR and RS, in this order."""
    return [
        (TU, laid_out(tumor_records(results), TU, results.study)),
        (TR, laid_out([*lesion_records(results), *_sums(results)], TR, results.study)),
        (RS, laid_out([*_visit_responses(results), *_best_responses(results)], RS, results.study)),
    ]


def _sums(results: Results) -> list[Row]:
    """Lay the sums of the targets out as derived records, the baseline included."""
    rows = []
    frame = results.responses
    follow_up = frame[["subject", "reader", "timepoint", "date", "sum_mm", "sum_complete"]]
    for subject, reader, timepoint, date, total, is_complete in follow_up.itertuples(index=False, name=None):
        if pd.notna(total) and is_yes(is_complete):
            rows.append(_sum_record(results, (subject, reader, timepoint), date, total))
    baselines = frame.drop_duplicates(["subject", "reader"])[["subject", "reader", "baseline_sum_mm"]]
    days = results.scan_days()
    for subject, reader, total in baselines.itertuples(index=False, name=None):
        timepoint = results.baselines.get((subject, reader), "")
        if pd.notna(total) and timepoint:
            rows.append(_sum_record(results, (subject, reader, timepoint), days[subject, reader, timepoint], total))
    return rows


def _sum_record(results: Results, place: tuple[str, str, str], date: pd.Timestamp, total: float) -> Row:
    subject, reader, timepoint = place
    return {
        **place_of(results, "TR", subject, reader, timepoint),
        "TRGRPID": "TARGET",
        "TRLNKGRP": link_group(results, reader, timepoint),
        "TRTESTCD": "SUMDIAM",
        "TRTEST": "Sum of Diameter",
        "TRSTRESC": f"{total:.12g}",
        "TRSTRESN": total,
        "TRSTRESU": "mm",
        "TRDRVFL": "Y",
        "TRDTC": date.date().isoformat(),
    }


def _visit_responses(results: Results) -> list[Row]:
    """Lay target, non-target and overall response and new lesions of every visit out."""
    rows = []
    columns = ["subject", "reader", "timepoint", "date", *COLUMNS]
    for subject, reader, timepoint, date, *words in results.responses[columns].itertuples(index=False, name=None):
        for code, term in _terms(*words):
            row = _response(results, code, term, (subject, reader, timepoint))
            rows.append({**row, "RSDTC": date.date().isoformat()})
    return rows


def _terms(target: str, non_target: str, new_lesion: str, overall: str) -> Iterator[tuple[str, str]]:
    """Give the RSTESTCD and results of one visit; an equivocal new lesion is not one yet."""
    if target != NOT_RECORDED:
        yield "TRGRESP", target
    if non_target != NOT_RECORDED:
        yield "NTRGRESP", non_target
    yield "NEWLIND", "Y" if new_lesion == "unequivocal" else "N"
    if new_lesion != "no":
        yield "NEWLPROG", new_lesion.upper()
    yield "OVRLRESP", overall


def _best_responses(results: Results) -> list[Row]:
    rows = []
    columns = ["subject", "reader", "best_response", "best_response_date"]
    for subject, reader, word, date in results.best_responses[columns].itertuples(index=False, name=None):
        if word == "MISSING":
            continue
        row = _response(results, "BESTRESP", word, (subject, reader, ""))
        rows.append({**row, "RSDTC": date.date().isoformat() if pd.notna(date) else ""})
    return rows


def _response(results: Results, code: str, word: str, place: tuple[str, str, str]) -> Row:
    subject, reader, timepoint = place
    return {
        **place_of(results, "RS", subject, reader, timepoint),
        "RSLNKGRP": link_group(results, reader, timepoint) if timepoint else "",
        "RSTESTCD": code,
        "RSTEST": RESPONSE_TESTS_BY_CODE[code].name,
        "RSCAT": results.criteria.upper(),
        "RSORRES": word,
        "RSSTRESC": word,
        "RSDRVFL": "Y",
    }
