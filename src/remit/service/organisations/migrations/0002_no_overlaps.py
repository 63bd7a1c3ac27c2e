"""The database itself refuses two memberships in the same kind of parent on one day, whatever wrote them."""

from typing import Any

from django.db import migrations

SAME = """SELECT 1 FROM organisations_membership o WHERE o.member_id = NEW.member_id
    AND o.parent_kind = NEW.parent_kind AND o.id <> coalesce(NEW.id, -1)
    AND o.since <= coalesce(NEW.until, '9999-12-31') AND coalesce(o.until, '9999-12-31') >= NEW.since"""

POSTGRESQL = """
ALTER TABLE organisations_membership ADD CONSTRAINT membership_no_overlap EXCLUDE USING gist (
  int8range(member_id, member_id, '[]') WITH &&,
  int4range(
    CASE parent_kind WHEN 'commissioner' THEN 1 WHEN 'place' THEN 2 WHEN 'network' THEN 3 ELSE 4 END,
    CASE parent_kind WHEN 'commissioner' THEN 1 WHEN 'place' THEN 2 WHEN 'network' THEN 3 ELSE 4 END, '[]') WITH &&,
  daterange(since, until, '[]') WITH &&)
"""


def forwards(apps: Any, editor: Any) -> None:
    """A constraint on PostgreSQL, two triggers on SQLite."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL)
        return
    for when in ("INSERT", "UPDATE"):
        editor.execute(
            f"CREATE TRIGGER membership_no_overlap_{when.lower()} AFTER {when} ON organisations_membership"
            f" WHEN EXISTS ({SAME})"
            " BEGIN SELECT RAISE(ABORT, 'constraint failed: membership_no_overlap'); END"
        )


def backwards(apps: Any, editor: Any) -> None:
    """Without them again."""
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE organisations_membership DROP CONSTRAINT membership_no_overlap")
        return
    for when in ("insert", "update"):
        editor.execute(f"DROP TRIGGER membership_no_overlap_{when}")


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
