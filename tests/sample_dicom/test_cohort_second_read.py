"""The second reader measures the same scans of 40 patients, about 5 % off, with a few other targets."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.response import score
from recist.tables import MEASUREMENTS, read_table

COHORT = Path(str(files("sample_dicom"))) / "cohort"
LESION = ["subject", "date", "lesion"]


@pytest.fixture(scope="module")
def first() -> pd.DataFrame:
    return read_table(COHORT / "measurements.csv", MEASUREMENTS)[0]


@pytest.fixture(scope="module")
def second() -> pd.DataFrame:
    return read_table(COHORT / "second_read.csv", MEASUREMENTS)[0]


def test_forty_patients_were_read_twice(first: pd.DataFrame, second: pd.DataFrame) -> None:
    assert second["subject"].nunique() == 40
    assert set(second["subject"]) < set(first["subject"])
    assert (second["reader"] == "reader-2").all()
    scans = ["subject", "timepoint", "date"]
    mine = first[first["subject"].isin(second["subject"])][scans].drop_duplicates()
    assert len(mine.merge(second[scans].drop_duplicates(), on=scans)) == len(mine)


def test_sizes_of_the_two_readers_differ_by_about_five_percent(first: pd.DataFrame, second: pd.DataFrame) -> None:
    both = first[first["role"] == "target"].merge(second, on=LESION, suffixes=("", "_again"))
    both = both[(both["diameter_mm"] > 10) & (both["diameter_mm_again"] > 10)]
    log_ratio = np.log(both["diameter_mm_again"] / both["diameter_mm"])
    assert len(both) > 300
    assert log_ratio.std() == pytest.approx(0.05, abs=0.008)
    assert abs(log_ratio.mean()) < 0.01


def test_in_some_patients_another_lesion_of_the_same_organ_was_the_target(
    first: pd.DataFrame, second: pd.DataFrame
) -> None:
    of_both = [table[(table["role"] == "target") & (table["timepoint"] == "baseline")] for table in (first, second)]
    chosen_first, chosen_second = (table.groupby("subject")["lesion"].agg(set) for table in of_both)
    differs = chosen_second != chosen_first.reindex(chosen_second.index)
    assert 3 <= differs.sum() <= 15
    sites_first, sites_second = (table.groupby("subject")["site"].agg(sorted) for table in of_both)
    assert (sites_second == sites_first.reindex(sites_second.index)).all()


def test_some_new_lesions_were_missed(first: pd.DataFrame, second: pd.DataFrame) -> None:
    seen = first[(first["role"] == "new") & first["subject"].isin(second["subject"])]["subject"]
    seen_again = second[second["role"] == "new"]["subject"]
    assert set(seen_again) < set(seen)


def test_the_readers_agree_on_most_but_not_all_time_points(first: pd.DataFrame, second: pd.DataFrame) -> None:
    reads = pd.concat([first.assign(reader="reader-1"), second], ignore_index=True)
    responses = score(reads).responses
    sides = [responses[responses["reader"] == reader] for reader in ("reader-1", "reader-2")]
    both = sides[0].merge(sides[1], on=["subject", "timepoint"], suffixes=("", "_again"))
    same = (both["overall_response"] == both["overall_response_again"]).mean()
    assert 0.75 < same < 0.95
