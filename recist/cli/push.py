"""``recist push``: objects from files to an archive."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli import archive_choice as choice
from recist.cli.screen import counted, progress_bar, say, say_error, say_problems

if TYPE_CHECKING:
    from recist.pacs.archive import Archive, Connection
    from recist.pacs.outgoing import Sent
    from recist.pacs.push import Gathered, Pushed

SHOWN_FILES, SHOWN_UNSENT = 50, 3
STOPPED = 130
COLUMNS = ("file", "study_uid", "series_uid", "sop_instance_uid", "state", "verified", "reason")


def command(  # noqa: PLR0917  (typer calls it by name)
    archive: choice.ArchiveName,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="Files, or folders with all folders in them.")
    ] = None,
    table: Annotated[
        Path | None, typer.Option("--table", metavar="FILE", help="Write what became of each file to this CSV.")
    ] = None,
    echo: Annotated[bool, typer.Option("--echo", help="Only try the connection.")] = False,
    calling_ae: choice.CallingAe = "",
    archives: choice.SettingsFile = None,
    ca: choice.CaFile = "",
    client_cert: choice.ClientCert = "",
    client_key: choice.ClientKey = "",
    insecure_http: choice.InsecureHttp = False,
    timeout_s: choice.Timeout = 0,
    attempts: choice.Attempts = 3,
    most_mib: choice.MostMib = 1024,
) -> None:
    """Push reports, segmentations or images to an archive, and ask it afterwards whether it has them.

    Example: `recist push dicom://ORTHANC@pacs.example.org:4242 out/sr`

    Nothing is overwritten: what the archive has already is compared instead. A corrected object needs a new
    SOPInstanceUID. User and password come from RECIST_PACS_USER and RECIST_PACS_PASSWORD, a token from
    RECIST_PACS_TOKEN, or from the key ring.
    """
    from recist.errors import UsageError
    from recist.pacs.archive import open_archive
    from recist.pacs.push import gather

    connection = choice.connect(
        choice.Choice(
            archive=archive,
            archives=archives,
            calling_ae=calling_ae,
            ca=ca,
            client_cert=client_cert,
            client_key=client_key,
            insecure_http=insecure_http,
            timeout_s=timeout_s,
            attempts=attempts,
            most_mib=most_mib,
        )
    )
    if echo:
        with open_archive(connection) as opened:
            say(opened.echo())
        return
    if not paths:
        raise UsageError("name files or folders to push")
    with progress_bar("reading files") as progress:
        gathered = gather(paths, progress)
    _require_files(gathered)
    with open_archive(connection) as opened:
        pushed = _push(opened, connection, gathered)
    if table is not None:
        _write_table(table, pushed.sent)
    _conclude(connection, gathered, pushed)


def _require_files(gathered: Gathered) -> None:
    if not gathered.files:
        say_problems(gathered.problems)
        say_error("error: there is no DICOM object to push")
        raise typer.Exit(1)


def _push(archive: Archive, connection: Connection, gathered: Gathered) -> Pushed:
    import tempfile

    from recist.pacs.push import push

    with tempfile.TemporaryDirectory(prefix="recist-push-") as folder, progress_bar("pushing") as progress:
        return push(
            archive,
            gathered.files,
            Path(folder),
            patience=connection.patience,
            most_bytes=connection.most_bytes,
            progress=progress,
        )


def _write_table(path: Path, sent: tuple[Sent, ...]) -> None:
    import csv

    from recist.outputs import whole_file

    with whole_file(path) as staged, staged.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for each in sent:
            identity = each.file.identity
            uids = identity.study_uid, identity.series_uid, identity.sop_instance_uid
            writer.writerow([each.file.name, *uids, each.state, str(each.is_verified).lower(), each.reason])


def _conclude(connection: Connection, gathered: Gathered, pushed: Pushed) -> None:
    """Tell what became of the files, and end as it deserves."""
    from recist.pacs.outgoing import FAILURES, SentState
    from recist.problems import errors_in

    if pushed.fault is not None:
        say_error(f"error: {pushed.fault}")
    for note in pushed.notes:
        say_error(f"note: {note}")
    say_problems(gathered.problems)
    _say_files(pushed)
    counts = Counter(each.state for each in pushed.sent)
    verified = sum(each.is_verified for each in pushed.sent)
    detail = ", ".join(f"{counts[state]} {state}" for state in SentState if counts[state])
    say(f"{connection.address}: {counted(len(pushed.sent), 'object')}: {detail}; {verified} found there by a search")
    if pushed.is_stopped:
        say_error("stopped. Run the same command again to go on")
        raise typer.Exit(STOPPED)
    if pushed.fault is not None:
        unsent = counted(counts[SentState.NOT_SENT], "object")
        say_error(f"the push ended early, {unsent} not sent; mend this and run the same command again to go on")
        raise typer.Exit(pushed.fault.exit_code)
    if any(each.state in FAILURES for each in pushed.sent) or errors_in(gathered.problems):
        raise typer.Exit(1)


def _say_files(pushed: Pushed) -> None:
    """List the files with something to tell; those that an early end left unsent are only counted, and a few named."""
    from recist.pacs.outgoing import FAILURES, SentState

    unsent = [each.file.name for each in pushed.sent if each.state is SentState.NOT_SENT]
    told = [
        each for each in pushed.sent if each.state is not SentState.NOT_SENT and (each.reason or each.state in FAILURES)
    ]
    for each in told[:SHOWN_FILES]:
        say_error(f"{each.file.name}: {each.state}{f'; {each.reason}' if each.reason else ''}")
    if len(told) > SHOWN_FILES:
        say_error(f"… and {len(told) - SHOWN_FILES} more; --table lists all of them")
    if unsent:
        more = (
            f" and {len(unsent) - SHOWN_UNSENT} more; --table lists all of them" if len(unsent) > SHOWN_UNSENT else ""
        )
        say_error(f"not sent: {', '.join(unsent[:SHOWN_UNSENT])}{more}")
