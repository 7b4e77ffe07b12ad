"""The exceptions of the toolkit, as one tree.

::

    RecistError                exit code 1   something the user can mend
    ├── DataError              exit code 1   the data hold faults: carries every Problem found
    ├── MissingInput           exit code 1   a file or folder that is not there
    ├── DicomError             exit code 1   a file or series cannot be read truthfully
    │   ├── GeometryError      exit code 1   a millimetre or a volume was asked for where it is not true
    │   └── GuardError         exit code 1   reading a file crashed, took too long or too much memory
    ├── UsageError             exit code 2   the call itself is wrong
    └── EnvironmentFault       exit code 3   a missing extra, a server that is down

Wrong data is first of all a value (:class:`recist.problems.Problem`); it becomes an exception only where nothing
sensible can be done with the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recist.problems import Problem


class RecistError(Exception):
    """A fault with a message for the user: what, where, found, expected and what to do."""

    exit_code = 1


class DataError(RecistError):
    """The data hold faults that stop the work.

    Parameters
    ----------
    problems : sequence of Problem
        Every fault found, in the order of the file.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class MissingInput(RecistError):
    """A file or folder was named that is not there or cannot be read."""


class DicomError(RecistError):
    """A DICOM file or series that cannot be read truthfully."""


class GeometryError(DicomError):
    """A millimetre, a volume or a resampling was asked for where the geometry does not support it."""


class GuardError(DicomError):
    """Reading foreign bytes in a child process crashed, took too long or too much memory, or failed."""


class UsageError(RecistError):
    """The call is wrong: an unknown option value, a choice that was not made."""

    exit_code = 2


class EnvironmentFault(RecistError):
    """Something outside the data is missing: an extra, a codec, a server."""

    exit_code = 3
