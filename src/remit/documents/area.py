"""The money of an area for people, and as rows of one CSV file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from remit.core import say
from remit.core.names import place_name
from remit.core.rounding import pence_text
from remit.core.words import agreed, some_of
from remit.documents.blocks import Amounts, Block, Bullets, Cell, Column, Document, Heading, Para, Row, Table
from remit.documents.charts.budgets import budgets
from remit.documents.figures import NOT_KNOWN, count, pounds
from remit.runs.area import AREA, PAID_NETWORK, PLACE, PRACTICE, SCHEME, Area, AreaLine
from remit.runs.networks import NETWORK

_NAMED = 30
"""So many are named of those that are not final; the CSV file has all."""

COLUMNS = (
    "level", "scheme_id", "code", "name", "place_code", "network_code", "practices", "not_final", "status", "award",
    "award_so_far", "paid_in_year", "balance", "recovery", "budget", "budget_left", "budget_from", "reason",
)  # fmt: skip


def rows(area: Area) -> Iterator[list[str]]:
    """Every line as a row of `COLUMNS`; what is not known is empty."""
    for line in area.lines:
        money = line.money
        yield [
            line.level, line.scheme, line.code, line.name, line.place, line.network, str(line.practices),
            str(line.open), line.status, _pence(money.award), _pence(money.so_far), _pence(money.paid),
            _pence(money.balance), _pence(money.recovery), _pence(line.budget.pence if line.budget else None),
            _pence(line.left), line.budget.source if line.budget else "", line.reason,
        ]  # fmt: skip


def document(area: Area) -> Document:
    """The area's money for people: the answer, the whole, each scheme by place and network, and who is not final."""
    title = f"Money of the area: {area.lines[0].name}"
    return Document(title, (Heading(1, title), *_blocks(area)))


def answer(area: Area) -> str:
    """What the area's practices are awarded, against the budget, and what is still to be paid or recovered."""
    whole = area.lines[0]
    money = whole.money
    if money.so_far is None:
        return "What the practices of this area are awarded is not known yet."
    who = f"{whole.practices:,} {agreed('practice{ is|s are}', whole.practices)}"
    known = "" if money.award is not None else " so far"
    text = f"{who} awarded {say.money(money.so_far)}{known}"
    if whole.budget and whole.left is not None:
        way = "less than" if whole.left >= 0 else "more than"
        text += f", {say.money(abs(whole.left))} {way} the budget of {say.money(whole.budget.pence)}"
    due = [
        f"{say.money(amount)} is still {words}"
        for amount, words in ((money.balance, "to be paid"), (money.recovery, "to be recovered"))
        if amount
    ]
    return f"{text}." + (f" {say.capital(say.listed(due))}." if due else "")


def _blocks(area: Area) -> Iterator[Block]:
    whole = area.lines[0]
    yield Para(answer(area), "lead")
    yield Amounts(tuple(_sums(whole)))
    open_ = [line for line in area.at(PRACTICE, PAID_NETWORK) if line.open]
    if open_:
        who = agreed("{award is|awards are}", len(open_))
        yield Para(f"{len(open_):,} {who} not final: {_what_is_open(whole)}.", "reason")
    levels = [AREA] * bool(area.at(AREA)) + [SCHEME]
    for top in (line for level in levels for line in area.at(level)):
        yield from _part(area, top)
    if open_:
        yield Heading(2, "Not final")
        yield Bullets(tuple(_not_final(open_)))
    if area.unused:
        yield Heading(2, "Budgets without a practice here")
        yield Bullets(
            tuple(f"{_whose(level, code or scheme)}: {say.money(b.pence)}" for (level, scheme, code), b in area.unused)
        )
    for note in area.notes:
        yield Para(note, "small")


def _not_final(lines: Sequence[AreaLine]) -> Iterator[str]:
    """What is not final and why: those of one reason together, so that it is said once."""
    those: dict[str, list[str]] = {}
    for line in lines:
        reason = say.capital(say.days_in(f"{line.status}. {line.reason}".strip()))
        names = those.setdefault(reason, [])
        if (name := f"{line.name} ({line.code})") not in names:
            names.append(name)
    for reason, names in those.items():
        yield f"{some_of(names, _NAMED)}: {reason}"


def _whose(level: str, code: str) -> str:
    return f"{say.capital(level)} {place_name(code) if level == PLACE else code}"


def _sums(whole: AreaLine) -> Iterator[tuple[str, Cell]]:
    money = whole.money
    yield ("Award" if money.award is not None else "Award so far"), pounds(money.so_far, "all/award")
    yield "Paid in the year", pounds(money.paid, "all/paid")
    yield "Balance to pay", pounds(money.balance, "all/balance")
    yield "To recover", pounds(money.recovery, "all/recovery")
    if whole.budget:
        yield "Budget", pounds(whole.budget.pence, "all/budget")
        if whole.left is not None:
            name = "Left of the budget" if whole.left >= 0 else "Above the budget"
            yield name, pounds(abs(whole.left), "all/left")


