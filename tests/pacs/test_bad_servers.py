"""Servers that are silent, slow, rude or hostile: each is told in a sentence, and only whole true files are kept."""

from __future__ import annotations

import csv
import datetime
import ipaddress
import json
import socket
import ssl
import threading
import time

import pydicom
import pytest
from pydicom.uid import generate_uid

from recist.pacs.archive import open_archive
from recist.pacs.faults import ArchiveFault
from recist.pacs.identity import read_identity
from recist.pacs.outgoing import Outgoing
from recist.pacs.pull import list_series, pull
from recist.pacs.question import Question

BOUNDARY = "sheep"
TYPE = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'


def reply(handler, body=b"", *, status=200, kind="application/dicom+json", **headers):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def attribute(vr, *values):
    return {"vr": vr, "Value": list(values)}


def listing(study, *, level, uids=None, extra=None):
    """Give what an archive lists of a study at one level."""
    entry = {"0020000D": attribute("UI", study.study_uid), "00100020": attribute("LO", study.patient_id)}
    if level == "studies":
        return [entry]
    entry |= {"0020000E": attribute("UI", study.series_uid), "00080060": attribute("CS", "CT")}
    if level == "series":
        return [entry]
    entry["00080016"] = attribute("UI", "1.2.840.10008.5.1.4.1.1.2")
    found = uids or [pydicom.dcmread(path, stop_before_pixels=True).SOPInstanceUID for path in study.paths]
    return [entry | {"00080018": attribute("UI", uid)} for uid in found]


def multipart(*parts, end=True):
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n".encode() + part + b"\r\n" for part in parts
    )
    return body + (f"--{BOUNDARY}--\r\n".encode() if end else b"")


def archive_of(study, *, retrieve, uids=None):
    """Answer searches as an archive does, and retrievals as the test says."""

    def answer(handler):
        path, _, query = handler.path.partition("?")
        parts = path.removeprefix("/dicom-web/").split("/")
        if "limit=" not in query:
            retrieve(handler, parts[-1])
            return
        first_page = "offset=0" in query or "offset" not in query
        level = parts[-1]
        reply(handler, json.dumps(listing(study, level=level, uids=uids) if first_page else []).encode())

    return answer


def pull_from(connection, study, folder):
    with open_archive(connection) as archive:
        listed = list_series(archive, Question(study_uid=study.study_uid), limit=5)
        return pull(archive, listed, folder, patience=connection.patience, most_bytes=connection.most_bytes)


def kept(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.name != "pulled.csv")


def test_a_server_that_is_down_is_told_without_trying_again(recist, taken_port):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for address in (f"http://127.0.0.1:{port}/dicom-web", f"dicom://ANY@127.0.0.1:{port}"):
        done = recist("pull", address, "--echo")
        assert done.code == 3
        assert "nothing answers there; the archive is down or its port is another" in done.err
        assert "tried" not in done.err


def test_a_server_that_never_answers_is_given_up_after_the_time_limit(recist, taken_port):
    for address in (f"http://127.0.0.1:{taken_port}/dicom-web", f"dicom://ANY@127.0.0.1:{taken_port}"):
        began = time.monotonic()
        done = recist("pull", address, "--echo", "--timeout", "0.4", "--attempts", "1")
        assert done.code == 3
        assert "does not answer" in done.err or "does not answer," in done.err
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("place", ["headers", "body"])
def test_a_server_that_trickles_is_given_up_although_it_is_never_silent(place, stub, make_connection):
    def trickle(handler):
        if place == "body":
            handler.send_response(200)
            handler.send_header("Content-Type", "application/dicom+json")
            handler.end_headers()
        while not stub.over.wait(0.05):
            handler.wfile.write(b"H" if place == "headers" else b" ")
            handler.wfile.flush()

    stub.answer = trickle
    connection = make_connection(stub.web, timeout_s=0.4, attempts=1)
    with open_archive(connection) as archive, pytest.raises(ArchiveFault, match="too slowly") as raised:
        archive.echo()
    assert raised.value.is_transient


def test_an_archive_that_is_overloaded_is_asked_again_and_one_that_is_wrong_is_not(stub, make_connection):
    answers = iter([503, 429, 200])
    stub.answer = lambda handler: reply(handler, b"[]", status=next(answers), Retry_After="0")
    with open_archive(make_connection(stub.web, attempts=3)) as archive:
        archive.echo()
    assert len(stub.seen) == 3
    stub.answer = lambda handler: reply(handler, status=500)
    with open_archive(make_connection(stub.web, attempts=3)) as archive, pytest.raises(ArchiveFault, match="500"):
        archive.echo()
    assert len(stub.seen) == 4


