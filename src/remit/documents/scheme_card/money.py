"""A scheme's card, the part about money: what full achievement is worth, weights, printed budgets against computed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core import say
from remit.core.rounding import scaled
from remit.documents import figures
from remit.documents.blocks import Block, Cell, Column, Facts, Para, Row, Table
from remit.documents.scheme_card.marks import Marker
from remit.documents.scheme_card.model import SchemeCard
from remit.scheme.model import AdditionalBudget, Scheme

_BASES = {"group": "each register's own list", "registered": "the whole list"}
_FEW = 6


def answer(card: SchemeCard) -> str:
    """The answer first: what a practice gets in all, for which list, who pays and for which year."""
    scheme, worth = card.scheme, card.worth
    payer = f"{say.clean(scheme.commissioner)} pays it for {scheme.year}."
    unlimited = f"{say.capital(_open(worth.unlimited))} rests on its figures and has no set limit. "
    unlimited = unlimited if worth.unlimited else ""
    if worth.pence is None and worth.unlimited and not worth.unpriced:
        return f"{unlimited}{payer}"
    if worth.pence is None:
        return f"What it pays in all is not known: {_open(worth.unpriced)} must be supplied. {unlimited}{payer}"
    network = scheme.networks is not None and scheme.networks.earned_by == "network" and not scheme.pays_both
    whom = "a network" if network else "each provider" if scheme.levels != ("practice",) else "a practice"
    how = _how(scheme)
    beside = _to_network(card)
    more = f", without {_open(worth.unpriced)}, which must be supplied" if worth.unpriced else ""
    more += ", before the budget that all practices share" if scheme.scaled_to else ""
    return (
        f"Full achievement pays {whom}{_of_list(card)} {say.money(worth.pence)}{how}{more}.{beside} {unlimited}{payer}"
    )


def _to_network(card: SchemeCard) -> str:
    """What is paid to a network beside, and shared out; nothing where practices alone, or networks alone, are paid."""
    if not card.scheme.pays_both:
        return ""
    items = say.listed([item.item for item in card.scheme.through_networks()])
    pence = card.worth.to_network
    most = f" {say.money(pence)} at most" if pence is not None else ""
    return f" A network gets{most} for {items}, which is shared out to its practices."


def _of_list(card: SchemeCard) -> str:
    worth, scheme = card.worth, card.scheme
    if worth.patients is None:
        return ""
    weighted = "weighted " if scheme.paid_by == "weighted_list_size" else ""
    size = f"{say.number(worth.patients)} {weighted}patients"
    prevalence = " and average prevalence" if scheme.weights.prevalence else ""
    return f" with the national average list of {size}{prevalence}" if worth.average else f" with {size}{prevalence}"


def _how(scheme: Scheme) -> str:
    """`: £2.10 for each`, `: 559 points at £179.26`; nothing where the sum says it all."""
    most, points = scheme.most_per_head(), scheme.points_available()
    parts = [f"{say.pounds(most)} for each"] if most else []
    if points and scheme.point and scheme.point.value.value is not None:
        parts.append(f"{say.number(points)} points at {scheme.point.value.text}")
    set_sums = scheme.most_in_pounds()
    parts += [f"{say.pounds(set_sums)} in set sums"] if parts and set_sums else []
    return f": {say.listed(parts)}" if parts else ""


def _open(codes: tuple[str, ...]) -> str:
    what = "what item{} {} pay{}" if codes else "its figures"
    shown = f"{', '.join(codes[:_FEW])} and {len(codes) - _FEW} others" if len(codes) > _FEW else say.listed(codes)
    return what.format("s"[: len(codes) > 1], shown, "s"[: len(codes) == 1])


def money(card: SchemeCard, mark: Marker) -> Iterator[Block]:
    """What the scheme is worth, and to whom."""
    scheme = card.scheme
    rows = (*_worth(scheme, mark), *_area(scheme, mark), *_weights(scheme, mark))
    if rows:
        yield Facts(rows)
    if scheme.budgets:
        yield _budgets(card, mark)
    if scheme.additional:
        yield from _additional(scheme.additional)


def _worth(scheme: Scheme, mark: Marker) -> Iterator[tuple[str, str]]:
    most, points = scheme.most_per_head(), scheme.points_available()
    if scheme.heads and most is not None:
        when = mark(say.day(scheme.heads.at), "heads", "at")
        each = f"for each head of the {scheme.heads.called} at {when}"
        yield "Per head", f"{say.pounds(most)} for full achievement, {each}"
        if scheme.heads.at_least:
            least = mark(say.grouped(scheme.heads.at_least.text), "heads", "at_least")
            yield "Least list", f"A practice with fewer than {least} is paid as if it had so many"
    if points:
        unpriced = sum(item.kind.unit == "points" for item in scheme.unpriced())
        more = f", and those of {unpriced} item{'s'[: unpriced > 1]} which must be supplied" if unpriced else ""
        yield "Points", f"{say.number(points)} for full achievement{more}"
    pounds_ = [
        item.item for item in scheme.to_practices() if item.kind.unit == "pounds" and item.item not in scheme.within
    ]
    if pounds_:
        open_ = [code for code in pounds_ if scheme.item(code).most is None]
        known = scheme.most_in_pounds()
        parts = [f"{say.pounds(known)} at most to each provider"] if known else []
        if open_:
            few = len(open_) > _FEW
            shown = ", ".join(open_[:_FEW]) + f" and {len(open_) - _FEW} others" if few else say.listed(open_)
            parts.append(f"what {shown} can pay has no set limit here")
        yield "In pounds", say.capital("; ".join(parts))
    for limit in scheme.limits:
        yield "Together", say.capital(limit.words)
    labels = [item.label_points.known() for item in scheme.items if item.label_points and item.label_points.value]
    if labels:
        yield "Label points", f"{say.number(sum(labels, Fraction(0)))}, printed only: pay comes from the pence"
    if scheme.point:
        yield "A point", f"{mark(scheme.point.value.text, 'point', 'value')} before weights"
        if scheme.point.value.value is not None and points:
            yield "Full points", f"{say.money(_pence(scheme.point.value.known() * points))} with every weight at 1"


def _area(scheme: Scheme, mark: Marker) -> Iterator[tuple[str, str]]:
    """What rests on all practices together."""
    if scheme.scaled_to:
        budget = mark(say.grouped(scheme.scaled_to.budget.text), "scaled_to", "budget")
        yield "Budget", f"{budget} {scheme.scaled_to.in_words()}{_said(scheme.scaled_to.words)}"
    if scheme.small_numbers:
        fewer = mark(scheme.small_numbers.fewer_than.text, "small_numbers", "fewer_than")
        words = scheme.small_numbers.words
        yield "Small numbers", f"{say.capital(scheme.small_numbers.in_words(fewer))}{_said(words)}"


def _said(words: str) -> str:
    return f" (“{say.clean(words)}”)" if words else ""


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


def _budgets(card: SchemeCard, mark: Marker) -> Table:
    """Each printed budget against its list times its rate, with what is left between them."""
    scheme, rows = card.scheme, []
    printed_sum = exact_sum = Fraction(0)
    for n, line in enumerate(scheme.budgets):
        if line.list.required or line.rate.required or line.budget.required:
            continue
        exact, printed = line.list.known() * line.rate.known(), line.budget.known()
        printed_sum, exact_sum = printed_sum + printed, exact_sum + exact
        heads = mark(say.grouped(line.list.text), "budgets", n, "list")
        name = card.places.get(line.place, line.place) + (f" ({line.note})" if line.note else "")
        figure = f"budget/{line.place}"
        listed = Cell(heads, f"{figure}/list", line.list.known(), "number")
        rows.append(Row((say.clean(name), listed, line.rate.text, *_compared(exact, printed, figure))))
    if len(rows) > 1:
        rows.append(Row(("All", "", "", *_compared(exact_sum, printed_sum, "budget")), "total"))
    columns = (
        Column("Place", 4),
        Column("List", 2, True),
        Column("Rate", 1.5, True),
        *(Column(name, 3, True) for name in ("List × rate", "Printed", "Residual")),
    )
    return Table("Printed budgets, beside list × rate", columns, tuple(rows))


def _compared(exact: Fraction, printed: Fraction, figure: str) -> tuple[Cell, Cell, Cell]:
    return (
        figures.pounds(_pence(exact), f"{figure}/computed"),
        figures.pounds(_pence(printed), f"{figure}/printed"),
        figures.change(_pence(printed - exact), f"{figure}/residual"),
    )


def _additional(more: AdditionalBudget) -> Iterator[Para | Table]:
    """A budget for further practices, under each reading of it: how many weighted patients it would be for."""
    if not (more.budget.value and more.practices.value):
        yield Para(f"{more.practices} further practices, {more.budget}")
        return
    budget, count = more.budget.value, more.practices.value
    amount = say.grouped(f"£{say.number(budget)}")
    rows = []
    for n, (reading, rate) in enumerate(more.readings.items(), 1):
        heads = budget / rate.value if rate.value else None
        each = tuple(
            "" if heads is None else Cell(_whole(part), f"reading/{n}/{name}", part, "number")
            for name, part in (("patients", heads), ("each", heads / count if heads is not None else None))
            if part is not None
        ) or ("", "")
        rows.append(Row((say.clean(reading), rate.text, *each)))
    columns = (
        Column("Reading", 4),
        *(Column(name, 2, True) for name in ("Rate", "Weighted patients", "For each practice")),
    )
    yield Table(
        f"{say.number(count)} further practices, {amount}: what that means, if the money is", columns, tuple(rows)
    )
    for text in (f"“{say.clean(more.words)}”" if more.words else "", say.clean(more.note)):
        if text:
            yield Para(text, "small")


def _pence(amount: Fraction) -> int:
    return scaled(amount.numerator, amount.denominator, 2)


def _whole(number: Fraction) -> str:
    return say.number(scaled(number.numerator, number.denominator, 0))
