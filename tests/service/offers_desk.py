"""Who works on offers in the made-up area, each as a scope, and a published scheme of each commissioner."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256

from tests.service.area import Area, person

from remit.application.scheme_text import shipped
from remit.service import clock
from remit.service.offers import services
from remit.service.offers.models import Offer, Participation
from remit.service.people.models import Person
from remit.service.register.models import SchemeVersion
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import Scope

QIF, PLUS = "qif-2024-25", "qif-plus-2024-25"
START, END, ANSWER_BY = date(2024, 4, 1), date(2025, 3, 31), date(2024, 5, 31)
IN_TIME, AFTER = datetime(2024, 5, 1, 9, tzinfo=UTC), datetime(2024, 6, 3, 9, tzinfo=UTC)


SETTINGS = {"mergers": "successor", "joiners": "whole months", "leavers": "whole months"}


def published(
    area: Area,
    code: str = "QAA",
    scheme_id: str = QIF,
    settings: dict[str, str] | None = None,
    content: bytes = b"",
) -> SchemeVersion:
    """A published version; whoever calls acts as the service."""
    content = content or shipped(scheme_id)
    version = SchemeVersion.objects.create(
        organisation=area[code], scheme_id=scheme_id, version=1, content=content, sha256=sha256(content).hexdigest(),
        file_name=f"{scheme_id}.yaml", title={QIF: "QIF 2024/25", PLUS: "QIF Plus 2024/25"}.get(scheme_id, scheme_id),
        year="2024-25", changed_at=clock.now(),
        settings=SETTINGS if settings is None else settings,
    )  # fmt: skip
    for state in ("submitted", "approved", "published"):
        version.state = state
        version.day = START if state == "published" else None
        version.save()
    return version


@dataclass
class Desk:
    """The made-up area with its people, each as a scope by role and organisation, and QIF published."""

    area: Area
    version: SchemeVersion
    people: dict[tuple[str, str], Person] = field(default_factory=dict)

    def person(self, role: str, code: str) -> Person:
        key = role, code
        if key not in self.people:
            self.people[key] = person(role, self.area[code], email=f"desk.{role}.{code}@example.org".lower())
        return self.people[key]

    def scope(self, role: str, code: str, day: date | None = None) -> Scope:
        return reach.of_person(self.person(role, code), day or clock.today(), True)

    def offer(self, *codes: str, version: SchemeVersion | None = None, **days: date) -> Offer:
        """An offer by the contract manager."""
        given = {"starts": START, "ends": END, "respond_by": ANSWER_BY} | days
        with acting(self.scope("contract_manager", "QAA")):
            return services.make_offer(
                version or self.version, [self.area[code] for code in codes], **given, words="", to=", ".join(codes)
            )

    def row(self, code: str) -> Participation:
        """The newest participation of a practice."""
        found = Participation.objects.filter(practice__code=code).order_by("-pk").first()
        assert found is not None
        return found

    def accepted(self, code: str) -> Participation:
        """A practice that was offered and accepted."""
        with acting(self.scope("practice_lead", code)):
            return services.accept(self.row(code))


def desk(area: Area) -> Desk:
    """Whoever calls acts as the service."""
    return Desk(area, published(area))
