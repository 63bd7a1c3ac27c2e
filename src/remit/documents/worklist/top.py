"""What stands first on a worklist: how many to call, by when, worth how much, at which clinics, and who first."""

from __future__ import annotations

from collections.abc import Iterator

from remit.core import say
from remit.core.dates import SchemeYear
from remit.core.sums import Sum
from remit.documents.blocks import Block, Cell, Facts, Heading, Para
from remit.documents.figures import count, so_far
from remit.documents.worklist import words
from remit.worklist.model import Worklist

_NAMED = 10
"""How many patients with a high reading are named."""


def title(listed: Worklist) -> str:
    """`Worklist: Acre Street (A1)`."""
    return f"Worklist: {listed.name} ({listed.practice})" if listed.name else f"Worklist: {listed.practice}"


def top(listed: Worklist) -> Iterator[Block]:
    """The answer, the amounts, who comes first, and what must be known before anybody is called."""
    yield Heading(1, title(listed))
    yield Para(lead(listed), "lead")
    yield Facts((*_amounts(listed), *_facts(listed)))
    yield from _first(listed)
    if listed.demonstration and listed.notes:
        yield Para(listed.notes[0], "reason")
    if listed.other_rules:
        yield Para(listed.other_rules, "reason")
    yield Para(words.PRIVATE, "small")


def lead(listed: Worklist) -> str:
    """How many need care, by when; on the year's last day, what that means."""
    gaps = [entry for entry in listed.entries if entry.state == "gap"]
    closed = sum(len(entry.contacts[0].gaps) for entry in gaps)
    every = sum(len(entry.of("gap")) for entry in gaps)
    who = f"{say.patients(len(gaps))} {'needs' if len(gaps) == 1 else 'need'}"
    reach = f"One contact each covers {closed:,} of the {every:,} things to do." if closed else ""
    if not listed.ended:
        as_of = f"As of {say.day(listed.on)}, "
        return f"{as_of}{who} care {words.deadline(listed)} {listed.year_end.year}. {reach}".rstrip()
    year = SchemeYear(listed.year_end.year - 1)
    return (
        f"The year {year} ends with this list: only care given by {say.day(listed.year_end)} and recorded late can "
        f"still count for it. For {SchemeYear(listed.year_end.year)}, {who} care. {reach}"
    ).rstrip()


def _facts(listed: Worklist) -> Iterator[tuple[str, str | Cell]]:
    clinics = [f"{listed.contacts[kind].title} {patients:,}" for kind, _, patients, *_ in words.by_contact(listed)]
    if clinics:
        yield "Clinics to plan", ", ".join([clinics[0], *(name[:1].lower() + name[1:] for name in clinics[1:])])
    if listed.records_to and listed.records_to < listed.on:
        yield "Records to", f"{say.day(listed.records_to)}: what was done after that is not seen"
    elif listed.records_to and listed.records_to > listed.on:
        yield "Records to", f"{say.day(listed.records_to)}: care after {say.day(listed.on)} is not seen here"


def _amounts(listed: Worklist) -> Iterator[tuple[str, str | Cell]]:
    yield "Patients to call", count(listed.count("gap"), f"{listed.practice}/to-do/patients")
    total = Sum.of(one.pence for entry in listed.entries for one in entry.brings.values())
    name = f"Worth in {SchemeYear(listed.year_end.year - 1)}"
    yield name, so_far(total, f"{listed.practice}/to-do/pounds")
    for risk in listed.risks:
        high = sum(care.risk == risk.name for entry in listed.entries for care in entry.risks)
        if high:
            yield f"With {risk.name}", count(high, f"{listed.practice}/to-do/{risk.name}")


def _first(listed: Worklist) -> Iterator[Block]:
    """Who is to be seen soon for what the records show, whatever it is worth."""
    for risk in listed.risks:
        high = [(entry.patient, care) for entry in listed.entries for care in entry.risks if care.risk == risk.name]
        if high:
            some = "; ".join(f"{patient} {care.last.partition(' is ')[0]}" for patient, care in high[:_NAMED])
            more = f"; and {len(high) - _NAMED:,} more" if len(high) > _NAMED else ""
            yield Para(f"See soon, {risk.name}: {some}{more}.", "reason")
