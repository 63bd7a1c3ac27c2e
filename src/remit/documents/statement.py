"""The statement of one practice: what it earned, how, what more it could earn, and what all of it rests on.

`statement(run, "A1")` gives the model; `.text()`, `.html()`, `.pdf()` and `.xlsx()` show it. Nothing is decided here:
every amount is the run's, and every "what if" is the run's engine with another figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

from remit.core import say
from remit.core.figures import FigureKey
from remit.core.problems import did_you_mean, refuse
from remit.core.version import VERSION
from remit.documents.sources import Doubt, Standings
from remit.documents.working import Line, lines
from remit.files.hashes import sha256_text
from remit.pricing.award import Award
from remit.pricing.prospects import Excepted, Prospect, exception, prospects, register_worth
from remit.pricing.weights import Factor, National, Origin
from remit.pricing.what_if import WhatIf
from remit.runs.engine import Run
from remit.runs.results import MERGED, PracticeResult
from remit.scheme import frozen_text
from remit.scheme.kinds import Steps, StepTable
from remit.scheme.model import Group, Indicator, Item, Scheme


@dataclass(frozen=True)
class Other:
    """What a dated item would come to by another definition that was counted too."""

    definition: str
    achievement: str
    pennies: int | None


@dataclass(frozen=True)
class ItemStatement:
    """One item: its award, the working line by line, and what would change it."""

    award: Award
    title: str
    wording: str
    lines: tuple[Line, ...]
    prospects: tuple[Prospect, ...]
    exception: Excepted | None
    others: tuple[Other, ...]
    words: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.award.item.item

    @property
    def item(self) -> Item:
        return self.award.item


@dataclass(frozen=True)
class Section:
    """Items that are read together: a register group, or the whole of a small scheme. `register_worth` is what one
    more patient on the register would be worth through the weights, in pennies."""

    title: str
    domain: str
    items: tuple[ItemStatement, ...]
    group: Group | None = None
    factor: Factor | None = None
    origin: Origin | None = None
    register_worth: int | None = None

    @property
    def pennies(self) -> int:
        return sum(view.award.pennies or 0 for view in self.items if not view.award.within)


@dataclass(frozen=True)
class Statement:
    """All that a statement says, before it is laid out. Amounts are whole pennies; None is not known."""

    result: PracticeResult
    sections: tuple[Section, ...]
    settings: Mapping[str, str]
    national: Mapping[str, National]
    made_with: str
    scheme_hash: str
    standings: Standings = field(repr=False)
    figures: Mapping[str, Mapping[FigureKey, object]] = field(repr=False, default_factory=dict)
    members: Mapping[str, Mapping[str, Mapping[FigureKey, object]]] = field(repr=False, default_factory=dict)
    """For a network, the figures of its members, by code."""

    @property
    def title(self) -> str:
        name = say.clean(self.result.practice.name)
        return f"{name} ({self.code})" if name else self.code

    @property
    def code(self) -> str:
        return say.clean(self.result.practice.code)

    @cached_property
    def items(self) -> tuple[ItemStatement, ...]:
        return tuple(view for section in self.sections for view in section.items)

    @property
    def by(self) -> str:
        """The achievement date, in words."""
        return say.day(self.result.scheme.achievement_date)

    def text(self, width: int = 100) -> str:
        """The statement for a terminal, without colours."""
        from remit.documents.terminal import as_text

        return as_text(self, width)

    def html(self) -> str:
        """The statement as one page that needs nothing else."""
        from remit.documents.html import as_html

        return as_html(self)

    def pdf(self, lacking: set[str] | None = None) -> bytes:
        """The statement as PDF/UA-1. The same statement gives the same bytes.

        A character that no font of the PDF has is shown as U+FFFD, and added to `lacking`.
        """
        from remit.documents.pdf import as_pdf

        return as_pdf(self, lacking)

    def xlsx(self) -> bytes:
        """The statement as a workbook of live formulas. The same statement gives the same bytes."""
        from remit.documents.workbook import as_xlsx

        return as_xlsx(self)


def statement(run: Run, practice: str, made_with: str = VERSION) -> Statement:
    """The statement of one practice of a run. `made_with` is the version of Remit that made the run.

    Raises Refused for a practice that is not in the run, with the nearest codes.
    """
    if practice not in run.codes:
        hint = did_you_mean(practice, run.codes)
        raise refuse(
            "documents.practice-unknown",
            f"there is no practice '{practice}' in this run.",
            None,
            hint,
            practice=practice,
        )
    result = run.practice(practice)
    standings, digest = _of_scheme(run, result.scheme)
    price = run.what_if(result)
    sections = () if result.status == MERGED else tuple(_sections(result, price, standings))
    return Statement(
        result,
        sections,
        {name: value for name, value in run.inputs.settings.items() if name in result.scheme.parameters},
        price.plan.weigher.national,
        made_with,
        digest,
        standings,
        price.figures,
        _of_members(run, result),
    )


def _of_members(run: Run, result: PracticeResult) -> dict[str, Mapping[str, Mapping[FigureKey, object]]]:
    """The figures of a network's members. A member's statement has none of the others'."""
    if result.pool is None or result.through_network:
        return {}
    return {member.code: run.inputs.counts.of(member.code) for member in result.pool.members}


