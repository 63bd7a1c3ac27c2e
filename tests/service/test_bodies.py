"""Identifiers of another commissioner inside what is posted: nothing of theirs is changed, named or shown."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.http import HttpResponse
from tests.service.addresses import addresses, path_of, somebody, world
from tests.service.area import Area, signed_in

import remit.service
from remit.service.organisations.models import Organisation
from remit.service.scope.row_security import scoped_models

pytestmark = pytest.mark.one_database

ROLES = ("administrator", "practice_lead", "data_quality")
PLAIN = {"since": "2024-05-01", "until": "2024-06-01", "day": "2024-05-01", "reason": "A reason.", "name": "A name",
         "email": "body@example.org", "role": "finance_officer", "roles": "finance_officer", "people": "40000",
         "kind": "practice", "words": "Words."}  # fmt: skip
"""What makes a form whole, where no identifier is asked for."""


def fields() -> set[str]:
    """The names of the fields of every form."""
    found: set[str] = set()
    for module in pkgutil.walk_packages(remit.service.__path__, "remit.service."):
        if module.name.endswith(".forms"):
            for one in vars(import_module(module.name)).values():
                if isinstance(one, type) and issubclass(one, forms.Form):
                    found |= one.base_fields.keys()
    return found


def foreign(ids: set[int]) -> dict[str, list[Any]]:
    """Every row that names one of some organisations."""
    found = {"organisations": list(Organisation.objects.filter(pk__in=ids).order_by("pk").values())}
    for model, _ in scoped_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Organisation:
                rows = model._default_manager.filter(**{f"{field.attname}__in": ids}).order_by("pk")
                found[f"{model._meta.label}.{field.name}"] = list(rows.values())
    return found


def bodies(other: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each code of the other, in every field but those that make a form whole."""
    for part in ("code", "practice", "member"):
        every = dict.fromkeys(fields(), other[part])
        yield part, every | PLAIN


def test_the_fields_that_name_organisations_are_among_those_that_are_posted() -> None:
    assert {"organisation", "parent", "successor", "practice", "to", "scheme"} <= fields()
    assert not {"organisation", "parent", "successor", "practice", "to", "scheme", "code"} & PLAIN.keys()


@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_another_is_reached_by_what_is_posted(role: str, board: Area) -> None:
    made = world(board)
    theirs = {board[code].pk for code in ("QBB", "NW3", "B1")}
    before = foreign(theirs)
    client = signed_in(somebody(role, board))
    for address in addresses():
        if address.access is None or address.access.public:
            continue
        path = path_of(address, made.own)
        for part, body in bodies(made.other):
            with transaction.atomic():
                answer = client.post(path, body | {"day": date(2024, 5, 1).isoformat()})
                assert answer.status_code != 302 or foreign(theirs) == before, f"{path} with {part}"
                assert answer.status_code < 500, f"{path} with {part}"
                if isinstance(answer, HttpResponse) and not answer.streaming:
                    for name in (b"Other area", b"Other network", b"Other practice"):
                        assert name not in answer.content, f"{path} with {part}: {name!r}"
                transaction.set_rollback(True)
            if answer.status_code in (403, 404, 405):
                break
