"""What a reader should know of a run's networks that changes no pounds: their size, and vetoes that do not count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from remit.core import say
from remit.core.problems import Problem, warning
from remit.organisation import Practice
from remit.runs.vetoes import said_by, vetoes_of
from remit.scheme.model import Scheme
from remit.scoring.figure_table import Counts

NETWORK = "network"


def network_warnings(
    loaded: Mapping[str, Scheme], practices: Mapping[str, Practice], assigned: Mapping[str, str], counts: Counts
) -> Iterator[Problem]:
    """Networks outside the size that their scheme names, and vetoes after the day; nothing without networks."""
    if not any(scheme.networks for scheme in loaded.values()):
        return
    for code, practice in practices.items():
        scheme = loaded[assigned[code]]
        if practice.level == NETWORK and scheme.networks:
            yield from _size(scheme, practice)
            yield from _vetoes(scheme, practice, practices, counts)


def _size(scheme: Scheme, network: Practice) -> Iterator[Problem]:
    people = scheme.networks.people if scheme.networks else None
    if people is None or people.least.value is None or people.most.value is None:
        return
    size, should = network.list_size, people.words
    data: dict[str, object] = {"network": network.code, "people": size}
    if size is None:
        why = f"how many people network {network.code} has is not known, and {scheme.scheme} expects {should}."
        yield warning("networks.size", why, None, "Fill in the list_size of its practices.", **data)
    elif not people.least.value <= size <= people.most.value:
        why = f"network {network.code} has {size:,} people, and {scheme.scheme} expects {should}. No amount changes."
        yield warning("networks.size", why, None, "", **data)


def _vetoes(scheme: Scheme, network: Practice, practices: Mapping[str, Practice], counts: Counts) -> Iterator[Problem]:
    items = [item.item for item in scheme.through_networks()]
    members = [p for p in practices.values() if p.network == network.code and p.level != NETWORK]
    found = vetoes_of(scheme, [(one, counts.of(one.code)) for one in members], items)
    by = scheme.networks.veto_by if scheme.networks else None
    late = tuple(dict.fromkeys(veto for vetoes in found.late.values() for veto in vetoes))
    if late and by:
        why = f"the veto of {said_by(late)} is after {say.day(by)}: it does not count."
        yield warning("networks.veto-not-counted", why, network=network.code, practices=[v.practice.code for v in late])
    own = vetoes_of(scheme, [(network, counts.of(network.code))], items)
    if own.counting or own.undated:
        why = f"a VETO is given for network {network.code} itself: it does not count."
        hint = "Give it for the practice that vetoes."
        yield warning("networks.veto-not-counted", why, None, hint, network=network.code, practices=[])
