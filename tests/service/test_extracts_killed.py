"""A check of an extract that is killed at each of its statements, files and reports, or that finds the disk full, goes
on at the next try and comes to the same, once; of workers at one extract one decides it.

The processes are real, each on a database of its own kind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service.figures_in import PRACTICES, counts
from tests.service.running import HERE, Place, of_ordinary_role

RECEIVED = """
from datetime import date
from pathlib import Path
from tests.service import area, figures_in
from remit.service.extracts import files, services
board = area.made(date(2024, 4, 1))
version = figures_in.scheme(board)
home = Path({home!r})
files.folders_of = lambda evaluation: {{one.name: one for one in evaluation.iterdir() if one.is_dir()}}  # made up
incoming = [services.Incoming(kind, home / f"{{kind}}.csv", f"{{kind}}.csv") for kind in ("practices", "counts")]
arrival = services.Arrival(version, figures_in.YEAR_END, incoming, {{}}, home / "evaluated")
print(services.receive(board["QAA"], arrival).number)
"""

WORK = """
import json, os, signal
from pathlib import Path
from django.db import connection
from tests.service.killing import ended, forked, kill
from remit.application.extract import prepare
from remit.application.made_with import as_content
from remit.service.audit import chain
from remit.service.audit.models import Entry
from remit.service.extracts import checking, files, requests
from remit.service.extracts.models import Extract, PracticeCopy, PracticeFigures
def check():
    row = Extract.objects.get()
    checking.check.func(row.organisation_id, row.pk)
def state():
    row = Extract.objects.get()
    entries = Entry.objects.filter(event="extract.accepted").count()
    return row.state, PracticeFigures.objects.count(), PracticeCopy.objects.count(), entries
def as_calculated():
    "Whether what is stored is what the same files come to by themselves, and every file is what came in."
    row = Extract.objects.get()
    folder = files.folder_of(row.organisation_id, row.folder)
    files.check_unchanged(folder, requests.kept_of(row))
    done = prepare(requests.request_for(row, folder, folder / ".again", None))
    wanted = [(one.code, one.pence, one.sha256, one.payment, one.statement, one.others_statement)
        for one in done.practices]
    rows = PracticeFigures.objects.order_by("place").select_related("practice", "copy")
    stored = [(one.practice.code, one.pence, one.sha256, one.payment, one.copy.statement,
        one.statement_for_commissioner) for one in rows]
    for one in rows:
        assert one.copy.evidence, one.practice.code
        files.check_evidence(files.evidence_folder(one.practice_id, row.folder), one.copy.evidence)
    assert chain.verify().fault is None
    files.remove(folder / ".again")
    return stored == wanted and row.made_with == as_content(done.made_with)
def left_over():
    row = Extract.objects.get()
    folder = files.folder_of(row.organisation_id, row.folder)
    kept = {"practices.csv", "counts.csv", "evidence", "evidence.json", files.EVALUATION, ".lock", row.run}
    return sorted({path.name for path in folder.iterdir()} - kept)
"""

KILLED = """
def killed_at(n):
    seen = [0]
    def moment():
        seen[0] += 1
        if seen[0] == n:
            kill()
    def counting(execute, sql, params, many, context):
        moment()
        return execute(sql, params, many, context)
    def before(owner, name):
        real = getattr(owner, name)
        def with_moment(*args):
            moment()
            done = real(*args)
            moment()
            return done
        setattr(owner, name, with_moment)
    before(checking.os, "replace")
    before(checking._Progress, "report")
    before(checking, "prepare")
    with connection.execute_wrapper(counting):
        check()
    kill()
found, n = [], 1
while not found or found[-1][0] != "accepted":
    assert ended(forked(lambda: killed_at(n))) == -signal.SIGKILL
    found.append(state())
    n += 1
    assert n < 200
ended(forked(check))
print(json.dumps([found, state(), as_calculated(), left_over()]))
"""

AT_ONCE = """
import time
back, to = os.pipe()
def tries():
    os.read(back, 1)
    check()
children = [forked(tries) for _ in range(4)]
time.sleep(0.2)
os.write(to, b"1234")
for child in children:
    ended(child)
print(json.dumps([state(), as_calculated(), left_over()]))
"""

FULL = """
import resource
def with_a_full_disk():
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, resource.RLIM_INFINITY))
    check()
ended(forked(with_a_full_disk))
before = state()
ended(forked(check))
print(json.dumps([before, state(), as_calculated(), left_over()]))
"""


@pytest.fixture(params=[HERE])
def place(request: pytest.FixtureRequest, service_role: None, tmp_path: Path) -> Iterator[Place]:
    """A deployment with an extract, and its evidence, that waits to be checked; the service is its ordinary role."""
    (tmp_path / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    (tmp_path / "counts.csv").write_text(counts(), encoding="utf-8")
    evidence(tmp_path / "evaluated", "A1", "A2")
    with of_ordinary_role(tmp_path, request.param) as one:
        one.python(RECEIVED.format(home=str(tmp_path)))
        yield one


def evidence(evaluation: Path, *codes: str) -> None:
    """Folders of evidence as an evaluation has them; what is in their files does not matter here."""
    evaluation.mkdir()
    (evaluation / "manifest.json").write_text("{}", encoding="utf-8")
    for code in codes:
        (evaluation / code / "patients").mkdir(parents=True)
        (evaluation / code / "evidence.json").write_text(code, encoding="utf-8")
        (evaluation / code / "patients" / "fields.parquet").write_bytes(code.encode() * 1000)


def test_a_check_that_is_killed_at_any_moment_goes_on_and_comes_to_the_same(place: Place) -> None:
    found, after, is_as_calculated, left = json.loads(place.python(WORK + KILLED))
    assert len(found) > 20
    assert {tuple(one) for one in found[:-1]} <= {("received", 0, 0, 0), ("checking", 0, 0, 0)}
    assert found[-1] == after == ["accepted", 2, 2, 1]
    assert is_as_calculated
    assert left == []


def test_of_workers_at_one_extract_one_decides_it(place: Place) -> None:
    assert json.loads(place.python(WORK + AT_ONCE)) == [["accepted", 2, 2, 1], True, []]


def test_a_check_on_a_full_disk_is_not_finished_and_goes_on_when_there_is_room(place: Place) -> None:
    """A file that grows over a limit fails as one on a full disk does; on SQLite the rows are in such a file too."""
    before, after, is_as_calculated, left = json.loads(place.python(WORK + FULL))
    assert before in (["received", 0, 0, 0], ["checking", 0, 0, 0], ["failed", 0, 0, 0])
    assert after == ["accepted", 2, 2, 1]
    assert is_as_calculated
    assert left == []
