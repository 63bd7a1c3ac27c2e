"""Rows are written, moved and removed only where the scope may write; a scope ends with what it was set for."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.test import RequestFactory
from tests.service.addresses import somebody
from tests.service.area import Area

from remit.core.problems import Refused
from remit.service.consents.models import Consent
from remit.service.organisations.models import Membership, Organisation
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.middleware import ScopeMiddleware
from remit.service.scope.scope import _current, current_or_nobody

DAY = date(2024, 6, 1)


@pytest.fixture
def lead(board: Area) -> Iterator[Area]:
    """A practice lead of the first practice is at work; the other practice has a consent."""
    Consent.objects.create(practice=board["B1"], to=board["QBB"], since=DAY)
    Consent.objects.create(practice=board["A1"], to=board["QAA"], since=DAY)
    with acting(reach.of_person(somebody("practice_lead", board), DAY, True)):
        yield board


def test_a_row_of_another_organisation_is_not_written(lead: Area) -> None:
    with pytest.raises(PermissionDenied), transaction.atomic():
        Consent.objects.create(practice=lead["B1"], to=lead["QBB"], since=DAY)
    with pytest.raises(PermissionDenied), transaction.atomic():
        Consent.objects.bulk_create([Consent(practice=lead["B1"], to=lead["QBB"], since=DAY)])
    with pytest.raises(PermissionDenied), transaction.atomic():
        Consent(practice=lead["QAA"], to=lead["QBB"], since=DAY).save()


def test_a_row_is_not_given_to_another_organisation(lead: Area) -> None:
    mine = Consent.objects.get()
    mine.practice = lead["B1"]
    with pytest.raises(PermissionDenied), transaction.atomic():
        mine.save()
    with pytest.raises(PermissionDenied), transaction.atomic():
        Consent.objects.update(practice=lead["B1"])
    with pytest.raises(PermissionDenied), transaction.atomic():
        Consent.objects.update(practice_id=lead["B1"].pk)


def test_a_row_of_another_organisation_is_not_taken_over(everything: None, lead: Area) -> None:
    """A forged primary key: the row is another's, whatever organisation the form names."""
    with acting(reach.of_service(lead["QBB"], DAY)):
        theirs = Consent.objects.get()
    forged = Consent(pk=theirs.pk, practice=lead["A1"], to=lead["QAA"], since=DAY)
    with pytest.raises(PermissionDenied), transaction.atomic():
        forged.save()
    with acting(reach.of_service(lead["QBB"], DAY)):
        assert Consent.objects.get().practice_id == lead["B1"].pk


def test_what_is_seen_of_those_above_is_not_changed(lead: Area) -> None:
    above = Organisation.objects.get(code="QAA")
    above.name = "Mine"
    with pytest.raises(PermissionDenied), transaction.atomic():
        above.save()
    assert Organisation.objects.filter(code="QAA").update(name="Mine") == 0
    with pytest.raises(PermissionDenied), transaction.atomic():
        above.delete()
    above_all = Membership.objects.filter(member=lead["PL1"])
    assert above_all.exists()
    assert above_all.delete()[0] == 0
    assert Organisation.objects.get(code="QAA").name == "First area"


def test_the_own_row_is_changed_and_removed(lead: Area) -> None:
    mine = Consent.objects.get()
    mine.evidence = "a letter"
    mine.save()
    assert Consent.objects.filter(evidence="a letter").update(evidence="two letters") == 1
    mine.delete()
    assert not Consent.objects.exists()


def test_what_is_streamed_after_the_request_has_no_scope(board: Area) -> None:
    def late(request: HttpRequest) -> StreamingHttpResponse:
        def read() -> Iterator[bytes]:
            yield from (one.code.encode() for one in Organisation.objects.all())

        return StreamingHttpResponse(read())

    request = RequestFactory().get("/")
    request.user = somebody("practice_lead", board)
    request.session = {}  # type: ignore[assignment]

    def ended() -> None:
        _current.set(None)
        answer = ScopeMiddleware(late)(request)  # type: ignore[arg-type]
        assert current_or_nobody().seen == frozenset()
        with pytest.raises(Refused):
            b"".join(answer)

    copy_context().run(ended)
