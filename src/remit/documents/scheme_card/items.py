"""A scheme's card, the part about its items: what is measured, thresholds, what they pay, points or labels, weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from remit.core import say
from remit.core.dates import parse_date
from remit.documents.blocks import Block, Cell, Column, Para, Row, Table
from remit.documents.scheme_card.marks import Marker
from remit.scheme.kinds import (
    BetterOfTwoYears,
    Boolean,
    HigherOf,
    Kind,
    OnALine,
    PaysAmount,
    Protected,
    Required,
    Steps,
    StepThenLinear,
)
from remit.scheme.model import Item, Scheme
from remit.scheme.numbers import Path

_LETTERS = {"list": "L", "prevalence": "P", "target_population": "T"}

_MEASURES = {"per_1000": "events per 1,000"}

Placed = Sequence[tuple[int, Item]]
"""Items with their places in the scheme."""


def items(scheme: Scheme, mark: Marker) -> Iterator[Block]:
    """The items: those paid per head in one table, those in pounds in one, those by points in one for each domain."""
    per_head = [(n, item) for n, item in enumerate(scheme.items) if item.kind.unit == "pounds per weighted head"]
    if per_head:
        yield _per_head(scheme, mark, per_head)
    in_pounds = [(n, item) for n, item in enumerate(scheme.items) if item.kind.unit == "pounds"]
    if in_pounds:
        yield _in_pounds(scheme, mark, in_pounds)
    by_domain: dict[str, list[tuple[int, Item]]] = {}
    for n, item in enumerate(scheme.items):
        if item.kind.unit == "points":
            by_domain.setdefault(item.domain, []).append((n, item))
    for domain, some in by_domain.items():
        yield _by_points(scheme, mark, domain, some)
    used = {weight for item in scheme.items for weight in item.weights}
    if used:
        names = [f"{letter} {name.replace('_', ' ')}" for name, letter in _LETTERS.items() if name in used]
        yield Para(f"Weights: {', '.join(names)}. A mark is on an item's weights together.", "small")


def _per_head(scheme: Scheme, mark: Marker, some: Placed) -> Table:
    rows = []
    for n, item in some:
        label: str | Cell = ""
        if item.label_points:
            text = mark(item.label_points.text, "items", n, "label_points")
            label = Cell(text, f"{item.item}/label points", item.label_points.value, "points")
        best = item.kind.most_earned()
        most: str | Cell = ""
        if best is not None:
            key = item.kind.paid_as if isinstance(item.kind, PaysAmount) else "most"
            text = mark(say.per_head(best), "items", n, "pays", item.kind.name, key)
            most = Cell(text, f"{item.item}/most per head", best * 100, "number")
        pays = [*_steps(item.kind, n, mark), *_conditions(scheme, item)]
        rows.append(Row((item.item, _measured(scheme, item), "\n".join(pays), most, label)))
    columns = [
        Column("Item", 2),
        Column("What is measured", 6),
        Column("Pays per head", 6),
        Column("Most", 1.6, True, kept=True),
    ]
    if any(item.label_points for _, item in some):
        columns.append(Column("Label points", 1.6, True))
    return Table("Items paid for each head", tuple(columns), tuple(_short(rows, len(columns))))


def _short(rows: Sequence[Row], width: int) -> Iterator[Row]:
    yield from (Row(row.cells[:width]) for row in rows)


def _in_pounds(scheme: Scheme, mark: Marker, some: Placed) -> Table:
    """Items whose award is in pounds: what they pay in words, and the most where that is known."""
    rows = []
    for n, item in some:
        best = item.most
        pays = [say.clean(say.capital(item.kind.words())) + mark.of_kind(n), *_conditions(scheme, item)]
        pays += [f"{code}: {say.clean(words)}" for code, words in item.kind.elements().items()]
        if item.kind.missing():
            pays.append(f"must be supplied: {say.clean(item.kind.missing())}")
        most = "" if best is None else Cell(say.pounds(best), f"{item.item}/most", best, "number")
        rows.append(Row((item.item, _measured(scheme, item), "\n".join(pays), most)))
    columns = (Column("Item", 2.6), Column("What it is", 4), Column("Pays", 7), Column("Most", 2, True, kept=True))
    return Table("Items paid in pounds", columns, tuple(rows))


def _conditions(scheme: Scheme, item: Item) -> Iterator[str]:
    """What its pounds hang on, and the item that it is paid within."""
    yield from conditions(item)
    if item.small_numbers:
        yield item.small_numbers.in_words()
    if item.paid_to == "network":
        yield "paid to the network, which shares it out to its practices"
    if item.item in scheme.within:
        yield f"paid within {scheme.within[item.item]}, and not by itself"


def conditions(item: Item) -> Iterator[str]:
    """What it requires, its condition and its clauses."""
    if item.requires:
        be = "is" if len(item.requires) == 1 else "are"
        yield f"paid only when {say.listed(item.requires)} {be} met"
    if item.only_if:
        yield f"paid only if {item.only_if.words()}"
    for clause in item.clauses:
        yield clause.words()


def _steps(kind: Kind, n: int, mark: Marker) -> list[str]:
    """What a kind that pays per head pays, line by line."""
    if isinstance(kind, Required):
        return [f"must be supplied: {say.clean(kind.supply)}"]
    if isinstance(kind, OnALine):
        return [f"on a line, {_paid_on(kind, ('items', n, 'pays', kind.name), mark)}"]
    if not isinstance(kind, Steps):
        return [kind.words()]
    path = ("items", n, "pays", "steps")
    lines = [mark(_step(step.text), *path, "steps", m) for m, step in enumerate(kind.steps)]
    for t, table in enumerate(kind.tables):
        steps = [mark(_step(step.text), *path, "tables", t, "steps", m) for m, step in enumerate(table.steps)]
        lines.append(f"where {kind.gate} is {mark(table.when.text, *path, 'tables', t, 'when')}:")
        lines += [f"– {step}" for step in steps or ["nothing"]]
    return lines


def _step(text: str) -> str:
    """`above 0.5%: 8p` for `above 0.5% pays 8p`."""
    return text.replace(" pays ", ": ")


def _by_points(scheme: Scheme, mark: Marker, domain: str, some: Placed) -> Table:
    rows = []
    for n, item in some:
        path = ("items", n, "pays", item.kind.name)
        letters = " ".join(_LETTERS[weight] for weight in item.weights)
        letters = mark(letters, "items", n, "weights") if letters else ""
        paid_on = "\n".join((_paid_on(item.kind, path, mark), *_conditions(scheme, item)))
        points = Cell(_points(item.kind, path, mark), f"{item.item}/points", item.kind.most_earned(), "points")
        rows.append(Row((item.item, _measured(scheme, item), points, paid_on, letters)))
    columns = (
        Column("Item", 2.2),
        Column("What is measured", 8),
        Column("Points", 1.6, True, kept=True),
        Column("Paid on", 3.4),
        Column("Weights", 1.6),
    )
    return Table(_domain(domain, [item for _, item in some]), columns, tuple(rows))


def _domain(domain: str, some: Sequence[Item]) -> str:
    """`Clinical: 65 items, 435 points`."""
    total = sum((item.kind.most_earned() or Fraction(0) for item in some), Fraction(0))
    name = f"{say.capital(domain.replace('_', ' '))}: " if domain else ""
    count = f"{name}{len(some)} {'item' if len(some) == 1 else 'items'}"
    unpriced = sum(item.kind.most_earned() is None for item in some)
    if unpriced == len(some):
        return f"{count}, whose points must be supplied"
    more = f", without those of {unpriced} which must be supplied" if unpriced else ""
    return f"{count}, {say.number(total)} points{more}"


def _points(kind: Kind, path: Path, mark: Marker) -> str:
    """The points of an item, with their mark; of a kind that scores by another, that one's."""
    if isinstance(kind, BetterOfTwoYears):
        return _points(kind.award, (*path, kind.award.name), mark)
    number = kind.amount if isinstance(kind, PaysAmount) else getattr(kind, "points", None)
    if number is None:
        most = kind.most_earned()
        return "" if most is None else say.number(most)
    return "not known" if number.required else mark(number.text, *path, "points")


