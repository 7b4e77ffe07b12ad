"""A Dask cluster measures the same; workers that are killed take nothing with them."""

import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from recist.batch import cluster, pool
from recist.batch import run as run_module
from recist.batch.cluster import Cluster, connect
from recist.batch.folder import NAME
from recist.batch.manifests import measure_into
from recist.batch.outcome import Outcome, Status, parse_outcome
from recist.batch.plan import make_plan
from recist.batch.task import Task
from recist.errors import EnvironmentFault, UsageError

LIMIT_S = 120.0
TABLES = ("measurements.csv", "measurements.parquet", "problems.csv", "summary.json")


def tables(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in TABLES}


def events(out: Path, kind: str) -> list[str]:
    return [line for line in (out / NAME / "main.jsonl").read_text().splitlines() if f'"event":"{kind}"' in line]


class Shared:
    """A cluster of two workers that outlives a run, for starting one takes seconds."""

    mark: Path

    def __init__(self) -> None:
        self.cluster = connect("local", workers=2, limit_s=LIMIT_S)

    def outcomes(
        self, tasks: Iterable[Task], tell_started: Callable[[Task], None], *, is_alone: bool = False
    ) -> Iterator[Outcome]:
        return self.cluster.outcomes(tasks, tell_started, is_alone=is_alone)

    def close(self) -> None:
        """Stay."""

    def kill_a_worker(self) -> None:
        pids = self.cluster._client.run(os.getpid)
        os.kill(next(iter(pids.values())), signal.SIGKILL)

    def lose_the_scheduler(self) -> None:
        self.cluster._local.close(timeout=20)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of foreign files, each of which leaves a mark where it is run."""
    folder = tmp_path_factory.mktemp("foreign")
    for name in ("distributed", "multiprocessing", "pickle", "numpy", "pandas", "recist"):
        (folder / f"{name}.py").write_text(f"open({str(folder / 'mark')!r}, 'a').write(__file__)\n")
    return folder


@pytest.fixture(scope="module")
def shared(planted: Path) -> Iterator[Shared]:
    with pytest.MonkeyPatch.context() as patch:
        importlib.import_module("distributed")
        patch.chdir(planted)
        patch.setattr(sys, "path", ["", str(planted), *sys.path])
        made = Shared()
        made.mark = planted / "mark"
        yield made
        made.cluster.close()


def after(n: int, act: Callable[[], None]) -> Callable[[int, int], None]:
    """Do something once, when so many series are done."""
    has_acted = threading.Event()

    def report(done: int, total: int) -> None:
        if done >= n and not has_acted.is_set():
            has_acted.set()
            act()

    return report


def test_workers_killed_in_the_middle_lose_nothing_and_measure_nothing_twice(
    shared: Shared,
    study: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(run_module, "TASKS_IN_A_PART", 2)
    plan = make_plan(study, convention="quarter")
    measure_into(tmp_path / "whole", plan, pool.OwnProcess)
    out = tmp_path / "out"
    ran, _ = measure_into(out, plan, lambda: shared, progress=after(3, shared.kill_a_worker))
    assert ran.settled.count() == len(plan)
    assert tables(out) == tables(tmp_path / "whole")
    assert len(events(out, "done") + events(out, "refused")) == len(plan)
    noise = capfd.readouterr()
    assert (noise.out, noise.err) == ("", "")
    assert not shared.mark.exists()  # workers started in a folder of foreign Python files, and one again


def test_a_lost_scheduler_is_told_and_the_run_goes_on_later(
    shared: Shared, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "TASKS_IN_A_PART", 1)
    plan = make_plan(study, convention="quarter")
    with pytest.raises(EnvironmentFault, match="give the same command again"):
        measure_into(tmp_path / "out", plan, lambda: shared, progress=after(2, shared.lose_the_scheduler))
    ran, _ = measure_into(tmp_path / "out", plan, pool.OwnProcess)
    assert 2 <= ran.kept < len(plan)
    measure_into(tmp_path / "whole", plan, pool.OwnProcess)
    assert tables(tmp_path / "out") == tables(tmp_path / "whole")


def test_a_task_whose_workers_died_each_time_is_tried_once_more_alone(study: Path) -> None:
    from distributed.scheduler import KilledWorker

    class Future:
        status = "error"

        def result(self) -> str:
            raise KilledWorker("a task", None, 3)

        def release(self) -> None:
            pass

    task = make_plan(study, convention="quarter").task(0)
    outcome = Cluster(None, None, limit_s=LIMIT_S)._read(Future(), task)
    assert outcome.status is Status.CRASHED
    assert outcome.rows[0]["state"] == "not_evaluable"


def test_a_scheduler_that_is_not_there_is_an_environment_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_S", 0.5)
    with pytest.raises(EnvironmentFault, match="No Dask scheduler answers"):
        connect("tcp://127.0.0.1:9", workers=1, limit_s=LIMIT_S)


def test_an_address_without_a_protocol_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="tcp://node1:8786"):
        connect("node1:8786", workers=1, limit_s=LIMIT_S)


def test_a_worker_of_another_version_is_refused_before_anything_is_measured() -> None:
    class Client:
        def wait_for_workers(self, n: int, timeout: float) -> None:
            pass

        def run(self, function: object) -> dict[str, str]:
            return {"tcp://node1:1": cluster._engine(), "tcp://node2:1": "0.0.9"}

    with pytest.raises(EnvironmentFault, match=r"tcp://node2:1 has recist-toolkit 0\.0\.9, .* 1 of 2 workers differ"):
        Cluster(Client(), None, limit_s=LIMIT_S).require_ready("tcp://node0:8786")


def test_a_worker_that_does_not_see_the_files_says_so(study: Path) -> None:
    task = make_plan(study, convention="quarter").task(0)
    elsewhere = task.to_text().replace(task.folder, "/nowhere/at/all")
    assert "put it on a shared file system" in parse_outcome(cluster._measure_there(elsewhere, LIMIT_S)).reason
