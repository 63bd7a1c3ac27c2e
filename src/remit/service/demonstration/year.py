"""A year that is lived in the made-up area: offers and answers, and declarations in several states.

All of it is done through the services, as its people would. What is there already is left alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from remit.contract.declaration import Step
from remit.contract.participation import State
from remit.service import clock
from remit.service.declarations import services as declarations
from remit.service.declarations.evidence import add, waiting
from remit.service.declarations.models import Declaration
from remit.service.demonstration.area import (
    COMMISSIONER,
    LAPSED,
    LEADS,
    REFUSES,
    REVIEWED,
    SENT_BACK,
    SINCE,
    WAITS,
    WITHDRAWN,
)
from remit.service.demonstration.figures import DECEMBER, JANUARY, QIF, QOF
from remit.service.demonstration.setting_up import first_version, organisation, working_as
from remit.service.extracts import reading
from remit.service.extracts.models import PracticeFigures
from remit.service.offers import following
from remit.service.offers import services as offers
from remit.service.offers.choosing import Days, practices_of
from remit.service.offers.models import Participation, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.scope import reach
from remit.service.scope.acting import acting

_ENDS = date(2025, 3, 31)
_TO_ANSWER = timedelta(days=28)


def offer() -> None:
    """The contract manager offers QIF to all practices, to one of them with today as the last day to answer, and QOF to
    one; most have not answered yet."""
    with working_as("contract_manager"):
        area = organisation(COMMISSIONER)
        days = Days(SINCE, _ENDS, clock.today() + _TO_ANSWER)
        every = practices_of(area, days)
    _offer(QIF, days, [one for one in every if one.code != LAPSED], f"practices of {area.name}")
    _offer(QIF, replace(days, respond_by=clock.today()), [one for one in every if one.code == LAPSED], LAPSED)
    _offer(QOF, days, [one for one in every if one.code == LEADS], LEADS)


def _offer(scheme_id: str, days: Days, practices: list[Organisation], to: str) -> None:
    with working_as("contract_manager"):
        codes = [one.code for one in practices]
        version = first_version(scheme_id)
        if Participation.objects.filter(scheme_id=scheme_id, practice__code__in=codes).exists() or version is None:
            return
        words = "Everybody and everything in this offer is made up."
        offers.make_offer(version, practices, days.starts, days.ends, days.respond_by, words, to)


def answer() -> None:
    """Five practices accept QIF, of which one accepts QOF too; one refuses."""
    for code in (LEADS, WAITS, SENT_BACK, REVIEWED, WITHDRAWN, REFUSES):
        with working_as("practice_lead", code):
            for one in Participation.objects.filter(practice__code=code, state=State.OFFERED.value).order_by("pk"):
                if code == REFUSES:
                    offers.refuse_offer(one, "We have too few nurses for it this year (made up).")
                else:
                    offers.accept(one)


def lapse() -> None:
    """What was to be answered by today lapses: the demonstration does not wait until tomorrow."""
    with working_as("contract_manager"):
        area = organisation(COMMISSIONER)
    with acting(reach.of_service(area, clock.today())):
        following.lapse(area, clock.today() + timedelta(days=1))


def declare_early() -> None:
    """A practice declares the figures of December as they came in first; they change afterwards."""
    _declare(WITHDRAWN, DECEMBER)


def declare(folder: Path) -> None:
    """Practices declare their figures of January: one is approved, one is sent back, one waits, of one the evidence is
    reviewed."""
    for code in (LEADS, WAITS, SENT_BACK):
        _declare(code, JANUARY)
    evidence = folder / "evidence.csv"
    evidence.write_text("standard,met\nmade up,yes\n", encoding="utf-8")
    _declare(REVIEWED, JANUARY, evidence)
    _take("contract_manager", REVIEWED, "declared", Step.REVIEW_EVIDENCE, "The file shows what it says (made up).")
    _take("approver_tier_1", SENT_BACK, "declared", Step.SEND_BACK, "Look at item 2a again (made up).")
    _take("approver_tier_1", LEADS, "declared", Step.APPROVE, "Read against the extract (made up).")
    _take("finance_officer", LEADS, "awaiting finance", Step.APPROVE_AMOUNT, "Within the budget (made up).")


def _declare(code: str, day: date, evidence: Path | None = None) -> None:
    """A practice declares its figures of a day, if it has declared nothing yet."""
    with working_as("practice_lead", code):
        practice = organisation(code)
        if Declaration.objects.filter(practice=practice).exists():
            return
        part = Participation.objects.get(practice=practice, scheme_year__scheme_id=QIF, state=State.ACCEPTED.value)
        figures = PracticeFigures.objects.filter(
            practice=practice, day=day, extract__in=reading.standing().values("pk"),
            extract__scheme_version__scheme_id=QIF,
        ).first()  # fmt: skip
        if figures is None or figures.pence is None:
            return
        year = SchemeYear.objects.get(pk=part.scheme_year_id)
        files = list(waiting(practice, year))
        if evidence is not None and not files:
            files = [add(practice, year, evidence, evidence.name, "Which standards are met (made up).", confirmed=True)]
        declarations.declare(practice, year, figures, files=files, words="These are our figures (made up).")


def _take(role: str, code: str, state: str, step: Step, words: str) -> None:
    with working_as(role):
        one = Declaration.objects.filter(practice__code=code, state=state).first()
        if one is not None:
            declarations.take(one, step, words, declarations.Numbers(one.sha256, one.pence))
