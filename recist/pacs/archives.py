"""Archives by name: a settings file that holds addresses, and never a password."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from recist.errors import DataError, UsageError
from recist.problems import Problem

FILE = "archives.toml"
VARIABLE = "RECIST_ARCHIVES"
SECRET_WORDS = ("password", "passwd", "passphrase", "secret", "token", "key_password", "credential")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedArchive:
    """One section of the settings file.

    Attributes
    ----------
    address : str
    user : str
        The name that the key ring is asked for.
    ca, client_cert, client_key : str
        PEM files: authorities to trust instead of those of the machine; our own certificate and its key.
    calling_ae : str
    method : str
        ``get`` or ``move``.
    port : int
        Where images come in by C-MOVE.
    timeout_s : float
    insecure_http : bool
    """

    address: str
    user: str = ""
    ca: str = ""
    client_cert: str = ""
    client_key: str = ""
    calling_ae: str = ""
    method: str = ""
    port: int = 0
    timeout_s: float = 0.0
    insecure_http: bool = False


TYPES = {"str": (str,), "int": (int,), "float": (int, float), "bool": (bool,)}
KEYS = {each.name: TYPES[str(each.type)] for each in fields(NamedArchive)}


def find_archive(text: str, *, file: Path | None = None) -> NamedArchive:
    """Give the archive that a word of the command line means: an address as it is, a name from the settings file.

    Raises
    ------
    UsageError
        When the name is not known.
    DataError
        When the settings file has faults, with all of them; a password in it is one.
    """
    if "://" in text:
        return NamedArchive(address=text)
    place = file or _find_file()
    if place is None:
        raise UsageError(
            f"{text!r} is no address, and there is no {FILE} that could name it; write https://… or dicom://…, or make "
            f"{FILE} here or name it with --archives"
        )
    archives = read_archives(place)
    if text not in archives:
        known = ", ".join(sorted(archives)) or "none"
        raise UsageError(f"{place.name} names no archive {text!r}; it names {known}")
    return archives[text]


def _find_file() -> Path | None:
    """Look where the settings file may be."""
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    places = (Path(FILE), settings / "recist-toolkit" / FILE)
    return next((place for place in places if place.is_file()), None)


def read_archives(file: Path) -> dict[str, NamedArchive]:
    """Read the settings file.

    Raises
    ------
    UsageError
        When it cannot be read.
    DataError
        With every fault in it.
    """
    try:
        sections = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"{file} cannot be read as a settings file of archives") from fault
    except tomllib.TOMLDecodeError as fault:
        raise UsageError(f"{file} is not TOML: {fault}") from None
    problems = [problem for name, section in sections.items() for problem in _check_section(file.name, name, section)]
    if problems:
        raise DataError(problems)
    return {name: NamedArchive(**section) for name, section in sections.items()}


def _check_section(file: str, name: str, section: object) -> list[Problem]:
    """Find every fault of one section; values are never quoted, since one may be a password."""
    if not isinstance(section, dict):
        return [_problem(file, name, f"stands outside a section; write [name] and address = … below it ({name})")]
    problems = [problem for key, value in section.items() if (problem := _check_key(file, f"{name}.{key}", key, value))]
    if "address" not in section:
        problems.append(_problem(file, f"{name}.address", "every archive needs an address"))
    elif ":" in str(section["address"]).partition("://")[2].rpartition("@")[0]:
        problems.append(_secret(file, f"{name}.address"))
    return problems


def _check_key(file: str, where: str, key: str, value: object) -> Problem | None:
    if any(word in key.lower() for word in SECRET_WORDS):
        return _secret(file, where)
    if key not in KEYS:
        return _problem(file, where, f"is no setting; the settings are {', '.join(KEYS)}")
    if not isinstance(value, KEYS[key]) or (isinstance(value, bool) and bool not in KEYS[key]):
        return _problem(file, where, f"must be of type {KEYS[key][-1].__name__}")
    return None


def _secret(file: str, where: str) -> Problem:
    return _problem(
        file,
        where,
        "a password or token does not belong in this file; take it out, change it, and set RECIST_PACS_PASSWORD or "
        "RECIST_PACS_TOKEN, or store it with: keyring set recist-pacs:HOST USER",
        code="secret_in_settings",
    )


def _problem(file: str, where: str, message: str, *, code: str = "archive_setting") -> Problem:
    return Problem(code=code, file=file, field=where, message=message)
