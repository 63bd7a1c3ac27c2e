"""A statement as blocks, in the order in which a practice manager reads: the money, each item, when it is paid, why."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core import say
from remit.core.names import place_name
from remit.documents import figures
from remit.documents.blocks import Amounts, Block, Cell, Facts, Fold, Heading, Para
from remit.documents.statement import answers
from remit.documents.statement.calculation_steps import factor_line, heads_words
from remit.documents.statement.items import counted_elsewhere, item_blocks
from remit.documents.statement.model import Statement
from remit.documents.statement.more import more_blocks, within_reach
from remit.documents.statement.network import network_blocks, shared_items
from remit.documents.statement.provenance import References, rests_on
from remit.documents.statement.terms import terms_blocks
from remit.documents.statement.working import working_blocks
from remit.runs.amounts import earned_by_itself, on_activity
from remit.runs.results import BLOCKED, FINAL, MERGED


def layout(statement: Statement) -> Iterator[Block]:
    """The whole statement."""
    references = References(statement)
    settled_elsewhere = statement.result.status == MERGED
    yield Heading(1, f"Statement: {statement.title}")
    yield from _head(statement)
    if not settled_elsewhere:
        yield from network_blocks(statement)
        yield from item_blocks(statement)
        yield from shared_items(statement)
        if not counted_elsewhere(statement):
            yield from more_blocks(statement)
    yield from terms_blocks(statement)
    questions = list(answers.questions(statement))
    if questions:
        yield Heading(2, "Questions")
    for question, paragraphs in questions:
        yield Fold(question, tuple(Para(text) for text in paragraphs))
    if not settled_elsewhere and not counted_elsewhere(statement):
        yield from working_blocks(statement, references)
    yield from rests_on(statement, references)


def _head(statement: Statement) -> Iterator[Block]:
    result, practice, scheme = statement.result, statement.result.practice, statement.result.scheme
    yield Para(answers.next_step(statement), "lead")
    amounts = ((name, figures.pounds(pence, f"{statement.code}/{key}")) for name, key, pence in _amounts(statement))
    yield Amounts(tuple(amounts))
    reach = "" if result.status == MERGED or counted_elsewhere(statement) else within_reach(statement)
    if reach:
        yield Para(reach)
    if statement.by_chance:
        yield Para(statement.by_chance)
    rows: list[tuple[str, str | Cell]] = [
        ("Scheme", say.with_place(say.clean(scheme.title), scheme.nation)),
        ("Year", f"{scheme.year}, achievement on {statement.by}"),
        ("Commissioner", say.clean(scheme.commissioner)),
        ("Status", answers.status(statement)),
    ]
    if paid := answers.instalments(statement):
        rows.append(("Instalments", paid))
    if practice.place:
        rows.append(("Place", say.clean(scheme.places.get(practice.place, place_name(practice.place)))))
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


def _amounts(statement: Statement) -> Iterator[tuple[str, str, int | None]]:
    """The few amounts that the statement is about: what each is called, the name of its figure, and its pence."""
    result, s = statement.result, statement.result.settlement
    if result.pool is not None and result.through_network:
        code = result.practice.code
        yield "The network's pool", "pool", result.pool.pence
        if result.pool.in_pounds:
            yield "Your contribution", "contribution", result.pool.contributions.get(code)
        yield "Your part of the pool", "part", result.pool.pence_of(code)
        return
    if result.shares_out:
        yield "To share out", "to share out", earned_by_itself(result)
        return
    settled = result.status in (FINAL, BLOCKED)
    yield "Awarded" if settled else "Awarded so far", "awarded", result.pence if result.status != MERGED else None
    if result.scheme.terms.paid_in_advance is not None or s.advance:
        yield "Paid in advance", "paid in advance", s.advance
    if result.scheme.terms.paid_on_activity is not None:
        yield "Paid on activity", "paid on activity", on_activity(result)
    yield "Balance to pay", "balance", s.balance
    if result.scheme.terms.paid_in_advance is not None or s.recovery:
        yield "To recover", "recovery", s.recovery


def _lists(statement: Statement) -> Iterator[tuple[str, str]]:
    """What the pounds are counted by: heads, CPI, the part of the year, lists that came with a merger."""
    result, scheme = statement.result, statement.result.scheme
    if scheme.heads and result.base.heads is not None:
        at = say.day(scheme.heads.at)
        yield (
            say.capital(scheme.heads.called),
            f"{heads_words(result.base, scheme.heads)}, at {at}",
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
        counted_in = "" if size is None else f" Its list of {say.number(Fraction(size), 12)} is counted in."
        name = say.clean(f"{gone.name} ({gone.code})" if gone.name else gone.code)
        yield "Merger", f"{name} merged into this practice{left}.{counted_in}"
