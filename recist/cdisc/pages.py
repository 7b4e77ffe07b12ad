"""The tables of terms and of wrong rules as text for the documentation."""

from __future__ import annotations

from recist.cdisc.diagnosis import SENTENCES
from recist.cdisc.terms import (
    IDENTIFYING_TESTS,
    MODALITIES,
    RESPONSE_TEST_TABLE,
    RESPONSE_TESTS,
    RESULT_TERMS,
    RESULT_TESTS,
    RESULT_WORDS,
    ROLE_TERMS,
    STATE_TERMS,
    TUMOR_RESULTS,
    TUMOR_TESTS,
)
from recist.cdisc.wrong_rules import WRONG_RULES
from recist.criteria import LesionRole

ROLES = (LesionRole.TARGET, LesionRole.NON_TARGET, LesionRole.NEW)


def terms_markdown() -> str:
    """Write what every variable and word becomes."""
    modalities: dict[str, list[str]] = {}
    for word, modality in MODALITIES.items():
        modalities.setdefault(modality, []).append(word)
    parts = [
        _table(
            f"`TUTESTCD` ({TUMOR_TESTS.code})", "identifies", [(term.word, term.meaning) for term in IDENTIFYING_TESTS]
        ),
        _table(
            f"`TUSTRESC` ({TUMOR_RESULTS.code})", "`role`", [(term.word, f"`{term.meaning}`") for term in ROLE_TERMS]
        ),
        _table(
            f"`TRTESTCD` ({RESULT_TESTS.code})", "column", [(term.word, f"`{term.meaning}`") for term in RESULT_TERMS]
        ),
        _states(),
        _table("`TRMETHOD`", "`modality`", [(", ".join(words), f"`{name}`") for name, words in modalities.items()]),
        _table(
            f"`RSTESTCD` ({RESPONSE_TESTS.code})",
            "is compared with",
            [(test.code, f"`{test.column}`") for test in RESPONSE_TEST_TABLE],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _table(first: str, second: str, rows: list[tuple[str, str]]) -> str:
    lines = [f"| {first} | {second} |", "| --- | --- |", *(f"| {word} | {meaning} |" for word, meaning in rows)]
    return "\n".join(lines)


def _states() -> str:
    """Write what each word of a state means for each role."""
    titles = [f"`TRSTRESC` ({RESULT_WORDS.code})", *(f"`{role}`" for role in ROLES)]
    rows = [
        [term.word, *(f"`{states[role]}`" if role in states else "the size decides" for role in ROLES)]
        for term, states in STATE_TERMS
    ]
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def wrong_rules_markdown() -> str:
    """List the wrong rules that are tried, and the reasons that are no rule; each reason once."""
    sentences: dict[str, list[str]] = {}
    for rule in WRONG_RULES:
        sentences.setdefault(rule.code, []).append(rule.sentence)
    rows = [(f"`{code}`", "; or: ".join(found)) for code, found in sentences.items()]
    rows += [(f"`{reason}`", sentence) for reason, sentence in SENTENCES.items()]
    return _table("reason", "what the sponsor did", rows) + "\n"
