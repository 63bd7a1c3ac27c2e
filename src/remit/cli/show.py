"""A scheme as a card for whoever signs or pays it: what it is, what it pays, when, and what is not verified."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from remit.cli.layout import MARKS, Marker, facts, grid, heading, indented
from remit.cli.show_items import items
from remit.cli.show_money import money
from remit.core.dates import parse_date
from remit.reporting import say
from remit.scheme.doubts import doubts, remarks, required
from remit.scheme.lint import waits_for
from remit.scheme.model import Scheme
from remit.scheme.numbers import numbers, rounding_in_use, statements
from remit.scheme.retirement import most_items

_ROUNDED = {
    "list": "List weight",
    "prevalence": "Prevalence weight",
    "target_population": "Target population weight",
    "points": "Points of an item",
    "pounds_per_point": "Weighted value of a point",
    "pounds": "Pounds of an item",
}
_ADVANCED = {
    "award for full achievement": "the award for full achievement",
    "previous achievement or agreed points": "the previous achievement, or of agreed points",
}


def card(scheme: Scheme, every_number: bool = False) -> Iterator[RenderableType]:
    """The card, part by part; with `every_number`, each number with its unit, standing and source."""
    mark = Marker(scheme)
    yield from _head(scheme, mark)
    yield from money(scheme, mark)
    yield from items(scheme, mark)
    yield from _terms(scheme, mark)
    yield from _parameters(scheme, mark)
    yield heading("Rounding")
    steps = [(name, str(getattr(scheme.rounding, name))) for name in rounding_in_use(scheme)]
    yield facts((_ROUNDED[name], mark("exact" if s == "none" else s, "rounding", name)) for name, s in steps)
    if scheme.obligations:
        yield heading("Obligations")
        rows = ((say.capital(name.replace("_", " ")), say.clean(text)) for name, text in scheme.obligations.items())
        yield facts(rows)
    if every_number:
        yield from _numbers(scheme)
    yield from _sources(scheme)
    yield from _doubts(scheme)
    more = f"\nMore: remit show {scheme.scheme} --boundaries says what every bound pays, beside the source's words"
    more += "." if every_number else "; --sources lists every number with its source."
    yield Text(more, style="dim")


def _head(scheme: Scheme, mark: Marker) -> Iterator[RenderableType]:
    yield Text(say.clean(scheme.title), style="bold")
    yield Text(f"{scheme.scheme}, version {scheme.version}")
    if scheme.about:
        yield Padding(Text(say.clean(scheme.about)), (1, 0, 0, 0))
    yield Text()
    rows = [
        ("Commissioner", f"{scheme.commissioner} ({scheme.nation})"),
        ("Year", f"{scheme.year}: {say.day(scheme.year.start)} to {say.day(scheme.year.end)}"),
        ("Measured on", mark(say.day(scheme.achievement_date), "achievement_date")),
        ("Offered to", "; ".join(scheme.places.values()) or "practices anywhere: the scheme names no places"),
    ]
    if scheme.family:
        rows.append(("Family", f"{scheme.family}: schemes of one family are variants or years of each other"))
    yield facts(rows)
    yield Text("\n  * inferred, ? unverified: why is said at the end", style="dim")


def _terms(scheme: Scheme, mark: Marker) -> Iterator[RenderableType]:
    """When the pounds are paid, with the source's own words."""
    ahead, back, changes = scheme.terms.paid_in_advance, scheme.terms.recovery, scheme.terms.changes
    path = ("terms", "paid_in_advance")
    share, count = mark(ahead.share.text, *path, "share"), mark(ahead.instalments.text, *path, "instalments")
    due, last = mark(ahead.due, *path, "due"), mark(f"the {ahead.remainder} instalment", *path, "remainder")
    paid = f"{share} of {_ADVANCED[ahead.of]}, in {count} monthly instalments on the {due}; odd pennies in {last}."
    if ahead.previous_point_value:
        before = mark(ahead.previous_point_value.text, *path, "previous_point_value")
        paid += f" Last year's value of a point was {before}."
    months = mark(back.months.text, "terms", "recovery", "months")
    at_most = "the number of months must be supplied" if back.months.required else f"at most {months} months"
    longer = f", more in {back.exception}" if back.exception else ""
    recovered = f"In monthly instalments ({at_most}{longer}), from {_day(scheme, mark, 'recovery', 'notified')}."
    rows = [
        ("In advance", _quoted(paid, ahead.words)),
        ("Balance", _quoted(f"Due on {_day(scheme, mark, 'balance', 'due')}.", scheme.terms.balance.words)),
        ("Recovery", _quoted(recovered, back.words)),
    ]
    for name in ("joiner", "leaver", "merger"):
        rule = getattr(changes, name)
        waits = rule in scheme.parameters
        text = f"as the parameter {rule} says" if waits else mark(rule, "terms", "changes", name)
        rows.append((f"{say.capital(name)}s", Text(say.sentence(text))))
    rows.append(("Nobody to count", Text(say.sentence(mark(scheme.nobody_to_count, "nobody_to_count")))))
    yield heading("Terms")
    yield facts(rows)


