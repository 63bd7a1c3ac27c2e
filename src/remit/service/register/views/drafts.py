"""To begin a scheme or a new version of one, and to edit a draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from remit.application.scheme_text import NewText, new, shipped
from remit.core.problems import Refused
from remit.service.access import page
from remit.service.organisations.models import COMMISSIONER, PLACE, Organisation
from remit.service.people.roles import Action
from remit.service.register import services
from remit.service.register.checking import checked, of_version
from remit.service.register.forms import DraftForm, LibraryForm, NewVersionForm, ReplaceForm, TemplateForm, UploadForm
from remit.service.register.models import SchemeVersion
from remit.service.register.presenting import editor
from remit.service.register.states import State
from remit.service.register.text import edited, id_in, shown
from remit.service.register.views.finding import address, found

_WAYS: dict[str, type[forms.Form]] = {"upload": UploadForm, "library": LibraryForm, "template": TemplateForm}


@page(Action.WRITE_SCHEMES, organisation="organisation")
def start(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """Begin with a file, a scheme that ships or a template."""
    if organisation.kind not in (COMMISSIONER, PLACE):
        from django.http import Http404

        raise Http404
    how = request.POST.get("how", "") if request.method == "POST" else ""
    given = {
        name: of(request.POST, request.FILES, prefix=name) if name == how else of(prefix=name)
        for name, of in _WAYS.items()
    }
    if how in given and given[how].is_valid():
        version = _started(organisation, how, given[how])
        if version is not None:
            messages.success(request, "The draft is saved.")
            return HttpResponseRedirect(address("scheme-edit", version))
    ways = {"ways": given, "organisation": organisation}
    return render(request, "register/start.html", ways | ({"form": given[how]} if how in given else {}))


def _started(organisation: Organisation, how: str, form: forms.Form) -> SchemeVersion | None:
    """The draft that a form asks for; None where it cannot be, and the form says why."""
    data = form.cleaned_data
    try:
        if how == "upload":
            content, name = data["file"].read(), data["file"].name
            scheme_id = id_in(content) or data["scheme_id"]
            if not scheme_id:
                form.add_error("scheme_id", "The file does not say scheme: and an id. Give the id here.")
                return None
            return services.start(organisation, scheme_id, content, name, f"from the file {name}")
        if how == "library":
            scheme_id = data["scheme"]
            return services.start(
                organisation, scheme_id, shipped(scheme_id), f"{scheme_id}.yaml", "from the schemes that ship"
            )
        scheme_id = data["scheme_id"]
        content = new(NewText(scheme_id, data["year"], data["kind"], data["title"], organisation.name))
        return services.start(
            organisation, scheme_id, content, f"{scheme_id}.yaml", f"from the template {data['kind']}"
        )
    except Refused as refused:
        form.add_error(next(iter(form.fields)), " ".join(one.message for one in refused.problems))
        return None


@page(Action.WRITE_SCHEMES, organisation="organisation")
def edit(request: HttpRequest, organisation: Organisation, scheme_id: str, version: int) -> HttpResponseBase:
    """A draft's text, with everything that is wrong with it at its line."""
    one = found(organisation, scheme_id, version)
    if one.state != State.DRAFT.value:
        messages.warning(request, "This version is no draft: its text cannot be changed now.")
        return HttpResponseRedirect(address("scheme", one))
    content = bytes(one.content)
    if request.method != "POST":
        opened = {"text": shown(content) or "", "settings": one.settings, "based_on": services.token(one)}
        return _editor(request, one, DraftForm(initial=opened))
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _editor(request, one, form)
    new_content = edited(content, form.cleaned_data["text"])
    try:
        services.save(one, new_content, form.cleaned_data["settings"], form.cleaned_data["based_on"])
    except services.Conflict as conflict:
        return _conflict(request, conflict.theirs, form, new_content)
    except Refused as refused:
        form.add_error(None, " ".join(each.message for each in refused.problems))
        return _editor(request, one, form)
    messages.success(request, "The draft is saved.")
    return HttpResponseRedirect(address("scheme-edit", one))


def _conflict(request: HttpRequest, theirs: SchemeVersion, form: DraftForm, mine: bytes) -> HttpResponseBase:
    """The second of two who edited: what the first saved is shown beside what the second wrote, and nothing is lost."""
    who = theirs.changed_by.name if theirs.changed_by else "Somebody"
    data = {
        "text": form.cleaned_data["text"],
        "settings": form.data.get("settings", ""),
        "based_on": services.token(theirs),
    }
    again = DraftForm(data)
    again.add_error(
        "text",
        f"{who} saved this draft while you edited it. Their text is below yours. Take over what you need from it, "
        "and save again: your text then stands in place of theirs.",
    )
    return _editor(request, theirs, again, mine, shown(bytes(theirs.content)))


def _editor(
    request: HttpRequest,
    version: SchemeVersion,
    form: DraftForm,
    content: bytes | None = None,
    theirs: str | None = None,
) -> HttpResponseBase:
    result = of_version(version)
    if content is not None:
        result = checked(content, version.file_name, version.settings, version.scheme_id)
    values: dict[str, Any] = {
        "version": version,
        "form": form,
        "replace": ReplaceForm(initial={"based_on": services.token(version)}, prefix="replace"),
        "is_text": shown(bytes(version.content)) is not None,
        "theirs": theirs,
        "editor": editor(result, str(form["text"].value() or "")),
    }
    return render(request, "register/edit.html", values)


@page(Action.WRITE_SCHEMES, organisation="organisation")
@require_POST
def replace(request: HttpRequest, organisation: Organisation, scheme_id: str, version: int) -> HttpResponseBase:
    """Another file in place of a draft's text, byte for byte."""
    one = found(organisation, scheme_id, version)
    form = ReplaceForm(request.POST, request.FILES, prefix="replace")
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            services.save(one, file.read(), one.settings, form.cleaned_data["based_on"], file.name)
            messages.success(request, "The file is saved in its place.")
        except services.Conflict as conflict:
            who = conflict.theirs.changed_by.name if conflict.theirs.changed_by else "Somebody"
            messages.error(
                request, f"{who} saved this draft while you had it open. Read it, then send your file again."
            )
        except Refused as refused:
            messages.error(request, " ".join(each.message for each in refused.problems))
    else:
        messages.error(request, " ".join(text for texts in form.errors.values() for text in map(str, texts)))
    return HttpResponseRedirect(address("scheme-edit", one))


@page(Action.WRITE_SCHEMES, organisation="organisation")
def new_version(request: HttpRequest, organisation: Organisation, scheme_id: str, version: int) -> HttpResponseBase:
    """A new version after a published one, with its reason."""
    one = found(organisation, scheme_id, version)
    form = NewVersionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = services.start(
                organisation, scheme_id, bytes(one.content), one.file_name, f"from version {one.version}", one.settings,
                one, form.cleaned_data["reason"],
            )  # fmt: skip
            return HttpResponseRedirect(address("scheme-edit", made))
        except Refused as refused:
            form.add_error("reason", " ".join(each.message for each in refused.problems))
    return render(request, "register/new_version.html", {"version": one, "form": form})
