"""An accrual as blocks: what is owed and prepaid in a sentence, each practice's year, and what moved by cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from remit.core import say
from remit.documents.blocks import Block, Column, Document, Fold, Heading, Para, Row, Table
from remit.documents.figures import change, pounds, so_far
from remit.payment.accrual import Accrual, Moves, total_moves
from remit.payment.book import PracticeYear

_HOW = (
    "For each practice and scheme year: what it has earned so far, by the newest figures that were known on the day or "
    "the declaration that was approved by then; with adjustments; less what was paid, with what was paid back. Above "
    "zero it is owed to the practice, below zero it was paid before it was earned. What was paid to a practice that "
    "merged counts with its successor."
)
_MOVED = (
    "What moved is the difference of the two days. What was paid lowers what is owed. What was earned moved by its "
    "causes: counts, list sizes, prevalence, indicator definitions and payment terms are those that the comparison of "
    "the figures found, each on top of those before it; 'figures' is what it did not compare."
)


def accrual_document(
    accrual: Accrual,
    of: str,
    names: Mapping[str, str],
    since: Accrual | None = None,
    moves: Mapping[PracticeYear, Moves] | None = None,
) -> Document:
    """The document of a day. `names` are those of practices by code and of scheme years by id; `since` is an earlier
    day's, and `moves` what moved by practice's year."""
    title = f"Accrual of {of} on {say.day(accrual.day)}"
    blocks: list[Block] = [Heading(1, title), *_lead(accrual)]
    if since is not None and moves is not None:
        blocks += _what_moved(accrual, since, moves, names)
    blocks += _practices(accrual, names)
    if moves:
        blocks.append(_by_practice(moves, names))
    how = (Para(_HOW), Para(_MOVED)) if moves is not None else (Para(_HOW),)
    blocks.append(Fold("How it was calculated", how))
    return Document(title, tuple(blocks), wide=True)


def _lead(accrual: Accrual) -> Iterator[Block]:
    if not accrual.lines:
        yield Para(f"Nothing is earned or paid by {say.day(accrual.day)}.", kind="lead")
        return
    total = accrual.sum_of("accrued")
    what = f"{say.money(accrual.owed)} is owed to practices and {say.money(accrual.prepaid)} is prepaid"
    yield Para(f"{what}: {say.money(total.pence)} in all.", kind="lead")
    if total.unknown:
        many = "1 practice's year is" if total.unknown == 1 else f"{total.unknown:,} practices' years are"
        yield Para(f"{many} left out: what was earned is not known.", kind="reason")


def _practices(accrual: Accrual, names: Mapping[str, str]) -> Iterator[Block]:
    if not accrual.lines:
        return
    rows = []
    for line in accrual.lines:
        code, year = line.whose
        key = f"{year}/{code}"
        into = f" (merged into {line.into})" if line.into else ""
        rows.append(
            Row(
                (
                    f"{names.get(code, code)} ({code}){into}",
                    names.get(year, year),
                    pounds(line.pence, f"{key}/earned"),
                    change(line.adjusted, f"{key}/adjusted"),
                    pounds(line.paid, f"{key}/paid"),
                    pounds(line.accrued, f"{key}/accrued"),
                    _basis(line.earned.source if line.earned else "", line.reason),
                )
            )
        )
    whole = (
        "All that are known", "", so_far(accrual.sum_of("pence"), "all/earned"),
        so_far(accrual.sum_of("adjusted"), "all/adjusted", signed=True), so_far(accrual.sum_of("paid"), "all/paid"),
        so_far(accrual.sum_of("accrued"), "all/accrued"), "",
    )  # fmt: skip
    columns = (
        Column("Practice", 4), Column("Scheme", 3), Column("Earned so far", 2.2, True), Column("Adjusted", 2, True),
        Column("Paid", 2.2, True), Column("Owed, or prepaid", 2.2, True), Column("By", 3),
    )  # fmt: skip
    yield Table("Each practice's year", columns, (*rows, Row(whole, kind="total")), sortable=True)


def _basis(source: str, reason: str) -> str:
    return reason[:1].upper() + reason[1:] if reason else source


def _what_moved(
    accrual: Accrual, since: Accrual, moves: Mapping[PracticeYear, Moves], names: Mapping[str, str]
) -> Iterator[Block]:
    before, after = since.sum_of("accrued"), accrual.sum_of("accrued")
    yield Heading(2, f"What moved since {say.day(since.day)}")
    rows = [Row((f"On {say.day(since.day)}", so_far(before, "before")))]
    rows += [
        Row((cause[:1].upper() + cause[1:], change(pence, f"moved/{cause}")))
        for cause, pence in total_moves(moves.values()).items()
    ]
    rows.append(Row((f"On {say.day(accrual.day)}", so_far(after, "after")), kind="total"))
    yield Table("By cause", (Column("Cause", 4), Column("Pounds", 3, True)), tuple(rows))


def _by_practice(moves: Mapping[PracticeYear, Moves], names: Mapping[str, str]) -> Block:
    rows = [
        Row(
            (
                f"{names.get(code, code)} ({code})", names.get(year, year), cause[:1].upper() + cause[1:],
                change(pence, f"{year}/{code}/moved/{cause}"),
            )
        )
        for (code, year), those in moves.items()
        for cause, pence in sorted(those.items())
    ]  # fmt: skip
    columns = (Column("Practice", 4), Column("Scheme", 3), Column("Cause", 3), Column("Pounds", 2.2, True))
    return Fold("What moved, by practice", (Table("What moved, by practice", columns, tuple(rows), sortable=True),))
