"""Practices shared out as tasks of Spark: each calls the same function as a process of one machine does.

A task needs what it reads at the same path as here, the same packages, and nothing else: what it comes to it sends
back, and this process has it once, however often Spark runs the task.
Spark comes with the extra `remit[spark]`, and needs Java; this module and `spark_daemon` alone know of it.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias
from uuid import uuid4

from remit.core.problems import Refused, refuse
from remit.core.version import VERSION
from remit.files.processes import Starting
from remit.files.schedules import Begin, Result, Schedule, Setup, ThisMachine, default_workers

if TYPE_CHECKING:
    from pyspark import Broadcast, SparkConf, SparkContext

_TRIES = 4
_LOCAL = {
    "ui.enabled": "false",
    "driver.bindAddress": "127.0.0.1",
    "driver.host": "127.0.0.1",
    "log.level": "OFF",
}
"""What a session of this machine has where nothing else is said: nobody else reaches it, and it says nothing."""
_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""How Java begins where nothing else is said: it only hands tasks out, too little to be worth its second compiler."""
_INSTALL = "Install it with: pip install 'remit[spark]'. It needs Java 17 or newer."
_CHECK = "Check the master, and that Java is 17 or newer. What is done is kept."
_Sent: TypeAlias = "Broadcast[tuple[dict[str, str], bytes]]"


@dataclass(frozen=True)
class OnSpark:
    """Tasks of Spark: of the session that this process has, of `master`, or by default of this machine's cores.

    `tasks` run at the same time, by default as many as Spark says that it has cores.
    """

    master: str = ""
    tasks: int = 0

    here: ClassVar[bool] = False

    @cached_property
    def context(self) -> SparkContext:
        """The session, begun where there is none; it ends with the process. Raises Refused where there cannot be."""
        return session(self.master, self.tasks)

    def at_once(self, practices: int, rows: int, memory: int = 0) -> int:
        """How many tasks run at the same time."""
        return min(self.tasks or int(self.context.defaultParallelism), practices)

    def shared_out(
        self, begin: Begin[Setup, Result], setup: Setup, tasks: Sequence[Sequence[str]], at_once: int, hint: str
    ) -> Generator[Result, None, None]:
        """The practices of a task that failed are tried each alone, so that the message names the one that fails."""
        try:
            sent = self.context.broadcast((versions(), pickle.dumps((begin, setup))))
        except Exception as error:
            raise _ended(error) from None
        crew = _Tasks(self.context, _Task(sent, uuid4().hex), deque(map(list, tasks)), hint)
        crew.begin(at_once)
        try:
            for found in crew.results():
                if isinstance(found, Refused):
                    raise found
                yield found
        finally:
            crew.end()
            with suppress(Exception):  # where Spark itself has ended
                sent.destroy()


def schedule_of(on_spark: str | None, workers: int, starting: Starting) -> Schedule:
    """Spark's tasks, of a master or of '', or where it is None this machine's processes."""
    return ThisMachine(workers, starting) if on_spark is None else OnSpark(on_spark, workers)


def session(master: str = "", tasks: int = 0) -> SparkContext:
    """The Spark session of this process: the one that there is, or a new one. Raises Refused."""
    if not find_spec("pyspark"):
        raise refuse("files.spark-not-installed", "Spark is not installed.", None, _INSTALL)
    from pyspark import SparkConf, SparkContext

    if (running := getattr(SparkContext, "_active_spark_context", None)) is not None:
        active: SparkContext = running
        return active
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ  # by spark-submit, which has started Java
    if not submitted and not _java():
        raise refuse("files.spark-cannot-start", "Spark needs Java, and no Java was found.", None, _INSTALL)
    if master.startswith("local") or not master:
        os.environ.setdefault("SPARK_SUBMIT_OPTS", _JAVA)
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # before Java begins, which else warns of the host's name
    try:
        SparkContext._ensure_initialized()  # so that what spark-submit and spark-defaults.conf say is known
        return SparkContext.getOrCreate(settings(SparkConf(), master, tasks))
    except Exception as error:  # of Java, of py4j or of PySpark, which have no class in common
        why = f"Spark did not start: {cause(error)}"
        raise refuse("files.spark-cannot-start", why, None, _CHECK, master=master) from None


def settings(conf: SparkConf, master: str, tasks: int) -> SparkConf:
    """What is set with a new session, where nothing else was said: a name, a master, and how a local one behaves."""
    conf.setIfMissing("spark.app.name", "remit")
    conf.setIfMissing("spark.python.daemon.module", "remit.evaluation.spark_daemon")
    conf.set("spark.ui.showConsoleProgress", "false")  # it is always said, by PySpark itself; Remit shows its own
    if master:
        conf.setMaster(master)
    conf.setIfMissing("spark.master", f"local[{tasks or default_workers()},{_TRIES}]")
    if (conf.get("spark.master") or "").startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        for name, value in _LOCAL.items():
            conf.setIfMissing(f"spark.{name}", value)
    return conf


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return (Path(home) / "bin" / "java").exists() if home else shutil.which("java") is not None


