"""What would change an item's pounds: the next steps, one more patient, the gate, one more patient left out (PCA).

Every worth is what the engine pays with the changed figure, less what it pays now (`what_if.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from remit.core import say
from remit.core.figures import DENOMINATOR, PCAS, REGISTER, FigureKey
from remit.core.rounding import exact_text
from remit.pricing.award import Award
from remit.pricing.moves import Move, asked_of, moves, one_patient, patients_to, table_edges, to_meet
from remit.pricing.scenario import Change
from remit.pricing.what_if import WhatIf
from remit.scheme.kinds import CalculatedKind, PaysAmount, Steps
from remit.scheme.model import Item


@dataclass(frozen=True)
class Prospect:
    """Something that would earn more: `patients` more of them (None where it is no matter of patients), its worth in
    pence (None while it is not known) and the sentence that says so. `first` is the worth of the first patient. Where
    lower is better, `fewer` says that it takes so many fewer. `whose` is the item whose figures change: itself, or
    its gate. `change` are those figures; it is empty where the threshold is beyond reach."""

    item: str
    reaches: str
    patients: int | None
    pence: int | None
    text: str
    first: int | None = None
    fewer: bool = False
    whose: str = ""
    change: Change = field(default_factory=dict)


def prospects(award: Award, price: WhatIf, by: str) -> Iterator[Prospect]:
    """All that lies above where the practice stands, nearest first; nothing beyond the top, and nothing that loses."""
    kind = award.item.kind
    if kind.missing() or award.achievement.average:  # paid at the area's average, whatever one patient more does
        return
    if award.unmet:
        yield from _several_gates(award, price, by)
        return
    if award.shut:
        return
    if award.earned is None or (isinstance(kind, Steps) and kind.gate and award.gate is None):
        return
    one = one_patient(award.item, price) if kind.uses_rate() and award.achievement.rate is not None else None
    first = price.worth(one, price.touched(one))[0] if one else None
    all_ = []
    for move in moves(award, price):
        if not move.change:
            all_.append(Prospect(award.item.item, move.reaches, None, None, move.done, whose=award.item.item))
            continue
        ahead = _prospect(award, move, price, by, first)
        if ahead.pence is None or ahead.pence >= 0:
            all_.append(ahead)
    yield from _once(_with_asked(all_, award, price, by, first))
    if isinstance(kind, Steps) and kind.gate:
        yield from _gate(award, kind, price, by)


def _with_asked(own: list[Prospect], award: Award, price: WhatIf, by: str, first: int | None) -> list[Prospect]:
    """With what the conditions of items ask of this one's achievement, where that is worth something, nearest first."""
    if not price.plan.conditional or not award.item.kind.takes_rate:
        return own
    asked = [
        _prospect(award, move, price, by, first)
        for move in patients_to(award.item, asked_of(award.item, price.plan), price)
        if move.change and move.patients not in {one.patients for one in own}
    ]
    more = [one for one in asked if one.pence]
    return sorted([*own, *(one for one in more if (one.pence or 0) > 0)], key=_how_far) if more else own


def _how_far(one: Prospect) -> tuple[bool, int]:
    return one.patients is None, one.patients or 0


def _once(prospects_: list[Prospect]) -> list[Prospect]:
    """What is declared piece by piece; all at once in its place where that is worth more, as it opens something."""
    whole, pieces = prospects_[-1:], prospects_[:-1]
    keys = {key for piece in pieces for key in piece.change}
    if len(pieces) < 2 or not all(one.patients is None and keys == one.change.keys() for one in whole):
        return prospects_
    more = sum(one.pence or 0 for one in whole) > sum(piece.pence or 0 for piece in pieces)
    return whole if more else pieces


def _prospect(award: Award, move: Move, price: WhatIf, by: str, first: int | None) -> Prospect:
    """What a move of an item's own figures is worth, over all items that they touch."""
    item = award.item
    pence, parts, after = price.worth(move.change, price.touched(move.change))
    worth = _worth(pence, award, after[item.item]) + _where(item, parts)
    counted = item.kind.takes_rate or move.done
    if not counted:
        first = None
        if item.kind.by_figures:
            text = f"{say.capital(move.reaches)}: {worth}, by {by}."
        else:
            all_of = f"all {item.kind.in_words()}" if isinstance(item.kind, PaysAmount) else "all of it"
            text = f"{say.capital(move.reaches)}, it earns {all_of}: {worth}, by {by}."
    else:
        alone = f", the first of them {say.gain(first)}" if first and first > 0 and (move.patients or 0) > 1 else ""
        text = f"{say.capital(move.words)}. {move.done}: {worth}{alone}, by {by}."
    return Prospect(item.item, move.reaches, move.patients, pence, text, first, move.fewer, item.item, move.change)


def _gate(award: Award, kind: Steps, price: WhatIf, by: str) -> Iterator[Prospect]:
    """What it would bring if its gate reached the nearest table that pays more, on the achievement that it has."""
    gate, rate = price.plan.lines[kind.gated_by].item, award.gate
    if rate is None:
        return
    now = kind.table_at(rate)
    for move in patients_to(gate, table_edges(kind), price):
        if not move.change:
            continue
        pence, parts, after = price.worth(move.change, price.touched(move.change))
        if pence is not None and pence <= 0:
            continue
        where = f" (now: {now.when.text})" if now else ""
        worth = _worth(pence, award, after[award.item.item]) + _where(award.item, parts)
        text = f"If {gate.item} were {move.reaches}{where}, by {move.done}: {worth}, by {by}."
        yield Prospect(
            award.item.item, f"{gate.item} {move.reaches}", move.patients, pence, text, None, move.fewer, gate.item,
            move.change,
        )  # fmt: skip
        return


