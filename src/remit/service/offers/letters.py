"""E-mails to the practice leads of an offer, where the deployment sends any; what fails there stops nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from remit.core.say import day as say_day
from remit.service import clock
from remit.service.offers.models import Offer, Participation
from remit.service.organisations.standing import as_service
from remit.service.people import post
from remit.service.people.models import Appointment
from remit.service.scope.acting import acting

_LOG = logging.getLogger("remit.service.offers")


def offered(offer: Offer, rows: Iterable[Participation]) -> None:
    """Write to the practice leads of each practice that an offer went to."""
    if not post.is_set_up():
        return
    try:
        _write(offer, {one.practice_id: one for one in rows})
    except Exception:  # the offer is made, whatever becomes of a letter about it
        _LOG.exception("e-mails of an offer could not be written")


def _write(offer: Offer, rows: dict[int, Participation]) -> None:
    today = clock.today()
    holds = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gte=today))
    with acting(as_service()):
        leads = list(
            Appointment.objects.filter(holds, role="practice_lead", organisation__in=rows, person__is_active=True)
            .select_related("person", "organisation")
            .order_by("pk")
        )
    letters = []
    for one in leads:
        row = rows[one.organisation_id]
        address = settings.DEPLOYMENT.address.rstrip("/") + reverse(
            "participation", args=[one.organisation.code, row.pk]
        )
        letters.append(
            (one.person.email, {
                "practice": one.organisation.name, "title": row.title, "starts": say_day(row.starts),
                "ends": say_day(row.ends), "respond_by": say_day(row.respond_by), "words": offer.words,
                "address": address, "name": one.person.name,
            })
        )  # fmt: skip
    post.send_all(f"An offer to answer: {offer.scheme_year.title}", "offered", letters)
