"""Call what reads foreign bytes in a child process whose memory and time are limited.

A decoder that crashes, hangs or asks for all the memory there is takes its child with it, and nothing else: the caller
gets a `recist.errors.GuardError` with a sentence, and the next call a fresh child.

* The function stands at the top of a module that can be imported; its arguments can be pickled.
* What it returns is made of ``None``, bool, numbers, text, bytes, dates, paths, tuples, lists, sets, dicts, numpy
  arrays of plain numbers, and the enumerations and dataclasses of the toolkit. Nothing that comes from a child is
  unpickled.
* Its faults of the toolkit (`RecistError`) come out as they are, anything else as a `GuardError`.
* A module may name in ``GUARDED_IMPORTS`` what its functions import inside themselves: that is loaded before the clock
  starts.

The memory is limited on Linux; on other systems only the time is.
"""

from __future__ import annotations

from recist.guarded.pool import call_guarded

__all__ = ["call_guarded"]