def _what_is_open(whole: AreaLine) -> str:
    names = (("balance", whole.money.balance), ("recovery", whole.money.recovery), ("advance", whole.money.paid))
    unknown = [name for name, pence in names if pence is None]
    if not unknown:
        return "the sums hold what is known of the award"
    return f"the sums hold what is known of the award, and no {' or '.join(unknown)}"


def _part(area: Area, top: AreaLine) -> Iterator[Block]:
    """A scheme, or all of them: its places and networks in a table each, with a chart of places against budgets."""
    lines = [line for line in area.at(PLACE, NETWORK) if line.scheme == top.scheme]
    yield Heading(2, top.name)
    for level, head in ((PLACE, "Place"), (NETWORK, "Network")):
        of = [line for line in lines if line.level == level]
        if not of:
            continue
        if any(line.budget for line in of):
            alt = f"Award against budget by {level}: " + "; ".join(map(_in_words, of))
            bars = [
                (line.name, line.money.so_far or 0, line.budget.pence if line.budget else 0, _what_is_left(line))
                for line in of
            ]
            yield budgets(bars, alt)
            what = "The wide bar is the budget, the narrow one the award; a red one is above its budget."
            yield Para(what, "small")
        yield from _tables(head, level, of, top)
    if not lines:
        yield from _tables("Scheme", SCHEME, [top], None)


def _tables(head: str, level: str, of: list[AreaLine], together: AreaLine | None) -> Iterator[Block]:
    """What was earned against the budgets, then what is paid, by place, network or scheme."""
    every = [(line, line.name, f"{line.scheme or 'all'}/{level}/{line.code or 'all'}") for line in of]
    if together:
        every.append((together, "Together", f"{together.scheme or 'all'}/{level}/together"))
    award = "Award" if all(line.money.award is not None for line, *_ in every) else "Award so far"
    columns: tuple[Column, ...] = (
        Column(head, 4), Column("Practices", 1.6, True), Column("Not final", 1.6, True),
        Column(award, 3, True, kept=True),
    )  # fmt: skip
    if any(line.budget for line, *_ in every):
        columns += (Column("Budget", 3, True), Column("Left of it", 3, True))
        yield Table(f"Award and budget by {level}", columns, _rows(every, _against_budget, together))
    else:
        yield Table(f"Award by {level}", columns, _rows(every, _earned, together))
    due = (
        Column(head, 4), Column("Paid in the year", 3, True), Column("Balance to pay", 3, True, kept=True),
        Column("To recover", 3, True),
    )  # fmt: skip
    yield Table(f"Payments by {level}", due, _rows(every, _due, together))


def _rows(
    every: list[tuple[AreaLine, str, str]], cells: Callable[[AreaLine, str], list[Cell]], together: AreaLine | None
) -> tuple[Row, ...]:
    return tuple(
        Row((name, *cells(line, figure)), "total" if line is together and len(every) > 1 else "")
        for line, name, figure in every
    )


def _earned(line: AreaLine, figure: str) -> list[Cell]:
    return [
        count(line.practices, f"{figure}/practices"),
        count(line.open, f"{figure}/not-final"),
        pounds(line.money.so_far, f"{figure}/award"),
    ]


def _against_budget(line: AreaLine, figure: str) -> list[Cell]:
    return [
        *_earned(line, figure),
        pounds(line.budget.pence if line.budget else None, f"{figure}/budget", "none given"),
        pounds(line.left, f"{figure}/left") if line.budget else Cell(""),
    ]


def _due(line: AreaLine, figure: str) -> list[Cell]:
    money = line.money
    each = (("paid", money.paid), ("balance", money.balance), ("recovery", money.recovery))
    return [pounds(amount, f"{figure}/{name}") for name, amount in each]


def _what_is_left(line: AreaLine) -> str:
    """What a budget has left, beside its bar."""
    if line.budget is None:
        return "no budget"
    if line.left is None:
        return "left: not known"
    return f"{say.money(abs(line.left))} {'left' if line.left >= 0 else 'above'}"


def _in_words(line: AreaLine) -> str:
    so_far = "" if line.money.award is not None or line.money.so_far is None else " so far"
    known = NOT_KNOWN if line.money.so_far is None else say.money(line.money.so_far)
    return f"{line.name} {known}{so_far} of {say.money(line.budget.pence) if line.budget else 'no budget'}"


def _pence(pence: int | None) -> str:
    return "" if pence is None else pence_text(pence)
