"""A statement as blocks, in the order in which a practice manager reads: what, how much, how, what more, on what."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core import say
from remit.documents import charts
from remit.documents.blocks import (
    Amounts,
    Beside,
    Block,
    Bullets,
    Facts,
    Heading,
    Keep,
    Para,
)
from remit.documents.statement import answers
from remit.documents.statement.calculation_steps import factor_line, heads_name, worth
from remit.documents.statement.chart import chart
from remit.documents.statement.items import counted_elsewhere, item_blocks, section_title
from remit.documents.statement.missing import plain
from remit.documents.statement.model import ItemStatement, Section, Statement
from remit.documents.statement.more import more_blocks
from remit.documents.statement.network import network_blocks
from remit.documents.statement.sources import notes, standing_of
from remit.documents.statement.terms import terms_blocks
from remit.pricing.weights import Origin
from remit.runs.amounts import on_activity
from remit.runs.results import BLOCKED, FINAL, MERGED
from remit.scheme.kinds import Protected
from remit.scheme.resolve import setting

_NO = "not known"


def layout(statement: Statement) -> Iterator[Block]:
    """The whole statement."""
    yield Heading(1, f"Statement: {statement.title}")
    yield from _head(statement)
    if statement.result.status != MERGED:
        yield from network_blocks(statement)
        yield from item_blocks(statement)
        if not counted_elsewhere(statement):
            yield from more_blocks(statement)
            if any(view.lines for view in statement.items):
                yield from _workings(statement)
        asked = list(answers.questions(statement))
        if asked:
            yield Heading(2, "Questions")
        for question, paragraphs in asked:
            yield Heading(3, question)
            yield from (Para(text) for text in paragraphs)
    yield from terms_blocks(statement)
    yield from _rests_on(statement)


def _head(statement: Statement) -> Iterator[Block]:
    result, practice, scheme = statement.result, statement.result.practice, statement.result.scheme
    yield Para(answers.next_step(statement), "lead")
    yield Amounts(tuple((name, _NO if amount is None else say.money(amount)) for name, amount in _amounts(statement)))
    rows = [
        ("Scheme", say.with_place(say.clean(scheme.title), scheme.nation)),
        ("Year", f"{scheme.year}, achievement on {statement.by}"),
        ("Commissioner", say.clean(scheme.commissioner)),
        ("Status", answers.status(statement)),
    ]
    if practice.place:
        rows.append(("Place", say.clean(scheme.places.get(practice.place, practice.place))))
    if practice.level != "practice":
        rows.append(("Provided as", f"a {practice.level}"))
    if practice.network:
        rows.append(("Network", say.clean(practice.network)))
    rows += _lists(statement)
    at_one = result.pence_at_one
    if at_one is not None and result.status != MERGED and not counted_elsewhere(statement):
        rows.append(
            (
                "With every APDF at 1",
                f"{say.money(at_one)}: what the same points would pay in a practice of average "
                "prevalence. Items whose pounds wait for a prevalence are in this sum and not in the award.",
            )
        )
    yield Facts(tuple(rows))


def _amounts(statement: Statement) -> Iterator[tuple[str, int | None]]:
    """The few amounts that the statement is about."""
    result, s = statement.result, statement.result.settlement
    if result.pool is not None and result.through_network:
        code = result.practice.code
        yield "The network's pool", result.pool.pence
        if result.pool.in_pounds:
            yield "Your contribution", result.pool.contributions.get(code)
        yield "Your part of the pool", result.pool.of(code)
        return
    settled = result.status in (FINAL, BLOCKED)
    yield "Awarded" if settled else "Awarded so far", result.pence if result.status != MERGED else None
    if result.scheme.terms.paid_in_advance is not None or s.advance:
        yield "Paid in advance", s.advance
    if result.scheme.terms.paid_on_activity is not None:
        yield "Paid on activity", on_activity(result)
    yield "Balance to pay", s.balance
    if result.scheme.terms.paid_in_advance is not None or s.recovery:
        yield "To recover", s.recovery


def _lists(statement: Statement) -> Iterator[tuple[str, str]]:
    """What the pounds are counted by: heads, CPI, the part of the year, lists that came with a merger."""
    result, scheme = statement.result, statement.result.scheme
    if scheme.heads and result.base.heads is not None:
        at = say.day(scheme.heads.at)
        yield (
            say.capital(scheme.heads.called),
            f"{say.number(result.base.heads, 12)} {heads_name(scheme.heads)}, at {at}",
        )
    if scheme.point and result.base.per_point is not None:
        yield "Value of a point", say.pounds(result.base.per_point)
    weight = scheme.weights.list
    if weight and result.base.list_factor:
        line = factor_line(result.base.list_factor, scheme)
        yield (
            weight.called,
            f"{line}: the {weight.list.called} at {say.day(weight.list.at)} over the national average at "
            f"{say.day(weight.over_at)}",
        )
    part = result.participation
    if part.reason:
        yield "Part of the year", say.days_in(part.reason)
    elif part.working:
        share = f" Share of the year: {say.fraction(part.share)}." if part.share is not None else ""
        yield "Part of the year", f"{say.sentence(say.days_in(part.working))}{share}"
    for gone in result.merged:
        left = f" on {say.day(gone.left)}" if gone.left else ""
        size = (
            gone.weighted_list_size if scheme.heads and scheme.heads.column == "weighted_list_size" else gone.list_size
        )
        held = "" if size is None else f" Its list of {say.number(Fraction(size), 12)} is counted in."
        name = say.clean(f"{gone.name} ({gone.code})" if gone.name else gone.code)
        yield "Merger", f"{name} merged into this practice{left}.{held}"


def _workings(statement: Statement) -> Iterator[Block]:
    yield Heading(2, "How each item was worked out")
    drawn = any(chart(view.award) for view in statement.items)
    where = (
        " A chart shows what the rule pays (up) against achievement (across), and where the practice stands."
        if drawn
        else ""
    )
    excepted = any(view.exception for view in statement.items)
    except_ = " “An exception” is what one more would do, of a patient without the care." if excepted else ""
    yield Para(
        "Counts and rates are exact; long decimals are printed with as many digits as a calculator needs to come to "
        f"the same penny.{where}{except_}"
    )
    many = len(statement.sections) > 1
    for section in statement.sections:
        opening: list[Heading | Para | Facts | Beside] = []
        if many:
            paid_here = any(not view.award.within for view in section.items)
            opening.append(Heading(3, section_title(section), say.so_far(section.pounds) if paid_here else ""))
            facts = tuple(_section_facts(statement, section))
            opening += [Facts(facts)] if facts else []
        for view in section.items:
            yield Keep((*opening, *_working(view, 4 if many else 3)))
            opening = []


def _section_facts(statement: Statement, section: Section) -> Iterator[tuple[str, str]]:
    factor, group = section.factor, section.group
    if factor is None:
        return
    line = factor_line(factor, statement.result.scheme)
    nation = f". National figures: {_origin(statement, section.origin)}" if section.origin else ""
    yield line.label, f"{line}{nation}"
    if group and group.list != "whole":
        text = f"people {group.list}"
        if factor.name == "prevalence" and statement.result.scheme.weights.list:
            text += ": a point is paid by the whole list, so that this weight need not be 1 on average over the nation"
        yield "List", text
    if section.register_worth is not None:
        yield (
            "Register",
            f"One more patient on it is worth {say.gain(section.register_worth)} through this weight, the other counts "
            "as they are.",
        )


def _origin(statement: Statement, origin: Origin) -> str:
    """Where national figures come from, in words."""
    if origin.kind == "source":
        return statement.standings.title(origin.source)
    return "as supplied to the run" if origin.kind == "supplied" else "the practices of this run"


def _working(view: ItemStatement, level: int) -> Iterator[Heading | Para | Facts | Beside]:
    award = view.award
    yield Heading(level, f"{view.code}  {view.title}", worth(award))
    if award.reason:
        yield Para(plain(award.reason), "reason")
    facts, drawn = Facts(tuple(_reckoning(view))), chart(award)
    if drawn:
        yield Beside(facts, charts.line(drawn))
    elif facts.rows:
        yield facts
    about = Facts(tuple(_about(view)))
    if about.rows:
        yield about


def _reckoning(view: ItemStatement) -> Iterator[tuple[str, str]]:
    """From the counts to the pounds, then what would change them."""
    award = view.award
    for line in view.lines:
        yield line.label, str(line)
    for other in view.others:
        pounds = "pounds not known" if other.pence is None else say.money(other.pence)
        yield f"By {other.definition}", f"counted too, and not scored: {other.achievement}, which would pay {pounds}"
    if award.achievement.empty:
        yield "Next", "There is nobody to count, so no bound can be reached."
    elif isinstance(award.item.kind, Protected) and award.earned is not None:
        yield (
            "Next",
            f"What is achieved in this year does not change it: it is paid at the points of {award.item.kind.of}.",
        )
    elif award.item.kind.takes_rate and award.earned is not None and award.earned == award.item.kind.most_earned():
        which = "best" if award.item.kind.falls else "highest"
        yield "Next", f"This is the {which} bound: nothing more can be earned here."
    for prospect in view.prospects:
        yield "Next", prospect.text
    if view.exception:
        yield "An exception", view.exception.text


def _about(view: ItemStatement) -> Iterator[tuple[str, str]]:
    """Who is counted, the rule in the source's words, and what is not verified."""
    definition = view.award.achievement.definition
    if view.wording:
        yield (
            "Who is counted",
            f"{definition}: {view.wording}" if definition and definition != view.code else view.wording,
        )
    for words in view.words:
        yield "The source says", f"“{words}”"
    for text in view.asks:
        yield "The scheme asks", f"“{text}”"
    for note in view.notes:
        yield "Note", note
    for doubt in view.doubts:
        text = "; ".join(f"{name} {text}" for name, text in doubt.about)
        yield say.capital(doubt.standing), f"{text} ({doubt.source})"


