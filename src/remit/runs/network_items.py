"""Items that are paid to networks in a scheme that pays others to practices: each shared out, with its part in the
members' own payment.

The network is measured and priced as one (or pools what each member earned), item by item. Nothing is paid to the
network itself: what its items come to is its members', so that every sum over practices has it once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from remit.core import say
from remit.core.rounding import pounds_text
from remit.organisation import Practice
from remit.pricing.award import Award, Priced
from remit.runs.networks import Pool
from remit.runs.vetoes import said_by
from remit.scheme.kinds import Calculation, WorkingLine
from remit.scoring.achievement import Achievement

RULE_WORDS = {
    "equal": "in equal parts",
    "list": "by registered list",
    "weighted list": "by weighted list",
    "register": "by register",
    "historic": "by what each was paid in an earlier year (HISTORIC_POUNDS)",
    "contribution": "by what each contributes itself",
    "agreed": "by the amounts that the members agreed on",
}
"""How a pool is shared out, in words."""


def of_items(priced: Priced, items: Sequence[str]) -> Priced:
    """The awards of some items alone."""
    return replace(priced, awards=tuple(award for award in priced.awards if award.item.item in items))


def contribution(award: Award, in_pounds: bool) -> int | None:
    """What a member adds to a network's item: the pence that it earned, or its patients in the numerator."""
    return award.pence if in_pounds else award.achievement.numerator


def with_parts(
    priced: Priced, practice: Practice, pools: Mapping[str, Pool], awards: Mapping[str, Award], waits: str
) -> Priced:
    """A member's awards: of each item that is paid to its network, its part of the pool.

    `awards` are the network's, by item; `waits` says why they are not final.
    """
    return replace(
        priced,
        awards=tuple(
            _part(award, practice, pools[award.item.item], awards[award.item.item], waits)
            if award.item.item in pools
            else award
            for award in priced.awards
        ),
    )


def _part(award: Award, practice: Practice, pool: Pool, whole: Award, waits: str) -> Award:
    """A member's part of one item of its network, with its own working."""
    code, network = award.item.item, pool.network.code
    part = pool.pence_of(practice.code)
    by = RULE_WORDS.get(pool.distribution.rule, "by a rule that is not known yet")
    if code in pool.vetoes.counting or code in pool.vetoes.undated:
        reason, waits = whole.reason, ""
        lines = whole.calculation.lines if whole.calculation else ()
        reached = f"vetoed by {said_by(pool.vetoes.counting[code])}" if code in pool.vetoes.counting else ""
    elif part is None:
        reason = f"Paid through network {network}. {pool.distribution.reason} {whole.reason}".strip()
        lines, reached = (*_network_lines(whole, network),), _reached(whole, network)
    else:
        reason = f"Its part of {_pounds(pool.pence)} of network {network}, shared out {by}."
        own = (line for line in pool.distribution.lines.get(practice.code, ()) if line.label != "Own contribution")
        lines = (*_network_lines(whole, network), *own)
        reached = _reached(whole, network)
    return Award(
        award.item, award.achievement, None, None, (), part, part, award.review, reason, award.within,
        calculation=Calculation(None, tuple(lines), reached=reached), waits=waits if part is not None else "",
    )  # fmt: skip


def _network_lines(whole: Award, network: str) -> list[WorkingLine]:
    """What the network achieved and earned."""
    lines, done = [], whole.achievement
    if done.rate is not None and done.denominator:
        counts = f"{done.numerator or 0:,} / {done.denominator:,}, all its members together"
        lines.append(WorkingLine(f"Achievement of {network}", counts, say.percent(done.rate)))
    if whole.calculation:
        lines += whole.calculation.lines
    lines += whole.trail
    if whole.pence is not None:
        lines.append(WorkingLine(f"{network} earns", "shared out to its members", _pounds(whole.pence)))
    return lines


def _reached(whole: Award, network: str) -> str:
    """Where the network stands: `network C1: 76%`."""
    done = whole.achievement
    return "" if not _is_rate(done) else f"network {network}: {say.percent(done.rate or Fraction(0), 2)}"


def _is_rate(done: Achievement) -> bool:
    return done.rate is not None and bool(done.denominator)


def _pounds(pence: int | None) -> str:
    return "what is not known yet" if pence is None else pounds_text(Fraction(pence, 100))
