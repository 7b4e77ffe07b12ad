"""The criteria that a command names: published ones, or a protocol in a file; and how results name them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recist.criteria import Criteria

HELP = "Response criteria by name, or the TOML file of a protocol."


def find_criteria(name: str) -> Criteria:
    """Find criteria by name, or read the protocol that a path to a TOML file names.

    Raises
    ------
    MissingInput, UsageError
        When there is no such file; for an unknown name; with every fault in the protocol.
    """
    from recist.response import arguments

    return arguments.find_criteria(name)


def criteria_settings(criteria: Criteria) -> dict[str, object]:
    """Lay out which criteria were used, for ``options.json``; of a protocol all that it says and every change."""
    settings: dict[str, object] = {"criteria": criteria.name, "citation": criteria.citation}
    if criteria.protocol:
        settings["protocol"] = json.loads(criteria.protocol)
        settings["changes"] = [asdict(change) for change in criteria.changes]
    return settings


def criteria_of_settings(settings: Mapping[str, object]) -> Criteria:
    """Find the criteria that ``options.json`` names.

    Raises
    ------
    UsageError
        For an unknown name.
    """
    from recist.criteria import criteria_named
    from recist.criteria.protocol import parse_protocol

    protocol = settings.get("protocol")
    return parse_protocol(protocol) if isinstance(protocol, dict) else criteria_named(str(settings["criteria"]))
