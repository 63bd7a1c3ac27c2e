"""The pages that bring a map in: the file and its day, then what it would change, then the confirmation."""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from remit.application import practice_map
from remit.core import say
from remit.core.problems import Problem, Refused, refuse
from remit.core.say import capital
from remit.organisation.area_changes import HEADINGS
from remit.organisation.area_map import AreaMap, DatedMembership, MapListSize, MapOrganisation, Merger
from remit.service import clock
from remit.service.access import page
from remit.service.organisations import applying, forms
from remit.service.organisations.models import Organisation, ProposedMap
from remit.service.people.roles import Action

LARGEST = 5_000_000
"""Bytes of a map: the one of all England has 1.5 million."""


@page(Action.CHANGE_ORGANISATIONS, organisation="code")
def upload(request: HttpRequest, code: Organisation) -> HttpResponseBase:
    """The file and the day; every problem of the file with its row."""
    form = forms.Import(request.POST or None, request.FILES or None, initial={"day": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            proposed = propose(code, form.cleaned_data["file"], form.cleaned_data["day"])
        except Refused as refused:
            for problem in refused.problems:
                form.add_error("file", _in_words(problem))
            if refused.total > len(refused.problems):
                form.add_error("file", f"And {refused.total - len(refused.problems)} more.")
        else:
            return HttpResponseRedirect(reverse("organisation-import-read", args=[code.code, proposed.token]))
    return render(request, "organisations/import.html", {"form": form, "organisation": code})


def _in_words(problem: Problem) -> str:
    row = f"Row {problem.place.line}: " if problem.place and problem.place.line else ""
    return row + capital(f"{problem.message} {problem.hint}".strip())


def propose(commissioner: Organisation, file: UploadedFile[Any], day: date) -> ProposedMap:
    """Keep what a file says of a commissioner's area until it is confirmed. Raises Refused with every problem."""
    if (file.size or 0) > LARGEST:
        raise refuse("service.organisation", "the file is larger than 5 MB.", None, "Choose a practice map.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.csv"
        with path.open("wb") as out:
            for block in file.chunks():
                out.write(block)
        result = practice_map.evaluate(practice_map.Request(path, (commissioner.code,)))
    area = result.areas[commissioner.code]
    applying.difference(area, commissioner, day)
    with transaction.atomic():
        return ProposedMap.objects.create(
            commissioner=commissioner,
            token=secrets.token_urlsafe(20),
            file_name=Path(file.name or "map.csv").name[:200],
            sha256=result.sha256,
            day=day,
            content=_as_json(area),
            proposed=clock.now(),
        )


@page(Action.CHANGE_ORGANISATIONS, organisation="code")
def read(request: HttpRequest, code: Organisation, token: str) -> HttpResponseBase:
    """What the map would change; with a reason it is applied, whole or not at all."""
    proposed = ProposedMap.objects.filter(commissioner=code, token=token).first()
    if proposed is None:
        raise Http404
    area = _from_json(proposed.content)
    back = reverse("area", args=[code.code])
    typed = request.POST.copy() if request.method == "POST" else None
    form = forms.Confirm(typed)
    try:
        if request.method == "POST" and form.is_valid() and not proposed.applied:
            data = form.cleaned_data
            with transaction.atomic():
                applying.apply(
                    area, code, proposed.day, data["reason"], proposed.file_name, proposed.sha256, data["read"]
                )
                proposed.applied = clock.now()
                proposed.save(update_fields=["applied"])
            messages.success(request, f"{proposed.file_name} was applied from {say.day(proposed.day)}.")
            return HttpResponseRedirect(back)
    except Refused as refused:
        for problem in refused.problems:
            form.add_error(None, _in_words(problem))
    try:
        found = applying.difference(area, code, proposed.day)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, _in_words(problem))
        return HttpResponseRedirect(reverse("organisation-import", args=[code.code]))
    form.fields["read"].initial = applying.digest(found)
    if typed is not None:
        typed["read"] = applying.digest(found)  # what is now read, should it be sent again
    groups = [
        (heading, [one.sentence for one in found.sentences if one.heading == heading])
        for heading in HEADINGS
        if any(one.heading == heading for one in found.sentences)
    ]
    context = {"form": form, "organisation": code, "proposed": proposed, "groups": groups, "warnings": area.warnings}
    return render(request, "organisations/import_read.html", context)


def _as_json(area: AreaMap) -> dict[str, Any]:
    def text(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def rows(several: Any) -> list[list[Any]]:
        return [[text(value) for value in asdict(one).values()] for one in several]

    return {
        "commissioner": area.commissioner,
        "organisations": rows(area.organisations.values()),
        "memberships": rows(area.memberships),
        "mergers": rows(area.mergers),
        "lists": rows(area.lists),
        "elsewhere": dict(area.elsewhere),
        "warnings": [problem.message for problem in area.warnings],
    }


def _from_json(content: dict[str, Any]) -> AreaMap:
    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    return AreaMap(
        content["commissioner"],
        {row[0]: MapOrganisation(*row) for row in content["organisations"]},
        tuple(DatedMembership(member, parent, day(since), day(until))
              for member, parent, since, until in content["memberships"]),
        tuple(Merger(old, new, date.fromisoformat(when)) for old, new, when in content["mergers"]),
        tuple(MapListSize(practice, people, day(when)) for practice, people, when in content["lists"]),
        content["elsewhere"],
        tuple(Problem("area.network-elsewhere", text, severity="warning") for text in content["warnings"]),
    )  # fmt: skip
