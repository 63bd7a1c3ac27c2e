"""A comparison of two runs as CSV rows and as one HTML page with its chart: it shows what `runs/compare.py` found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remit.comparison.compare import CAUSES, Comparison, Movement
from remit.comparison.movements import PracticeMovement
from remit.core.rounding import pence_text
from remit.core.sums import Sum
from remit.core.words import some_of
from remit.documents.render.html import rendered

COLUMNS = (
    "practice_code", "indicator_code", "pounds_1", "pounds_2", "difference", *CAUSES, "explanation",
)  # fmt: skip
ORDER = (
    f"Causes are reckoned in this order, each on top of those before it: {', '.join(CAUSES[:-1])} and {CAUSES[-1]}. "
    "In another order the split can differ where two causes meet in one product; the sum cannot."
)
PAYMENTS = {"advance": "Paid in advance", "balance": "Balance to pay", "recovery": "To recover"}
MOST_ON_PAGE = 200
NOT_KNOWN = "not known"
_MINUS = "−"


def money(pence: int | None) -> str:
    """`£1,234.50`; empty where it is not known."""
    return "" if pence is None else _written(pence, "")


def signed(pence: int | None) -> str:
    """`+£300.00`, `−£300.00`, `£0.00`; `not known`."""
    return NOT_KNOWN if pence is None else _written(pence, "+")


def amount(moved: Movement, run: int) -> str:
    """An item's pounds in run 0 or 1: `none` where that run does not have it."""
    if not moved.held[run]:
        return "none"
    return NOT_KNOWN if moved.pence[run] is None else money(moved.pence[run])


def whole(of: Comparison | PracticeMovement, run: int) -> str:
    """What all awards of a comparison or a practice that are compared come to in run 0 or 1."""
    value = of.sums[run].value
    return NOT_KNOWN if value is None else money(value)


def moved(of: Comparison | PracticeMovement, pence: int) -> str:
    """How much of them moved; not known where nothing is compared."""
    total = of.sums[0]
    return NOT_KNOWN if total.unknown and not total.known else signed(pence)


def summed(total: Sum, plus: str = "") -> str:
    """A sum over practices, as far as it is known."""
    if total.value is None:
        return NOT_KNOWN
    return f"{_written(total.pence, plus)}{' so far' if total.unknown else ''}"


def _written(pence: int, plus: str) -> str:
    whole, part = pence_text(abs(pence)).split(".")
    sign = _MINUS if pence < 0 else (plus if pence else "")
    return f"{sign}£{int(whole):,}.{part}"


def causes_shown(comparison: Comparison) -> list[int]:
    """The causes, by their place in `CAUSES`, that moved any pounds: of the whole, or of one item."""
    return [n for n in range(len(CAUSES)) if any(m.causes[n] for m in comparison.movements())]


def how_many(comparison: Comparison) -> str:
    """`2 practices and 1 network, 12 items`."""
    networks = sum(p.network for p in comparison.practices)
    practices = len(comparison.practices) - networks
    those = [_many(n, word) for n, word in ((practices, "practice"), (networks, "network")) if n or word == "practice"]
    return f"{' and '.join(those)}, {_many(len(comparison.titles), 'item')}"


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def whose(those: Sequence[PracticeMovement]) -> str:
    """Practices, networks or both, as the heading of a table."""
    kinds = {p.network for p in those}
    return "Practices and networks" if len(kinds) == 2 else "Networks" if True in kinds else "Practices"


def nothing_moved(comparison: Comparison) -> str:
    """What to say where no cause moved anything."""
    if comparison.not_compared():
        return "No award moved of those that both runs know."
    return "No award moved." if comparison.shares() else "No pounds moved."


def did_not_move(those: Sequence[PracticeMovement], most: int = 20) -> str:
    """The practices whose awards are the same in both runs, in a sentence; nothing where there are none."""
    if not those:
        return ""
    return f"{whose(those)} that did not move: {len(those):,} ({some_of([p.code for p in those], most)})."


def what_differs(comparison: Comparison, cause: str, most: int) -> str:
    """What differs between the inputs of the two runs that belongs to a cause, `most` of it."""
    texts = [text for of, text in comparison.changes if of == cause]
    left = len(texts) - most
    return "; ".join([*texts[:most], *([f"and {left} more"] if left > 0 else [])])