def test_a_password_is_not_sent_on_to_another_address(stub, make_connection):
    stub.answer = lambda handler: reply(handler, status=302, Location="http://127.0.0.1:1/elsewhere")
    with open_archive(make_connection(stub.web)) as archive, pytest.raises(ArchiveFault, match="sends us on"):
        archive.echo()
    assert len(stub.seen) == 1


def test_a_page_that_is_no_dicomweb_is_told(stub, make_connection):
    stub.answer = lambda handler: reply(handler, b"<html>Welcome</html>", kind="text/html")
    with open_archive(make_connection(stub.web)) as archive, pytest.raises(ArchiveFault, match="not as DICOMweb does"):
        archive.echo()


@pytest.mark.parametrize("answer", ["400", "404", "405", "<html>Welcome</html>"])
def test_a_wrong_path_is_told_with_the_paths_that_archives_have(answer, stub, recist, tmp_path):
    if answer.isdigit():
        stub.answer = lambda handler: reply(handler, b"no", status=int(answer))
    else:
        stub.answer = lambda handler: reply(handler, answer.encode(), kind="text/html")
    done = recist("pull", stub.web.removesuffix("dicom-web"), "--patient", "S206", "-o", tmp_path / "x")
    assert done.code == 3
    assert "the path in the address may be another, such as /dicom-web" in done.err
    assert not answer.isdigit() or f"({answer} " in done.err


def test_what_cannot_be_pushed_at_all_is_told_with_its_cause_once_and_first(stub, make_study, recist, tmp_path):
    study = make_study("many", n_slices=8)
    stub.answer = lambda handler: reply(handler, status=401)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        down = f"127.0.0.1:{probe.getsockname()[1]}"
    for address, cause in (
        (f"http://{down}/dicom-web", "nothing answers there"),
        (f"dicom://ANY@{down}", "nothing answers there"),
        (stub.web, "asks for a user and a password"),
    ):
        done = recist("push", address, study.folder, "--attempts", "1", "--table", tmp_path / "told.csv")
        assert done.code == 3
        lines = [line for line in done.err.splitlines() if line.strip() and "━" not in line]
        assert lines[0].startswith("error: ")
        assert cause in lines[0]
        assert done.err.count(cause) == 1
        assert "search" not in done.err
        assert lines[1] == "not sent: 1.dcm, 2.dcm, 3.dcm and 5 more; --table lists all of them"
        assert lines[2:] == [
            "the push ended early, 8 objects not sent; mend this and run the same command again to go on"
        ]
        with (tmp_path / "told.csv").open() as file:
            assert [row["state"] for row in csv.DictReader(file)] == ["not sent"] * 8


def test_a_listing_nested_beyond_measure_is_told(stub, make_connection):
    stub.answer = lambda handler: reply(handler, b"[" * 100_000)
    with open_archive(make_connection(stub.web)) as archive, pytest.raises(ArchiveFault, match="not as DICOMweb does"):
        archive.echo()


def test_names_from_a_hostile_listing_never_become_paths(stub, study, make_connection, tmp_path):
    good = pydicom.dcmread(study.paths[0]).SOPInstanceUID
    uids = ["../../../tmp/evil", "/etc/passwd", "1.2\x00.3", "1.2.3/../4", good, "9" * 65]
    stub.answer = archive_of(
        study, uids=uids, retrieve=lambda handler, _: reply(handler, multipart(study.paths[0].read_bytes()), kind=TYPE)
    )
    ended = pull_from(make_connection(stub.web), study, tmp_path / "came")
    assert kept(tmp_path / "came") == [f"{good}.dcm"]
    assert [row.n_at_archive for row in ended.series] == [1]
    assert all(".." not in each and "passwd" not in each for each in stub.seen)


