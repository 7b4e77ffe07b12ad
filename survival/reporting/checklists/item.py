"""An item of a reporting guideline, and the guideline it belongs to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item.

    Attributes
    ----------
    number : int
    part : str
        The part of a paper it belongs to.
    title : str
        What it is about.
    given : str
        What the report gives of it; empty for nothing.
    places : tuple of str
        Keys of the sections where that is.
    authors : str
        What the authors have to write themselves.
    """

    number: int
    part: str
    title: str
    authors: str
    given: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """A reporting guideline with its items in their order."""

    key: str
    title: str
    citation: str
    items: tuple[Item, ...]
