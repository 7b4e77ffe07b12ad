"""Where children look for modules: never in the working folder, whose files are foreign, unless it was installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Before a program's name on the command line: the interpreter adds neither the working folder nor that of a script.
SAFE = "-P"
TELL_PATH = "import json, sys; print(json.dumps(sys.path))"
MOST_SECONDS = 60


def _working_folder() -> str:
    try:
        return os.path.realpath(os.getcwd())  # noqa: PTH109  # asked for in each call
    except OSError:  # it was removed
        return ""


STARTED_IN = _working_folder()


def importable_path() -> list[str]:
    """Give where this process looks for modules, without the working folder.

    The working folder stays where the user named it in full in PYTHONPATH, or where it is that of an editable
    installation.
    """
    return list(_without(tuple(sys.path), _working_folder()))


@lru_cache(8)
def _without(path: tuple[str, ...], working_folder: str) -> tuple[str, ...]:
    places = [place for place in path if os.path.isabs(place)]  # noqa: PTH117  # no path, an entry of one
    doubtful = {place for place in places if os.path.realpath(place) in (working_folder, STARTED_IN)}
    if not doubtful:
        return tuple(places)
    chosen = doubtful & set(_own_path())
    # `python -m` puts it in front of all else: where it stays, it stays where the installation has put it
    last = {place: k for k, place in enumerate(places)}
    return tuple(p for k, p in enumerate(places) if p not in doubtful or (p in chosen and last[p] == k))


@lru_cache(1)
def _own_path() -> tuple[str, ...]:
    """Ask a new interpreter where it looks: its library, what is installed, and PYTHONPATH."""
    command = [sys.executable, SAFE, "-c", TELL_PATH]
    try:
        told = subprocess.run(
            command,
            env=safe_environment(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=MOST_SECONDS,
        )
        return tuple(json.loads(told.stdout))
    except (OSError, subprocess.SubprocessError, ValueError):
        return ()


def safe_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of a child, in which nothing leads to modules or settings in the working folder."""
    kept = dict(environment) | {"PYTHONSAFEPATH": "1"}
    if sys.flags.ignore_environment:
        kept.pop("PYTHONPATH", None)
    places = [place for place in kept.pop("PYTHONPATH", "").split(os.pathsep) if not _is_working_folder(place)]
    if places:
        kept["PYTHONPATH"] = os.pathsep.join(places)
    # Numba looks for its settings in the working folder too; what stands in the environment goes before them. A cache
    # named there would be loaded as a program.
    kept.setdefault("NUMBA_CACHE_DIR", "")
    return kept


def _is_working_folder(place: str) -> bool:
    """Tell whether an entry means the working folder, whichever that is; one named in full is meant."""
    return not os.path.isabs(place) and os.path.realpath(place) == _working_folder()  # noqa: PTH117


@contextmanager
def away_from_working_folder() -> Iterator[None]:
    """Keep the working folder from processes that a library starts meanwhile: they take over this one's path."""
    path, names = list(sys.path), ("PYTHONSAFEPATH", "PYTHONPATH", "NUMBA_CACHE_DIR")
    environment = {name: os.environ.get(name) for name in names}
    safe = safe_environment(os.environ)
    sys.path[:] = importable_path()
    _set({name: safe.get(name) for name in names})
    try:
        yield
    finally:
        sys.path[:] = path
        _set(environment)


def leave_working_folder() -> None:
    """Look no longer in the working folder for modules and settings: for a program, which owns its process."""
    os.environ.setdefault("NUMBA_CACHE_DIR", "")
    if "" in sys.path or _working_folder() in map(os.path.realpath, sys.path):
        sys.path[:] = importable_path()


def _set(environment: Mapping[str, str | None]) -> None:
    for name, value in environment.items():
        if value is not None:
            os.environ[name] = value
            continue
        with suppress(KeyError):
            del os.environ[name]
