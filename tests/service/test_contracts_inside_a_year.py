"""A contract that begins inside the year: its scheme year, what is offered and what comes back follow its own days."""

from __future__ import annotations

from datetime import date

import pytest
from tests.service import offers_desk
from tests.service.area import Area
from tests.service.offers_desk import QIF

from remit.application.scheme_text import shipped
from remit.core.problems import Refused
from remit.payment.recovery_plan import recovery_plan
from remit.service import clock
from remit.service.money.recoveries import scheme_of
from remit.service.offers.models import SchemeYear

pytestmark = pytest.mark.django_db

TERM, LAST = date(2024, 10, 1), date(2025, 3, 31)
CHANGES = (
    (b"year: 2024-25\n", b"year: 2024-25\nterm: {from: 2024-10-01, to: 2025-03-31}\n"),
    (b"instalments: 12 [remit]", b"instalments: 6 [remit]"),
    (b"    notified: notified\n", b"    notified: notified\n    first: 2025-08-31\n"),
)


def test_its_days_are_those_of_the_contract(board: Area) -> None:
    with clock.at(offers_desk.IN_TIME):
        content = shipped(QIF)
        for before, after in CHANGES:
            assert before in content
            content = content.replace(before, after, 1)
        desk = offers_desk.Desk(board, offers_desk.published(board, content=content))
        with pytest.raises(Refused, match="1 October 2024 to 31 March 2025"):
            desk.offer("A1")
        offer = desk.offer("A1", starts=TERM)
        year = SchemeYear.objects.get()
        assert (year.starts, year.ends, offer.scheme_year_id) == (TERM, LAST, year.pk)
        scheme = scheme_of(year)
        plan = recovery_plan(scheme, 100001, date(2025, 7, 20), months=2)
        assert [(str(due.day), due.pence) for due in plan.instalments] == [("2025-08-31", 50001), ("2025-09-30", 50000)]
        later = recovery_plan(scheme, 100001, date(2025, 8, 20), months=2)
        assert [str(due.day) for due in later.instalments] == ["2025-09-20", "2025-10-20"]
