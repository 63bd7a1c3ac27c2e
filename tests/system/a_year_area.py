"""The made-up area of the story of a year, before its first day: its organisations, its people, and its scheme.

How people are invited and a scheme is published is another story (`test_the_service`): here they are there. `fill`
works on a deployment's rows in a process of its own, and gives the session of each person.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from tests.system.a_year_figures import ASH, PRACTICES, SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:  # Django is ready when it is used
    from remit.service.organisations.models import Organisation
    from remit.service.people.models import Person
    from remit.service.scope.scope import Scope

SCHEME = "qif-2024-25"
TITLE = "Quality Improvement Framework (QIF) 2024/25"
SINCE = date(2024, 3, 1)
AT_THE_AREA = {
    "the administrator": "administrator",
    "the author": "scheme_author",
    "the contract manager": "contract_manager",
    "the approver": "approver_tier_1",
    "the second approver": "approver_tier_2",
    "the finance officer": "finance_officer",
    "the other finance officer": "finance_officer",
    "the head of finance": "finance_officer",
    "the data quality specialist": "data_quality",
    "the auditor": "auditor",
}
"""Who works at the area, and as what."""
NAMES = {code: one.name for code, one in PRACTICES.items()} | {ASH: "Ash Surgery"}
_PLACES = {"cannock-chase": "Cannock Chase", "stafford-and-surrounds": "Stafford"}
_YEAR_END = frozenset({"evidence_reviewed", "notified", "balance_due"})


@dataclass(frozen=True)
class Area:
    """A made-up ICB by a letter, and the codes of what is in it."""

    letter: str

    @property
    def icb(self) -> str:
        return f"Q{self.letter}X"

    @property
    def name(self) -> str:
        return f"NHS {self.letter} Integrated Care Board"

    def code(self, practice: str) -> str:
        return self.letter + practice

    def called(self, practice: str) -> str:
        """A practice as pages call it."""
        return f"{NAMES[practice]} ({self.code(practice)})"


def lead_of(practice: str) -> str:
    """What the practice lead of a practice is called: "the lead of Hazel Surgery"."""
    return f"the lead of {NAMES[practice]}"


def settings(year_end: bool) -> dict[str, str]:
    """What the area answers where the scheme leaves something open: once and for all, or at the year's end."""
    return {name: value for name, value in SETTINGS.items() if (name in _YEAR_END) == year_end}


def fill(letter: str) -> dict[str, str]:
    """Make it all, and give each person's session by what they are called. Whoever calls acts as the service."""
    from tests.service.area import person, signed_in

    from remit.service.organisations.models import COMMISSIONER, NETWORK, PLACE, PRACTICE, Membership, Organisation

    area = Area(letter)

    def made(code: str, name: str, kind: str, above: Organisation | None = None) -> Organisation:
        one = Organisation.objects.create(code=code, name=name, kind=kind)
        if above:
            Membership.objects.create(member=one, parent=above, since=SINCE)
        return one

    icb = made(area.icb, area.name, COMMISSIONER)
    networks = {}
    for number, (place, name) in enumerate(_PLACES.items(), 1):
        above = made(f"{letter}{number}P", name, PLACE, icb)
        networks[place] = made(f"U{letter}00{number}", f"{name} Network", NETWORK, above)
    people = {called: person(role, icb, SINCE, _email(called, letter)) for called, role in AT_THE_AREA.items()}
    for code, name in NAMES.items():
        network = networks[PRACTICES[code].place if code in PRACTICES else "stafford-and-surrounds"]
        practice = made(area.code(code), name, PRACTICE, network)
        people[lead_of(code)] = person("practice_lead", practice, SINCE, _email(lead_of(code), letter))
    for called, one in people.items():
        one.name = called.removeprefix("the ").capitalize() if called in AT_THE_AREA else called.removeprefix("the ")
        one.save()
    _publish(icb, people)
    return {called: signed_in(one).session.session_key or "" for called, one in people.items()}


def _email(called: str, letter: str) -> str:
    return f"{called.removeprefix('the ').replace(' ', '.')}@{letter}.example.org".lower()


def _publish(icb: Organisation, people: dict[str, Person]) -> None:
    from remit.application.scheme_text import shipped
    from remit.service import clock
    from remit.service.register import services
    from remit.service.register.states import Step
    from remit.service.scope import reach
    from remit.service.scope.acting import acting

    def working_as(called: str) -> AbstractContextManager[Scope]:
        return acting(reach.of_person(people[called], clock.today(), second_factor=True))

    with working_as("the author"):
        version = services.start(icb, SCHEME, shipped(SCHEME), f"{SCHEME}.yaml", "as shipped", settings(False))
        services.take(version, Step.SUBMIT)
    with working_as("the approver"):
        services.take(version, Step.APPROVE, "Read against the published scheme.")
    with working_as("the contract manager"):
        services.take(version, Step.PUBLISH)
