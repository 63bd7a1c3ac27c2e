"""The money of an area as blocks (terminal, HTML, PDF) and as one CSV file."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Literal

from remit.core import say
from remit.core.rounding import pence_text
from remit.documents.blocks import Amounts, Block, Bullets, Column, Heading, Para, Picture, Row, Table
from remit.runs.area import AREA, PAID_NETWORK, PLACE, PRACTICE, SCHEME, Area, Line
from remit.runs.networks import NETWORK

COLUMNS = (
    "level", "scheme_id", "code", "name", "place_code", "network_code", "practices", "not_final", "status", "award",
    "award_so_far", "paid_in_year", "balance", "recovery", "budget", "budget_left", "budget_from", "reason",
)  # fmt: skip
_DUE = (Column("Paid in the year", 3, True), Column("Balance to pay", 3, True), Column("To recover", 3, True))
_AWARD, _OVER, _BUDGET, _INK = "#3b5668", "#9a1f1f", "#b8c4cc", "#212b32"


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


def title(area: Area) -> str:
    """What the area's money is called: one scheme's, or that of all."""
    whole = area.lines[0]
    return f"Money of the area: {whole.name}"


def blocks(area: Area) -> Iterator[Block]:
    """The area's money for people: the whole, each scheme by place and network, and whose money is not known."""
    whole = area.lines[0]
    yield Heading(1, title(area))
    yield Amounts(tuple(_sums(whole)))
    open_ = [line for line in area.at(PRACTICE, PAID_NETWORK) if line.open]
    if open_:
        what = f"{len(open_):,} {'is' if len(open_) == 1 else 'are'} not final: {_what_is_open(whole)}."
        yield Para(say.capital(what), "reason")
    levels = [AREA] * bool(area.at(AREA)) + [SCHEME]
    for top in (line for level in levels for line in area.at(level)):
        yield from _part(area, top)
    if open_:
        yield Heading(2, "Not final")
        shown = [f"{line.name} ({line.code}), {line.scheme}: {line.status}. {line.reason}".strip() for line in open_]
        more = [f"and {len(shown) - 30:,} more: the CSV file has them all"] if len(shown) > 30 else []
        yield Bullets((*shown[:30], *more))
    if area.unused:
        yield Heading(2, "Budgets without a practice here")
        yield Bullets(
            tuple(f"{level} {code or scheme}: {say.money(b.pence)}" for (level, scheme, code), b in area.unused)
        )
    for note in area.notes:
        yield Para(note, "small")


def _sums(whole: Line) -> Iterator[tuple[str, str]]:
    money = whole.money
    yield ("Award" if money.award is not None else "Award so far"), _pounds(money.so_far)
    for name, pence in (("Paid in the year", money.paid), ("Balance to pay", money.balance)):
        yield name, _pounds(pence)
    yield "To recover", _pounds(money.recovery)
    if whole.budget:
        yield "Budget", say.money(whole.budget.pence)
        if whole.left is not None:
            yield ("Left of the budget" if whole.left >= 0 else "Above the budget"), say.money(abs(whole.left))


def _what_is_open(whole: Line) -> str:
    names = (("balance", whole.money.balance), ("recovery", whole.money.recovery), ("advance", whole.money.paid))
    unknown = [name for name, pence in names if pence is None]
    if not unknown:
        return "the sums hold what is known of the award"
    return f"the sums hold what is known of the award, and no {' or '.join(unknown)}"


def _part(area: Area, top: Line) -> Iterator[Block]:
    """A scheme, or all of them: its places and networks in a table each, with a chart of places against budgets."""
    lines = [line for line in area.at(PLACE, NETWORK) if line.scheme == top.scheme]
    yield Heading(2, top.name)
    for level, head in ((PLACE, "Place"), (NETWORK, "Network")):
        of = [line for line in lines if line.level == level]
        if not of:
            continue
        if any(line.budget for line in of):
            yield Picture(_bars(of), f"Award against budget by {level}: " + "; ".join(map(_in_words, of)))
            yield Para(
                "The wide bar is the budget, the narrow one the award; it is red where it is above the budget.", "small"
            )
        yield from _tables(head, level, of, top)
    if not lines:
        yield from _tables("Scheme", SCHEME, [top], None)


def _tables(head: str, level: str, of: list[Line], together: Line | None) -> Iterator[Block]:
    """What was earned against the budgets, then what is paid, by place, network or scheme."""
    every = [(line, line.name, "") for line in of] + ([(together, "Together", "total")] if together else [])
    award = "Award" if all(line.money.award is not None for line, *_ in every) else "Award so far"
    columns = (
        Column(head, 4), Column("Practices", 1.6, True), Column("Not final", 1.6, True), Column(award, 3, True),
        Column("Budget", 3, True), Column("Left of it", 3, True),
    )  # fmt: skip
    earned = (
        Row(
            (name, f"{line.practices:,}", f"{line.open:,}", _pounds(line.money.so_far), _budget(line), _left(line)),
            _kind(kind),
        )
        for line, name, kind in every
    )
    yield Table(f"Award and budget by {level}", columns, tuple(earned))
    due = (
        Row((name, *map(_pounds, (line.money.paid, line.money.balance, line.money.recovery))), _kind(kind))
        for line, name, kind in every
    )
    yield Table(f"Payments by {level}", (Column(head, 4), *_DUE), tuple(due))


def _kind(kind: str) -> Literal["", "total"]:
    return "total" if kind else ""


def _budget(line: Line) -> str:
    return say.money(line.budget.pence) if line.budget else "none given"


def _left(line: Line) -> str:
    if line.budget is None:
        return ""
    if line.left is None:
        return "not known"
    return say.money(line.left) if line.left >= 0 else f"−{say.money(-line.left)}"


def _in_words(line: Line) -> str:
    so_far = "" if line.money.award is not None or line.money.so_far is None else " so far"
    return f"{line.name} {_pounds(line.money.so_far)}{so_far} of {_budget(line)}"


def _pence(pence: int | None) -> str:
    return "" if pence is None else pence_text(pence)


def _pounds(pence: int | None) -> str:
    return "not known" if pence is None else say.money(pence)


def _bars(lines: list[Line]) -> str:
    """A bar for each place: its budget behind, its award before it, in another colour where it is above the budget."""
    width, left, tall = 520, 180, 26
    most = max(1, *(max(line.money.so_far or 0, line.budget.pence if line.budget else 0) for line in lines))
    parts = []
    for n, line in enumerate(lines):
        y, budget = n * tall, line.budget.pence if line.budget else 0
        award = max(line.money.so_far or 0, 0)
        colour = _OVER if line.budget and award > budget else _AWARD
        name = line.name if len(line.name) <= 28 else f"{line.name[:27]}…"
        parts.append(f'<text x="{left - 8}" y="{y + 16}" text-anchor="end">{escape(name)}</text>')
        for pence, height, fill in ((budget, 18, _BUDGET), (award, 8, colour)):
            long = pence * (width - left) / most
            parts.append(
                f'<rect x="{left}" y="{y + 11 - height / 2:.0f}" width="{long:.1f}" height="{height}" fill="{fill}"/>'
            )
    high = len(lines) * tall
    label = "Award (narrow bar) against budget (wide bar)"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {high}" width="{width}" height="{high}" '
        f'role="img" aria-label="{label}" font-size="12" fill="{_INK}">{"".join(parts)}</svg>'
    )
