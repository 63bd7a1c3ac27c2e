"""The clock set back, in a process and in a rehearsal that is served: nothing is paid a second time, nothing is entered
in a closed month, numbers go on without gaps, and the log keeps its order and says what the clock said.

By hand (`year_end`): £25,200.00 in advance in March; in June A1 has £3,200.00 more, and A2 pays back £2,800.00.
Reminders by a clock that is set back are in `test_reminders`.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.service.area import Area
from tests.service.paying import Payer, on
from tests.service.running import HERE, made, running, wait
from tests.service.year_end import (
    IN_JULY,
    IN_JUNE,
    JUNE,
    MARCH,
    PAID,
    accounts,
    check_ledger,
    decided,
    in_advance,
    paid,
)

from remit.core.problems import Refused
from remit.service.audit import chain
from remit.service.audit.models import Entry
from remit.service.money import adjustments, closing
from remit.service.money.models import PaymentRun, Transfer

pytestmark = pytest.mark.one_database


@pytest.fixture
def pays(board: Area, tmp_path: Path) -> Payer:
    """The year's end, before the run of June."""
    made = in_advance(tmp_path, board)
    decided(made)
    return made


def in_order() -> None:
    """The ledger has its numbers and sums to zero, and the log has its order."""
    accounts()
    check_ledger(list(Transfer.objects.order_by("number")))
    assert chain.verify().fault is None


def test_a_run_that_is_released_before_it_was_prepared_pays_once(pays: Payer) -> None:
    with on(IN_JUNE):
        run = pays.prepared(JUNE)
    with on(date(2025, 5, 20)):
        run = pays.released(run)
        assert run.released_at is not None
        assert run.released_at.date() == date(2025, 5, 20)
        again = pays.prepared(JUNE)
        assert (again.number, again.payments, again.pence) == (3, 0, 0)
        pays.released(again)
    assert paid() == PAID
    assert [*PaymentRun.objects.order_by("number").values_list("number", flat=True)] == [1, 2, 3]
    last = Entry.objects.filter(event__startswith="run.").order_by("number")
    assert [(one.event, str(one.at.date())) for one in last][-6:] == [
        ("run.begun", "2025-06-10"), ("run.prepared", "2025-06-10"), ("run.released", "2025-05-20"),
        ("run.begun", "2025-05-20"), ("run.prepared", "2025-05-20"), ("run.released", "2025-05-20"),
    ]  # fmt: skip
    in_order()


def test_nothing_is_entered_in_a_month_that_is_closed(pays: Payer) -> None:
    with on(IN_JULY), pays.at_work(pays.first):
        closing.close_month(pays.organisation, MARCH)
    with on(date(2025, 3, 15)):
        with pytest.raises(Refused, match="The books of March 2025 are closed"):
            pays.begun(MARCH, date(2025, 3, 28))
        with pays.at_work(pays.first), pytest.raises(Refused, match="Choose a day from 1 April 2025 on"):
            adjustments.propose(pays.year, pays.board["A1"], 500, date(2025, 3, 14), "Postage.")
        with pays.at_work(pays.second), pytest.raises(Refused, match="are closed and are not opened again"):
            closing.close_month(pays.organisation, MARCH)
    assert Transfer.objects.count() == 2
    in_order()


STARTED = """
import pickle
from pathlib import Path
from tests.service.year_end import decided, in_advance
pays = in_advance(Path({folder!r}))
decided(pays)
Path({folder!r}, "pays").write_bytes(pickle.dumps(pays))
"""
DONE = """
import json, pickle
from datetime import date
from pathlib import Path
from remit.service.money.models import PaymentRun
from tests.service.year_end import JUNE, outcome
pays = pickle.loads(Path({folder!r}, "pays").read_bytes())
{do}
found = outcome()
print(json.dumps([found["paid"], [run[1:4] for run in found["runs"]]]))
"""
WHEN = """
from django.utils.timezone import localdate
from remit.service.audit.models import Entry
rows = Entry.objects.filter(event="run.released").order_by("number")
print(*(localdate(one.at) for one in rows))
"""


def test_a_rehearsal_that_is_set_back_pays_once(tmp_path: Path) -> None:
    folder = str(tmp_path / "in")
    with made(tmp_path, HERE) as place:
        place.environment |= {"REMIT_HOSTS": "testserver,127.0.0.1", "REMIT_REHEARSAL": "2025-06-10"}

        def done(do: str) -> tuple[dict[str, int], list[list[object]]]:
            text = json.loads(place.python(DONE.format(folder=folder, do=do)))
            return text[0], text[1]

        def day(text: str) -> None:
            moved = place.command("rehearse", text)
            assert moved.returncode == 0, moved.stderr

        begin, release = "pays.begun(JUNE)", 'pays.released(PaymentRun.objects.order_by("number").last())'
        with running(place):
            place.python(STARTED.format(folder=folder))
            done(begin)
            wait(lambda: done("")[1][-1] == ["prepared", 2, 40_000])  # by the worker that is served
            day("2025-05-20")
            assert done(release) == (PAID, [["released", 2, 2_520_000], ["released", 2, 40_000]])
            done(begin)
            wait(lambda: done("")[1][-1] == ["prepared", 0, 0])
            assert done(release)[0] == PAID
            assert place.python(WHEN) == "2025-03-20 2025-05-20 2025-05-20"
            day("2025-06-11")
            assert done("")[0] == PAID
        assert place.command("audit", "verify").returncode == 0
