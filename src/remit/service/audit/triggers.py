"""What the databases themselves hold of the audit log, whoever sends them SQL: entries are added, and nothing else.

An entry's number follows the head's and names its hash; with it the head moves, and it moves by nothing else. No entry
is changed or removed. On PostgreSQL only the tables' owner can take the triggers away, which the service's role is not;
on SQLite whoever can write the file can, and `remit audit verify` finds what was changed.
"""

from __future__ import annotations

ENTRY, HEAD = "audit_entry", "audit_head"

_NO = "entries of the audit log are only ever added"
_NOT_NEXT = "an entry of the audit log follows the last one"
_NO_HEAD = "the head of the audit log moves with an entry"

POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$;
CREATE OR REPLACE FUNCTION audit_is_next() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.{HEAD} WHERE number = NEW.number - 1 AND hash = NEW.before) THEN
    RAISE EXCEPTION '{_NOT_NEXT}';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION audit_move_head() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN
  UPDATE public.{HEAD} SET number = NEW.number, hash = NEW.hash;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION audit_head_moves() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN
  IF NEW IS DISTINCT FROM OLD AND NOT (NEW.id = OLD.id AND NEW.number = OLD.number + 1 AND EXISTS (
    SELECT 1 FROM public.{ENTRY} WHERE number = NEW.number AND hash = NEW.hash AND before = OLD.hash)) THEN
    RAISE EXCEPTION '{_NO_HEAD}';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON {ENTRY}
  FOR EACH ROW EXECUTE FUNCTION audit_refuse('{_NO}');
CREATE TRIGGER audit_kept_whole BEFORE TRUNCATE ON {ENTRY}
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse('{_NO}');
CREATE TRIGGER audit_next BEFORE INSERT ON {ENTRY} FOR EACH ROW EXECUTE FUNCTION audit_is_next();
CREATE TRIGGER audit_moves AFTER INSERT ON {ENTRY} FOR EACH ROW EXECUTE FUNCTION audit_move_head();
CREATE TRIGGER audit_head_kept BEFORE INSERT OR DELETE ON {HEAD}
  FOR EACH ROW EXECUTE FUNCTION audit_refuse('{_NO_HEAD}');
CREATE TRIGGER audit_head_kept_whole BEFORE TRUNCATE ON {HEAD}
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse('{_NO_HEAD}');
CREATE TRIGGER audit_head_moves BEFORE UPDATE ON {HEAD} FOR EACH ROW EXECUTE FUNCTION audit_head_moves();
"""

_ON = {
    "audit_kept": ENTRY,
    "audit_kept_whole": ENTRY,
    "audit_next": ENTRY,
    "audit_moves": ENTRY,
    "audit_head_kept": HEAD,
    "audit_head_kept_whole": HEAD,
    "audit_head_moves": HEAD,
}
NAMES = frozenset(_ON)
"""The triggers of PostgreSQL."""

ENABLED = "".join(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger};\n" for trigger, table in _ON.items())
"""So that they hold for a replica's session too."""

POSTGRESQL_BACK = (
    "".join(f"DROP TRIGGER {trigger} ON {table};\n" for trigger, table in _ON.items())
    + "DROP FUNCTION audit_refuse(), audit_is_next(), audit_move_head(), audit_head_moves();"
)

# An INSERT OR REPLACE removes rows and fires no trigger for it: so a number, a hash or an id that is there is refused.
SQLITE = {
    "audit_no_change": f"BEFORE UPDATE ON {ENTRY} BEGIN SELECT RAISE(ABORT, '{_NO}'); END",
    "audit_no_removal": f"BEFORE DELETE ON {ENTRY} BEGIN SELECT RAISE(ABORT, '{_NO}'); END",
    "audit_next": f"""BEFORE INSERT ON {ENTRY} BEGIN
  SELECT RAISE(ABORT, '{_NOT_NEXT}') WHERE NOT EXISTS (
    SELECT 1 FROM {HEAD} WHERE number = NEW.number - 1 AND hash = NEW.before);
  SELECT RAISE(ABORT, '{_NO}') WHERE EXISTS (
    SELECT 1 FROM {ENTRY} WHERE id = NEW.id OR number = NEW.number OR hash = NEW.hash);
END""",
    "audit_moves": f"AFTER INSERT ON {ENTRY} BEGIN UPDATE {HEAD} SET number = NEW.number, hash = NEW.hash; END",
    "audit_head_not_added": f"BEFORE INSERT ON {HEAD} BEGIN SELECT RAISE(ABORT, '{_NO_HEAD}'); END",
    "audit_head_not_removed": f"BEFORE DELETE ON {HEAD} BEGIN SELECT RAISE(ABORT, '{_NO_HEAD}'); END",
    "audit_head_moves": f"""BEFORE UPDATE ON {HEAD} BEGIN
  SELECT RAISE(ABORT, '{_NO_HEAD}') WHERE NOT (
    (NEW.id = OLD.id AND NEW.number = OLD.number AND NEW.hash = OLD.hash)
    OR (NEW.id = OLD.id AND NEW.number = OLD.number + 1 AND EXISTS (
      SELECT 1 FROM {ENTRY} WHERE number = NEW.number AND hash = NEW.hash AND before = OLD.hash)));
END""",
}


def sqlite() -> list[str]:
    """The statements that make the triggers on SQLite."""
    return [f"CREATE TRIGGER {name} {body}" for name, body in SQLITE.items()]


def sqlite_back() -> list[str]:
    """The statements that take them away."""
    return [f"DROP TRIGGER {name}" for name in SQLITE]
