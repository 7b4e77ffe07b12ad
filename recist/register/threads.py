"""Spread a kernel over a few threads: kernels let go of the interpreter and write to separate parts."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_THREADS = 8
_PARTS_PER_THREAD = 2


@cache
def _pool(n_threads: int, process: int) -> ThreadPoolExecutor:  # noqa: ARG001 - a forked process has no threads yet
    return ThreadPoolExecutor(n_threads, thread_name_prefix="register")


def count_threads() -> int:
    """Count the threads to use: one per processor, a few at most."""
    return min(os.cpu_count() or 1, MOST_THREADS)


def in_parts(n_items: int, kernel: Callable[..., None], *arguments: object) -> None:
    """Call ``kernel(*arguments, first, last)`` over ranges that together make 0 … `n_items`.

    Every item is computed alone, so that the result does not depend on the number of threads.
    """
    n_threads = max(min(count_threads(), n_items), 1)
    if n_threads == 1:
        kernel(*arguments, 0, n_items)
        return
    n_parts = min(n_threads * _PARTS_PER_THREAD, n_items)
    bounds = [n_items * part // n_parts for part in range(n_parts + 1)]
    pool = _pool(n_threads, os.getpid())
    for done in [pool.submit(kernel, *arguments, a, b) for a, b in pairwise(bounds)]:
        done.result()