def _rests_on(statement: Statement) -> Iterator[Block]:
    scheme = statement.result.scheme
    yield Heading(2, "What this statement rests on")
    yield Heading(3, "Rounding")
    yield Facts(tuple(answers.rounding(statement)))
    if scheme.parameters:
        yield Heading(3, "Parameters of the run")
        yield Facts(tuple(parameters(statement)))
    yield Heading(3, "Where it comes from")
    yield Facts(tuple(origins(statement)))
    yield Heading(3, "Sources of the scheme's numbers")
    titles = (" ".join(s.title.split()) + (f", {s.published}" if s.published else "") for s in scheme.sources.values())
    yield Bullets(tuple(titles))
    yield Heading(3, "What nobody has verified")
    doubts = unverified(statement)
    if doubts:
        yield Facts(doubts)
    else:
        yield Para("Every number and rule of this scheme was seen in its source.")
    remarks = list(notes(scheme))
    if remarks:
        yield Heading(3, "Notes on the scheme")
        yield Facts(tuple(remarks))


def parameters(statement: Statement) -> Iterator[tuple[str, str]]:
    """The scheme's parameters: what each was set to, and what it is about."""
    scheme = statement.result.scheme
    for name, parameter in scheme.parameters.items():
        value = setting(scheme, statement.settings, name)
        doubt = standing_of(scheme, parameter) if value and value == parameter.default else ""
        mark = f" (the default; {doubt})" if doubt and doubt != "verified" else ""
        yield name, f"{say.days_in(value) or 'not set'}{mark}. {say.clean(parameter.about)}"


