"""A service for a browser to look at: `python -m tests.system.running` fills it with a made-up area and serves it.

The first line that it prints says where it is, and the session of somebody signed in for each role. It is a process of
its own, so that the tests' browser and Django do not share one; it ends with the process that started it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROLES = {
    "practice_viewer": "A1", "practice_lead": "A1", "network_manager": "NW1", "contract_manager": "QAA",
    "approver_tier_1": "QAA", "approver_tier_2": "QAA", "finance_officer": "QAA", "data_quality": "QAA",
    "clinical_lead": "P001", "scheme_author": "QAA", "auditor": "QAA", "administrator": "QAA",
}  # fmt: skip
"""Every role, and where somebody has it."""


@dataclass(frozen=True)
class Running:
    """Where the service is, and the session of whoever has a role."""

    address: str
    sessions: dict[str, str]


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """The service, until the tests are done with it."""
    root = Path(__file__).parents[2]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.service.settings", "REMIT_DATA": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.system.running"],
        cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line, "the service did not start"
        yield Running(**json.loads(line))
    finally:
        process.terminate()
        process.wait(10)


def _filled(folder: Path) -> dict[str, str]:
    """The made-up area: a published scheme, figures that two practices share, somebody in each role; the session
    of each."""
    from tests.service import area, figures_in, register_desk, year_made
    from tests.system import more_states

    from remit.service.extracts.models import Extract
    from remit.service.scope.acting import acting
    from remit.service.scope.scope import EVERYTHING

    with acting(EVERYTHING):
        board = area.made(date(2024, 4, 1))
        schemes(board)
        version = register_desk.row()
        figures_in.consent(board, "A1", "A2")
        figures_in.consent(board, "A2", to="NW1")
        _with_evidence(board, version, folder)
        _extracts(board, version, folder)
        year = _year(board, version)
        _books(board, version)
        _declarations(board, version, folder)
        extract = Extract.objects.get(organisation=board["QAA"], number=3)
        year_made.of(board, version, extract, year, ("A2",))
        more_states.planted(board, year, extract)
        people = {role: figures_in.someone(role, board[code]) for role, code in ROLES.items()}
        people |= {name: figures_in.someone(role, board[code]) for name, (role, code) in more_states.OTHERS.items()}
        return {role: area.signed_in(someone).cookies["sessionid"].value for role, someone in people.items()}


def _with_evidence(board: Any, version: Any, folder: Path) -> None:
    """Two practices more with made-up patients, whose evaluation came in with its evidence: extract 1."""
    from tests.service import figures_in

    from remit.application.evaluate import EvaluationRequest, evaluate
    from remit.application.synth import SynthRequest, make_people
    from remit.service.extracts import services
    from remit.service.organisations.models import PRACTICE, Membership, Organisation

    for code in ("P001", "P002"):
        one = Organisation.objects.create(code=code, name=f"Practice {code}", kind=PRACTICE)
        Membership.objects.create(member=one, parent=board["NW2"], since=date(2024, 4, 1))
        board.organisations[code] = one
    make_people(SynthRequest(folder / "store", 80, figures_in.YEAR_END, practices=2, years=2, workers=1))
    done = folder / "evaluated"
    evaluate(EvaluationRequest("qif-2024-25", folder / "store", done, workers=1, evidence=True))
    incoming = [services.Incoming(kind, done / f"{kind}.csv", f"{kind}.csv") for kind in ("practices", "counts")]
    arrival = services.Arrival(version, figures_in.YEAR_END, incoming, {}, done)
    figures_in.checked(services.receive(board["QAA"], arrival))


def _extracts(board: Any, version: Any, folder: Path) -> None:
    """Extracts in every state: 2 and 3 are accepted, the second in place of the first and the third of that, 4 is
    refused, 5 being checked, 6 not finished, 7 cancelled; 8 and 9 are of the months before."""
    from tests.service import figures_in

    from remit.service.extracts import services
    from remit.service.extracts.models import Extract

    def received(name: str, counts: str) -> Extract:
        return figures_in.received(board, version, folder / name, counts, reason="Counts were late.")

    figures_in.checked(received("first", figures_in.counts(39, 55, 100)))
    figures_in.checked(received("year", figures_in.counts(41, 55, 100)))
    figures_in.checked(received("wrong", "wrong\n"))
    checking, failed, cancelled = (received(f"{n}", figures_in.counts(n, 55, 100)) for n in (42, 43, 44))
    Extract.objects.filter(pk=checking.pk).update(state="checking", done=1, of=3)
    Extract.objects.filter(pk=failed.pk).update(state="failed")
    services.cancel(cancelled)
    for month, day, known in (("january", date(2025, 1, 31), 36), ("february", date(2025, 2, 28), 38)):
        counts = figures_in.counts(known, 50, 100)
        figures_in.checked(figures_in.received(board, version, folder / month, counts, day=day))


def _year(board: Any, version: Any) -> Any:
    """A scheme year: A1 and A2 take part, P001 has not answered, A3 refused; a recovery of A1 in three instalments.
    Of another scheme A1 has an offer to answer."""
    from datetime import timedelta

    from remit.service import clock
    from remit.service.money.models import RecoveryPlan
    from remit.service.offers import following
    from remit.service.offers.models import Offer, Participation, SchemeYear

    today, start, end = clock.today(), date(2024, 4, 1), date(2025, 3, 31)
    title, of = "Quality Improvement Framework (QIF) 2024/25", {"organisation": board["QAA"]}
    year = SchemeYear.objects.create(**of, scheme_id="qif-2024-25", title=title, year="2024-25", starts=start, ends=end)
    offer = Offer.objects.create(
        **of, number=1, scheme_year=year, version=version, starts=start, ends=end, to="all practices",
        respond_by=today + timedelta(days=5), sent_at=clock.now(),
    )  # fmt: skip
    for code, state in (("A1", "accepted"), ("A2", "accepted"), ("A3", "refused"), ("P001", "offered")):
        Participation.objects.create(
            **of, practice=board[code], scheme_year=year, offer=offer, scheme_id="qif-2024-25", title=title,
            year="2024-25", starts=start, ends=end, respond_by=offer.respond_by, state=state,
        )  # fmt: skip
    other = SchemeYear.objects.create(
        **of, scheme_id="other-2024-25", title="Another scheme 2024/25", year="2024-25", starts=start, ends=end
    )
    second = Offer.objects.create(
        **of, number=2, scheme_year=other, version=version, starts=start, ends=end, to="1 named practice",
        respond_by=today + timedelta(days=20), sent_at=clock.now(), words="For practices with high deprivation.",
    )  # fmt: skip
    following.offered(second, [board["A1"]])
    days = [today + timedelta(days=n) for n in (-20, 10, 40)]
    RecoveryPlan.objects.create(
        **of, practice=board["A1"], scheme_year=year, number=1, pence=1_550_000, months=3, notified=end, state="agreed",
        schedule=[{"day": day.isoformat(), "pence": 516_667} for day in days],
    )  # fmt: skip
    return year


def _books(board: Any, version: Any) -> None:
    """A scheme year with a practice in it that was paid three instalments, and an adjustment that waits."""
    from remit.payment import book
    from remit.service import clock
    from remit.service.money.ledger import Posting, post
    from remit.service.money.models import Adjustment
    from remit.service.offers.models import SchemeYear

    starts, ends = date(2024, 4, 1), date(2025, 3, 31)
    fields = {"title": "Quality Improvement Framework 2024/25", "year": "2024/25", "starts": starts, "ends": ends}
    of = {"organisation": board["QAA"], "scheme_id": version.scheme_id}
    year, _ = SchemeYear.objects.get_or_create(**of, defaults=fields)
    whose = book.PracticeYear("A1", year.scheme_id)
    for n in (1, 2, 3):
        paid = book.instalment_paid(whose, date(2024, 3 + n, 28), 140000, n, f"instalment {n} of 12")
        post([Posting(one, year, board["A1"].pk) for one in paid], f"run {n}")
    adjusted = {"practice": board["A1"], "organisation": board["QAA"], "scheme_year": year, "day": date(2024, 6, 30)}
    one = Adjustment.objects.create(
        **adjusted, number=1, pence=1_250_000, reason="Claims of the practice that another scheme had paid by mistake."
    )
    one.steps.create(
        practice=one.practice, organisation=one.organisation, step="propose", state="proposed", at=clock.now(),
        words=one.reason,
    )  # fmt: skip


def _declarations(board: Any, version: Any, folder: Path) -> None:
    """Declarations of A1: 1 of January, approved and withdrawn by other figures; 2 of February, with evidence."""
    from tests.service import declaring, figures_in

    from remit.contract.declaration import Step
    from remit.service.declarations import evidence
    from remit.service.extracts.models import PracticeFigures
    from remit.service.offers.models import SchemeYear

    year = SchemeYear.objects.get(organisation=board["QAA"], scheme_id=version.scheme_id)
    january, february = (PracticeFigures.objects.get(practice=board["A1"], extract__number=number) for number in (8, 9))
    first = declaring.declared(board, year, january, "Checked by both partners.")
    declaring.takes(board, "tier 1", first, Step.APPROVE, "The rate fits the register.")
    day, counts = date(2025, 1, 31), figures_in.counts(45, 50, 100)
    reason = "Nine patients were counted late."
    figures_in.checked(figures_in.received(board, version, folder / "again", counts, day=day, reason=reason))
    (folder / "minutes.txt").write_text("The meeting of 3 March looked at every item.\n", encoding="utf-8")
    evidence.add(board["A1"], year, folder / "minutes.txt", "minutes.txt", "That we met and looked", True)
    files = list(evidence.waiting(board["A1"], year))
    declaring.declared(board, year, february, "With our minutes.", files=files)


def schemes(board: Any) -> None:
    """A published scheme, a draft of its next version with errors, and another that waits for approval."""
    from tests.service import register_desk as desk

    work = desk.at_work(board, "writes.")
    desk.published(work)
    reason = {"reason": "The upper threshold of item 1a was a misprint."}
    work.author.post(f"{desk.ONE}new-version/", reason)
    broken = desk.shipped(desk.QIF).replace(b"commissioner:", b"comissioner:").decode()
    two = {"text": broken, "settings": "", "based_on": desk.opened(desk.row(version=2))}
    work.author.post(f"/schemes/QAA/{desk.QIF}/2/edit/", two)
    library = {"how": "library", "library-scheme": "spirometry-staffordshire"}
    work.author.post("/schemes/QAA/start/", library)
    work.author.post("/schemes/QAA/spirometry-staffordshire/1/submit/")


def _serve() -> None:
    import django
    from django.core.management import call_command
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    django.setup()
    call_command("migrate", verbosity=0)
    with TemporaryDirectory() as folder:
        sessions = _filled(Path(folder))
    WSGIRequestHandler.log_message = lambda *_: None  # type: ignore[method-assign]
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    print(json.dumps({"address": f"http://127.0.0.1:{server.server_port}", "sessions": sessions}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    _serve()
