"""Time points in the order of time, and readers whose subjects have no target lesions."""

import pandas as pd

from recist.agreement import agree
from recist.response import score

DATES = {"baseline": "2020-01-01", "W8": "2020-02-26", "W16": "2020-04-22"}


def rows(reader: str, role: str, states: list[str]) -> list[dict[str, str]]:
    base = {"subject": "S1", "reader": reader, "lesion": "L1", "role": role, "site": "liver"}
    return [
        base
        | {"timepoint": visit, "date": date, "state": "" if state[0].isdigit() else state}
        | {"diameter_mm": state if state[0].isdigit() else ""}
        for (visit, date), state in zip(DATES.items(), states, strict=True)
    ]


def test_week_8_comes_before_week_16() -> None:
    reads = [*rows("anna", "target", ["50", "30", "45"]), *rows("bert", "target", ["50", "45", "30"])]
    found = agree(score(pd.DataFrame(reads)))  # 30 of 50 mm is PR, 45 of 50 mm is SD, and +15 mm over 30 mm is PD
    assert found.discordances["timepoint"].tolist() == ["W8", "W16"]


def test_readers_agree_on_subjects_without_targets() -> None:
    reads = [line for who in ("anna", "bert") for line in rows(who, "non_target", ["present", "present", "absent"])]
    assert agree(score(pd.DataFrame(reads))).discordances.empty