def unverified(statement: Statement) -> tuple[tuple[str, str], ...]:
    """Everything that the statement rests on and nobody has verified: its standing, and what it is, by source."""
    standings, used = statement.standings, set[str]()
    for view in statement.items:
        used |= set(view.item.indicators)
    used |= {section.group.group for section in statement.sections if section.group}
    doubts = (*standings.shared(), *standings.items(), *standings.definitions(used))
    return tuple((say.capital(doubt.standing), f"{doubt.words} ({doubt.source.rstrip('.')})") for doubt in doubts)


def origins(statement: Statement) -> Iterator[tuple[str, str]]:
    """The scheme, its indicators, the national figures and the program, each with its version."""
    scheme = statement.result.scheme
    yield "Scheme", f"{scheme.scheme}, version {scheme.version}, SHA-256 {statement.scheme_hash}"
    used = {code for view in statement.items for code in view.item.indicators}
    versions: dict[str, list[str]] = {}
    for indicator in scheme.indicators:
        if indicator.indicator in used:
            versions.setdefault(indicator.version, []).append(indicator.indicator)
    for version, codes in versions.items():
        yield f"Indicators, version {version}", ", ".join(codes)
    found = sorted({_origin(statement, n.origin) for n in statement.national.values() if n.origin != Origin("source")})
    if scheme.weights.prevalence:
        yield "National prevalence", ", ".join(found) if found else "not given, so every APDF is unknown"
    yield "Made with", f"Remit {statement.made_with}"
