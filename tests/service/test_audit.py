"""The audit log: entries in the transaction of what they record, one unbroken chain, and what breaks it found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from tests.service import area, settings
from tests.service.area import Area, person
from tests.service.owner import Execute, owner, without_triggers

from remit.core.problems import Refused
from remit.service import clock
from remit.service.audit import chain, log
from remit.service.audit.events import EVENTS
from remit.service.audit.models import Entry, Head
from remit.service.audit.sentences import sentence
from remit.service.organisations.models import Organisation
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING, NOBODY

committed = pytest.mark.django_db(transaction=True)


def entries(count: int) -> None:
    """So many entries, one transaction each."""
    for _ in range(count):
        with acting(NOBODY), transaction.atomic():
            log.record("person.signed-in", subject="somebody")


def test_an_entry_says_who_with_their_roles_and_follows_the_one_before(board: Area) -> None:
    someone = person("contract_manager", board["QAA"])
    with acting(reach.of_person(someone, date(2024, 6, 1), True)), transaction.atomic():
        first = log.record("person.signed-in", board["QAA"], since=date(2024, 6, 1), numbers=[1, 2])
        second = log.record("person.signed-in", board["QAA"])
    assert first.who == "Contract manager of First area, contract manager of First area"
    assert (first.number, second.number, second.before) == (1, 2, first.hash)
    assert Entry.objects.get(number=1).details == {"since": "2024-06-01", "numbers": [1, 2]}
    assert chain.verify() == chain.Verification(2, chain.Anchor(2, second.hash))


def test_the_hash_of_an_entry_is_that_of_its_words(board: Area) -> None:
    """Worked out from the text by `printf '%s' '…' | sha256sum`."""
    with clock.at(datetime(2024, 6, 1, 12, tzinfo=UTC)), acting(NOBODY), transaction.atomic():
        entry = log.record("person.signed-in", subject="É", n=1)
    assert entry.hash == "564a47e9b29ec6ad6e057e97e033570f76cacdb4b307e231680506a51eab462c"


@committed
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with acting(NOBODY), pytest.raises(transaction.TransactionManagementError):
        log.record("person.signed-in")


def test_what_has_no_sentence_and_what_is_not_plain_is_not_recorded(everything: None) -> None:
    with pytest.raises(KeyError):
        log.record("person.vanished")
    with pytest.raises(TypeError):
        log.record("person.signed-in", share=0.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("details", [{"reason": "for 943 476 5919"}, {"list": ["a", "9434765919"]}, {"n": 9434765919}])
def test_a_patient_is_never_in_the_log(everything: None, details: dict[str, log.Detail]) -> None:
    with pytest.raises(Refused, match="NHS number"):
        log.record("person.signed-in", **details)  # type: ignore[arg-type]
    assert not Entry.objects.exists()


def test_an_amount_of_ten_digits_is_no_patients_number(everything: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """9434765919 has the check digit of an NHS number, and is £94,347,659.19 too."""
    monkeypatch.setitem(EVENTS, "run.paid", "{who} paid {total_pence} in {parts_pence}: {words}.")
    parts: list[log.Detail] = [9434765870, 49]
    words = "£94,347,659.19"
    with transaction.atomic():
        entry = log.record("run.paid", total_pence=9434765919, parts_pence=parts, words=words)
    assert sentence(entry) == "The service paid £94,347,659.19 in £94,347,658.70, £0.49: £94,347,659.19."
    refused: tuple[log.Detail, ...] = ("9434765919", True, date(2025, 1, 1), None)
    for one in refused:
        with transaction.atomic(), pytest.raises(TypeError, match="whole pence"):
            log.record("run.paid", total_pence=one)


@committed
def test_what_is_rolled_back_leaves_no_entry() -> None:
    entries(1)
    with acting(EVERYTHING):
        with pytest.raises(ValueError, match="over"), transaction.atomic():  # noqa: PT012
            Organisation.objects.create(code="X", name="X", kind="practice")
            log.record("person.signed-in")
            raise ValueError("over")
        assert (Entry.objects.count(), Head.objects.get().number, Organisation.objects.count()) == (1, 1, 0)
    entries(1)
    assert chain.verify().entries == 2


@committed
def test_writers_at_once_make_one_unbroken_chain() -> None:
    start = Barrier(4)

    def write() -> None:
        start.wait()
        try:
            entries(10)
        finally:
            connection.close()

    threads = [Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert chain.verify().entries == 40
    assert chain.verify().fault is None


FORBIDDEN = {
    "an entry is changed": "UPDATE audit_entry SET subject = 'other' WHERE number = 2",
    "an entry is removed": "DELETE FROM audit_entry WHERE number = 3",
    "every entry is removed": "DELETE FROM audit_entry",
    "the head goes back": "UPDATE audit_head SET number = 1",
    "the head goes on without an entry": "UPDATE audit_head SET number = 4, hash = 'abc'",
    "the head is removed": "DELETE FROM audit_head",
    "a second head": "INSERT INTO audit_head (id, number, hash) VALUES (2, 0, '')",
    "an entry that does not follow": """INSERT INTO audit_entry (number, at, who, event, subject, details, before, hash)
        VALUES (4, '2024-01-01 00:00:00+00:00', 'x', 'x', '', '{}', 'another', 'abc')""",
    "an entry after a gap": """INSERT INTO audit_entry (number, at, who, event, subject, details, before, hash)
        SELECT 9, '2024-01-01 00:00:00+00:00', 'x', 'x', '', '{}', hash, 'abc' FROM audit_head""",
}
ON_SQLITE = {
    "an entry is replaced": """INSERT OR REPLACE INTO audit_entry
        (id, number, at, who, event, subject, details, before, hash)
        SELECT (SELECT min(id) FROM audit_entry), number + 1, '2024-01-01 00:00:00+00:00', 'x', 'x', '', '{}', hash,
        'abc' FROM audit_head""",
    "the head is replaced": "INSERT OR REPLACE INTO audit_head (id, number, hash) VALUES (1, 0, '')",
}
ON_POSTGRESQL = {
    "all are removed at once": "TRUNCATE audit_entry",
    "the head is removed at once": "TRUNCATE audit_head",
    "the triggers are switched off": "ALTER TABLE audit_entry DISABLE TRIGGER USER",
    "a trigger is taken away": "DROP TRIGGER audit_kept ON audit_entry",
    "a trigger's function is another": "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RETURN NULL; END $$",
    "the triggers of a replica": "SET session_replication_role = replica",
}


@committed
@pytest.mark.parametrize("what", [*FORBIDDEN, *(ON_POSTGRESQL if settings.OWNER else ON_SQLITE)])
def test_the_database_lets_the_service_only_add(what: str) -> None:
    entries(3)
    before = chain.anchor()
    with acting(EVERYTHING), pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute((FORBIDDEN | ON_SQLITE | ON_POSTGRESQL)[what])
    connection.close()
    assert chain.verify(before) == chain.Verification(3, before)


@committed
@pytest.mark.parametrize("what", [*FORBIDDEN, *(("all are removed at once",) if settings.OWNER else ON_SQLITE)])
def test_nor_its_owner_by_mistake(what: str) -> None:
    entries(3)
    with owner() as execute, pytest.raises(Exception, match=r"audit log|row-level security"):  # noqa: PT012
        execute((FORBIDDEN | ON_SQLITE | ON_POSTGRESQL)[what])
        raise RuntimeError("row-level security let the statement reach no row")
    assert chain.verify().fault is None


def _swap(execute: Execute) -> None:
    for ahead, to in ((2, 99), (3, 2), (99, 3)):
        execute(f"UPDATE audit_entry SET number = {to} WHERE number = {ahead}")


def _unreadable(execute: Execute) -> None:
    execute("UPDATE audit_entry SET details = '[1]' WHERE number = 3")
    if not settings.OWNER:
        execute("UPDATE audit_entry SET details = 'not JSON' WHERE number = 3")


TAMPERED: dict[str, tuple[str | Callable[[Execute], None], int, str]] = {
    "a changed subject": ("UPDATE audit_entry SET subject = 'other' WHERE number = 2", 2, "not what was recorded"),
    "a changed time": ("UPDATE audit_entry SET at = '2020-01-01 00:00:00+00:00' WHERE number = 3", 3, "not what was"),
    "a changed name": ("UPDATE audit_entry SET who = 'Nobody' WHERE number = 1", 1, "not what was recorded"),
    "a changed detail": ("""UPDATE audit_entry SET details = '{"a": 1}' WHERE number = 5""", 5, "not what was"),
    "a detail that cannot be read": (_unreadable, 3, ""),
    "a removed row": ("DELETE FROM audit_entry WHERE number = 3", 3, "is missing: entry 4 comes after entry 2"),
    "the first removed": ("DELETE FROM audit_entry WHERE number = 1", 1, "is missing: entry 2 comes after entry 0"),
    "the last removed": (
        "DELETE FROM audit_entry WHERE number = 5",
        5,
        "is missing: the head of the log is at entry 5",
    ),
    "all removed": ("DELETE FROM audit_entry", 1, "is missing: the head of the log is at entry 5"),
    "swapped rows": (_swap, 2, "not what was recorded"),
    "the head set back": ("UPDATE audit_head SET number = 4", 4, "not the one that the head of the log names"),
    "the head set back with its hash": (
        "UPDATE audit_head SET number = 4, hash = (SELECT hash FROM audit_entry WHERE number = 4)",
        5,
        "beyond the head",
    ),
    "the head removed": ("DELETE FROM audit_head", 6, "the head of the log is missing"),
    "another head": ("UPDATE audit_head SET hash = 'abc'", 5, "not the one that the head of the log names"),
}


@committed
@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_tampered_with_is_found(what: str) -> None:
    entries(5)
    sql, number, words = TAMPERED[what]
    with without_triggers() as execute:
        execute(sql) if isinstance(sql, str) else sql(execute)
    fault = chain.verify().fault
    if what == "the head removed":
        with without_triggers() as execute:
            execute("DELETE FROM audit_entry")
    assert fault is not None
    assert fault.number == number
    assert words in fault.what


def _rewrite_from(number: int, execute: Execute) -> None:
    """What the owner of the tables can do: change an entry and work out every hash from there on."""
    with acting(EVERYTHING):
        rows = list(Entry.objects.filter(number__gte=number).order_by("number"))
        before = rows[0].before
        rows[0].subject = "rewritten"
        for row in rows:
            row.before = before
            before = row.hash = log.hash_of(row)
            execute(
                f"UPDATE audit_entry SET subject = '{row.subject}', before = '{row.before}', hash = '{row.hash}'"
                f" WHERE number = {row.number}"
            )
        execute(f"UPDATE audit_head SET hash = '{before}'")


@committed
def test_a_tail_chained_anew_is_found_by_an_anchor_and_not_by_the_chain() -> None:
    entries(3)
    kept = chain.anchor_of(str(chain.anchor()))
    entries(2)
    with without_triggers() as execute:
        _rewrite_from(2, execute)
    assert chain.verify().fault is None
    assert chain.verify(kept).fault == chain.Fault(
        3, "is not the one expected: the log was rewritten at this entry or before it."
    )


@committed
def test_a_log_cut_off_with_its_head_is_found_by_an_anchor_and_not_by_the_chain() -> None:
    entries(4)
    kept = chain.anchor()
    with without_triggers() as execute:
        execute("DELETE FROM audit_entry WHERE number > 2")
        execute("UPDATE audit_head SET number = 2, hash = (SELECT hash FROM audit_entry WHERE number = 2)")
    assert chain.verify().fault is None
    assert chain.verify(kept).fault == chain.Fault(3, "is missing: entry 4 was expected, and the log was cut off.")


@pytest.mark.parametrize("text", ["", "1", "1:", "0:abc", "x:y", "1:" + "g" * 64, "0:" + "a" * 64])
def test_what_is_not_an_anchor_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="not an entry's number"):
        chain.anchor_of(text)


def test_the_service_alone_writes_entries(board: Area) -> None:
    someone = area.person("administrator", board["QAA"])
    with acting(reach.of_person(someone, date(2024, 6, 1), True)), pytest.raises(PermissionDenied):
        Entry(number=1, organisation=board["QAA"]).save()
