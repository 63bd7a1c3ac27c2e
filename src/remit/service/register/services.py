"""What is done with versions of schemes: each is checked, done and recorded in one transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from remit.core.problems import Refused, refuse
from remit.service import clock
from remit.service.audit.log import record
from remit.service.organisations.models import Organisation
from remit.service.people.roles import Action
from remit.service.register import reading
from remit.service.register.checking import checked, of_version
from remit.service.register.models import SchemeStep, SchemeVersion
from remit.service.register.states import MOVES, NOT_ALLOWED, NotPossible, State, Step, after
from remit.service.register.text import hash_of, own_name
from remit.service.scope.scope import current


class Conflict(Exception):
    """Somebody else saved the draft since it was opened; `theirs` is the version as it stands now."""

    def __init__(self, theirs: SchemeVersion) -> None:
        self.theirs = theirs
        super().__init__("somebody else saved this draft in the meantime")


def _no(why: str) -> Refused:
    return refuse("service.scheme-step", why)


def start(
    organisation: Organisation, scheme_id: str, content: bytes, file_name: str, origin: str,
    settings: dict[str, str] | None = None, corrects: SchemeVersion | None = None, reason: str = "",
) -> SchemeVersion:  # fmt: skip
    """A draft of a new scheme, or of a new version of one. Raises Refused where one is being worked on already.

    `origin` says what it was begun from, in a few words. A new version of a published one says why it is made.
    """
    _allowed(Action.WRITE_SCHEMES, organisation)
    checked(content, own_name(file_name), dict(settings or {}), scheme_id)
    with transaction.atomic():
        _lock(organisation)
        at_work = reading.at_work(organisation, scheme_id)
        if at_work is not None:
            raise _no(f"Version {at_work.version} of {scheme_id} is being worked on already ({at_work.state}).")
        same = SchemeVersion.objects.filter(organisation=organisation, scheme_id=scheme_id)
        last = same.aggregate(last=Max("version"))["last"] or 0
        if corrects is None and same.filter(state=State.PUBLISHED.value).exists():
            raise _no(f"{scheme_id} is published already. Open its page and start a new version there.")
        if corrects is not None and not reason.strip():
            raise _no("Say why there is to be a new version.")
        version = SchemeVersion(
            organisation=organisation, scheme_id=scheme_id, version=last + 1, file_name=own_name(file_name),
            corrects=corrects, reason=reason.strip(), settings=dict(settings or {}),
        )  # fmt: skip
        _put(version, content)
        version.save(force_insert=True)
        _step(version, Step.SAVE, origin)
        record("scheme.started", organisation, str(version), origin=origin, sha256=version.sha256)
    return version


def save(
    version: SchemeVersion, content: bytes, settings: dict[str, str], based_on: str, file_name: str = ""
) -> SchemeVersion:
    """Save a draft. Raises Conflict where it is not as it was when it was opened (`based_on`, its token)."""
    checked(content, own_name(file_name or version.file_name), settings, version.scheme_id)
    with transaction.atomic():
        now = _locked(version)
        _taken(now, Step.SAVE)
        if token(now) != based_on:
            raise Conflict(now)
        if bytes(now.content) == content and now.settings == settings and not file_name:
            return now
        now.settings = dict(settings)
        now.file_name = own_name(file_name) if file_name else now.file_name
        _put(now, content)
        now.save()
        _step(now, Step.SAVE)
        record("scheme.saved", now.organisation, str(now), sha256=now.sha256, errors=now.errors)
    return now


def take(
    version: SchemeVersion, step: Step, words: str = "", day: date | None = None, based_on: str = ""
) -> SchemeVersion:
    """Submit, take back, withdraw, approve, send back or publish. Raises Refused with the reason where it cannot be.

    A version is published from a `day` of its year on. `based_on` is the token of what the person has read.
    """
    of_version(version)  # its check is then known, and the row is not locked for longer than it takes
    with transaction.atomic():
        now = _locked(version)
        to = _taken(now, step, words)
        if based_on and token(now) != based_on:
            raise _no("The text has changed since this page was opened. Read it again.")
        if to is State.PUBLISHED:
            now.day = _day_of(now, day)
        now.state = to.value
        now.changed_at, now.changed_by_id = clock.now(), current().person
        now.save()
        _step(now, step, words)
        details: dict[str, Any] = {"sha256": now.sha256}
        details |= {"words": words.strip()} if words.strip() else {}
        details |= {"day": now.day.isoformat()} if now.day else {}
        record(EVENT_OF[step], now.organisation, str(now), **details)
    return now


EVENT_OF = {
    Step.SUBMIT: "scheme.submitted",
    Step.TAKE_BACK: "scheme.taken-back",
    Step.WITHDRAW: "scheme.withdrawn",
    Step.APPROVE: "scheme.approved",
    Step.SEND_BACK: "scheme.sent-back",
    Step.PUBLISH: "scheme.published",
}


def token(version: SchemeVersion) -> str:
    """What a draft is when somebody opens it: its bytes and its settings."""
    return hash_of(repr((version.sha256, sorted(version.settings.items()), version.state)).encode())


def _put(version: SchemeVersion, content: bytes) -> None:
    """The bytes, and what is read out of them for lists."""
    version.content, version.sha256 = content, hash_of(content)
    result = checked(content, version.file_name, version.settings, version.scheme_id)
    version.errors = len(result.errors)
    if result.scheme is not None:
        version.title, version.year = result.scheme.title[:300], str(result.scheme.year)
    version.changed_at, version.changed_by_id = clock.now(), current().person


def _step(version: SchemeVersion, step: Step, words: str = "") -> None:
    SchemeStep.objects.create(
        organisation_id=version.organisation_id, version=version, step=step.value, person_id=current().person,
        at=clock.now(), words=words.strip(), sha256=version.sha256,
    )  # fmt: skip


def _taken(version: SchemeVersion, step: Step, words: str = "") -> State:
    """Where the step leads for the person at work. Raises Refused with the reason where it does not."""
    state = State(version.state)
    move = MOVES.get((state, step))
    has_errors = bool(move and move.sound and of_version(version).errors)
    is_author = current().person in reading.authors_of(version)
    found = after(state, step, reading.may_do(version.organisation_id), is_author, has_errors, words)
    if isinstance(found, NotPossible):
        raise _no(f"{found.why} {_last(version)}".strip() if found.now else found.why)
    return found


def _last(version: SchemeVersion) -> str:
    """Who brought it into the state that it is in: whoever comes second reads it."""
    who = version.changed_by.name if version.changed_by else "Somebody at the server"
    return f"{who} was the last to change it; it is now {version.state}."


def _day_of(version: SchemeVersion, day: date | None) -> date:
    scheme = of_version(version).scheme
    assert scheme is not None
    day = day or scheme.year.start
    if not scheme.year.start <= day <= scheme.year.end:
        raise _no(f"Its year is {scheme.year.start} to {scheme.year.end}: publish it from a day of that year.")
    return day


def _allowed(action: Action, organisation: Organisation) -> None:
    scope = current()
    if not scope.everything and not scope.may(action, organisation.pk):
        raise _no(NOT_ALLOWED)


def _locked(version: SchemeVersion) -> SchemeVersion:
    """The row as it stands now, held until the transaction ends."""
    return (
        SchemeVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation")
        .get(pk=version.pk)
    )


def _lock(organisation: Organisation) -> None:
    """One at a time begins versions of an organisation's schemes."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


__all__ = ["Conflict", "save", "start", "take", "token"]
