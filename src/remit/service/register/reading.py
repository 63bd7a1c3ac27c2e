"""What pages and other parts ask of the register; each answer is for the current scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from remit.core import say
from remit.service import clock
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.register.files import file_of
from remit.service.register.models import SchemeStep, SchemeVersion
from remit.service.register.states import OPEN, State, Step
from remit.service.scope.scope import current

__all__ = ["authors_of", "file_of", "holds_among", "may_do", "one", "published", "steps_of", "versions", "written_by"]

WRITES = (Step.SAVE.value, Step.SUBMIT.value)
"""Steps that make somebody an author."""


def published(organisation: Organisation, scheme_id: str, day: date | None = None) -> SchemeVersion | None:
    """The published version of a scheme that holds on a day (today where none is named), or None."""
    return (
        SchemeVersion.objects.filter(
            organisation=organisation,
            scheme_id=scheme_id,
            state=State.PUBLISHED.value,
            day__lte=day or clock.today(),
        )
        .order_by("-day", "-version")
        .first()
    )


def latest_published(organisation: Organisation, scheme_id: str) -> SchemeVersion | None:
    """The newest published version of a scheme, from whatever day it holds; None where none is published."""
    same = SchemeVersion.objects.filter(organisation=organisation, scheme_id=scheme_id, state=State.PUBLISHED.value)
    return same.order_by("-version").first()


def versions() -> QuerySet[SchemeVersion]:
    """Every version that the person at work may see, the newest of each scheme first; without their bytes."""
    seen = SchemeVersion.objects.select_related("organisation", "changed_by").defer("content")
    return seen.filter(_readable()).order_by("organisation__name", "scheme_id", "-version")


def _readable() -> Q:
    """Drafts are for those who see schemes in the organisation; what is published, for all in whose scope it is."""
    scope = current()
    if scope.everything or scope.person is None:
        return Q()
    inside = {one for grant in scope.grants if Action.SEE_SCHEMES in grant.role.actions for one in grant.organisations}
    return Q(state=State.PUBLISHED.value) | Q(organisation__in=inside)


def one(organisation: str, scheme_id: str, version: int) -> SchemeVersion | None:
    """A version by its address, with its bytes; None where there is none that may be seen."""
    seen = SchemeVersion.objects.select_related("organisation", "changed_by", "corrects")
    return seen.filter(_readable(), organisation__code=organisation, scheme_id=scheme_id, version=version).first()


def others_of(version: SchemeVersion) -> list[SchemeVersion]:
    """The other versions of the same scheme, the newest first; without their bytes."""
    same = versions().filter(organisation=version.organisation_id, scheme_id=version.scheme_id)
    return list(same.exclude(pk=version.pk))


def holds_among(version: SchemeVersion, others: list[SchemeVersion]) -> str:
    """From when to when a published version holds beside the others of its scheme, in a sentence; else ""."""
    if version.state != State.PUBLISHED.value:
        return ""
    return _days(version, [each for each in others if each.state == State.PUBLISHED.value])


def _days(version: SchemeVersion, others: list[SchemeVersion]) -> str:
    assert version.day is not None
    same = [each.version for each in others if each.version > version.version and each.day == version.day]
    if same:
        return f"It does not hold: version {max(same)} does, from the same day."
    ends = sorted((each.day, each.version) for each in others if each.day and each.day > version.day)
    text = f"It holds from {say.day(version.day)}"
    return f"{text} until version {ends[0][1]} does, on {say.day(ends[0][0])}." if ends else f"{text} on."


def steps_of(version: SchemeVersion) -> list[SchemeStep]:
    """What was done with a version, the first step first; nothing for whom only what is published is open."""
    return list(version.steps.select_related("person").order_by("pk"))


def authors_of(version: SchemeVersion) -> set[int]:
    """Everybody who had a hand in the text, as ids of people."""
    found = SchemeStep.objects.filter(version=version, step__in=WRITES).values_list("person_id", flat=True)
    return {person for person in found if person is not None}


def written_by(person: int | None, versions: Iterable[SchemeVersion]) -> set[int]:
    """Those of the versions, as ids, that a person had a part in writing."""
    steps = SchemeStep.objects.filter(version__in=[one.pk for one in versions], step__in=WRITES, person=person)
    return set(steps.values_list("version_id", flat=True)) if person is not None else set()


def may_do(organisation: int) -> frozenset[Action]:
    """What the person at work may do in one organisation."""
    return frozenset(
        action for grant in current().grants if organisation in grant.organisations for action in grant.role.actions
    )


def at_work(organisation: Organisation, scheme_id: str) -> SchemeVersion | None:
    """The one version of a scheme that is being worked on, if any."""
    return SchemeVersion.objects.filter(
        organisation=organisation, scheme_id=scheme_id, state__in=[each.value for each in OPEN]
    ).first()
