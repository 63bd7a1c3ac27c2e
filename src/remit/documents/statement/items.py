"""The table of a statement's items: what was achieved, what that pays, what the next step takes and is worth.

Items of which nothing is known yet stand below it, once for each thing that is to be supplied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from remit.core import say
from remit.core.sums import Sum
from remit.core.words import some_of
from remit.documents import figures
from remit.documents.blocks import Block, Bullets, Cell, Column, Heading, Para, Row, Table
from remit.documents.statement.calculation_steps import achieved, counted, is_measured, pays, reached, worth
from remit.documents.statement.missing import plain
from remit.documents.statement.model import ItemStatement, Section, Statement
from remit.documents.statement.more import needed, next_step
from remit.pricing.award import Award
from remit.pricing.product import points_of
from remit.runs.amounts import earned_by_itself
from remit.scheme.kinds import Protected
from remit.scheme.quantity import PER_1000
from remit.scoring.guard import IN_LINE

_COLUMNS = (
    Column("Item", 7),
    Column("Achieved", 3),
    Column("Pays", 2.3),
    Column("Pounds", 2.2, True, kept=True),
    Column("Next step", 3),
    Column("Worth", 2, True),
    Column("Review", 1.3),
)
PRIVATE = "for the practice only"
"""What stands in place of the counts of a sensitive item."""


def counted_elsewhere(statement: Statement) -> bool:
    """Whether its items earn nothing by themselves: its network is counted as one."""
    pool = statement.result.pool
    return pool is not None and statement.result.through_network and not pool.in_pounds


def item_blocks(statement: Statement) -> Iterator[Block]:
    """The items, what each earned, and what is missing. A column that no item fills is left out."""
    if counted_elsewhere(statement):
        yield Heading(2, "What was counted of this practice")
        yield Para("These counts are added to those of the other members: the network earns on them as one.")
        yield _table("Items and what was counted here", _COLUMNS[:2], list(_rows(statement, "")))
        return
    points = all(view.item.kind.unit == "points" for view in statement.items)
    unit = " points" if points else ""
    columns = [replace(c, title="Points", numeric=True) if points and c.title == "Pays" else c for c in _COLUMNS]
    member = statement.result.through_network
    yield Heading(2, "What each item adds to the network's pool" if member else "What each item earned")
    rows = list(_rows(statement, unit))
    if rows:
        yield _table("Items, what was counted, and what it pays", columns, [*rows, _total(statement, unit)])
    if left := [view.code for view in statement.items if unknown(view)]:
        whose = f"of {some_of(left, 8)}" if rows else "of any item"
        yield Para(f"Nothing is known yet {whose}: what is missing is listed below.", "small")
    if rows and any(view.sensitive for view in statement.items):
        yield Para(_of_sensitive(statement), "small")
    yield from _missing(statement)


def _of_sensitive(statement: Statement) -> str:
    about = list(dict.fromkeys(view.sensitive for view in statement.items if view.sensitive))
    where = (
        "They are left out of this copy." if statement.recipient == "commissioner" else "They are folded away below."
    )
    return f"Counts that could tell of a person ({say.listed(about)}) are {PRIVATE}. {where}"


def _total(statement: Statement, unit: str) -> Row:
    earned = earned_by_itself(statement.result)
    open_items = sum(view.award.unpaid for view in statement.items)
    figure = f"{statement.code}/total/pounds"
    money = Cell("not known", figure) if earned is None else figures.so_far(Sum(earned, 0, open_items), figure)
    return Row(("Total", "", _total_points(statement, unit), money, "", "", ""), "total")


def _rows(statement: Statement, unit: str) -> Iterator[Row]:
    for section in statement.sections:
        shown = [view for view in section.items if not unknown(view)]
        if len(statement.sections) > 1 and shown:
            yield Row((section_title(section),), "group")
        for view in shown:
            yield Row((named(view, section), *item_cells(statement, view, unit)))


def item_cells(statement: Statement, view: ItemStatement, unit: str) -> tuple[str | Cell, ...]:
    """The figures of an item: what was achieved, what that pays, pounds, the next step and its worth, the review."""
    award, at = view.award, f"{statement.code}/{view.code}"
    rate = award.achievement.rate if is_measured(award) and award.item.kind.takes_rate else None
    earned = "points" if award.item.kind.unit == "points" else ""
    paid = Cell(pays(award).removesuffix(unit), f"{at}/earned", award.earned, "points" if earned else "number")
    pounds = Cell(worth(award), f"{at}/pounds", award.pence, "pence" if award.pence is not None else "")
    if award.within:
        pounds = Cell(worth(award), f"{at}/pounds")
    if award.earned is None or not paid.text:
        paid = replace(paid, value=None, unit="")
    ahead = next_step(view)
    if view.sensitive:
        return (PRIVATE, paid, pounds, "", "", award.review)
    words = needed(ahead, view) if ahead else _where(view)
    gain = Cell("")
    if ahead and ahead.pence is not None:
        gain = figures.change(ahead.pence, f"{at}/next/worth")
    elif ahead:
        gain = Cell("not known", f"{at}/next/worth")
    achievement = Cell(achieved_of(award), f"{at}/achieved", rate, "rate" if rate is not None else "")
    if rate is not None and award.item.kind.rates_per == 1000:
        achievement = replace(achievement, value=rate * 1000, unit="number")
    return (achievement, paid, pounds, words, gain, award.review)


def achieved_of(award: Award) -> str:
    """What was achieved, of how many: `72.59% (347 of 478)`, `2 of 2 elements`, `declared`, `84 on the register`."""
    of, what = counted(award), achieved(award)
    if award.achievement.average and award.achievement.rate is not None:
        return f"area's average {what} (own count: {of})"
    if what == "kept" or not what:
        return of
    if not of or of == "declaration":
        return what
    if what.endswith(("%", PER_1000)):
        return f"{what}, as in {award.item.kind.of}" if isinstance(award.item.kind, Protected) else f"{what} ({of})"
    return f"{what} {of}"


def _where(view: ItemStatement) -> str:
    """Where an item stands that has no step above it."""
    award = view.award
    if award.shut or award.calculation or not award.item.kind.takes_rate:
        return reached(award)
    return "top step" if award.earned and award.earned == award.item.kind.most_earned() else ""


def unknown(view: ItemStatement) -> bool:
    """Whether nothing of an item is known but what is to be supplied."""
    award = view.award
    return award.unpaid and award.earned is None and award.achievement.rate is None and not award.achievement.empty


def named(view: ItemStatement, section: Section) -> str:
    """An item's code and title; what its group's heading says is not said again."""
    title, group = view.title, section.title
    if title.casefold().startswith(group.casefold()) and re.match(r"[:, ]", title[len(group) :]):
        title = say.capital(title[len(group) :].lstrip(":, "))
    return f"{view.code}  {title}"


def _missing(statement: Statement) -> Iterator[Block]:
    """What is to be supplied or looked at, once for all items of which the same is to be said."""
    reasons: dict[str, list[str]] = {}
    for view in statement.items:
        private = view.sensitive and statement.recipient == "commissioner"
        sentences = ["See the practice's own statement."] if private else _sentences(view)
        for sentence in sentences if is_open(view) else ():
            reasons.setdefault(sentence, []).append(view.code)
    if not reasons:
        return
    yield Heading(3, "What is missing, or to be looked at")
    named = {reason: say.capital(", ".join(map(say.item, codes))) for reason, codes in reasons.items()}
    yield Bullets(tuple(f"{whose}: {reason}" for reason, whose in named.items()))


def _sentences(view: ItemStatement) -> list[str]:
    """The sentences of an item's reason, without the item's own code: items of the same reason say it once."""
    reason = plain(view.award.reason)
    general = re.sub(rf" (?:for|of) {re.escape(view.code)}(?=[.,;]|$)", "", reason)
    return list(dict.fromkeys(map(say.capital, re.split(r"(?<=[A-Za-z0-9)]{2}\.) (?=[A-Za-z])", general))))


def _table(caption: str, columns: Sequence[Column], rows: Sequence[Row]) -> Table:
    """The table with the columns that some item fills, and the first."""
    items = [row.cells for row in rows if not row.kind]
    used = [n for n in range(len(columns)) if not n or any(str(cells[n]) for cells in items)]
    cut = [row if row.kind == "group" else Row(tuple(row.cells[n] for n in used), row.kind) for row in rows]
    return Table(caption, tuple(columns[n] for n in used), tuple(cut))


def is_open(view: ItemStatement) -> bool:
    """Whether an item's reason asks for something: a band that is in line alone, or a sum of members', does not."""
    award = view.award
    in_line = award.review == IN_LINE and award.pence is not None and not award.achievement.reason
    average = award.achievement.average and award.pence is not None and award.reason == award.achievement.reason
    is_sum = award.earned is None and award.pence is not None
    settled = in_line or is_sum or average
    return bool(award.doubt or award.waits) or (bool(award.reason) and not settled)


def _total_points(statement: Statement, unit: str) -> str | Cell:
    awards = [view.award for view in statement.items]
    if not any(award.item.kind.unit == "points" and award.earned is not None for award in awards):
        return ""
    scheme, points = statement.result.scheme, points_of(awards)
    of = f" of {say.number(scheme.points_available())}"
    if any(item.kind.unit == "points" for item in scheme.unpriced()):
        of = ""
    text = f"{say.number(points, 3)}{of} points".removesuffix(unit)
    return Cell(text, f"{statement.code}/total/points", points, "points")


def section_title(section: Section) -> str:
    """The domain and the group of items that are read together."""
    domain = say.capital(section.domain.replace("_", " "))
    return f"{domain}: {section.title}" if domain and not section.title.startswith(domain) else section.title
