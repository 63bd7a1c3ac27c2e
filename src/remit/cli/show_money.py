"""A scheme's card, the part about money: what full achievement is worth, weights, printed budgets against computed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rich.console import RenderableType
from rich.text import Text

from remit.cli.layout import Marker, facts, grid, heading, indented
from remit.core import say
from remit.core.rounding import scaled
from remit.scheme import load_scheme, scheme_ids
from remit.scheme.model import AdditionalBudget, Scheme

_BASES = {"group": "each register's own list", "registered": "the whole list"}


def money(scheme: Scheme, mark: Marker) -> Iterator[RenderableType]:
    """What the scheme is worth, and to whom."""
    yield heading("Money")
    yield facts([*_worth(scheme, mark), *_weights(scheme, mark)])
    if scheme.budgets:
        yield Text()
        yield _budgets(scheme, mark)
    if scheme.additional:
        yield Text()
        yield from _additional(scheme.additional)


def _worth(scheme: Scheme, mark: Marker) -> Iterator[tuple[str, str]]:
    most, points = scheme.most_per_head(), scheme.points_available()
    if scheme.heads and most is not None:
        when = mark(say.day(scheme.heads.at), "heads", "at")
        yield (
            "Per head",
            f"{say.pounds(most)} for full achievement, for each head of the {scheme.heads.called} at {when}",
        )
    if points:
        unpriced = sum(item.kind.unit == "points" for item in scheme.unpriced())
        more = f", and those of {unpriced} item{'s'[: unpriced > 1]} which must be supplied" if unpriced else ""
        yield "Points", f"{say.number(points)} for full achievement{more}"
    pounds_ = [item.item for item in scheme.items if item.kind.unit == "pounds" and item.item not in scheme.within]
    if pounds_:
        open_ = [code for code in pounds_ if scheme.item(code).kind.most_earned() is None]
        known = scheme.most_in_pounds()
        parts = [f"{say.pounds(known)} at most to each provider"] if known else []
        if open_:
            shown = ", ".join(open_[:6]) + f" and {len(open_) - 6} others" if len(open_) > 6 else say.listed(open_)
            parts.append(f"what {shown} can pay has no set limit here")
        yield "In pounds", say.capital("; ".join(parts))
    labels = [item.label_points.known() for item in scheme.items if item.label_points and item.label_points.value]
    if labels:
        yield "Label points", f"{say.number(sum(labels, Fraction(0)))}, printed only: pay comes from the pence"
    if scheme.point:
        yield "A point", f"{mark(scheme.point.value.text, 'point', 'value')} before weights"
        if scheme.point.value.value is not None and points:
            yield "Full points", f"{pounds(scheme.point.value.known() * points)} with every weight at 1"


def _weights(scheme: Scheme, mark: Marker) -> Iterator[tuple[str, str]]:
    by_list, prevalence, target = scheme.weights.list, scheme.weights.prevalence, scheme.weights.target_population
    if by_list:
        at = mark(say.day(by_list.list.at), "weights", "list", "list", "at")
        over = mark(say.grouped(by_list.over.text), "weights", "list", "over")
        over_at = mark(say.day(by_list.over_at), "weights", "list", "over_at")
        text = f"{by_list.called}: {by_list.list.called} at {at}, over the national average of {over} at {over_at}"
        yield "Weight L", text
    if prevalence:
        at = mark(say.day(prevalence.at), "weights", "prevalence", "at")
        basis = _BASES.get(prevalence.basis, f"the list that the parameter {prevalence.basis} names")
        text = f"{prevalence.called}: the practice's prevalence over the nation's, at {at}, over {basis}"
        yield "Weight P", text
    if target:
        doubt = mark.of_part(("weights", "target_population"))
        yield "Weight T", f"{target.called}{doubt}: the practice's target population over the nation's"


def _budgets(scheme: Scheme, mark: Marker) -> RenderableType:
    """Each printed budget against its list times its rate, with what is left between them."""
    rows = []
    printed_sum = exact_sum = Fraction(0)
    names = _places(scheme)
    for n, line in enumerate(scheme.budgets):
        if line.list.required or line.rate.required or line.budget.required:
            continue
        exact, printed = line.list.known() * line.rate.known(), line.budget.known()
        printed_sum, exact_sum = printed_sum + printed, exact_sum + exact
        heads = mark(say.grouped(line.list.text), "budgets", n, "list")
        name = names.get(line.place, line.place) + (f" ({line.note})" if line.note else "")
        rows.append([name, heads, line.rate.text, pounds(exact), pounds(printed), _signed(printed - exact)])
    if len(rows) > 1:
        rows.append(["All", "", "", pounds(exact_sum), pounds(printed_sum), _signed(printed_sum - exact_sum)])
    head = (("Budget", "left"), *((name, "right") for name in ("List", "Rate", "List × rate", "Printed", "Residual")))
    return indented(grid(*head, rows=rows))


def _places(scheme: Scheme) -> dict[str, str]:
    """The names of the places of this scheme and of its variants: a budget may be printed for all of them."""
    family = scheme.family and any(line.place not in scheme.places for line in scheme.budgets)
    others = [load_scheme(name) for name in scheme_ids()] if family else []
    variants = [other.places for other in others if other.family == scheme.family]
    return {code: name for places in (*variants, scheme.places) for code, name in places.items()}


def _additional(more: AdditionalBudget) -> Iterator[RenderableType]:
    """A budget for further practices, under each reading of it: how many weighted patients it would be for."""
    if not (more.budget.value and more.practices.value):
        yield indented(Text(f"{more.practices} further practices, {more.budget}"))
        return
    budget, count = more.budget.value, more.practices.value
    amount = say.grouped(f"£{say.number(budget)}")
    yield indented(Text(f"{say.number(count)} further practices, {amount}. What that means, if the money is"))
    rows = []
    for reading, rate in more.readings.items():
        heads = budget / rate.value if rate.value else None
        each = ("", "") if heads is None else (_whole(heads), _whole(heads / count))
        rows.append([say.clean(reading), rate.text, *each])
    columns = (("Reading", "left"), ("Rate", "right"), ("Weighted patients", "right"), ("For each practice", "right"))
    yield indented(grid(*columns, rows=rows), 4)
    for text in (f"“{say.clean(more.words)}”" if more.words else "", say.clean(more.note)):
        if text:
            yield indented(Text(text, style="dim"), 4)


def pounds(amount: Fraction) -> str:
    """An amount to the penny: `£297,891.30`."""
    return say.money(scaled(amount.numerator, amount.denominator, 2))


def _whole(number: Fraction) -> str:
    return say.number(scaled(number.numerator, number.denominator, 0))


def _signed(amount: Fraction) -> str:
    pence = scaled(amount.numerator, amount.denominator, 2)
    return f"+{say.money(pence)}" if pence > 0 else say.money(pence)
