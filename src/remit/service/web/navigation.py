"""The menu of every page: what a person's roles may open, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse

from remit.service.people.roles import Action
from remit.service.scope.scope import Scope


@dataclass(frozen=True)
class Link:
    """An entry of the menu: its words, the name of its address, the action that opens it, and what is there.

    The last, a short sentence, stands on the first page.
    """

    text: str
    name: str
    action: Action | None = None
    about: str = ""
    href: str = ""
    current: bool = False


MENU = (
    Link("Home", "home"),
    Link("The year", "year", Action.SEE_YEAR, "Offers, declarations and payments: where each stands, what is next."),
    Link("Statements", "statements", Action.SEE_STATEMENTS, "What each practice has earned so far, and how."),
    Link("Positions", "positions", Action.SEE_STATEMENTS, "Earned so far, paid when, what moved, month by month."),
    Link("Overview", "overviews", Action.SEE_OVERVIEW, "All practices and items at a glance."),
    Link("Offers", "offers", Action.SEE_YEAR, "Which schemes were offered to whom, who answered, and who takes part."),
    Link("Schemes", "schemes", Action.SEE_SCHEMES, "What each scheme of your area pays, and what became of it."),
    Link("Declarations", "declarations", Action.SEE_YEAR, "What practices declare, and what waits for approval."),
    Link("Figures", "figures", Action.SEE_EXTRACTS, "What came in, who is late, and what moved."),
    Link("Calendar", "calendars", Action.SEE_YEAR, "What is due when, who is late, and who takes part in what."),
    Link("Payments", "runs", Action.SEE_BOOKS, "Payment runs and their release, and who pays back."),
    Link("Books", "books", Action.SEE_BOOKS, "What the accounts stand at, accruals, adjustments, closing a month."),
    Link("People", "people", Action.INVITE_PEOPLE, "Who has which role where. Invite people, give and end roles."),
    Link("Roles", "roles", None, "What each role may do, and which one person does not hold together."),
    Link("Audit log", "audit", Action.SEE_AUDIT, "What was decided, changed and looked at, and by whom."),
    Link("Organisations", "organisations", Action.SEE_ORGANISATIONS, "Who belongs to whom, and from which day on."),
    Link("Consent", "consents", Action.SEE_CONSENT, "Which practices share their counts, and with whom."),
)
"""In the order of the menu. Whoever adds a page that people start from adds its line here."""


def links(request: HttpRequest, scope: Scope) -> Iterator[Link]:
    """The entries that somebody may open; the one whose page is shown, or is above it, is marked."""
    for link in MENU:
        if link.action is None or scope.may(link.action):
            href = reverse(link.name)
            is_current = request.path == href or (link.name != "home" and request.path.startswith(href))
            yield replace(link, href=href, current=is_current)


def works_for(scope: Scope) -> str:
    """Where somebody works, in a few words: the organisation of their role, and how many others there are."""
    if not scope.works_for:
        return ""
    others = len(scope.works_for) - 1
    return scope.works_for[0] + (f" and {others} other{'s' if others > 1 else ''}" if others else "")
