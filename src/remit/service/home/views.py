"""The first page after signing in, the statements, and the overview."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from remit.documents.render.html import fragment
from remit.service.access import page, signed_in
from remit.service.home import (
    beginning,
    consent,
    declarations,
    downloads,
    figures,
    invitations,
    money,
    news,
    offers,
    overviews,
    reminded,
    schemes,
    statements,
)
from remit.service.home.reading import home_of
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current


@signed_in
def home(request: HttpRequest) -> HttpResponseBase:
    """What waits for the person, what is new, and where to go."""
    waiting = (
        (Action.CHANGE_ORGANISATIONS, beginning.waiting),
        (Action.MAKE_OFFERS, offers.lapsed),
        (Action.GIVE_CONSENT, consent.waiting),
        (Action.MANAGE_PEOPLE, invitations.waiting),
        (Action.SEE_YEAR, declarations.waiting),
        (Action.DECLARE, money.of_practice),
        (Action.KEEP_BOOKS, money.of_finance),
        (Action.SEE_EXTRACTS, figures.waiting),
        (Action.SEE_SCHEMES, schemes.waiting),
        (Action.SEE_YEAR, reminded.waiting),
    )
    new = (
        (Action.SEE_STATEMENTS, news.of_statements),
        (Action.SEE_OVERVIEW, news.of_overviews),
        (Action.SEE_SCHEMES, schemes.published),
    )
    return render(request, "home/home.html", {"home": home_of(waiting, new)})


@page(Action.SEE_STATEMENTS)
def statement_list(request: HttpRequest) -> HttpResponseBase:
    """The latest statement of each practice and scheme; the statement itself where there is one alone."""
    found = statements.newest_of_each(statements.standing())
    if len(found) == 1:
        return redirect("statement", found[0].practice.code, found[0].extract_id)
    return render(request, "home/statements.html", {"found": found})


@page(Action.SEE_STATEMENTS, organisation="practice")
def statement(request: HttpRequest, practice: Organisation, extract: int) -> HttpResponseBase:
    """A practice's statement, provisional until the practice has declared its figures."""
    found = statements.statement_of(practice, extract)
    if found is None:
        raise Http404
    others = statements.standing().filter(practice=practice).exclude(extract=extract)
    shown = {"statement": found, "document": fragment(found.document), "others": list(others)}
    shown["stands"] = statements.stands(found.figures)
    return render(request, "home/statement.html", shown)


@page(Action.SEE_STATEMENTS, organisation="practice")
def statement_file(request: HttpRequest, practice: Organisation, extract: int, ending: str) -> HttpResponseBase:
    """The statement as a file."""
    found = statements.statement_of(practice, extract)
    if found is None or ending not in downloads.KINDS:
        raise Http404
    return downloads.download(found, ending)


@page(Action.SEE_OVERVIEW)
def overview_list(request: HttpRequest) -> HttpResponseBase:
    """The latest extract of each commissioner and scheme; its overview where there is one alone."""
    found = overviews.newest_of_each(overviews.extracts())
    if len(found) == 1:
        return redirect("overview", found[0].pk)
    return render(request, "home/overviews.html", {"found": found})


@page(Action.SEE_OVERVIEW)
def overview(request: HttpRequest, extract: int) -> HttpResponseBase:
    """What an extract came to, of the practices whose figures are shared with whoever looks."""
    standing = list(overviews.extracts())
    found = next((one for one in standing if one.pk == extract), None)
    if found is None:
        raise Http404
    shared = overviews.shared_of(found, current())
    same = [one for one in standing if one.scheme_version.scheme_id == found.scheme_version.scheme_id]
    document = shared.assembled.fragment if shared.assembled else None
    shown = {"shared": shared, "document": document, "others": [one for one in same if one.pk != extract]}
    return render(request, "home/overview.html", shown)