@pytest.mark.parametrize("lie", ["another object", "another study", "no DICOM", "a path for a UID", "cut off"])
def test_an_object_that_is_not_what_was_asked_for_is_not_kept(lie, stub, study, make_connection, tmp_path):
    dataset = pydicom.dcmread(study.paths[0])
    uid = dataset.SOPInstanceUID
    if lie == "another object":
        dataset.SOPInstanceUID = generate_uid()
    elif lie == "another study":
        dataset.StudyInstanceUID = generate_uid()
    elif lie == "a path for a UID":
        dataset["SOPInstanceUID"]._value = "../../../../evil"
    path = tmp_path / "lie.dcm"
    dataset.save_as(path)
    body = {"no DICOM": b"MZ" * 300, "cut off": path.read_bytes()[:-500]}.get(lie, path.read_bytes())
    stub.answer = archive_of(study, uids=[uid], retrieve=lambda handler, _: reply(handler, multipart(body), kind=TYPE))
    ended = pull_from(make_connection(stub.web), study, tmp_path / "came")
    assert kept(tmp_path / "came") == []
    assert {problem.code for problem in ended.problems} in (
        {"object_refused", "incomplete"},
        {"object_unasked", "incomplete"},
    )
    assert [row.state for row in ended.series] == ["incomplete"]


