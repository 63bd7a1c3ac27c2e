"""Row-level security on PostgreSQL: the same conditions as the managers', forced under the tables.

A scope is sent to the connection as text with a signature. The functions that the policies call check it, with a key
that only the tables' owner can read: whoever can send SQL as the service's role, but does not have the service's
secret, cannot widen it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from hashlib import sha256

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper

from remit.service.scope.conditions import Visible
from remit.service.scope.scope import Scope, current_or_nobody

_PARTS = ("own", "overseen", "former", "parents", "consented", "patients")

FUNCTIONS = """
CREATE TABLE IF NOT EXISTS remit_scope_key (one boolean PRIMARY KEY DEFAULT true CHECK (one), key bytea NOT NULL);
REVOKE ALL ON remit_scope_key FROM PUBLIC;
CREATE OR REPLACE FUNCTION remit_scope_text() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  whole text := current_setting('remit.scope', true);
  said text := split_part(whole, '/', 1);
  k bytea;
BEGIN
  IF whole IS NULL OR whole = '' THEN RETURN ''; END IF;
  SELECT key INTO k FROM public.remit_scope_key;
  IF encode(sha256(k || sha256(k || convert_to(said, 'UTF8'))), 'hex') = split_part(whole, '/', 2) THEN
    RETURN said;
  END IF;
  RETURN '';
END $$;
CREATE OR REPLACE FUNCTION remit_scope(part text) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_to_array(
    nullif(substring(public.remit_scope_text() from '(?:^|;)' || part || '=([0-9,]*)'), ''), ','), '{}')::bigint[]
$$;
CREATE OR REPLACE FUNCTION remit_scope_is_everything() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT public.remit_scope_text() = 'everything' $$;
"""


def set_on_connection(scope: Scope) -> None:
    """Tell PostgreSQL for whom this connection reads; SQLite has nothing to be told."""
    if connection.vendor != "postgresql":
        return
    if connection.in_atomic_block and connection.needs_rollback:
        return  # the rollback takes the setting back to what it was before
    with connection.cursor() as cursor:
        _set(cursor, scope)


def _set(cursor: CursorWrapper, scope: Scope) -> None:
    cursor.execute("SELECT set_config('remit.scope', %s, false)", [signed(scope)])


def _on_new_connection(connection: object, **_: object) -> None:
    if getattr(connection, "vendor", "") == "postgresql":
        with connection.cursor() as cursor:  # type: ignore[attr-defined]
            _set(cursor, current_or_nobody())


connection_created.connect(_on_new_connection, dispatch_uid="remit.scope")


def key() -> bytes:
    """What signs a scope, made from the service's secret."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"remit.scope", "sha256")


def signed(scope: Scope) -> str:
    """A scope as the text that a connection holds: what it sees, and the signature of that."""
    if scope.everything:
        said = "everything"
    else:
        parts = {part: sorted(getattr(scope, part)) for part in _PARTS}
        parts["person"] = [] if scope.person is None else [scope.person]
        said = ";".join(f"{part}={','.join(map(str, ids))}" for part, ids in parts.items())
    k = key()
    return f"{said}/{sha256(k + sha256(k + said.encode()).digest()).hexdigest()}"


def scoped_models() -> Iterator[tuple[type[models.Model], Visible]]:
    """Every model with rows of organisations, and who sees them."""
    for model in apps.get_models():
        visible = getattr(model, "visible", None)
        if isinstance(visible, Visible):
            yield model, visible


def policies() -> str:
    """The SQL that puts the policies under every table with rows of organisations, in place of those before."""
    made = []
    for model, visible in scoped_models():
        table = model._meta.db_table
        read, write = visible.read_sql(table), visible.write_sql(table)
        made.append(
            f"""
ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS remit_read ON "{table}";
DROP POLICY IF EXISTS remit_add ON "{table}";
DROP POLICY IF EXISTS remit_change ON "{table}";
DROP POLICY IF EXISTS remit_remove ON "{table}";
CREATE POLICY remit_read ON "{table}" FOR SELECT USING ({read});
CREATE POLICY remit_add ON "{table}" FOR INSERT WITH CHECK ({write});
CREATE POLICY remit_change ON "{table}" FOR UPDATE USING ({write}) WITH CHECK ({write});
CREATE POLICY remit_remove ON "{table}" FOR DELETE USING ({write});"""
        )
    return "\n".join(made)


def put_in_place(role: str) -> None:
    """After a migration, as the tables' owner: functions, key, policies, and what the service's role may do."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
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
            f'REVOKE INSERT, UPDATE, DELETE ON audit_head FROM "{role}"',
            f'GRANT UPDATE (id) ON audit_head TO "{role}"',  # what it takes to lock the row; a trigger refuses a change
        ):
            cursor.execute(grant)


__all__ = ["policies", "put_in_place", "scoped_models", "set_on_connection", "signed"]
