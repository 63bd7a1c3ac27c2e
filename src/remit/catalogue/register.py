"""The register of requests under the Freedom of Information Act: what came when, what was answered when, by when.

It names nobody. A request has no key for who asked; and what is written in free text is refused where it holds an
e-mail address, a telephone number or a titled name that is not the commissioner's own as the file states it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from remit.catalogue.loader import build as build_catalogue
from remit.catalogue.loader import find, folded, shipped
from remit.catalogue.model import Catalogue, Text
from remit.catalogue.working_days import working_day_after, working_days_between
from remit.core.problems import Collector, Place, Problem, Refused, did_you_mean, refuse
from remit.scheme.agreements import Cited, Id
from remit.scheme.faults import typed
from remit.scheme.kinds import Strict
from remit.scheme.model import SourceDocument
from remit.scheme.quantity import Day
from remit.scheme.source import Key, Source, read_source

REPLY_WITHIN = 20
"""Section 10(1): not later than the twentieth working day following the date of receipt."""

_YEARS = 2005, 2100
"""The Act has given a right to ask since 1 January 2005."""
_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_TELEPHONE = re.compile(r"(?<![\w/.-])(?:\+44\s?|0)(?:\d[\s-]?){9,10}(?![\w/])")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Cllr|Dear)\.?\s+[A-Z][\w'’-]+")
_WHO = re.compile(r"request[eo]r|applicant|enquirer|sender|officer|signed|name|e-?mail|phone")


def _mailbox(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueError(f"expected an e-mail address, found '{text}'")
    return text


def _working_days(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d{0,2} working days", text, re.ASCII):
        raise ValueError(f"expected it written as '40 working days', found '{text}'")
    return text


Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9/._-]*$", max_length=40)]


class RegisterContact(Strict):
    """Where the commissioner's own team is reached: a role, never a person."""

    team: Text
    mailbox: Annotated[str, AfterValidator(_mailbox)]
    address: tuple[Text, ...] = Field(min_length=1)
    telephone: str = ""


class Commissioner(Strict):
    """The Information Commissioner, as the commissioner's letters print it."""

    name: Text
    address: tuple[Text, ...] = Field(min_length=1)
    site: Text


class Reply(Strict):
    """A reply that was sent."""

    sent: Day
    what: Text = "response"


class RegisterQuestion(Strict):
    """A question as it was asked. The table answers it, unless an answer is given here."""

    number: str = ""
    asked: Text
    answer: str = ""


