"""The layout of every page: its headers, its menu, its forms with their errors, and the pages for what went wrong."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.template import engines
from django.test import Client, RequestFactory
from pytest_django import Settings
from tests.service import area

import remit.service
from remit.service.scope.acting import acting
from remit.service.scope.scope import NOBODY
from remit.service.web import environment, errors, fields
from remit.service.web.days import Day
from remit.service.web.typeface_sources import font_policy

pytestmark = pytest.mark.one_database

TEMPLATES = sorted((Path(environment.__file__).parent / "templates").rglob("*.html"))


class Elements(HTMLParser):
    """The elements of some markup, each with its attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))


def test_no_template_has_a_style_or_a_script_of_its_own() -> None:
    assert len(TEMPLATES) > 5
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=|javascript:|https?://", text), path.name


@pytest.mark.django_db
def test_every_page_is_sent_with_the_headers_that_keep_it_safe() -> None:
    headers = Client().get("/sign-in/").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'", "style-src": "'self'", "script-src": "'self'", "img-src": "'self' data:",
        "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
    }  # fmt: skip
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "no-store" in headers["Cache-Control"]


def test_a_page_says_who_is_signed_in_where_and_how_to_leave(board: area.Area) -> None:
    client = area.signed_in(area.person("practice_lead", board["A1"]))
    text = client.get("/").content.decode()
    assert "Practice lead of First practice, First practice" in text
    assert '<form class="nhsuk-header__account-form" action="/sign-out/" method="post">' in text
    assert 'name="csrfmiddlewaretoken"' in text
    assert client.get("/").content.decode().count("<h1") == 1


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500])
@pytest.mark.django_db
def test_what_went_wrong_is_said_in_words_and_without_detail(status: int) -> None:
    request = a_request()
    refused: dict[int, object] = {
        400: lambda: errors.bad_request(request, SuspiciousOperation("a secret detail")),
        403: lambda: errors.not_allowed(request, PermissionDenied("a secret detail")),
        404: lambda: errors.not_there(request, Exception("a secret detail")),
        413: lambda: errors.bad_request(request, RequestDataTooBig("a secret detail")),
        429: lambda: errors.too_many(request),
        500: lambda: errors.failed(request),
    }
    with acting(NOBODY):
        response = refused[status]()  # type: ignore[operator]
    assert response.status_code == status
    text = response.content.decode()
    assert "detail" not in text
    assert str(status) not in re.sub(r"<[^>]*>", " ", text)
    assert Elements(text).all[0] == ("html", {"lang": "en-GB"})
    assert '<a href="/">' in text


def test_the_page_for_a_failure_asks_the_database_nothing() -> None:
    """This test has no database: a query would fail it."""
    assert errors.failed(a_request()).status_code == 500


def a_request() -> HttpRequest:
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.messages.storage.cookie import CookieStorage

    request = RequestFactory().get("/somewhere")
    request.user = AnonymousUser()
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


class Example(forms.Form):
    """A form with every kind of field that the macros show."""

    email = forms.EmailField(label="E-mail address", help_text="We send nothing else there.")
    password = forms.CharField(widget=forms.PasswordInput(attrs={"placeholder": "secret", "autocomplete": "off"}))
    reason = forms.CharField(widget=forms.Textarea)
    place = forms.ChoiceField(choices=[("a", "North"), ("b", "South")])
    answer = forms.ChoiceField(widget=forms.RadioSelect, choices=[("y", "Yes"), ("n", "No")], label="Do you agree?")
    days = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("1", "One"), ("2", "Two")])
    sure = forms.BooleanField(label="I am sure")
    figures = forms.FileField()
    kept = forms.CharField(widget=forms.HiddenInput, required=False)


def shown(form: forms.Form) -> str:
    source = (
        '{% from "components/forms.html" import button, error_summary, fields with context %}'
        '{{ error_summary(form) }}<form>{{ fields(form) }}{{ button("Send") }}</form>'
    )
    return str(engines["jinja2"].from_string(source).render({"form": form}))


def test_each_field_has_a_label_and_each_error_leads_to_its_field() -> None:
    sent = {"email": '"><script>alert(1)</script>', "password": "a secret", "answer": "n", "days": ["2"], "place": "c"}
    form = Example(sent)
    text = shown(form)
    elements = Elements(text).all
    ids = {attributes["id"] for _, attributes in elements if "id" in attributes}
    labelled = {attributes["for"] for tag, attributes in elements if tag == "label"}
    controls = [a for tag, a in elements if tag in ("input", "select", "textarea") and a.get("type") != "hidden"]
    assert {a["id"] for a in controls} <= labelled
    links = [str(a["href"]) for tag, a in elements if tag == "a"]
    assert links == ["#id_email", "#id_reason", "#id_place", "#id_sure", "#id_figures"]
    assert {link.removeprefix("#") for link in links} <= ids
    assert "script" not in {tag for tag, _ in elements}
    assert "a secret" not in text
    assert "placeholder" not in text
    checked = {str(a["value"]) for a in controls if "checked" in a}
    assert checked == {"n", "2"}
    assert "style=" not in text
    described = [str(a.get("aria-describedby", "")).split() for a in controls]
    assert {each for some in described for each in some} <= ids


