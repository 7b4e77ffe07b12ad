"""Naming an archive: addresses, the settings file, credentials, and what is refused before anything is sent."""

from __future__ import annotations

import csv
import subprocess
import sys

import pytest

from recist.errors import DataError, UsageError
from recist.pacs.address import parse_address
from recist.pacs.archives import find_archive, read_archives
from recist.pacs.credentials import Credentials, find_credentials
from recist.pacs.faults import quoted
from recist.pacs.kinds import is_uid
from recist.pacs.patience import Patience
from recist.pacs.pulled import PulledSeries, write_pulled

RING_WORD = "from-the-ring"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://pacs.example.org/dicom-web/", "https://pacs.example.org/dicom-web"),
        ("https://pacs.example.org:8443/x/rs", "https://pacs.example.org:8443/x/rs"),
        ("http://127.0.0.1:8042/dicom-web", "http://127.0.0.1:8042/dicom-web"),
        ("http://[::1]:8042/dicom-web", "http://[::1]:8042/dicom-web"),
        ("dicom://ORTHANC@pacs:4242", "dicom://ORTHANC@pacs:4242"),
        ("dicom://MAIN%20PACS@pacs", "dicom://MAIN PACS@pacs:104"),
        ("dicom+tls://ORTHANC@pacs", "dicom+tls://ORTHANC@pacs:2762"),
    ],
)
def test_an_address_is_read_and_shown_again(text, shown):
    assert str(parse_address(text)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://reader:canary@pacs.example.org/dicom-web",
        "dicom://ORTHANC:canary@pacs:4242",
        "https://canary@pacs.example.org/",
    ],
)
def test_an_address_with_a_password_is_refused_without_showing_it(text):
    with pytest.raises(UsageError, match="holds no user name and no password") as raised:
        parse_address(text)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "ftp://pacs/",
        "https:///dicom-web",
        "dicom://pacs:4242",
        "dicom://A-TITLE-LONGER-THAN-16@pacs:4242",
        "dicom://ÄRZTE@pacs",
        "https://pacs/rs?token=1",
        "https://pacs:99999/rs",
        "dicom://A@pacs:4242/path",
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(UsageError):
        parse_address(text)


def test_plain_http_is_for_this_machine_alone_unless_it_is_said():
    with pytest.raises(UsageError, match="unencrypted"):
        parse_address("http://pacs.example.org/dicom-web")
    assert parse_address("http://pacs.example.org/dicom-web", insecure_http=True).host == "pacs.example.org"
    assert parse_address("http://localhost:8042/dicom-web").is_loopback


def test_a_settings_file_names_archives(tmp_path):
    file = tmp_path / "archives.toml"
    file.write_text('[ward]\naddress = "dicom://WARD@pacs:104"\nmethod = "move"\nport = 11113\ntimeout_s = 60\n')
    ward = find_archive("ward", file=file)
    assert (ward.address, ward.method, ward.port, ward.timeout_s) == ("dicom://WARD@pacs:104", "move", 11113, 60)
    with pytest.raises(UsageError, match="it names ward"):
        find_archive("wards", file=file)
    assert find_archive("https://pacs/rs", file=file).address == "https://pacs/rs"


@pytest.mark.parametrize(
    "line", ['password = "canary"', 'token = "canary"', 'pacs_Password = "canary"', 'client_secret = "canary"']
)
def test_a_password_in_the_settings_file_is_refused_without_showing_it(line, tmp_path):
    file = tmp_path / "archives.toml"
    file.write_text(f'[ward]\naddress = "https://pacs/rs"\n{line}\n')
    with pytest.raises(DataError, match="does not belong in this file") as raised:
        read_archives(file)
    assert "canary" not in str(raised.value)


def test_every_fault_of_the_settings_file_is_told_at_once(tmp_path):
    file = tmp_path / "archives.toml"
    file.write_text('loose = 1\n[a]\nport = "x"\ncolour = "red"\n[b]\naddress = "dicom://X:canary@pacs"\n')
    with pytest.raises(DataError) as raised:
        read_archives(file)
    assert sorted(problem.field for problem in raised.value.problems) == [
        "a.address",
        "a.colour",
        "a.port",
        "b.address",
        "loose",
    ]
    assert "canary" not in str(raised.value)


