"""The database itself refuses two consents of a practice to one organisation for the same day."""

from typing import Any

from django.db import migrations

FIRST_AFTER = "min(coalesce(date({0}.until, '+1 day'), '9999-12-31'), coalesce({0}.withdrawn, '9999-12-31'))"
SAME = f"""SELECT 1 FROM consents_consent o WHERE o.practice_id = NEW.practice_id AND o.to_id = NEW.to_id
    AND o.covers = NEW.covers AND o.id <> coalesce(NEW.id, -1)
    AND NEW.since < {FIRST_AFTER.format("NEW")} AND o.since < {FIRST_AFTER.format("o")}
    AND o.since < {FIRST_AFTER.format("NEW")} AND {FIRST_AFTER.format("o")} > NEW.since"""

POSTGRESQL = """
ALTER TABLE consents_consent ADD CONSTRAINT consent_no_overlap EXCLUDE USING gist (
  int8range(practice_id, practice_id, '[]') WITH &&,
  int8range(to_id, to_id, '[]') WITH &&,
  int8range(hashtext(covers), hashtext(covers), '[]') WITH &&,
  daterange(since, LEAST(until + 1, withdrawn), '[)') WITH &&)
"""


def forwards(apps: Any, editor: Any) -> None:
    """A constraint on PostgreSQL, two triggers on SQLite."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL)
        return
    for when in ("INSERT", "UPDATE"):
        editor.execute(
            f"CREATE TRIGGER consent_no_overlap_{when.lower()} AFTER {when} ON consents_consent"
            f" WHEN EXISTS ({SAME})"
            " BEGIN SELECT RAISE(ABORT, 'constraint failed: consent_no_overlap'); END"
        )


def backwards(apps: Any, editor: Any) -> None:
    """Without them again."""
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE consents_consent DROP CONSTRAINT consent_no_overlap")
        return
    for when in ("insert", "update"):
        editor.execute(f"DROP TRIGGER consent_no_overlap_{when}")


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
