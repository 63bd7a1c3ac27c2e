"""`remit organisations`, from what was typed to what was done: for whoever runs the deployment, on every area."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from remit.application import practice_map
from remit.core import say
from remit.core.problems import Collector, Refused, did_you_mean, refuse
from remit.documents.blocks import Document
from remit.documents.organisations import AreaRow, area_tree
from remit.files.private import private_folder
from remit.organisation.area_changes import AreaChanges
from remit.organisation.area_map import AreaMap
from remit.service.serving.serve import alone, as_owner, existing, set_environment


@dataclass(frozen=True)
class ImportRequest:
    """The file, the commissioners (all of a practice map where none is named), the day from which it holds, and why."""

    file: Path
    commissioners: tuple[str, ...]
    day: date
    reason: str = ""
    ccg_to_icb: Path | None = None
    data: Path | None = None
    database: str = ""


@dataclass(frozen=True)
class Difference:
    """What a map would change in one area."""

    commissioner: str
    name: str
    changes: AreaChanges
    warnings: tuple[str, ...]


Confirm = Callable[[tuple[Difference, ...]], bool]
"""Shown every difference; whether to apply them."""


def import_map(request: ImportRequest, confirm: Confirm) -> bool:
    """Bring a map in, for all the commissioners or none; whether it was. Raises Refused, with nothing changed."""
    result = practice_map.evaluate(practice_map.Request(request.file, request.commissioners, request.ccg_to_icb))
    with connected(request.data, request.database, may_make=True):
        from django.db import transaction

        from remit.service.organisations import applying

        with transaction.atomic():
            areas = {code: (area, applying.set_up(area)) for code, area in result.areas.items()}
            differences = _differences(result.areas, request.day)
            if not confirm(differences):
                transaction.set_rollback(True)
                return False
            reason = request.reason or f"{result.file_name} holds from {say.day(request.day)}."
            problems = Collector()
            for area, commissioner in areas.values():
                try:
                    applying.apply(area, commissioner, request.day, reason, result.file_name, result.sha256)
                except Refused as refused:
                    for problem in refused.problems:
                        problems.take(problem)
            problems.refuse_if_any()
    return True


def _differences(areas: Mapping[str, AreaMap], day: date) -> tuple[Difference, ...]:
    from remit.service.organisations import applying
    from remit.service.organisations.models import Organisation

    found = []
    for code, area in areas.items():
        commissioner = Organisation.objects.get(code=code)
        changes = applying.difference(area, commissioner, day)
        warnings = tuple(warning.message for warning in area.warnings)
        found.append(Difference(code, commissioner.name, changes, warnings))
    return tuple(found)


def merge_commissioners(old: str, new: str, name: str, day: date, reason: str, data: Path | None, database: str) -> str:
    """A commissioner goes over to another on a day, which is set up where a name is given. Returns what was done."""
    with connected(data, database):
        from remit.service.organisations import mergers

        before = _one(old)
        if name:
            done = mergers.merge_into_new(before, new, name, day, reason)
        else:
            done = mergers.merge(before, _one(new), day, reason)
        return f"{done.successor} takes over from {done.predecessor} on {say.day(day)}."


def show(code: str, day: date | None, data: Path | None, database: str) -> Document:
    """The area of an organisation on a day. Raises Refused for a code that is not there."""
    with connected(data, database):
        from remit.service import clock
        from remit.service.organisations.reading import Node, tree

        day = day or clock.today()
        top = tree(_one(code), day)

        def rows(node: Node, depth: int) -> Iterator[AreaRow]:
            for one in node.below:
                size = one.size
                organisation = one.organisation
                yield AreaRow(
                    depth, organisation.code, organisation.name, organisation.kind,
                    size.people if size else None, size.day if size else None,
                )  # fmt: skip
                yield from rows(one, depth + 1)

        return area_tree(str(top.organisation), day, list(rows(top, 1)))


def commissioners(data: Path | None, database: str) -> list[tuple[str, str]]:
    """The commissioners that are set up, by code, with their names."""
    with connected(data, database):
        from remit.service.organisations.models import COMMISSIONER, Organisation

        return list(Organisation.objects.filter(kind=COMMISSIONER).order_by("code").values_list("code", "name"))


def _one(code: str):  # type: ignore[no-untyped-def]
    from remit.service.organisations.models import Organisation

    found = Organisation.objects.filter(code=code).first()
    if found is None:
        names = Organisation.objects.values_list("code", flat=True)
        raise refuse("service.organisation", f"there is no organisation {code}.", None, did_you_mean(code, set(names)))
    return found


@contextmanager
def connected(data: Path | None, database: str, may_make: bool = False) -> Iterator[None]:
    """The deployment's database, as the service; the service may run. With `may_make` a deployment is made where there
    is none. Raises Refused where there is none, or its database cannot be reached."""
    deployment = set_environment(data, database) if may_make else existing(data, database)
    private_folder(deployment.data)
    assert deployment.secret, "made where there was none, before the settings are read"
    with as_owner():
        from remit.service.serving import migrate

        is_new = migrate.is_empty()
    if is_new and deployment.database.is_postgresql:
        what = "the database has no tables yet."
        raise refuse("service.nothing-there", what, None, "Start the service once with 'remit serve'.")
    if is_new:
        with alone(deployment):
            from remit.service.serving.upgrade import upgrade

            upgrade(deployment.data)
    with as_owner():
        from remit.service.scope.acting import acting
        from remit.service.scope.scope import EVERYTHING

        with acting(EVERYTHING):
            yield
