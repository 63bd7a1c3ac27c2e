"""A change of a scheme's rules, as the overlay that says it: other thresholds, pence, points, or items retired.

A what-if, a reform that is kept and a scheme file that a commissioner writes are the same thing: a file laid over the
scheme (`overlay.py`). Nothing here knows practices or pounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

import yaml

from remit.core import say
from remit.core.problems import Place, Problem, Refused, error
from remit.core.rounding import exact_text
from remit.core.words import listed
from remit.scheme.kinds import Fixed, Kind
from remit.scheme.loader import build, frozen_text, plain_tree
from remit.scheme.model import Scheme
from remit.scheme.overlay import lay_over
from remit.scheme.parameters import Parameter
from remit.scheme.quantity import PER_1000, Quantity, Step
from remit.scheme.retirement import faults
from remit.scheme.source import Source, parse_source
from remit.scheme.walk import walk

Lever = Literal["thresholds", "pence", "points"]
"""What of an item's pay can be moved: from which achievement it pays, the pence a head, the points."""

Path = tuple[str | int, ...]
Value = Quantity | Step

PROPOSED = "what-if"
"""The source of a number that somebody proposes."""
PROPOSED_SOURCES = {PROPOSED: {"title": "A proposed change; no source gives it", "standing": "unverified"}}
NAMES: Mapping[Lever, str] = {"thresholds": "thresholds", "pence": "pence a head", "points": "points"}
_THE_CHANGE = "the change"
_THRESHOLDS = ("lower", "upper", "target", "minimum_rate")
_WHOLE = Fraction(1)


@dataclass(frozen=True)
class ChangeBy:
    """By how much a number moves, or with `to` what it becomes: a rate of 1, pounds, or points."""

    amount: Fraction
    to: bool = False

    def of(self, value: Fraction) -> Fraction:
        return self.amount if self.to else value + self.amount


@dataclass(frozen=True)
class ProposedChange:
    """A lever that is moved on some items; on all that have it where none is named."""

    lever: Lever
    by: ChangeBy
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reform:
    """A change of rules: what is moved, in order, and the items that are retired."""

    moves: tuple[ProposedChange, ...] = ()
    retired: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moved:
    """A number that a reform moves, as it was and as it would be: `lower` 40% -> 43%."""

    item: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Overlay:
    """What a reform says of one scheme, key by key as a file has it, and the numbers that it moves."""

    tree: Mapping[str, Any] = field(default_factory=dict)
    moved: tuple[Moved, ...] = ()


def levers(kind: Kind) -> dict[Lever, tuple[Path, ...]]:
    """What of a kind can be moved, and where those numbers stand in it. What must be supplied first cannot."""
    paths_: dict[Lever, list[Path]] = {}
    if kind.missing():
        return {}
    per_head = isinstance(kind, Fixed) and kind.per == "head"
    for path, value in walk(kind):
        if isinstance(value, Step):
            paths_.setdefault("thresholds", []).append(path)
            if kind.unit != "pounds":
                paths_.setdefault("pence", []).append(path)
        elif isinstance(value, Quantity) and not value.required:
            if path[-1] in _THRESHOLDS and value.unit in ("per cent", PER_1000):
                paths_.setdefault("thresholds", []).append(path)
            elif path[-1] == "points":
                paths_.setdefault("points", []).append(path)
            elif path[-1] in ("per_head", "per_head_at_lower") or (path[-1] == "pays" and per_head):
                paths_.setdefault("pence", []).append(path)
    return {lever: tuple(paths) for lever, paths in paths_.items()}


def has(kind: Kind) -> str:
    """What of a kind can be moved, in words."""
    own = [NAMES[lever] for lever in levers(kind)]
    if kind.missing():
        return f"it must be supplied first: {kind.missing()}"
    return f"it has {listed(own)}" if own else f"it pays {kind.words()}"


