"""Each number of an item and of the terms against the source's own words beside it: the value, and on which side it is.

A number is only doubted where the words state one of its kind: per cent, pounds, points, months, so many of so many.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from remit.core import say
from remit.core.rounding import exact_text
from remit.scheme.advances import placed
from remit.scheme.kinds import Strict
from remit.scheme.kinds.gateway import Gateway
from remit.scheme.model import Item, Scheme
from remit.scheme.phrases import StatedNumber, pairs, stated_numbers
from remit.scheme.quantity import Quantity, Range, Step
from remit.scheme.source import Key
from remit.scheme.walk import walk

_CUT = re.compile(r"\b(?:reduc|cut|withh|deduct|less\b|lower)", re.IGNORECASE)
_CAPS, _COUNTED = ("most", "most_of_expected"), ("needs", "units", "choose")
_NOT_IN_WORDS = ("significance", "increase_points", "previous_point_value", "minimum_rate", "most_per_quarter")
_OPPOSITE = {">": (False, True), ">=": (False, False), "<": (True, True), "<=": (True, False)}

Finding = tuple[Key, str, str]
"""Where, what the message begins with (`item 2a`), and what is wrong."""


@dataclass
class _Beside:
    """The words beside some numbers, whose they are, and what they state."""

    whose: str
    words: str
    stated: list[StatedNumber]

    def stated_in(self, *units: str) -> list[StatedNumber]:
        return [one for one in self.stated if one.unit in units]


def words_differ(scheme: Scheme) -> Iterator[Finding]:
    """Every number that is not the one that its words state, and every step that only the words have."""
    for n, item in enumerate(scheme.items):
        yield from _part(item, ("items", n), f"item {item.item}")
    if scheme.scaled_to:
        yield from _part(scheme.scaled_to, ("scaled_to",), "scaled to")
    for name in type(scheme.terms).model_fields:
        said = getattr(scheme.terms, name)
        parts = [(("terms", name), said)] if name != "paid_in_advance" else list(placed(scheme))
        for path, part in parts if said is not None else ():
            yield from _part(part, path, name.replace("_", " "))


def _part(part: Item | object, path: Key, whose: str) -> Iterator[Finding]:
    """A part that quotes its source, and the parts in it that do so themselves."""
    words = getattr(part, "words", "")
    beside: dict[Key, _Beside] = {(): _Beside(whose, words, stated_numbers(words))}
    steps: dict[Key, list[Step]] = {}
    defaults = set(_left_out(part, ()))
    for below, value in walk(part):  # type: ignore[arg-type]
        defaults |= set(_left_out(value, below))
        own = getattr(value, "words", "")
        if isinstance(own, str) and own and "milestones" not in below:
            beside[below] = _Beside(whose, own, stated_numbers(own))
        at = next(below[:depth] for depth in range(len(below), -1, -1) if below[:depth] in beside)
        if isinstance(value, Gateway) and value.needs is None:
            yield from _counted(beside[at], (*path, *below), len(value.elements_), len(value.elements_))
        elif isinstance(value, Step):
            steps.setdefault(at, []).append(value)
            yield from ((where, whose, text) for where, text in _step(beside[at], (*path, *below), value))
        elif isinstance(value, Range):
            yield from ((where, whose, text) for where, text in _range(beside[at], (*path, *below), value))
        elif isinstance(value, Quantity) and value.value is not None and below[-1] not in _NOT_IN_WORDS:
            if below in defaults:
                continue  # the file does not say it, so the words are of something else
            whole = _elements(part) if below[-1] == "needs" else 0
            yield from _quantity(beside[at], (*path, *below), value, whole)
    every = {step.at for held in steps.values() for step in held}
    for at, held in steps.items():
        stated_ = {one.value for one in beside[at].stated_in("per cent")}
        only = [pair for pair in pairs(beside[at].stated) if pair[0].value not in every]
        if all(step.at in stated_ for step in held):  # else the step that differs is named already
            for threshold, amount in only:
                where = (*path, *(at or ("pays", "steps")))
                text = (
                    f"the words beside it pay {_pence(amount.value)} at {_per_cent(threshold.value)}, and no step does."
                )
                yield where, whose, text


def _left_out(part: object, path: Key) -> Iterator[Key]:
    """The keys of a part that the file does not give, where it is no number itself."""
    if isinstance(part, Strict) and not isinstance(part, Quantity):
        fields = type(part).model_fields
        yield from ((*path, fields[name].alias or name) for name in fields if name not in part.model_fields_set)


def _elements(part: object) -> int:
    kind = part.kind if isinstance(part, Item) else None
    return len(kind.elements_) if isinstance(kind, Gateway) else 0


def _step(beside: _Beside, path: Key, step: Step) -> Iterator[tuple[Key, str]]:
    """A step's threshold, its side, and the pence that it pays."""
    if step.per != 100:
        return  # the words' numbers per 1,000 are not read
    side = {"below": not step.above} if step.falls else {"above": step.above}
    yield from _threshold(beside, path, step.text, step.at, **side)
    amounts = [one.value for one in beside.stated_in("pounds")]
    paid = [amount.value for threshold, amount in pairs(beside.stated) if threshold.value == step.at]
    if amounts and step.pays not in amounts:
        yield path, f"'{step.text}', but {_pence(step.pays)} is not in the words beside it."
    elif paid and step.pays not in paid:
        yield path, f"'{step.text}', but the words beside it pay {_pence(paid[0])} there."


