"""A payment run on a page: what is paid, what differs from the run before and why, what is held, and every payment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from remit.core import say
from remit.documents.blocks import Block, Cell, Column, Document, Fold, Heading, Para, Row, Table
from remit.documents.figures import change, count, pounds
from remit.payment.book import RECOVERY
from remit.payment.run_differences import CAUSES, Difference

CAUSE_WORDS = {
    "new": "New: nothing was paid to the practice before",
    "ended": "Ended: nothing is paid to the practice this time",
    "held": "Held back, or no longer",
    "correction": "Corrections of what was paid before",
    "instalment": "More or fewer instalments",
    "activity": "Activity",
    "balance": "Balances",
    "adjustment paid": "Adjustments",
    "recovery": "Recoveries",
}
_HOW = (
    "Of each practice and scheme, a run pays what is due by the end of its month less what the ledger has paid. "
    "Instalments follow from an accepted offer and the newest figures that stand; activity, balances and recoveries "
    "from a declaration that is approved. A run is released by somebody who neither prepared it nor received, declared "
    "or approved what it pays."
)


@dataclass(frozen=True)
class ShownLine:
    """A line of a run. `pence` below zero are received, None are not known; `to_do` says what a held one waits for.

    `number` tells it from the other lines of its practice, scheme and kind.
    """

    code: str
    practice: str
    scheme_id: str
    scheme: str
    kind: str
    pence: int | None
    held: bool
    why: str
    to_do: str = ""
    link: str = ""
    number: int = 1

    @property
    def figure(self) -> str:
        """The name of its amount among the figures."""
        return f"{self.code}/{self.scheme_id}/{self.kind}/{self.number}{'/held' if self.held else ''}"


@dataclass(frozen=True)
class ShownRun:
    """A run: whose, of which month, when it is paid and what has become of it, in a sentence; the lines; and what
    differs from the run `before`, by its number, None where there is none."""

    number: int
    commissioner: str
    month: date
    pay_on: date
    standing: str
    lines: tuple[ShownLine, ...]
    before: int | None = None
    before_pence: int = 0
    different: tuple[Difference, ...] = ()

    @property
    def paid(self) -> tuple[ShownLine, ...]:
        """What goes out or comes in."""
        return tuple(line for line in self.lines if not line.held)

    @property
    def held(self) -> tuple[ShownLine, ...]:
        """What is not paid."""
        return tuple(line for line in self.lines if line.held)

    @property
    def pence(self) -> int:
        """What goes out less what comes in."""
        return sum(line.pence or 0 for line in self.paid)


def payment_run(run: ShownRun) -> Document:
    """The document of a run."""
    month = say.month(run.month)
    title = f"Payment run {run.number}: {month}"
    blocks = (
        Heading(1, title),
        Para(_lead(run), kind="lead"),
        Para(run.standing),
        *_totals(run),
        *_different(run),
        *_held(run),
        *_both(run),
        *_lines(run),
        Fold("How it was made", (Para(_HOW),)),
    )
    return Document(f"{title}, {say.clean(run.commissioner)}", blocks)


def _lead(run: ShownRun) -> str:
    out = sum(line.pence or 0 for line in run.paid if (line.pence or 0) > 0)
    back = -sum(line.pence or 0 for line in run.paid if (line.pence or 0) < 0)
    day, payments, number = say.day(run.pay_on), sum((line.pence or 0) > 0 for line in run.paid), len(run.held)
    held = f" {number:,} {'line is' if number == 1 else 'lines are'} held." if number else ""
    if not run.paid:
        return f"Nothing is to be paid on {day}.{held}"
    first = f"{say.money(out)} to practices in {payments:,} payment{'' if payments == 1 else 's'} on {day}"
    return f"{first}{f', less recoveries of {say.money(back)}: {say.money(out - back)} in all' if back else ''}.{held}"


def _totals(run: ShownRun) -> Iterator[Block]:
    if not run.paid:
        return
    times, pence = Counter[tuple[str, str, str]](), defaultdict[tuple[str, str, str], int](int)
    for line in run.paid:
        key = (line.scheme_id, line.scheme, line.kind)
        times[key] += 1
        pence[key] += line.pence or 0
    rows = [
        Row((
            say.clean(scheme), kind, count(times[scheme_id, scheme, kind], f"{scheme_id}/{kind}/payments"),
            pounds(pence[scheme_id, scheme, kind], f"{scheme_id}/{kind}/pounds"),
        ))
        for scheme_id, scheme, kind in sorted(times)
    ]  # fmt: skip
    rows.append(Row(("All", "", count(len(run.paid), "all/payments"), pounds(run.pence, "all/pounds")), "total"))
    columns = (Column("Scheme", 5), Column("Kind", 2), Column("Payments", 2, True), Column("Pounds", 3, True, True))
    yield Table("What is paid, by scheme and kind", columns, tuple(rows))


def _different(run: ShownRun) -> Iterator[Block]:
    yield Heading(2, "What differs from the run before")
    if run.before is None:
        yield Para("It is the first run.")
        return
    sums, practices = defaultdict[str, int](int), defaultdict[str, set[str]](set)
    for one in run.different:
        sums[one.cause] += one.pence
        practices[one.cause].add(one.whose.practice)
    more = run.pence - run.before_pence
    if not run.different:
        yield Para(f"Nothing: payment run {run.before} came to the same, practice by practice.")
        return
    yield Para(f"Payment run {run.before} came to {say.money(run.before_pence)}, this one to {say.money(run.pence)}.")
    rows = [
        Row((
            CAUSE_WORDS[cause], count(len(practices[cause]), f"cause/{cause}/practices"),
            change(sums[cause], f"cause/{cause}/pounds"),
        ))
        for cause in CAUSES
        if practices[cause]
    ]  # fmt: skip
    rows.append(Row(("All", "", change(more, "cause/all/pounds")), "total"))
    columns = (Column("Cause", 6), Column("Practices", 2, True), Column("Pounds", 3, True, True))
    yield Table("What differs, by cause", columns, tuple(rows))
    yield Fold("What differs, by practice", (_by_practice(run),))


def _by_practice(run: ShownRun) -> Table:
    rows = tuple(
        Row((one.whose.practice, CAUSE_WORDS[one.cause], change(
            one.pence, f"{one.whose.practice}/{one.whose.scheme_year}/cause/{one.cause}"))
        )
        for one in run.different
    )  # fmt: skip
    columns = (Column("Practice", 2), Column("Cause", 6), Column("Pounds", 3, True, True))
    return Table("What differs, by practice", columns, rows, sortable=True)


def _held(run: ShownRun) -> Iterator[Block]:
    if not run.held:
        return
    yield Heading(2, "What is held")
    rows = tuple(
        Row((
            Cell(f"{say.clean(line.practice)} ({line.code})", link=line.link), line.kind,
            pounds(line.pence, line.figure), line.why, line.to_do,
        ))
        for line in run.held
    )  # fmt: skip
    columns = (
        Column("Practice", 3), Column("Kind", 2), Column("Pounds", 2, True, True), Column("Why", 4),
        Column("What to do", 4),
    )  # fmt: skip
    yield Table("What is held, and what to do", columns, rows, sortable=True)


def _both(run: ShownRun) -> Iterator[Block]:
    """Practices that pay back in a run in which they are paid: what is left is what arrives."""
    taken = {line.code for line in run.paid if line.kind == RECOVERY}
    if not taken:
        return
    yield Heading(2, "Who pays back")
    rows = []
    for code in sorted(taken):
        own = [line for line in run.paid if line.code == code]
        back = -_sum(own, received=True)
        name = next(line.practice for line in own)
        rows.append(
            Row((
                f"{say.clean(name)} ({code})", pounds(_sum(own, received=False), f"{code}/out"),
                pounds(back, f"{code}/back"), pounds(sum(line.pence or 0 for line in own), f"{code}/left"),
            ))
        )  # fmt: skip
    columns = (
        Column("Practice", 4), Column("Paid to it", 3, True), Column("Paid back", 3, True),
        Column("What is left", 3, True, True),
    )  # fmt: skip
    yield Table("Practices that pay back in this run", columns, tuple(rows), sortable=True)


def _sum(lines: Sequence[ShownLine], received: bool) -> int:
    return sum(line.pence or 0 for line in lines if (line.kind == RECOVERY) is received)


def _lines(run: ShownRun) -> Iterator[Block]:
    if not run.paid:
        return
    yield Heading(2, "Every payment")
    rows = tuple(
        Row(
            (
                Cell(f"{say.clean(line.practice)} ({line.code})", link=line.link), say.clean(line.scheme), line.kind,
                pounds(line.pence, line.figure), line.why,
            ),
            facets=(("Kind", line.kind), ("Scheme", say.clean(line.scheme))),
        )
        for line in run.paid
    )  # fmt: skip
    columns = (
        Column("Practice", 4), Column("Scheme", 3), Column("Kind", 2), Column("Pounds", 2, True, True),
        Column("Why", 5),
    )  # fmt: skip
    yield Table("Every payment of the run", columns, rows, sortable=True, facets=("Kind", "Scheme"))
