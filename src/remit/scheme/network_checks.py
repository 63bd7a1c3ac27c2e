"""What must hold between the keys of `networks`, and between them and the rest of a scheme."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from remit.core.dates import parse_date
from remit.scheme.model import Scheme
from remit.scheme.source import Key

Fault = tuple[Key, str, str]
"""Where it is, what is wrong, and what to do."""


def network_faults(scheme: Scheme) -> Iterator[Fault]:
    """Every contradiction: a last day for a veto where there is none, or after the balance; least above most."""
    yield from _whom(scheme)
    networks = scheme.networks
    if networks is None:
        return
    due = _day(scheme.terms.balance.due)
    if networks.veto_by and networks.assent != "unless vetoed":
        why = f"there is a last day for a veto, and by 'assent: {networks.assent}' there is no veto."
        yield ("networks", "veto_by"), why, "Write 'assent: unless vetoed', or remove 'veto_by'."
    elif networks.veto_by and due and networks.veto_by > due:
        why = f"a veto counts until {networks.veto_by}, and the balance is due before that, on {due}."
        yield ("networks", "veto_by"), why, "Correct one of the days."
    people = networks.people
    least, most = (people.least.value, people.most.value) if people else (None, None)
    if people and least is not None and most is not None and least > most:
        why = f"from {people.words} is no size: the larger number comes first."
        yield ("networks", "people", "least"), why, "Give the smaller number as 'least'."


def _whom(scheme: Scheme) -> Iterator[Fault]:
    """Whom items are paid to: networks that there are, and nothing that rests on an item of others."""
    named = [(n, item) for n, item in enumerate(scheme.items) if item.paid_to]
    if scheme.networks is None:
        for n, item in named:
            if item.paid_to == "network":
                why = f"item {item.item} is paid to the network, and the scheme does not say how networks share it out."
                yield ("items", n, "paid_to"), why, "Add 'networks', or leave 'paid_to' out."
        return
    if named and not scheme.pays_both:
        why = "no item is paid to a network, and 'networks' says how they share it out."
        yield ("items", named[0][0], "paid_to"), why, "Write 'paid_to: network' on an item, or remove 'networks'."
        return
    if not scheme.pays_both:
        return
    whom, before = {item.item: item.paid_to or "practice" for item in scheme.items}, list[str]()
    for n, item in enumerate(scheme.items):
        own = whom[item.item]
        for other in sorted({*item.kind.depends_on(tuple(before)), *item.leans_on, *item.kind.pays_for()}):
            if whom.get(other, own) != own:
                why = f"item {item.item} is paid to the {own} and rests on {other}, which is paid to the {whom[other]}."
                yield ("items", n, "item"), why, "Pay both to the same, or take the link out."
        before.append(item.item)
    for n, limit in enumerate(scheme.limits):
        if len({whom[code] for code in scheme.limited(limit) if code in whom}) > 1:
            why = f"the limit of {limit.whose} is of what practices are paid and of what networks are."
            yield ("limits", n, "items"), why, "Name the items of one of them."
    shared = [item.item for item in scheme.through_networks()]
    if scheme.scaled_to and any(scheme.scaled_to.names(code) for code in shared):
        why = "the budget scales what is paid to networks, whose items are not among what practices come to together."
        yield ("scaled_to", "items"), why, f"Name the items without {', '.join(shared)}."
    small = [item.item for item in scheme.through_networks() if item.small_numbers]
    for n, item in enumerate(scheme.items):
        if item.item in small:
            why = f"item {item.item} is paid to networks, and small numbers are of a practice by itself."
            yield ("items", n, "small_numbers"), why, "Remove 'small_numbers', or pay the item to practices."
    rule = scheme.parameters.get(scheme.networks.distribution)
    rules = rule.choices if rule else (scheme.networks.distribution,)
    if len(shared) > 1 and "agreed" in rules:
        why = f"{', '.join(shared)} are shared out by the amounts agreed, and AGREED_POUNDS is of one pool alone."
        yield ("networks", "distribution"), why, "Use another rule, or pay one item to networks."


def _day(text: str) -> date | None:
    """A term's own day; None for the name of a parameter, and while it is open."""
    try:
        return parse_date(text)
    except ValueError:
        return None
