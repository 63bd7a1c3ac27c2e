"""A publication that is killed at each of its statements leaves the old or the new; of two at once one wins, plainly.

The processes are real, each on a database of its own kind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from tests.service.running import HERE, Place, of_ordinary_role

from remit.application.scheme_text import shipped

pytestmark = pytest.mark.one_database

APPROVED = """
from datetime import date
from tests.service import area
from remit.application.scheme_text import shipped
from remit.service.register import services
from remit.service.register.states import Step
from remit.service.scope import reach
board = area.made(date(2024, 4, 1))
def acts(role, n=1):
    someone = area.person(role, board["QAA"], email=f"{role}.{n}@example.org")
    return acting(reach.of_person(someone, date(2024, 6, 1), True))
with acts("scheme_author"):
    version = services.start(board["QAA"], "qif-2024-25", shipped("qif-2024-25"), "qif.yaml", "from a file")
    services.take(version, Step.SUBMIT)
with acts("approver_tier_1"):
    services.take(version, Step.APPROVE, "Read.")
area.person("contract_manager", board["QAA"], email="first@example.org")
area.person("contract_manager", board["QAA"], email="second@example.org")
"""

WORK = """
import json, os
from datetime import date
from tests.service.killing import ended, forked, kill, killed_at
from remit.core.problems import Refused
from remit.service.audit.models import Entry
from remit.service.people.models import Person
from remit.service.register import services
from remit.service.register.models import SchemeStep, SchemeVersion
from remit.service.register.states import Step
from remit.service.scope import reach
def publish(email):
    with acting(reach.of_person(Person.objects.get(email=email), date(2024, 6, 1), True)):
        services.take(SchemeVersion.objects.get(), Step.PUBLISH, day=date(2024, 4, 1))
def state():
    row = SchemeVersion.objects.get()
    entries = Entry.objects.filter(event="scheme.published").count()
    return row.state, SchemeStep.objects.filter(step="publish").count(), entries
"""

KILLED = """
found = []
for n in range(1, 80):
    killed_at(n, lambda: publish("first@example.org"))
    found.append(state())
    if found[-1][0] == "published":
        break
print(json.dumps(found))
"""

AT_ONCE = """
def tries(email, to):
    try:
        publish(email)
        os.write(to, b"published|")
    except Refused as refused:
        os.write(to, (refused.problems[0].message + "|").encode())
back, to = os.pipe()
children = [forked(lambda email=email: tries(email, to)) for email in ("first@example.org", "second@example.org")]
for child in children:
    assert ended(child) == 0
print(json.dumps([os.read(back, 4000).decode(), state()]))
"""

FILE = """
from pathlib import Path
from remit.service.register.files import file_of, folder
row = SchemeVersion.objects.get()
def killed():
    Path.replace = lambda *_: kill()
    file_of(row)
ended(forked(killed))
left = [path.name for path in folder().iterdir() if not path.name.startswith(".")]
print(json.dumps([left, file_of(row).read_bytes() == bytes(row.content), file_of(row).name == row.sha256 + ".yaml"]))
"""


@pytest.fixture(params=[HERE])
def place(request: pytest.FixtureRequest, service_role: None, tmp_path: Path) -> Iterator[Place]:
    """A deployment with an approved version, and two who may publish it; the service is its ordinary role."""
    with of_ordinary_role(tmp_path, request.param) as one:
        one.python(APPROVED)
        yield one


def test_a_publication_that_is_killed_leaves_the_old_or_the_new(place: Place) -> None:
    found = json.loads(place.python(WORK + KILLED))
    assert len(found) > 5
    assert found[:-1] == [["approved", 0, 0]] * (len(found) - 1)
    assert found[-1] == ["published", 1, 1]


def test_of_two_who_publish_at_once_one_wins_and_the_other_reads_who_did(place: Place) -> None:
    words, state = json.loads(place.python(WORK + AT_ONCE))
    one, other = sorted(words.removesuffix("|").split("|"), key=len)
    assert one == "published"
    assert "never changes" in other
    assert "Contract manager of First area was the last to change it; it is now published." in other
    assert state == ["published", 1, 1]


def test_a_file_that_is_killed_while_it_is_written_is_whole_or_not_there(place: Place) -> None:
    assert json.loads(place.python(WORK + FILE)) == [[], True, True]


def test_a_script_at_the_server_lists_and_writes_what_is_in_the_register(place: Place, tmp_path: Path) -> None:
    listed = place.command("register", "list")
    assert listed.returncode == 0, listed.stderr
    head, row = listed.stdout.splitlines()
    assert head == "Organisation,Scheme,Version,State,From,Title,SHA-256"
    assert row.startswith("QAA,qif-2024-25,1,approved,,")
    assert row.endswith(sha256(shipped("qif-2024-25")).hexdigest())
    to = tmp_path / "qif.yaml"
    unpublished = place.command("register", "export", "qif-2024-25", "--to", str(to))
    assert unpublished.returncode == 1
    assert "There are 1 (approved)" in unpublished.stderr
    assert not to.exists()
    near = place.command("register", "export", "qif-2024-52", "--to", str(to))
    assert "Did you mean qif-2024-25?" in near.stderr
    done = place.command("register", "export", "qif-2024-25", "--version", "1", "--to", str(to))
    assert done.returncode == 0, done.stderr
    assert to.read_bytes() == shipped("qif-2024-25")
    assert place.command("register", "export", "qif-2024-25", "--version", "1", "--to", str(to)).returncode == 1
    shown = place.command("register", "show", "qif-2024-25")
    assert shown.returncode == 0, shown.stderr
    for words in (
        "qif-2024-25, version 1",
        "State: approved",
        "SHA-256: " + sha256(shipped("qif-2024-25")).hexdigest(),
    ):
        assert words in shown.stdout
    assert shown.stdout.splitlines()[-1].endswith("approve (Read.)")
    entries = "from remit.service.audit.models import Entry\n"
    entries += "print([one.person_id for one in Entry.objects.filter(event='scheme.exported')])"
    assert place.python(entries) == "[None]"


def test_a_script_at_the_server_adds_a_file_as_a_draft(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + shipped("spirometry-staffordshire").replace(b"\n", b"\r\n") + b"# ours  \r\n")
    unknown = place.command("register", "add", str(file), "--commissioner", "QAB")
    assert unknown.returncode == 1
    assert "Did you mean QBB or QAA?" in unknown.stderr
    added = place.command("register", "add", str(file), "--commissioner", "QAA", "--set", "DIAG.tariff=£45.00")
    assert added.returncode == 0, added.stderr
    assert "spirometry-staffordshire, version 1" in added.stdout
    assert "State: draft" in added.stdout
    assert "At the server: save (from the file ours.yaml)" in added.stdout
    again = place.command("register", "add", str(file), "--commissioner", "QAA")
    assert again.returncode == 1
    assert "is being worked on already (draft)" in again.stderr
    none = place.command("register", "add", str(file), "--commissioner", "QAA", "--reason", "New tariff.")
    assert "has published no version" in none.stderr
    to = tmp_path / "spirometry.yaml"
    place.command("register", "export", "spirometry-staffordshire", "--version", "1", "--to", str(to))
    assert to.read_bytes() == file.read_bytes()
    entries = "from remit.service.audit.models import Entry\n"
    entries += "print([one.person_id for one in Entry.objects.filter(event='scheme.started')][-1:])"
    assert place.python(entries) == "[None]"
