"""What pages, and payments, ask of declarations; each answer is for the current scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from remit.application.extract import payment_of
from remit.contract.declaration import COUNTED, MACHINE, State, Step
from remit.contract.duties import Duty
from remit.contract.limits import Limits, Needed, Risk
from remit.contract.machine import NotPossible, Party, after
from remit.payment.instalments import DuePayment
from remit.service.declarations.duties import did, given_for
from remit.service.declarations.limits import amounts_of, limits_of, machine_of
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.extracts import reading as extracts
from remit.service.extracts.models import PracticeFigures
from remit.service.offers.models import ACCEPTED, Participation, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.organisations.standing import as_service
from remit.service.scope.acting import acting
from remit.service.scope.scope import current
from remit.service.steps import done_by, parties_in

RELEASED = ("activity", "balance", "recovery")
"""What is paid, or recovered, on an approved declaration alone; instalments flow from the offer."""
LEFT = "left"
COUNTS = frozenset(one.value for one in COUNTED)
_SAID = "said"


def approved(practice: Organisation | int, scheme_year: SchemeYear | int) -> Declaration | None:
    """The newest declaration of a practice and scheme year that is approved and stands; None where there is none."""
    rows = Declaration.objects.filter(practice=practice, scheme_year=scheme_year, state=State.APPROVED.value)
    return rows.order_by("-number").first()


def released_by(declaration: Declaration) -> tuple[DuePayment, ...]:
    """What a declaration lets be paid and recovered, in the order of days: nothing until it is approved."""
    if declaration.state != State.APPROVED.value:
        return ()
    return tuple(due for due in payment_of(declaration.payment).dues if due.kind in RELEASED)


def declarations_of(practice: Organisation, scheme_year: SchemeYear | None = None) -> QuerySet[Declaration]:
    """What a practice has declared, the newest first."""
    rows = Declaration.objects.filter(practice=practice)
    rows = rows.filter(scheme_year=scheme_year) if scheme_year else rows
    return rows.select_related("participation", "declared_by").order_by("-declared_at", "-number")


def declaration(practice: Organisation, scheme_id: str, number: int) -> Declaration | None:
    """A declaration by what its address says; None where none may be seen."""
    rows = Declaration.objects.filter(practice=practice, participation__scheme_id=scheme_id, number=number)
    return rows.select_related("practice", "participation", "declared_by", "merged_into").first()


def participation(practice: Organisation, scheme_id: str) -> Participation | None:
    """The practice's newest part in a scheme that it takes, or took, part in, with its scheme year.

    Who left the area sees no more of that year than belongs to its own part: its title, days and limits.
    """
    rows = Participation.objects.filter(practice=practice, scheme_id=scheme_id, state__in=(ACCEPTED, LEFT))
    found = rows.order_by("-pk").first()
    if found is not None:
        with acting(as_service()):
            found.scheme_year = SchemeYear.objects.select_related("organisation").get(pk=found.scheme_year_id)
    return found


def figures_for(practice: Organisation, part: Participation) -> list[PracticeFigures]:
    """The practice's own figures that stand, of a scheme year that it takes part in: the newest day first.

    Which extracts stand the practice does not see once it has left the area; its figures of the year it does.
    """
    own = set(PracticeFigures.objects.filter(practice=practice).values_list("pk", flat=True))
    with acting(as_service()):
        standing = extracts.standing().filter(
            organisation=part.organisation_id, scheme_version__scheme_id=part.scheme_id
        )
        rows = PracticeFigures.objects.filter(practice=practice, extract__in=standing.order_by().values("pk"))
        found = list(rows.select_related("extract__scheme_version").order_by("-day"))
    return [one for one in found if one.pk in own]


@dataclass(frozen=True)
class Line:
    """A declaration with what it needs: its risk, for whom it waits, what the person at work can do with it, and why
    they cannot do what waits."""

    row: Declaration
    title: str
    needed: Needed
    risk: Risk
    waits_for: frozenset[Party]
    steps: tuple[Step, ...]
    why_not: tuple[str, ...]

    @property
    def is_yours(self) -> bool:
        """Whether the next step is for the person at work."""
        return bool(set(self.steps) - {Step.SEND_BACK, Step.TAKE_BACK})

    @property
    def together(self) -> int:
        """All amounts of the practice and scheme year together, in pence."""
        return self.needed.together


def lines(rows: Iterable[Declaration]) -> list[Line]:
    """Declarations as a page shows them, in a fixed number of questions to the database."""
    those = list(rows)
    with acting(as_service()):  # the limits of what is seen; who left the area sees no more of that year
        years = list(SchemeYear.objects.filter(pk__in={row.scheme_year_id for row in those}))
    limits = {one.pk: limits_of(one) for one in years}
    steps: dict[int, list[DeclarationStep]] = defaultdict(list)
    for step in DeclarationStep.objects.filter(declaration__in=[row.pk for row in those]).order_by("pk"):
        steps[step.declaration_id].append(step)
    keys = {(row.practice_id, row.scheme_year_id) for row in those}
    amounts, adjusted = amounts_of(keys)
    given = given_for([row.pk for row in those])
    with_evidence = {declaration for declaration, _ in given}
    before = did(current().person, given)
    return [
        _line(
            row,
            before.to(row),
            limits[row.scheme_year_id],
            steps[row.pk],
            [pence for pk, pence in amounts[row.practice_id, row.scheme_year_id] if pk != row.pk]
            + adjusted[row.practice_id, row.scheme_year_id],
            bool(row.entered) or row.pk in with_evidence,
        )
        for row in those
    ]


def _line(
    row: Declaration, before: frozenset[Duty], limits: Limits, steps: Sequence[DeclarationStep],
    others: list[int], has_evidence: bool,
) -> Line:  # fmt: skip
    others = others if row.state in COUNTS else []  # what ended is held against no limit
    needed = limits.needed(row.pence, others, row.in_bulk, has_evidence)
    machine, state = machine_of(needed, steps), State(row.state)
    parties, done = parties_in(row.practice_id, row.organisation_id), before | done_by(current().person, MACHINE, steps)
    open_, why = [], []
    for step in Step:
        move = machine.moves.get((state, step))
        if move is None or not move.by & parties or (step is Step.REVIEW_EVIDENCE and not needed.review):
            continue
        found = after(machine, state, step, parties, done, _SAID)
        if isinstance(found, NotPossible):
            why.append(found.why)
        else:
            open_.append(step)
    waits = machine.waits_for.get(state, frozenset())
    risk = limits.risk(needed.together)
    return Line(row, row.participation.title, needed, risk, waits, tuple(open_), tuple(dict.fromkeys(why)))


def every(newest: bool = False) -> QuerySet[Declaration]:
    """All declarations that may be seen, what waits longest first, without their long texts; of a practice and scheme
    year the newest alone where that is asked for."""
    newer = Declaration.objects.filter(
        practice=OuterRef("practice"), scheme_year=OuterRef("scheme_year"), number__gt=OuterRef("number")
    )
    rows = Declaration.objects.filter(~Exists(newer)) if newest else Declaration.objects.all()
    rows = rows.select_related("practice", "participation", "declared_by", "merged_into")
    return rows.defer("payment", "statement_for_commissioner", "difference").order_by("declared_at", "pk")
