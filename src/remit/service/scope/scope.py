"""What somebody at work may see. No row is read without it: `acting` sets it for a request, a job or a command."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar, Token
from dataclasses import dataclass, field, replace

from remit.core.problems import refuse
from remit.service.people.roles import Action, Role


@dataclass(frozen=True)
class Grant:
    """A role that somebody has, and the organisations (ids) in which it holds: the one appointed to and those below."""

    role: Role
    organisations: frozenset[int]


@dataclass(frozen=True)
class Scope:
    """What somebody may see, as ids of organisations.

    `own`: those the person is appointed to and those that these succeeded. `overseen`: those below, whose rows
    are seen under the conditions that each kind of row states. `former`: those that were below, or will be, and are not
    today; of their rows only those of the days when they are below are seen. `parents`: those above, of which only what
    they publish is seen. `consented`: whom a practice's consent must name for its figures to be seen. `patients`: the
    practices whose patients may be looked at, once a second factor was given. `everything` is for the service itself:
    setting up, signing in, the chain of the audit. `of_roles` is what each role sees by itself. `works_for`: the names
    of the organisations that the person is appointed to, in the order of the appointments.
    """

    person: int | None = None
    own: frozenset[int] = frozenset()
    overseen: frozenset[int] = frozenset()
    former: frozenset[int] = frozenset()
    parents: frozenset[int] = frozenset()
    consented: frozenset[int] = frozenset()
    patients: frozenset[int] = frozenset()
    grants: tuple[Grant, ...] = field(default=(), compare=False)
    everything: bool = False
    of_roles: tuple[tuple[Role, Scope], ...] = field(default=(), compare=False)
    works_for: tuple[str, ...] = field(default=(), compare=False)

    @property
    def seen(self) -> frozenset[int]:
        """Every organisation that is seen at all."""
        return self.own | self.overseen | self.former | self.parents

    @property
    def actions(self) -> frozenset[Action]:
        """All that may be done somewhere."""
        return frozenset(action for grant in self.grants for action in grant.role.actions)

    def may(self, action: Action, organisation: int | None = None) -> bool:
        """Whether an action may be done, in one organisation or, where none is named, in any."""
        return any(
            action in grant.role.actions and (organisation is None or organisation in grant.organisations)
            for grant in self.grants
        )

    def doing(self, action: Action) -> Scope:
        """What is seen while an action is done: what the roles that may do it see, and nothing by another role."""
        if self.everything:
            return self
        those = [seen for role, seen in self.of_roles if action in role.actions]
        whole = {"grants": self.grants, "of_roles": self.of_roles, "works_for": self.works_for}
        return replace(united(self.person, those), **whole)  # type: ignore[arg-type]


def united(person: int | None, scopes: Iterable[Scope]) -> Scope:
    """What several scopes of a person see together."""
    parts = tuple(scopes)
    own, overseen, former, parents, consented, patients = (
        frozenset[int]().union(*(getattr(one, name) for one in parts))
        for name in ("own", "overseen", "former", "parents", "consented", "patients")
    )
    overseen -= own
    former -= own | overseen
    parents -= own | overseen | former
    grants = tuple(grant for one in parts for grant in one.grants)
    return Scope(person, own, overseen, former, parents, consented, patients, grants)


NOBODY = Scope()
EVERYTHING = Scope(everything=True)

_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current() -> Scope:
    """The scope of what is being done. Raises Refused where nobody has set one: no row is read by default."""
    scope = _current.get()
    if scope is None:
        raise refuse("service.no-scope", "rows were asked for, and nobody has said for whom.", None, "Report it.")
    return scope


def current_or_nobody() -> Scope:
    """The scope of what is being done, or one that sees nothing."""
    return _current.get() or NOBODY


def put(scope: Scope) -> Token[Scope | None]:
    """Make a scope the current one. Only `acting` does."""
    return _current.set(scope)


def put_back(token: Token[Scope | None]) -> None:
    """Make the one before the current one again."""
    _current.reset(token)
