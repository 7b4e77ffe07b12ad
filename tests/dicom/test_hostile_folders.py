"""Folders that mean harm: each file is refused with a reason, quickly and in little memory, and the rest is served."""

import gzip
import io
import json
import os
import socket
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recist.cli.main import app
from recist.dicom.index import Verdict, index_folder
from recist.dicom.series import read_series
from recist.errors import UsageError

MOST_SECONDS = 2.0
MOST_MIB = 300
FUZZ = Path(__file__).parents[2] / "benchmarks" / "fuzz_dicom.py"

# One child does both, since starting it costs more than either: first the mutated files, whose memory could not be
# seen behind that of the bombs; they load whatever is loaded once. Then every folder is indexed and measured.
MEASURE = """
import contextlib, io, json, resource, runpy, sys, time
from recist.dicom.index import index_folder
fuzz, *folders = sys.argv[1:]
sys.argv = [fuzz, "--files", "1000"]
with contextlib.redirect_stdout(io.StringIO()) as told:
    code = runpy.run_path(fuzz)["main"]()
print(json.dumps([code, told.getvalue()]))
for folder in folders:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    index = index_folder(folder)
    seconds = time.process_time() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    verdicts = {entry.path: [str(entry.verdict), entry.reason] for entry in index.files}
    print(json.dumps([folder, seconds, grown, verdicts]))
"""

UNDEFINED = 0xFFFFFFFF
OPEN_ITEM = struct.pack("<HHL", 0xFFFE, 0xE000, UNDEFINED)
CLOSE_ITEM = struct.pack("<HHL", 0xFFFE, 0xE00D, 0)
CLOSE_SEQUENCE = struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
EMPTY_ITEM = struct.pack("<HHL", 0xFFFE, 0xE000, 0)


def sequence(group, element, content, length=None):
    return struct.pack("<HH2sHL", group, element, b"SQ", 0, len(content) if length is None else length) + content


def put_before(raw, group, element, vr, spliced):
    place = raw.index(struct.pack("<HH2s", group, element, vr))
    return raw[:place] + spliced + raw[place:]


