"""When a statement's pounds are paid and on what terms; what the sources leave open is said with how to supply it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core import say
from remit.documents import figures
from remit.documents.blocks import Block, Cell, Column, Facts, Fold, Heading, Para, Row, Table
from remit.documents.statement.missing import plain
from remit.documents.statement.model import Statement
from remit.organisation.practices import NOT_REVIEWED
from remit.scheme.advances import instalment_days, set_off_words
from remit.scheme.agreements import OPEN, Monitoring
from remit.scheme.model import Scheme
from remit.scheme.resolve import day_of, open_name, setting
from remit.scoring.monitoring import Watched

_ANSWERED = ("exception_reporting", "excepted_patients")
"""Obligations that the questions quote."""

_FEW = 3
"""Of more payments than these the schedule is folded away: the first facts say what they come to."""


def not_in_sources(scheme: Scheme, text: str, term: str) -> str:
    """How to supply a term that no source gives: `not in the sources: set terms.balance.due`."""
    return f"not in the sources: set {open_name(scheme, text, term)}"


def terms_blocks(statement: Statement) -> Iterator[Block]:
    """The schedule, the terms in the source's words, the obligations, what is watched."""
    result, scheme = statement.result, statement.result.scheme
    yield Heading(2, "Payments and terms")
    if result.shares_out:
        yield Para("Nothing is paid to the network itself: each member has its part in its own payment.")
    if result.schedule:
        rows = [
            Row(
                (
                    say.day(due.day) if due.day else "not set yet",
                    say.capital(due.kind),
                    figures.pounds(due.pence, f"{statement.code}/due/{n}"),
                )
            )
            for n, due in enumerate(result.schedule, 1)
        ]
        columns = (Column("Due", 3), Column("What", 3), Column("Pounds", 2, True, kept=True))
        back = "; a recovery is paid back by the practice" if any(d.kind == "recovery" for d in result.schedule) else ""
        table = Table(f"What is paid when{back}", columns, tuple(rows))
        yield Fold(f"The {len(rows)} payments, day by day", (table,)) if len(rows) > _FEW else table
    if result.settlement.reason:
        yield Para(plain(result.settlement.reason), "reason")
    ways = (*_contract(scheme), *_advance(statement), *_open(statement), *_watched(scheme))
    if ways:
        yield Facts(ways)
    yield from _monitored(statement)
    rows_ = list(_source_words(scheme))
    for name, text in scheme.obligations.items():
        if name not in _ANSWERED:
            rows_.append((say.capital(name.replace("_", " ")), " ".join(text.split())))
    rows_ += [("The scheme asks", f"“{' '.join(text.split())}”") for text in scheme.asks]
    for name, text in scheme.background.items():
        rows_.append((f"Background: {name.replace('_', ' ')}", " ".join(text.split())))
    if rows_:
        yield Fold("The terms in the source's words", (Facts(tuple(rows_)),))


