"""Row-level security on PostgreSQL: raw SQL as the service's own role sees what the managers show, and nothing more."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from tests.profiles import examples
from tests.service import settings
from tests.service.addresses import SINCE, somebody, world
from tests.service.area import Area
from tests.service.owner import address
from tests.service.year_rows import year_rows

from remit.service.audit import log
from remit.service.consents.models import Consent
from remit.service.organisations.models import Membership, Organisation
from remit.service.people.roles import ROLES
from remit.service.register.models import SchemeVersion
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.conditions import ALWAYS, NEVER, FieldIs, InAny, InPart, UnderConsent, Visible
from remit.service.scope.row_security import scoped_models, signed
from remit.service.scope.rows import ScopedQuerySet
from remit.service.scope.scope import EVERYTHING, NOBODY, Scope

pytestmark = pytest.mark.skipif(not settings.OWNER, reason="row-level security is PostgreSQL's")
committed = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 28)


def _raw(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def _seen() -> dict[str, set[int]]:
    """The ids in each table with rows of organisations, by raw SQL."""
    return {
        model._meta.db_table: {pk for (pk,) in _raw(f'SELECT "{model._meta.pk.column}" FROM "{model._meta.db_table}"')}
        for model, _ in scoped_models()
    }


@pytest.fixture
def full(board: Area) -> Area:
    """The made-up area with rows of many kinds in both commissioners."""
    world(board)
    for code, to in (("A1", "QAA"), ("A3", "QAA"), ("B1", "QBB")):
        Consent.objects.get_or_create(practice=board[code], to=board[to], defaults={"since": SINCE})
        with transaction.atomic():
            log.record("person.signed-in", board[code])
    for code, practice in (("QAA", "A1"), ("QBB", "B1")):
        year_rows(board[code], board[practice], SchemeVersion.objects.get(organisation=board[code]))
    return board


@pytest.mark.parametrize("role", ROLES)
def test_raw_sql_sees_the_rows_of_the_managers_and_no_other(role: str, full: Area) -> None:
    kind = next(kind for kind in ("practice", "network", "commissioner") if kind in ROLES[role].kinds)
    there = {"practice": "B1", "network": "NW3", "commissioner": "QBB"}[kind]
    mine, theirs = somebody(role, full), somebody(role, full, there)
    others = {full[code].pk for code in ("QBB", "NW3", "B1")}
    for person, foreign in ((mine, others), (theirs, {one.pk for one in full.organisations.values()} - others)):
        with acting(reach.of_person(person, TODAY, True)):
            seen = _seen()
            assert seen["organisations_organisation"]
            for model, visible in scoped_models():
                table, by = model._meta.db_table, visible.by
                manager: Any = model._default_manager
                assert seen[table] == set(manager.values_list("pk", flat=True)), table
                [column] = [field.column for field in model._meta.concrete_fields if field.attname == by]
                rows = _raw(f'SELECT count(*) FROM "{table}" WHERE "{column}" IN ({",".join(map(str, foreign))})')
                assert rows == [(0,)], table
    with acting(NOBODY):
        assert not any(_seen().values())
    with acting(EVERYTHING):
        assert others <= _seen()["organisations_organisation"]


ids = st.integers(min_value=1, max_value=6)
days = st.dates(min_value=date(2024, 3, 30), max_value=date(2024, 4, 4))
some = st.frozensets(ids, max_size=4)
scopes = st.builds(
    Scope, st.none() | ids, own=some, overseen=some, former=some, parents=some, consented=some, everything=st.booleans()
)
conditions = st.sampled_from([
    ALWAYS, NEVER, FieldIs("covers", ("counts",)), FieldIs("covers", ("it's", "counts")), InPart("to_id", "consented"),
    InAny("to_id", ("own", "parents")),
    UnderConsent(practice="practice_id", day="since"), UnderConsent(practice="practice_id", day="since", covers="x"),
])  # fmt: skip
visibles = st.builds(
    Visible,
    by=st.sampled_from(["practice_id", "to_id"]),
    own=conditions,
    overseen=conditions,
    former=conditions,
    parents=conditions,
    person=st.sampled_from(["", "to_id"]),
)


@pytest.fixture
def consents(board: Area) -> list[tuple[int, int]]:
    """Consents of many days and pairs; the second of each pair is the number that generated scopes use for its id."""
    organisations = sorted(one.pk for one in board.organisations.values())[:6]
    for n, practice in enumerate(organisations):
        for m, to in enumerate(organisations):
            if practice != to:
                first = date(2024, 3, 30 + (n + m) % 2)
                Consent.objects.create(
                    practice_id=practice,
                    to_id=to,
                    since=first,
                    until=date(2024, 4, 1 + m % 3) if m % 2 else None,
                    withdrawn=date(2024, 4, 1 + n % 3) if n % 3 == 0 else None,
                )
    return list(zip(organisations, range(1, 7), strict=True))


@given(visible=visibles, scope=scopes)
@examples(3, HealthCheck.function_scoped_fixture)
def test_a_condition_is_the_same_as_a_filter_and_as_sql(
    consents: list[tuple[int, int]], visible: Visible, scope: Scope
) -> None:
    """Read by the filter as the service, which sees every row, and by the policy's SQL as the scope itself.

    The SQL is asked of a copy of the table without a policy; what it reads of consents is the same copy.
    """
    real = {number: pk for pk, number in consents}
    parts = {name: frozenset(real[one] for one in getattr(scope, name)) for name in
             ("own", "overseen", "former", "parents", "consented")}  # fmt: skip
    person = real[scope.person] if scope.person else None
    scope = Scope(person, everything=scope.everything, **parts)  # type: ignore[arg-type]
    with acting(EVERYTHING):
        by_filter = set(ScopedQuerySet(Consent).filter(visible.q(scope)).values_list("pk", flat=True))
        _raw("CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT * FROM consents_consent")
    with acting(scope):
        sql = visible.read_sql("copied").replace("FROM consents_consent c", "FROM copied c")
        by_sql = {pk for (pk,) in _raw(f"SELECT id FROM copied WHERE {sql}")}
    _raw("DROP TABLE copied")
    assert by_sql == by_filter


def test_consent_to_who_sees_is_enough_for_former_members_too(full: Area) -> None:
    """The policy of a row under consent reads consents under their own policy: of a practice that left, too."""
    with acting(EVERYTHING):
        Membership.objects.filter(member=full["NW2"]).update(until=date(2024, 12, 31))
    with acting(reach.of_person(somebody("finance_officer", full, "QAA"), TODAY, True)) as scope:
        assert full["A3"].pk in scope.former
        assert _raw(f"SELECT count(*) FROM consents_consent WHERE practice_id = {full['A3'].pk}") == [(1,)]


@pytest.fixture
def intruder(full: Area) -> Iterator[Area]:
    """Whoever can send SQL as the service's own role while a practice's viewer is at work."""
    with acting(reach.of_person(somebody("practice_viewer", full), TODAY, True)):
        yield full


ATTACKS = {
    "the scope set by hand": "SELECT set_config('remit.scope', 'everything', false)",
    "with a made-up signature": "SELECT set_config('remit.scope', 'everything/' || repeat('a', 64), false)",
    "with an empty signature": "SET remit.scope = 'everything/'",
    "a wider scope with the signature at hand": "SELECT set_config('remit.scope', 'own=1,2,3,4,5,6,7,8,9/' ||"
    " split_part(current_setting('remit.scope'), '/', 2), false)",
    "the scope taken away": "RESET remit.scope",
    "a search path": "SET search_path = pg_temp, public",
    "a function of the same name": "CREATE FUNCTION pg_temp.remit_scope_is_everything() RETURNS boolean LANGUAGE sql AS"
    " 'SELECT true'",
    "a type of the same name": "CREATE DOMAIN pg_temp.text AS pg_catalog.int4",
    "a table of the same name": "CREATE TEMP TABLE remit_scope_key AS SELECT true AS one, '\\x00'::bytea AS key",
    "a view": "CREATE TEMP VIEW every AS SELECT * FROM organisations_organisation",
    "another's backend asked for": "SELECT remit_scope_checked('1@1')",
    "row security off": "SET row_security = off",
}
REFUSED = {
    "the key": "SELECT * FROM remit_scope_key",
    "the key changed": "UPDATE remit_scope_key SET key = ''",
    "the key copied": "COPY remit_scope_key TO STDOUT",
    "the owner's role": "SET ROLE remit_owner",
    "the owner's session": "SET SESSION AUTHORIZATION remit_owner",
    "no row security": "ALTER TABLE organisations_organisation DISABLE ROW LEVEL SECURITY",
    "not forced": "ALTER TABLE organisations_organisation NO FORCE ROW LEVEL SECURITY",
    "a policy away": "DROP POLICY remit_read ON organisations_organisation",
    "a policy more": "CREATE POLICY mine ON organisations_organisation USING (true)",
    "another function": "CREATE OR REPLACE FUNCTION remit_scope_is_everything() RETURNS boolean LANGUAGE sql AS"
    " 'SELECT true'",
    "a function in public": "CREATE FUNCTION public.mine() RETURNS text LANGUAGE sql AS $$ SELECT '' $$",
    "a schema": "CREATE SCHEMA mine",
    "a role": "CREATE ROLE mine",
    "passing by": "ALTER ROLE CURRENT_USER BYPASSRLS",
    "a file": "COPY organisations_organisation TO '/tmp/rows'",
    "a program": "COPY organisations_organisation TO PROGRAM 'cat'",
    "triggers off": "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "a trigger": "CREATE TRIGGER mine BEFORE INSERT ON audit_entry EXECUTE FUNCTION audit_refuse()",
    "references": "CREATE TEMP TABLE mine (id bigint REFERENCES organisations_organisation)",
    "migrations": "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
    "another's row": "INSERT INTO consents_consent"
    " (practice_id, to_id, covers, since, given_by, evidence, ended_because)"
    " SELECT (SELECT max(id) FROM organisations_organisation) + 1000, 1, 'counts', '2024-01-01', 'practice', '', ''",
}  # fmt: skip


def _sees_only_own(area: Area) -> None:
    seen = {code for (code,) in _raw("SELECT code FROM public.organisations_organisation")}
    assert seen <= {"A1", "NW1", "PL1", "QAA"}
    assert not _raw("SELECT * FROM public.audit_entry WHERE organisation_id IS NULL")
    assert len(_raw("SELECT * FROM public.consents_consent")) <= 1
    assert _raw(
        "SELECT count(*) FROM (SELECT * FROM public.consents_consent UNION ALL TABLE public.consents_consent) x"
    )[0] <= (2,)


@pytest.mark.parametrize("what", ATTACKS)
def test_what_can_be_tried_widens_nothing(what: str, intruder: Area) -> None:
    try:
        with transaction.atomic():
            _raw(ATTACKS[what])
    except DatabaseError:
        assert what == "another's backend asked for"
    if what == "row security off":  # then a query that a policy would filter is an error
        with pytest.raises(DatabaseError), transaction.atomic():
            _sees_only_own(intruder)
        _raw("SET row_security = on")
    _sees_only_own(intruder)
    _raw("SET search_path = public")


@pytest.mark.parametrize("what", REFUSED)
def test_what_must_not_be_done_is_refused(what: str, intruder: Area) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        _raw(REFUSED[what])
    _sees_only_own(intruder)


def test_a_copy_has_the_own_rows_alone(intruder: Area) -> None:
    import psycopg

    with psycopg.Cursor(connection.connection).copy("COPY organisations_organisation (code) TO STDOUT") as copy:
        assert {bytes(row).decode().strip() for row in copy} == {"A1", "NW1", "PL1", "QAA"}


@committed
def test_a_scope_of_one_connection_is_of_no_use_on_another_and_cannot_be_read_there() -> None:
    import psycopg

    with acting(EVERYTHING):
        Organisation.objects.create(code="X1", name="X", kind="practice")
        own = connection.connection
        everything = signed(EVERYTHING, connection.remit_backend)  # type: ignore[attr-defined]
        assert _raw("SELECT current_setting('remit.scope')") == [(everything,)]
        parameters = {**own.info.get_parameters(), "password": settings.SERVICE_PASSWORD}
        with acting(EVERYTHING), closing(psycopg.connect(**parameters, autocommit=True)) as other:
            psycopg.Cursor(own).execute("SELECT 1")
            queries = other.execute("SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetchall()
            assert not [query for (query,) in queries if query and everything.rpartition("/")[2] in query]
            other.execute("SELECT set_config('remit.scope', %s, false)", [everything])
            assert other.execute("SELECT count(*) FROM organisations_organisation").fetchall() == [(0,)]
        with acting(EVERYTHING), closing(psycopg.connect(**parameters, autocommit=True)) as other:
            query = "SELECT query FROM pg_stat_activity WHERE pid = %s"
            [(last,)] = other.execute(query, [own.info.backend_pid]).fetchall()
            assert "remit.scope" in last
            assert "everything" not in last


@committed
def test_threads_at_once_never_see_anothers_scope() -> None:
    with acting(EVERYTHING):
        rows = [Organisation.objects.create(code=f"T{n}", name="T", kind="practice").pk for n in range(4)]
    wrong: list[object] = []

    def look(pk: int) -> None:
        try:
            for _ in range(30):
                with acting(Scope(own=frozenset({pk}))):
                    found = [one for (one,) in _raw("SELECT id FROM organisations_organisation")]
                    if found != [pk]:
                        wrong.append((pk, found))
                if _raw("SELECT id FROM organisations_organisation"):
                    wrong.append(pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=look, args=[pk]) for pk in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@committed
def test_a_lost_connection_is_never_without_its_scope() -> None:
    with acting(EVERYTHING):
        mine, other = (Organisation.objects.create(code=code, name="T", kind="practice").pk for code in ("T1", "T2"))
    with acting(Scope(own=frozenset({mine}))):
        before = _raw("SELECT pg_backend_pid()")
        _kill()
        with pytest.raises(DatabaseError):
            _raw("SELECT 1")
        connection.close()
        assert _raw("SELECT id FROM organisations_organisation") == [(mine,)]
        assert _raw("SELECT pg_backend_pid()") != before
        _kill()
        with acting(EVERYTHING):  # the next scope is set on a connection that is gone
            assert {one for (one,) in _raw("SELECT id FROM organisations_organisation")} == {mine, other}
        assert _raw("SELECT id FROM organisations_organisation") == [(mine,)]
    with acting(Scope(own=frozenset({mine}))), pytest.raises(DatabaseError), transaction.atomic():  # noqa: PT012
        _kill()
        with acting(EVERYTHING):
            _raw("SELECT id FROM organisations_organisation")
    assert _raw("SELECT id FROM organisations_organisation") == []


def _kill() -> None:
    import psycopg

    pid = connection.connection.info.backend_pid
    with psycopg.connect(address(), user=settings.SERVICE_ROLE, password=settings.SERVICE_PASSWORD) as server:
        server.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@committed
def test_an_error_within_a_transaction_leaves_the_scope_of_before() -> None:
    with acting(EVERYTHING):
        mine = Organisation.objects.create(code="T1", name="T", kind="practice").pk
        Organisation.objects.create(code="T2", name="T", kind="practice")
    with acting(Scope(own=frozenset({mine}))):
        for _ in range(2):
            with pytest.raises(DatabaseError, match="division"), transaction.atomic(), acting(EVERYTHING):  # noqa: PT012
                assert len(_raw("SELECT id FROM organisations_organisation")) == 2
                _raw("SELECT 1 / 0")
            assert _raw("SELECT id FROM organisations_organisation") == [(mine,)]
        with transaction.atomic():
            with pytest.raises(DatabaseError, match="division"), transaction.atomic(), acting(EVERYTHING):
                _raw("SELECT 1 / 0")
            assert _raw("SELECT id FROM organisations_organisation") == [(mine,)]
    assert _raw("SELECT id FROM organisations_organisation") == []