def versions() -> dict[str, str]:
    """What must be the same wherever a task runs, for the bytes to be the same."""
    return {"remit": VERSION, **{name: version(name) for name in ("duckdb", "pyarrow")}}


class _Tasks:
    """Threads that each run one task of Spark after the other, so that results come as they are done."""

    def __init__(self, context: SparkContext, task: _Task, waiting: deque[list[str]], hint: str) -> None:
        self.context, self.task, self.waiting, self.hint = context, task, waiting, hint
        self.name = f"remit-{task.job}"
        self.found: SimpleQueue[Any] = SimpleQueue()
        self.ended = threading.Event()
        self.threads: list[threading.Thread] = []

    def begin(self, at_once: int) -> None:
        """Start the threads."""
        from pyspark import InheritableThread

        for _ in range(min(at_once, len(self.waiting))):
            thread = InheritableThread(target=self._run)
            thread.daemon = True
            self.threads.append(thread)
            thread.start()

    def results(self) -> Iterator[Any]:
        """What comes of the tasks, until every thread has ended."""
        left = len(self.threads)
        while left:
            found = self.found.get()
            if found is None:
                left -= 1
            else:
                yield found

    def end(self) -> None:
        """Let no task go on: those that run are cancelled."""
        self.ended.set()
        for _ in range(60):  # a thread may begin one just as the others are cancelled
            if not any(thread.is_alive() for thread in self.threads):
                return
            with suppress(Exception):  # where Spark itself has ended
                self.context.cancelJobGroup(self.name)
            for thread in self.threads:
                thread.join(0.25)

    def _run(self) -> None:
        try:
            self.context.setJobGroup(self.name, "remit", interruptOnCancel=True)
            while not self.ended.is_set():
                try:
                    codes = self.waiting.popleft()
                except IndexError:
                    break
                self._do(codes)
        except Exception as error:
            self.found.put(_ended(error))
        finally:
            self.found.put(None)

    def _do(self, codes: list[str]) -> None:
        try:
            for one in self.context.parallelize([codes], 1).mapPartitions(self.task).collect():
                self.found.put(one)
        except Exception as error:  # of Java, of py4j or of PySpark, which have no class in common
            if self.context._jsc is None or self.context._jsc.sc().isStopped():
                raise
            if len(codes) > 1:
                self.waiting.extend([code] for code in codes)
            else:
                self.found.put(_failed(codes[0], cause(error), self.hint))


def _ended(error: Exception) -> Refused:
    return refuse("files.spark-cannot-start", f"Spark ended: {cause(error)}", None, _CHECK)


def _failed(practice: str, why: str, hint: str) -> Refused:
    what = f"practice {practice} failed on Spark each time: {why}"
    return refuse("files.spark-task-failed", what, None, hint, practice=practice)


def cause(error: Exception) -> str:
    """What went wrong in a task, in one line: the last of Python's traceback, or what Spark says of it."""
    java = getattr(error, "java_exception", None)
    text = str(java.getMessage() or java.toString()) if java is not None else str(error)
    lines = text.partition("Driver stacktrace:")[0].partition("\n\tat ")[0].strip().splitlines() or [""]
    if "Traceback (most recent call last)" in text:
        said = [line for line in lines if line.strip() and not line[0].isspace()]
        return f"{said[-1].strip().rstrip('.')}."
    said_first = lines[0].rpartition("Exception: ")[2].partition(" Consider setting")[0]  # an option for programmers
    return f"{said_first.strip().rstrip('.')}."


@dataclass(frozen=True)
class _Task:
    """What each task does, on whichever machine."""

    sent: _Sent
    job: str

    def __call__(self, tasks: Iterable[list[str]]) -> Iterator[Any]:
        """The results of a task; or why there is none, where trying again would not help."""
        try:
            do = _begun(self)
            for codes in tasks:
                yield from do(codes)
        except Refused as refused:
            yield refused


_begun_here: dict[str, Callable[[Sequence[str]], Iterable[Any]]] = {}
"""What this Python process of Spark has begun, by its job: it serves all of the job's tasks."""


def _begun(task: _Task) -> Callable[[Sequence[str]], Iterable[Any]]:
    if task.job not in _begun_here:
        there, job = task.sent.value
        if (here := versions()) != there:
            both = ((name, there[name], here[name]) for name in here)
            other = ", ".join(f"{name} {have} and not {want}" for name, want, have in both if have != want)
            hint = "Install the same packages on every node."
            raise refuse("files.spark-differs", f"Spark's tasks have {other}.", None, hint)
        begin, setup = pickle.loads(job)
        _begun_here.clear()
        _begun_here[task.job] = begin(setup)
    return _begun_here[task.job]