def overlay(scheme: Scheme, reform: Reform) -> Overlay:
    """The overlay that says a reform of one scheme. Raises Refused with everything that does not fit."""
    known = {item.item: item for item in scheme.items}
    values: dict[str, dict[Path, Value]] = {}
    before: dict[str, dict[Path, Value]] = {}
    problems: list[Problem] = []
    for move in reform.moves:
        for code in move.items or known:
            if code not in known or code in reform.retired:
                continue
            kind = known[code].kind
            if move.lever not in levers(kind):
                if move.items:
                    problems.append(_lacks(code, kind, move.lever))
                continue
            if code not in values:
                values[code] = {path: one for path, one in walk(kind) if isinstance(one, Quantity | Step)}
                before[code] = dict(values[code])
            problems += _move(code, kind, move, values[code])
    problems += _not_retired(scheme, reform.retired)
    if problems:
        raise Refused(problems)
    moved = {code: [path for path in own if own[path] is not before[code][path]] for code, own in values.items()}
    moved = {code: paths for code, paths in moved.items() if paths}
    return Overlay(
        _tree(scheme, reform, {code: {path: values[code][path] for path in paths} for code, paths in moved.items()}),
        tuple(
            Moved(code, _name(path), before[code][path].text, values[code][path].text)
            for code, paths in moved.items()
            for path in paths
        ),
    )


def laid_over(scheme: Scheme, over: Mapping[str, Any] | Source) -> Scheme:
    """The scheme with an overlay on it. Raises Refused where the two do not go together."""
    if isinstance(over, Source):
        return build(lay_over(parse_source(frozen_text(scheme), f"{scheme.scheme}.yaml"), over))
    own = Source(_THE_CHANGE, dict(over))
    own.places[()] = Place(_THE_CHANGE)
    try:
        return build(lay_over(Source(scheme.scheme, plain_tree(scheme)), own))
    except Refused as refused:  # the change is in no file
        raise Refused([replace(one, place=None) for one in refused.problems]) from None


def overlay_text(scheme: str, title: str, extends: str, tree: Mapping[str, Any]) -> str:
    """An overlay as the text of a scheme file that can be checked, run and compared."""
    head = {"scheme": scheme, "extends": extends, "version": "1", "title": title}
    text = yaml.safe_dump({**head, **tree}, sort_keys=False, allow_unicode=True, width=110)
    return f"# A proposed change. Whatever is not here stays as in the scheme that it extends.\n{text}"


def _lacks(code: str, kind: Kind, lever: Lever) -> Problem:
    return error("scheme.nothing-to-move", f"item {code} has no {NAMES[lever]}: {has(kind)}.", item=code, lever=lever)


def _move(code: str, kind: Kind, move: ProposedChange, values: dict[Path, Value]) -> Iterator[Problem]:
    """Move one lever of an item; what does not fit is left, and said."""
    paths = levers(kind)[move.lever]
    numbers = [_number(values[path], move.lever) for path in paths]
    if move.by.to and len(set(numbers)) > 1:
        amounts = listed([_text(move.lever, value) for value in dict.fromkeys(numbers)])
        yield error(
            "scheme.change-unfit",
            f"item {code} pays {amounts}: one amount in place of all would make them alike.",
            None,
            "Say by how much they move, such as +1.",
            item=code,
        )
        return
    moved = [move.by.of(value) for value in numbers]
    limit = _WHOLE if move.lever == "thresholds" else None
    for was, now in zip(numbers, moved, strict=True):
        if now < 0 or (limit is not None and now > limit):
            yield _out_of_range(code, move, was, numbers)
            return
    for path, now in zip(paths, moved, strict=True):
        values[path] = _with(values[path], move.lever, now)
    most = values.get(("most",))
    if move.lever == "pence" and isinstance(most, Quantity) and any(isinstance(values[path], Step) for path in paths):
        top = max(moved)
        if most.value != top:
            values["most",] = _quantity(most, f"£{exact_text(top, 2)}", top)


