"""Under what condition a row of an organisation is seen: once as a filter of Django's, once as SQL for PostgreSQL.

Both are made from the same few words, and the tests hold them equal on generated rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from remit.service.scope.scope import Scope


class Condition(Protocol):
    """What must hold of a row, beside whose it is."""

    def q(self, scope: Scope) -> Q:
        """As a filter."""
        ...

    def sql(self, table: str) -> str:
        """As SQL over the columns of a table."""
        ...


@dataclass(frozen=True)
class Always:
    """Whatever the row says."""

    def q(self, scope: Scope) -> Q:
        return Q()

    def sql(self, table: str) -> str:
        return "true"


@dataclass(frozen=True)
class Never:
    """No row."""

    def q(self, scope: Scope) -> Q:
        return Q(pk__in=[])

    def sql(self, table: str) -> str:
        return "false"


@dataclass(frozen=True)
class FieldIs:
    """A column of text holds one of some values."""

    column: str
    values: tuple[str, ...]

    def q(self, scope: Scope) -> Q:
        return Q(**{f"{self.column}__in": self.values})

    def sql(self, table: str) -> str:
        values = ", ".join("'" + value.replace("'", "''") + "'" for value in self.values)
        return f'"{table}"."{self.column}" IN ({values})'


@dataclass(frozen=True)
class InPart:
    """A column names an organisation that is in some part of the scope."""

    column: str
    part: str

    def q(self, scope: Scope) -> Q:
        return Q(**{f"{self.column}__in": getattr(scope, self.part)})

    def sql(self, table: str) -> str:
        return f'"{table}"."{self.column}" = ANY ((SELECT remit_scope(\'{self.part}\'))::bigint[])'


@dataclass(frozen=True)
class InAny:
    """A column names an organisation that is in one of some parts of the scope."""

    column: str
    parts: tuple[str, ...]

    def q(self, scope: Scope) -> Q:
        ids = frozenset[int]().union(*(getattr(scope, part) for part in self.parts))
        return Q(**{f"{self.column}__in": ids})

    def sql(self, table: str) -> str:
        return "(" + " OR ".join(InPart(self.column, part).sql(table) for part in self.parts) + ")"


@dataclass(frozen=True)
class UnderConsent:
    """The row's practice had consented, on the row's day, to share such data with whom the scope relies on."""

    practice: str
    day: str
    covers: str = "counts"

    def q(self, scope: Scope) -> Q:
        consents = apps.get_model("consents", "Consent").unscoped_for_conditions()
        there = consents.filter(
            Q(until__isnull=True) | Q(until__gte=OuterRef(self.day)),
            Q(withdrawn__isnull=True) | Q(withdrawn__gt=OuterRef(self.day)),
            practice_id=OuterRef(self.practice),
            to_id__in=scope.consented,
            covers=self.covers,
            since__lte=OuterRef(self.day),
        )
        return Q(Exists(there))

    def sql(self, table: str) -> str:
        day = f'"{table}"."{self.day}"'
        return (
            f'EXISTS (SELECT 1 FROM consents_consent c WHERE c.practice_id = "{table}"."{self.practice}"'
            f" AND c.to_id = ANY ((SELECT remit_scope('consented'))::bigint[]) AND c.covers = '{self.covers}'"
            f" AND c.since <= {day} AND (c.until IS NULL OR c.until >= {day})"
            f" AND (c.withdrawn IS NULL OR c.withdrawn > {day}))"
        )


ALWAYS, NEVER = Always(), Never()
OF_COMMISSIONER = InAny("organisation_id", ("own", "parents"))
"""The row's commissioner is whoever looks, or is above them: what another commissioner agreed with it is not seen."""


@dataclass(frozen=True)
class Visible:
    """Whose rows a model holds, and who sees them.

    `by` is the model's own column that names the organisation (`practice_id`; `id` for organisations themselves).
    `own`, `overseen`, `former` and `parents` state the condition for rows of each part of a scope; `person` is a column
    of a person who sees the row whatever the organisation. Rows of former members are seen by nobody above, except
    where the model says so, and rows that rest on consent on their day. With `written_by_service` no person's scope may
    write a row.
    """

    by: str
    own: Condition = ALWAYS
    overseen: Condition = ALWAYS
    former: Condition | None = None
    parents: Condition = NEVER
    person: str = ""
    written_by_service: bool = False

    @property
    def parts(self) -> tuple[tuple[str, Condition], ...]:
        """The parts of a scope, each with the condition for its rows."""
        former = self.former or (self.overseen if isinstance(self.overseen, UnderConsent) else NEVER)
        return ("own", self.own), ("overseen", self.overseen), ("former", former), ("parents", self.parents)

    def q(self, scope: Scope) -> Q:
        """The rows that a scope sees."""
        if scope.everything:
            return Q()
        seen = Q(pk__in=[])
        for part, condition in self.parts:
            ids = getattr(scope, part)
            if ids and condition != NEVER:
                seen |= Q(**{f"{self.by}__in": ids}) & condition.q(scope)
        if self.person and scope.person is not None:
            seen |= Q(**{self.person: scope.person})
        return seen

    def may_write(self, scope: Scope, organisation: int | None) -> bool:
        """Whether a row of an organisation may be written."""
        if scope.everything or self.written_by_service:
            return scope.everything
        return organisation in scope.own or organisation in scope.overseen

    def read_sql(self, table: str) -> str:
        """The same as SQL, for a policy on reading."""
        parts = [
            f'("{table}"."{self.by}" = ANY ((SELECT remit_scope(\'{part}\'))::bigint[]) AND {condition.sql(table)})'
            for part, condition in self.parts
            if condition != NEVER
        ]
        if self.person:
            parts.append(f'"{table}"."{self.person}" = ANY ((SELECT remit_scope(\'person\'))::bigint[])')
        return " OR ".join(("(SELECT remit_scope_is_everything())", *parts))

    def write_sql(self, table: str) -> str:
        """SQL for a policy on writing."""
        if self.written_by_service:
            return "(SELECT remit_scope_is_everything())"
        own, overseen = (
            f'"{table}"."{self.by}" = ANY ((SELECT remit_scope(\'{part}\'))::bigint[])' for part in ("own", "overseen")
        )
        return f"(SELECT remit_scope_is_everything()) OR {own} OR {overseen}"


@dataclass(frozen=True)
class NotScoped:
    """A model whose rows belong to no organisation, and why nobody can read another's through it."""

    reason: str


__all__ = [
    "ALWAYS",
    "NEVER",
    "Always",
    "Condition",
    "FieldIs",
    "InAny",
    "InPart",
    "Never",
    "NotScoped",
    "UnderConsent",
    "Visible",
]
