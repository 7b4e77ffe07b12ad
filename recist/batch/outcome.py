"""What became of a task."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from recist.batch.task import to_json
from recist.problems import Problem, Severity

if TYPE_CHECKING:
    from recist.batch.columns import Row

READY = "ready"  # what a measuring process answers first


class Status(StrEnum):
    """How a task ended."""

    DONE = "done"  # the series was read; single lesions may be refused
    REFUSED = "refused"  # the series, or a mask without one, cannot be read truthfully
    FAILED = "failed"  # measuring overran its time, died twice, or met a fault of ours
    CRASHED = "crashed"  # the process that measured it died: to be tried once more, alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The rows and problems of a task, and who measured it.

    Attributes
    ----------
    index : int
        Place of the task in the plan.
    task : str
        Id of the task.
    status : Status
    reason : str
        Why it was refused or failed; a sentence without patient identity.
    rows, problems
        In the order of the manifest; a problem's ``manifest_row`` is where it belongs.
    inputs : str
        Stamp of the files as they were before they were read.
    seconds : float
    host : str
    pid : int
    """

    index: int
    task: str
    status: Status = Status.DONE
    reason: str = ""
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    inputs: str = ""
    seconds: float = 0.0
    host: str = field(default_factory=socket.gethostname)
    pid: int = field(default_factory=os.getpid)

    def to_text(self) -> str:
        """Write the outcome as one line."""
        return to_json(asdict(self))


def parse_outcome(line: str) -> Outcome:
    """Read an outcome from the line that :meth:`Outcome.to_text` writes."""
    fields: dict[str, Any] = json.loads(line)
    problems = (Problem(**(each | {"severity": Severity(each["severity"])})) for each in fields["problems"])
    plain = {"status": Status(fields["status"]), "rows": tuple(fields["rows"]), "problems": tuple(problems)}
    return Outcome(**(fields | plain))