def deflated(raw, grown):
    """Deflate the data set of a file and let it grow."""
    start = raw.index(struct.pack("<HH2s", 0x0008, 0x0016, b"UI"))
    syntax = b"1.2.840.10008.1.2.1.99"
    meta = struct.pack("<HH2sH", 0x0002, 0x0010, b"UI", len(syntax)) + syntax
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = [packer.compress(raw[start:]), *(packer.compress(bytes(2**20)) for _ in range(grown // 2**20))]
    return bytes(128) + b"DICM" + meta + b"".join(packed) + packer.flush()


def bombs(raw, frames):
    """Give name -> content of files that are small and ask for much; `frames` is an Enhanced CT."""
    million = 2**20
    nested = sequence(0x0008, 0x1140, OPEN_ITEM, UNDEFINED) * 5000
    elements = b"".join(struct.pack("<HH2sH", 0x0009, 0x1000 + n % 0xE000, b"LO", 0) for n in range(million // 2))
    empty = sequence(0x0008, 0x1140, EMPTY_ITEM * million + CLOSE_SEQUENCE, UNDEFINED)
    start = frames.index(struct.pack("<HH2s", 0x5200, 0x9230, b"SQ"))
    end = frames.index(struct.pack("<HH", 0x7FE0, 0x0010), start)
    per_frame = sequence(0x5200, 0x9230, EMPTY_ITEM * million)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(64 * million))
    size = struct.pack("<HH2sHH", 0x0028, 0x0010, b"US", 2, 4)
    wide = raw.replace(size, size[:-2] + b"\xff\xff").replace(
        struct.pack("<HH2sHH", 0x0028, 0x0011, b"US", 2, 5), struct.pack("<HH2sHH", 0x0028, 0x0011, b"US", 2, 0xFFFF)
    )
    return {
        "deflated.dcm": deflated(raw, 400 * million),
        "nested.dcm": put_before(raw, 0x0010, 0x0010, b"PN", nested),
        "nested_implicit.dcm": put_before(raw, 0x0010, 0x0010, b"PN", nested).replace(
            b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2\0\0\0"
        ),
        "elements.dcm": put_before(raw, 0x0010, 0x0010, b"PN", elements),
        "empty_items.dcm": put_before(raw, 0x0010, 0x0010, b"PN", empty),
        "frames.dcm": frames[:start] + per_frame + frames[end:],
        "zip.dcm": zipped.getvalue(),
        "gzip": gzip.compress(bytes(64 * million)),
        "wide.dcm": wide,
        "cut.dcm": raw[:-7],
        "empty.dcm": b"",
        "magic.dcm": bytes(128) + b"DICM",
    }


def write_bombs(tmp_path, write_ct, write_enhanced):
    """Write every bomb into a folder of its own beside a sound image; -> these folders."""
    write_ct(tmp_path / "good.dcm")
    write_enhanced(tmp_path / "frames.dcm", (0, 5), ((1, -1024),) * 2)
    sound = (tmp_path / "good.dcm").read_bytes()
    for name, content in bombs(sound, (tmp_path / "frames.dcm").read_bytes()).items():
        (tmp_path / "bombs" / name).mkdir(parents=True)
        (tmp_path / "bombs" / name / "good.dcm").write_bytes(sound)
        (tmp_path / "bombs" / name / name).write_bytes(content)
    huge = tmp_path / "bombs" / "huge_value"
    huge.mkdir()
    (huge / "good.dcm").write_bytes(sound)
    value = struct.pack("<HH2sHL", 0x0008, 0x1150, b"UN", 0, 2**31)
    place = sound.index(struct.pack("<HH2s", 0x0010, 0x0010, b"PN"))
    with (huge / "huge_value").open("wb") as file:
        file.write(sound[:place] + value)
        file.truncate(place + 2**31 + 5000)
    return sorted((tmp_path / "bombs").iterdir())


@pytest.fixture(scope="module")
def kept():
    return {}


@pytest.fixture
def measured(kept, tmp_path, write_ct, write_enhanced):
    """Let a child index mutated files and bombs, once: its code and output, and name -> (seconds, MiB, verdicts)."""
    if not kept:
        folders = [str(path) for path in write_bombs(tmp_path, write_ct, write_enhanced)]
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, str(FUZZ), *folders], capture_output=True, text=True, check=False
        )
        assert done.stderr == ""
        fuzz, *lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(lines) == len(folders), done.returncode
        kept["bombs"] = {Path(folder).name: tuple(found) for folder, *found in lines}
        kept["fuzz"] = tuple(fuzz)
    return kept


def test_files_that_ask_for_much_are_refused_quickly_in_little_memory_and_the_rest_is_served(measured):
    found = measured["bombs"]
    for name, (seconds, grown, verdicts) in found.items():
        assert verdicts["good.dcm"][0] == "accepted", name
        verdict, reason = verdicts[name]
        assert verdict != "accepted", (name, reason)
        assert reason.endswith(".")
        assert seconds < MOST_SECONDS, name
        assert grown < MOST_MIB, name
    assert "holds more than that of any image" in found["empty_items.dcm"][2]["empty_items.dcm"][1]
    assert "holds more than that of any image" in found["frames.dcm"][2]["frames.dcm"][1]
    assert "nested too deeply" in found["nested.dcm"][2]["nested.dcm"][1]


HOSTILE_NAMES = (
    b"line\nend.dcm",
    b"\x1b[2J\x1b]0;owned\x07.dcm",
    b"-rf.dcm",
    b"--json.dcm",
    b"\xff\xfe.dcm",
    b"a\\nb.dcm",
    b"a\nb.dcm",
    "right\u202eto left.dcm".encode(),
    b"x" * 251 + b".dcm",
    "Thöräx ä.dcm".encode(),
)


def test_hostile_file_names_are_told_apart_and_shown_as_escapes(tmp_path, write_ct):
    for number, name in enumerate(HOSTILE_NAMES):
        write_ct(tmp_path / "a.dcm", ImagePositionPatient=[0, 0, 5 * number])
        (tmp_path / "a.dcm").rename(tmp_path / os.fsdecode(name))
    index = index_folder(tmp_path)
    names = [entry.path for entry in index.files]
    assert len(set(names)) == len(HOSTILE_NAMES) == index.count(Verdict.ACCEPTED)
    assert all(name.isprintable() for name in names)
    assert {"-rf.dcm", "line\\nend.dcm", "a\\\\nb.dcm", "a\\nb.dcm", "\\udcff\\udcfe.dcm", "Thöräx ä.dcm"} <= set(names)
    assert index.series[0].classes == ("regular",)
    assert read_series(tmp_path).hu.shape[0] == len(HOSTILE_NAMES)


@pytest.mark.parametrize("uid", ["../../../etc/passwd", "\x1b[2J\x1b[31mowned", "1." * 5000 + "1"])
def test_hostile_identifiers_reach_the_screen_as_escapes_and_name_no_file(tmp_path, write_ct, uid):
    write_ct(tmp_path / "in" / "a.dcm", SeriesInstanceUID=uid, SOPInstanceUID=uid, PatientID=uid[:64])
    write_ct(tmp_path / "in" / "b.dcm", SeriesInstanceUID=f"{uid}.2")
    shown = CliRunner().invoke(app, ["index", str(tmp_path / "in"), "--json", str(tmp_path / "index.json")])
    assert shown.exit_code == 0
    assert all(line.isprintable() for line in shown.output.splitlines())
    assert len(json.loads((tmp_path / "index.json").read_text())["series"]) == 2
    with pytest.raises(UsageError) as refusal:
        read_series(tmp_path / "in")
    assert all(line.isprintable() and len(line) < 200 for line in str(refusal.value).splitlines())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "index.json"]


def test_pipes_sockets_devices_and_circles_of_links_are_set_aside(tmp_path, write_ct):
    write_ct(tmp_path / "good.dcm")
    os.mkfifo(tmp_path / "pipe.dcm")
    (tmp_path / "zero.dcm").symlink_to("/dev/zero")
    (tmp_path / "self.dcm").symlink_to(tmp_path / "self.dcm")
    (tmp_path / "up").symlink_to(tmp_path, target_is_directory=True)
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)  # the address of a socket has to be short
        try:
            server.bind("socket.dcm")
        finally:
            os.chdir(here)
        found = {entry.path: (str(entry.verdict), entry.reason) for entry in index_folder(tmp_path).files}
    device = ("ignored", "It is not a file but a device or a pipe.")
    assert found["good.dcm"][0] == "accepted"
    assert [found[name] for name in ("pipe.dcm", "zero.dcm", "socket.dcm")] == [device] * 3
    assert found["self.dcm"][0] == "rejected"
    assert found["up"] == ("ignored", "A link to a folder that is read already.")


def test_ten_thousand_files_in_one_folder_have_ten_thousand_verdicts(tmp_path, write_ct):
    write_ct(tmp_path / "good.dcm")
    (tmp_path / "0").write_bytes(b"no image")
    for number in range(1, 10_000):
        os.link(tmp_path / "0", tmp_path / f"{number}")
    index = index_folder(tmp_path)
    assert len(index.files) == 10_001
    assert index.count(Verdict.ACCEPTED) == 1


def test_a_thousand_mutated_files_are_all_accounted_for(measured):
    code, told = measured["fuzz"]
    assert code == 0, told
    assert "1000 files; 0 batches failed" in told
