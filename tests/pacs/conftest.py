"""A real archive (Orthanc), servers that misbehave, and synthetic objects to send between them."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
import pytest
import typer.main
from pydicom.uid import generate_uid

from recist.cli import main
from recist.pacs.address import parse_address
from recist.pacs.archive import Connection
from recist.pacs.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLE = Path(__file__).parents[2] / "sample_dicom" / "slices" / "dicom" / "PHANTOM" / "baseline"
PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
STARTS, WAIT_S = 4, 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Orthanc:
    """One Orthanc with storage of its own; `closed` asks for a password and knows only RECIST at `storage_port`."""

    def __init__(self, folder: Path, *, closed: bool) -> None:
        self.folder, self.closed = folder, closed
        self.storage_port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.http_port}/dicom-web"

    @property
    def dicom(self) -> str:
        return f"dicom://ORTHANC@127.0.0.1:{self.dicom_port}"

    def start(self) -> None:
        for _ in range(STARTS):
            self.http_port, self.dicom_port = free_port(), free_port()
            if self._start_once():
                return
        pytest.fail(f"Orthanc did not start: {(self.folder / 'log').read_text()[-500:]}")

    def restart(self) -> None:
        assert self._start_once()

    def _start_once(self) -> bool:
        settings = self.folder / "orthanc.json"
        settings.write_text(json.dumps(self._settings()))
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [shutil.which("Orthanc") or "Orthanc", str(settings)], stdout=log, stderr=log
            )
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end and self.process.poll() is None:
            if self._answers():
                return True
            time.sleep(0.05)
        self.kill()
        return False

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}/system", timeout=1):
                return True
        except urllib.error.HTTPError as fault:
            fault.close()
            return fault.code == 401
        except OSError:
            return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _settings(self) -> dict[str, object]:
        modality: object = ["RECIST", "127.0.0.1", self.storage_port]
        if self.closed:
            modality = {"AET": "RECIST", "Host": "127.0.0.1", "Port": self.storage_port}
            modality |= {f"Allow{what}": True for what in ("Echo", "Find", "Get", "Move", "Store")}
        return {
            "Name": "recist-test",
            "StorageDirectory": str(self.folder / "storage"),
            "IndexDirectory": str(self.folder / "index"),
            "HttpPort": self.http_port,
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": self.closed,
            "RegisteredUsers": {"reader": "letmein-4711"} if self.closed else {},
            "DicomAet": "ORTHANC",
            "DicomPort": self.dicom_port,
            "DicomCheckCalledAet": True,
            "DicomCheckModalityHost": self.closed,
            **{f"DicomAlwaysAllow{what}": not self.closed for what in ("Echo", "Store", "Find", "Get", "Move")},
            "DicomModalities": {"recist": modality},
            "Plugins": [str(PLUGIN)],
            "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "StudiesMetadata": "Full", "SeriesMetadata": "Full"},
        }


def _orthanc(folder: Path, *, closed: bool) -> Iterator[Orthanc]:
    if shutil.which("Orthanc") is None or not PLUGIN.is_file():
        pytest.fail("these tests need a real archive: run tools/setup, or apt-get install orthanc orthanc-dicomweb")
    archive = Orthanc(folder, closed=closed)
    archive.start()
    try:
        yield archive
    finally:
        archive.kill()


@pytest.fixture(scope="session")
def open_orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """Configuration A: everybody on this machine may do everything."""
    yield from _orthanc(tmp_path_factory.mktemp("orthanc-open"), closed=False)


@pytest.fixture(scope="session")
def closed_orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """Configuration B: a password by HTTP, known titles and hosts by DIMSE."""
    yield from _orthanc(tmp_path_factory.mktemp("orthanc-closed"), closed=True)


@dataclass(frozen=True)
class Study:
    """Synthetic objects of one patient, in a folder."""

    folder: Path
    patient_id: str
    study_uid: str
    series_uid: str
    paths: tuple[Path, ...]


def write_study(folder: Path, *, n_slices: int = 6, syntax: str = "", sop_class: str = "") -> Study:
    """Write CT slices of the sample study as a study of their own."""
    folder.mkdir(parents=True)
    study_uid, series_uid = generate_uid(), generate_uid()
    patient_id = f"P{series_uid[-8:]}"
    paths = []
    for number in range(n_slices):
        dataset = pydicom.dcmread(SAMPLE / "ct" / f"IM{number % 6 + 1:04}.dcm")
        dataset.PatientID, dataset.StudyInstanceUID, dataset.SeriesInstanceUID = patient_id, study_uid, series_uid
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset.InstanceNumber = number + 1
        if sop_class:
            dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = sop_class
        if syntax:
            dataset.compress(syntax, generate_instance_uid=False)
        path = folder / f"{number + 1}.dcm"
        dataset.save_as(path)
        paths.append(path)
    return Study(folder, patient_id, study_uid, series_uid, tuple(paths))


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return write_study(tmp_path / "sent")


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def built_command() -> object:
    """The command line, built once: typer builds all commands anew for each call."""
    return typer.main.get_command(main.app)


@pytest.fixture
def recist(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, built_command: object
) -> Callable[..., Done]:
    """Run a command as a person would, in this process."""
    for name in [name for name in os.environ if name.startswith("RECIST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(main, "app", built_command)

    def run(*words: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["recist", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run_to_the_end()
        shown = capsys.readouterr()
        code = ended.value.code
        return Done(code if isinstance(code, int) else 0, shown.out, shown.err)

    return run


def run_to_the_end() -> None:
    main.run()
    sys.exit(0)


def connect(address: str, **changes: object) -> Connection:
    """Make a connection that does not wait long between attempts."""
    patience = Patience(
        timeout_s=float(changes.pop("timeout_s", 20.0)), attempts=int(changes.pop("attempts", 2)), first_wait_s=0.01
    )  # type: ignore[arg-type]
    return Connection(address=parse_address(address), patience=patience, **changes)  # type: ignore[arg-type]


@dataclass
class Stub:
    """A web server that answers as a test tells it."""

    port: int = 0
    answer: Callable[[http.server.BaseHTTPRequestHandler], None] = lambda _: None
    seen: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.port}/dicom-web"


class _Handler(http.server.BaseHTTPRequestHandler):
    stub: Stub

    def _serve(self) -> None:
        self.stub.seen.append(f"{self.command} {self.path}")
        self.stub.headers.append(dict(self.headers))
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        self.close_connection = True
        try:
            self.stub.answer(self)
        except OSError:
            return

    do_GET = do_POST = _serve  # noqa: N815  (the names that http.server looks for)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that turn away are what the tests are about."""


