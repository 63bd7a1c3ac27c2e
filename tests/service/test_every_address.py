"""Every address x every role x the own and another organisation: what comes back follows from the address's access.

Nothing here knows a page: the URL table says which addresses there are, `access` who may open them, `addresses.py` what
stands in their arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.service.addresses import (
    ABSENT,
    ARGUMENTS,
    CODES,
    WITH_FIGURES,
    World,
    addresses,
    part_of,
    path_of,
    somebody,
    world,
)
from tests.service.area import Area, signed_in

from remit.service.access import Access
from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.people.roles import ROLES
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.check_addresses import Address
from remit.service.scope.scope import Scope

TODAY = date(2026, 11, 28)
ANSWERS = {200, 302, 400, 405, 409, 429}
"""What an open page answers: shown, sent on, or no such method or form."""

AREAS = sorted({address.area or "home" for address in addresses()})


def _of(area: str) -> list[Address]:
    return [address for address in addresses() if (address.area or "home") == area]


def test_every_argument_has_a_maker() -> None:
    missing = [
        f"{address.area}/{name}"
        for address in addresses()
        for name in address.arguments
        if not {f"{address.area}/{name}", f"{address.name}/{name}"} & ARGUMENTS.keys()
    ]
    assert not missing, f"say in tests/service/addresses.py (ARGUMENTS) what stands in {', '.join(missing)}"


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser: who, with which scope, and in which session."""

    name: str
    person: Person | None
    scope: Scope
    client: Client
    second_factor: bool


def _ask(client: Client, method: str, path: str) -> HttpResponse | Exception:
    """What comes back; whatever it did is undone."""
    try:
        with transaction.atomic():
            answer: HttpResponse = client.generic(method, path)  # type: ignore[assignment]
            if not answer.streaming:
                transaction.set_rollback(True)
                return answer
            answer.getvalue()
            transaction.set_rollback(True)
            return answer
    except Exception as error:
        return error


def _status(answer: HttpResponse | Exception) -> int:
    return 500 if isinstance(answer, Exception) else answer.status_code


def _visitors(area: Area, second_factor: bool = True) -> Iterator[Visitor]:
    for role in ROLES:
        person = somebody(role, area)
        scope = reach.of_person(person, TODAY, second_factor)
        yield Visitor(role, person, scope, signed_in(person, second_factor), second_factor)
    nobody = Person.objects.create(email="no.role@example.org", name="No role", password="!")
    yield Visitor("no role", nobody, reach.of_person(nobody, TODAY, True), signed_in(nobody), True)
    yield Visitor("nobody", None, Scope(), Client(), False)


def _expected(access: Access, visitor: Visitor, address: Address, values: dict[str, str], whose: str) -> set[int]:
    """What may come back, from the access that the view declares and the visitor's scope alone."""
    if access.public:
        return ANSWERS | {404}
    if visitor.person is None:
        return {302}
    if access.second_factor and not visitor.second_factor and _needs_factor(visitor.scope):
        return {302}
    if access.organisation:
        code = values[part_of(address, access.organisation)]
        with acting(visitor.scope):
            found = Organisation.objects.filter(code=code).first()
        if found is None:
            return {404}
        if access.action is not None and not visitor.scope.may(access.action, found.pk):
            return {403}
    elif access.action is not None and not visitor.scope.may(access.action):
        return {403}
    if address.arguments and whose != "own":
        return {404, 405}
    return ANSWERS | ({404} if address.arguments or address.path in NEVER_OPEN else set())


def _needs_factor(scope: Scope) -> bool:
    return any(grant.role.needs_second_factor for grant in scope.grants)


def _is_sent(answer: HttpResponse | Exception, to: str) -> bool:
    return isinstance(answer, HttpResponse) and answer.headers.get("Location", "").partition("?")[0] == to


def _wording(answer: HttpResponse | Exception, path: str) -> str:
    """A page without what is another in each answer: the token, and the address that was typed."""
    assert isinstance(answer, HttpResponse)
    text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", answer.content.decode())
    return text.replace(path, "*")