def _day(scheme: Scheme, mark: Marker, part: str, key: str) -> str:
    """A term's date, or the parameter that gives it."""
    text = getattr(getattr(scheme.terms, part), key)
    if text in scheme.parameters:
        return f"a date to be given (parameter {text})"
    return mark(say.day(parse_date(text)), "terms", part, key)


def _quoted(text: str, words: str) -> Text:
    """What the file says, and the source's own words below."""
    found = Text(text)
    if words:
        found.append(f"\n“{say.clean(words)}”", style="dim italic")
    return found


def _parameters(scheme: Scheme, mark: Marker) -> Iterator[RenderableType]:
    """What a run may or must be told, and what waits for it."""
    if not scheme.parameters:
        return
    rows = []
    for name, parameter in scheme.parameters.items():
        kind = {"date": "a date", "items": "items by code, with commas between"}.get(parameter.type, "")
        kind = kind or " / ".join(parameter.choices)
        limit = most_items(scheme, parameter)
        if limit is not None:
            share = mark(str(parameter.most), "parameters", name, "most")
            kind += f", at most {share} of the {len(scheme.items)} items, which is {limit}"
        elif parameter.most:
            kind += ", how many at most must be supplied"
        if parameter.default is not None:
            first = f"{kind}; {mark(parameter.default, 'parameters', name)} unless it is set"
        else:
            waiting = say.listed(waits_for(scheme, name)) or "nothing"
            first = f"{kind}; no default. What waits for it: {waiting}"
        text = Text(say.sentence(first))
        text.append(f"\n{say.clean(parameter.about)}", style="dim")
        rows.append((name, text))
    yield heading("Parameters")
    yield Text("  set for a run with --set name=value", style="dim")
    yield facts(rows)


def _numbers(scheme: Scheme) -> Iterator[RenderableType]:
    rows = [[n.label, n.text, n.unit, n.standing, n.source or "none"] for n in numbers(scheme)]
    columns = (("Number", "left"), ("Value", "left"), ("Unit", "left"), ("Standing", "left"), ("Source", "left"))
    yield heading("Every number")
    yield indented(grid(*columns, rows=rows))


def _sources(scheme: Scheme) -> Iterator[RenderableType]:
    """Each source, its standing, and how much rests on it."""
    names = (("number", "numbers"), ("definition", "definitions"), ("date or rule", "dates and rules"))
    counts: dict[str, list[int]] = {key: [0, 0, 0] for key in scheme.sources}
    for statement in statements(scheme):
        kind = 0 if statement.is_number else 1 if statement.unit == "definition" else 2
        counts.setdefault(statement.source, [0, 0, 0])[kind] += 1
    rows = []
    for key, document in scheme.sources.items():
        held = [
            f"{count} {one if count == 1 else many}"
            for count, (one, many) in zip(counts[key], names, strict=True)
            if count
        ]
        text = Text(say.clean(document.title) + (f", {document.published}" if document.published else ""))
        text.append(f"\n{document.standing or 'unverified'}: {', '.join(held) or 'nothing'}", style="dim")
        if document.address:
            text.append(f"\n{document.address}", style="dim")
        rows.append((key, text))
    yield heading("Sources")
    yield facts(rows)


def _doubts(scheme: Scheme) -> Iterator[RenderableType]:
    """What is unverified or inferred, by source, with why; what no source gives; what the sources leave open."""
    every = list(numbers(scheme))
    counts = {s: sum(n.standing == s and not n.required for n in every) for s in ("unverified", "inferred")}
    shown = " and ".join(
        f"{count} {'is' if count == 1 else 'are'} {standing}" for standing, count in counts.items() if count
    )
    yield heading("What is not verified")
    yield indented(Text(f"Of {len(every)} numbers, {shown or 'none is unverified or inferred'}."))
    for doubt in doubts(scheme):
        document = scheme.sources.get(doubt.source)
        open_ = " where the source leaves it open" if document and document.standing == "verified" else ""
        text = Text(f"\n{say.capital(doubt.standing)}{MARKS[doubt.standing]}{open_}: ", style="bold")
        yield indented(text.append(doubt.title, style="not bold"))
        said = "; ".join(doubt.said())
        if said:
            yield indented(Text(said), 4)
        for about, note in doubt.notes() if doubt.source else []:
            yield indented(Text(f"{say.capital(about)}: {say.clean(note)}", style="dim"), 4)
    missing = [number.label for number in required(scheme)]
    if missing:
        yield indented(Text("\nNo source gives: ", style="bold").append(say.listed(missing), style="not bold"))
    left = remarks(scheme)
    if left:
        yield indented(Text("\nRemarks on what is verified, mostly on what its source leaves open", style="bold"))
        for about, note in left:
            yield indented(Text(f"{say.capital(about)}: {say.clean(note)}"), 4)
