"""What each member of a network is paid in each draw: the draw's pool shared out by the year's rule.

The pence of a draw are those of the items that may move; the rest of a pool, and of what a member contributes to it,
is that of the run. Amounts that members agreed on, and shares by patients counted, cannot be drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from remit.core.sharing import split
from remit.payment.pools import Member, distribute, weight
from remit.runs.engine import Run
from remit.runs.networks import NETWORK, weighed

Pence = NDArray[np.int64]
UNKNOWN = np.iinfo(np.int64).min
"""In place of pence that are not known."""
_BY_WHAT_STAYS = ("equal", "list", "weighted list", "register", "historic")


@dataclass(frozen=True)
class PoolRule:
    """How one network of a run shares out its money: to those who take part, in the order of their codes. A `blocked`
    pool is shared out in no draw."""

    rule: str
    members: tuple[Member, ...]
    blocked: bool = False


def pays_through(run: Run, network: str) -> bool:
    """Whether a run pays the practices of a network through it."""
    practice = run.inputs.practices.get(network)
    return practice is not None and practice.level == NETWORK and run.inputs.scheme_of(network).networks is not None


def pool_rule(run: Run, network: str) -> PoolRule | None:
    """The rule of a network through which a run pays; None where it cannot be drawn."""
    practice, plan = run.inputs.practices[network], run.standings.plan(network)
    terms, rule = plan.scheme.networks, plan.resolved.distribution_of(network)
    pool = run.pools.network(practice).pool
    assert terms is not None
    assert pool is not None
    if pool.distribution.status == "blocked":
        return PoolRule(rule, (), blocked=True)
    members = weighed(plan.resolved, practice, run.pools.sharing(practice))
    by_pounds = rule == "contribution" and terms.earned_by == "practice"
    if not (rule in _BY_WHAT_STAYS or by_pounds) or distribute(1, rule, members, terms.assent).status == "blocked":
        return None
    return PoolRule(rule, tuple(sorted((one for one in members if one.part), key=_by_code)))


def _by_code(member: Member) -> str:
    return member.code


def can_be_drawn(run: Run, network: str, practices: Sequence[str], rule: PoolRule | None) -> bool:
    """Whether what each of these practices of a network is paid can be drawn."""
    if not pays_through(run, network):
        return all(code in run.inputs.practices for code in practices)
    return rule is not None and {member.code for member in rule.members} <= {*practices}


def member_pence(
    run: Run,
    network: str,
    practices: Sequence[str],
    rule: PoolRule | None,
    pool: tuple[Pence, int],
    each: tuple[Pence, Pence],
) -> Pence:
    """Draws x practices: all that each is paid. `rule` is that of a network through which the run pays. `pool` has the
    network's pence of the items that may move, by draw and as the run has it; `each` those of each practice alone."""
    if rule is None:
        now = np.array([_total(run, code) for code in practices], dtype=np.int64)
        return _on_top(now, *each)
    practice = run.inputs.practices[network]
    found = np.zeros(each[0].shape, dtype=np.int64)
    if rule.blocked:
        found[:, [run.standings.takes_part(run.inputs.practices[code]) for code in practices]] = UNKNOWN
        return found
    total = run.pools.network(practice).pence
    whole = _on_top(np.array(UNKNOWN if total is None else total), pool[0], np.array(pool[1]))
    at = [practices.index(member.code) for member in rule.members]
    keys = whole[:, None]
    if rule.rule == "contribution":
        own = {member.code: member.contribution for member in rule.members}
        now = np.array([UNKNOWN if (pence := own.get(code)) is None else pence for code in practices], dtype=np.int64)
        keys = np.column_stack([whole, _on_top(now, *each)[:, at]])
    rows, of_draw = np.unique(keys, axis=0, return_inverse=True)
    shared = np.array([_shared(rule, row) for row in rows.tolist()], dtype=np.int64)
    found[:, at] = shared[of_draw.reshape(-1)]
    return found


def _total(run: Run, code: str) -> int:
    awarded = run.practice(code).awarded
    return UNKNOWN if awarded.unknown else awarded.pence


def _on_top(now: Pence, drawn: Pence, moved: Pence) -> Pence:
    """All pence of a draw: those that may move in it, and the rest of what is paid now."""
    known = (drawn != UNKNOWN) & (now != UNKNOWN) & (moved != UNKNOWN)
    return np.where(known, drawn + (np.where(known, now, 0) - np.where(known, moved, 0)), UNKNOWN)


def _shared(rule: PoolRule, row: Sequence[int]) -> list[int]:
    """A pool shared out; `row` has its pence and, where the rule asks for them, those that each member contributes."""
    pence, *own = row
    members = rule.members
    if own:
        members = tuple(replace(one, contribution=pounds) for one, pounds in zip(members, own, strict=True))
    weights = [weight(rule.rule, one) for one in members]
    if min(row) < 0 or (pence and not any(weights)):
        return [UNKNOWN] * len(members)
    return split(pence, weights) if pence else [0] * len(members)
