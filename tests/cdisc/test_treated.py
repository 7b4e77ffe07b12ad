"""Lesions treated during the study, methods of assessment and tumour markers, through SDTM and back."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from recist.cdisc.exported_lesions import not_exported
from recist.cdisc.files import read_source, write_dataset
from recist.cdisc.reading import read_sdtm
from recist.cdisc.results import read_results
from recist.cdisc.sdtm import sdtm_datasets
from recist.cli.score import write_scored
from recist.response import Scored, score

HEADER = "subject | timepoint | date | lesion | role | site | state | diameter_mm | treated | modality\n"
BASELINE = (
    "P1 | baseline | 2024-01-08 | T1 | target | liver   | measured | 40 | |\n"
    "P1 | baseline | 2024-01-08 | T2 | target | adrenal | measured | 30 | |\n"
)
# 70 mm; T2 resected before week 8, so nothing is complete from then on: not evaluable, though 30 and 20 mm are left
RESECTED = (
    HEADER
    + BASELINE
    + (
        "P1 | week 8   | 2024-03-04 | T1 | target | liver   | measured | 30 | |\n"
        "P1 | week 8   | 2024-03-04 | T2 | target | adrenal | absent   |    | resected |\n"
        "P1 | week 16  | 2024-04-29 | T1 | target | liver   | measured | 20 | |\n"
        "P1 | week 16  | 2024-04-29 | T2 | target | adrenal | absent   |    | |\n"
    )
)
Again = Callable[[Scored], tuple[dict[str, pd.DataFrame], Scored]]


@pytest.fixture
def again(tmp_path: Path) -> Again:
    """Export as SDTM, read back, score again; the datasets and what they give."""

    def going(scored: Scored) -> tuple[dict[str, pd.DataFrame], Scored]:
        write_scored(scored, tmp_path / "scored")
        datasets = {}
        for definition, frame in sdtm_datasets(read_results(tmp_path / "scored", "ABC")):
            write_dataset(frame, definition, tmp_path / f"{definition.name}.xpt")
            datasets[definition.name] = frame
        imported = read_sdtm(read_source(tmp_path / "TR.xpt"), read_source(tmp_path / "TU.xpt"))
        return datasets, score(imported.measurements)

    return going


def test_a_resected_target_comes_back_not_evaluable_and_makes_no_response(again: Again, rows) -> None:
    datasets, back = again(score(rows(RESECTED)))
    tr = datasets["TR"].query("TRLNKID == 'T2' and VISIT != 'baseline'")
    columns = ["VISIT", "TRTESTCD", "TRSTRESC", "TRSTAT", "TRREASND"]
    assert tr[columns].to_numpy().tolist() == [
        ["week 8", "LDIAM", "", "NOT DONE", "NOT EVALUABLE: RESECTED"],
        ["week 16", "LDIAM", "", "NOT DONE", "NOT EVALUABLE: RESECTED"],
    ]
    assert back.responses["overall_response"].tolist() == ["NE", "NE"]
    assert back.best_responses["best_response"].tolist() == ["NE"]
    assert back.lesions.query("lesion == 'T2'")["treated"].astype(object).fillna("").tolist() == [
        "",
        "resected",
        "resected",
    ]


def test_a_reason_that_was_read_from_tr_is_not_said_twice(again: Again, rows) -> None:
    _, back = again(score(rows(RESECTED)))
    datasets, _ = again(back)
    reasons = datasets["TR"].query("TRSTAT == 'NOT DONE'")["TRREASND"].tolist()
    assert reasons == ["NOT EVALUABLE: RESECTED", "NOT EVALUABLE: RESECTED"]


def test_a_new_lesion_that_was_treated_stays_progression(again: Again, rows) -> None:
    text = (
        HEADER
        + BASELINE
        + (
            "P1 | week 8   | 2024-03-04 | T1 | target | liver   | measured | 40 | |\n"
            "P1 | week 8   | 2024-03-04 | T2 | target | adrenal | measured | 30 | |\n"
            "P1 | week 8   | 2024-03-04 | N1 | new    | brain   | unequivocal |  | irradiated |\n"
        )
    )
    _, back = again(score(rows(text)))
    assert back.responses["overall_response"].tolist() == ["PD"]


def test_a_new_lesion_on_pet_and_on_ct_comes_back_as_two_rows(again: Again, rows) -> None:
    # without a PET at baseline a finding on PET is equivocal until CT shows it at the same time: then it is PD
    week_8 = (
        "P1 | week 8   | 2024-03-04 | T1 | target | liver   | measured | 40 | |\n"
        "P1 | week 8   | 2024-03-04 | T2 | target | adrenal | measured | 30 | |\n"
        "P1 | week 8   | 2024-03-04 | N1 | new    | lung    | present  |    | | pet\n"
    )
    on_pet, on_both = (
        HEADER + BASELINE + week_8,
        HEADER + BASELINE + week_8 + ("P1 | week 8   | 2024-03-04 | N1 | new    | lung    | present  |    | | ct\n"),
    )
    datasets, back = again(score(rows(on_pet)))
    assert datasets["TR"].query("TRLNKID == 'N1'")["TRMETHOD"].tolist() == ["PET SCAN"]
    assert datasets["TU"].query("TULNKID == 'N1'")["TUMETHOD"].tolist() == ["PET SCAN"]
    assert back.responses[["new_lesion", "overall_response"]].to_numpy().tolist() == [["equivocal", "SD"]]
    datasets, back = again(score(rows(on_both)))
    assert datasets["TR"].query("TRLNKID == 'N1'")["TRMETHOD"].tolist() == ["PET SCAN", "CT SCAN"]
    assert back.responses[["new_lesion", "overall_response"]].to_numpy().tolist() == [["unequivocal", "PD"]]


def test_tumour_markers_are_left_out_and_counted(again: Again, rows, tmp_path: Path) -> None:
    # all lesions gone with an abnormal marker is no CR; without the marker it is
    text = (
        HEADER
        + BASELINE
        + (
            "P1 | baseline | 2024-01-10 | PSA | marker |  | abnormal | | |\n"
            "P1 | week 8   | 2024-03-04 | T1 | target | liver   | absent | | |\n"
            "P1 | week 8   | 2024-03-04 | T2 | target | adrenal | absent | | |\n"
            "P1 | week 8   | 2024-03-06 | PSA | marker |  | abnormal | | |\n"
        )
    )
    scored = score(rows(text))
    datasets, back = again(scored)
    assert scored.responses["overall_response"].tolist() == ["PR"]
    assert back.responses["overall_response"].tolist() == ["CR"]
    assert not_exported(read_results(tmp_path / "scored", "ABC")) == {"rows of role marker": 2}
    sums = datasets["TR"].query("TRTESTCD == 'SUMDIAM'").set_index("VISIT")["TRDTC"]
    assert sums["baseline"] == "2024-01-08"  # of the scan, not of the blood


@pytest.mark.parametrize(
    ("reason", "treated"),
    [
        ("NOT EVALUABLE: ABLATED", "ablated"),
        ("NOT EVALUABLE: RESECTED: on 2 March", "resected"),
        ("NOT EVALUABLE", ""),
        ("PATIENT IRRADIATED ELSEWHERE", ""),  # nothing is guessed from other words
    ],
)
def test_the_treatment_is_read_from_the_reason_as_it_is_written(read, reason: str, treated: str) -> None:
    tr = (
        "TRLNKID | TRTESTCD | TRSTRESN | TRSTAT | TRREASND | VISIT | TRDTC\n"
        "T1 | LDIAM | 40 | | | SCREENING | 2024-01-08\n"
        f"T1 | LDIAM | | NOT DONE | {reason} | WEEK 8 | 2024-03-08"
    )
    frame = read(tr, "TULNKID | TUSTRESC | TULOC\nT1 | TARGET | LIVER").measurements
    assert frame["treated"].tolist() == ["", treated]