_KNOWN: WeakKeyDictionary[Run, dict[str, tuple[Standings, str]]] = WeakKeyDictionary()


def _of_scheme(run: Run, scheme: Scheme) -> tuple[Standings, str]:
    """What every practice's statement of a run says of its scheme: its standings and its hash, worked out once."""
    known = _KNOWN.setdefault(run, {})
    if scheme.scheme not in known:
        known[scheme.scheme] = Standings(scheme), sha256_text(frozen_text(scheme))
    return known[scheme.scheme]


def _sections(result: PracticeResult, price: WhatIf, standings: Standings) -> Iterator[Section]:
    """By domain and register group where the scheme has domains, else all items together; in the scheme's order."""
    scheme = result.scheme
    split = any(award.item.domain for award in result.awards)
    held: dict[tuple[str, str], list[Award]] = {}
    for award in result.awards:
        group = price.plan.measurer(award.item.item).group
        held.setdefault((award.item.domain, group) if split else ("", ""), []).append(award)
    for (domain, code), awards in held.items():
        items = tuple(_item(award, result, price, standings) for award in awards)
        found = next((g for g in scheme.groups if g.group == code), None)
        name = found.title if found else "Items"
        factor, worth, origin = None, None, None
        if split:
            weighed = [(a, f) for a in awards for f in a.factors if f.name != "list"]
            if weighed:
                first, factor = weighed[0]
                worth = register_worth(first.item, price) if factor.rounded is not None else None
                nation = price.plan.weigher.national.get(code)
                origin = nation.origin if nation and nation.origin != Origin("source") else None
        yield Section(name, domain, items, found, factor, origin, worth)


def _item(award: Award, result: PracticeResult, price: WhatIf, standings: Standings) -> ItemStatement:
    item, scheme = award.item, result.scheme
    indicator = _indicator(award, result)
    by = say.day(scheme.achievement_date)
    title = item.title or (indicator.title if indicator else item.item)
    wording = " ".join((indicator.wording or indicator.title).split()) if indicator else ""
    remarks = [item.note, *(table.note for table in _tables(award)), item.baseline and f"Baseline: {item.baseline}"]
    return ItemStatement(
        award,
        say.clean(title),
        "" if wording == title else wording,
        tuple(lines(award, result, price.plan.measurer(item.item).population)),
        tuple(prospects(award, price, by)),
        exception(award, price) if _may_except(award, result) else None,
        tuple(_others(award, result, price)),
        tuple(_words(award)),
        standings.of(item),
        tuple(say.sentence(" ".join(text.split())) for text in remarks if text),
    )


def _indicator(award: Award, result: PracticeResult) -> Indicator | None:
    codes = award.item.indicators
    if not codes:
        return None
    return result.scheme.indicator(award.achievement.definition or codes[0])


def _may_except(award: Award, result: PracticeResult) -> bool:
    """Whether exceptions are known to exist for an item: counted, guarded, or described by the scheme."""
    described = "exception_reporting" in result.scheme.obligations
    return bool(award.item.guard) or award.achievement.pcas is not None or described


def _others(award: Award, result: PracticeResult, price: WhatIf) -> Iterator[Other]:
    """The definitions that were counted and are not scored, priced by the engine as if they were."""
    for code, name, done in result.definitions:
        if code != award.item.item or name == award.achievement.definition:
            continue
        shown = (
            "not known"
            if done.rate is None
            else f"{done.numerator:,} / {done.denominator:,} = {say.percent(done.rate, 2)}"
        )
        figures = {(award.item.item, key): int(value) for key, value in price.figures[name].items()}
        after = price.awards(figures, [award.item.item], without=award.item.indicators)
        yield Other(name, shown, after[award.item.item].pennies)


def _tables(award: Award) -> tuple[StepTable, ...]:
    """The table of steps that holds for the award, or all of a gated item's where none is known to."""
    kind = award.item.kind
    if not isinstance(kind, Steps):
        return ()
    table = kind.table_at(award.gate) if kind.tables else None
    return (table,) if table else kind.tables


def _words(award: Award) -> Iterator[str]:
    """The source's words for the rule, then for the table that holds, then for the guard."""
    item = award.item
    found = [item.words, *(table.words for table in _tables(award))]
    if item.guard:
        found.append(item.guard.words)
    yield from (" ".join(text.split()) for text in found if text)
