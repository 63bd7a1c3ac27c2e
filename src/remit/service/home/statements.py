"""The statements of practices, out of what accepted extracts came to. All that is read is what the scope sees.

Whoever works for a practice sees its own copy, with its counts; everybody else sees the copy for others, without the
counts that could tell of a person, and only of practices that consented.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from remit.contract.declaration import State
from remit.core import say
from remit.documents.blocks import Document
from remit.documents.stored import from_json
from remit.runs.results import FINAL
from remit.service.declarations.models import Declaration
from remit.service.extracts import reading
from remit.service.extracts.models import ACCEPTED, PracticeCopy, PracticeFigures
from remit.service.offers.models import ACCEPTED as ACCEPTED_OFFER
from remit.service.offers.models import Participation
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.scope.scope import current

_LARGE = ("extract__scheme_version__content", "extract__frame", "overview", "moved")
_DOCUMENT = "statement_for_commissioner"


@dataclass(frozen=True)
class Statement:
    """A statement to show: of which figures, and whether it is the practice's own copy."""

    figures: PracticeFigures
    document: Document
    is_own: bool


@dataclass(frozen=True)
class Stands:
    """How far the figures of a statement are: `word` and `sentence`; `may_declare` where the practice has still to
    declare them."""

    word: str
    sentence: str
    declaration: Declaration | None
    may_declare: bool


def stands(figures: PracticeFigures) -> Stands:
    """Whether figures are provisional, declared, approved or final, by the newest declaration of them."""
    rows = Declaration.objects.filter(figures=figures).defer("payment", "statement_for_commissioner", "difference")
    one = rows.order_by("-number").first()
    of = f"This is what the figures of {say.day(figures.day)} come to."
    until = "It stays provisional until the practice has declared its figures"
    if one is None:
        return Stands("Provisional.", f"{of} {until}", None, _may_declare(figures))
    on = say.day(timezone.localdate(one.declared_at))
    if one.state == State.APPROVED.value:
        word = "Final." if figures.status == FINAL else "Approved."
        approved = (
            f" and they were approved on {say.day(timezone.localdate(one.approved_at))}" if one.approved_at else ""
        )
        return Stands(word, f"{of} The practice declared them on {on}{approved}", one, False)
    if one.is_open:
        return Stands(
            "Declared.", f"{of} The practice declared them on {on}, and they are not approved yet", one, False
        )
    return Stands(
        "Provisional.", f"{of} Declaration {one.number} of them was {one.state}. {until}", one, _may_declare(figures)
    )


def _may_declare(figures: PracticeFigures) -> bool:
    """Whether the person at work declares these figures: the practice takes part, and it is theirs to do."""
    if not current().may(Action.DECLARE, figures.practice_id):
        return False
    version = figures.extract.scheme_version
    parts = Participation.objects.filter(practice=figures.practice_id, organisation=figures.extract.organisation_id)
    return parts.filter(scheme_id=version.scheme_id, state=ACCEPTED_OFFER).exists()


def standing() -> QuerySet[PracticeFigures]:
    """The figures of extracts that stand, by practice and the newest day first, without what is large."""
    rows: QuerySet[PracticeFigures] = PracticeFigures.objects.filter(extract__in=reading.standing().values("pk"))
    rows = rows.select_related("practice", "extract__scheme_version").defer(*_LARGE, _DOCUMENT)
    return rows.order_by("practice__name", "practice__code", "-day", "-extract__number")


def newest_of_each(figures: QuerySet[PracticeFigures]) -> list[PracticeFigures]:
    """Of figures, the newest of each practice and scheme. Years of them are looked through by their ids alone."""
    newest: dict[tuple[int, str], int] = {}
    ids = figures.order_by("-day", "-extract__number").values_list(
        "practice_id", "extract__scheme_version__scheme_id", "pk"
    )
    for practice, scheme, pk in ids:
        newest.setdefault((practice, scheme), pk)
    return list(figures.filter(pk__in=newest.values()))


def statement_of(practice: Organisation, extract: int) -> Statement | None:
    """A practice's statement of an accepted extract, as whoever asks may see it; None where there is none."""
    rows = PracticeFigures.objects.filter(practice=practice, extract=extract, extract__state=ACCEPTED)
    figures = rows.select_related("practice", "extract__scheme_version").defer(*_LARGE).first()
    if figures is None:
        return None
    own = PracticeCopy.objects.filter(figures=figures).values_list("statement", flat=True).first()
    return Statement(figures, from_json(own or figures.statement_for_commissioner), own is not None)
