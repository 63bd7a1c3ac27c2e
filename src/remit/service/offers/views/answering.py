"""A practice's offers and its part in each scheme: the page of one, the answers, and what the commissioner does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from remit.contract.machine import Party
from remit.contract.participation import MACHINE, State, Step
from remit.core.say import day as say_day
from remit.service import clock
from remit.service.access import page
from remit.service.offers import consenting, forms, listing, reading, services
from remit.service.offers.models import Offer, Participation
from remit.service.organisations.changing import answer
from remit.service.organisations.models import PRACTICE, Organisation
from remit.service.people.roles import Action
from remit.service.steps import open_steps

ANSWER, MAKE = Action.ANSWER_OFFERS, Action.MAKE_OFFERS


def _found(practice: Organisation, number: int) -> Participation:
    rows = Participation.objects.filter(practice=practice, pk=number)
    found = rows.select_related("practice", "into", "answered_by", "consent").first()
    if found is None:
        raise Http404
    return found


def _address(one: Participation, name: str = "participation") -> str:
    return reverse(name, args=[one.practice.code, one.pk])


@page(Action.SEE_YEAR, organisation="practice")
@require_safe
def of_practice(request: HttpRequest, practice: Organisation) -> HttpResponseBase:
    """What a practice was offered, and what it takes part in."""
    if practice.kind != PRACTICE:
        raise Http404
    lines = listing.lines_of(reading.of_practice(practice))
    open_now = [line for line in lines if line.state is State.OFFERED]
    lines.sort(key=lambda line: (line.state is not State.OFFERED, -line.row.starts.toordinal(), -line.row.pk))
    context = {"practice": practice, "lines": lines, "open": open_now, "shown_state": listing.shown_state}
    return render(request, "offers/practice.html", context)


@page(Action.SEE_YEAR, organisation="practice")
@require_safe
def participation(request: HttpRequest, practice: Organisation, number: int) -> HttpResponseBase:
    """One offer to a practice, or its part in a scheme: what was agreed, what is shared, what can be done."""
    return _shown(request, _found(practice, number))


def _shown(request: HttpRequest, one: Participation, form: django_forms.Form | None = None) -> HttpResponseBase:
    today = clock.today()
    state = one.state_on(today)
    parties = services.parties_of(one)
    offer = Offer.objects.filter(pk=one.offer_id).select_related("version", "organisation")
    steps = open_steps(MACHINE, state.value, parties)
    context: dict[str, Any] = {
        "one": one, "practice": one.practice, "state": state, "today": today, "steps": [step.value for step in steps],
        "offer": offer.defer("version__content").first(),
        "history": list(one.steps.select_related("person").order_by("pk")),
        "needed": consenting.needed(one) if state in (State.OFFERED, State.ACCEPTED) else [],
        "accepting": form or forms.Accept(initial={"starts": one.starts}),
        "is_practice": Party.PRACTICE in parties,
        "may_record": state is State.ACCEPTED and bool(parties & {Party.PRACTICE, Party.CONTRACT_MANAGER}),
    }  # fmt: skip
    if form is not None:
        context["form"] = form
    return render(request, "offers/participation.html", context)


@page(ANSWER, organisation="practice")
def accept(request: HttpRequest, practice: Organisation, number: int) -> HttpResponseBase:
    """The practice accepts, and lets its commissioner see its counts."""
    one = _found(practice, number)
    form = forms.Accept(request.POST if request.method == "POST" else None, initial={"starts": one.starts})
    if request.method == "POST" and not form.is_valid():
        return _shown(request, one, form)

    def change(data: Mapping[str, Any]) -> str:
        now = services.accept(one, data["starts"])
        return f"{practice.name} takes part in {now.title} from {say_day(now.starts)}."

    return _answer(request, one, form, f"Accept {one.title}", "Accept the offer", change, _shared(one))


def _shared(one: Participation) -> str:
    """What an answer lets whom see, in a sentence."""
    needed = consenting.needed(one)
    whom = " and ".join(f"{each.to.name} from {say_day(each.since)} to {say_day(each.until)}" for each in needed)
    if not needed:
        return "The counts that the scheme needs are shared already."
    return f"By accepting you share counts, and what they come to in points and pounds, with {whom}. Never a patient."


Change = Callable[[Participation, Mapping[str, Any]], str]


def _step(
    action: Action, make: type[django_forms.Form], heading: str, button: str, about: str, change: Change
) -> Callable[..., HttpResponseBase]:
    """The page of a step, with its form."""

    @page(action, organisation="practice")
    def view(request: HttpRequest, practice: Organisation, number: int) -> HttpResponseBase:
        one = _found(practice, number)
        today = clock.today()
        initial = {
            "last": max(today, one.starts), "respond_by": today + timedelta(days=14),
            "where": one.still_reported_where, "since": one.still_reported_since,
        }  # fmt: skip
        form = make(request.POST if request.method == "POST" else None, initial=initial)
        words = heading.format(title=one.title, practice=practice.name)
        return _answer(request, one, form, words, button, lambda data: change(one, data), about)

    return view


def _answer(
    request: HttpRequest, one: Participation, form: django_forms.Form, heading: str, button: str,
    change: Callable[[Mapping[str, Any]], str], about: str,
) -> HttpResponseBase:  # fmt: skip
    try:
        return answer(request, form, heading, button, _address(one), change, about)
    except ObjectDoesNotExist:  # the practice has left, and its rows may be read and not changed
        raise Http404 from None


def _refuse(one: Participation, data: Mapping[str, Any]) -> str:
    services.refuse_offer(one, data["reason"])
    return f"{one.practice.name} refused {one.title}."


def _withdraw(one: Participation, data: Mapping[str, Any]) -> str:
    services.withdraw(one, data["last"], data["reason"])
    return f"{one.practice.name} leaves {one.title}; {say_day(data['last'])} is its last day."


def _take_back(one: Participation, data: Mapping[str, Any]) -> str:
    services.take_back(one, data["reason"])
    return f"The offer of {one.title} to {one.practice.name} was taken back."


def _again(one: Participation, data: Mapping[str, Any]) -> str:
    services.offer_again(one, data["respond_by"])
    return f"{one.practice.name} is offered {one.title} again, and answers by {say_day(data['respond_by'])}."


def _late(one: Participation, data: Mapping[str, Any]) -> str:
    services.allow_late(one, data["respond_by"], data["reason"])
    return f"{one.practice.name} may answer by {say_day(data['respond_by'])}."


def _end(one: Participation, data: Mapping[str, Any]) -> str:
    services.end(one, data["last"], data["reason"])
    return f"The part of {one.practice.name} in {one.title} ends; {say_day(data['last'])} is its last day."


def _reported(one: Participation, data: Mapping[str, Any]) -> str:
    now = services.still_reported(one, data["where"], data["since"])
    if not now.still_reported:
        return f"{one.practice.name} is no longer reported elsewhere for {one.title}."
    return f"It is recorded that {one.practice.name} is still reported by {now.still_reported_where}."


STAYS = "What was paid for the days before stays, and the balance follows the scheme's rule for leavers."
STILL = (
    "Some practices that sign up here stay in national collections too. Nothing changes in what is paid here: it is "
    "paid on the figures that come in here. Make sure that the same work is not paid twice."
)
refuse = _step(ANSWER, forms.Reason, "Refuse {title}", "Refuse the offer",
               "The commissioner sees your reason, and may offer it again.", _refuse)  # fmt: skip
withdraw = _step(ANSWER, forms.Last, "Withdraw from {title}", "Withdraw from the scheme",
                 f"{STAYS} The consent that you gave for this scheme ends with your last day.", _withdraw)  # fmt: skip
take_back = _step(MAKE, forms.Reason, "Take back the offer of {title} to {practice}", "Take the offer back",
                  "The practice sees your reason. You can offer it again.", _take_back)  # fmt: skip
offer_again = _step(MAKE, forms.Again, "Offer {title} to {practice} again", "Offer it again",
                    "The days of the offer stay. For other days, make a new offer.", _again)  # fmt: skip
allow_late = _step(MAKE, forms.Late, "Let {practice} answer late to {title}", "Allow a late answer",
                   "The offer is open again until the day that you give.", _late)  # fmt: skip
end = _step(MAKE, forms.Last, "End the part of {practice} in {title}", "End its part", STAYS, _end)
reported_by_practice = _step(
    ANSWER, forms.StillReported, "Reported nationally beside {title}", "Save", STILL, _reported
)
reported_by_manager = _step(MAKE, forms.StillReported, "{practice}: reported nationally beside {title}", "Save", STILL,
                            _reported)  # fmt: skip

STEPS = {
    Step.REFUSE: refuse, Step.WITHDRAW: withdraw, Step.TAKE_BACK: take_back, Step.OFFER_AGAIN: offer_again,
    Step.ALLOW_LATE: allow_late, Step.END: end,
}  # fmt: skip
"""The page of each step; who may take it is said in `contract.participation`."""
