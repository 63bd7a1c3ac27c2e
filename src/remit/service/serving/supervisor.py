"""Keeps the processes of the service alive, and ends them in order. Nothing here knows Django."""

from __future__ import annotations

import http.client
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from remit.core.problems import Refused, refuse
from remit.service.serving.logs import event

LONG_ENOUGH = 60.0
"""A process that lived so many seconds is started again at once; one that did not waits longer each time."""
WAITS = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
WEB_SECONDS = 15.0
"""How long requests in progress may go on when the service ends."""


def answers_at(host: str, port: int) -> bool:
    """Whether a web server answers there, whatever it says."""
    asked = http.client.HTTPConnection(host, port, timeout=1)
    try:
        asked.request("HEAD", "/health", headers={"Host": "localhost"})
        asked.getresponse()
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


@dataclass
class Child:
    """A process that is kept alive: its name, its module and its part of the environment.

    `answers`: whether it is up. One that ended before it ever was would end again, and is not started again.
    """

    name: str
    module: str
    environment: dict[str, str]
    stop_seconds: float
    answers: Callable[[], bool] | None = None
    has_answered: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = 0.0

    def start(self) -> None:
        """Start it in a session of its own, so that whatever it starts can be ended with it."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def cannot_start(self) -> bool:
        """Whether it ended before it ever answered."""
        if self.answers is not None and not self.has_answered and self.process is not None:
            ended = self.process.poll() is not None
            self.has_answered = not ended and self.answers()
            return ended
        return False

    def check(self) -> None:
        """Start it again where it has ended, at once or after a while."""
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            self._end_all()
            lived = time.monotonic() - self.started
            self.failures = 0 if lived > LONG_ENOUGH else self.failures + 1
            self.due = time.monotonic() + WAITS[min(self.failures, len(WAITS) - 1)]
            self.process = None
            event("process-ended", logging.ERROR, process=self.name, code=code, times=self.failures)
        if time.monotonic() >= self.due:
            self.start()

    def ask_to_end(self) -> None:
        """Ask it to end when it is done with what it does."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self) -> None:
        """Wait until it has ended; what is left of it then is killed."""
        if self.process is None:
            return
        try:
            self.process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            event("process-killed", logging.WARNING, process=self.name)
        self._end_all()
        self.process.wait()

    def _end_all(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _cannot_start(child: Child) -> Refused:
    code = child.process.returncode if child.process else None
    what = f"The web server cannot start: it ended (with {code}) before it answered once."
    to_do = "The lines of the log before say where. 'remit serve --check' says what the deployment lacks."
    return refuse("service.cannot-start", what, None, to_do)


@dataclass
class Supervisor:
    """The processes in the order in which they end. `watch` runs now and then; where it says no, all ends.

    Raises Refused where one cannot start, after the others have ended.
    """

    children: Sequence[Child]
    watch: Callable[[], bool] = field(default=lambda: True)
    stopping: bool = False

    def run(self) -> None:
        """Start all, and keep them alive until a signal comes; SIGTERM and SIGINT mean the same."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for child in self.children:
            child.start()
        checked = time.monotonic()
        try:
            while not self.stopping:
                time.sleep(0.1)
                for child in self.children:
                    if not self.stopping and child.cannot_start():
                        raise _cannot_start(child)
                    if not self.stopping:
                        child.check()
                if time.monotonic() - checked > 10:
                    checked = time.monotonic()
                    self.stopping = self.stopping or not self.watch()
        finally:
            self._end()

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _end(self) -> None:
        event("stopping", process="serve")
        web, *others = self.children
        web.ask_to_end()
        web.end()
        for child in others:
            child.ask_to_end()
        for child in others:
            child.end()
        event("stopped", process="serve")
