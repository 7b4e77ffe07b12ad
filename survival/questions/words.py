"""Small words: how names are set into sentences."""

from __future__ import annotations


def decapitalised(name: str) -> str:
    """Write a name within a sentence: the first letter small, unless the word is an abbreviation.

    Examples
    --------
    >>> decapitalised("Not evaluable (NE)"), decapitalised("CT")
    ('not evaluable (NE)', 'CT')
    """
    is_abbreviation = name[1:2].isupper()
    return name if is_abbreviation else name[:1].lower() + name[1:]
