"""From which day something is known: what decides whether people may be compared by it."""

from __future__ import annotations

from enum import StrEnum


class Knowledge(StrEnum):
    """When the value of a quantity is known."""

    AT_INDEX = "known on the index date"
    OWN_DAY = "known from a day of each subject's own"
    CHANGES = "changes on a day of each subject's own"
    AFTERWARDS = "known only when follow-up is over"


LATEST = (Knowledge.AT_INDEX, Knowledge.OWN_DAY, Knowledge.AFTERWARDS)


def say_trusted(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Say which columns are taken as known on the index date on the study's word alone.

    Examples
    --------
    >>> say_trusted(("smoker",))
    ('Taken as known on the index date, as nothing tells the day of it: smoker.',)
    """
    if not columns:
        return ()
    listed = ", ".join(columns)
    return (f"Taken as known on the index date, as nothing tells the day of it: {listed}.",)


def say_known(code: str, trusted: tuple[str, ...], stated: str | None) -> tuple[str, ...]:
    """Say on whose word something stands as known on the index date: the caller's, or the study's.

    Examples
    --------
    >>> say_known("marker == 'high'", ("marker",), "at_index")
    ("marker == 'high' is known at the index date: as stated by the caller.",)
    """
    return say_trusted(trusted) if stated is None else (f"{code} is known at the index date: as stated by the caller.",)


def later_of(first: Knowledge, second: Knowledge) -> Knowledge:
    """Choose the later of two kinds of knowledge; two that change are known together only afterwards.

    Examples
    --------
    >>> later_of(Knowledge.AT_INDEX, Knowledge.OWN_DAY).name
    'OWN_DAY'
    """
    if Knowledge.CHANGES in {first, second}:
        return Knowledge.AFTERWARDS
    return max(first, second, key=LATEST.index)
