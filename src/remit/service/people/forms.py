"""The forms of signing in and of people. Each takes its own fields, and nothing else that is posted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from remit.service import clock
from remit.service.organisations.models import Organisation
from remit.service.people import reading
from remit.service.people.models import Person
from remit.service.people.roles import ROLES
from remit.service.web.days import Day
from remit.service.web.line import Line

_EMAIL = {"required": "Enter an e-mail address.", "invalid": "Enter an e-mail address, such as name@example.org."}
_CODE = RegexValidator(r"^[A-Z0-9]{2,10}$", "Enter the NHS code of the commissioner, such as QNC: letters and digits.")


def _text(label: str, missing: str, help: str = "", length: int = 200, **attributes: str) -> forms.CharField:
    return Line(
        label=label, help_text=help, max_length=length, error_messages={"required": missing},
        widget=forms.TextInput(attrs=attributes),
    )  # fmt: skip


def _email(label: str = "E-mail address", autocomplete: str = "email") -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"})
    return forms.EmailField(label=label, max_length=254, error_messages=_EMAIL, widget=widget)


def _password(label: str, autocomplete: str, help: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help, strip=False, max_length=1000, error_messages={"required": "Enter a password."},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )  # fmt: skip


def _reason() -> forms.CharField:
    return _text("Reason", "Say why.", "It is kept in the audit log. Write nothing about a patient.")


class SignIn(forms.Form):
    """E-mail address and password."""

    email = _email(autocomplete="username")
    password = _password("Password", "current-password")


class Code(forms.Form):
    """A code of the app, or a recovery code."""

    code = _text(
        "Code", "Enter the code.", "The 6 digits that your app shows now, or one of your recovery codes.", 20,
        autocomplete="one-time-code", inputmode="numeric", spellcheck="false",
    )  # fmt: skip


class FirstCode(forms.Form):
    """The first code of an app, which proves that it has the key."""

    code = _text(
        "Code", "Enter the code that the app shows.", "The 6 digits that the app shows now.", 20,
        autocomplete="one-time-code", inputmode="numeric", spellcheck="false",
    )  # fmt: skip


class Address(forms.Form):
    """Whose password is to be set anew."""

    email = _email(autocomplete="username")


class NewPassword(forms.Form):
    """A password that is set, checked by Django's validators."""

    password = _password("New password", "new-password", "At least 12 letters, digits or signs. Three words are good.")

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Refused with each reason where it is easy to guess."""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        return password


class ChangePassword(NewPassword):
    """The same, with the present one."""

    current = _password("Present password", "current-password")
    field_order = ("current", "password")


class ChangeEmail(forms.Form):
    """Another e-mail address, for whoever knows the password."""

    email = _email("New e-mail address")
    current = _password("Your password", "current-password")


class Name(forms.Form):
    """One's own name."""

    name = _text("Name", "Enter your name.", autocomplete="name")


class Acceptance(forms.Form):
    """What somebody who is invited types: a password, and in the first invitation who and for which commissioner."""

    name = _text("Your name", "Enter your name.", autocomplete="name")
    email = _email("Your e-mail address")
    commissioner_code = Line(
        label="Code of your commissioner", help_text="The NHS code of the ICB, such as QNC.", max_length=10,
        error_messages={"required": "Enter the code of your commissioner."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    commissioner_name = _text("Name of your commissioner", "Enter the name of your commissioner.", autocomplete="off")
    password = _password(
        "Choose a password", "new-password", "At least 12 letters, digits or signs. Three words are good."
    )

    def __init__(self, *args: Any, leave_out: tuple[str, ...] = (), email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email
        for name in leave_out:
            del self.fields[name]

    def clean_commissioner_code(self) -> str:
        """In capitals, as codes are written."""
        code = str(self.cleaned_data["commissioner_code"]).strip().upper()
        _CODE(code)
        return code

    def clean(self) -> dict[str, Any]:
        """The password is checked beside the name and address, which it should not contain."""
        typed = self.cleaned_data
        if "password" in typed:
            person = Person(name=typed.get("name", ""), email=typed.get("email", self._email))
            try:
                validate_password(typed["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return typed


class _InOrganisations(forms.Form):
    """A form with an organisation of those where the person at work gives roles, and days."""

    organisation = forms.ChoiceField(label="Organisation", error_messages={"required": "Choose an organisation."})
    since = Day(label="From")
    until = Day(label="Until (leave empty where it has no end)", required=False)
    field_order: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._organisations = {one.code: one for one in reading.organisations_to_give_in()}
        choices = [(code, str(one)) for code, one in self._organisations.items()]
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]
        self.fields["since"].initial = clock.today()
        kinds = {one.kind for one in self._organisations.values()}
        given = {role.id for one in self._organisations.values() for role in reading.roles_to_give(one)}
        roles = [(role.id, role.title) for role in ROLES.values() if role.kinds & kinds and role.id in given]
        for name in ("role", "roles"):
            if name in self.fields:
                self.fields[name].choices = roles  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation:
        """The organisation of a code."""
        return self._organisations[self.cleaned_data["organisation"]]

    def clean_since(self) -> date:
        """Not so far back or ahead that it must be a slip."""
        since: date = self.cleaned_data["since"]
        if abs((since - clock.today()).days) > 366:
            raise ValidationError("Enter a day within a year of today.")
        return since


class Invite(_InOrganisations):
    """Whom to invite, to which roles, where and for which days."""

    name = _text("Name", "Enter the name of the person.", autocomplete="off")
    email = _email(autocomplete="off")
    roles = forms.MultipleChoiceField(
        label="Roles", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one role."}
    )
    field_order = ("name", "email", "organisation", "roles", "since", "until")


class GiveRole(_InOrganisations):
    """Which role to give to somebody, where, for which days, and why."""

    role = forms.ChoiceField(label="Role", error_messages={"required": "Choose a role."})
    reason = _reason()
    field_order = ("organisation", "role", "since", "until", "reason")


class Reason(forms.Form):
    """Why something is done."""

    reason = _reason()
