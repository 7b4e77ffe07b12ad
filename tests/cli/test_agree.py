"""Comparing readers from the command line."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from recist.cli.main import app

ROW = "S{subject},{visit},{date},T1,target,liver,{size}\n"
HEADER = "subject,timepoint,date,lesion,role,site,diameter_mm\n"
VISITS = (("baseline", "2020-01-01"), ("week-8", "2020-02-26"))


def write_reads(path: Path, sizes: list[tuple[int, int]]) -> Path:
    """One subject a pair of sizes, at baseline and week 8."""
    lines = [
        ROW.format(subject=subject, visit=visit, date=date, size=size)
        for subject, pair in enumerate(sizes)
        for (visit, date), size in zip(VISITS, pair, strict=True)
    ]
    path.write_text(HEADER + "".join(lines))
    return path


@pytest.fixture
def reads(tmp_path: Path) -> list[Path]:
    anna = write_reads(tmp_path / "anna.csv", [(50, 50), (50, 30), (50, 65), (40, 40)])
    bert = write_reads(tmp_path / "bert.csv", [(52, 50), (50, 32), (49, 65), (40, 60)])
    return [anna, bert]


def test_two_files_are_two_readers_and_all_tables_and_figures_appear(reads: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "agreement"
    result = CliRunner().invoke(app, ["agree", *map(str, reads), "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert "subjects to be adjudicated: 1/4" in result.output
    kappas = pd.read_csv(out / "categories.csv")
    assert set(kappas["reader_a"]) == {"anna"}
    assert set(kappas["reader_b"]) == {"bert"}
    # SD SD, PR PR, PD PD, SD PD: observed 3/4, chance (2*1 + 1*1 + 1*2) / 16, kappa (12 - 5) / (16 - 5) = 7/11
    overall = kappas.query("what == 'overall response' and weights == 'none'").iloc[0]
    assert overall["kappa"] == pytest.approx(7 / 11)
    sizes = pd.read_csv(out / "sizes.csv").set_index("what")
    assert sizes.loc["diameter, mm", "bias"] == pytest.approx((2 + 0 + 0 + 2 - 1 + 0 + 0 + 20) / 8)
    assert pd.read_csv(out / "discordances.csv")["types"].tolist() == ["measurement"]
    assert pd.read_csv(out / "adjudication.csv")["needs_adjudication"].tolist() == [False, False, False, True]
    assert len(list((out / "figures").glob("*.png"))) == 4


def test_one_reader_alone_is_refused_and_nothing_is_written(reads: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "agreement"
    result = CliRunner().invoke(app, ["agree", str(reads[0]), "-o", str(out)])
    assert result.exit_code != 0
    assert not out.exists()


def test_a_fault_is_told_with_the_file_and_row_it_stands_in(reads: list[Path], tmp_path: Path) -> None:
    text = (
        reads[1]
        .read_text()
        .replace("S2,week-8,2020-02-26,T1,target,liver,65", "S2,week-8,26.02.2020,T1,target,liver,65")
    )
    reads[1].write_text(text)
    result = CliRunner().invoke(app, ["agree", *map(str, reads), "-o", str(tmp_path / "agreement")])
    faults = result.exception.problems
    # subjects 0, 1 and 2 have two rows each below the header: the last of them is row 7
    assert [(fault.file, fault.row, fault.field) for fault in faults] == [("bert.csv", 7, "date")]
