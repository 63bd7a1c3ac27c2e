"""The statement of one practice, made of a run: what it earned, how, what more it could earn, and what all of it rests
on. `statement(run, "A1")` gives the model, which `formats` shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from remit.analysis.without_chance import why_without_chance
from remit.core import say
from remit.core.figures import FigureKey
from remit.core.problems import did_you_mean, refuse
from remit.core.version import VERSION
from remit.documents.chance_words import ONE_ALONE, of_practice
from remit.documents.statement import Recipient
from remit.documents.statement.calculation_steps import lines
from remit.documents.statement.model import ItemStatement, Other, Section, Statement
from remit.documents.statement.shared_prospects import of_network
from remit.documents.statement.sources import Standings
from remit.files.hashes import sha256_text
from remit.pricing.award import Award
from remit.pricing.prospects import Prospect, one_pca, prospects, register_worth
from remit.pricing.weights import Origin
from remit.pricing.what_if import WhatIf
from remit.rules.sensitive import why_item_sensitive
from remit.runs.engine import Run
from remit.runs.results import MERGED, PracticeResult
from remit.scheme import frozen_text
from remit.scheme.kinds import Steps, StepTable
from remit.scheme.model import Indicator, Scheme

if TYPE_CHECKING:
    from remit.analysis.chance import RunChance


def statement(run: Run, practice: str, made_with: str = VERSION, recipient: Recipient = "practice") -> Statement:
    """The statement of one practice of a run, for itself or for its commissioner.

    `made_with` is the version of Remit that made the run.

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
    sections = () if result.status == MERGED else tuple(_sections(run, result, price, standings, recipient))
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
        recipient,
        _by_chance(run, result),
    )


def _by_chance(run: Run, result: PracticeResult) -> str:
    """The sentence that says how much of the award is chance, or why that cannot be said; '' where no item that counts
    people is its own."""
    earned_elsewhere = result.pool is not None and result.through_network != result.pool.in_pounds
    if result.status == MERGED or earned_elsewhere or not result.participation.share:
        return ""
    if len(run.codes) < 2:
        lines = run.standings.plan(result.practice.code).lines
        known = [award.item.item for award in result.awards if award.earned is not None]
        return ONE_ALONE if any(not why_without_chance(lines[code]) for code in known) else ""
    if run not in _CHANCES:
        from remit.analysis.chance import chance

        _CHANCES[run] = chance(run)
    return of_practice(_CHANCES[run].practice(result.practice.code, result.awards))


def _of_members(run: Run, result: PracticeResult) -> dict[str, Mapping[str, Mapping[FigureKey, object]]]:
    """The figures of a network's members. A member's statement has none of the others'."""
    pools = [result.pool] if result.pool and not result.through_network else []
    pools += result.parts.values() if result.shares_out else []
    return {member.code: run.inputs.counts.of(member.code) for pool in pools for member in pool.members}


_CHANCES: WeakKeyDictionary[Run, RunChance] = WeakKeyDictionary()
_KNOWN: WeakKeyDictionary[Run, dict[str, tuple[Standings, str]]] = WeakKeyDictionary()


def _of_scheme(run: Run, scheme: Scheme) -> tuple[Standings, str]:
    """What every practice's statement of a run says of its scheme: its standings and its hash, worked out once."""
    known = _KNOWN.setdefault(run, {})
    if scheme.scheme not in known:
        known[scheme.scheme] = Standings(scheme), sha256_text(frozen_text(scheme))
    return known[scheme.scheme]


def _sections(
    run: Run, result: PracticeResult, price: WhatIf, standings: Standings, recipient: Recipient
) -> Iterator[Section]:
    """By domain and register group where the scheme has domains, else all items together; in the scheme's order."""
    scheme = result.scheme
    split = any(award.item.domain for award in result.awards)
    own, by = result.practice.code if recipient == "practice" else "", say.day(scheme.achievement_date)
    by_group: dict[tuple[str, str], list[Award]] = {}
    for award in result.awards:
        group = price.plan.measurer(award.item.item).group
        by_group.setdefault((award.item.domain, group) if split else ("", ""), []).append(award)
    for (domain, code), awards in by_group.items():
        items = tuple(
            _item(award, result, price, standings, tuple(_ahead(run, award, result, price, by, own)))
            for award in awards
        )
        shown = next((g for g in scheme.groups if g.group == code), None)
        name = shown.title if shown else "Items"
        factor, worth, origin = None, None, None
        if split:
            weighed = [(a, f) for a in awards for f in a.factors if f.name != "list"]
            if weighed:
                first, factor = weighed[0]
                worth = register_worth(first.item, price) if factor.rounded is not None else None
                nation = price.plan.weigher.national.get(code)
                origin = nation.origin if nation and nation.origin != Origin("source") else None
        yield Section(name, domain, items, shown, factor, origin, worth)


def _ahead(run: Run, award: Award, result: PracticeResult, price: WhatIf, by: str, own: str) -> Iterator[Prospect]:
    """What more an item could earn; for a practice of a network that shares it out, what that adds to its part."""
    if _is_shared(award, result):
        sensitive = bool(why_item_sensitive(result.scheme, award.item))
        return of_network(run, result, award.item.item, by, own, sensitive)
    return prospects(award, price, by)


def _is_shared(award: Award, result: PracticeResult) -> bool:
    return award.item.item in result.parts and not result.shares_out


def _item(
    award: Award, result: PracticeResult, price: WhatIf, standings: Standings, ahead: tuple[Prospect, ...]
) -> ItemStatement:
    item, scheme = award.item, result.scheme
    indicator = _indicator(award, result)
    shared = _is_shared(award, result)
    title = item.title or (indicator.title if indicator else item.item)
    wording = " ".join((indicator.wording or indicator.title).split()) if indicator else ""
    remarks = [item.note, *(table.note for table in _tables(award)), item.baseline and f"Baseline: {item.baseline}"]
    remarks += [item.context and f"The source prints beside it: “{item.context}”"]
    return ItemStatement(
        award,
        say.clean(title),
        "" if wording == title else wording,
        tuple(lines(award, result, price.plan.measurer(item.item).population)),
        ahead,
        one_pca(award, price) if _may_adjust(award, result) and not shared else None,
        tuple(_others(award, result, price)) if not shared else (),
        tuple(_words(award)),
        standings.of(item),
        tuple(say.sentence(" ".join(text.split())) for text in remarks if text),
        tuple(" ".join(text.split()) for text in item.asks),
        why_item_sensitive(scheme, item),
    )


def _indicator(award: Award, result: PracticeResult) -> Indicator | None:
    codes = award.item.indicators
    if not codes:
        return None
    return result.scheme.indicator(award.achievement.definition or codes[0])


def _may_adjust(award: Award, result: PracticeResult) -> bool:
    """Whether an item is known to have personalised care adjustments: counted, guarded, or described by the scheme."""
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
        yield Other(name, shown, after[award.item.item].pence)


def _tables(award: Award) -> tuple[StepTable, ...]:
    """The table of steps that holds for the award, or all of a gated item's where none is known to."""
    kind = award.item.kind
    return kind.tables_at(award.gate) if isinstance(kind, Steps) else ()


def _words(award: Award) -> Iterator[str]:
    """The source's words for the rule, then for the table that holds, then for the guard."""
    item = award.item
    texts = [item.words, *(table.words for table in _tables(award))]
    if item.guard:
        texts.append(item.guard.words)
    yield from (" ".join(text.split()) for text in texts if text)