def csv_rows(comparison: Comparison) -> Iterator[list[str]]:
    """Every item of every practice, moved or not, in the order of `COLUMNS`; the columns add up to the totals.

    What is not compared has no difference, and its pounds are in no total.
    """
    for m in comparison.movements():
        pounds = ["" if p is None else pence_text(p) for p in m.pence]
        compared = m.difference is not None
        moved = ["" if p is None or not compared else pence_text(p) for p in (m.difference, *m.causes)]
        yield [m.practice, m.item, *pounds, *moved, m.explanation]


@dataclass(frozen=True)
class _Bar:
    """One line of the chart, in SVG units; the amount stands beside its bar, on the side away from the axis' middle."""

    name: str
    amount: str
    x: float
    width: float
    y: int
    kind: str
    label_x: float
    anchor: str


WIDTH, LEFT, ROW, DIGIT = 760, 90, 30, 8.5


def bars(comparison: Comparison) -> list[_Bar]:
    """A waterfall from run 1 (the zero line) to run 2: each cause from where the ones before it ended, then the sum."""
    at, ends = 0, []
    for cause, amount in zip(CAUSES, comparison.causes, strict=True):
        ends.append((cause, at, at + amount, amount))
        at += amount
    ends.append(("difference", 0, at, at))
    low, high = min(0, *(min(a, b) for _, a, b, _ in ends)), max(0, *(max(a, b) for _, a, b, _ in ends))
    beside = max(len(signed(amount)) for *_, amount in ends) * DIGIT + 6
    unit = (WIDTH - LEFT - 2 * beside) / ((high - low) or 1)
    found = []
    for n, (name, start, end, amount) in enumerate(ends):
        x, right = (LEFT + beside + (pence - low) * unit for pence in sorted((start, end)))
        kind = "whole" if name == "difference" else ("rise" if amount > 0 else "fall")
        label_x, anchor = (right + 6, "start") if amount >= 0 else (x - 6, "end")
        width = max(right - x, 1.5) if amount else 0
        found.append(_Bar(name, signed(amount), round(x, 1), round(width, 1), n * ROW, kind, round(label_x, 1), anchor))
    return found


def zero(comparison: Comparison) -> float:
    """Where the chart's zero line stands."""
    whole = bars(comparison)[-1]
    return whole.x if comparison.difference >= 0 else round(whole.x + whole.width, 1)


def html(comparison: Comparison, names: tuple[str, str]) -> str:
    """The comparison as one self-contained page; `names` are what the two runs are called."""
    movers = comparison.movers()
    each = sorted((m for m in comparison.movements() if m.moved), key=_size)
    not_compared, unmoved = comparison.not_compared(), comparison.unmoved()
    return rendered(
        "comparison.html",
        blanks=True,
        comparison=comparison,
        names=names,
        causes=CAUSES,
        shown=causes_shown(comparison),
        order=ORDER,
        changes={cause: what_differs(comparison, cause, 20) for cause in CAUSES},
        payments={PAYMENTS[name]: sums for name, sums in comparison.settled().items()},
        items=[m for m in comparison.items().values() if m.moved],
        how_many=how_many(comparison),
        whose=whose(movers),
        movers=movers[:MOST_ON_PAGE],
        more_movers=len(movers[MOST_ON_PAGE:]),
        moved=each[:MOST_ON_PAGE],
        more_moved=len(each[MOST_ON_PAGE:]),
        shares=comparison.shares()[:MOST_ON_PAGE],
        more_shares=len(comparison.shares()[MOST_ON_PAGE:]),
        bars=bars(comparison),
        zero=zero(comparison),
        width=WIDTH,
        row=ROW,
        not_compared=not_compared[:MOST_ON_PAGE],
        more_not_compared=len(not_compared[MOST_ON_PAGE:]),
        nothing_moved=nothing_moved(comparison),
        unmoved=did_not_move(unmoved),
        money=money,
        signed=signed,
        summed=summed,
        whole=whole,
        moved_by=moved,
        amount=amount,
    )


def _size(m: Movement) -> tuple[int, int, str]:
    return -abs(m.difference or 0), -max(map(abs, m.causes)), m.practice
