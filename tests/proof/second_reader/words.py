"""Best responses of overall responses alone, as a sponsor's table has them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from .best import Found, Read, best_response, confirmed_best_response, eligible
from .branches import note
from .limits import DEFAULTS

if TYPE_CHECKING:
    from random import Random

WORDS = ("CR", "CR", "PR", "PR", "PR", "SD", "SD", "NE", "ND", "NON-CR/NON-PD", "PD")
LESS_THAN_CR = {"PR", "SD", "NON-CR/NON-PD"}
START = datetime.date(2020, 1, 1)
GAPS = (14, 27, 28, 29, 42, 56)


def draw_words(random: Random) -> list[Read]:
    """Draw a course of responses; few progress at once."""
    day, reads = START, []
    for _ in range(random.choice((1, 2, 3, 4, 5, 6))):
        day += datetime.timedelta(days=random.choice(GAPS))
        word = random.choice(WORDS)
        reads.append(Read(word=word, date=day))
    return reads


def after_cr(reads: list[Read]) -> list[Read]:
    """Make less than CR after CR a PD: the disease came back (Eisenhauer 2009, Table 3 note)."""
    final, was_cr = [], False
    for read in reads:
        if was_cr and read.word in LESS_THAN_CR:
            note("words: less than CR after CR")
            final.append(Read(word="PD", date=read.date))
        else:
            final.append(read)
        was_cr = was_cr or read.word == "CR"
    return final


def best_of_words(reads: list[Read], chosen: dict[str, object]) -> tuple[Found, Found]:
    """Give the best response without and with confirmation."""
    options = {**DEFAULTS, **chosen}
    final = after_cr(reads)
    progression = next((read.date for read in final if read.word == "PD"), None)
    usable = eligible(final, progression, None, options)
    return best_response(usable, START, options), confirmed_best_response(usable, START, options)
