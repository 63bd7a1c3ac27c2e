"""The card as a document, for whoever signs or pays the scheme: the answer, the items, the terms; the rest folded."""

from __future__ import annotations

from collections.abc import Iterator

from remit.core import say
from remit.documents.blocks import Block, Column, Document, Facts, Fold, Heading, Para, Row, Table
from remit.documents.scheme_card.items import items
from remit.documents.scheme_card.look_up import must_be_looked_up
from remit.documents.scheme_card.marks import WHAT_MARKS_MEAN, Marker
from remit.documents.scheme_card.model import Coverage, SchemeCard
from remit.documents.scheme_card.money import answer, money
from remit.documents.scheme_card.sources import beside_the_rules, every_number, sources
from remit.documents.scheme_card.terms import provision, terms, to_supply
from remit.documents.scheme_card.unverified import by_source, found
from remit.scheme.model import Scheme
from remit.scheme.numbers import rounding_in_use
from remit.scheme.retirement import most_items
from remit.scheme.waiting import waits_for

_ROUNDED = {
    "list": "List weight",
    "prevalence": "Prevalence weight",
    "target_population": "Target population weight",
    "points": "Points of an item",
    "pounds_per_point": "Weighted value of a point",
    "pounds": "Pounds of an item",
}


def card(made_of: SchemeCard) -> Document:
    """The whole card."""
    scheme, mark = made_of.scheme, Marker(made_of.scheme)
    supplied = (*to_supply(scheme), *_parameters(scheme, mark))
    blocks: tuple[Block, ...] = (
        *_head(made_of, mark),
        *must_be_looked_up(scheme),
        Heading(2, "What it pays"),
        *money(made_of, mark),
        Heading(2, f"Items: {len(scheme.items)}"),
        *items(scheme, mark),
        *terms(scheme, mark),
        *provision(scheme, mark),
        *([Heading(2, "What a run must be given")] if supplied else []),
        *supplied,
        *_over_records(made_of.coverage),
        Heading(2, "What is not verified"),
        Para(found(scheme)),
        Fold("What is not verified, by source", tuple(by_source(scheme, 3))),
        Heading(2, "Details"),
        Fold("Rounding", (_rounding(scheme, mark),)),
        *beside_the_rules(scheme),
        Fold("Sources", (sources(scheme),)),
        Fold("Every number", (every_number(scheme),)),
    )
    return Document(say.clean(scheme.title), blocks, foot=f"{scheme.scheme}, version {scheme.version}")


def _head(made_of: SchemeCard, mark: Marker) -> Iterator[Block]:
    scheme = made_of.scheme
    yield Heading(1, say.clean(scheme.title))
    yield Para(answer(made_of), "lead")
    if scheme.about:
        yield Para(say.clean(scheme.about))
    rows = [
        ("Scheme", f"{scheme.scheme}, version {scheme.version}"),
        ("Commissioner", say.with_place(scheme.commissioner, scheme.nation)),
        *([("Only with", f"{say.listed(scheme.only_with)}, accepted too")] if scheme.only_with else ()),
        ("Year", f"{scheme.year}: {say.day(scheme.year.start)} to {say.day(scheme.year.end)}"),
        *_contract(scheme),
        ("Measured on", mark(say.day(scheme.achievement_date), "achievement_date")),
        *_period(scheme),
        ("Offered to", "; ".join(scheme.places.values()) or "practices anywhere: the scheme names no places"),
    ]
    if scheme.family:
        rows.append(("Family", f"{scheme.family}: schemes of one family are variants or years of each other"))
    yield Facts(tuple(rows))
    yield Para(f"{WHAT_MARKS_MEAN}: “What is not verified” says why.", "small")


def _period(scheme: Scheme) -> list[tuple[str, str]]:
    """The payment period where it is not the scheme's year."""
    days = scheme.period()
    if days is None:
        return [("Payment period", "not stated: records cannot be counted until it is")]
    return [("Payment period", f"{say.day(days[0])} to {say.day(days[1])}")] if scheme.payment_period else []


def _contract(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """A contract that begins or ends inside the year, and when it was agreed."""
    term = scheme.term
    if term is None:
        return
    text = f"{say.day(term.from_)} to {say.day(term.to)}: a part of the year is a part of these days"
    if term.agreed:
        late = "the instalments missed until then are paid with the first one after it"
        text += f". Agreed on {say.day(term.agreed)}: {late}"
    yield "Contract", f"{text}."


def _over_records(coverage: Coverage) -> Iterator[Block]:
    """Which items can be counted from records, how sure their rules are, and which are counts only."""
    if not coverage.by_status:
        return
    rows = [(f"Rules {status}", ", ".join(codes)) for status, codes in coverage.by_status.items()]
    if coverage.other_years:
        rows.append(("To count them", "Name the year whose rules to use. Every figure is then provisional."))
    yield Heading(2, "Counted from records")
    yield Facts((*rows, *([("Counts only", ", ".join(coverage.counts_only))] if coverage.counts_only else [])))


def _rounding(scheme: Scheme, mark: Marker) -> Facts:
    steps = [(name, str(getattr(scheme.rounding, name))) for name in rounding_in_use(scheme)]
    return Facts(tuple((_ROUNDED[name], mark("exact" if s == "none" else s, "rounding", name)) for name, s in steps))


def _parameters(scheme: Scheme, mark: Marker) -> Iterator[Block]:
    """What a run may or must be given by name, and what waits for it."""
    rows = []
    for name, parameter in scheme.parameters.items():
        kind = {"date": "a date", "items": "items by code, with commas between"}.get(parameter.type, "")
        kind = kind or " / ".join(parameter.choices)
        limit = most_items(scheme, parameter)
        if limit is not None:
            share = mark(str(parameter.most), "parameters", name, "most")
            kind += f", at most {share} of the {len(scheme.items)} items, which is {limit}"
        elif parameter.most:
            kind += ", how many at most must be supplied"
        if parameter.default is not None:
            first = f"{kind}; {mark(parameter.default, 'parameters', name)} unless it is set"
        else:
            waiting = say.listed(waits_for(scheme, name)) or "nothing"
            first = f"{kind}; no default. What waits for it: {waiting}"
        rows.append(Row((name, f"{say.sentence(first)}\n{say.clean(parameter.about)}")))
    if rows:
        yield Table("Parameters, set for a run by name", (Column("Name", 3), Column("What it is", 9)), tuple(rows))
