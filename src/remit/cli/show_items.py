"""A scheme's card, the part about its items: what is measured, the bounds, what they pay, points or labels, weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from remit.cli.layout import MARKS, Marker, grid, heading, indented
from remit.core import say
from remit.core.dates import parse_date
from remit.scheme.kinds import (
    BetterOfTwoYears,
    Boolean,
    Kind,
    Linear,
    Protected,
    Required,
    Steps,
    StepThenLinear,
)
from remit.scheme.model import Item, Scheme
from remit.scheme.numbers import Path

_LETTERS = {"list": "L", "prevalence": "P", "target_population": "T"}

Placed = Sequence[tuple[int, Item]]
"""Items with their places in the scheme."""


def items(scheme: Scheme, mark: Marker) -> Iterator[RenderableType]:
    """The items: those paid per head in one table, those in pounds in one, those by points in one for each domain."""
    yield heading(f"Items: {len(scheme.items)}")
    per_head = [(n, item) for n, item in enumerate(scheme.items) if item.kind.unit == "pounds per weighted head"]
    if per_head:
        yield indented(_per_head(scheme, mark, per_head))
    in_pounds = [(n, item) for n, item in enumerate(scheme.items) if item.kind.unit == "pounds"]
    if in_pounds:
        yield indented(_in_pounds(scheme, mark, in_pounds))
    by_domain: dict[str, list[tuple[int, Item]]] = {}
    for n, item in enumerate(scheme.items):
        if item.kind.unit == "points":
            by_domain.setdefault(item.domain, []).append((n, item))
    for domain, some in by_domain.items():
        yield indented(_by_points(scheme, mark, domain, some))
    used = {weight for item in scheme.items for weight in item.weights}
    if used:
        names = [f"{letter} {name.replace('_', ' ')}" for name, letter in _LETTERS.items() if name in used]
        text = f"\nWeights: {', '.join(names)}. A mark is on an item's weights together."
        yield indented(Text(text, style="dim"))


def _per_head(scheme: Scheme, mark: Marker, some: Placed) -> Table:
    rows: list[list[str | Text]] = []
    for n, item in some:
        label = mark(item.label_points.text, "items", n, "label_points") if item.label_points else ""
        best = item.kind.most_earned()
        most = mark(say.per_head(best), "items", n, "pays", item.kind.name, "most") if best is not None else ""
        pays = Text("\n".join(_steps(item.kind, n, mark)))
        _conditions(scheme, item, pays)
        rows.append([item.item, _measured(scheme, item), pays, most, label])
    wide = "What is measured"
    columns = (
        ("Item", "left"),
        (wide, "left"),
        ("Pays per head", "left"),
        ("Most", "right"),
        ("Label points", "right"),
    )
    table = grid(*columns, rows=rows, wide=wide, spaced=True)
    table.columns[0].max_width = 12
    table.columns[2].max_width = 40
    table.columns[4].no_wrap, table.columns[4].max_width = False, 6
    return table


def _in_pounds(scheme: Scheme, mark: Marker, some: Placed) -> Table:
    """Items whose award is in pounds: what they pay in words, and the most where that is known."""
    rows: list[list[str | Text]] = []
    for n, item in some:
        best = item.kind.most_earned()
        pays = Text(say.clean(say.capital(item.kind.words())) + _doubted(mark, n))
        _conditions(scheme, item, pays)
        for code, words in item.kind.elements().items():
            pays.append(f"\n{code}  {say.clean(words)}", style="dim")
        if item.kind.missing():
            pays.append(f"\nmust be supplied: {say.clean(item.kind.missing())}", style="dim")
        rows.append([item.item, _measured(scheme, item), pays, "" if best is None else say.pounds(best)])
    columns = (("Item", "left"), ("What it is", "left"), ("Pays", "left"), ("Most", "right"))
    table = grid(*columns, rows=rows, wide="Pays", spaced=True)
    table.columns[0].max_width, table.columns[1].max_width = 16, 32
    return table


def _doubted(mark: Marker, n: int) -> str:
    """The mark of the least certain number of an item's kind."""
    found = {standing for path, standing in mark.standings.items() if path[:3] == ("items", n, "pays")}
    return next((MARKS[standing] for standing in ("unverified", "inferred") if standing in found), "")


def _conditions(scheme: Scheme, item: Item, text: Text) -> None:
    """What it requires, and the item that it is paid within."""
    if item.requires:
        be = "is" if len(item.requires) == 1 else "are"
        text.append(f"\npaid only when {say.listed(item.requires)} {be} met", style="dim")
    if item.item in scheme.within:
        text.append(f"\npaid within {scheme.within[item.item]}, and not by itself", style="dim")


