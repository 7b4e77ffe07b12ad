"""What an explanation is made of: sentences, each with its topic and where its rule is published."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What a sentence is about."""

    TARGETS = "targets"
    NON_TARGETS = "non-targets"
    NEW_LESIONS = "new lesions"
    OVERALL = "overall"
    STANDING = "standing"
    BEST = "best response"
    CONFIRMED = "confirmed"
    RESPONSE_DURATION = "duration of response"
    PROGRESSION_FREE = "progression-free"
    OPTIONS = "options"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One thing said.

    Attributes
    ----------
    topic : Topic
    text : str
    citation : str
        Where the rule is published; empty for a plain fact.
    """

    topic: Topic
    text: str
    citation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is said of one time point, or of the series as a whole.

    Attributes
    ----------
    title : str
    timepoint, date : str
        Empty for the series as a whole.
    answer : str
        The response, empty where the section has none.
    sentences : tuple of Sentence
    """

    title: str
    timepoint: str = ""
    date: str = ""
    answer: str = ""
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why the responses of one reader's series of one subject are what they are."""

    subject: str
    reader: str
    criteria: str
    sections: tuple[Section, ...]