def _paid_on(kind: Kind, path: Path, mark: Marker) -> str:
    if isinstance(kind, BetterOfTwoYears):
        inner = _paid_on(kind.award, (*path, kind.award.name), mark)
        return f"{inner}; the better of this year and {kind.other}"
    if isinstance(kind, HigherOf):
        ordinary = _paid_on(kind.scale, (*path, "ordinary"), mark)
        below, better = (*path, "improvement"), kind.improvement
        low, high = (mark(getattr(better, name).text, *below, name) for name in ("lower", "upper"))
        up = f"{low} to {high} up" if "required" not in (low, high) else "improvement whose thresholds must be supplied"
        return f"{ordinary}; or {up} on {better.described()}, if that is higher"
    if isinstance(kind, OnALine):
        lower, upper = (mark(getattr(kind, name).text, *path, name) for name in ("lower", "upper"))
        start = ", lower is better" if kind.falls else ""
        if kind.lower.required and kind.upper.required:
            return f"thresholds must be supplied{start}"
        if isinstance(kind, StepThenLinear):
            start = f", {mark(kind.start.text, *path, kind.start_key)} at once{start}"
        return f"{lower} to {upper}{start}"
    if isinstance(kind, Protected):
        return f"as in {kind.of}"
    return "yes or no" if isinstance(kind, Boolean) else kind.words()


def _measured(scheme: Scheme, item: Item) -> str:
    """The title; below it, where the title does not say so, what is measured of which indicator, and a guard rail."""
    lines = [say.clean(item.title)]
    codes = [] if item.indicator == item.item else list(item.indicators)
    if isinstance(item.indicator, tuple):
        codes = [f"{dated.use} from {_day(scheme, dated.from_)}" for dated in item.indicator]
    below = (
        [_MEASURES.get(item.measure or "", item.measure or ""), *codes] if codes or item.kind.unit != "points" else []
    )
    if any(below):
        lines.append(", ".join(filter(None, below)))
    if item.guard:
        rates = " and ".join(f"{whose} {rate.text}" for whose, rate in item.guard.references.items())
        ways = ", above or below" if item.guard.looks == "both ways" else ""
        lines.append(f"Guard rail: PCA rate against {rates}{ways}; a review band, never a change of pounds")
    return "\n".join(lines)


def _day(scheme: Scheme, text: str) -> str:
    return f"the date {text}" if text in scheme.parameters else say.day(parse_date(text))


ITEM_COLUMNS = (
    "item", "title", "domain", "indicators", "measure", "unit", "most", "pays", "requires", "weights", "label_points",
    "standing",
)  # fmt: skip


def item_rows(scheme: Scheme) -> Iterator[list[str]]:
    """A row of `ITEM_COLUMNS` for each item; what is not known is empty."""
    mark = Marker(scheme)
    standings = {"": "verified", "*": "inferred", "?": "unverified"}
    for n, item in enumerate(scheme.items):
        best = item.kind.most_earned()
        yield [
            item.item, say.clean(item.title), item.domain, " ".join(item.indicators), item.measure or "",
            item.kind.unit, "" if best is None else say.number(best).replace(",", ""), say.clean(item.kind.words()),
            " ".join(item.requires), " ".join(item.weights), item.label_points.text if item.label_points else "",
            standings[mark.of_kind(n)],
        ]  # fmt: skip