def test_an_answer_that_breaks_off_is_asked_for_again_and_whole_parts_are_kept(stub, study, make_connection, tmp_path):
    files = {pydicom.dcmread(path).SOPInstanceUID: path.read_bytes() for path in study.paths}
    retrievals = []

    def retrieve(handler, last):
        retrievals.append(last)
        if last in files:
            reply(handler, multipart(files[last]), kind=TYPE)
        else:
            whole, half = list(files.values())[:2]
            body = multipart(whole, end=False) + f"--{BOUNDARY}\r\n\r\n".encode() + half[: len(half) // 2]
            handler.send_response(200)
            handler.send_header("Content-Type", TYPE)
            handler.end_headers()
            handler.wfile.write(body)

    stub.answer = archive_of(study, retrieve=retrieve)
    ended = pull_from(make_connection(stub.web), study, tmp_path / "came")
    assert ended.fault is None
    assert len(kept(tmp_path / "came")) == 6
    assert retrievals[0] == study.series_uid
    assert len(retrievals) == 1 + 5


def test_an_object_that_the_archive_does_not_give_does_not_keep_the_others_from_coming(
    stub, study, make_connection, tmp_path
):
    files = {pydicom.dcmread(path).SOPInstanceUID: path.read_bytes() for path in study.paths}
    lost = list(files)[2]

    def retrieve(handler, last):
        if last in files and last != lost:
            reply(handler, multipart(files[last]), kind=TYPE)
        else:
            reply(handler, status=404)

    stub.answer = archive_of(study, retrieve=retrieve)
    ended = pull_from(make_connection(stub.web), study, tmp_path / "came")
    assert ended.fault is None
    assert kept(tmp_path / "came") == sorted(f"{uid}.dcm" for uid in files if uid != lost)
    assert [(row.state, row.n_at_archive, row.n_here) for row in ended.series] == [("incomplete", 6, 5)]
    assert "404" in ended.series[0].note


def test_a_pull_that_a_person_stops_leaves_whole_files_only(stub, study, make_connection, tmp_path):
    files = [path.read_bytes() for path in study.paths]
    stub.answer = archive_of(study, retrieve=lambda handler, _: reply(handler, multipart(*files), kind=TYPE))

    def stop_after_three(done, total):
        if done == 3:
            raise KeyboardInterrupt

    connection = make_connection(stub.web)
    with open_archive(connection) as archive:
        listed = list_series(archive, Question(study_uid=study.study_uid), limit=5)
        out = tmp_path / "came"
        ended = pull(archive, listed, out, patience=connection.patience, most_bytes=2**30, progress=stop_after_three)
    assert ended.is_stopped
    assert len(kept(out)) == 3
    assert {len(pydicom.dcmread(path).PixelData) for path in out.rglob("*.dcm")} == {208 * 208 * 2}
    assert [row.state for row in ended.series] == ["incomplete"]


def test_an_object_without_end_is_cut(stub, study, make_connection, tmp_path):
    def retrieve(handler, _):
        handler.send_response(200)
        handler.send_header("Content-Type", TYPE)
        handler.end_headers()
        handler.wfile.write(f"--{BOUNDARY}\r\n\r\n".encode())
        while not stub.over.is_set():
            handler.wfile.write(b"\0" * 65536)

    stub.answer = archive_of(study, retrieve=retrieve)
    ended = pull_from(make_connection(stub.web, most_bytes=2**20), study, tmp_path / "came")
    assert "larger than 1 MiB" in str(ended.fault) or "more than" in str(ended.fault)
    assert kept(tmp_path / "came") == []


def test_an_archive_without_pages_is_not_asked_for_ever(stub, study, make_connection):
    stub.answer = lambda handler: reply(handler, json.dumps(listing(study, level="studies")).encode())
    with open_archive(make_connection(stub.web)) as archive:
        assert len(archive.find_studies(Question(), 5)) == 1
    assert len(stub.seen) == 2


def test_studies_that_were_not_asked_for_are_left_alone(stub, study, make_connection):
    """An archive that does not know a key answers with everybody's studies."""
    stub.answer = lambda handler: reply(handler, json.dumps(listing(study, level="studies")).encode())
    with open_archive(make_connection(stub.web)) as archive:
        assert list_series(archive, Question(patient_id="SOMEBODY-ELSE"), limit=5) == []


def test_an_archive_that_cannot_give_stored_bytes_is_noted(stub, study, make_connection, tmp_path):
    uid = pydicom.dcmread(study.paths[0]).SOPInstanceUID

    def retrieve(handler, _):
        if "transfer-syntax=*" in handler.headers["Accept"]:
            reply(handler, status=406)
        else:
            reply(handler, study.paths[0].read_bytes(), kind="application/dicom")

    stub.answer = archive_of(study, uids=[uid], retrieve=retrieve)
    connection = make_connection(stub.web)
    with open_archive(connection) as archive:
        listed = list_series(archive, Question(study_uid=study.study_uid), limit=5)
        pull(archive, listed, tmp_path / "came", patience=connection.patience, most_bytes=2**30)
        assert "does not give objects as they are stored" in archive.notes[0]
    assert kept(tmp_path / "came") == [f"{uid}.dcm"]


def test_an_object_that_the_archive_refuses_is_told_with_its_reason(stub, study, recist, tmp_path):
    uid = pydicom.dcmread(study.paths[0]).SOPInstanceUID
    failed = {
        "00081198": {"vr": "SQ", "Value": [{"00081155": attribute("UI", uid), "00081197": attribute("US", 0xA900)}]}
    }

    def answer(handler):
        if handler.command == "POST":
            reply(handler, json.dumps(failed).encode(), status=409)
        else:
            reply(handler, b"[]")

    stub.answer = answer
    done = recist("push", stub.web, study.paths[0], "--table", tmp_path / "told.csv")
    assert done.code == 1
    assert "1.dcm: refused; the data do not fit their class (0xA900)" in done.err
    with (tmp_path / "told.csv").open() as file:
        assert [row["state"] for row in csv.DictReader(file)] == ["refused"]


def test_an_archive_that_says_stored_and_has_nothing_is_found_out(stub, study, recist):
    stub.answer = lambda handler: reply(handler, b"[]" if handler.command == "GET" else b"{}")
    done = recist("push", stub.web, study.paths[0])
    assert done.code == 1
    assert "accepted, but not found afterwards" in done.err


@pytest.fixture
def certificate(tmp_path):
    """Make an authority and a certificate of it for this machine."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = datetime.datetime.now(datetime.UTC)
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("authority", "server")}
    names = {name: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in keys}
    for name, key in keys.items():
        is_authority = name == "authority"
        builder = x509.CertificateBuilder(
            issuer_name=names["authority"],
            subject_name=names[name],
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - datetime.timedelta(days=1),
            not_valid_after=now + datetime.timedelta(days=1),
        ).add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        if not is_authority:
            local = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
            builder = builder.add_extension(local, critical=False)
        made = builder.sign(keys["authority"], hashes.SHA256())
        (tmp_path / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    server_key = keys["server"].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "server.key").write_bytes(server_key)
    return tmp_path


def server_context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "server.pem", certificate / "server.key")
    return context


def test_https_is_verified_and_an_own_authority_is_named_by_an_option(certificate, recist, secure_stub):
    made = secure_stub(server_context(certificate))
    made.answer = lambda handler: reply(handler, b"[]")
    address = made.web.replace("http:", "https:")
    refused = recist("pull", address, "--echo")
    assert refused.code == 3
    assert "certificate cannot be verified" in refused.err
    assert "--ca" in refused.err
    assert made.seen == []
    assert recist("pull", address, "--echo", "--ca", certificate / "authority.pem").code == 0
    wrong_name = recist(
        "pull", address.replace("127.0.0.1", "localhost"), "--echo", "--ca", certificate / "authority.pem"
    )
    assert wrong_name.code == 3
    assert "certificate cannot be verified" in wrong_name.err


@pytest.fixture
def dimse_server():
    """Start servers of pynetdicom that behave as a test says."""
    from pynetdicom import AE, evt
    from pynetdicom.presentation import AllStoragePresentationContexts
    from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind, Verification

    servers = []

    def start(*, on_store=None, on_find=None, context=None):
        entity = AE(ae_title="STUB")
        entity.add_supported_context(Verification)
        entity.add_supported_context(StudyRootQueryRetrieveInformationModelFind)
        for each in AllStoragePresentationContexts:
            entity.add_supported_context(each.abstract_syntax)
        handlers = [(evt.EVT_C_ECHO, lambda event: 0)]
        handlers += [(evt.EVT_C_STORE, on_store)] if on_store else []
        handlers += [(evt.EVT_C_FIND, on_find)] if on_find else []
        server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers, ssl_context=context)
        servers.append(server)
        return server.socket.getsockname()[1]

    yield start
    for server in servers:
        threads = server.active_associations
        server.shutdown()
        for thread in threads:
            thread.join(2)


def test_dimse_over_tls_is_verified(certificate, recist, dimse_server):
    port = dimse_server(context=server_context(certificate))
    address = f"dicom+tls://STUB@127.0.0.1:{port}"
    refused = recist("pull", address, "--echo", "--attempts", "1")
    assert refused.code == 3
    assert "certificate cannot be verified" in refused.err
    done = recist("pull", address, "--echo", "--ca", certificate / "authority.pem")
    assert done.code == 0, done.err


def test_an_association_aborted_in_the_middle_is_opened_again_for_the_rest(dimse_server, study, make_connection):
    came = []

    def on_store(event):
        if len(came) == 2 and "aborted" not in came:
            came.append("aborted")
            event.assoc.abort()
            return 0
        came.append(event.request.AffectedSOPInstanceUID)
        return 0

    port = dimse_server(on_store=on_store)
    files = [Outgoing(path=path, name=path.name, identity=read_identity(path)) for path in study.paths]
    with open_archive(make_connection(f"dicom://STUB@127.0.0.1:{port}", attempts=3)) as archive:
        sent = list(archive.store(files))
    assert [each.state for each in sent] == ["stored"] * 6
    assert sorted(set(came) - {"aborted"}) == sorted(each.file.identity.sop_instance_uid for each in sent)


def test_an_archive_that_always_aborts_is_given_up(dimse_server, study, recist):
    port = dimse_server(on_store=lambda event: event.assoc.abort())
    done = recist("push", f"dicom://STUB@127.0.0.1:{port}", study.folder, "--attempts", "1")
    assert done.code == 3
    assert "aborted the association" in done.err
    assert "6 not sent" in done.out


def test_an_archive_that_takes_but_cannot_be_searched_is_noted(dimse_server, study, recist):
    def on_find(event):
        yield 0xA900, None

    port = dimse_server(on_store=lambda event: 0, on_find=on_find)
    done = recist("push", f"dicom://STUB@127.0.0.1:{port}", study.folder)
    assert done.code == 0, done.err
    assert "cannot be verified" in done.err
    assert "6 stored; 0 found there by a search" in done.out


def test_an_object_refused_by_dimse_is_told_with_its_reason(dimse_server, study, recist):
    def on_find(event):
        yield 0x0000, None

    port = dimse_server(on_store=lambda event: 0xA700, on_find=on_find)
    done = recist("push", f"dicom://STUB@127.0.0.1:{port}", study.paths[0])
    assert done.code == 1
    assert "1.dcm: refused; out of resources (0xA700)" in done.err


def test_a_pdu_larger_than_was_agreed_is_refused_before_it_is_read(make_connection):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            peer, _ = server.accept()
            with peer:
                peer.recv(4096)
                peer.sendall(b"\x02\x00\xff\xff\xff\xff" + b"\0" * 1000)
                peer.recv(1)

        threading.Thread(target=answer, daemon=True).start()
        address = f"dicom://ANY@127.0.0.1:{server.getsockname()[1]}"
        connection = make_connection(address, timeout_s=3, attempts=1)
        with open_archive(connection) as archive, pytest.raises(ArchiveFault, match=address):
            archive.echo()
