"""The sums of the sponsor in TR: never read as results, but they show which sizes the sponsor added up."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from recist.cdisc.evaluators import evaluator_pairs
from recist.cdisc.findings import day_of, number_of
from recist.cdisc.sponsor import Matcher
from recist.cdisc.terms import SUM_TESTS, UNIT_POWERS, normal

if TYPE_CHECKING:
    from recist.cdisc.derived import Place
    from recist.cdisc.reading import Imported

HUNDREDTHS = 100
NAMES = (
    *("USUBJID", "TRTESTCD", "TRSTRESN", "TRSTRESU", "TRORRES", "TRORRESU"),
    *("VISIT", "VISITNUM", "TRDTC"),
)
Sums = dict["Place", int]  # in hundredths of a mm


def read_sums(imported: Imported) -> Sums:
    """Read the sum of each visit; a visit that has several different ones has none."""
    source = next(ledger.source for ledger in imported.ledgers if ledger.domain == "TR")
    columns = {name: source.column(name) for name in NAMES}
    pairs, matcher = evaluator_pairs(source, "TR"), Matcher(imported)
    found: dict[Place, set[int]] = defaultdict(set)
    for number, test in enumerate(columns["TRTESTCD"]):
        cells = {name: values[number] for name, values in columns.items()}
        size = _hundredths(cells) if normal(test) in SUM_TESTS else None
        if size is None:
            continue
        subject = cells["USUBJID"]
        reader = matcher.reader(subject, imported.readers.get(pairs[number], ""))
        visit = (subject, reader, cells["VISIT"], cells["VISITNUM"])
        timepoint = matcher.timepoint(visit, day_of(cells["TRDTC"]))
        if timepoint:
            found[subject, reader, timepoint].add(size)
    return {place: sizes.pop() for place, sizes in found.items() if len(sizes) == 1}


def _hundredths(cells: dict[str, str]) -> int | None:
    """Read a sum in mm or cm; without a number or a unit there is none."""
    for number, unit in (("TRSTRESN", "TRSTRESU"), ("TRORRES", "TRORRESU")):
        size, power = number_of(cells[number]), UNIT_POWERS.get(normal(cells[unit] or cells["TRORRESU"]))
        if size is not None and power is not None:
            return round(size.scaleb(power) * Decimal(HUNDREDTHS))
    return None


def sums_of(responses: pd.DataFrame, baselines: dict[tuple[str, str], str]) -> Sums:
    """Give the sums of a derivation, those of the baselines included."""
    sums: Sums = {}
    columns = ["subject", "reader", "timepoint", "sum_mm", "baseline_sum_mm"]
    for subject, reader, timepoint, total, baseline in responses[columns].itertuples(index=False, name=None):
        for label, size in ((timepoint, total), (baselines.get((subject, reader), ""), baseline)):
            if label and pd.notna(size):
                sums[subject, reader, label] = round(float(size) * HUNDREDTHS)
    return sums
