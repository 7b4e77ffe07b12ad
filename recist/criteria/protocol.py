"""A protocol as criteria: published criteria with some limits and rows changed, read from a TOML file."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from recist.criteria import CRITERIA, RECIST_1_1
from recist.criteria.criteria import Change
from recist.criteria.protocol_limits import parse_limits
from recist.criteria.protocol_part import Part, join_parts, wrong
from recist.criteria.protocol_rows import parse_overall
from recist.errors import MissingInput, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from recist.criteria.criteria import Criteria

    OptionCheck = Callable[[Mapping[str, object]], list[str]]

SUFFIX = ".toml"
KEYS = ("base", "name", "title", "citation", "confirmation_required", "limits", "options", "overall")
DEFAULT = "the default"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def _no_check(_: Mapping[str, object]) -> list[str]:
    return []


def read_protocol(path: Path, *, check_options: OptionCheck = _no_check) -> Criteria:
    """Read the criteria of a protocol.

    Parameters
    ----------
    path : pathlib.Path
        A TOML file: `base` names published criteria, `[limits]` changes numbers, `[[overall]]` rows of the table of
        overall responses, `[options]` defaults of options.
    check_options : callable, optional
        Lists what is wrong with options; without it they are checked when the criteria are used.

    Returns
    -------
    Criteria
        With every change in `changes`.

    Raises
    ------
    MissingInput
        When there is no such file.
    UsageError
        With every fault at once: file, key, found, expected.
    """
    if not path.is_file():
        raise MissingInput(f"there is no protocol: {path}; name a TOML file, or one of: {', '.join(CRITERIA)}")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UsageError(f"{path.name} is not TOML: {fault}") from fault
    return parse_protocol(table, file=path.name, check_options=check_options)


def parse_protocol(
    table: Mapping[str, object], *, file: str = "protocol", check_options: OptionCheck = _no_check
) -> Criteria:
    """Make the criteria of a protocol that was read; parameters and faults as in :func:`read_protocol`."""
    base = CRITERIA.get(str(table.get("base")))
    unknown = [wrong(key, key, f"one of: {', '.join(KEYS)}") for key in table if key not in KEYS]
    parts = [*unknown, _texts(table)]
    citation, start = str(table.get("citation", "")), base or RECIST_1_1
    if base is None:  # which limits there are depends on it; all else can be looked at
        parts.append(wrong("base", table.get("base", ""), f"one of: {', '.join(CRITERIA)}"))
    else:
        parts.append(parse_limits(table.get("limits", {}), base, citation))
    parts += [
        parse_overall(table.get("overall", []), start, citation),
        _confirmation(table.get("confirmation_required", start.confirmation_required), start, citation),
        _options(table.get("options", {}), start, citation, check_options),
    ]
    protocol = join_parts(parts)
    if base is None or protocol.faults:
        raise UsageError("\n".join(f"{file}: {fault}" for fault in protocol.faults))
    values = {**protocol.values, "citation": f"{protocol.values['citation']}; based on {base.citation}"}
    own = {field.name for field in fields(base)}
    added = {name: values.pop(name) for name in list(values) if name not in own}
    if base.immune is not None and added:
        values["immune"] = replace(base.immune, **added)
    return replace(base, **values, changes=protocol.changes, protocol=json.dumps(table, default=str))


def _texts(table: Mapping[str, object]) -> Part:
    """Read the protocol's name, title and citation."""
    name, title, citation = table.get("name", ""), table.get("title", table.get("name", "")), table.get("citation", "")
    faults = []
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name in CRITERIA:
        expected = "a name of small letters, digits, dots and hyphens that is none of the published criteria"
        faults.append(wrong("name", name, expected))
    if not isinstance(title, str):
        faults.append(wrong("title", title, "a text"))
    if not isinstance(citation, str) or not citation.strip():
        faults.append(wrong("citation", citation, "where the protocol says so, such as its version and section"))
    return join_parts([*faults, Part(values={"name": name, "title": title, "citation": citation})])


def _confirmation(given: object, base: Criteria, citation: str) -> Part:
    """Read whether a response must be confirmed."""
    what, before = "confirmation_required", base.confirmation_required
    if not isinstance(given, bool):
        return wrong(what, given, "true or false")
    if given == before:
        return Part()
    change = Change(what=what, value=str(given).lower(), instead_of=str(before).lower(), citation=citation)
    return Part(values={what: given}, changes=(change,))


def _options(given: object, base: Criteria, citation: str, check_options: OptionCheck) -> Part:
    """Read the options that have another default in the protocol."""
    if not isinstance(given, dict):
        return wrong("options", given, "a table, [options] with one option a line")
    before = dict(base.options)
    changes = [
        Change(what=f"options.{name}", value=str(value), instead_of=str(before.get(name, DEFAULT)), citation=citation)
        for name, value in given.items()
    ]
    return Part(
        values={"options": tuple({**before, **{name: _frozen(value) for name, value in given.items()}}.items())},
        changes=tuple(changes),
        faults=tuple(f"options: {fault}" for fault in check_options(given)),
    )


def _frozen(value: object) -> object:
    """Make tuples of lists, so that criteria stay constant."""
    return tuple(_frozen(entry) for entry in value) if isinstance(value, list) else value
