"""Backup and restore: nothing is lost on the way from one database into the other, and no bad file changes anything."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.service import settings
from tests.service.running import COMMAND, HERE, Place, made, running, wait

KINDS = ["sqlite", *(["postgresql"] if settings.OWNER else [])]

FILLED = """
from datetime import date
from django.db import transaction
from remit.service.audit import log
from tests.service.area import made, person
area = made(date(2024, 4, 1))
someone = person("practice_lead", area["A1"])
with transaction.atomic():
    for n in range(3):
        log.record("person.signed-in", area["A1"], subject=f"größte Übung {n}", person=someone.pk, count=n)
"""

STANDS = """
import json
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from remit.service.serving import tables
loader = MigrationLoader(connection)
found = {name: tables.sha256(model) for name, model in tables.of(loader, tables.applied(loader)).items()}
print(json.dumps(found))
"""

CHAIN = """
from remit.service.audit.log import hash_of
from remit.service.audit.models import Entry, Head
before = ""
for entry in Entry.objects.order_by("number"):
    assert (entry.before, hash_of(entry)) == (before, entry.hash)
    before = entry.hash
assert Head.objects.get().hash == before
print(Entry.objects.count())
"""

ADDED = """
from remit.service.organisations.models import Organisation
print(Organisation.objects.create(code="Z9", name="New", kind="practice").pk)
"""


@pytest.fixture(scope="module", params=[HERE])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Path]]:
    """A deployment with rows and files in it, and a backup of it that was made while it ran."""
    folder = tmp_path_factory.mktemp(request.param)
    with made(folder, request.param, tables=True) as place:
        with running(place):
            place.python(FILLED)
            (place.data / "evidence" / "A1").mkdir(parents=True)
            (place.data / "evidence" / "A1" / "2025-01-31.parquet").write_bytes(bytes(range(256)) * 50)
            done = place.command("backup", "--to", str(folder / "one.remit-backup"))
            assert done.returncode == 0, done.stderr
            (folder / "printed").write_text(done.stdout, encoding="utf-8")
        yield place, folder / "one.remit-backup"


def test_the_log_in_a_backup_is_held_by_the_anchor_that_was_printed(filled: tuple[Place, Path]) -> None:
    place, path = filled
    last = place.python("from remit.service.audit.models import Entry as E\nprint(E.objects.latest('number').hash)")
    number = place.python("from remit.service.audit.models import Entry as E\nprint(E.objects.count())")
    anchor = f"{number}:{last}"
    printed = (path.parent / "printed").read_text(encoding="utf-8")
    assert f"Anchor of the audit log, to keep elsewhere: {anchor}\n" in printed
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("manifest.json"))["anchor"] == anchor
    assert place.command("audit", "verify", "--expect", anchor).returncode == 0
    assert place.command("audit", "verify", "--expect", f"{number}:{'0' * 64}").returncode == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_restore_has_the_same_rows_files_and_chain(filled: tuple[Place, Path], kind: str, tmp_path: Path) -> None:
    before, path = filled
    assert oct(path.stat().st_mode)[-3:] == "600"
    with made(tmp_path, kind) as place:
        done = place.command("restore", str(path), "--into", str(place.data))
        assert done.returncode == 0, done.stderr
        with running(place):
            assert json.loads(place.python(STANDS)) == json.loads(before.python(STANDS))
            assert place.python(CHAIN) == before.python(CHAIN)
            assert int(place.python(ADDED)) > 10  # numbers go on where they were
        there = place.data / "evidence" / "A1" / "2025-01-31.parquet"
        assert there.read_bytes() == bytes(range(256)) * 50
        assert [oct(one.stat().st_mode)[-3:] for one in (there, there.parent)] == ["600", "700"]


def test_what_is_there_is_replaced_only_where_that_is_asked_for(filled: tuple[Place, Path], tmp_path: Path) -> None:
    source, path = filled
    with made(tmp_path, HERE, tables=True) as place:
        with running(place):
            place.python(ADDED)
            (place.data / "schemes").mkdir()
            (place.data / "schemes" / "other.yaml").write_text("other")
            refused = place.command("restore", str(path))
            assert refused.returncode == 1
            assert "is in use" in refused.stderr
        before = place.python(STANDS)
        refused = place.command("restore", str(path))
        assert refused.returncode == 1
        assert "--replace" in refused.stderr
        assert place.python(STANDS) == before
        secret = (place.data / "secret").read_text()
        done = place.command("restore", str(path), "--replace")
        assert done.returncode == 0, done.stderr
        assert place.python(CHAIN) == source.python(CHAIN)
        assert not (place.data / "schemes").exists()
        assert (place.data / "secret").read_text() == secret
        assert (place.data / "evidence" / "A1" / "2025-01-31.parquet").is_file()


def test_the_secret_and_sessions_are_not_in_a_backup(filled: tuple[Place, Path]) -> None:
    place, path = filled
    secret = (place.data / "secret").read_bytes().strip()
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert not any(secret in archive.read(name) for name in names)
    assert "tables/sessions.session.jsonl" not in names
    assert "tables/organisations.organisation.jsonl" in names
    assert not any(name.startswith("files/secret") or "sqlite3" in name for name in names)


def _changed(change: Callable[[dict[str, bytes]], None]) -> Callable[[Path, Path], None]:
    """The same archive with other entries."""

    def write(source: Path, to: Path) -> None:
        with zipfile.ZipFile(source) as archive:
            entries = {name: archive.read(name) for name in archive.namelist()}
        change(entries)
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in entries.items():
                archive.writestr(name, data)

    return write


def _manifest(change: Callable[[dict[str, object]], None]) -> Callable[[Path, Path], None]:
    def of_entries(entries: dict[str, bytes]) -> None:
        value = json.loads(entries["manifest.json"])
        change(value)
        entries["manifest.json"] = json.dumps(value).encode()

    return _changed(of_entries)


def _renamed(name: str) -> Callable[[Path, Path], None]:
    """A file of the archive under another name, listed as such."""

    def of_entries(entries: dict[str, bytes]) -> None:
        old = "files/evidence/A1/2025-01-31.parquet"
        entries[f"files/{name}"] = entries.pop(old)
        value = json.loads(entries["manifest.json"])
        value["files"][0]["name"] = name
        entries["manifest.json"] = json.dumps(value).encode()

    return _changed(of_entries)


def _link(source: Path, to: Path) -> None:
    name = "files/evidence/A1/2025-01-31.parquet"
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(to, "w") as out:
        for info in archive.infolist():
            data = archive.read(info)
            if info.filename == name:
                info.external_attr = 0o120777 << 16
            out.writestr(info, data)


def _cut(source: Path, to: Path) -> None:
    to.write_bytes(source.read_bytes()[:-4000])


def _flipped(source: Path, to: Path) -> None:
    data = bytearray(source.read_bytes())
    with zipfile.ZipFile(source) as archive:
        info = archive.getinfo("tables/organisations.organisation.jsonl")
    data[info.header_offset + 120] ^= 0xFF
    to.write_bytes(data)


def _row(entries: dict[str, bytes]) -> None:
    name = "tables/organisations.organisation.jsonl"
    entries[name] = entries[name].replace(b"First", b"Worst")


def _bomb(value: dict[str, object]) -> None:
    value["files"][0]["bytes"] = 10**17  # type: ignore[index]


def _longer(entries: dict[str, bytes]) -> None:
    entries["files/evidence/A1/2025-01-31.parquet"] += bytes(10**7)


def _extra(entries: dict[str, bytes]) -> None:
    entries["files/extra"] = b"x"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("write", "words"),
    [
        (_cut, "cut off"),
        (_flipped, "damaged"),
        (_changed(_row), "other bytes"),
        (_changed(_longer), "other bytes"),
        (_changed(_extra), "other entries"),
        (_manifest(lambda value: value.update(format=2)), "has the form 2"),
        (_manifest(lambda value: value.update(kind="other")), "not a backup"),
        (_manifest(lambda value: value.update(tables=7)), "damaged"),
        (_manifest(lambda value: value.update(migrations=[["people", "9999_later"]])), "does not know"),
        (_manifest(_bomb), "room on the disk"),
        (_renamed("../../stolen"), "leads out"),
        (_renamed("/tmp/stolen"), "leads out"),
        (_renamed("a/../../stolen"), "leads out"),
        (_renamed("a\\..\\stolen"), "leads out"),
        (_link, "a link"),
        (lambda _, to: to.write_bytes(b"no archive"), "not a backup"),
        (lambda _, to: to.write_bytes(b""), "not a backup"),
    ],
)
def test_a_bad_archive_is_refused_and_changes_nothing(
    filled: tuple[Place, Path], write: Callable[[Path, Path], None], words: str, tmp_path: Path
) -> None:
    from remit.core.problems import Refused
    from remit.service.serving.archive import opened
    from remit.service.serving.restore import _check_migrations

    bad = tmp_path / "bad.remit-backup"
    write(filled[1], bad)
    room = tmp_path / "room"
    room.mkdir()
    with pytest.raises(Refused) as refused, opened(bad, room) as reader:
        _check_migrations(reader.manifest, bad)
    assert words in str(refused.value)
    assert "Nothing was changed" in str(refused.value)
    assert list(room.iterdir()) == []


def test_a_bad_archive_leaves_a_deployment_as_it_is(filled: tuple[Place, Path], tmp_path: Path) -> None:
    """Every hash is right, and the rows do not fit the tables."""

    def other_rows(entries: dict[str, bytes]) -> None:
        import hashlib

        name = "tables/people.appointment.jsonl"
        entries[name] = entries[name].replace(b'"organisation_id":', b'"organisation_id":99')
        value = json.loads(entries["manifest.json"])
        for item in value["tables"]:
            if item["name"] == "people.appointment":
                item.update(bytes=len(entries[name]), sha256=hashlib.sha256(entries[name]).hexdigest())
        entries["manifest.json"] = json.dumps(value).encode()

    place, path = filled
    bad = tmp_path / "bad.remit-backup"
    _changed(other_rows)(path, bad)
    before = place.python(STANDS)
    names = sorted(one.name for one in place.data.rglob("*"))
    done = place.command("restore", str(bad), "--replace")
    assert done.returncode == 1
    assert "Nothing was changed" in done.stderr
    assert place.python(STANDS) == before
    assert [name for name in names if "sqlite3-" not in name] == sorted(
        one.name for one in place.data.rglob("*") if "sqlite3-" not in one.name
    )


def test_a_backup_that_is_killed_leaves_no_half_of_one(filled: tuple[Place, Path], tmp_path: Path) -> None:
    place, _ = filled
    (place.data / "evidence" / "large").write_bytes(os.urandom(60_000_000))
    to = tmp_path / "killed.remit-backup"
    process = subprocess.Popen([*COMMAND, "backup", "--to", str(to)], env=place.everything)
    wait(lambda: any(path.stat().st_size > 100_000 for path in tmp_path.rglob("*") if path.is_file()))
    process.send_signal(signal.SIGKILL)
    process.wait()
    (place.data / "evidence" / "large").unlink()
    assert not to.exists()
    assert place.command("backup", "--to", str(to)).returncode == 0
    assert to.is_file()


def test_of_the_backups_in_the_data_folder_the_newest_are_kept(filled: tuple[Place, Path]) -> None:
    place, _ = filled
    for _ in range(3):
        assert place.command("backup", "--keep", "2").returncode == 0
    assert len(list((place.data / "backups").iterdir())) == 2


@pytest.mark.parametrize("name", ["a:b", "a\\b", "a.", "a\x1bb"])
def test_what_could_not_come_back_is_not_backed_up(name: str, tmp_path: Path) -> None:
    from remit.core.problems import Refused
    from remit.service.serving.backup_files import files_of

    (tmp_path / "good").write_text("x")
    assert files_of(tmp_path) == ["good"]
    (tmp_path / name).write_text("x")
    with pytest.raises(Refused, match="every system"):
        files_of(tmp_path)
    (tmp_path / name).unlink()
    (tmp_path / "link").symlink_to(tmp_path / "good")
    with pytest.raises(Refused, match="is a link"):
        files_of(tmp_path)
