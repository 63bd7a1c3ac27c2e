"""A scheme as a card for whoever signs or pays it: what it is, what it pays, when, and what is not verified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from remit.cli.layout import MARKS, Marker, facts, grid, heading, indented
from remit.cli.show_items import items
from remit.cli.show_money import money
from remit.cli.show_terms import provision, terms, to_supply
from remit.core import say
from remit.scheme.doubts import doubts, remarks
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


def card(scheme: Scheme, every_number: bool = False) -> Iterator[RenderableType]:
    """The card, part by part; with `every_number`, each number with its unit, standing and source."""
    mark = Marker(scheme)
    yield from _head(scheme, mark)
    yield from money(scheme, mark)
    yield from items(scheme, mark)
    yield from terms(scheme, mark)
    yield from provision(scheme, mark)
    yield from to_supply(scheme)
    yield from _parameters(scheme, mark)
    yield from _over_records(scheme)
    yield heading("Rounding")
    steps = [(name, str(getattr(scheme.rounding, name))) for name in rounding_in_use(scheme)]
    yield facts((_ROUNDED[name], mark("exact" if s == "none" else s, "rounding", name)) for name, s in steps)
    if scheme.obligations:
        yield heading("Obligations")
        rows = ((say.capital(name.replace("_", " ")), say.clean(text)) for name, text in scheme.obligations.items())
        yield facts(rows)
    yield from _beside(scheme)
    if every_number:
        yield from _numbers(scheme)
    yield from _sources(scheme)
    yield from _doubts(scheme)
    more = f"\nMore: remit show {scheme.scheme} --boundaries says what every bound pays, beside the source's words"
    more += "." if every_number else "; --sources lists every number with its source."
    yield Text(more, style="dim")


def _period(scheme: Scheme) -> list[tuple[str, str]]:
    """The payment period where it is not the scheme's year."""
    days = scheme.period()
    if days is None:
        return [("Payment period", "not said: records cannot be counted until it is")]
    return [("Payment period", f"{say.day(days[0])} to {say.day(days[1])}")] if scheme.payment_period else []


def _head(scheme: Scheme, mark: Marker) -> Iterator[RenderableType]:
    yield Text(say.clean(scheme.title), style="bold")
    yield Text(f"{scheme.scheme}, version {scheme.version}")
    if scheme.about:
        yield Padding(Text(say.clean(scheme.about)), (1, 0, 0, 0))
    yield Text()
    rows = [
        ("Commissioner", say.with_place(scheme.commissioner, scheme.nation)),
        ("Year", f"{scheme.year}: {say.day(scheme.year.start)} to {say.day(scheme.year.end)}"),
        ("Measured on", mark(say.day(scheme.achievement_date), "achievement_date")),
        *_period(scheme),
        ("Offered to", "; ".join(scheme.places.values()) or "practices anywhere: the scheme names no places"),
    ]
    if scheme.family:
        rows.append(("Family", f"{scheme.family}: schemes of one family are variants or years of each other"))
    yield facts(rows)
    yield Text("\n  * inferred, ? unverified: why is said at the end", style="dim")


def _beside(scheme: Scheme) -> Iterator[RenderableType]:
    """What the sources say beside the rules, in their own words: of the scheme as a whole, then item by item."""
    if scheme.background:
        yield heading("Background")
        told = scheme.background.items()
        yield facts((say.capital(name.replace("_", " ")), say.clean(text)) for name, text in told)
    rows = [("Every practice", _beside_the_rule(scheme.asks, "", ""))] if scheme.asks else []
    rows += [
        (item.item, _beside_the_rule(item.asks, item.baseline, item.context))
        for item in scheme.items
        if item.asks or item.baseline or item.context
    ]
    if rows:
        yield heading("What the source says beside the rules")
        yield facts(rows)


def _beside_the_rule(asks: Sequence[str], baseline: str, context: str) -> str:
    said = [f"Asked: “{say.clean(text)}”" for text in asks]
    said += [f"Baseline: {say.clean(baseline)}"] if baseline else []
    said += [f"Printed beside it: “{say.clean(context)}”"] if context else []
    return "\n".join(said)


def _over_records(scheme: Scheme) -> Iterator[RenderableType]:
    """Which items can be counted from records, how sure their rules are, and which are counts only."""
    from remit.evaluation.plan import plan
    from remit.evaluation.years import of_other_years
    from remit.rules.definitions import all_that_ship

    made = plan(scheme, all_that_ship())
    items = {code for item in scheme.items for code in (item.item, *item.indicators)}
    others = of_other_years(made.elsewhen)
    by_status: dict[str, list[str]] = {}
    for one in made.counted:
        if one.subject in items:
            status = "of other years" if one.definition.code in others else one.definition.status
            by_status.setdefault(status, []).append(one.subject)
    if not by_status:
        return
    rows = [(f"Rules {status}", ", ".join(codes)) for status, codes in by_status.items()]
    if others:
        rows.append(
            ("", "To count by rules of another year, name it: remit evaluate --rules-of. Nothing is final then.")
        )
    only = [subject for subject, why in made.supplied.items() if "counts only" in why]
    yield heading("Counted from records")
    yield facts(rows + ([("Counts only", ", ".join(only))] if only else []))


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
    left = remarks(scheme)
    if left:
        yield indented(Text("\nRemarks on what is verified, mostly on what its source leaves open", style="bold"))
        for about, note in left:
            yield indented(Text(f"{say.capital(about)}: {say.clean(note)}"), 4)
