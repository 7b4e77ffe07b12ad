"""A real archive that asks who we are, and one that dies in the middle of a pull."""

from __future__ import annotations

import logging
import traceback

import pydicom
import pytest

from recist.pacs.archive import open_archive
from recist.pacs.credentials import Credentials
from recist.pacs.pull import list_series, pull
from recist.pacs.question import Question

USER, PASSWORD = "reader", "letmein-4711"


@pytest.fixture
def as_reader(monkeypatch, recist):
    monkeypatch.setenv("RECIST_PACS_USER", USER)
    monkeypatch.setenv("RECIST_PACS_PASSWORD", PASSWORD)


def whole_files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "pulled.csv")


def test_without_a_password_the_archive_refuses_and_the_sentence_says_what_to_set(closed_orthanc, study, recist):
    for words in (("pull", closed_orthanc.web, "--echo"), ("push", closed_orthanc.web, study.folder)):
        done = recist(*words)
        assert done.code == 3
        assert "401 Unauthorized" in done.err
        assert "RECIST_PACS_USER" in done.err


def test_a_wrong_password_is_refused_and_shown_nowhere(closed_orthanc, study, recist, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("RECIST_PACS_USER", USER)
    monkeypatch.setenv("RECIST_PACS_PASSWORD", "canary-wrong-secret")
    done = recist("pull", closed_orthanc.web, "--patient", study.patient_id, "--list")
    assert done.code == 3
    assert "401" in done.err
    for text in (done.out, done.err, caplog.text):
        assert "canary" not in text
        assert study.patient_id not in text


def test_the_right_password_from_the_environment_opens_the_archive(closed_orthanc, study, recist, as_reader, tmp_path):
    assert recist("push", closed_orthanc.web, study.folder).code == 0
    done = recist("pull", closed_orthanc.web, "--patient", study.patient_id, "-o", tmp_path / "came")
    assert done.code == 0
    assert "6 of 6 objects" in done.out


def test_a_fault_and_its_traceback_hold_no_password(closed_orthanc, make_connection):
    secret = Credentials(user=USER, password="canary-in-the-mine")  # noqa: S106  (a canary)
    connection = make_connection(closed_orthanc.web, credentials=secret)
    assert "canary" not in repr(connection)
    with open_archive(connection) as archive, pytest.raises(Exception, match="401") as raised:
        archive.echo()
    told = traceback.TracebackException.from_exception(raised.value, capture_locals=False)
    assert "canary" not in "".join(told.format())


def test_a_title_that_the_archive_does_not_know_is_refused(closed_orthanc, study, recist):
    for words in (
        ("pull", closed_orthanc.dicom, "--study", study.study_uid, "--list"),
        ("push", closed_orthanc.dicom, study.folder),
    ):
        done = recist(*words, "--calling-ae", "FOREIGN", "--attempts", "1")
        assert done.code == 3, done
        assert "Traceback" not in done.err
        assert "dicom://ORTHANC@127.0.0.1" in done.err


@pytest.mark.parametrize("method", ["get", "move"])
def test_a_known_title_stores_and_retrieves(method, closed_orthanc, study, recist, tmp_path):
    assert recist("push", closed_orthanc.dicom, study.folder).code == 0
    words = ("pull", closed_orthanc.dicom, "--study", study.study_uid, "-o", tmp_path / "came")
    done = recist(*words, "--method", method, "--port", closed_orthanc.storage_port)
    assert done.code == 0, done.err
    assert "6 of 6 objects" in done.out


@pytest.mark.parametrize("way", ["web", "get", "move"])
def test_an_archive_that_dies_in_the_middle_leaves_whole_files_and_the_pull_goes_on_later(  # noqa: PLR0917
    way, closed_orthanc, study, recist, as_reader, tmp_path, make_connection
):
    recist("push", closed_orthanc.web, study.folder)
    out = tmp_path / "came"
    address = closed_orthanc.web if way == "web" else closed_orthanc.dicom
    connection = make_connection(
        address,
        credentials=Credentials(user=USER, password=PASSWORD),
        method="get" if way == "web" else way,
        storage_port=closed_orthanc.storage_port,
    )

    def kill_after_three(done, total):
        if done == 3 and closed_orthanc.process.poll() is None:
            closed_orthanc.kill()

    with open_archive(connection) as archive:
        listed = list_series(archive, Question(study_uid=study.study_uid), limit=5)
        first = next(iter(archive.find_instances(listed[0].series)))
        bring_one(archive, listed[0].series, first, out)  # with one here, the others come one by one
        patience, most = connection.patience, connection.most_bytes
        ended = pull(archive, listed, out, patience=patience, most_bytes=most, progress=kill_after_three)
    assert ended.fault is not None
    assert "127.0.0.1" in str(ended.fault)
    assert [row.state for row in ended.series] == ["incomplete"]
    came = whole_files(out)
    assert 3 <= len(came) < 6
    assert {len(pydicom.dcmread(path).PixelData) for path in came} == {208 * 208 * 2}
    down = recist("pull", address, "--study", study.study_uid, "-o", out)
    assert down.code == 3
    assert "nothing answers there" in down.err

    closed_orthanc.restart()
    words = ("pull", address, "--study", study.study_uid, "-o", out, "--port", closed_orthanc.storage_port)
    again = recist(*words, *(() if way == "web" else ("--method", way)))
    assert again.code == 0, again.err
    assert f"6 of 6 objects in 1 series are here and whole, {6 - len(came)} of them new" in again.out
    assert len(whole_files(out)) == 6


def bring_one(archive, series, instance, folder):
    from recist.pacs.landing import Ground

    class Receiver:
        def __init__(self, ground):
            self.new_path, self.ground = ground.new_path, ground

        def take(self, path):
            return bool(self.ground.take(path, series, {instance.sop_instance_uid}))

    with Ground(folder, most_bytes=2**30) as ground:
        archive.fetch(series, [instance], Receiver(ground), whole=False)
    assert len(whole_files(folder)) == 1
