"""Nobody decides twice: for each pair of duties that are apart, somebody who did one, in whatever role, comes to the
page of the other. There is no button, the sentence says why, and what is sent all the same changes nothing.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.service import figures_in
from tests.service.area import Area, person, signed_in
from tests.service.declaring import as_, figures_of, takes_part, whole, year
from tests.service.paying import Payer, declared, final, on, payer
from tests.service.test_declarations_steps import ALL, row_in
from tests.service.twice import ROLE_OF, Standing, forms_of, moved, newcomer, text_of

from remit.contract.adjustment import Step as Adjusting
from remit.contract.declaration import Step
from remit.contract.duties import Duty, pairs, why_apart
from remit.service import clock
from remit.service.declarations.models import Declaration, DeclarationFile, DeclarationStep
from remit.service.extracts.models import Extract
from remit.service.money import adjustments, recoveries
from remit.service.money.models import Adjustment, PaymentRun
from remit.service.offers.models import Offer
from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.scope import reach
from remit.service.scope.acting import acting

pytestmark = pytest.mark.one_database

D = Duty
ONE, RUN = "/declarations/A1/qif-2024-25/1/", "/payments/QAA/1/"
STEP_OF = {
    D.REVIEW_EVIDENCE: Step.REVIEW_EVIDENCE, D.APPROVE_PAYMENT: Step.APPROVE, D.CHECK_PAYMENT: Step.CHECK,
    D.APPROVE_AMOUNT: Step.APPROVE_AMOUNT, D.DECLARE_FIGURES: Step.DECLARE,
}  # fmt: skip
BEFORE = {
    D.REVIEW_EVIDENCE: "declared", D.APPROVE_PAYMENT: "reviewed", D.CHECK_PAYMENT: "awaiting tier 2",
    D.APPROVE_AMOUNT: "awaiting finance",
}  # fmt: skip
"""The state in which a duty is done to a declaration."""
ENTERED = {"item": "2a", "measure": "DECLARED", "period": "", "value": "1", "words": "We met.", "why": "Minutes.",
           "question": "Have you met?"}  # fmt: skip
TO_A_DECLARATION = [
    (D.RECEIVE_FIGURES, D.APPROVE_PAYMENT), (D.RECEIVE_FIGURES, D.CHECK_PAYMENT), (D.RECEIVE_FIGURES, D.APPROVE_AMOUNT),
    (D.DECLARE_FIGURES, D.REVIEW_EVIDENCE), (D.DECLARE_FIGURES, D.APPROVE_PAYMENT),
    (D.DECLARE_FIGURES, D.CHECK_PAYMENT), (D.DECLARE_FIGURES, D.APPROVE_AMOUNT),
    (D.APPROVE_PAYMENT, D.CHECK_PAYMENT), (D.APPROVE_PAYMENT, D.APPROVE_AMOUNT), (D.CHECK_PAYMENT, D.APPROVE_AMOUNT),
]  # fmt: skip
BEFORE_A_RELEASE = [
    D.RECEIVE_FIGURES, D.DECLARE_FIGURES, D.APPROVE_PAYMENT, D.CHECK_PAYMENT, D.APPROVE_AMOUNT, D.APPROVE_ADJUSTMENT,
    D.PREPARE_PAYMENT,
]  # fmt: skip
BESIDE = [(D.DECLARE_FIGURES, D.RECEIVE_FIGURES), (D.PROPOSE_ADJUSTMENT, D.APPROVE_ADJUSTMENT),
          (D.PROPOSE_RECOVERY, D.AGREE_RECOVERY)]  # fmt: skip


def test_each_pair_is_tried() -> None:
    tried = {frozenset(one) for one in [*TO_A_DECLARATION, *BESIDE]}
    tried |= {frozenset((one, D.RELEASE_PAYMENT)) for one in BEFORE_A_RELEASE}
    assert tried == {frozenset((one, other)) for one, other, _ in pairs()}


def sends(row: Declaration, step: Step) -> dict[str, str]:
    """What the form of a step would send."""
    prefix = step.value.replace(" ", "-")
    return {f"{prefix}-sha256": row.sha256, f"{prefix}-pence": str(row.pence), f"{prefix}-words": "Looked at."}


def received(board: Area, folder: Path, someone: Person | None, version: object, day: date, text: str = "") -> Extract:
    """Figures of a day that somebody sent."""
    sent = (board, version, folder, text or whole())
    if someone is None:
        return figures_in.checked(figures_in.received(*sent, day=day))  # type: ignore[arg-type]
    with as_(someone):
        arrived = figures_in.received(*sent, day=day)  # type: ignore[arg-type]
    return figures_in.checked(arrived)


@pytest.mark.parametrize(("first", "second"), TO_A_DECLARATION)
def test_a_declaration(first: Duty, second: Duty, board: Area, tmp_path: Path) -> None:
    version = figures_in.scheme(board)
    made = year(board, version, **ALL)
    someone = newcomer(board, first)
    sender = someone if first is D.RECEIVE_FIGURES else None
    extract = received(board, tmp_path / "in", sender, version, figures_in.YEAR_END)
    by = {STEP_OF[first].value: someone} if first in STEP_OF else {}
    row = row_in(figures_of(board, extract), made, BEFORE[second], entered=(ENTERED,), by=by)
    client, why = moved(board, someone, second), why_apart(first, second)
    page = client.get(ONE)
    assert why in text_of(page)
    action = f"{ONE}{STEP_OF[second].value.replace(' ', '-')}/"
    assert action not in forms_of(page)
    assert f"Not you: {why}" in text_of(client.get("/declarations/"))
    before = Standing.now()
    answer = client.post(action, sends(row, STEP_OF[second]), follow=True)
    assert why in text_of(answer)
    assert Standing.now() == before
    other = signed_in(person(*_role(board, second), email="other@example.org"))
    assert action in forms_of(other.get(ONE))  # it is the person that is refused, nothing else
    assert other.post(action, sends(row, STEP_OF[second])).status_code == 302
    assert Standing.now() != before


def _role(board: Area, duty: Duty) -> tuple[str, Organisation]:
    role, code = ROLE_OF[duty]
    return role, board[code]


def test_what_one_received_one_does_not_declare(board: Area, tmp_path: Path) -> None:
    version = figures_in.scheme(board)
    year(board, version)
    someone = newcomer(board, D.RECEIVE_FIGURES)
    figures = figures_of(board, received(board, tmp_path / "in", someone, version, figures_in.YEAR_END))
    client, why = moved(board, someone, D.DECLARE_FIGURES), why_apart(D.RECEIVE_FIGURES, D.DECLARE_FIGURES)
    new = "/declarations/A1/qif-2024-25/new/"
    page = client.get(new)
    assert why in text_of(page)
    assert new not in forms_of(page)
    before = Standing.now()
    sent = {"declare-sha256": figures.sha256, "declare-pence": str(figures.pence), "declare-figures": str(figures.pk),
            "declare-right": "on"}  # fmt: skip
    assert why in text_of(client.post(new, sent, follow=True))
    assert Standing.now() == before


def test_what_one_declared_one_does_not_receive_again(board: Area, tmp_path: Path) -> None:
    """Figures that take the place of declared ones are sent by somebody else than who declared them; of another day
    they may be theirs."""
    version = figures_in.scheme(board)
    made = year(board, version)
    someone = newcomer(board, D.DECLARE_FIGURES)
    extract = received(board, tmp_path / "in", None, version, figures_in.YEAR_END)
    row_in(figures_of(board, extract), made, "declared", by={"declare": someone})
    client, why = moved(board, someone, D.RECEIVE_FIGURES), why_apart(D.RECEIVE_FIGURES, D.DECLARE_FIGURES)
    before, more = Standing.now(), {"reason": "Corrected."}
    sent = figures_in.sent(client, version, counts=SimpleUploadedFile("counts.csv", whole(49).encode()), **more)
    assert why in text_of(sent)
    assert Standing.now() == before
    assert figures_in.sent(client, version, day="2025-02-28").status_code == 302


def test_evidence_that_one_gave_one_does_not_review(board: Area, tmp_path: Path) -> None:
    """Also where somebody else of the practice declared."""
    version = figures_in.scheme(board)
    made = year(board, version, **ALL)
    someone = newcomer(board, D.DECLARE_FIGURES)
    row = row_in(
        figures_of(board, received(board, tmp_path / "in", None, version, figures_in.YEAR_END)), made, "declared"
    )
    _evidence(row, someone)
    client, why = moved(board, someone, D.REVIEW_EVIDENCE), why_apart(D.DECLARE_FIGURES, D.REVIEW_EVIDENCE)
    page = client.get(ONE)
    assert why in text_of(page)
    assert f"{ONE}review-evidence/" not in forms_of(page)
    before = Standing.now()
    assert why in text_of(client.post(f"{ONE}review-evidence/", sends(row, Step.REVIEW_EVIDENCE), follow=True))
    assert Standing.now() == before


def _evidence(row: Declaration, someone: Person) -> None:
    DeclarationFile.objects.create(
        practice=row.practice, organisation=row.organisation, scheme_year=row.scheme_year, declaration=row, number=1,
        name="a.pdf", sha256="0" * 64, size=1, shows="a", at=clock.now(), by=someone,
    )  # fmt: skip


def test_in_bulk_what_is_theirs_is_refused_by_name_and_the_others_are_approved(board: Area, tmp_path: Path) -> None:
    version = figures_in.scheme(board)
    made = year(board, version)
    takes_part(board["A3"], Offer.objects.get())
    practices = figures_in.PRACTICES + "A3,Third practice,cannock-chase,NW2,5000,5000\n"
    text = whole() + "A3,2a,NUMERATOR,60\nA3,2a,DENOMINATOR,100\n"
    arrived = figures_in.received(board, version, tmp_path / "in", text, practices)
    extract = figures_in.checked(arrived)
    someone = newcomer(board, D.DECLARE_FIGURES)
    by: dict[str, dict[str, Person]] = {"A1": {}, "A2": {"declare": someone}, "A3": {}}
    rows = [row_in(figures_of(board, extract, code), made, "declared", by=did) for code, did in by.items()]
    client, why = moved(board, someone, D.APPROVE_PAYMENT), why_apart(D.DECLARE_FIGURES, D.APPROVE_PAYMENT)
    boxes = [f"{row.pk}/{row.sha256}/{row.pence}" for row in rows]
    page = client.get("/declarations/").content.decode()
    assert [box in page for box in boxes] == [True, False, True]
    answer = text_of(client.post("/declarations/approve/", {"declaration": boxes}, follow=True))
    assert "Approved together: 2." in answer
    assert f"Declaration 1 of Second practice (A2) was not approved. {why}" in answer
    states = list(Declaration.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["awaiting tier 2", "declared", "awaiting tier 2"]


@pytest.fixture
def pays(board: Area, tmp_path: Path) -> Payer:
    """A1 takes part, and its figures of the year's end are to come."""
    made = payer(board, tmp_path)
    made.accepted("A1")
    return made