def test_a_token_goes_before_a_password_and_neither_is_shown():
    environment = {"RECIST_PACS_TOKEN": "canary-token", "RECIST_PACS_USER": "u", "RECIST_PACS_PASSWORD": "canary-word"}
    with_token = find_credentials("pacs", environment=environment)
    assert (with_token.token, with_token.password) == ("canary-token", "")
    del environment["RECIST_PACS_TOKEN"]
    with_password = find_credentials("pacs", environment=environment)
    assert (with_password.user, with_password.password) == ("u", "canary-word")
    for each in (with_token, with_password):
        assert "canary" not in f"{each} {each!r}"
    assert not Credentials()


def test_the_key_ring_is_asked_for_the_host_and_the_user():
    import keyring
    from keyring.backend import KeyringBackend

    class InMemory(KeyringBackend):
        priority = 1

        def get_password(self, service, username):
            return RING_WORD if (service, username) == ("recist-pacs:pacs.example.org", "ada") else None

        def set_password(self, service, username, password): ...

        def delete_password(self, service, username): ...

    before = keyring.get_keyring()
    keyring.set_keyring(InMemory())
    try:
        assert find_credentials("pacs.example.org", user="ada", environment={}).password == RING_WORD
        assert not find_credentials("elsewhere", user="ada", environment={})
        assert not find_credentials("pacs.example.org", environment={})
    finally:
        keyring.set_keyring(before)


def test_a_uid_may_name_a_file_and_nothing_else_may():
    assert is_uid("1.2.840.10008.5.1.4.1.1.2")
    for text in ("", "1", "..", "1..2", ".1.2", "1.2.", "1.2/3", "1.2\\3", "1.2 ", "1.2\n", "१.२", "1." + "2" * 63):
        assert not is_uid(text), text


def test_foreign_text_cannot_steer_the_terminal():
    assert quoted("\x1b]0;title\x07busy\r\nError") == "?]0;title?busy Error"
    assert len(quoted("x" * 10_000)) < 200


def test_pauses_between_attempts_grow_and_follow_the_archive_within_reason():
    patience = Patience(first_wait_s=1, most_wait_s=30)
    for attempt, least in ((1, 1), (2, 2), (3, 4), (9, 30)):
        assert least <= patience.wait_s(attempt) <= 1.2 * least
    assert 10 <= patience.wait_s(1, asked_s=10) <= 12
    assert patience.wait_s(1, asked_s=9999) <= 36


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("pull", "https://pacs/rs", "-o", "x"), "say what to pull"),
        (("pull", "https://pacs/rs", "--patient", "1"), "name a folder"),
        (("pull", "https://pacs/rs", "--study", "../1", "-o", "x"), "this is no UID"),
        (("pull", "https://pacs/rs", "--from", "1.4.24", "-o", "x"), "is no date"),
        (("pull", "dicom://A@127.0.0.1:1", "--series", "1.2", "-o", "x"), "--series needs its --study"),
        (("pull", "dicom://A@127.0.0.1:1", "--patient", "1", "--method", "fax", "-o", "x"), "use get or move"),
        (("pull", "no-such-name", "--echo"), "is no address"),
        (("push", "https://pacs/rs"), "name files or folders"),
        (("push", "https://pacs/rs", "--echo", "--ca", "none.pem"), "there is no such file"),
    ],
)
def test_a_wrong_call_is_wrong_usage_before_anything_is_sent(words, sentence, recist, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    done = recist(*words)
    assert done.code == 2
    assert sentence in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_missing_extra_is_named():
    code = (
        "import sys\n"
        "sys.modules['pynetdicom'] = sys.modules['dicomweb_client'] = None\n"
        "from recist.cli.main import run\n"
        "for address in ('https://pacs/rs', 'dicom://A@127.0.0.1:1'):\n"
        "    sys.argv = ['recist', 'pull', address, '--echo']\n"
        "    try:\n        run()\n"
        "    except SystemExit as ended:\n        print(ended.code)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "3"]
    assert done.stderr.count("recist-toolkit[pacs]") == 2
    assert "Traceback" not in done.stderr


def test_rows_of_earlier_versions_get_their_dates_in_iso_form(tmp_path):
    old = "subject,study_uid,series_uid,date\nP1,1.2,1.2.1,20140206\nP2,1.3,1.3.1,20140231\n"
    (tmp_path / "pulled.csv").write_text(old)
    write_pulled(tmp_path, [PulledSeries(study_uid="1.4", series_uid="1.4.1", date="20160229;2016-03-01")])
    with (tmp_path / "pulled.csv").open() as file:
        dates = [row["date"] for row in csv.DictReader(file)]
    assert dates == ["2014-02-06", "20140231", "2016-02-29;2016-03-01"]
