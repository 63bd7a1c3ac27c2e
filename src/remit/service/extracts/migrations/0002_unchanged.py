"""What the database itself holds: an extract that is decided never changes, nor do its figures; nothing is removed.

A restore only adds rows, so nothing is refused of those. On SQLite a migration that makes a table anew loses its
triggers: put them in place again there.
"""

from typing import Any

from django.db import migrations

_EXTRACT = "extracts_extract"
_FIGURES = ("extracts_practicefigures", "extracts_practicecopy")
_DECIDED = "OLD.state IN ('accepted', 'refused', 'cancelled')"
_FIXED = (
    "organisation_id", "number", "scheme_version_id", "day", "sha256", "files", "folder", "received", "received_by_id",
    "supersedes_id", "reason", "settings", "has_evidence",
)  # fmt: skip
_WORDS = "an extract that is decided never changes, and none changes what came in"


def _sqlite() -> list[str]:
    fixed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _FIXED)
    made = [
        f"CREATE TRIGGER {_EXTRACT}_keeps BEFORE UPDATE ON {_EXTRACT} WHEN {_DECIDED} OR {fixed} "
        f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    ]
    events = [(_EXTRACT, "DELETE"), *((table, event) for table in _FIGURES for event in ("UPDATE", "DELETE"))]
    for table, event in events:
        made.append(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'figures that came in are never changed or removed'); END"
        )
    return made


def _postgresql() -> list[str]:
    fixed = " OR ".join(f"OLD.{name}::text IS DISTINCT FROM NEW.{name}::text" for name in _FIXED)

    def function(name: str, body: str) -> str:
        return (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public "
            f"AS $$ BEGIN {body} RETURN NEW; END $$"
        )

    def refused(words: str) -> str:
        return f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation';"

    made = [
        function("remit_extracts_keeps", f"IF {_DECIDED} OR {fixed} THEN {refused(_WORDS)} END IF;"),
        function("remit_extracts_refuses", refused("figures that came in are never changed or removed")),
        f"CREATE TRIGGER keeps BEFORE UPDATE ON {_EXTRACT} FOR EACH ROW EXECUTE FUNCTION remit_extracts_keeps()",
        f"CREATE TRIGGER no_delete BEFORE DELETE ON {_EXTRACT} FOR EACH ROW EXECUTE FUNCTION remit_extracts_refuses()",
    ]
    return made + [
        f"CREATE TRIGGER keeps BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
        "EXECUTE FUNCTION remit_extracts_refuses()"
        for table in _FIGURES
    ]


def put_in_place(apps: Any, schema_editor: Any) -> None:
    """The triggers of the database that this is."""
    for sql in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("extracts", "0001_initial")]
    operations = [migrations.RunPython(put_in_place, elidable=False)]
