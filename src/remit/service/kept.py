"""What both databases hold by themselves of tables whose rows may not change: triggers that migrations put in place.

A restore goes without triggers, and puts them back. On SQLite a migration that makes a table anew loses its triggers:
put them in place again there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OnlyAdded:
    """Rows of a table are added, and never changed or removed. `once` are columns that together tell a row from all
    others, beside its id."""

    table: str
    once: tuple[tuple[str, ...], ...] = ()

    def sqlite(self) -> list[str]:
        """An INSERT OR REPLACE removes rows and fires no trigger for it: so what is there already is refused."""
        same = " OR ".join(
            f"({' AND '.join(f'{name} = NEW.{name}' for name in names)})" for names in (("id",), *self.once)
        )
        no = f"BEGIN SELECT RAISE(ABORT, 'rows of {self.table} are only ever added'); END"
        return [
            f"CREATE TRIGGER {self.table}_no_update BEFORE UPDATE ON {self.table} {no}",
            f"CREATE TRIGGER {self.table}_no_delete BEFORE DELETE ON {self.table} {no}",
            f"CREATE TRIGGER {self.table}_no_replace BEFORE INSERT ON {self.table}"
            f" WHEN EXISTS (SELECT 1 FROM {self.table} WHERE {same}) {no}",
        ]

    def postgresql(self) -> list[str]:
        return _postgresql(self.table, "UPDATE OR DELETE", "", f"rows of {self.table} are only ever added")


@dataclass(frozen=True)
class NotRemoved:
    """Rows of a table are never removed; of those where `final` holds of the old row nothing changes any more, and
    `fixed` columns never do."""

    table: str
    final: str = ""
    fixed: tuple[str, ...] = ()

    @property
    def _words(self) -> str:
        return f"what is decided in {self.table} is never changed, and nothing is removed"

    def _refused(self, differ: str, as_text: str) -> str:
        changed = [f"OLD.{name}{as_text} {differ} NEW.{name}{as_text}" for name in self.fixed]
        return " OR ".join([*([f"({self.final})"] if self.final else []), *changed])

    def sqlite(self) -> list[str]:
        no = f"BEGIN SELECT RAISE(ABORT, '{self._words}'); END"
        made = [
            f"CREATE TRIGGER {self.table}_no_delete BEFORE DELETE ON {self.table} {no}",
            f"CREATE TRIGGER {self.table}_no_replace BEFORE INSERT ON {self.table}"
            f" WHEN EXISTS (SELECT 1 FROM {self.table} WHERE id = NEW.id) {no}",
        ]
        if refused := self._refused("IS NOT", ""):
            made.append(f"CREATE TRIGGER {self.table}_keeps BEFORE UPDATE ON {self.table} WHEN {refused} {no}")
        return made

    def postgresql(self) -> list[str]:
        refused = self._refused("IS DISTINCT FROM", "::text")
        made = _postgresql(self.table, "DELETE", "", self._words)
        return made + (_postgresql(self.table, "UPDATE", refused, self._words, "keeps_") if refused else [])


def _postgresql(table: str, events: str, when: str, words: str, prefix: str = "") -> list[str]:
    """A trigger for each row, always enabled; and one against TRUNCATE."""
    name = f"{prefix}{table}"
    refuse = f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation';"
    body = f"IF {when} THEN {refuse} END IF; RETURN NEW;" if when else refuse
    row = f"{name}_row"
    made = [
        f"CREATE FUNCTION {name}_refuses() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public"
        f" AS $$ BEGIN {body} END $$",
        f"CREATE TRIGGER {row} BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}_refuses()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {row}",
    ]
    if not when:
        made += [
            f"CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
            f" EXECUTE FUNCTION {name}_refuses()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}_whole",
        ]
    return made


def put_in_place(
    kept: Iterable[OnlyAdded | NotRemoved], sqlite: Sequence[str] = (), postgresql: Sequence[str] = ()
) -> Callable[[Any, Any], None]:
    """For a migration's RunPython: the triggers of the database that it is, with those that are written by hand."""
    every = tuple(kept)

    def put(apps: Any, editor: Any) -> None:
        is_postgresql = editor.connection.vendor == "postgresql"
        for one in every:
            for sql in one.postgresql() if is_postgresql else one.sqlite():
                editor.execute(sql, params=None)
        for sql in postgresql if is_postgresql else sqlite:
            editor.execute(sql, params=None)

    return put