def _several_gates(award: Award, price: WhatIf, by: str) -> Iterator[Prospect]:
    """What it would bring if all that an item requires were met at once, where no one of them alone opens it."""
    moves_ = _to_open(award, price)
    if moves_ is None or len(moves_) < 2:
        return
    change = {key: value for move in moves_.values() for key, value in move.change.items()}
    pence, parts, after = price.worth(change, price.touched(change))
    if pence is not None and pence <= 0:
        return
    reaches = "; ".join(f"{code} {move.reaches}" for code, move in moves_.items())
    worth = _worth(pence, award, after[award.item.item]) + _where(award.item, parts)
    text = f"With {say.listed(list(moves_))} met ({reaches}): {worth}, by {by}."
    yield Prospect(award.item.item, reaches, None, pence, text, None, False, award.item.item, change)


def _to_open(award: Award, price: WhatIf) -> dict[str, Move] | None:
    """A move for every item that must be met before this one pays; None where one of them cannot be brought about."""
    moves_: dict[str, Move] = {}
    change: dict[tuple[str, FigureKey], int] = {}
    awards, rests = dict(price.now), price.plan.needs(award.item.item)
    while (shut := awards.get(award.item.item)) and shut.unmet:
        while shut and shut.unmet:
            code = shut.unmet[0]
            shut = awards.get(code)
        move = to_meet(shut, price) if shut and code not in moves_ else None
        if move is None:
            return None
        moves_[code] = move
        change.update(move.change)
        awards = price.awards(change, rests)
    return moves_


def rate_text(award: Award, rate: Fraction | None = None) -> str:
    """A rate to two decimals of a per cent, or as many more as keep it on its own side of every threshold."""
    rate = award.achievement.rate if rate is None else rate
    assert rate is not None
    thresholds = award.item.kind.thresholds(award.gate) if award.earned is not None else ()
    per = award.item.kind.rates_per
    for most in (2, 3, 4, 6, 8):
        shown = Fraction(exact_text(rate * per, most=most)) / per
        if all((shown > b.at, shown < b.at) == (rate > b.at, rate < b.at) for b in thresholds):
            return say.rate(rate, per, most)
    return say.rate(rate, per, 12)


def _worth(pence: int | None, now: Award, after: Award) -> str:
    """Pounds, or the points where the pounds are not known."""
    if pence is not None:
        return say.gain(pence)
    if now.item.kind.unit == "points" and now.earned is not None and after.earned is not None:
        return f"+{say.number(after.earned - now.earned, 3)} points, in pounds not known yet"
    return "worth not known yet"


def _where(item: Item, parts: Mapping[str, int]) -> str:
    """On which items pounds change, where that is not the item itself alone."""
    if len(parts) == 1 and item.item not in parts:
        return f" on {say.item(next(iter(parts)))}"
    each = [f"{say.gain(p)} on {say.item(code)}" for code, p in parts.items()]
    return f" ({say.listed(each)})" if len(each) > 1 else ""


@dataclass(frozen=True)
class OnePca:
    """What one more personalised care adjustment (until 2018-19 an exception), of a patient without the care, does."""

    text: str
    rate: Fraction | None = None
    pence: int | None = None


def one_pca(award: Award, price: WhatIf) -> OnePca | None:
    """One patient fewer in the denominator, one more PCA; None where the item has no denominator to leave."""
    item, done = award.item, award.achievement
    if item.measure != "achievement" or done.rate is None or done.numerator is None or done.denominator is None:
        return None
    paid_by_others = award.shut or award.achievement.average
    if isinstance(item.kind, CalculatedKind) or item.kind.falls or paid_by_others or award.earned is None:
        return None
    holder = price.holder(item.item, DENOMINATOR)
    if holder is None:
        return None
    if done.numerator == done.denominator:
        return OnePca("Everybody who is counted has had the care.")
    change: dict[tuple[str, FigureKey], int] = {(holder, DENOMINATOR): done.denominator - 1}
    if done.pcas is not None:
        change[holder, PCAS] = done.pcas + 1
    pence, _, awards = price.worth(change, price.plan.dependents(item.item))
    after = awards[item.item]
    rate = after.achievement.rate
    ratio = f"{done.numerator:,} / {done.denominator - 1:,}"
    if rate is None:
        return OnePca(f"{ratio}: no patients would be left to count, and nothing would be paid.", None, pence)
    change_text = "no change in pounds" if pence == 0 else _worth(pence, award, after)
    pca = ""
    if done.pcas is not None and item.guard:
        before = Fraction(done.pcas, done.pcas + done.denominator)
        then = Fraction(done.pcas + 1, done.pcas + done.denominator)
        pca = (
            f" The PCA rate would go from {say.percent(before, 1)} to {say.percent(then, 1)}, which the guard looks at."
        )
    text = f"{ratio} = {rate_text(award, rate)}, {change_text}.{pca}"
    return OnePca(text, rate, pence)


def register_worth(item: Item, price: WhatIf) -> int | None:
    """What one more patient on the register of an item is worth through the weights of all items that read it and
    whose pounds are known."""
    holder = price.holder(item.item, REGISTER)
    if holder is None:
        return None
    register = price.figures[holder][REGISTER]
    known = [item.item for item in price.readers(holder) if price.now[item.item].pence is not None]
    return price.worth({(holder, REGISTER): int(register) + 1}, known)[0]