def ready(pays: Payer, did: Duty | None, someone: Person, left: int = 320_000) -> PaymentRun:
    """A prepared run that pays A1 its instalments and what is left by an approved declaration, or, below zero, is to
    be recovered; `someone` did one thing of all that."""
    with on(date(2025, 6, 20)):
        receiver = someone if did is D.RECEIVE_FIGURES else None
        figures_of_a1 = figures_in.counts().splitlines(True)
        text = "".join(line for line in figures_of_a1 if not line.startswith("A2"))
        sent = (pays.board, pays.version, pays.folder / f"in-{len(pays.extracts)}", text, figures_in.ONE_LESS)
        more = {"settings": pays.settings, "reason": "Newer."}
        if receiver is None:
            arrived = figures_in.received(*sent, **more)  # type: ignore[arg-type]
        else:
            with acting(reach.of_person(receiver, clock.today(), True)):
                arrived = figures_in.received(*sent, **more)  # type: ignore[arg-type]
        extract = figures_in.checked(arrived)
        pays.extracts.append(extract)
        kind, day = ("balance", "2025-06-30") if left > 0 else ("recovery", None)
        payment = final(
            figures_of(pays.board, extract).payment, 1_680_000 + left, max(0, left), max(0, -left),
            [{"day": day, "kind": kind, "pence": abs(left)}],
        )  # fmt: skip
        row = declared(pays, "A1", extract, payment=payment)
        if did in STEP_OF:
            DeclarationStep.objects.create(
                practice=row.practice, organisation=row.organisation, declaration=row, step=STEP_OF[did].value,
                state=row.state, person=someone, at=clock.now(), pence=row.pence,
            )  # fmt: skip
        if did is D.APPROVE_ADJUSTMENT:
            adjusted(pays, someone)
        return pays.prepared(date(2025, 6, 1), by=someone if did is D.PREPARE_PAYMENT else pays.first)


