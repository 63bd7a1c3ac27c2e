"""Evaluators whose tasks fail: each does what its name says when it comes to one practice, in whichever process."""

from __future__ import annotations

import os
import signal
import time
from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path

from remit.evaluation.evaluator import Evaluator


@dataclass(frozen=True)
class Failing(Evaluator):
    """`at` is the practice; `seen` a file that has a line for each time it was come to."""

    at: str = ""
    seen: Path = Path()

    def practice_row(self, code: str) -> list[str]:
        if code == self.at:
            with self.seen.open("a") as file:
                file.write(f"{os.getpid()}\n")
            self.fail(len(self.seen.read_text().splitlines()))
        return super().practice_row(code)

    @abstractmethod
    def fail(self, times: int) -> None:
        """What goes wrong, the first time or a later one."""


class KilledOnce(Failing):
    """The process is killed the first time."""

    def fail(self, times: int) -> None:
        if times == 1:
            os.kill(os.getpid(), signal.SIGKILL)


class ExecutorKilledOnce(Failing):
    """The executor is killed the first time: the Java process that began the daemon that began this one."""

    def fail(self, times: int) -> None:
        if times == 1:
            daemon = Path(f"/proc/{os.getppid()}/stat").read_text()
            executor = int(daemon.rpartition(")")[2].split()[1])
            assert Path(f"/proc/{executor}/comm").read_text().strip() == "java"
            os.kill(executor, signal.SIGKILL)
            time.sleep(600)


class Broken(Failing):
    """An error of Python's each time."""

    def fail(self, times: int) -> None:
        raise ValueError("no such luck")


class Endless(Failing):
    """It does not come to an end."""

    def fail(self, times: int) -> None:
        time.sleep(600)
