"""Practices shared out as tasks of Spark: each runs the same engine as a process of one machine does.

A task needs the store of records at the same path as here, the same packages, and nothing else: what it counted it
sends back as files, and this process writes them. So a task that Spark runs twice counts nothing twice.
Spark comes with the extra `remit[spark]`, and needs Java; this module and `spark_daemon` alone know of it.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

from remit.core.problems import Refused, refuse
from remit.core.version import VERSION
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.manifest import EvaluatedPractice
from remit.evaluation.work import PackedPractice, Work
from remit.evaluation.workers import Counter, Job, default_workers, grouped
from remit.files.beside import remove
from remit.files.private import private_folder

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

    @cached_property
    def context(self) -> SparkContext:
        """The session, begun where there is none; it ends with the process. Raises Refused where there cannot be."""
        return session(self.master, self.tasks)

    def at_once(self, evaluator: Evaluator, codes: Sequence[str], memory: int) -> int:
        """How many tasks run at the same time."""
        return min(self.tasks or int(self.context.defaultParallelism), len(codes))

    def practices(self, job: Job, codes: Sequence[str], at_once: int) -> Generator[EvaluatedPractice, None, None]:
        """A task for each few practices. Those of a task that failed are tried each alone, so that the message names
        the one that cannot be counted."""
        try:
            sent = self.context.broadcast((versions(), pickle.dumps(job)))
        except Exception as error:
            raise _ended(error) from None
        tasks = _Tasks(self.context, _Counting(sent, uuid4().hex), deque(grouped(job, codes, at_once)))
        tasks.begin(at_once)
        try:
            for found in tasks.results():
                if isinstance(found, Refused):
                    raise found
                done = job.work.take_in(found)
                if done is None:
                    raise _failed(found.practice, "what its task sent is not whole")
                yield done
        finally:
            tasks.end()
            with suppress(Exception):  # where Spark itself has ended
                sent.destroy()


def session(master: str = "", tasks: int = 0) -> SparkContext:
    """The Spark session of this process: the one that there is, or a new one. Raises Refused."""
    if not find_spec("pyspark"):
        raise refuse("evaluation.spark-not-installed", "Spark is not installed.", None, _INSTALL)
    from pyspark import SparkConf, SparkContext

    if (running := getattr(SparkContext, "_active_spark_context", None)) is not None:
        active: SparkContext = running
        return active
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ  # by spark-submit, which has started Java
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # before Java begins, which else warns of the host's name
    if not submitted and not _java():
        raise refuse("evaluation.spark-cannot-start", "Spark needs Java, and no Java was found.", None, _INSTALL)
    try:
        SparkContext._ensure_initialized()  # so that what spark-submit and spark-defaults.conf say is known
        return SparkContext.getOrCreate(settings(SparkConf(), master, tasks))
    except Exception as error:  # of Java, of py4j or of PySpark, which have no class in common
        why = f"Spark did not start: {cause(error)}"
        raise refuse("evaluation.spark-cannot-start", why, None, _CHECK, master=master) from None


def settings(conf: SparkConf, master: str, tasks: int) -> SparkConf:
    """What is set with a new session, where nothing else was said: a name, a master, and how a local one behaves."""
    conf.setIfMissing("spark.app.name", "remit evaluate")
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
    """What must be the same wherever a practice is counted, for the bytes to be the same."""
    return {"remit": VERSION, **{name: version(name) for name in ("duckdb", "pyarrow")}}


class _Tasks:
    """Threads that each run one task of Spark after the other, so that results come as they are done."""

    def __init__(self, context: SparkContext, counting: _Counting, groups: deque[list[str]]) -> None:
        self.context, self.counting, self.groups = context, counting, groups
        self.name = f"remit-{counting.job}"
        self.found: SimpleQueue[PackedPractice | Refused | None] = SimpleQueue()
        self.ended = threading.Event()
        self.threads: list[threading.Thread] = []

    def begin(self, at_once: int) -> None:
        """Start the threads."""
        from pyspark import InheritableThread

        for _ in range(min(at_once, len(self.groups))):
            thread = InheritableThread(target=self._run)
            thread.daemon = True
            self.threads.append(thread)
            thread.start()

    def results(self) -> Iterator[PackedPractice | Refused]:
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
            self.context.setJobGroup(self.name, "remit evaluate", interruptOnCancel=True)
            while not self.ended.is_set():
                try:
                    codes = self.groups.popleft()
                except IndexError:
                    break
                self._task(codes)
        except Exception as error:
            self.found.put(_ended(error))
        finally:
            self.found.put(None)

    def _task(self, codes: list[str]) -> None:
        try:
            for one in self.context.parallelize([codes], 1).mapPartitions(self.counting).collect():
                self.found.put(one)
        except Exception as error:  # of Java, of py4j or of PySpark, which have no class in common
            if self.context._jsc is None or self.context._jsc.sc().isStopped():
                raise
            if len(codes) > 1:
                self.groups.extend([code] for code in codes)
            else:
                self.found.put(_failed(codes[0], cause(error)))


def _ended(error: Exception) -> Refused:
    return refuse("evaluation.spark-cannot-start", f"Spark ended: {cause(error)}", None, _CHECK)


def _failed(practice: str, why: str) -> Refused:
    what = f"practice {practice} could not be counted on Spark: {why}"
    hint = "If memory ran out, give each task more. The same evaluation continues from what is done."
    return refuse("evaluation.spark-task-failed", what, None, hint, practice=practice)


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
class _Counting:
    """What each task does, on whichever machine."""

    sent: _Sent
    job: str

    def __call__(self, groups: Iterable[list[str]]) -> Iterator[PackedPractice | Refused]:
        """The practices of a task, counted; or why one cannot be, where trying again would not help."""
        try:
            counter = _counter(self)
            for codes in groups:
                yield from _counted(counter, codes)
        except Refused as refused:
            yield refused


_counters: dict[str, Counter] = {}
"""The counter of this Python process of Spark, by the job: what is planned once serves all of its tasks."""


def _counter(task: _Counting) -> Counter:
    if task.job not in _counters:
        there, job = task.sent.value
        if (here := versions()) != there:
            both = ((name, there[name], here[name]) for name in here)
            other = ", ".join(f"{name} {have} and not {want}" for name, want, have in both if have != want)
            hint = "Install the same packages on every node."
            raise refuse("evaluation.spark-differs", f"Spark's tasks have {other}.", None, hint)
        of_spark = (os.environ.get("SPARK_LOCAL_DIRS") or os.environ.get("TMPDIR") or "/tmp").split(",")[0]
        folder = Path(of_spark) / f"remit-{task.job}-{os.getpid()}"
        _counters.clear()
        _counters[task.job] = Counter(replace(pickle.loads(job), work=Work(folder)))
    return _counters[task.job]


def _counted(counter: Counter, codes: Sequence[str]) -> Iterator[Any]:
    """Count some practices in a folder of this process, which is gone when they are sent."""
    work = counter.job.work
    private_folder(work.folder)
    try:
        work.make_parts()
        for done in counter.count(codes):
            yield work.packed(done)
            work.drop(done.practice)
    finally:
        remove(work.folder)