def test_a_form_without_errors_has_no_summary() -> None:
    assert "There is a problem" not in shown(Example())
    assert fields.errors(Example()) == []


def test_a_name_that_nobody_set_is_refused_in_our_templates() -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        engines["jinja2"].from_string("{{ missing }}").render({})


@pytest.mark.django_db
def test_the_nhs_logo_and_typeface_are_off_until_the_deployment_turns_them_on(
    settings: Settings, tmp_path: Path
) -> None:
    off = Client().get("/sign-in/").content.decode()
    assert "nhsuk-header__logo" not in off
    assert "typeface.css" not in off
    assert Client().get("/typeface.css").status_code == 404
    file = tmp_path / "regular.woff2"
    file.write_bytes(b"a typeface")
    sources = f"{file}, https://fonts.example.org/bold.woff2"
    settings.DEPLOYMENT = dataclasses.replace(settings.DEPLOYMENT, nhs_logo=True, nhs_typeface=sources)
    on = Client().get("/sign-in/").content.decode()
    assert '<svg class="nhsuk-header__logo"' in on
    assert 'href="/typeface.css"' in on
    styles = Client().get("/typeface.css").content.decode()
    assert 'src:url("/typeface/0")' in styles
    assert 'src:url("https://fonts.example.org/bold.woff2")' in styles
    assert b"".join(Client().get("/typeface/0").streaming_content) == b"a typeface"  # type: ignore[attr-defined]
    assert Client().get("/typeface/1").status_code == 404
    assert font_policy(sources) == {"font-src": ["'self'", "https://fonts.example.org"]}
    assert font_policy("") == {}


def test_static_files_are_found_where_the_layout_says() -> None:
    from django.contrib.staticfiles.finders import find

    layout = (Path(environment.__file__).parent / "templates" / "layout.html").read_text(encoding="utf-8")
    names = [*re.findall(r'static\("([^"]*)"\)', layout), "documents/document.js", "nhsuk/nhsuk.js"]
    assert [name for name in names if find(name) is None] == []
    assert settings.CSRF_FAILURE_VIEW == "remit.service.web.errors.csrf_failed"


@pytest.mark.parametrize("text", ["2025-04-03", "03/04/2025", "3/4/2025"])
def test_a_day_is_read_with_the_day_before_the_month(text: str) -> None:
    class OfDay(forms.Form):
        day = forms.DateField()

    form = OfDay({"day": text})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == date(2025, 4, 3)
    assert "For example, 31/3/2025" in shown(form)


@pytest.mark.parametrize(
    ("level", "title"), [("success", "Done"), ("error", "There is a problem"), ("info", "Important")]
)
@pytest.mark.django_db
def test_a_notice_is_shown_once_after_what_was_done(level: str, title: str) -> None:
    from django.contrib import messages
    from django.shortcuts import render

    request = a_request()
    getattr(messages, level)(request, "The <b>first</b> notice.")
    getattr(messages, level)(request, "The second notice.")
    with acting(NOBODY):
        text = render(request, "error.html", {"title": "A", "paragraphs": ()}).content.decode()
    assert text.count(f">{title}</h2>") == 2
    assert "The &lt;b&gt;first&lt;/b&gt; notice." in text
    assert len(set(re.findall(r'id="(notice-\d+)"', text))) == 2


def test_every_form_has_its_days_by_one_field() -> None:
    modules = sorted(Path(remit.service.__file__).parent.glob("*/forms.py"))
    days = []
    for module in modules:
        found = import_module(f"remit.service.{module.parent.name}.forms")
        of_module = [one for one in vars(found).values() if isinstance(one, type) and issubclass(one, forms.BaseForm)]
        days += [
            (one.__name__, name, type(field))
            for one in of_module
            for name, field in getattr(one, "base_fields", {}).items()
            if isinstance(field, forms.DateField)
        ]
    assert days
    assert [one for one in days if one[2] is not Day] == []


def test_a_label_of_a_choice_leads_to_the_choice() -> None:
    class OfChoice(forms.Form):
        one = forms.ChoiceField(choices=[("a", "First"), ("b", "Second")], widget=forms.RadioSelect)
        several = forms.MultipleChoiceField(choices=[("a", "First")], widget=forms.CheckboxSelectMultiple)
        yes = forms.BooleanField()

    ids = re.findall(r'id="([^"]+)"', shown(OfChoice()))
    assert len(ids) == len(set(ids))
    assert {"id_one_0", "id_one_1", "id_several_0", "id_yes"} <= set(ids)
