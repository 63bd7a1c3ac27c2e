"""An evaluation in a process of its own, ended by the system just before the n-th step that touches the disk.

killed_evaluation.py kill N WORDS…, where the words are those of `remit`;
killed_evaluation.py full BYTES WORDS…, where no file may grow beyond so many bytes;
killed_evaluation.py slow SECONDS WORDS…, where each practice takes so much longer, in whichever process;
killed_evaluation.py nohup SECONDS WORDS…, the same where Ctrl-C is ignored from the start, as with nohup.

But for the last it hears Ctrl-C, as at a terminal: what a shell begins in the background has inherited not to.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence

from tests.faults.killed import counted, limited

from remit.evaluation import workers
from remit.evaluation.manifest import EvaluatedPractice

_SLOW = "SLOWED_BY"
"""Told to worker processes, which run this module too, by their environment."""


class Slow(workers.Counter):
    """Takes its time after each practice."""

    def count(self, codes: Sequence[str]) -> Iterator[EvaluatedPractice]:
        for found in super().count(codes):
            time.sleep(float(os.environ[_SLOW]))
            yield found


if __name__ == "__main__":
    from remit.cli.main import main

    what, amount, *words = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN if what == "nohup" else signal.default_int_handler)
    if what == "kill":
        counted(int(amount))
    elif what == "full":
        limited(int(amount))
    else:
        os.environ[_SLOW] = amount
    sys.argv = ["remit", *words]
if _SLOW in os.environ:
    workers.Counter = Slow  # type: ignore[misc]
if __name__ == "__main__":
    main()
