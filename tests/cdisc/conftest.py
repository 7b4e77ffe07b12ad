"""Datasets written as small tables in the tests, and what reading them gives."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from recist.cdisc.ledger import Source
from recist.cdisc.reading import Imported, read_sdtm
from recist.response import Scored, score

Read = Callable[..., Imported]
Rows = Callable[[str], pd.DataFrame]


def parse(text: str) -> pd.DataFrame:
    """Read lines of cells parted by bars; the first names the variables."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return pd.DataFrame(lines[1:], columns=lines[0], dtype=object)


def with_defaults(frame: pd.DataFrame) -> pd.DataFrame:
    for name, value in {"USUBJID": "P1"}.items():
        if name not in frame:
            frame[name] = value
    if "TRTESTCD" in frame and "TRSTRESN" in frame and "TRSTRESU" not in frame:
        frame["TRSTRESU"] = ["mm" if size else "" for size in frame["TRSTRESN"]]
    if "TULNKID" in frame and "TUTESTCD" not in frame:
        frame["TUTESTCD"] = "TUMIDENT"
    return frame


def source(text: str, file: str) -> Source:
    return Source(file=file, frame=with_defaults(parse(text)), first_row=2)


@pytest.fixture
def rows() -> Rows:
    return parse


@pytest.fixture
def read() -> Read:
    """Read TR and TU, and DM and RS where given, from small tables."""

    def reading(tr: str, tu: str, dm: str = "", rs: str = "") -> Imported:
        return read_sdtm(
            source(tr, "tr.csv"),
            source(tu, "tu.csv"),
            dm=source(dm, "dm.csv") if dm else None,
            rs=source(rs, "rs.csv") if rs else None,
        )

    return reading


@pytest.fixture
def rs_source() -> Callable[[str], Source]:
    return lambda text: source(text, "rs.csv")


@pytest.fixture
def scored() -> Callable[..., Scored]:
    """Score what was read; no warning about it matters here."""

    def scoring(imported: Imported, **options: object) -> Scored:
        return score(imported.measurements, subjects=imported.subjects, options=options)

    return scoring


@pytest.fixture
def sample() -> Path:
    return Path(__file__).parents[2] / "sample_dicom" / "cohort"