def _out_of_range(code: str, move: ProposedChange, was: Fraction, numbers: Sequence[Fraction]) -> Problem:
    """A number that would be below nothing, or a threshold above 100%; with the most that it could move."""
    now = move.by.of(was)
    low, high = -min(numbers), _WHOLE - max(numbers)
    if move.lever == "thresholds":
        points = say.number(abs(low if now < 0 else high) * 100)
        side = "below 0%" if now < 0 else "above 100%"
        what = f"item {code}: its threshold of {say.percent(was)} would be {side}."
        hint = f"It can {'fall' if now < 0 else 'rise'} by at most {points} percentage points."
    else:
        what = f"item {code}: {_text(move.lever, was)} would be below 0."
        hint = f"It can fall by at most {_text(move.lever, min(numbers))}."
    return error("scheme.change-unfit", what, None, hint, item=code)


def _not_retired(scheme: Scheme, codes: Sequence[str]) -> Iterator[Problem]:
    """Why items cannot be retired: others rest on them, or none would be left."""
    own = [code for code in codes if any(item.item == code for item in scheme.items)]
    if own:
        parameter = Parameter(type="items", about="")
        for message, hint in faults(scheme, parameter, ",".join(own)):
            yield error("scheme.change-unfit", message, None, hint)


def _number(value: Value, lever: Lever) -> Fraction:
    if isinstance(value, Step):
        return value.at if lever == "thresholds" else value.pays
    return value.known()


def _with(value: Value, lever: Lever, now: Fraction) -> Value:
    """A number moved, as a file says it."""
    if isinstance(value, Step):
        at, pays = (now, value.pays) if lever == "thresholds" else (value.at, now)
        text = value.moved(at, _text("pence", pays))
        return replace(value, at=at, pays=pays, text=text, source=PROPOSED, standing=None)
    text = exact_text(now, most=12) if lever == "points" else _text(lever, now)
    if value.unit == PER_1000:
        text = say.rate(now, 1000)
    return _quantity(value, text, now)


def _quantity(value: Quantity, text: str, now: Fraction) -> Quantity:
    return replace(value, value=now, text=text, source=PROPOSED, standing=None, note="")


def _text(lever: Lever, value: Fraction) -> str:
    """`43%`, `8.5p` or `12 points`."""
    if lever == "thresholds":
        return say.percent(value)
    return f"{exact_text(value * 100, most=4)}p" if lever == "pence" else f"{say.number(value)} points"


def _name(path: Path) -> str:
    """What a number of a kind is called: `upper`, `step 2`, `table 1 step 2`."""
    singular = {"steps": "step", "tables": "table"}
    return " ".join(str(part + 1) if isinstance(part, int) else singular.get(part, part) for part in path)


def _tree(scheme: Scheme, reform: Reform, moved: Mapping[str, Mapping[Path, Value]]) -> dict[str, Any]:
    """What the overlay says: the source of what is proposed, the items that are retired, what the others pay."""
    tree: dict[str, Any] = {}
    if moved:
        tree["sources"] = PROPOSED_SOURCES
    levers_moved = {move.lever for move in reform.moves}
    if reform.retired or levers_moved - {"thresholds"}:
        tree["totals"] = {}  # those that the scheme prints are of its own numbers
    own = [code for code in reform.retired if any(item.item == code for item in scheme.items)]
    if own:
        tree["removed"] = own
    plain = {item["item"]: item for item in plain_tree(scheme)["items"]}
    items = [_item(plain[code], scheme.item(code).kind.name, numbers) for code, numbers in moved.items()]
    return {**tree, "items": items} if items else tree


def _item(plain: Mapping[str, Any], name: str, numbers: Mapping[Path, Value]) -> dict[str, Any]:
    """An item of the overlay: the keys of its pay under which a number moved, each whole, without the old words."""
    pays = deepcopy(plain["pays"][name])
    for path, value in numbers.items():
        here = pays
        for part in path[:-1]:
            here = here[part]
        here[path[-1]] = f"{value.text} [{PROPOSED}]"
    for table in pays.get("tables", ()):
        table.pop("words", None)
    keys = dict.fromkeys(path[0] for path in numbers)
    item: dict[str, Any] = {"item": plain["item"]}
    if plain.get("words"):
        item["words"] = ""  # they say the old numbers
    return {**item, "pays": {name: {key: pays[key] for key in keys}}}
