"""Who consents to what, on a day: for a practice, and for whoever receives its counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from remit.service.consents.models import Consent
from remit.service.organisations.models import COMMISSIONER, NETWORK, PRACTICE, Membership, Organisation
from remit.service.organisations.reading import tree
from remit.service.organisations.standing import as_service, on
from remit.service.scope.acting import acting


def receivers(practice: Organisation, day: date) -> list[Organisation]:
    """The commissioner and the network of a practice on a day: whom it may consent to."""
    with acting(as_service()):
        found, ahead = set[int](), {practice.pk}
        while ahead:
            rows = Membership.objects.filter(on(day), member__in=ahead).values_list("parent_id", flat=True)
            ahead = set(rows) - found
            found |= ahead
        return list(Organisation.objects.filter(pk__in=found, kind__in=(COMMISSIONER, NETWORK)).order_by("kind"))


def consents_of(practice: Organisation) -> list[Consent]:
    """All consents of a practice, the latest first."""
    with acting(as_service()):  # the view has checked the practice; the receiver's name may be out of scope by now
        return list(Consent.objects.filter(practice=practice).select_related("practice", "to").order_by("-since", "to"))


@dataclass(frozen=True)
class Standing:
    """A practice of an area, and its consent that covers the day; or none."""

    practice: Organisation
    consent: Consent | None


def standings(receiver: Organisation, day: date) -> list[Standing]:
    """Each practice below an organisation on a day: whether it consents to it, in a handful of queries."""
    practices = [node.organisation for node in tree(receiver, day).of_kind(PRACTICE)]
    there: dict[int, Consent] = {}
    for one in Consent.objects.filter(to=receiver, practice__in=practices, since__lte=day):
        if one.covers_day(day):
            there[one.practice_id] = one
    return [Standing(one, there.get(one.pk)) for one in sorted(practices, key=lambda one: one.name)]