def adjusted(pays: Payer, approver: Person) -> Adjustment:
    with pays.at_work(pays.first):
        made = adjustments.propose(pays.year, pays.board["A1"], 1_000, clock.today(), "A late claim.")
    with pays.at_work(approver):
        return adjustments.decide(made, Adjusting.APPROVE)


def refused_at_the_run(pays: Payer, someone: Person, why: str) -> None:
    with on(date(2025, 6, 21)):
        client = moved(pays.board, someone, D.RELEASE_PAYMENT)
        page = client.get(RUN)
        assert f"You cannot release this run. {why}" in text_of(page)
        assert f"{RUN}release/" not in forms_of(page)
        before = Standing.now()
        assert why in text_of(client.post(f"{RUN}release/", follow=True))
        assert Standing.now() == before
        other = signed_in(pays.second)
        assert f"{RUN}release/" in forms_of(other.get(RUN))
        other.post(f"{RUN}release/")
    assert PaymentRun.objects.get().state == "released"


@pytest.mark.parametrize("did", BEFORE_A_RELEASE)
def test_a_release(did: Duty, pays: Payer) -> None:
    someone = newcomer(pays.board, did)
    ready(pays, did, someone)
    refused_at_the_run(pays, someone, why_apart(did, D.RELEASE_PAYMENT))


