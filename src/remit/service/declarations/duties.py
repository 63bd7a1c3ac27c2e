"""What people did to what a declaration rests on, before its own steps: they received figures, or gave evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from remit.contract.duties import Duty, why_apart
from remit.service.declarations.models import Declaration, DeclarationFile, EnteredNumbers
from remit.service.extracts.models import ACCEPTED, Extract
from remit.service.organisations.standing import as_service
from remit.service.scope.acting import acting
from remit.service.scope.scope import current

Arrival = tuple[int, str, date]
"""The commissioner, the scheme and the day of figures: others that come in for the same take their place."""


@dataclass(frozen=True)
class Did:
    """What somebody received, and the declarations for which they gave evidence or entered numbers."""

    received: frozenset[Arrival] = frozenset()
    gave: frozenset[int] = frozenset()

    def to(self, row: Declaration) -> frozenset[Duty]:
        """The duties that it was to one declaration: also figures that its own took the place of are its figures."""
        found = set()
        if (row.organisation_id, row.participation.scheme_id, row.day) in self.received:
            found.add(Duty.RECEIVE_FIGURES)
        if row.pk in self.gave:
            found.add(Duty.DECLARE_FIGURES)
        return frozenset(found)


Given = frozenset[tuple[int, int | None]]
"""Declarations for which something was given that no record can tell, and who gave it."""


def given_for(declarations: Collection[int]) -> Given:
    """Who gave evidence, or entered numbers, for which of some declarations."""
    with acting(as_service()):
        files = DeclarationFile.objects.filter(declaration__in=declarations).values_list("declaration_id", "by_id")
        entered = EnteredNumbers.objects.filter(declaration__in=declarations)
        rows = files.union(entered.values_list("declaration_id", "asked_by_id"))
        return frozenset((one, by) for one, by in rows if one is not None)


def did(person: int | None, given: Given = frozenset()) -> Did:
    """What a person did, wherever they worked then; nothing for the service."""
    if person is None:
        return Did()
    with acting(as_service()):
        extracts = Extract.objects.filter(received_by=person, state=ACCEPTED)
        received = frozenset(extracts.values_list("organisation_id", "scheme_version__scheme_id", "day"))
    return Did(received, frozenset(declaration for declaration, by in given if by == person))


def why_not_declared(organisation: int, scheme_id: str, day: date) -> str:
    """Why the person at work does not declare figures of a day: they received them; empty where they may."""
    received = (organisation, scheme_id, day) in did(current().person).received
    return why_apart(Duty.RECEIVE_FIGURES, Duty.DECLARE_FIGURES) if received else ""


def receivers_of(extracts: Iterable[Extract]) -> Iterator[int]:
    """Who received any of some extracts, or others that these took the place of."""
    wanted = {(one.organisation_id, one.scheme_version.scheme_id, one.day) for one in extracts}
    with acting(as_service()):
        rows = Extract.objects.filter(
            state=ACCEPTED, received_by__isnull=False, organisation__in={one for one, _, _ in wanted}
        ).values_list("organisation_id", "scheme_version__scheme_id", "day", "received_by_id")
        found = {person for organisation, scheme, day, person in rows if (organisation, scheme, day) in wanted}
    yield from (one for one in found if one is not None)