@pytest.mark.parametrize("area", AREAS)
def test_every_role_at_every_address(area: str, board: Area, tmp_path: Path) -> None:
    made = world(board, tmp_path if area in WITH_FIGURES else None)
    wrong, opened = [], set()
    for visitor in _visitors(board):
        for address in _of(area):
            assert address.access is not None
            for method in ("GET", "POST"):
                answers = {}
                for whose, values in (("own", made.own), ("other", made.other), ("absent", made.own | ABSENT)):
                    if whose != "own" and not address.arguments:
                        continue
                    answer = answers[whose] = _ask(visitor.client, method, path_of(address, values))
                    expected = _expected(address.access, visitor, address, values, whose)
                    status = _status(answer)
                    if status not in expected:
                        wrong.append(f"{visitor.name}: {method} {whose} {address.path}: {status} {expected} {answer!r}")
                    elif whose == "own" and status in ANSWERS - {405}:
                        opened.add(address.path)
                    if visitor.person is None and not address.access.public and not _is_sent(answer, "/sign-in/"):
                        wrong.append(f"nobody: {method} {address.path} is not sent to the sign-in")
                if [_status(answers[one]) for one in ("other", "absent") if one in answers] == [404, 404] and _wording(
                    answers["other"], path_of(address, made.other)
                ) != _wording(answers["absent"], path_of(address, made.own | ABSENT)):
                    wrong.append(f"{visitor.name}: {method} {address.path}: another's is not as one that is not there")
    assert not wrong, "\n".join(wrong)
    closed = {address.path for address in _of(area)} - opened - NEVER_OPEN
    assert not closed, f"nobody could open {closed}: addresses.py makes nothing for it"


NEVER_OPEN = {
    "books/<str:organisation>/adjustments/<int:number>/",
    "books/<str:organisation>/years/<str:scheme>/close/",
    "demonstration/",
    "second-factor/switch-off/",
    "account/sessions/<int:number>/end/",
    "account/email/<str:token>/",
    "password/reset/<str:uid>/<str:token>/",
    "patients/<str:practice>/<str:commissioner>/<int:number>/",
    "patients/<str:practice>/<str:commissioner>/<int:number>/<str:item>/",
    "patients/<str:practice>/<str:commissioner>/<int:number>/<str:item>/<int:row>/",
    "figures/<str:commissioner>/<int:number>/moved/",
    "figures/<str:commissioner>/<int:number>/moved/<str:practice>/",
    "organisations/<str:code>/import/<str:token>/",
    "organisations/<str:code>/undo-merger/",
    "invitation/<str:token>/",
    "typeface.css",
    "typeface/<int:number>",
    "schemes/<str:organisation>/priced/<str:key>/",
    "recoveries/<str:organisation>/<str:practice>/<int:year>/",
}
"""Addresses of what a test's deployment has not: what they do for others is tested here, what they show elsewhere."""


@pytest.mark.parametrize("area", AREAS)
def test_without_the_second_factor_a_role_that_needs_one_opens_nothing(area: str, board: Area) -> None:
    made = world(board)
    wrong = []
    for visitor in _visitors(board, second_factor=False):
        if not _needs_factor(visitor.scope):
            continue
        assert not visitor.scope.patients
        for address in _of(area):
            assert address.access is not None
            if address.access.public or not address.access.second_factor:
                continue
            for method in ("GET", "POST"):
                answer = _ask(visitor.client, method, path_of(address, made.own))
                if not _is_sent(answer, reverse("second-factor")):
                    wrong.append(f"{visitor.name}: {method} {address.path}: {answer!r}")
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def practice(board: Area) -> tuple[World, Client]:
    """Somebody of a practice, who needs no second factor."""
    return world(board), signed_in(somebody("practice_viewer", board), second_factor=False)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_open_nothing_more(method: str, practice: tuple[World, Client]) -> None:
    made, client = practice
    for address in addresses():
        plain = _status(_ask(client, "GET", path_of(address, made.own)))
        other = _status(_ask(client, method, path_of(address, made.own)))
        assert other != 500, f"{method} {address.path}"
        if plain in (403, 404):
            assert other in (plain, 405), f"{method} {address.path}: {other} where GET has {plain}"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_changes_without_a_token(method: str, board: Area) -> None:
    made = world(board)
    visitors = [Client(enforce_csrf_checks=True)]
    for role in ("practice_viewer", "administrator"):
        client = signed_in(somebody(role, board))
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        visitors.append(strict)
    for client in visitors:
        for address in addresses():
            answer = _ask(client, method, path_of(address, made.own))
            assert _status(answer) == 403, f"{method} {address.path}: {answer!r}"


