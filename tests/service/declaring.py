"""A year of QIF in the made-up area, with practices that take part and figures that they can declare."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tests.service.area import Area
from tests.service.figures_in import PRACTICES, YEAR_END, checked, counts, received, scheme, someone

from remit.contract.declaration import Step
from remit.service import clock
from remit.service.declarations import services
from remit.service.declarations.models import Declaration
from remit.service.declarations.services import Numbers
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.offers.models import ACCEPTED, Offer, Participation, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.register.models import SchemeVersion
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING

TODAY = date(2025, 4, 20)
STARTS, ENDS = date(2024, 4, 1), date(2025, 3, 31)
WHO = {
    "practice": ("practice_lead", "A1"), "manager": ("contract_manager", "QAA"), "tier 1": ("approver_tier_1", "QAA"),
    "tier 2": ("approver_tier_2", "QAA"), "finance": ("finance_officer", "QAA"), "data": ("data_quality", "QAA"),
}  # fmt: skip


def year(board: Area, version: SchemeVersion | None = None, **rules: Any) -> SchemeYear:
    """The scheme year, with A1 and A2 taking part; whoever calls acts as the service."""
    version = version or scheme(board)
    made = SchemeYear.objects.create(
        organisation=board["QAA"], scheme_id=version.scheme_id, title="QIF 2024/25", year="2024/25", starts=STARTS,
        ends=ENDS, rules=rules,
    )  # fmt: skip
    offer = Offer.objects.create(
        organisation=board["QAA"], number=1, scheme_year=made, version=version, starts=STARTS, ends=ENDS,
        respond_by=STARTS, to="All practices", sent_at=clock.now(),
    )  # fmt: skip
    for code in ("A1", "A2"):
        takes_part(board[code], offer)
    return made


def takes_part(practice: Organisation, offer: Offer, state: str = ACCEPTED) -> Participation:
    return Participation.objects.create(
        practice=practice, organisation=offer.organisation, scheme_year=offer.scheme_year, offer=offer,
        scheme_id=offer.scheme_year.scheme_id, title=offer.scheme_year.title, year=offer.scheme_year.year, state=state,
        starts=STARTS, ends=ENDS, respond_by=STARTS,
    )  # fmt: skip


def whole(a1: int = 50, a2: int = 60) -> str:
    """Counts of every item of QIF for A1 and A2: `a1` and `a2` of 100 achieved in 2a."""
    return counts(a1, a2, 100)


def figures_in(
    board: Area, version: SchemeVersion, folder: Path, text: str = "", practices: str = PRACTICES,
    day: date = YEAR_END, reason: str = "",
) -> Extract:  # fmt: skip
    """An extract that was accepted."""
    extract = checked(received(board, version, folder, text or whole(), practices, day, reason))
    assert extract.state == "accepted", extract.problems
    return extract


def figures_of(board: Area, extract: Extract, code: str = "A1") -> PracticeFigures:
    return PracticeFigures.objects.get(extract=extract, practice=board[code])


def who(board: Area, name: str) -> Person:
    """One of the people of `WHO`, made the first time."""
    role, code = WHO[name]
    return someone(role, board[code])


def as_(person: Person):
    """What the person sees on the tests' day."""
    return acting(reach.of_person(person, TODAY, True))


def declared(board: Area, made: SchemeYear, figures: PracticeFigures, words: str = "", **more: Any) -> Declaration:
    """What the practice's lead declares."""
    role = someone("practice_lead", figures.practice)
    with as_(role):
        return services.declare(figures.practice, made, figures, words=words, **more)


def numbers(row: Declaration) -> Numbers:
    return Numbers(row.sha256, row.pence)


def takes(board: Area, name: str, row: Declaration, step: Step, words: str = "Looked at.", **more: Any) -> Declaration:
    """What somebody does with a declaration whose numbers are those that they were shown."""
    with as_(who(board, name)):
        return services.take(row, step, words, numbers(row), **more)


def again(row: Declaration) -> Declaration:
    """The row as the database has it now."""
    with acting(EVERYTHING):
        return Declaration.objects.get(pk=row.pk)