class InformationRequest(Cited):
    """One request: its dates and what it was about, and nobody's name."""

    reference: Reference
    received: Day
    about: Text
    catalogue: Text
    replies: tuple[Reply, ...] = ()
    questions: tuple[RegisterQuestion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> InformationRequest:
        days = [self.received, *(reply.sent for reply in self.replies)]
        if not all(_YEARS[0] <= day.year <= _YEARS[1] for day in days):
            raise ValueError(f"a request under the Act is of the years {_YEARS[0]} to {_YEARS[1]}")
        for before, after in pairwise(days):
            if after < before:
                raise ValueError(f"the reply of {after} is before {before}")
        return self


class Register(Cited):
    """The requests of a commissioner, and what every answer says at its end."""

    register_: Id = Field(alias="register")
    commissioner: Text
    short: str = ""
    contact: RegisterContact
    review_within: Annotated[str, AfterValidator(_working_days)] = "40 working days"
    information_commissioner: Commissioner
    further_bank_holidays: tuple[Day, ...] = ()
    sources: dict[str, SourceDocument] = Field(default_factory=dict)
    requests: tuple[InformationRequest, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Limits:
    """The days of a request: the last for a reply and, once there is one, the last for asking for a review.

    `taken` says for each reply which working day following receipt it was sent on.
    """

    reply_by: date
    review_by: date | None
    taken: tuple[int, ...]


def limits(register: Register, request: InformationRequest) -> Limits:
    """The limits of a request. The review's is counted from the first reply: the initial response."""
    further = frozenset(register.further_bank_holidays)
    sent = [reply.sent for reply in request.replies]
    within = int(register.review_within.split()[0])
    return Limits(
        working_day_after(request.received, REPLY_WITHIN, further),
        working_day_after(sent[0], within, further) if sent else None,
        tuple(working_days_between(request.received, day, further) for day in sent),
    )


def known_on(request: InformationRequest, on: date) -> InformationRequest:
    """The request with the replies that had been sent by a day."""
    return request.model_copy(update={"replies": tuple(reply for reply in request.replies if reply.sent <= on)})


def standing(register: Register, request: InformationRequest, on: date) -> str:
    """How a request stands on a day: `answered in time (working day 2)`, `due in 5 working days`."""
    request = known_on(request, on)
    further, limits_ = frozenset(register.further_bank_holidays), limits(register, request)
    due = limits_.reply_by
    if request.replies:
        kept = "in time" if limits_.taken[0] <= REPLY_WITHIN else "late"
        return f"answered {kept} (working day {limits_.taken[0]:,})"
    late, left = (
        working_days_between(limits_.reply_by, on, further),
        working_days_between(on, limits_.reply_by, further),
    )
    days = f"{late or left:,} working day{'' if (late or left) == 1 else 's'}"
    if on > due:
        return f"no reply: overdue by {days}" if late else "no reply: overdue"
    return f"due in {days}" if left else "due today"


@dataclass(frozen=True)
class Answer:
    """What is published: the request as registered, its limits, and the catalogue that answers it."""

    register: Register
    request: InformationRequest
    limits: Limits
    catalogue: Catalogue


def load_register(reference: str | Path) -> tuple[Register, Path]:
    """A register by the id of its commissioner in the library, or from a file; and where it stands. Raises Refused."""
    text = str(reference)
    if text.endswith((".yaml", ".yml")) or "/" in text:
        path = Path(text)
    else:
        files = shipped("foi")
        name = text if text in files else find(text).stem
        if name not in files:
            raise refuse(
                "catalogue.no-register", f"Remit has no register for '{text}'.", None, "Give your own file.", name=text
            )
        path = files[name]
    return read_register(path), path


def read_register(path: Path) -> Register:
    """One register file. Raises Refused with every error at its file, line and column."""
    source = read_source(path)
    try:
        register = typed(source, Register)
    except Refused as refused:
        raise Refused(_with_reason(refused.problems), refused.total) from None
    problems = Collector(limit=200)
    for name, at in [
        (register.source, ("source",)),
        *((r.source, ("requests", n, "source")) for n, r in _numbered(register)),
    ]:
        if name is not None and name not in register.sources:
            hint = partial(did_you_mean, name, register.sources)
            problems.add(
                "catalogue.source-unknown",
                f"the source '{name}' is not among the file's sources.",
                source.place(at),
                hint,
                source=name,
            )
    lines: dict[str, int] = {}
    for n, request in _numbered(register):
        place = source.place(("requests", n, "reference"))
        first = lines.setdefault(request.reference.casefold(), place.line)
        if first != place.line:
            problems.add(
                "catalogue.request-twice",
                f"the request {request.reference} is listed twice.",
                place,
                f"It is first on line {first}.",
                request=request.reference,
                line=first,
            )
    _check_nobody(source, register, problems)
    _check_whose(source, path, register, problems)
    problems.refuse_if_any()
    return register


def _check_whose(source: Source, path: Path, register: Register, problems: Collector) -> None:
    """Each request is answered by a catalogue of the register's own commissioner. One that cannot be read is refused
    where its answer is asked for."""
    own = {folded(name) for name in (register.commissioner, register.short) if name}
    for n, request in _numbered(register):
        try:
            catalogue = build_catalogue(read_source(find(request.catalogue, path)))
        except Refused:
            continue
        if not own & {folded(name) for name in (catalogue.commissioner, *catalogue.aliases)}:
            problems.add(
                "catalogue.of-another-commissioner",
                f"the catalogue '{request.catalogue}' belongs to {catalogue.commissioner}, and the register to "
                f"{register.commissioner}: an answer gives the commissioner's own services.",
                source.place(("requests", n, "catalogue")),
                "Name the commissioner's own catalogue; if they are one, add the register's name to its aliases.",
                request=request.reference,
                catalogue=request.catalogue,
                commissioner=catalogue.commissioner,
            )


def answer(reference: str | Path, request: str | None = None) -> Answer:
    """The answer to a request of a register; without its reference, to the only one. Raises Refused."""
    register, path = load_register(reference)
    by_name = {r.reference.casefold(): r for r in register.requests}
    names = [r.reference for r in register.requests]
    if request is None and len(names) > 1:
        raise refuse(
            "catalogue.which-request",
            f"the register has {len(names):,} requests.",
            None,
            f"Name one: {', '.join(names[:8])}.",
            requests=names,
        )
    name = names[0] if request is None else request
    if name.casefold() not in by_name:
        raise refuse(
            "catalogue.request-unknown",
            f"there is no request '{name}' in the register.",
            None,
            did_you_mean(name, names),
            request=name,
        )
    chosen = by_name[name.casefold()]
    source = read_source(find(chosen.catalogue, path))
    catalogue = build_catalogue(source)
    problems = Collector()
    _check_nobody(source, register, problems)
    problems.refuse_if_any()
    return Answer(register, chosen, limits(register, chosen), catalogue)


def _numbered(register: Register) -> Iterator[tuple[int, InformationRequest]]:
    yield from enumerate(register.requests)


def _with_reason(problems: tuple[Problem, ...]) -> Iterator[Problem]:
    """An unknown key that would say who asked is refused with the reason."""
    for problem in problems:
        if problem.code == "scheme.unknown-key" and _WHO.search(str(problem.data["key"]).casefold()):
            why = "A register names no person. Leave out who asked and who answered."
            yield replace(problem, code="catalogue.names-who-asked", hint=why)
        else:
            yield problem


def _check_nobody(source: Source, register: Register, problems: Collector) -> None:
    """No e-mail address, telephone number or titled name in any text, but for the commissioner's own."""
    mailbox = register.contact.mailbox.casefold()
    telephone = _digits(register.contact.telephone)
    for path, text in _texts(source.tree, ()):
        if path[:1] == ("contact",):
            continue
        place = source.place(path)
        for match in _EMAIL.findall(text):
            if match.casefold().rstrip(".") != mailbox:
                _add(problems, "e-mail address", match, place)
        for match in _TELEPHONE.findall(text):
            if _digits(match) != telephone:
                _add(problems, "telephone number", match, place)
        for match in _TITLED.findall(text):
            _add(problems, "name", match, place)


def _add(problems: Collector, what: str, text: str, place: Place) -> None:
    problems.add(
        "catalogue.names-somebody",
        f"'{text.strip()}' looks like a person's {what}. An answer names no person.",
        place,
        "Take it out.",
        what=what,
    )


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text.replace("+44", "0"))


def _texts(value: Any, path: Key) -> Iterator[tuple[Key, str]]:
    """Every text of a file with its path."""
    if isinstance(value, str):
        yield path, value
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _texts(part, (*path, key))
