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


def _day(text: str) -> date | None:
    """A term's own day; None for the name of a parameter, and while it is open."""
    try:
        return parse_date(text)
    except ValueError:
        return None
