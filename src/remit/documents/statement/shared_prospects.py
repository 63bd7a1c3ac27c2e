"""What more a practice could have of what its network earns: the network's next steps, with the practice's part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from remit.core import say
from remit.pricing.prospects import Prospect, prospects
from remit.runs.engine import Run
from remit.runs.networks import Pool
from remit.runs.results import PracticeResult

_FEW = 5
"""So few patients of another practice are not shown."""
_BY_PATIENTS = "contribution"
"""The rule by which a part hangs on whose the further patients are."""


def of_network(run: Run, result: PracticeResult, item: str, by: str, own: str, sensitive: bool) -> Iterator[Prospect]:
    """What lies ahead of the network of an item that it shares out, each worth what it adds to the practice's part.

    Nothing where the network's counts could tell of another member's patients, where it is earned member by member, and
    where parts hang on whose the patients are: the network's own statement says it.
    """
    pool, terms = result.parts[item], result.scheme.networks
    network = run.practice(pool.network.code)
    award = next(one for one in network.awards if one.item.item == item)
    rule = run.standings.plan(network.practice.code).resolved.distribution.value
    if terms is None or terms.earned_by != "network" or rule == _BY_PATIENTS or award.pence is None:
        return
    if not may_show_members(pool, own, sensitive):
        return
    price = run.what_if(network)
    for one in prospects(award, price, by):
        parts = price.worth(one.change, price.touched(one.change))[1] if one.change and one.pence is not None else {}
        mine = [_more(run, result, code, pence) for code, pence in parts.items() if code in result.parts]
        known = [pence for pence in mine if pence is not None]
        yours = sum(known) if one.pence is not None and len(known) == len(mine) else None
        name = pool.network.name or pool.network.code
        share = "how much of it is yours is not known yet" if yours is None else f"of which {say.gain(yours)} is yours"
        text = (
            f"In network {name}: {one.text.rstrip('.')}; {share}." if one.change else f"In network {name}: {one.text}"
        )
        yield replace(one, reaches=f"{one.reaches} in {pool.network.code}", pence=yours, first=None, text=text)


def _more(run: Run, result: PracticeResult, item: str, pence: int) -> int | None:
    """What a practice's part of an item grows by where the network earns so many pence more by it."""
    pool, code = result.parts[item], result.practice.code
    now = pool.pence_of(code)
    then = run.pools.parts_of(pool.network, item, (pool.pence or 0) + pence).get(code)
    return None if now is None or then is None or pool.pence is None else then - now


def may_show_members(pool: Pool, own: str, sensitive: bool) -> bool:
    """Whether what members contribute to a pool may be shown to one of them, `own`, or to another reader ('')."""
    if pool.in_pounds:
        return True
    others = (patients for code, patients in pool.contributions.items() if code != own)
    return not sensitive and not any(patients is not None and 0 < patients <= _FEW for patients in others)