def _contract(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """A contract that begins or ends inside the year, and what follows of its having been agreed late."""
    if scheme.term is None:
        return
    text = f"{say.day(scheme.begins)} to {say.day(scheme.ends)}"
    agreed = scheme.term.agreed
    if agreed:
        missed = [day for ahead in scheme.terms.advances for day in instalment_days(scheme, ahead) if day < agreed]
        text += f", agreed on {say.day(agreed)}"
        text += ": the instalments missed until then are paid with the first one after it" if missed else ""
    yield "Contract", text


def _advance(statement: Statement) -> Iterator[tuple[str, str]]:
    result, terms = statement.result, statement.result.scheme.terms
    if result.through_network or result.shares_out:
        return
    if terms.paid_in_advance is None:
        yield "Paid in advance", "nothing"
    elif result.advance.working:
        amount = say.money(result.advance.pence) if result.advance.pence is not None else "not known"
        yield "Paid in advance", f"{say.grouped(result.advance.working)} = {amount}"
    activity = terms.paid_on_activity
    if activity:
        after = f"{activity.days} days after its end"
        if activity.days.required:
            missing = not_in_sources(result.scheme, OPEN, "paid_on_activity.days")
            after = f"after it; how many days after is {missing}"
        set_off = set_off_words(result.scheme)
        yield "Paid on activity", f"what was delivered in each {activity.every} is paid {after}{set_off}"


def _open(statement: Statement) -> Iterator[tuple[str, str]]:
    """The terms that no source gives, as far as they bear on this practice."""
    scheme, terms = statement.result.scheme, statement.result.scheme.terms
    if statement.result.through_network or statement.result.shares_out:
        return
    recovers, back = terms.paid_in_advance is not None, terms.recovery
    day = ("Day of a recovery", back.notified or "", recovers and back.first is None)
    if back.first:
        day = ("First day of a recovery", back.first, recovers)
    balances = recovers or terms.paid_on_activity is None or bool(statement.result.settlement.balance)
    named = [
        ("Day of the balance", terms.balance.due, balances),
        day,
        ("Months of a recovery", terms.recovery.months.text, recovers),
        ("Joiners", terms.changes.joiner, True),
        ("Leavers", terms.changes.leaver, True),
        ("Mergers", terms.changes.merger, True),
    ]
    yield from _reviewed(statement)
    for name, text, bears in named:
        if bears and text == OPEN and not setting(scheme, statement.settings, text):
            yield name, "not in the sources"


def _reviewed(statement: Statement) -> Iterator[tuple[str, str]]:
    """The day on which the evidence was reviewed, where a scheme asks for that before anything is final."""
    result, scheme = statement.result, statement.result.scheme
    text = scheme.terms.balance.reviewed
    if not text:
        return
    day = result.practice.evidence_reviewed or day_of(scheme, statement.settings, text)
    if day:
        yield "Evidence reviewed", f"on {say.day(day)}"
    elif NOT_REVIEWED in result.reason:
        yield "Evidence reviewed", "not yet: until then nothing is final"
    else:
        yield "Evidence reviewed", f"the day is not given: set {open_name(scheme, text, 'balance.reviewed')}"


def _source_words(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """The terms in the source's own words."""
    terms = scheme.terms
    for name, part in (
        *(("Paid in advance", ahead) for ahead in terms.advances),
        ("Paid on activity", terms.paid_on_activity),
        ("Balance", terms.balance),
        ("Recovery", terms.recovery),
        ("Claims", scheme.claims),
        ("Monitoring", scheme.monitoring),
    ):
        if part is not None and part.words:
            yield f"{name}: the source says", f"“{' '.join(part.words.split())}”"


def _watched(scheme: Scheme) -> Iterator[tuple[str, str]]:
    watched = scheme.monitoring
    if watched is not None and isinstance(watched.indicators, str):
        of = "" if watched.count is None else f"{watched.count} indicators, which "
        yield "Monitored", f"{of}are not in the sources: set monitoring.indicators"


def _monitored(statement: Statement) -> Iterator[Block]:
    """The indicators that are watched and pay nothing, each beside the earlier year."""
    terms, watched = statement.result.scheme.monitoring, statement.result.watched
    if terms is None or not watched:
        return
    tolerance = f" It may lie {terms.tolerance.text.removesuffix('%')} points below." if terms.tolerance else ""
    compared = f" {terms.against} is what it is compared with.{tolerance}" if terms.against else ""
    yield Heading(3, "What is watched, and pays nothing")
    found = statement.result.verdict
    if found is not None:
        yield Para(found.words)
    yield Para(f"Looked at each {terms.every}.{compared}{_tested(terms)}")
    rows, tested = [], terms.significance is not None
    for one in watched:
        at = f"{statement.code}/watched/{one.indicator}/{one.period or 'year'}"
        now, before = _counted(one.now, one.people, f"{at}/now"), _counted(one.before, one.people, f"{at}/before")
        within = {True: "within", False: "beyond", None: ""}[one.within]
        fell = {True: "significant", False: "no", None: ""}[one.significant]
        compared_with = (before, _change(one), within, *((fell,) if tested else ())) if terms.against else ()
        rows.append(Row((one.indicator, str(one.period) or "the year", now, *compared_with)))
    columns = [Column("Indicator", 2), Column("When", 2), Column("This year", 2, True)]
    if terms.against:
        columns += [Column(str(terms.against), 2, True), Column("Change", 2, True), Column("Tolerance", 2)]
    if terms.against and tested:
        columns.append(Column("Fall", 2))
    yield Table("Monitored indicators", tuple(columns), tuple(rows))
    reasons = [one.reason for one in watched if one.reason]
    if reasons:
        yield Para(" ".join(reasons), "reason")


def _tested(terms: Monitoring) -> str:
    """What a significant fall is, in words."""
    if terms.significance is None:
        return ""
    level = "a share that must be supplied" if terms.significance.required else terms.significance.text
    return (
        " A fall is significant where, were both years' rates one, chance would bring as many missed or more this "
        f"year in less than {level} of cases (Fisher's exact test, each indicator by itself)."
    )


def _counted(value: Fraction | None, people: bool, figure: str) -> Cell:
    """A rate in per cent, or a number of people."""
    if value is None or not people:
        return figures.rate(value, figure, 2)
    return Cell(f"{say.number(value)} {'person' if value == 1 else 'people'}", figure, value, "number")


def _change(one: Watched) -> str:
    if one.change is None:
        return ""
    number = say.number(one.change if one.people else one.change * 100, 2)
    unit = "people" if one.people else "points"
    return f"{'+' if one.change > 0 else ''}{number.replace('-', '−')} {unit}"
