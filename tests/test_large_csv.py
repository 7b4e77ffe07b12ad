"""Tables too large to be written in one go read back as they were."""

from pathlib import Path

import pandas as pd
import pytest

from recist.large_csv import write_large_csv

FRAME = pd.DataFrame(
    {
        "subject": pd.Categorical(["S1", "S2", None, "S4"]),
        "date": pd.to_datetime(["2024-02-29", None, "2024-03-01", "2024-03-02"]),
        "nodal": pd.array([True, None, False, True], dtype="boolean"),
        "diameter_mm": [48.0, None, 17.25, 0.1],
        "reason": ["", "motion, breath", 'called "small"', "two\nlines"],
        "empty": [None, None, None, None],
    }
)


@pytest.mark.parametrize("rows_at_once", [1, 3, 100])
def test_every_cell_reads_back(tmp_path: Path, rows_at_once: int) -> None:
    path = tmp_path / "large.csv"
    write_large_csv(FRAME, path, rows_at_once=rows_at_once)
    read = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert read["subject"].tolist() == ["S1", "S2", "", "S4"]
    assert read["date"].tolist() == ["2024-02-29", "", "2024-03-01", "2024-03-02"]
    assert read["nodal"].tolist() == ["true", "", "false", "true"]
    assert [float(cell or "nan") for cell in read["diameter_mm"]][::2] == [48.0, 17.25]
    assert read["reason"].tolist() == FRAME["reason"].tolist()
    assert read["empty"].tolist() == ["", "", "", ""]


def test_a_table_without_rows_has_its_header(tmp_path: Path) -> None:
    write_large_csv(FRAME.head(0), tmp_path / "large.csv")
    assert (tmp_path / "large.csv").read_text() == "subject,date,nodal,diameter_mm,reason,empty\n"


def test_plain_cells_are_not_quoted(tmp_path: Path) -> None:
    write_large_csv(FRAME[["subject", "date"]].head(1), tmp_path / "large.csv")
    assert (tmp_path / "large.csv").read_text() == "subject,date\nS1,2024-02-29\n"
