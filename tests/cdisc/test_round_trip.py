"""Scored, exported as SDTM, read again and scored again: the same responses and best responses."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recist.cdisc.comparison import compare_responses
from recist.cdisc.files import read_source, write_dataset
from recist.cdisc.reading import Imported, read_sdtm
from recist.cdisc.results import read_results
from recist.cdisc.sdtm import sdtm_datasets
from recist.cli.score import write_scored
from recist.response import Scored, score
from recist.tables import read_cells

COLUMNS = [
    *("subject", "reader", "timepoint", "date", "n_targets", "baseline_sum_mm", "sum_mm", "sum_complete", "nadir_mm"),
    *("target_response", "non_target_response", "new_lesion", "overall_response", "after_progression"),
]
Trip = Callable[..., tuple[Scored, Imported]]


@pytest.fixture
def trip(tmp_path: Path) -> Trip:
    """Score, export, read back and score again."""

    def going(scored: Scored, subjects: pd.DataFrame | None = None, kind: str = "csv") -> tuple[Scored, Imported]:
        write_scored(scored, tmp_path / "scored")
        for definition, frame in sdtm_datasets(read_results(tmp_path / "scored", "ABC")):
            write_dataset(frame, definition, tmp_path / f"{definition.name.lower()}.{kind}")
        tr, tu = (read_source(tmp_path / f"{name}.{kind}") for name in ("tr", "tu"))
        imported = read_sdtm(tr, tu, rs=read_source(tmp_path / f"rs.{kind}"))
        return score(imported.measurements, subjects=subjects, options=scored.options), imported

    return going


def require_same(first: Scored, second: Scored) -> None:
    keys = ["subject", "reader", "timepoint"]
    pd.testing.assert_frame_equal(
        first.responses[COLUMNS].sort_values(keys, ignore_index=True),
        second.responses[COLUMNS].sort_values(keys, ignore_index=True),
    )
    measured = first.best_responses[first.best_responses["subject"].isin(second.best_responses["subject"])]
    pd.testing.assert_frame_equal(
        measured.sort_values(keys[:2], ignore_index=True),
        second.best_responses.sort_values(keys[:2], ignore_index=True),
    )


@pytest.mark.parametrize("kind", ["csv", "xpt", "json"])
def test_the_sample_cohort_comes_back_as_it_was(trip: Trip, sample: Path, tmp_path: Path, kind: str):
    subjects = read_cells(sample / "subjects.csv")
    scored = score(read_cells(sample / "measurements.csv"), subjects=subjects)
    again, imported = trip(scored, subjects, kind)
    require_same(scored, again)
    assert imported.problems == ()
    assert all(ledger.unaccounted == [] for ledger in imported.ledgers)
    table = compare_responses(read_source(tmp_path / f"rs.{kind}"), imported, again).table
    assert set(table["verdict"]) == {"agrees"}


def test_parts_masses_nodes_and_every_state_come_back_as_they_were(trip: Trip, rows):
    text = """subject | reader | timepoint | date | lesion | role | site | nodal | state | diameter_mm | covers | part
    P1 | ann | baseline | 2024-01-08 | T1  | target     | liver       | false | measured | 30   |    |
    P1 | ann | baseline | 2024-01-08 | T2  | target     | liver       | false | measured | 20   |    |
    P1 | ann | baseline | 2024-01-08 | T3  | target     | para-aortic | true  | measured | 17.5 |    |
    P1 | ann | baseline | 2024-01-08 | NT1 | non_target | bone        | false | present  |      |    |
    P1 | ann | baseline | 2024-01-08 | NT2 | non_target | axilla      | true  | measured | 12   |    |
    P1 | ann | week 8   | 2024-03-08 | T1  | target     | liver       | false | measured | 45   | T2 |
    P1 | ann | week 8   | 2024-03-08 | T3  | target     | para-aortic | true  | measured | 8    |    |
    P1 | ann | week 8   | 2024-03-08 | NT1 | non_target | bone        | false | absent   |      |    |
    P1 | ann | week 8   | 2024-03-08 | NT2 | non_target | axilla      | true  | present  |      |    |
    P1 | ann | week 16  | 2024-05-08 | T1  | target     | liver       | false | measured | 9    |    | a
    P1 | ann | week 16  | 2024-05-08 | T1  | target     | liver       | false | measured | 8    |    | b
    P1 | ann | week 16  | 2024-05-08 | T2  | target     | liver       | false | too_small |     |    |
    P1 | ann | week 16  | 2024-05-09 | T3  | target     | para-aortic | true  | absent   |      |    |
    P1 | ann | week 16  | 2024-05-08 | NT1 | non_target | bone        | false | not_evaluable |  |    |
    P1 | ann | week 16  | 2024-05-08 | NT2 | non_target | axilla      | true  | unequivocal_pd | |    |
    P1 | ann | week 24  | 2024-07-08 | T1  | target     | liver       | false | not_done |      |    |
    P1 | ann | week 24  | 2024-07-08 | T2  | target     | liver       | false | measured | 3    |    |
    P1 | ann | week 24  | 2024-07-08 | T3  | target     | para-aortic | true  | measured | 6    |    |
    P1 | ann | week 24  | 2024-07-08 | NT1 | non_target | bone        | false | present  |      |    |
    P1 | ann | week 24  | 2024-07-08 | NT2 | non_target | axilla      | true  | increased |     |    |
    P1 | ann | week 24  | 2024-07-08 | N1  | new        | lung        | false | measured | 12   |    |
    P1 | ann | week 24  | 2024-07-08 | N2  | new        | neck        | true  | measured | 12   |    |
    P1 | ann | week 24  | 2024-07-08 | N3  | new        | lung        | false | equivocal |     |    |"""
    scored = score(rows(text))
    again, imported = trip(scored)
    require_same(scored, again)
    frame = imported.measurements
    assert frame.loc[frame["covers"] != "", ["lesion", "covers"]].to_numpy().tolist() == [["T1", "T2"]]
    assert frame.loc[frame["part"] != "", "part"].tolist() == ["a", "b"]
    # 45 of the mass and 8 of the node at week 8; 9 + 8 of the parts, 5 for too small and 0 at week 16
    assert again.responses["sum_mm"].tolist()[:2] == [53.0, 22.0]


def random_history(rng: np.random.Generator, subject: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    lesions = [(f"T{n}", "target", rng.random() < 0.4) for n in range(1, int(rng.integers(0, 4)) + 1)]
    lesions += [(f"NT{n}", "non_target", rng.random() < 0.3) for n in range(1, int(rng.integers(2, 5)))]
    has_marker, day = rng.random() < 0.3, pd.Timestamp("2024-01-08")
    for visit in range(int(rng.integers(2, 7))):
        is_new_seen = bool(visit) and rng.random() < 0.25
        seen = [*lesions, *([("N1", "new", rng.random() < 0.5)] if is_new_seen else [])]
        seen += [("PSA", "marker", False)] if has_marker else []
        where = {"subject": subject, "reader": "ann", "timepoint": f"visit {visit}" if visit else "baseline"}
        for name, role, is_nodal in seen:
            date = (day + pd.Timedelta(days=int(rng.integers(0, 3)))).date().isoformat()
            row = {**where, "date": date, "lesion": name, "role": role, "nodal": "true" if is_nodal else "false"}
            found += random_findings(rng, row, visit)
        day += pd.Timedelta(days=int(rng.integers(40, 80)))
    return found


WORDS = {
    "target": ["measured"] * 6 + ["absent", "too_small", "not_evaluable", "not_done"],
    "non_target": ["present", "present", "absent", "unequivocal_pd", "not_evaluable"],
    "new": ["equivocal", "unequivocal", "measured", "absent"],
    "marker": ["normal", "abnormal", "not_done"],
}


def random_findings(rng: np.random.Generator, row: dict[str, object], visit: int) -> list[dict[str, object]]:
    """Make the row of a lesion, or two of a new lesion seen by two methods."""
    role = str(row["role"])
    at_baseline = {"target": "measured", "non_target": "present", "marker": "abnormal"}
    methods = list(rng.choice(["", "ct", "mri", "pet"], size=2, replace=False)) if role == "new" else [""]
    if {*methods} == {"", "ct"} or rng.random() < 0.5:
        methods = methods[:1]  # no method is CT
    is_treated = bool(visit) and role in {"target", "non_target"} and rng.random() < 0.04
    found = []
    for method in methods:
        state = str(rng.choice(WORDS[role])) if visit else at_baseline[role]
        size = round(float(rng.uniform(1 if visit else 15, 60)), int(rng.integers(0, 3)))
        treated = str(rng.choice(["resected", "irradiated", "ablated"])) if is_treated else ""
        found.append(
            {
                **row,
                "state": state,
                "diameter_mm": str(size) if state == "measured" else "",
                "modality": str(method),
                "treated": treated,
            }
        )
    return found


@pytest.mark.parametrize("kind", ["csv", "xpt", "json"])
def test_two_hundred_random_histories_come_back_as_they_were_but_for_markers(trip: Trip, kind: str):
    rng = np.random.default_rng(20241122)
    rows = [row for number in range(200) for row in random_history(rng, f"P{number:03}")]
    # a new lesion that turns node or not between visits would be refused: its first flag holds
    frame = pd.DataFrame(rows)
    frame["nodal"] = frame.groupby(["subject", "lesion"])["nodal"].transform("first")
    frame["site"] = frame["nodal"].map({"true": "neck", "false": "liver"})
    again, imported = trip(score(frame), None, kind)
    without_markers = score(frame[frame["role"] != "marker"])
    require_same(without_markers, again)
    assert imported.problems == ()
    responses = without_markers.responses["overall_response"]
    assert set(responses) >= {"CR", "PR", "SD", "PD", "NE"}  # the histories are not dull
    assert set(imported.measurements["modality"]) == {"", "ct", "mri", "pet"}
    assert set(imported.measurements["treated"]) == {"", "resected", "irradiated", "ablated"}