def _steps(kind: Kind, n: int, mark: Marker) -> list[str]:
    """What a kind that pays per head pays, line by line."""
    if isinstance(kind, Required):
        return [f"must be supplied: {say.clean(kind.supply)}"]
    if not isinstance(kind, Steps):
        return [kind.words()]
    path = ("items", n, "pays", "steps")
    lines = [mark(_said(step.text), *path, "steps", m) for m, step in enumerate(kind.steps)]
    for t, held in enumerate(kind.tables):
        steps = [mark(_said(step.text), *path, "tables", t, "steps", m) for m, step in enumerate(held.steps)]
        lines.append(f"where {kind.gate} is {mark(held.when.text, *path, 'tables', t, 'when')}:")
        lines += [f"  {step}" for step in steps or ["nothing"]]
    return lines


def _said(step: str) -> str:
    """`above 0.5%: 8p` for `above 0.5% pays 8p`."""
    return step.replace(" pays ", ": ")


def _by_points(scheme: Scheme, mark: Marker, domain: str, some: Placed) -> RenderableType:
    total = sum((item.kind.most_earned() or Fraction(0) for _, item in some), Fraction(0))
    rows: list[list[str | Text]] = []
    for n, item in some:
        path = ("items", n, "pays", item.kind.name)
        points = _points(item.kind, path, mark)
        letters = " ".join(_LETTERS[weight] for weight in item.weights)
        letters = mark(letters, "items", n, "weights") if letters else ""
        paid_on = Text(_paid_on(item.kind, path, mark))
        _conditions(scheme, item, paid_on)
        rows.append([item.item, _measured(scheme, item), points, paid_on, letters])
    wide = "What is measured"
    columns = (("Item", "left"), (wide, "left"), ("Points", "right"), ("Paid on", "left"), ("Weights", "left"))
    table = grid(*columns, rows=rows, wide=wide)
    reckoned = any(item.kind.by_figures or isinstance(item.kind, Required) for _, item in some)
    for n in (0, 4) if reckoned else (0, 3, 4):
        table.columns[n].no_wrap = True
    if reckoned:
        table.columns[3].ratio = 1
    name = f"{say.capital(domain.replace('_', ' '))}: " if domain else ""
    title = f"\n{name}{len(some)} {'item' if len(some) == 1 else 'items'}, {say.number(total)} points"
    unpriced = sum(item.kind.most_earned() is None for _, item in some)
    if unpriced == len(some):
        title = title.replace(", 0 points", ", whose points must be supplied")
    elif unpriced:
        title += f", without those of {unpriced} which must be supplied"
    return Group(Text(title, style="bold"), table)


def _points(kind: Kind, path: Path, mark: Marker) -> str:
    """The points of an item, with their mark; of a kind that scores by another, that one's."""
    if isinstance(kind, BetterOfTwoYears):
        return _points(kind.award, (*path, kind.award.name), mark)
    number = getattr(kind, "points", None)
    if number is None:
        return ""
    return "not known" if number.required else mark(number.text, *path, "points")


def _paid_on(kind: Kind, path: Path, mark: Marker) -> str:
    if isinstance(kind, BetterOfTwoYears):
        inner = _paid_on(kind.award, (*path, kind.award.name), mark)
        return f"{inner}; the better of this year and {kind.other}"
    if isinstance(kind, Linear | StepThenLinear):
        lower, upper = (mark(getattr(kind, name).text, *path, name) for name in ("lower", "upper"))
        start = ", lower is better" if kind.falls else ""
        if kind.lower.required and kind.upper.required:
            return f"thresholds must be supplied{start}"
        if isinstance(kind, StepThenLinear):
            start = f", {mark(kind.points_at_lower.text, *path, 'points_at_lower')} at once"
        return f"{lower} to {upper}{start}"
    if isinstance(kind, Protected):
        return f"as in {kind.of}"
    return "yes or no" if isinstance(kind, Boolean) else kind.words()


def _measured(scheme: Scheme, item: Item) -> Text:
    """The title; below it, where the title does not say so, what is measured of which indicator, and a guard rail."""
    text = Text(say.clean(item.title))
    codes = [] if item.indicator == item.item else list(item.indicators)
    if isinstance(item.indicator, tuple):
        codes = [f"{dated.use} from {_day(scheme, dated.from_)}" for dated in item.indicator]
    below = [item.measure or "", *codes] if codes or item.kind.unit != "points" else []
    if any(below):
        text.append("\n" + ", ".join(filter(None, below)), style="dim")
    if item.guard:
        rates = " and ".join(f"{whose} {rate.text}" for whose, rate in item.guard.references.items())
        ways = ", above or below" if item.guard.looks == "both ways" else ""
        said = f"\nGuard rail: PCA rate against {rates}{ways}; a review band, never a change of pounds"
        text.append(said, style="dim")
    return text


def _day(scheme: Scheme, text: str) -> str:
    return f"the date {text}" if text in scheme.parameters else say.day(parse_date(text))
