"""Payment runs: prepared by a job, released by a second person in one transaction; what each pays, by hand.

QIF 2024/25 pays 80% of £2.10 for each weighted patient in twelve instalments: £1,400.00 a month to A1 (10,000 patients)
and £700.00 to A2 (5,000).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.service import figures_in
from tests.service.area import Area, person
from tests.service.paying import Payer, on, payer, sums

from remit.application.payment_file import check_file
from remit.contract.participation import State as Part
from remit.core.problems import Refused
from remit.payment.book import ADVANCE, CASH, trial_balance
from remit.service.audit.models import Entry
from remit.service.audit.sentences import sentence
from remit.service.money import runs
from remit.service.money.models import PaymentLine, PaymentRun, Transfer
from remit.service.money.preparing import prepare
from remit.service.money.run_file import bytes_of, hash_of
from remit.service.people.models import Appointment
from remit.service.scope import reach
from remit.service.scope.acting import acting

APRIL, MAY, JUNE = date(2024, 4, 1), date(2024, 5, 1), date(2024, 6, 1)


@pytest.fixture
def pays(board: Area, tmp_path: Path) -> Payer:
    """Two practices that accepted, with the figures of April; neither lets the commissioner see them."""
    made = payer(board, tmp_path)
    made.accepted("A1")
    made.accepted("A2")
    with on(date(2024, 5, 10)):
        made.figures(date(2024, 4, 30))
    return made


def lines(run: PaymentRun, **of: object) -> list[tuple[str, str, int | None, str]]:
    rows = PaymentLine.objects.filter(run=run, **of).order_by("key")
    return [(one.practice.code, one.kind, one.pence, one.why) for one in rows]


def why(what: pytest.ExceptionInfo[Refused]) -> str:
    return " ".join(one.message for one in what.value.problems)


def test_a_run_pays_what_is_due_less_what_was_paid(pays: Payer) -> None:
    first = pays.paid(APRIL)
    assert (first.state, first.payments, first.pence) == ("released", 2, 210_000)
    assert lines(first) == [
        ("A1", "instalment", 140_000, "Instalment 1 of 12"),
        ("A2", "instalment", 70_000, "Instalment 1 of 12"),
    ]
    third = pays.paid(JUNE)  # nobody prepared May: June pays both
    assert lines(third) == [
        ("A1", "instalment", 280_000, "Instalments 2 and 3 of 12: catches up 1 instalment"),
        ("A2", "instalment", 140_000, "Instalments 2 and 3 of 12: catches up 1 instalment"),
    ]
    with on(date(2024, 6, 21)):
        again = pays.prepared(JUNE)
    assert (again.state, again.payments, again.pence, lines(again)) == ("prepared", 0, 0, [])
    assert trial_balance(pays.transfers()) == {
        CASH: -630_000,
        ADVANCE: 630_000,
        "scheme cost": 0,
        "owed to practices": 0,
    }
    assert sums() == 0


def test_the_file_is_what_the_ledger_has(pays: Payer) -> None:
    run = pays.paid(APRIL)
    checked = check_file(run.file)
    assert (checked.totals.records, checked.totals.pence) == (2, 210_000)
    assert run.sha256 == checked.sha256 == hash_of(run.file)
    assert bytes_of(run) == run.file.encode()
    assert checked.totals.pence == sum(one.pence for one in Transfer.objects.filter(line__run=run, credit=CASH))
    run.file += "\n"
    with pytest.raises(Refused) as refused:
        bytes_of(run)
    assert "is not the one that was released" in why(refused)
    entry = Entry.objects.get(event="run.released")
    assert "Payments: 2, in all £2,100.00." in sentence(entry)
    assert run.sha256 in sentence(entry)


def test_a_line_says_what_it_rests_on(pays: Payer) -> None:
    extract, version = pays.extracts[0], pays.version
    line = PaymentLine.objects.filter(run=pays.paid(APRIL)).order_by("key")[0]
    assert line.figures is not None
    assert line.figures.extract == extract
    assert (line.rests["extract"], line.rests["day"], line.rests["extract_sha256"]) == (
        extract.number, "2024-04-30", extract.sha256,
    )  # fmt: skip
    assert (line.rests["scheme"], line.rests["scheme_version"], line.rests["scheme_sha256"]) == (
        version.scheme_id, 1, version.sha256,
    )  # fmt: skip
    assert {"engine", "clusters", "figures_sha256"} <= line.rests.keys()
    transfer = Transfer.objects.get(line=line)
    assert (transfer.key, transfer.by, transfer.paid_by) == (line.key, pays.second, pays.organisation)


def test_without_an_accepted_offer_nothing_is_paid_and_it_is_said(pays: Payer) -> None:
    pays.accepted("A2", state=Part.REFUSED)
    run = pays.paid(APRIL)
    assert lines(run, held=False) == [("A1", "instalment", 140_000, "Instalment 1 of 12")]
    assert lines(run, held=True) == [("A2", "instalment", 70_000, f"No offer was accepted for {pays.year.title}")]


def test_a_practice_without_figures_is_held(pays: Payer) -> None:
    pays.accepted("A3")
    with on(date(2024, 4, 20)):
        run = pays.prepared(APRIL)
    assert lines(run, held=True) == [
        ("A3", "instalment", None, "The instalments are not known. The practice is not in extract 1.")
    ]


def test_who_prepared_does_not_release(pays: Payer) -> None:
    with on(date(2024, 4, 20)):
        run = pays.prepared(APRIL)
        with pytest.raises(Refused) as refused:
            pays.released(run, pays.first)
    assert why(refused) == "You prepared this payment run: somebody else releases it."
    run.refresh_from_db()
    assert (run.state, run.file, Transfer.objects.count()) == ("prepared", "", 0)


def test_who_received_the_figures_does_not_release(pays: Payer) -> None:
    with on(date(2024, 6, 1)):
        Appointment.objects.create(
            person=pays.second, organisation=pays.organisation, role="data_quality", since=date(2024, 4, 1)
        )
        with acting(reach.of_person(pays.second, date(2024, 6, 1), True)):
            arrived = figures_in.received(
                pays.board, pays.version, pays.folder / "again", figures_in.counts(4), day=date(2024, 5, 31)
            )
        figures_in.checked(arrived)
        run = pays.prepared(MAY)
        with pytest.raises(Refused) as refused:
            pays.released(run)
    assert why(refused) == "One person does not both receive the figures and decide on the payment."


def test_what_changed_since_it_was_prepared_is_said_and_nothing_is_paid(pays: Payer) -> None:
    with on(date(2024, 4, 20)):
        run = pays.prepared(APRIL)
    with on(date(2024, 5, 12)):
        larger = figures_in.PRACTICES.replace("10500,10000", "10500,20000")
        pays.figures(date(2024, 4, 30), larger)
        with pytest.raises(Refused) as refused:
            pays.released(run)
    assert why(refused) == (
        "What this run rests on has changed since it was prepared: instalment of A1 was £1,400.00 and is £2,800.00; "
        "instalment of A2 rests on other figures or decisions. Cancel it and prepare it anew."
    )
    run.refresh_from_db()
    assert (run.state, Transfer.objects.count()) == ("prepared", 0)


def test_one_run_is_open_at_a_time_and_a_later_month_is_not_paid_before(pays: Payer) -> None:
    with on(date(2024, 4, 20)):
        run = pays.prepared(APRIL)
        with pytest.raises(Refused) as refused:
            pays.prepared(APRIL)
        assert why(refused) == (
            "Payment run 1 for April 2024 is still open: release it or cancel it before another is prepared."
        )
        pays.released(run)
        with pytest.raises(Refused) as refused:
            pays.prepared(JUNE)
        assert "June 2024 is too far ahead" in why(refused)
    pays.paid(MAY)
    with on(date(2024, 5, 21)), pytest.raises(Refused) as refused:
        pays.prepared(APRIL)
    assert "May 2024 is paid already" in why(refused)


def test_cancelling_needs_a_reason_and_leaves_nothing_paid(pays: Payer) -> None:
    with on(date(2024, 4, 20)):
        run = pays.prepared(APRIL)
        with pays.at_work(pays.first), pytest.raises(Refused) as refused:
            runs.cancel(run, " ")
        assert why(refused) == "Say why the run is cancelled."
        with pays.at_work(pays.first):
            runs.cancel(run, "The wrong month.")
        with pytest.raises(Refused) as refused:
            pays.released(run)
        assert why(refused) == "This run was cancelled. Prepare a new one."
        again = pays.prepared(APRIL)
    assert (again.number, again.pence, Transfer.objects.count()) == (2, 210_000, 0)


def test_a_release_sent_twice_pays_once(pays: Payer) -> None:
    run = pays.paid(APRIL)
    with on(date(2024, 4, 21)), pytest.raises(Refused) as refused:
        pays.released(run)
    assert why(refused) == "This run is released: what it paid is corrected in the next run."
    assert Transfer.objects.count() == 2


def test_the_job_run_twice_makes_the_lines_once(pays: Payer) -> None:
    with on(date(2024, 4, 20)):
        run = pays.prepared(APRIL)
        prepare.func(run.organisation_id, run.pk)
    assert PaymentLine.objects.filter(run=run).count() == 2
    assert Entry.objects.filter(event="run.prepared").count() == 1


def test_a_run_that_failed_is_tried_again(pays: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    from remit.service.money import preparing

    with on(date(2024, 4, 20)):
        run = pays.begun(APRIL)

        def broken(*_: Any) -> None:
            raise OSError("the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(preparing, "calculated", broken)
            with pytest.raises(OSError, match="disk"):
                prepare.func(run.organisation_id, run.pk)
        run.refresh_from_db()
        assert (run.state, run.lines.count()) == ("failed", 0)
        with pays.at_work(pays.first):
            assert runs.retry(run)
        prepare.func(run.organisation_id, run.pk)
        run.refresh_from_db()
    assert (run.state, run.payments) == ("prepared", 2)


def test_the_clock_set_back_pays_nothing_twice(pays: Payer) -> None:
    pays.paid(MAY)
    with on(date(2024, 4, 25)):
        run = pays.prepared(MAY, date(2024, 5, 28))
        assert (run.payments, run.pence) == (0, 0)


def test_a_late_joiner_catches_up_and_only_from_its_day(pays: Payer) -> None:
    joins = date(2024, 7, 1)
    rows = figures_in.PRACTICES.splitlines()
    text = "\n".join([f"{rows[0]},joined", f"{rows[1]},", f"{rows[2]},2024-07-01", ""])
    pays.accepted("A2", joins)
    with on(date(2024, 7, 10)):
        pays.figures(date(2024, 6, 30), text)
    run = pays.paid(date(2024, 8, 1))
    # A2: 80% x £2.10 x 5,000 x 9 months of 12 = £6,300.00, in nine instalments of £700.00: July and August
    assert [one for one in lines(run) if one[0] == "A2"] == [
        ("A2", "instalment", 140_000, "Instalments 1 and 2 of 9: joined on 1 Jul 2024, catches up 1 instalment")
    ]


@pytest.mark.parametrize("state", [Part.CARRIED_ON, Part.LEFT])
def test_figures_need_not_say_yet_that_a_practice_leaves_or_merges_later(pays: Payer, state: Part) -> None:
    """Its last day is 31 May: May is paid by the figures of April, and June only by figures that say so."""
    into = pays.board["A1"] if state is Part.CARRIED_ON else None
    pays.accepted("A2", state=state, ends=date(2024, 5, 31), into=into)
    assert ("A2", "instalment", 140_000, "Instalments 1 and 2 of 12: catches up 1 instalment") in lines(pays.paid(MAY))
    with on(date(2024, 6, 20)):
        (held,) = PaymentLine.objects.filter(run=pays.prepared(JUNE), held=True)
    assert held.practice == pays.board["A2"]
    assert "newest figures do not say so yet: send new ones" in held.why


def test_only_finance_keeps_the_books(pays: Payer) -> None:
    from django.core.exceptions import PermissionDenied

    manager = person("contract_manager", pays.organisation, email="manager.two@example.org")
    with on(date(2024, 4, 20)), pytest.raises(PermissionDenied):
        pays.begun(APRIL, by=manager)
