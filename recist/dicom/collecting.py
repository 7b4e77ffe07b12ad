"""How often Python looks for circles of dead objects while a folder is read."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# An index keeps nearly everything that it makes, so that looking through it again and again finds nothing.
OBJECTS_BETWEEN = 100_000


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python collect only after a hundred thousand new objects, which is some 10 MiB."""
    before = gc.get_threshold()
    gc.set_threshold(max(OBJECTS_BETWEEN, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
