"""`remit receive`: what is on the server comes in as by the page, is checked at once, and brings its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from remit.core.problems import Place, Problem, Refused, did_you_mean, error, refuse
from remit.service.serving.serve import as_service, existing

if TYPE_CHECKING:
    from remit.service.extracts.models import Extract
    from remit.service.organisations.models import Organisation
    from remit.service.register.models import SchemeVersion


@dataclass(frozen=True)
class ReceiveRequest:
    """What comes in, of which published scheme, for which commissioner and day, into which deployment.

    An `evaluation` is the folder of one; it has practices and counts, and its evidence where there is any.
    """

    scheme: str
    commissioner: str
    day: date
    practices: Path | None = None
    counts: Path | None = None
    evaluation: Path | None = None
    national: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    data: Path | None = None
    database: str = ""


@dataclass(frozen=True)
class Received:
    """An extract that was accepted: its number, how many practices and networks it has, which are missing, and whether
    evidence came with it."""

    number: int
    practices: int
    missing: tuple[str, ...]
    has_evidence: bool


def receive(request: ReceiveRequest) -> Received:
    """Take the figures in and check them. Raises Refused with all that is wrong; they are then not used."""
    deployment = existing(request.data, request.database)
    with as_service(deployment):
        from remit.service import clock
        from remit.service.organisations.models import COMMISSIONER, Organisation
        from remit.service.scope import reach
        from remit.service.scope.acting import acting
        from remit.service.scope.scope import EVERYTHING

        with acting(EVERYTHING):
            every = {one.code: one for one in Organisation.objects.filter(kind=COMMISSIONER)}
        organisation = every.get(request.commissioner)
        if organisation is None:
            what = f"there is no commissioner '{request.commissioner}' in this deployment."
            raise refuse("service.commissioner-unknown", what, None, did_you_mean(request.commissioner, every))
        with acting(reach.of_service(organisation, clock.today())):
            return _received(organisation, request)


def _received(organisation: Organisation, request: ReceiveRequest) -> Received:
    from remit.service.extracts import services
    from remit.service.extracts.checking import check
    from remit.service.extracts.models import PracticeFigures

    arrival = services.Arrival(
        _version(organisation, request.scheme), request.day, list(_incoming(request)), request.settings,
        _evidence(request.evaluation), request.reason,
    )  # fmt: skip
    extract = services.receive(organisation, arrival)
    check.func(organisation.pk, extract.pk)
    extract.refresh_from_db()
    if extract.state != "accepted":
        raise Refused([_problem(one) for one in extract.problems] or [_not_done(extract)], extract.problem_count or 1)
    practices = PracticeFigures.objects.filter(extract=extract).count()
    return Received(extract.number, practices, tuple(extract.missing), extract.has_evidence)


def _version(organisation: Organisation, scheme: str) -> SchemeVersion:
    from remit.service.register.models import SchemeVersion
    from remit.service.register.reading import published
    from remit.service.register.states import State

    version = published(organisation, scheme)
    if version is None:
        rows = SchemeVersion.objects.filter(organisation=organisation, state=State.PUBLISHED.value)
        what = f"{organisation} has no published scheme '{scheme}'."
        hint = did_you_mean(scheme, sorted(set(rows.values_list("scheme_id", flat=True))))
        raise refuse("service.scheme-not-published", what, None, hint or "Publish it in the register first.")
    return version


def _incoming(request: ReceiveRequest):  # type: ignore[no-untyped-def]
    from remit.service.extracts.services import Incoming

    home = request.evaluation
    given = {
        "practices": home / "practices.csv" if home else request.practices,
        "counts": home / "counts.csv" if home else request.counts,
        "national": request.national,
    }
    for kind, path in given.items():
        if path is not None:
            if not path.is_file():
                raise refuse("files.no-such-file", "there is no such file.", Place(str(path)), "Check its name.")
            yield Incoming(kind, path, path.name)


def _evidence(evaluation: Path | None) -> Path | None:
    """The evaluation, where it was made with evidence."""
    from remit.application.evidence import folders_of

    return evaluation if evaluation is not None and folders_of(evaluation) else None


def _problem(plain: Mapping[str, object]) -> Problem:
    """A problem that the extract was refused for."""
    place = Place(str(plain["file"]), int(str(plain["row"])), int(str(plain["column"]))) if plain["file"] else None
    return error("service.extract-refused", str(plain["message"]), place, str(plain["hint"]))


def _not_done(extract: Extract) -> Problem:
    what = f"extract {extract.number} is {extract.get_state_display().lower()}."
    return error("service.extract-refused", what, None, "Look at its page.")
