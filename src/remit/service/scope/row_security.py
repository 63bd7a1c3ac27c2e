"""Row-level security on PostgreSQL: the same conditions as the managers', forced under the tables.

A scope is sent to the connection as text with a signature, which holds for that connection alone. The functions that
the policies call check it, with a key that only the tables' owner can read: whoever can send SQL as the service's role,
but does not have the service's secret, cannot widen it, nor use one of another connection.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.backends.signals import connection_created

from remit.service.audit import triggers
from remit.service.scope.conditions import Visible
from remit.service.scope.scope import Scope, current_or_nobody

_PARTS = ("own", "overseen", "former", "parents", "consented", "patients")

# Names are looked up in pg_catalog, and in the caller's own temporary schema last, where nothing can come before them.
FUNCTIONS = """
CREATE TABLE IF NOT EXISTS remit_scope_key (one boolean PRIMARY KEY DEFAULT true CHECK (one), key bytea NOT NULL);
REVOKE ALL ON remit_scope_key FROM PUBLIC;
CREATE OR REPLACE FUNCTION remit_scope_checked(backend text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  whole text := current_setting('remit.scope', true);
  said text := split_part(whole, '/', 1);
  k bytea;
BEGIN
  IF backend IS NULL OR whole IS NULL OR whole = '' THEN RETURN ''; END IF;
  SELECT key INTO k FROM public.remit_scope_key;
  IF encode(sha256(k || sha256(k || convert_to(backend || '/' || said, 'UTF8'))), 'hex') = split_part(whole, '/', 2)
  THEN
    RETURN said;
  END IF;
  RETURN '';
END $$;
CREATE OR REPLACE FUNCTION remit_scope_text() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT public.remit_scope_checked((SELECT {backend}))
$$;
CREATE OR REPLACE FUNCTION remit_scope(part text) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(string_to_array(
    nullif(substring(public.remit_scope_text() from '(?:^|;)' || part || '=([0-9,]*)'), ''), ','), '{{}}')::bigint[]
$$;
CREATE OR REPLACE FUNCTION remit_scope_is_everything() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT public.remit_scope_text() = 'everything' $$;
"""

_BACKEND = (
    "pid::text || '@' || extract(epoch FROM backend_start)::text"
    " FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid())"
)
"""What no two connections have alike: the number of the server's process, and when it began."""


def set_on_connection(scope: Scope) -> None:
    """Tell PostgreSQL for whom this connection reads; SQLite has nothing to be told."""
    if connection.vendor == "postgresql" and connection.connection is not None:  # a new one is told as it begins
        _set(connection, scope)


def _set(connection: Any, scope: Scope) -> None:
    """The scope is bound by the server, not written into the query: other sessions could read that in pg_stat_activity.

    Where the connection is lost it is closed: the next one is told anew, or there is none within a transaction.
    """
    import psycopg

    raw = connection.connection
    if raw.closed or raw.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
        return  # the rollback takes the setting back to what it was before
    try:
        psycopg.Cursor(raw).execute(
            "SELECT pg_catalog.set_config('remit.scope', %s, false)",
            [signed(scope, connection.remit_backend)],
            prepare=False,
        )
    except psycopg.OperationalError:
        connection.close()


def _on_new_connection(connection: Any, **_: object) -> None:
    if connection.vendor == "postgresql":
        import psycopg

        row = psycopg.Cursor(connection.connection).execute(f"SELECT {_BACKEND}").fetchone()
        connection.remit_backend = row[0] if row else ""
        _set(connection, current_or_nobody())


connection_created.connect(_on_new_connection, dispatch_uid="remit.scope")


def key() -> bytes:
    """What signs a scope, made from the service's secret."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"remit.scope", "sha256")


def signed(scope: Scope, backend: str) -> str:
    """A scope as the text that a connection holds: what it sees, and the signature of that for this connection alone.

    The signature is of no use on another connection, so that nobody who reads it there can have its scope.
    """
    if scope.everything:
        said = "everything"
    else:
        parts = {part: sorted(getattr(scope, part)) for part in _PARTS}
        parts["person"] = [] if scope.person is None else [scope.person]
        said = ";".join(f"{part}={','.join(map(str, ids))}" for part, ids in parts.items())
    k = key()
    return f"{said}/{sha256(k + sha256(k + f'{backend}/{said}'.encode()).digest()).hexdigest()}"


def scoped_models() -> Iterator[tuple[type[models.Model], Visible]]:
    """Every model with rows of organisations, and who sees them."""
    for model in apps.get_models():
        visible = getattr(model, "visible", None)
        if isinstance(visible, Visible):
            yield model, visible


COMMANDS = {"read": "SELECT", "add": "INSERT", "change": "UPDATE", "remove": "DELETE"}
"""Each table has a policy `remit_…` for each."""


def policies_of(model: type[models.Model], visible: Visible) -> dict[str, str]:
    """The policies of a table by name, as SQL. Each is kept with its hash as its comment, for the check."""
    table = model._meta.db_table
    read, write = visible.read_sql(table), visible.write_sql(table)
    clauses = {
        "read": f"USING ({read})",
        "add": f"WITH CHECK ({write})",
        "change": f"USING ({write}) WITH CHECK ({write})",
        "remove": f"USING ({write})",
    }
    return {f"remit_{name}": f"FOR {COMMANDS[name]} {clause}" for name, clause in clauses.items()}


def mark(policy: str) -> str:
    """What tells whether a policy is the one that the models ask for."""
    return sha256(policy.encode()).hexdigest()


def policies() -> str:
    """The SQL that puts the policies under every table with rows of organisations, in place of those before."""
    made = []
    for model, visible in scoped_models():
        table = model._meta.db_table
        made.append(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY; ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY;')
        for name, policy in policies_of(model, visible).items():
            made.append(f'DROP POLICY IF EXISTS {name} ON "{table}"; CREATE POLICY {name} ON "{table}" {policy};')
            made.append(f"""COMMENT ON POLICY {name} ON "{table}" IS '{mark(policy)}';""")
    return "\n".join(made)


def put_in_place(role: str) -> None:
    """After a migration, as the tables' owner: functions, key, policies, and what the service's role may do."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS.format(backend=_BACKEND))
        cursor.execute(triggers.ENABLED)
        cursor.execute(
            "INSERT INTO remit_scope_key (key) VALUES (%s) ON CONFLICT (one) DO UPDATE SET key = excluded.key", [key()]
        )
        cursor.execute(policies())
        for grant in (
            f'GRANT USAGE ON SCHEMA public TO "{role}"',
            f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
            f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
            f'REVOKE ALL ON remit_scope_key FROM "{role}"',
            f'REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM "{role}"',
            f'REVOKE UPDATE, DELETE ON audit_entry FROM "{role}"',
            f'REVOKE INSERT, DELETE ON audit_head FROM "{role}"',  # it is locked, and moves with an entry
        ):
            cursor.execute(grant)


__all__ = ["policies", "put_in_place", "scoped_models", "set_on_connection", "signed"]
