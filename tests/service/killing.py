"""A process that is killed at a chosen moment of what it does: at each SQL statement, before and after each commit, and
at each change of a file; and a deployment that is brought back to what it was, so that the next moment can be tried.

It is for scripts that work on a deployment (`running.Place.python`): there, each process is forked from the script's.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql
from tests.service import dropping

Work = Callable[[], object]
SQL, COMMIT, FILE = "statement", "commit", "file"
_CHANGES_A_FILE = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}


def kill() -> None:
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def forked(work: Work) -> int:
    """Do it in a process of its own, with a connection of its own; its number. What it fails with is on stderr."""
    connection.close()
    child = os.fork()
    if not child:
        failed = 0
        try:
            work()
        except BaseException:
            traceback.print_exc()
            failed = 1
        finally:
            connection.close()
            os._exit(failed)
    return child


def ended(child: int) -> int:
    """How a process ended: 0, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def answer(work: Work) -> Any:
    """What work gives that is done in a process of its own, to its end."""
    [found] = answers([work])
    return found


def answers(every: Sequence[Work]) -> list[Any]:
    """What several give that begin at the same moment, each in a process of its own."""
    start, go = os.pipe()
    children = []
    for work in every:
        back, to = os.pipe()

        def waiting(work: Work = work, to: int = to) -> None:
            os.read(start, 1)
            os.write(to, json.dumps(work()).encode())

        children.append((forked(waiting), back))
        os.close(to)
    os.write(go, b"1" * len(children))
    found = []
    for child, back in children:
        text = b"".join(iter(lambda back=back: os.read(back, 65536), b""))  # type: ignore[misc]
        assert ended(child) == 0, "a process failed: see above"
        os.close(back)
        found.append(json.loads(text))
    os.close(start)
    os.close(go)
    return found


@contextmanager
def at_each_moment(moment: Callable[[str], None]) -> Iterator[None]:
    """Call `moment` with what comes next: a statement, a commit (before and after it), a change of a file of the
    deployment. For a process that ends with it: what looks at files cannot be taken away again."""
    below = str(settings.DEPLOYMENT.data)
    of_connection: Any = connection
    commit = of_connection._commit

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        moment(SQL)
        return execute(sql, params, many, context)

    def with_moments() -> Any:
        moment(COMMIT)
        done = commit()
        moment(COMMIT)
        return done

    def hook(event: str, given: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if (writes or event in _CHANGES_A_FILE) and str(given[0]).startswith(below):
            moment(FILE)

    sys.addaudithook(hook)
    of_connection._commit = with_moments
    with connection.execute_wrapper(statement):
        yield


def moments_of(work: Work) -> list[str]:
    """The moments of what is done to its end in a process of its own."""

    def counting() -> list[str]:
        found: list[str] = []
        with at_each_moment(found.append):
            work()
        return found

    moments: list[str] = answer(counting)
    return moments


def killed_at(number: int, work: Work) -> None:
    """Do it in a process that is killed at its so many-th moment; after the last it is killed all the same."""

    def until_then() -> None:
        left = [number]

        def moment(_: str) -> None:
            left[0] -= 1
            if not left[0]:
                kill()

        with at_each_moment(moment):
            work()
        kill()

    assert ended(forked(until_then)) == -signal.SIGKILL


def spread(moments: Sequence[str], many: int) -> list[int]:
    """So many of the moments (their numbers, from 1): half are commits and files where there are so many, among them
    the last; the others are statements as far from each other as can be."""
    of: dict[bool, list[int]] = {True: [], False: []}
    for number, kind in enumerate([*moments, COMMIT], 1):  # after the last: done, and nobody was told
        of[kind == SQL].append(number)
    half = min(len(of[False]), max(many // 2, many - len(of[True])))
    return sorted(_apart(of[False], half) + _apart(of[True], many - half))


def _apart(numbers: list[int], many: int) -> list[int]:
    last = len(numbers) - 1
    return sorted({numbers[last - n * last // max(1, many - 1)] for n in range(min(many, len(numbers)))})


class Kept:
    """A deployment as it is when this is made, and back to it, rows and files, as often as is asked for."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        deployment = settings.DEPLOYMENT
        self._data: Path = deployment.data
        self._copy = self._data.with_name(f"{self._data.name}-kept-{os.urandom(4).hex()}")
        self._owner = os.environ.get("REMIT_DATABASE_OWNER", "")
        self._name = str(connection.settings_dict["NAME"])
        self._template = f"{self._name}_{self._copy.name[-8:]}"
        connection.close()
        _copied(self._data, self._copy)
        self._database(self._template, self._name)

    def again(self) -> None:
        """Let everything be as it was kept."""
        connection.close()
        shutil.rmtree(self._data)
        _copied(self._copy, self._data)
        self._database(self._name, self._template)

    def forget(self) -> None:
        """Take the copy away."""
        shutil.rmtree(self._copy)
        if self._owner:
            with self._server() as server:
                dropping.dropped(server, self._template)

    def _database(self, to: str, source: str) -> None:
        if self._owner:
            with self._server() as server:
                dropping.dropped(server, to)
                dropping.emptied(server, source)
                named = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
                server.execute(named.format(sql.Identifier(to), sql.Identifier(source)))

    def _server(self) -> psycopg.Connection:
        return psycopg.connect(f"{self._owner.rpartition('/')[0]}/postgres", autocommit=True)


def _copied(source: Path, to: Path) -> None:
    shutil.copytree(source, to)