def test_a_release_by_who_sent_figures_that_others_took_the_place_of(pays: Payer) -> None:
    someone = newcomer(pays.board, D.RECEIVE_FIGURES)
    with on(date(2025, 6, 19)), acting(reach.of_person(someone, date(2025, 6, 19), True)):
        arrived = figures_in.received(
            pays.board, pays.version, pays.folder / "first", figures_in.counts(4), settings=pays.settings
        )
    assert figures_in.checked(arrived).state == "accepted"
    ready(pays, None, someone)
    refused_at_the_run(pays, someone, why_apart(D.RECEIVE_FIGURES, D.RELEASE_PAYMENT))


def test_a_release_by_who_gave_the_evidence(pays: Payer) -> None:
    someone = newcomer(pays.board, D.DECLARE_FIGURES)
    ready(pays, None, someone)
    _evidence(Declaration.objects.get(), someone)
    refused_at_the_run(pays, someone, why_apart(D.DECLARE_FIGURES, D.RELEASE_PAYMENT))


def test_an_adjustment_that_is_paid_keeps_nobody_from_the_next_run(pays: Payer) -> None:
    """Whoever approved it does not release what it comes to; the run after that they may."""
    approver = newcomer(pays.board, D.APPROVE_ADJUSTMENT)
    ready(pays, D.APPROVE_ADJUSTMENT, approver)
    with on(date(2025, 6, 21)):
        pays.released(PaymentRun.objects.get())
    with on(date(2025, 7, 20)):
        adjusted(pays, pays.second)
        run = pays.prepared(date(2025, 7, 1))
        assert pays.released(run, approver).state == "released"


@pytest.mark.parametrize("amount", [1_000, -1_000])
def test_an_adjustment(amount: int, pays: Payer) -> None:
    someone = newcomer(pays.board, D.PROPOSE_ADJUSTMENT)
    with on(date(2025, 6, 20)):
        with pays.at_work(someone):
            adjustments.propose(pays.year, pays.board["A1"], amount, clock.today(), "A late claim.")
        client, why = signed_in(someone), why_apart(D.PROPOSE_ADJUSTMENT, D.APPROVE_ADJUSTMENT)
        one = "/books/QAA/adjustments/1/"
        page = client.get(one)
        assert why in text_of(page)
        assert 'value="approve"' not in page.content.decode()
        assert 'value="refuse"' not in page.content.decode()
        before = Standing.now()
        for step in ("approve", "refuse"):
            assert why in text_of(client.post(one, {"step": step, "words": "No."}, follow=True))
            assert Standing.now() == before
        other = signed_in(pays.second)
        assert 'value="approve"' in other.get(one).content.decode()
        other.post(one, {"step": "approve"})
    assert Adjustment.objects.get().state == "approved"


@pytest.mark.parametrize("later", [D.AGREE_RECOVERY, D.DECLARE_FIGURES])
def test_a_recovery(later: Duty, pays: Payer) -> None:
    """Whoever proposed it agrees to it neither for finance nor, since, for the practice, and does not refuse it."""
    someone = newcomer(pays.board, D.PROPOSE_RECOVERY)
    with on(date(2025, 6, 20)):
        ready(pays, None, someone, left=-680_000)
        pays.released(PaymentRun.objects.get())  # £16,800.00 of instalments are paid: £6,800.00 too much
        with pays.at_work(someone):
            plan = recoveries.propose(pays.year, pays.board["A1"])
        client, why = moved(pays.board, someone, later), why_apart(D.PROPOSE_RECOVERY, D.AGREE_RECOVERY)
        one = f"/recoveries/plan/{plan.pk}/"
        page = client.get(one)
        assert why in text_of(page)
        assert not {f"{one}agree/", f"{one}refuse/"} & forms_of(page)
        before = Standing.now()
        assert why in text_of(client.post(f"{one}agree/", {"answer": "agree"}, follow=True))
        refused = client.post(f"{one}refuse/", {"words": "No."}, follow=True)
        assert (why if later is D.DECLARE_FIGURES else "Only the practice can do this.") in text_of(refused)
        assert Standing.now() == before
        signed_in(pays.second).post(f"{one}agree/", {"answer": "agree"})
    plan.refresh_from_db()
    assert plan.state == "agreed"
