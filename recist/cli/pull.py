"""``recist pull``: series from an archive into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recist.cli import archive_choice as choice
from recist.cli.screen import counted, progress_bar, say, say_error, say_problems

if TYPE_CHECKING:
    from recist.pacs.archive import Archive, Connection
    from recist.pacs.pull import Listed, Pulled
    from recist.pacs.question import Question

SHOWN_SERIES = 200
STOPPED = 130


def command(  # noqa: PLR0917  (typer calls it by name)
    archive: choice.ArchiveName,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the images and pulled.csv.")] = None,
    patient: Annotated[str, typer.Option(metavar="ID", help="Patient ID; * and ? stand for anything.")] = "",
    study: Annotated[str, typer.Option(metavar="UID", help="StudyInstanceUID.")] = "",
    series: Annotated[str, typer.Option(metavar="UID", help="SeriesInstanceUID.")] = "",
    accession: Annotated[str, typer.Option(metavar="NUMBER", help="Accession number.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First study date, 2024-03-31.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last study date.")] = "",
    modality: Annotated[str, typer.Option(help="Only series of this modality.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Objects of every kind, not only CT, SEG, RTSTRUCT and SR.")
    ] = False,
    echo: Annotated[bool, typer.Option("--echo", help="Only try the connection.")] = False,
    list_only: Annotated[bool, typer.Option("--list", help="Only list what fits; nothing is pulled.")] = False,
    limit: Annotated[int, typer.Option(help="Most studies that may fit.", min=1)] = 500,
    method: Annotated[str, typer.Option(help="get or move (DIMSE). [default: get]")] = "",
    port: Annotated[int, typer.Option(help="Where images come in by C-MOVE. [default: 11112]", min=0, max=65535)] = 0,
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
    """Pull CT series, segmentations and reports from an archive, by DICOMweb or DIMSE.

    Example: `recist pull https://pacs.example.org/dicom-web --patient TRIAL-007 -o images`

    Run it again to go on where it stopped: what is here and whole is not pulled twice. User and password come from
    RECIST_PACS_USER and RECIST_PACS_PASSWORD, a token from RECIST_PACS_TOKEN, or from the key ring.
    """
    from recist.pacs.archive import open_archive
    from recist.pacs.question import Question, parse_date

    connection = choice.connect(
        choice.Choice(
            archive=archive,
            archives=archives,
            calling_ae=calling_ae,
            method=method,
            port=port,
            ca=ca,
            client_cert=client_cert,
            client_key=client_key,
            insecure_http=insecure_http,
            timeout_s=timeout_s,
            attempts=attempts,
            most_mib=most_mib,
        )
    )
    question = Question(
        patient_id=patient,
        study_uid=study,
        series_uid=series,
        accession=accession,
        modality=modality.upper(),
        first_date=parse_date(first, "--from"),
        last_date=parse_date(last, "--to"),
    )
    _require_sense(question, out, echo=echo, list_only=list_only)
    with open_archive(connection) as opened:
        if echo:
            say(opened.echo())
            return
        listed = _list(opened, question, limit=limit, everything=everything)
        if list_only:
            _say_listed(listed)
            return
        assert out is not None
        _pull(opened, connection, listed, out, everything=everything)


def _require_sense(question: Question, out: Path | None, *, echo: bool, list_only: bool) -> None:
    from recist.errors import UsageError
    from recist.outputs import require_folder_to_write
    from recist.pacs.kinds import is_uid

    if echo:
        return
    if not question.is_narrow:
        raise UsageError("say what to pull: --patient, --study, --series, --accession, --from or --to")
    for option, uid in (("--study", question.study_uid), ("--series", question.series_uid)):
        if uid and not is_uid(uid):
            raise UsageError(f"{option}: this is no UID; a UID is digits and dots, at most 64")
    if list_only:
        return
    if out is None:
        raise UsageError("name a folder for the images with -o, or only --list what fits")
    require_folder_to_write(out)


def _list(archive: Archive, question: Question, *, limit: int, everything: bool) -> list[Listed]:
    from recist.pacs.pull import list_series

    listed = list_series(archive, question, limit=limit, everything=everything)
    if not listed:
        say_error(f"error: {archive.address} has nothing that fits the question")
        raise typer.Exit(1)
    return listed


def _say_listed(listed: list[Listed]) -> None:
    """List studies and series, for a person to choose from."""
    from recist.pacs.pulled import iso_day

    last = ""
    for each in listed[:SHOWN_SERIES]:
        if each.study.study_uid != last:
            last = each.study.study_uid
            say(f"study {last}  patient {_shown(each.study.patient_id)}  date {_shown(iso_day(each.study.date))}")
        count = "–" if each.series.n_instances is None else counted(each.series.n_instances, "object")
        left = "" if each.is_wanted else "  (left out without --all)"
        say(f"  series {each.series.series_uid}  {_shown(each.series.modality)}  {count}{left}")
    if len(listed) > SHOWN_SERIES:
        say(f"… and {len(listed) - SHOWN_SERIES} more series")
    studies = len({each.study.study_uid for each in listed})
    say(f"{counted(studies, 'study').replace('studys', 'studies')}, {len(listed)} series")


def _shown(text: str) -> str:
    from recist.pacs.faults import quoted

    return quoted(text, 64) or "–"


def _pull(archive: Archive, connection: Connection, listed: list[Listed], out: Path, *, everything: bool) -> None:
    from recist.pacs.pull import pull
    from recist.problems import errors_in

    with progress_bar("pulling") as progress:
        pulled = pull(
            archive,
            listed,
            out,
            patience=connection.patience,
            most_bytes=connection.most_bytes,
            everything=everything,
            progress=progress,
        )
    for note in archive.notes:
        say_error(f"note: {note}")
    _say_left(listed, pulled)
    say_problems(pulled.problems)
    here = f"{pulled.n_here} of {counted(pulled.n_at_archive, 'object')} in {len(pulled.series)} series"
    new = sum(each.n_new for each in pulled.series)
    say(f"{out}: {here} are here and whole, {new} of them new; listed in {out / 'pulled.csv'}")
    if pulled.is_stopped:
        say_error("stopped; only whole files were kept. Run the same command again to go on")
        raise typer.Exit(STOPPED)
    if pulled.fault is not None:
        say_error("the pull ended early; only whole files were kept. Run the same command again to go on")
        raise pulled.fault
    if errors_in(pulled.problems):
        raise typer.Exit(1)


def _say_left(listed: list[Listed], pulled: Pulled) -> None:
    series = sum(not each.is_wanted for each in listed)
    objects = sum(each.n_left for each in pulled.series)
    if series or objects:
        say(f"left at the archive, as other kinds (--all takes them): {series} series, {counted(objects, 'object')}")
