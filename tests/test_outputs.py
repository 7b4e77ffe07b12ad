"""Output folders and files appear whole or not at all."""

from pathlib import Path

import pytest

from recist.outputs import whole_file, whole_folder


def test_a_fault_leaves_no_folder_behind(tmp_path: Path) -> None:
    def write_and_fail() -> None:
        with whole_folder(tmp_path / "out") as staging:
            (staging / "half.csv").write_text("half")
            raise ValueError("the disk is full")

    with pytest.raises(ValueError, match="disk"):
        write_and_fail()
    assert list(tmp_path.iterdir()) == []


def test_files_replace_those_of_the_same_name_and_keep_the_others(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    (out / "table.csv").write_text("old")
    with whole_folder(out) as staging:
        (staging / "table.csv").write_text("new")
        (staging / "figures").mkdir()
        (staging / "figures" / "a.svg").write_text("<svg/>")
    assert (out / "notes.txt").read_text() == "mine"
    assert (out / "table.csv").read_text() == "new"
    assert (out / "figures" / "a.svg").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_fault_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")

    def write_and_fail() -> None:
        with whole_file(path) as temporary:
            temporary.write_text("new")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        write_and_fail()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
