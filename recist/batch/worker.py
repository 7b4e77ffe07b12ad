"""``python -m recist.batch.worker``: measures the tasks that come in on its standard input, one line each.

It is a child of the process that runs the batch, so that a crash or a hang costs one series and not the run. It ends
when its standard input does, also when its parent was killed.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from queue import SimpleQueue
from typing import IO


def main() -> None:
    """Answer every task with its outcome."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not stand among the answers
    from recist.batch.measuring import measure_task
    from recist.batch.outcome import READY
    from recist.batch.task import parse_task

    lines: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_listen, args=(lines,), daemon=True).start()
    _answer(answers, READY)
    while True:
        _answer(answers, measure_task(parse_task(lines.get())).to_text())


def _listen(lines: SimpleQueue[str]) -> None:
    """Take in what is to be measured; end this process at once when its parent is gone."""
    for line in sys.stdin:
        lines.put(line)
    os._exit(0)


def _answer(answers: IO[str], text: str) -> None:
    try:
        answers.write(text + "\n")
        answers.flush()
    except BrokenPipeError:
        os._exit(1)  # nobody waits for it any more


if __name__ == "__main__":
    main()
