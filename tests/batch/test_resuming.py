"""A run that was killed goes on where it was: nothing is lost, nothing stands twice, the tables are the same bytes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recist.batch import run as run_module
from recist.batch.assembly import Assembly
from recist.batch.folder import NAME, RunFolder, parse_share
from recist.batch.manifests import measure_into
from recist.batch.plan import make_plan
from recist.batch.pool import ChildProcesses, OwnProcess
from recist.batch.results import write_results
from recist.batch.run import run_plan
from recist.cli.main import app
from recist.errors import UsageError
from recist.progress import no_progress

TABLES = ("measurements.csv", "measurements.parquet", "problems.csv", "summary.json")
SMALL_PARTS = "import recist.batch.run as run; run.TASKS_IN_A_PART = 2; from recist.cli.main import run; run()"


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "TASKS_IN_A_PART", 2)


def measure(manifest: Path, out: Path, **more: object) -> tuple[int, int, int]:
    """Measure in this process; give the series kept, changed and the torn parts."""
    ran, _ = measure_into(out, make_plan(manifest, convention="quarter"), OwnProcess, **more)  # type: ignore[arg-type]
    return ran.kept, ran.changed, ran.torn


def tables(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in TABLES}


def events(out: Path, writer: str = "main") -> list[dict[str, object]]:
    lines = (out / NAME / f"{writer}.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]


def times_settled(out: Path) -> dict[str, int]:
    settled = [str(line["task"]) for line in events(out) if line["event"] in ("done", "refused", "failed")]
    return {task: settled.count(task) for task in settled}


def test_a_run_that_ended_anywhere_goes_on_to_the_same_tables(study: Path, tmp_path: Path) -> None:
    measure(study, tmp_path / "whole")
    expected = tables(tmp_path / "whole")
    ledger = (tmp_path / "whole" / NAME / "main.jsonl").read_bytes()
    for length in range(0, len(ledger), len(ledger) // 25):
        out = tmp_path / "cut"
        shutil.copytree(tmp_path / "whole" / NAME, out / NAME)
        (out / NAME / "main.jsonl").write_bytes(ledger[:length])  # parts may be there of which the ledger does not know
        measure(study, out)
        assert tables(out) == expected
        assert set(times_settled(out).values()) == {1}
        shutil.rmtree(out)


def test_a_part_that_is_torn_is_measured_again_and_said(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    measure(study, out)
    expected = tables(out)
    parts = sorted((out / NAME / "parts").glob("*.rows.parquet"))
    parts[1].write_bytes(parts[1].read_bytes()[:-20])
    parts[3].unlink()
    assert measure(study, out) == (8, 0, 2)
    assert tables(out) == expected


def test_a_killed_process_leaves_no_process_and_loses_nothing(study: Path, tmp_path: Path) -> None:
    measure(study, tmp_path / "whole")
    out = tmp_path / "out"
    # the measuring process is the true one; a mask as large as the others together keeps it busy at the end
    command = [sys.executable, "-c", SMALL_PARTS, "measure", str(study), "-o", str(out), "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_for(out, n_settled=2)
        children = children_of(process.pid)
        process.kill()
    wait_until_gone(children)
    kept, _, _ = measure(study, out)
    assert kept >= 2
    assert tables(out) == tables(tmp_path / "whole")
    assert set(times_settled(out).values()) == {1}


def wait_for(out: Path, *, n_settled: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if (out / NAME / "main.jsonl").exists() and len(times_settled(out)) >= n_settled:
            return
        time.sleep(0.005)
    raise AssertionError("nothing was measured within a minute")


def children_of(process: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def wait_until_gone(processes: list[int]) -> None:
    deadline = time.monotonic() + 20
    while any(is_running(process) for process in processes):
        assert time.monotonic() < deadline, "a measuring process outlives its parent"
        time.sleep(0.02)


def is_running(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.usefixtures("misbehaving")
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_says_how_to_go_on(study: Path, tmp_path: Path, by: signal.Signals) -> None:
    study.write_text(study.read_text().replace(",liver,", ",slow,"))
    out = tmp_path / "out"

    def stop() -> None:
        wait_for(out, n_settled=2)
        os.kill(os.getpid(), by)

    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell ignores it for what runs in the background
    thread = threading.Thread(target=stop)
    thread.start()
    done = CliRunner().invoke(app, ["measure", str(study), "-o", str(out), "--workers", "1"])
    thread.join()
    signal.signal(signal.SIGINT, before)
    assert done.exit_code == 130
    assert "of 12 series are measured and kept" in done.output
    assert "give the same command again to go on" in done.output
    assert not (out / "measurements.csv").exists()
    again = CliRunner().invoke(app, ["measure", str(study), "-o", str(out), "--workers", "1"])
    assert again.exit_code == 0
    assert "measured by an earlier run" in again.output
    assert set(times_settled(out).values()) == {1}


def test_files_that_changed_are_measured_again_and_the_old_rows_are_gone(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    measure(study, out)
    before = (out / "measurements.csv").read_text().splitlines()
    shutil.copy(study.parent / "mask11.nrrd", study.parent / "mask2.nrrd")
    assert measure(study, out) == (11, 1, 0)
    after = (out / "measurements.csv").read_text().splitlines()
    assert len(after) == len(before)
    assert [k for k, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [3]
    assert measure(study, out) == (12, 0, 0)


@pytest.mark.parametrize("change", ["manifest", "convention"])
def test_another_manifest_or_option_in_the_same_folder_is_refused(study: Path, tmp_path: Path, change: str) -> None:
    out = tmp_path / "out"
    measure(study, out)
    before = tables(out)
    if change == "manifest":
        study.write_text(study.read_text().replace("T3,target", "T3,non_target"))
    words = ["measure", str(study), "-o", str(out), "--convention", "edge" if change == "convention" else "quarter"]
    refused = CliRunner().invoke(app, words)
    assert isinstance(refused.exception, UsageError)
    assert "begin anew in this one with --restart" in str(refused.exception)
    assert tables(out) == before
    measure(study, out, is_restarted=True)
    assert (tables(out) != before) is (change == "manifest")


@pytest.mark.parametrize(
    ("running", "other"), [("main", None), ("main", "1/2"), ("share-1-of-2", "1/2"), ("share-1-of-2", None)]
)
def test_a_second_process_may_not_measure_the_same(
    study: Path, tmp_path: Path, running: str, other: str | None
) -> None:
    share = parse_share(other) if other else None
    with RunFolder(path=tmp_path / "out" / NAME).locked(running), pytest.raises(UsageError, match="now; wait for it"):
        measure(study, tmp_path / "out", share=share)


def test_shares_are_measured_side_by_side(study: Path, tmp_path: Path) -> None:
    with RunFolder(path=tmp_path / "out" / NAME).locked("share-1-of-2"):
        assert measure(study, tmp_path / "out", share=parse_share("2/2")) == (0, 0, 0)


def test_a_convention_that_is_none_is_wrong_usage(study: Path) -> None:
    with pytest.raises(UsageError, match="quarter, centre, edge"):
        make_plan(study, convention="middle")


def test_shares_measured_apart_make_the_same_tables(study: Path, tmp_path: Path) -> None:
    measure(study, tmp_path / "whole")
    out = tmp_path / "out"
    for words in ("2/3", "1/3"):
        measure(study, out, share=parse_share(words))
        assert not (out / "measurements.csv").exists()
    assert len([line for line in events(out, "share-2-of-3") if line["event"] == "done"]) == 4
    assert measure(study, out)[0] == 8
    assert tables(out) == tables(tmp_path / "whole")


@pytest.mark.parametrize("words", ["3", "0/3", "4/3", "a/b"])
def test_a_share_is_which_of_how_many(words: str, study: Path, tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["measure", str(study), "-o", str(tmp_path / "out"), "--share", words])
    assert isinstance(refused.exception, UsageError)


@pytest.mark.usefixtures("misbehaving")
def test_workers_and_order_do_not_change_a_byte(study: Path, tmp_path: Path) -> None:
    plan = make_plan(study, convention="quarter")
    made = []
    for workers in (1, 2, 4):
        order = [(5 * k + workers) % len(plan) for k in range(len(plan))]  # 5 and 12 have no common factor: a shuffle
        out = tmp_path / f"by {workers}"
        folder = RunFolder(path=out / NAME)
        pool = partial(ChildProcesses, workers, limit_s=60)
        ran = run_plan(plan, folder, pool, progress=no_progress, order=order)
        write_results(Assembly(plan=plan, folder=folder.parts, settled=ran.settled), out)
        made.append(tables(out))
    assert made[0] == made[1] == made[2]
    assert made[0]["measurements.csv"].count(b"\n") == 1 + len(plan)
