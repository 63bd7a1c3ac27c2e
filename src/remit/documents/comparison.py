"""A comparison of two runs for people: what moved, in pounds by cause, by item and by practice; and as CSV rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remit.comparison.compare import CAUSES, Comparison, Movement
from remit.comparison.movements import Pair, PracticeMovement
from remit.core import say
from remit.core.rounding import pence_text
from remit.core.sums import Sum
from remit.core.words import agreed, some_of
from remit.documents.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Facts,
    Fold,
    Heading,
    Para,
    Row,
    Table,
)
from remit.documents.charts.waterfall import waterfall
from remit.documents.figures import NOT_KNOWN, change, pounds, so_far

COLUMNS = (
    "practice_code", "indicator_code", "pounds_1", "pounds_2", "difference", *CAUSES, "explanation",
)  # fmt: skip
WORDS = {
    "counts": "Counts",
    "list": "List size",
    "prevalence": "Prevalence",
    "definition": "Indicator definition",
    "terms": "Payment terms",
    "practice": "Practice joined or left",
}
"""What the causes are called for people."""

_LISTED = say.listed([words.lower() for words in WORDS.values()])
CAUSES_IN_ORDER = (
    f"The causes are worked out in this order, each on top of those before it: {_LISTED}. In "
    "another order the split can differ where two causes meet in one product; the sum cannot."
)
"""How a difference is split by cause."""
_PAYMENTS = {"advance": "Paid in advance", "balance": "Balance to pay", "recovery": "To recover"}
MOST_ON_PAGE = 200
_TITLE = "What moved between two runs"
_RUNS = (Column("Run 1", 2, True), Column("Run 2", 2, True), Column("Difference", 2, True, kept=True))


def document(comparison: Comparison, names: tuple[str, str]) -> Document:
    """The whole comparison, up to 200 lines of each kind; `names` are what the two runs are called."""
    blocks = [
        *_head(comparison, names),
        *_by_cause(comparison, 20),
        *_payments(comparison),
        *_items(comparison, MOST_ON_PAGE),
        *_practices(comparison, MOST_ON_PAGE),
        *_why(comparison),
        *_unmoved(comparison),
        *_not_compared(comparison),
        *_shares(comparison, MOST_ON_PAGE),
        Fold("How the causes are worked out", (Para(CAUSES_IN_ORDER),)),
    ]
    return Document(f"What moved between {names[0]} and {names[1]}", tuple(blocks), wide=True)


def short(comparison: Comparison, names: tuple[str, str], most: int, detail: bool) -> Document:
    """What fits a terminal: `most` of the items and practices that moved, or in `detail` each practice with why."""
    blocks: list[Block] = [*_head(comparison, names), *_by_cause(comparison, 4), *_payments(comparison)]
    if detail:
        for practice in comparison.practices:
            blocks += _one(comparison, practice, alone=len(comparison.practices) == 1)
    else:
        blocks += [*_items(comparison, most), *_practices(comparison, most), *_unmoved(comparison)]
    blocks += [*_shares(comparison, most), Fold("How the causes are worked out", (Para(CAUSES_IN_ORDER),))]
    return Document(_TITLE, tuple(blocks))


def answer(comparison: Comparison) -> str:
    """What moved, in a sentence or two."""
    one, two = comparison.sums
    if one.value is None or two.value is None:
        return "No award moved of those that both runs know, because no award is known in both."
    causes = [
        f"{name.lower()} {say.gain(amount)}"
        for name, amount in zip(WORDS.values(), comparison.causes, strict=True)
        if amount
    ]
    by = f" By cause: {', '.join(causes)}." if causes else ""
    if comparison.difference:
        way = "more" if comparison.difference > 0 else "less"
        size = say.money(abs(comparison.difference))
        return f"Run 2 awards {say.money(two.pence)}: {size} {way} than run 1, which awards {say.money(one.pence)}.{by}"
    if by:
        return f"Both runs award {say.money(one.pence)}, though causes moved it up and down.{by}"
    return f"{_nothing_moved(comparison)} Both runs award {say.money(one.pence)}."


def how_many(comparison: Comparison) -> str:
    """`2 practices and 1 network, 12 items`."""
    networks = sum(p.network for p in comparison.practices)
    practices = len(comparison.practices) - networks
    those = [f"{practices:,} {agreed('practice{|s}', practices)}"]
    those += [f"{networks:,} {agreed('network{|s}', networks)}"] if networks else []
    items = len(comparison.titles)
    return f"{' and '.join(those if practices or not networks else those[1:])}, {items:,} {agreed('item{|s}', items)}"


def whose(those: Sequence[PracticeMovement]) -> str:
    """Practices, networks or both, as the heading of a table."""
    kinds = {p.network for p in those}
    return "Practices and networks" if len(kinds) == 2 else "Networks" if True in kinds else "Practices"


def csv_rows(comparison: Comparison) -> Iterator[list[str]]:
    """Every item of every practice, moved or not, in the order of `COLUMNS`; the columns add up to the totals.

    What is not compared has no difference, and its pounds are in no total.
    """
    for m in comparison.movements():
        amounts = ["" if p is None else pence_text(p) for p in m.pence]
        compared = m.difference is not None
        moved = ["" if p is None or not compared else pence_text(p) for p in (m.difference, *m.causes)]
        yield [m.practice, m.item, *amounts, *moved, m.explanation]


def _head(comparison: Comparison, names: tuple[str, str]) -> Iterator[Block]:
    yield Heading(1, _TITLE)
    yield Para(answer(comparison), "lead")
    for note in comparison.notes:
        yield Para(note, "reason")
    yield Facts((("Run 1", names[0]), ("Run 2", names[1]), ("Compared", how_many(comparison))))


def _by_cause(comparison: Comparison, most: int) -> Iterator[Block]:
    yield Heading(2, "Pounds by cause")
    steps = list(zip(WORDS.values(), comparison.causes, strict=True))
    words = "; ".join(f"{name} {say.gain(amount)}" for name, amount in steps)
    alt = f"What each cause moved, from run 1 to run 2: {words}. Together {say.gain(comparison.difference)}."
    if any(comparison.causes):
        yield waterfall(steps, "Difference", alt)
    nothing = comparison.sums[0].unknown and not comparison.sums[0].known
    rows = [Row(("Run 1", _known(comparison.sums[0], "run1/pounds"), ""), "total")]
    for cause, amount in zip(CAUSES, comparison.causes, strict=True):
        moved = change(None if nothing else amount, f"cause/{cause}/pounds")
        rows.append(Row((WORDS[cause], moved, _what_differs(comparison, cause, most))))
    rows.append(Row(("Run 2", _known(comparison.sums[1], "run2/pounds"), ""), "total"))
    rows.append(
        Row(("Difference", change(None if nothing else comparison.difference, "difference/pounds"), ""), "total")
    )
    columns = (Column("Cause", 3), Column("Pounds", 2, True, kept=True), Column("What is different", 8))
    yield Table("From run 1 to run 2, by cause", columns, tuple(rows))


def _known(total: Sum, figure: str) -> Cell:
    """What the awards that both runs know come to in one of them."""
    return pounds(total.value, figure)


def _payments(comparison: Comparison) -> Iterator[Block]:
    yield Heading(2, "Payment")
    rows = tuple(
        Row((
            _PAYMENTS[name],
            so_far(one, f"payment/{name}/run1"),
            so_far(two, f"payment/{name}/run2"),
            so_far(moved, f"payment/{name}/difference", signed=True),
        ))
        for name, (one, two, moved) in comparison.settled().items()
    )  # fmt: skip
    yield Table("Over all practices, as far as it is known", (Column("Payment", 3), *_RUNS), rows)


def _items(comparison: Comparison, most: int) -> Iterator[Block]:
    moved = [m for m in comparison.items().values() if m.moved]
    if not moved:
        return
    causes = comparison.causes_that_moved
    yield Heading(2, "Items")
    moved = sorted(moved, key=lambda m: -abs(m.difference or 0)) if len(moved) > most else moved
    rows = (Row((m.item, comparison.titles[m.item], *_amounts(m, f"item/{m.item}", causes))) for m in moved[:most])
    columns = (Column("Item", 2), Column("Title", 5), *_RUNS, *_cause_columns(causes))
    yield Table(f"Items that moved, over all practices: {len(moved):,}", columns, tuple(rows))
    yield from _more(len(moved) - most, "more item{|s} moved less.")


def _practices(comparison: Comparison, most: int) -> Iterator[Block]:
    movers = comparison.movers()
    if not movers:
        return
    causes = comparison.causes_that_moved
    yield Heading(2, whose(movers))
    columns = (
        Column("Practice", 2), Column("Name", 5), *_RUNS, *_cause_columns(causes), Column("Paid in advance", 2, True),
        Column("Balance", 2, True), Column("Recovery", 2, True),
    )  # fmt: skip
    rows = (
        Row((
            p.code,
            f"{p.name} ({p.note})" if p.note else p.name,
            *_amounts(p, f"practice/{p.code}", causes),
            *(_both(pair) for pair in (p.advance, p.balance, p.recovery)),
        ))
        for p in movers[:most]
    )  # fmt: skip
    caption = f"{whose(movers)} that moved, the largest difference first: {len(movers):,}"
    yield Table(caption, columns, tuple(rows), sortable=True)
    yield from _more(len(movers) - most, "more of them moved less: the CSV file has them all.")


def _why(comparison: Comparison) -> Iterator[Block]:
    each = sorted((m for m in comparison.movements() if m.moved), key=_size)
    if not each:
        return
    causes = comparison.causes_that_moved
    yield Heading(2, "Why")
    columns = (
        Column("Practice", 2), Column("Item", 2), *_RUNS, *_cause_columns(causes), Column("What moved it", 7),
    )  # fmt: skip
    rows = (
        Row((m.practice, m.item, *_amounts(m, f"why/{m.practice}/{m.item}", causes), m.explanation))
        for m in each[:MOST_ON_PAGE]
    )
    yield Table("Each award that moved, the largest difference first", columns, tuple(rows), sortable=True)
    yield from _more(len(each) - MOST_ON_PAGE, "more {award|awards} moved less: the CSV file has them all.")


def _one(comparison: Comparison, practice: PracticeMovement, alone: bool) -> Iterator[Block]:
    """One practice, item by item, and why; items that moved for the same reasons stand together."""
    causes = comparison.causes_that_moved
    title = " ".join(filter(None, [practice.code, practice.name, f"({practice.note})" if practice.note else ""]))
    yield Heading(2, title)
    rows = [Row((m.item, *_amounts(m, f"why/{m.practice}/{m.item}", causes))) for m in practice.movements]
    rows.append(Row(("Sum", *_amounts(practice, f"practice/{practice.code}", causes)), "total"))
    yield Table("Item by item", (Column("Item", 2), *_RUNS, *_cause_columns(causes)), tuple(rows))
    reasons: dict[str, list[str]] = {}
    for m in practice.movements:
        if m.explanation:
            reasons.setdefault(m.explanation, []).append(m.item)
    lines = [f"{', '.join(items)}: {text}" for text, items in reasons.items()]
    for name, label in () if alone else _PAYMENTS.items():
        pair: Pair = getattr(practice, name)
        if pair[0] != pair[1]:
            lines.append(f"{label}: {_both(pair)}")
    if lines:
        yield Bullets(tuple(lines))


def _unmoved(comparison: Comparison) -> Iterator[Block]:
    if not any(comparison.causes_that_moved) and not comparison.movers():
        yield Para(_nothing_moved(comparison))
    those = comparison.unmoved()
    if those:
        codes = some_of([p.code for p in those], 20)
        yield Para(f"{whose(those)} that did not move: {len(those):,} ({codes}).", "small")


def _not_compared(comparison: Comparison) -> Iterator[Block]:
    those = comparison.not_compared()
    if not those:
        return
    yield Heading(2, "Not compared")
    columns = (
        Column("Practice", 2), Column("Item", 2), Column("Run 1", 2, True), Column("Run 2", 2, True), Column("Why", 7),
    )  # fmt: skip
    rows = (
        Row((m.practice, m.item, *(_award(m, run, f"open/{m.practice}/{m.item}") for run in (0, 1)), m.explanation))
        for m in those[:MOST_ON_PAGE]
    )
    yield Table("Awards whose pounds a run does not know: they are in no sum above", columns, tuple(rows))
    yield from _more(len(those) - MOST_ON_PAGE, "more {is|are} not compared: the CSV file has them all.")


def _shares(comparison: Comparison, most: int) -> Iterator[Block]:
    """What members receive of their network's money, where it moved."""
    moved = comparison.shares()
    if not moved:
        return
    yield Heading(2, "Parts of networks’ money")
    rows = (
        Row((
            p.code,
            p.name,
            *(pounds(part, f"part/{p.code}/run{n}") for n, part in enumerate(p.share, 1)),
            change(p.share_moved, f"part/{p.code}/difference"),
        ))
        for p in moved[:most]
    )  # fmt: skip
    caption = f"What members receive of their network’s money, the largest difference first: {len(moved):,}"
    yield Table(caption, (Column("Practice", 2), Column("Name", 5), *_RUNS), tuple(rows))
    yield from _more(len(moved) - most, "more part{|s} moved less.")


