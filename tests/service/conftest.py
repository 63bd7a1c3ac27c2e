"""What the tests of the service stand on: a database of its own kind, and a small made-up area with people in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker
from tests.service import area, migrated, settings
from tests.service.owner import empty

from remit.service.people import sessions
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING


@pytest.fixture(scope="session")
def service_role() -> None:
    """On PostgreSQL, the ordinary role that the service connects as."""
    if settings.OWNER:
        import psycopg

        with psycopg.connect(settings.OWNER, autocommit=True) as server:
            server.execute("SELECT pg_advisory_lock(1)")  # of several processes that test, one makes it
            found = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.SERVICE_ROLE]).fetchone()
            if not found:
                server.execute(
                    f"CREATE ROLE {settings.SERVICE_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS"
                    f" PASSWORD '{settings.SERVICE_PASSWORD}'"
                )


@pytest.fixture(scope="session")
def django_db_setup(
    service_role: None,
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """The tables, a copy of those that were made once as their owner; every test is the service's ordinary role."""
    owner = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    with django_db_blocker.unblock():
        migrated.as_test_database()
        before = setup_databases(verbosity=0, interactive=False, keepdb=True, serialized_aliases=set())
        connection.close()
    if settings.OWNER:
        connection.settings_dict |= {"USER": settings.SERVICE_ROLE, "PASSWORD": settings.SERVICE_PASSWORD}
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict |= owner
        teardown_databases(before, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def emptied_by_owner() -> Iterator[None]:
    """After a test that commits (`django_db(transaction=True)`) the tables' owner empties them: the service may not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty())
        yield


@pytest.fixture
def sessions_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """No session is renewed while a test runs: what renews it is a query more, which only a slow machine comes to."""
    monkeypatch.setattr(sessions, "RENEWED_EVERY", django_settings.SESSION_COOKIE_AGE)


@pytest.fixture
def everything(db: None) -> Iterator[None]:
    """What the test does itself is done as the service, which sees every row."""
    with acting(EVERYTHING):
        yield


@pytest.fixture
def board(everything: None) -> area.Area:
    """The made-up area, on 1 April 2024."""
    return area.made(date(2024, 4, 1))
