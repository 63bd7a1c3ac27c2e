"""Where a practice stands in a scheme's year: earned so far, paid when, how the year would end, and how it went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from remit.comparison.compare import CAUSES
from remit.comparison.movements import Movement, PracticeMovement
from remit.core import say
from remit.core.rounding import exact_text
from remit.documents.blocks import (
    Amounts,
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Facts,
    Fold,
    Heading,
    Para,
    Picture,
    Row,
    Table,
)
from remit.documents.charts import Trend, Value, history, trends
from remit.documents.charts.waterfall import waterfall
from remit.documents.comparison import CAUSES_IN_ORDER, WORDS
from remit.documents.figures import change, pounds, rate
from remit.payment.instalments import DuePayment
from remit.runs.practice_payment import PracticePayment

_AT_ONCE = 12
"""How many items a chart has: as many as a page of paper shows."""


@dataclass(frozen=True)
class DatedFigures:
    """What an extract came to: its day and number, pence (None: not known), and the achievement of each item as far as
    it may be shown. `link` is the address of the statement."""

    day: date
    extract: int
    pence: int | None
    achieved: Mapping[str, Fraction]
    link: str = ""


@dataclass(frozen=True)
class PracticePosition:
    """A practice in a scheme's year. `figures` are those of each extract, the oldest first, at least one; `payment`,
    `points` and `reason` are the newest one's. `items` has the titles. `moved` says what moved since the extract
    `moved_since` (its day and number), `moved_link` where all of that is. `on` is the day by which what has fallen due
    is summed."""

    code: str
    name: str
    scheme: str
    figures: tuple[DatedFigures, ...]
    payment: PracticePayment | None
    points: str | None
    status: str
    reason: str
    items: Mapping[str, str]
    on: date
    moved: PracticeMovement | None = None
    moved_since: tuple[date, int] | None = None
    moved_link: str = ""

    @property
    def newest(self) -> DatedFigures:
        """The figures that stand now."""
        return self.figures[-1]


def position(of: PracticePosition) -> Document:
    """The document: the answer, the amounts, what is paid when, what moved, and the trend by month."""
    title = f"Position: {of.name} ({of.code})"
    blocks = [
        Heading(1, title),
        *_head(of),
        *_dues(of),
        *_moved(of),
        *_trend(of),
        *_items(of),
    ]
    return Document(title, tuple(blocks), wide=True)


def answer(of: PracticePosition) -> str:
    """What is earned so far, and how the year would end if it ended now."""
    figures, payment = of.newest, of.payment
    by = f"by the figures of {say.day(figures.day)}, extract {figures.extract}"
    if payment and payment.merged_into:
        return f"{of.name} merged into {payment.merged_into}: what it earned is that practice's."
    if figures.pence is None:
        return f"What is earned is not known yet {by}."
    final = payment is not None and payment.is_final
    earned = f"{say.money(figures.pence)} is earned{'' if final else ' so far'}, {by}."
    return f"{earned} {_end(payment)}".strip()


def _end(payment: PracticePayment | None) -> str:
    """How the year ends, or would if it ended now."""
    if payment is None:
        return ""
    if payment.paid_through:
        return f"It is paid through network {payment.paid_through}."
    if payment.is_final and payment.balance is not None and payment.recovery is not None:
        if payment.recovery:
            return f"{say.money(payment.recovery)} is to be recovered."
        return f"A balance of {say.money(payment.balance)} is to be paid." if payment.balance else "Nothing is left."
    ends = payment.if_final
    if ends is None or ends.balance is None or ends.recovery is None:
        return "What would be left to pay or to recover is not known yet."
    if ends.recovery:
        return f"If the year ended now, {say.money(ends.recovery)} would be recovered."
    if ends.balance:
        return f"If the year ended now, a balance of {say.money(ends.balance)} would be paid."
    return "If the year ended now, nothing would be left to pay or to recover."


def _head(of: PracticePosition) -> Iterator[Block]:
    figures, payment = of.newest, of.payment
    yield Para(answer(of), "lead")
    final = payment is not None and payment.is_final
    amounts = [("Earned" if final else "Earned so far", pounds(figures.pence, "earned"))]
    if payment and not payment.paid_through:
        ends, when = (payment, "") if final else (payment.if_final, ", if the year ended now")
        fallen = sum(due.pence for due in payment.due_by(of.on) if due.kind != "recovery")
        known = payment.advance is not None
        amounts += [
            ("Paid in advance, the whole year", pounds(payment.advance, "advance")),
            (f"Fallen due by {say.short_day(of.on)}", pounds(fallen if known else None, "fallen-due")),
            (f"Balance{when}", pounds(ends.balance if ends else None, "balance")),
            (f"Recovery{when}", pounds(ends.recovery if ends else None, "recovery")),
        ]
    yield Amounts(tuple(amounts))
    yield Facts(tuple(_facts(of)))


def _facts(of: PracticePosition) -> Iterator[tuple[str, str | Cell]]:
    figures, payment = of.newest, of.payment
    yield "Scheme", of.scheme
    yield "Figures of", Cell(f"{say.day(figures.day)}, extract {figures.extract}", "figures/day", figures.day, "day")
    if of.points is not None:
        points = Fraction(of.points)
        yield "Points", Cell(exact_text(points, most=2), "points", points, "points")
    yield "Status", say.capital(of.status)
    if of.reason:
        yield "Why", say.days_in(of.reason)
    if payment is None:
        return
    if payment.share_working:
        yield "Part of the year", say.days_in(say.capital(payment.share_working))
    if payment.merged_into and payment.left:
        yield "Merged", f"Into {payment.merged_into} on {say.day(payment.left)}"
    if payment.advance_reason and payment.advance is None:
        yield "Paid in advance", say.days_in(payment.advance_reason)


def _dues(of: PracticePosition) -> Iterator[Block]:
    """What is paid when, and how the year would be settled if it ended now."""
    payment = of.payment
    if payment is None or payment.paid_through:
        return
    ends = payment.if_final.dues if payment.if_final else ()
    if not payment.dues and not ends:
        return
    yield Heading(2, "What is paid when")
    rows = [*_due_rows(payment.dues, "due"), *([Row(("If the year ended now",), "group")] if ends else [])]
    rows += _due_rows(ends, "if-final")
    columns = (Column("Day", 2), Column("What", 5), Column("Pounds", 2, True, kept=True))
    day = f"by the figures of {say.day(of.newest.day)}, extract {of.newest.extract}"
    yield Table(f"What falls due to {of.code}, {day}; a recovery is paid back", columns, tuple(rows))
    if payment.advance_working:
        working = say.grouped(payment.advance_working)
        yield Fold("How what is paid in advance comes about", (Para(f"{working}."),))


def _due_rows(dues: Sequence[DuePayment], figure: str) -> Iterator[Row]:
    of_kind = {due.kind: sum(other.kind == due.kind for other in dues) for due in dues}
    place: dict[str, int] = {}
    for n, due in enumerate(dues, 1):
        place[due.kind] = place.get(due.kind, 0) + 1
        part = f" {place[due.kind]} of {of_kind[due.kind]}" if of_kind[due.kind] > 1 else ""
        day = Cell(say.short_day(due.day), f"{figure}/{n}/day", due.day, "day") if due.day else Cell("no day yet")
        yield Row((day, f"{say.capital(due.kind)}{part}", pounds(due.pence, f"{figure}/{n}/pounds")))


def _moved(of: PracticePosition) -> Iterator[Block]:
    """What moved since the extract before, by cause and by item."""
    moved, since = of.moved, of.moved_since
    if moved is None or since is None:
        return
    than = figures_named(since, of.newest.day)
    yield Heading(2, f"What moved since {than.removeprefix('the figures of ')}, and why")
    steps = [(WORDS[cause], pence) for cause, pence in zip(CAUSES, moved.causes, strict=True)]
    words = [f"{name.lower()} {say.gain(pence)}" for name, pence in steps if pence]
    yield Para(_how_far(moved, than) + (f" By cause: {say.listed(words)}." if words else ""))
    if len(words) > 1:
        alt = f"What each cause moved since {than}: {'; '.join(f'{n} {say.gain(p)}' for n, p in steps)}."
        yield waterfall(steps, "Together", alt)
    before, now = say.short_day(since[0]), say.short_day(of.newest.day)
    if before == now:
        before, now = f"Extract {since[1]}", f"Extract {of.newest.extract}"
    differs = [one for one in moved.movements if one.moved or one.explanation or one.compared is None]
    rows = [_moved_row(of, one) for one in differs if any(_known(one))]
    if rows:
        columns = (
            Column("Item", 4), Column(before, 1.8, True), Column(now, 1.8, True),
            Column("Change", 1.8, True, kept=True), Column("Why", 5),
        )  # fmt: skip
        yield Table("Items that moved", columns, tuple(rows))
    unknown = [one.item for one in moved.movements if not any(_known(one))]
    if unknown:
        yield Para(f"Not known by either: {say.listed(unknown)}.", "small")
    if of.moved_link:
        yield Bullets((Cell("All that moved, with the payments", link=of.moved_link),))
    yield Fold("How the causes are worked out", (Para(CAUSES_IN_ORDER),))


def figures_named(before: tuple[date, int], day: date) -> str:
    """How the extract is called that figures of a day are compared with: by its day, or by its number on the same."""
    return f"extract {before[1]} of the same day" if before[0] == day else f"the figures of {say.day(before[0])}"


def _how_far(moved: PracticeMovement, than: str) -> str:
    """How much more or less is earned than by the extract before."""
    if all(one.compared is None for one in moved.movements):
        return f"What is earned is not known both now and by {than}."
    if not moved.difference:
        return f"As much is earned as by {than}."
    way = "more" if moved.difference > 0 else "less"
    return f"{say.money(abs(moved.difference))} {way} is earned than by {than}."


def _known(one: Movement) -> tuple[bool, bool]:
    """Whether the pounds of an item are known before and now."""
    return not one.unknown(0), not one.unknown(1)


def _moved_row(of: PracticePosition, one: Movement) -> Row:
    causes = [
        f"{WORDS[cause].lower()} {say.gain(pence)}" for cause, pence in zip(CAUSES, one.causes, strict=True) if pence
    ]
    cause = say.sentence(say.listed(causes)) if len(causes) > 1 else ""
    why = " ".join(filter(None, [cause, say.sentence(one.explanation)]))
    if not why and causes:
        why = say.sentence(causes[0].rpartition(" ")[0])
    before, now = (pence if held else 0 for pence, held in zip(one.pence, one.held, strict=True))
    return Row((
        f"{one.item} {of.items.get(one.item, '')}".strip(), pounds(before, f"moved/{one.item}/before"),
        pounds(now, f"moved/{one.item}/now"), change(one.difference, f"moved/{one.item}/change"), why,
    ))  # fmt: skip


def _trend(of: PracticePosition) -> Iterator[Block]:
    """What is earned, from extract to extract."""
    yield Heading(2, "Earned so far, by month")
    known = [(one.day, one.pence) for one in of.figures if one.pence is not None]
    if len(known) > 1:
        text = "; ".join(f"{say.day(day)} {say.money(pence)}" for day, pence in known)
        values = [Value(day, Fraction(pence)) for day, pence in known]
        yield history(values, f"Earned so far by day of the figures: {text}.", shown=_pounds, from_zero=True)
    elif len(of.figures) == 1:
        yield Para("There is one extract so far. The trend begins with the next one.")
    columns = (
        Column("Figures of", 3), Column("Extract", 1, True), Column("Earned so far", 2, True, kept=True),
        Column("Since the one before", 2, True),
    )  # fmt: skip
    rows: list[Row] = []
    before: int | None = None
    for n, one in enumerate(of.figures, 1):
        moved = None if before is None or one.pence is None else one.pence - before
        first = n == 1
        rows.append(Row((
            Cell(say.short_day(one.day), f"trend/{n}/day", one.day, "day", one.link), Cell(str(one.extract)),
            pounds(one.pence, f"trend/{n}/earned"),
            Cell("the first") if first else change(moved, f"trend/{n}/change"),
        )))  # fmt: skip
        before = one.pence
    yield Table("Earned so far by day of the figures", columns, tuple(rows))


def _pounds(pence: Fraction) -> str:
    return say.money(int(pence)).removesuffix(".00")


def _items(of: PracticePosition) -> Iterator[Block]:
    """Each item's achievement, from extract to extract."""
    shown = [code for code in of.items if any(code in one.achieved for one in of.figures)]
    if not shown:
        return
    yield Heading(2, "Achievement by month")
    for n in range(0, len(shown), _AT_ONCE):
        yield _chart(of, shown[n : n + _AT_ONCE])
    yield Para(
        "A line goes from 0 to 100%, or to 20% where it never comes above that. What is not known of a day, or is for "
        "the practice alone, has no mark.",
        "small",
    )
    columns = (
        Column("Item", 4),
        *(
            Column(say.short_day(one.day), 1.4, True, kept=n == len(of.figures))
            for n, one in enumerate(of.figures, 1)
        ),
    )  # fmt: skip
    rows = [
        Row((
            f"{code} {of.items[code]}".strip(),
            *(rate(one.achieved.get(code), f"{code}/{n}/achieved", unknown="–") for n, one in enumerate(of.figures, 1)),
        ))
        for code in shown
    ]  # fmt: skip
    yield Table("Achievement of each item by day of the figures", columns, tuple(rows))


def _chart(of: PracticePosition, codes: Sequence[str]) -> Picture:
    rows, texts = [], []
    for code in codes:
        values = [(one.day, one.achieved[code]) for one in of.figures if code in one.achieved]
        first, last = (say.percent(value, 1) for _, value in (values[0], values[-1]))
        text = f"{first} to {last}" if len(values) > 1 else last
        rows.append(Trend(f"{code} {of.items[code]}".strip(), values, text))
        texts.append(f"{code}: {text}")
    return trends(rows, f"Achievement of each item by day of the figures. {'; '.join(texts)}.")