def _range(beside: _Beside, path: Key, when: Range) -> Iterator[tuple[Key, str]]:
    if when.low is not None:
        yield from _threshold(beside, path, when.text, when.low, above=when.low_above)
    if when.high is not None:
        yield from _threshold(beside, path, when.text, when.high, below=when.high_below)


def _threshold(
    beside: _Beside, path: Key, text: str, at: Fraction, *, above: bool | None = None, below: bool | None = None
) -> Iterator[tuple[Key, str]]:
    """A lower threshold (`above` or from it) or an upper one (`below` or up to it) against the words' per cents."""
    stated_ = beside.stated_in("per cent")
    signs = {one.sign for one in stated_ if one.value == at}
    meant = (False, bool(above)) if above is not None else (True, bool(below))
    threshold = _per_cent(at)
    if stated_ and not signs:
        yield path, f"'{text}', but {threshold} is not in the words beside it."
    elif stated_ and "" not in signs and meant not in [_OPPOSITE[sign] for sign in signs if sign]:
        sign = min(signs, key=lambda sign: _OPPOSITE[sign][0] != meant[0])
        yield path, f"'{text}', but the words beside it have {sign}{threshold}."


def _quantity(beside: _Beside, path: Key, quantity: Quantity, whole: int) -> Iterator[Finding]:
    """A number by itself: thresholds of a line, a share, an amount, points, months, or how many of how many."""
    value, key = quantity.known(), str(path[-1])
    if key in _COUNTED:
        yield from _counted(beside, path, int(value), whole)
    elif quantity.unit == "per cent":
        stated_ = beside.stated_in("per cent")
        known = {one.value for one in stated_} | (
            {1 - one.value for one in stated_} if _CUT.search(beside.words) else set()
        )
        if key in ("lower", "upper") and len(known) == 1:
            return  # the words name one of the two
        yield from _among(beside, path, quantity.text, value, stated_, known, _per_cent)
    elif quantity.unit == "pounds":
        stated_ = [one for one in beside.stated_in("pounds") if (one.sign == "<=") == (key in _CAPS)]
        yield from _among(beside, path, quantity.text, value, stated_, {one.value for one in stated_}, _pence)
    elif quantity.unit == "points":
        stated_ = beside.stated_in("points")
        yield from _among(
            beside, path, f"{quantity.text} points", value, stated_, {one.value for one in stated_}, _plain
        )
    elif key in ("months", "instalments", "days"):
        stated_ = beside.stated_in(key) or (beside.stated_in("months", "instalments") if key != "days" else [])
        yield from _among(
            beside, path, f"{quantity.text} {key}", value, stated_, {one.value for one in stated_}, _plain
        )


def _among(
    beside: _Beside,
    path: Key,
    text: str,
    value: Fraction,
    stated_: list[StatedNumber],
    known: set[Fraction],
    shown: Callable[[Fraction], str],
) -> Iterator[Finding]:
    if stated_ and value not in known:
        have = say.listed(list(dict.fromkeys(shown(one.value) for one in stated_)), "or")
        yield path, beside.whose, f"{text}, but the words beside it have {have}."


def _counted(beside: _Beside, path: Key, needed: int, whole: int) -> Iterator[Finding]:
    """So many of so many."""
    stated_ = beside.stated_in("of")
    if stated_ and not any(one.value == needed and one.whole in (0, whole or one.whole) for one in stated_):
        one = stated_[0]
        have = f"{exact_text(one.value)} of {one.whole}" if one.whole else f"{exact_text(one.value)}"
        yield path, beside.whose, f"{needed}{f' of {whole}' if whole else ''}, but the words beside it have {have}."


def _per_cent(value: Fraction) -> str:
    return f"{exact_text(value * 100, most=4)}%"


def _pence(value: Fraction) -> str:
    return say.per_head(value)


def _plain(value: Fraction) -> str:
    return exact_text(value)