WEIRD = (
    "%2e%2e/%2e%2e/etc/passwd", "schemes/%2e%2e/", "audit/%00/", "schemes/QAA%2fqif-2024-25/1/",
    "schemes/QAA/..%2f..%2fsecret/1/", "schemes/Q%EF%BC%A1A/qif-2024-25/1/", "schemes/QAA./qif-2024-25/1/",
    "schemes/QAA%20/qif-2024-25/1/", "schemes/qaa/qif-2024-25/1/", "schemes/QAA/qif-2024-25/01/",
    "schemes/QAA/qif-2024-25/9999999999999999999999/", "schemes/QAA/qif-2024-25/-1/", "schemes/%ff%fe/x/1/",
    "schemes/QAA;x/qif-2024-25/1/", f"schemes/{'A' * 8000}/x/1/", "audit//", "AUDIT/", "audit/..;/", "//evil.example/",
    "audit/?before=%00", "audit/?who=%ff", "audit/?organisation=QBB%27", "%F0%9F%92%A9", "static/../secret",
    "static/%2e%2e/%2e%2e/settings.py", "people/\uff19/", "statements/A1/\u0663/",
    ".git/config", "admin/", "accounts/signup/",
)  # fmt: skip


THE_SAME = {"schemes/QAA%2fqif-2024-25/1/", "schemes/QAA/qif-2024-25/01/"}
"""Other spellings of an address that is for them to see."""


@pytest.mark.parametrize("path", WEIRD)
def test_a_strange_path_leads_nowhere(path: str, practice: tuple[World, Client]) -> None:
    _, client = practice
    for one in (client, Client()):
        for method in ("GET", "POST"):
            answer = _ask(one, method, f"/{path}")
            status = _status(answer)
            own = status == 200 and path in THE_SAME
            assert status in (301, 302, 400, 403, 404, 405, 414) or own, f"{method} {path}: {answer!r}"
            if isinstance(answer, HttpResponse):
                assert b"Other area" not in answer.content
                _stays_here(answer)


NEXT = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "https:evil.example", "\x01//evil.example")
NAMES = ("next", "redirect", "redirect_to", "return", "url")


def _stays_here(answer: HttpResponse) -> None:
    where = answer.headers.get("Location", "/")
    assert where.startswith("/"), where
    assert not where.startswith(("//", "/\\")), where


@pytest.mark.parametrize("to", NEXT)
def test_nobody_is_sent_to_another_site(to: str, practice: tuple[World, Client]) -> None:
    made, client = practice
    for one in (client, Client()):
        for address in addresses():
            path = path_of(address, made.own)
            with transaction.atomic():
                for answer in (one.get(path, dict.fromkeys(NAMES, to)), one.post(path, dict.fromkeys(NAMES, to))):
                    _stays_here(answer)  # type: ignore[arg-type]
                transaction.set_rollback(True)


def test_every_answer_has_the_headers_that_protect_it(board: Area) -> None:
    made = world(board)
    visitors = [Client(), *(signed_in(somebody(role, board)) for role in ("practice_viewer", "administrator"))]
    for client in visitors:
        for path in [*(path_of(address, made.own) for address in addresses()), "/nowhere/"]:
            answer = _ask(client, "GET", path)
            assert not isinstance(answer, Exception), path
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, path
            assert "frame-ancestors 'none'" in policy, path
            assert "unsafe" not in policy, path
            assert "*" not in policy, path
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            assert answer.headers["Referrer-Policy"] == "same-origin", path
            assert answer.headers["X-Frame-Options"] == "DENY", path
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", path
            is_file_of_all = path in OF_EVERYBODY
            assert is_file_of_all or "no-store" in answer.headers["Cache-Control"], path
            for cookie in answer.cookies.values():
                assert cookie["httponly"], f"{path}: {cookie.key}"
                assert cookie["samesite"] in ("Lax", "Strict"), f"{path}: {cookie.key}"


OF_EVERYBODY = {"/typeface/typeface.css", "/typeface.css"}
"""Files that are the same for everybody."""


def test_over_https_cookies_are_sent_by_nothing_else() -> None:
    """Settings are made once for a process, so another one makes them."""
    import os
    import subprocess
    import sys

    code = (
        "import remit.service.settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY)"
    )
    environment = os.environ | {"REMIT_ADDRESS": "https://remit.example.nhs.uk", "REMIT_AS_OWNER": ""}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"] * 6


def test_every_part_that_names_an_organisation_is_of_the_other(board: Area) -> None:
    made = world(board)
    assert all(made.own[part] != made.other[part] != ABSENT[part] for part in CODES)
