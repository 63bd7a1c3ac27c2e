"""Rows of the made-up area in the states that its year has not come to: planted as the service keeps them, so that each
page can be looked at in each.

Of First area: practices P003 to P005 with a declaration each; offers of Another scheme that lapsed, were taken back,
left or carried on; a run that is prepared and one that was cancelled; a recovery plan that waits, and one that was
refused. Other area has a run that is being prepared, Third area one that failed; Fourth area has nothing at all.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

OTHERS = {
    "finance of Other area": ("finance_officer", "QBB"), "finance of Third area": ("finance_officer", "QCC"),
    "finance of Fourth area": ("finance_officer", "QDD"), "manager of Fourth area": ("contract_manager", "QDD"),
    "lead of A2": ("practice_lead", "A2"), "lead of A3": ("practice_lead", "A3"),
    "lead of P002": ("practice_lead", "P002"), "lead of P003": ("practice_lead", "P003"),
}  # fmt: skip
"""Further people, and where they have which role."""


_THEN = {"sent back": ("send back",), "taken back": ("take back",), "declared": ()}
"""The step that came after the declaring, by the state that it led to; else an approval."""


def planted(board: Any, year: Any, extract: Any) -> None:
    """All of it; whoever calls acts as the service."""
    from remit.service.organisations.models import COMMISSIONER, PRACTICE, Membership, Organisation

    for code, name in (("QCC", "Third area"), ("QDD", "Fourth area")):
        board.organisations[code] = Organisation.objects.create(code=code, name=name, kind=COMMISSIONER)
    for code in ("P003", "P004", "P005"):
        one = Organisation.objects.create(code=code, name=f"Practice {code}", kind=PRACTICE)
        Membership.objects.create(member=one, parent=board["NW2"], since=date(2024, 4, 1))
        board.organisations[code] = one
    _answers(board)
    _declarations(board, year)
    _runs(board, year, extract)
    _plans(board, year)


def _answers(board: Any) -> None:
    """Of Another scheme, from participation 6 on: lapsed, taken back, left, carried on, and ended before it began."""
    from remit.service.offers.models import Offer, Participation

    offer = Offer.objects.get(organisation=board["QAA"], number=2)
    known = Participation.objects.get(offer=offer, practice=board["A1"])
    for code, state, more in (
        ("A2", "lapsed", {"respond_by": date(2024, 4, 30)}),
        ("A3", "taken back", {"reason": "It was offered to the wrong practice."}),
        ("P001", "left", {"ends": date(2024, 9, 30), "reason": "Two partners retired."}),
        ("P002", "carried on", {"ends": date(2024, 11, 30), "into": board["P001"]}),
        ("P003", "left", {"ends": date(2024, 3, 31), "reason": "It asked for an end before it began."}),
        ("P004", "accepted", {"still_reported": True, "still_reported_where": "CQRS"}),
    ):  # fmt: skip
        known.pk, known.practice = None, board[code]
        known.state, known.into, known.reason = state, None, ""
        for name, value in more.items():
            setattr(known, name, value)
        known.save(force_insert=True)
        if state != "carried on":
            known.ends = date(2025, 3, 31)


def _declarations(board: Any, year: Any) -> None:
    """What A2 declared, declared by others: sent back and taken back (P002), for bulk approval (P003), for tier 2
    (P004), for finance (P005)."""
    from remit.service import clock
    from remit.service.declarations.models import Declaration, DeclarationStep
    from remit.service.offers.models import Participation

    known = Declaration.objects.get(practice=board["A2"], number=1)
    part = known.participation
    for code, number, state, pence in (
        ("P002", 1, "sent back", 85_000), ("P002", 2, "taken back", 85_000), ("P003", 1, "declared", 85_000),
        ("P004", 1, "awaiting tier 2", 5_100_000), ("P005", 1, "awaiting finance", 1_600_000),
    ):  # fmt: skip
        of = Participation.objects.filter(practice=board[code], scheme_year=year).first()
        if of is None:
            part.pk, part.practice = None, board[code]
            part.save(force_insert=True)
            of = Participation.objects.get(practice=board[code], scheme_year=year)
        known.pk, known.practice, known.participation = None, board[code], of
        known.number, known.state, known.pence, known.approved_at = number, state, pence, None
        known.in_bulk = state == "awaiting tier 2"
        known.save(force_insert=True)
        steps = ["declare", *_THEN.get(state, ("approve",))]
        for step in steps:
            DeclarationStep.objects.create(
                practice=board[code], organisation=board["QAA"], declaration_id=known.pk, step=step, state=state,
                at=clock.now(), pence=pence, words="" if step == "declare" else "Minutes are missing.",
            )  # fmt: skip


def _runs(board: Any, year: Any, extract: Any) -> None:
    """Run 4 of First area was cancelled, 5 is prepared and holds a line; Other area's is being prepared, Third area's
    failed."""
    from tests.service import year_made

    from remit.service import clock
    from remit.service.money.models import PaymentLine, PaymentRun

    month = clock.today().replace(day=1)
    pay_on = month + timedelta(days=27)
    for code, number, state, more in (
        ("QAA", 4, "cancelled", {"done": 1, "of": 1}),
        ("QAA", 5, "prepared", {"done": 1, "of": 1, "payments": 1, "pence": 140_000}),
        ("QBB", 1, "preparing", {"done": 60, "of": 144}),
        ("QCC", 1, "failed", {"problems": ["the figures of extract 3 could not be read"]}),
    ):
        run = PaymentRun.objects.create(
            organisation=board[code], number=number, month=month, pay_on=pay_on, state=state, prepared_at=clock.now(),
            **more,
        )  # fmt: skip
        steps = {"cancelled": ("prepare", "cancel"), "failed": ("prepare", "fail")}.get(state, ("prepare",))
        for step in steps:
            words = "Figures of May were wrong." if step == "cancel" else ""
            run.steps.create(organisation=board[code], step=step, state=state, at=clock.now(), words=words)
        if state != "prepared":
            continue
        waits = year_made.rests(extract) | {"waits_for": "figures"}
        for practice, pence, held, why, rests in (
            ("A1", 140_000, False, "instalment 4 of 12", year_made.rests(extract)),
            ("A2", None, True, "its list size is missing", waits),
        ):
            PaymentLine.objects.create(
                run=run, practice=board[practice], organisation=board[code], scheme_year=year, kind="instalment",
                pence=pence, held=held, why=why, key=f"qif-2024-25:{practice}:instalment:99", rests=rests,
            )  # fmt: skip


def _plans(board: Any, year: Any) -> None:
    """Plan 3: P003's, over nine months, which waits for an answer; plan 4: P002's, refused."""
    from remit.service import clock
    from remit.service.money.models import RecoveryPlan

    today = clock.today()
    for code, state, months, exception in (
        ("P003", "proposed", 9, "The practice lost half of its staff in a fire."),
        ("P002", "refused", 6, ""),
    ):
        days = [today + timedelta(days=30 * n) for n in range(1, months + 1)]
        plan = RecoveryPlan.objects.create(
            practice=board[code], organisation=board["QAA"], scheme_year=year, number=1, state=state,
            pence=1_000 * months, months=months, notified=today, exception=exception,
            schedule=[{"day": day.isoformat(), "pence": 1_000} for day in days],
        )  # fmt: skip
        for step in ("propose", "refuse") if state == "refused" else ("propose",):
            words = "We can pay it back in three months." if step == "refuse" else ""
            plan.steps.create(
                practice=board[code], organisation=board["QAA"], step=step, state=state, at=clock.now(), words=words
            )
