"""A version's page, its card, its file, and the steps from one state to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from remit.core.problems import Refused
from remit.service.access import page
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.register import reading, services
from remit.service.register.checking import card_fragment, of_version
from remit.service.register.forms import CommentForm, PublishForm, ReasonForm, StepForm
from remit.service.register.models import SchemeVersion
from remit.service.register.presenting import editor
from remit.service.register.states import MOVES, State, Step, possible
from remit.service.register.text import shown
from remit.service.register.views.finding import address, found
from remit.service.scope.scope import current

FORMS: dict[Step, type[StepForm]] = {
    Step.SUBMIT: StepForm, Step.TAKE_BACK: StepForm, Step.WITHDRAW: StepForm, Step.APPROVE: CommentForm,
    Step.SEND_BACK: ReasonForm, Step.PUBLISH: PublishForm,
}  # fmt: skip
_BUTTONS = {
    Step.SUBMIT: ("Submit for approval", "It goes to somebody who has not written it. Nobody edits it meanwhile."),
    Step.TAKE_BACK: ("Take it back", "It becomes a draft again."),
    Step.WITHDRAW: ("Withdraw the draft", "A withdrawn draft stays in the register, and nobody works on it any more."),
    Step.APPROVE: ("Approve", ""),
    Step.SEND_BACK: ("Send back", "It becomes a draft again, with your reason."),
    Step.PUBLISH: ("Publish", "Practices see it, and it never changes again."),
}
_DONE = {
    Step.SUBMIT: "The version is submitted.",
    Step.TAKE_BACK: "The version is a draft again.",
    Step.WITHDRAW: "The draft is withdrawn.",
    Step.APPROVE: "The version is approved.",
    Step.SEND_BACK: "The version is sent back.",
    Step.PUBLISH: "The version is published.",
}


@page(Action.SEE_SCHEMES)
def version_page(request: HttpRequest, organisation: str, scheme_id: str, version: int) -> HttpResponseBase:
    """What a version is, what became of it, and what can be done with it."""
    return _shown(request, found(organisation, scheme_id, version))


def _shown(request: HttpRequest, one: SchemeVersion, bound: dict[Step, forms.Form] | None = None) -> HttpResponseBase:
    result = of_version(one)
    inside = current().may(Action.SEE_SCHEMES, one.organisation_id)
    is_author = current().person in reading.authors_of(one)
    actions = reading.may_do(one.organisation_id)
    based_on: dict[str, object] = {"based_on": services.token(one)}
    if result.scheme is not None:
        based_on["day"] = result.scheme.year.start
    steps = [
        (step, *_BUTTONS[step], (bound or {}).get(step) or FORMS[step](initial=based_on, prefix=step.value[:4]))
        for step in possible(State(one.state), actions, is_author)
        if step in FORMS and not (result.errors and _needs_sound(one, step))
    ]
    others = reading.others_of(one)
    values: dict[str, Any] = {
        "version": one, "steps": steps, "history": reading.steps_of(one) if inside else [], "others": others,
        "holds": reading.holds_among(one, others), "editor": editor(result, shown(bytes(one.content)) or "", 0),
        "result": result, "inside": inside, "size": len(bytes(one.content)),
        "may_edit": one.state == State.DRAFT.value and Action.WRITE_SCHEMES in actions,
        "may_correct": one.state == State.PUBLISHED.value and Action.WRITE_SCHEMES in actions
        and not any(each.state in ("draft", "submitted", "approved") for each in others),
        "own_work": is_author and Action.APPROVE_SCHEMES in actions and one.state == State.SUBMITTED.value,
    }  # fmt: skip
    values |= {"form": form} if (form := next(iter((bound or {}).values()), None)) else {}
    return render(request, "register/version.html", values)


def _needs_sound(one: SchemeVersion, step: Step) -> bool:
    move = MOVES.get((State(one.state), step))
    return bool(move and move.sound)


@page(Action.SEE_SCHEMES)
def card(request: HttpRequest, organisation: str, scheme_id: str, version: int) -> HttpResponseBase:
    """The scheme's card, as `remit show` has it."""
    one = found(organisation, scheme_id, version)
    document = card_fragment(one)
    if document is None:
        messages.warning(request, "The text has errors: there is no card of it yet.")
        return HttpResponseRedirect(address("scheme", one))
    return render(request, "register/document.html", {"document": document, "version": one, "name": "The card"})


@page(Action.SEE_SCHEMES)
def download(request: HttpRequest, organisation: str, scheme_id: str, version: int) -> HttpResponseBase:
    """The file: exactly the bytes that are in the register."""
    one = found(organisation, scheme_id, version)
    response = HttpResponse(bytes(one.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{one.scheme_id}-v{one.version}.yaml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _step(step: Step, action: Action) -> Callable[..., HttpResponseBase]:
    """The view that takes a step."""

    @page(action, organisation="organisation")
    @require_POST
    def view(request: HttpRequest, organisation: Organisation, scheme_id: str, version: int) -> HttpResponseBase:
        one = found(organisation, scheme_id, version)
        form = FORMS[step](request.POST, prefix=step.value[:4])
        if not form.is_valid():
            return _shown(request, one, {step: form})
        data = form.cleaned_data
        try:
            services.take(one, step, data.get("words", ""), data.get("day"), data["based_on"])
        except Refused as refused:
            messages.error(request, " ".join(each.message for each in refused.problems))
            return _shown(request, found(organisation, scheme_id, version), {step: form})
        messages.success(request, _DONE[step])
        return HttpResponseRedirect(address("scheme", one))

    return view


_ACTIONS = {step: action for (_, step), move in MOVES.items() for action in move.by}
STEPS = {step: _step(step, _ACTIONS[step]) for step in FORMS}
"""The view of each step; who may take it is said in `states`."""


__all__ = ["STEPS", "card", "download", "version_page"]
