"""What the database itself holds of versions, on both databases.

Bytes, settings and what they are of change only while a version is a draft; a state follows the one before it; what is
published or withdrawn never changes; nothing is removed, and steps are only added. On SQLite a migration that makes the
table anew loses its triggers: put them in place again there.
"""

from typing import Any

from django.db import migrations

_FIXED = ("organisation_id", "scheme_id", "version", "corrects_id", "reason")
_OF_DRAFTS = ("content", "sha256", "settings", "file_name")
_WAYS = (
    ("draft", "draft"), ("draft", "submitted"), ("draft", "withdrawn"), ("submitted", "draft"),
    ("submitted", "approved"), ("approved", "draft"), ("approved", "published"),
)  # fmt: skip
_TABLE, _STEPS = "register_schemeversion", "register_schemestep"


def _conditions(differ: str) -> list[tuple[str, str]]:
    """What of an update is refused, with what is said."""
    fixed = " OR ".join(f"OLD.{name} {differ} NEW.{name}" for name in _FIXED)
    of_drafts = " OR ".join(f"OLD.{name} {differ} NEW.{name}" for name in _OF_DRAFTS)
    ways = " OR ".join(f"(OLD.state = '{old}' AND NEW.state = '{new}')" for old, new in _WAYS)
    return [
        ("OLD.state IN ('published', 'withdrawn')", "a published or withdrawn version never changes"),
        (f"NOT ({ways})", "a version cannot go from that state to this one"),
        (fixed, "a version stays that of its scheme"),
        (f"OLD.state <> 'draft' AND ({of_drafts})", "a text changes only while it is a draft"),
    ]


def _sqlite() -> list[str]:
    made = []
    for number, (condition, words) in enumerate(_conditions("IS NOT"), 1):
        made.append(
            f"CREATE TRIGGER {_TABLE}_keeps_{number} BEFORE UPDATE ON {_TABLE} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )
    made.append(
        f"CREATE TRIGGER {_TABLE}_begins BEFORE INSERT ON {_TABLE} WHEN NEW.state <> 'draft' "
        "BEGIN SELECT RAISE(ABORT, 'a version begins as a draft'); END"
    )
    for table, event in ((_TABLE, "DELETE"), (_STEPS, "DELETE"), (_STEPS, "UPDATE")):
        made.append(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'nothing of the register is removed'); END"
        )
    return made


def _postgresql() -> list[str]:
    tests = "\n".join(
        f"IF {condition} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        for condition, words in _conditions("IS DISTINCT FROM")
    )

    def function(name: str, body: str) -> str:
        return (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public "
            f"AS $$ BEGIN {body} RETURN NEW; END $$"
        )

    def refused(words: str) -> str:
        return f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation';"

    begins = f"IF NEW.state <> 'draft' THEN {refused('a version begins as a draft')} END IF;"
    return [
        function("remit_register_keeps", tests),
        function("remit_register_begins", begins),
        function("remit_register_refuses", refused("nothing of the register is removed")),
        f"CREATE TRIGGER keeps BEFORE UPDATE ON {_TABLE} FOR EACH ROW EXECUTE FUNCTION remit_register_keeps()",
        f"CREATE TRIGGER begins BEFORE INSERT ON {_TABLE} FOR EACH ROW EXECUTE FUNCTION remit_register_begins()",
        f"CREATE TRIGGER no_delete BEFORE DELETE ON {_TABLE} FOR EACH ROW EXECUTE FUNCTION remit_register_refuses()",
        f"CREATE TRIGGER adds BEFORE UPDATE OR DELETE ON {_STEPS} FOR EACH ROW "
        "EXECUTE FUNCTION remit_register_refuses()",
    ]


def put_in_place(apps: Any, schema_editor: Any) -> None:
    """The triggers of the database that this is."""
    for sql in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]
    operations = [migrations.RunPython(put_in_place, elidable=False)]