def _more(left: int, words: str) -> Iterator[Block]:
    if left > 0:
        yield Para(f"{left:,} {agreed(words, left)}", "small")


def _cause_columns(causes: Sequence[int]) -> list[Column]:
    return [Column(WORDS[CAUSES[n]], 2, True) for n in causes]


def _amounts(moved: Movement | PracticeMovement, figure: str, causes: Sequence[int]) -> list[Cell]:
    """Run 1, run 2, the difference, and what each cause moved."""
    if isinstance(moved, Movement):
        both = [_award(moved, run, figure) for run in (0, 1)]
    else:
        both = [_known(total, f"{figure}/run{n}") for n, total in enumerate(moved.sums, 1)]
    cells = [change(moved.causes[n], f"{figure}/{CAUSES[n]}") for n in causes]
    return [*both, change(moved.difference, f"{figure}/difference"), *cells]


def _award(moved: Movement, run: int, figure: str) -> Cell:
    """An item's pounds in run 0 or 1: `none` where that run does not have it."""
    return pounds(moved.pence[run], f"{figure}/run{run + 1}", NOT_KNOWN if moved.held[run] else "none")


def _both(pair: Pair) -> str:
    """A payment in both runs, once where it is the same."""
    one, two = (NOT_KNOWN if pence is None else say.money(pence) for pence in pair)
    return one if one == two else f"{one} → {two}"


def _nothing_moved(comparison: Comparison) -> str:
    """What to say where no cause moved anything."""
    if comparison.not_compared():
        return "No award moved of those that both runs know."
    return "No award moved." if comparison.shares() else "No pounds moved."


def _what_differs(comparison: Comparison, cause: str, most: int) -> str:
    """What differs between the inputs of the two runs that belongs to a cause, `most` of it."""
    texts = [text for of, text in comparison.changes if of == cause]
    left = len(texts) - most
    return "; ".join([*texts[:most], *([f"and {left} more"] if left > 0 else [])])


def _size(m: Movement) -> tuple[int, int, str]:
    return -abs(m.difference or 0), -max(map(abs, m.causes)), m.practice