def serve(stub: Stub, *, context: object = None) -> _Server:
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"stub": stub}))
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)  # type: ignore[attr-defined]
    stub.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server


@pytest.fixture
def stub() -> Iterator[Stub]:
    made = Stub()
    server = serve(made)
    yield made
    made.over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def make_study(tmp_path: Path) -> Callable[..., Study]:
    return lambda name, **kind: write_study(tmp_path / name, **kind)


@pytest.fixture
def make_connection() -> Callable[..., Connection]:
    return connect


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield int(holder.getsockname()[1])


@pytest.fixture
def make_ground() -> Callable[[Path, pydicom.Dataset], str]:
    """Let an object land in a folder, and give what became of it."""
    from recist.pacs.landing import Ground
    from recist.pacs.question import FoundSeries

    def land(folder: Path, dataset: pydicom.Dataset) -> str:
        series = FoundSeries(study_uid=dataset.StudyInstanceUID, series_uid=dataset.SeriesInstanceUID)
        with Ground(folder, most_bytes=2**30) as ground:
            path = ground.new_path()
            dataset.save_as(path)
            return str(ground.take(path, series, {dataset.SOPInstanceUID}).state)

    return land


@pytest.fixture
def secure_stub() -> Iterator[Callable[[object], Stub]]:
    """Start web servers with TLS."""
    servers = []

    def start(context: object) -> Stub:
        made = Stub()
        servers.append(serve(made, context=context))
        return made

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
