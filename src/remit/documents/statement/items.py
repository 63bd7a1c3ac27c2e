"""The table of a statement's items: what was counted, what that pays, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remit.core import say
from remit.core.sums import Sum
from remit.documents.blocks import Block, Bullets, Column, Heading, Para, Row, Table
from remit.documents.statement.calculation_steps import achieved, counted, pays, reached, worth
from remit.documents.statement.missing import plain
from remit.documents.statement.model import ItemStatement, Section, Statement
from remit.pricing.product import points_of
from remit.runs.amounts import earned_by_itself
from remit.scoring.guard import IN_LINE

_COLUMNS = (
    Column("Item", 5.2),
    Column("Counted", 2.7),
    Column("Achievement", 1.9, True),
    Column("Bound reached", 2),
    Column("Pays", 2.1),
    Column("Pounds", 2.1, True),
    Column("Review", 1.3),
)


def counted_elsewhere(statement: Statement) -> bool:
    """Whether its items earn nothing by themselves: its network is counted as one."""
    pool = statement.result.pool
    return pool is not None and statement.result.through_network and not pool.in_pounds


def item_blocks(statement: Statement) -> Iterator[Block]:
    """The items, what each earned, and what is missing. A column that no item fills is left out."""
    if counted_elsewhere(statement):
        yield Heading(2, "What was counted of this practice")
        yield Para("These counts are added to those of the other members: the network earns on them as one.")
        yield _table("Items and what was counted here", _COLUMNS[:3], list(_rows(statement, "")))
        return
    points = all(view.item.kind.unit == "points" for view in statement.items)
    unit = " points" if points else ""
    columns = [Column("Points", c.width) if points and c.title == "Pays" else c for c in _COLUMNS]
    earned = earned_by_itself(statement.result)
    open_items = sum(view.award.unpaid for view in statement.items)
    money = "not known" if earned is None else say.so_far(Sum(earned, 0, open_items))
    total = ("Total", "", "", "", _total_points(statement).removesuffix(unit), money, "")
    member = statement.result.through_network
    yield Heading(2, "What each item adds to the network's pool" if member else "What each item earned")
    rows = [*_rows(statement, unit), Row(total, "total")]
    yield _table("Items, what was counted, and what it pays", columns, rows)
    open_ = [view for view in statement.items if _open(view)]
    if open_:
        yield Heading(3, "What is missing, or to be looked at")
        reasons: dict[str, list[str]] = {}
        for view in open_:
            reasons.setdefault(view.award.reason, []).append(view.code)
        yield Bullets(tuple(f"{', '.join(codes)}: {plain(reason)}" for reason, codes in reasons.items()))


def _rows(statement: Statement, unit: str) -> Iterator[Row]:
    for section in statement.sections:
        if len(statement.sections) > 1:
            yield Row((section_title(section),), "group")
        for view in section.items:
            a = view.award
            title = f"{view.code}  {view.title}"
            yield Row((title, counted(a), achieved(a), reached(a), pays(a).removesuffix(unit), worth(a), a.review))


def _table(caption: str, columns: Sequence[Column], rows: Sequence[Row]) -> Table:
    """The table with the columns that some item fills, and the first."""
    items = [row.cells for row in rows if not row.kind]
    used = [n for n in range(len(columns)) if not n or any(cells[n] for cells in items)]
    cut = [row if row.kind == "group" else Row(tuple(row.cells[n] for n in used), row.kind) for row in rows]
    return Table(caption, tuple(columns[n] for n in used), tuple(cut))


def _open(view: ItemStatement) -> bool:
    """Whether an item's reason asks for something: a band that is in line alone, or a sum of members', does not."""
    award = view.award
    in_line = award.review == IN_LINE and award.pence is not None and not award.achievement.reason
    is_sum = award.earned is None and award.pence is not None
    return bool(award.doubt or award.waits) or (bool(award.reason) and not in_line and not is_sum)


def _total_points(statement: Statement) -> str:
    awards = [view.award for view in statement.items]
    if not any(award.item.kind.unit == "points" and award.earned is not None for award in awards):
        return ""
    scheme = statement.result.scheme
    of = f" of {say.number(scheme.points_available())}"
    if any(item.kind.unit == "points" for item in scheme.unpriced()):
        of = ""
    return f"{say.number(points_of(awards), 3)}{of} points"


def section_title(section: Section) -> str:
    """The domain and the group of items that are read together."""
    domain = section.domain.replace("_", " ")
    return f"{say.capital(domain)}: {section.title}" if domain else section.title
