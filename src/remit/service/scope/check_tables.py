"""Whether PostgreSQL holds what the models ask for: row-level security, forced, with each policy, and the triggers."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connection

from remit.service.audit import triggers
from remit.service.scope import listed
from remit.service.scope.faults import Fault
from remit.service.scope.row_security import mark, policies_of, scoped_models

_TO_DO = "Start the service again: it puts the policies in place after its migrations."
_BESIDE = {"django_migrations", "remit_scope_key"}


def of_tables(role: str = "") -> Iterator[Fault]:
    """The faults of the database at hand, for a role or whoever asks; on SQLite there is nothing that it could hold."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        tables: dict[str, bool] = dict(cursor.fetchall())
        cursor.execute(
            "SELECT c.relname, p.polname, obj_description(p.oid, 'pg_policy') FROM pg_policy p"
            " JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = 'public'::regnamespace"
        )
        policies = {(table, name): comment for table, name, comment in cursor.fetchall()}
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND NOT tgisinternal"
            " AND tgrelid IN (%s::regclass, %s::regclass)",
            [triggers.ENTRY, triggers.HEAD],
        )
        there = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = coalesce(nullif(%s, ''), current_user)",
            [role],
        )
        [passes_by] = cursor.fetchone() or [True]
    if passes_by:
        what = "the role that the service connects as passes row-level security by."
        yield Fault("PostgreSQL", what, "Name an ordinary role in REMIT_DATABASE.")
    yield from _of_policies(tables, policies)
    for trigger in sorted(triggers.NAMES - there):
        what = f"the trigger {trigger} of the audit log is missing or off."
        yield Fault("PostgreSQL", what, "Bring it back from a backup, and run 'remit audit verify'.")


def _of_policies(tables: dict[str, bool], policies: dict[tuple[str, str], str | None]) -> Iterator[Fault]:
    wanted: dict[tuple[str, str], str] = {}
    for model, visible in scoped_models():
        table = model._meta.db_table
        if not tables.get(table):
            yield Fault("PostgreSQL", f"row-level security is not forced on {table}.", _TO_DO)
        wanted |= {(table, name): mark(policy) for name, policy in policies_of(model, visible).items()}
    for (table, name), hash in wanted.items():
        if (table, name) not in policies:
            yield Fault("PostgreSQL", f"{table} lacks its policy {name}.", _TO_DO)
        elif policies[table, name] != hash:
            yield Fault("PostgreSQL", f"the policy {name} of {table} is not the one that its model asks for.", _TO_DO)
    for table, name in sorted(policies.keys() - wanted.keys()):
        yield Fault(
            "PostgreSQL", f"{table} has a policy {name} that no model asks for.", f"DROP POLICY {name} ON {table}"
        )
    known = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if hasattr(model, "visible") or model._meta.app_label in listed.THIRD_PARTY
    }
    for table in sorted(tables.keys() - known - _BESIDE):
        yield Fault("PostgreSQL", f"{table} is a table of no model.", "Remove it, or make a model of it.")
