"""How two schemes differ: what was retired, what is new, what moved and by how much.

Items are matched by their code, and where that changed from year to year by what the successor `replaces`. Words,
notes and sources are not compared: they say where a rule is from, not what it pays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.core.alike import alike
from remit.core.rounding import exact_text
from remit.core.words import listed
from remit.scheme.comparison_sections import ABSENT, pounds_text, sections_of
from remit.scheme.kinds import CalculatedKind, Kind, OverBaseline, Protected, Required, Steps, Strict
from remit.scheme.model import Indicator, Item, Scheme
from remit.scheme.readings import disputed
from remit.scheme.walk import walk

_WORDINGS = ("title", "definition")


@dataclass(frozen=True)
class ChangedPart:
    """One thing that reads otherwise: `upper`, `90%` before, `70%` after; ABSENT where a side does not have it."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ItemChange:
    """An item of both schemes, or one and its successor, and what changed in it.

    Where one takes the place of several, `others` are those beside `before`, and `changes` are from `before`.
    """

    before: Item
    after: Item
    changes: tuple[ChangedPart, ...]
    others: tuple[Item, ...] = ()

    @property
    def replaced(self) -> bool:
        """Whether another item took the place."""
        return self.before.item != self.after.item

    @property
    def befores(self) -> tuple[Item, ...]:
        """All the items whose place it took, or the item itself as it was."""
        return (self.before, *self.others)

    @property
    def gain(self) -> Fraction:
        """The points that it pays more than before; 0 for an item that pays by head."""
        return _points([self.after]) - _points(self.befores)


@dataclass(frozen=True)
class SchemeComparison:
    """Everything in which `after` differs from `before`."""

    before: Scheme
    after: Scheme
    retired: tuple[Item, ...]
    new: tuple[Item, ...]
    changed: tuple[ItemChange, ...]
    same: int
    sections: Mapping[str, tuple[ChangedPart, ...]]
    """Changes outside the items, by section: about, money, terms, rounding, weights, parameters, budgets …"""

    @property
    def none(self) -> bool:
        return not (self.retired or self.new or self.changed or any(self.sections.values()))

    def summary(self) -> str:
        """The difference in one sentence."""
        parts = [*self._gone_and_new(), *self._protected(), *self._moved(), *self._other_changes(), *self._worth()]
        parts += self._waiting()
        if not any(parts) and self.sections:
            parts = [f"The items are the same; what differs: {', '.join(self.sections)}"]
        return "; ".join(filter(None, parts)) or "No difference"

    def _gone_and_new(self) -> Iterable[str]:
        """What was retired; what is new, domain by domain where a domain is new to a scheme that keeps others."""
        all_protected = bool(self.retired) and all(isinstance(item.kind, Protected) for item in self.retired)
        yield _counted(self.retired, "retired") + (", all of them protected" if all_protected else "")
        known, domains = ({item.domain for item in side.items if item.domain} for side in (self.before, self.after))
        added = [name for name in dict.fromkeys(item.domain for item in self.new) if name and name not in known]
        if not known & domains:
            added = []
        yield _counted([item for item in self.new if item.domain not in added], "new")
        for name in added:
            some = [item for item in self.new if item.domain == name]
            yield _counted(some, name.replace("_", " "), first=True)

    def _protected(self) -> Iterable[str]:
        shielded = self._shielded()
        if shielded:
            already = [change.after for change in shielded if isinstance(change.before.kind, Protected)]
            text = f"{len(shielded)} protected = {_amount(_points(change.after for change in shielded))}"
            yield text + (f", of which {len(already)} = {exact_text(_points(already))} already were" if already else "")

    def _shielded(self) -> list[ItemChange]:
        """The items protected at another year's points than before, if any of them was not protected before."""
        protected = [change for change in self.changed if isinstance(change.after.kind, Protected)]
        return protected if any(not isinstance(change.before.kind, Protected) for change in protected) else []

    def _moved(self) -> Iterable[str]:
        """The points that left, and those that went to items which both schemes have."""
        totals = self.before.points_available(), self.after.points_available()
        rest = totals[0] - totals[1]
        if rest > 0 and totals[1] and not any(side.unpriced() for side in (self.before, self.after)):
            yield f"{_amount(rest)} removed"
        gaining = [change for change in self.changed if change.gain > 0]
        if gaining:
            gained = sum((change.gain for change in gaining), Fraction(0))
            freed = _points(self.retired) - sum((min(c.gain, Fraction(0)) for c in self.changed), Fraction(0))
            sums = [exact_text(_points(getattr(c, side) for c in gaining)) for side in ("before", "after")]
            losing = [change for change in self.changed if change.gain < 0]
            verb = "moved to" if gained <= freed else "more for"
            if losing and not self.retired and gained == freed:
                verb = f"moved from {listed([change.after.item for change in losing])} to"
            codes = ", ".join(change.after.item for change in gaining)
            yield f"{_amount(gained)} {verb} {_items(len(gaining))} ({sums[0]} → {sums[1]}): {codes}"

    def _other_changes(self) -> Iterable[str]:
        replaced = [change for change in self.changed if change.replaced]
        if any(change.others for change in replaced):
            yield f"{_items(sum(len(change.befores) for change in replaced))} replaced by {len(replaced)}"
        elif replaced:
            yield f"{_items(len(replaced))} replaced by a successor"
        others = sum(not (c.replaced or c.gain > 0) and c not in self._shielded() for c in self.changed)
        if others:
            yield f"{others} changed item{'s'[: others > 1]}"

    def _waiting(self) -> Iterable[str]:
        """The items that wait for what a document decides, and did not before."""
        before = {item.item for item in self.before.items if item.kind.missing()}
        asked = {one.number.item for one in disputed(self.after) if one.quantity.required}
        codes = [item.item for item in self.after.items if item.item in asked - before]
        if codes:
            verb = "waits" if len(codes) == 1 else "wait"
            yield f"{_items(len(codes))} {verb} for what must be looked up: {', '.join(codes)}"

    def _worth(self) -> Iterable[str]:
        per_head = [scheme.most_per_head() for scheme in (self.before, self.after)]
        if per_head[0] != per_head[1]:
            yield f"{pounds_text(per_head[0])} → {pounds_text(per_head[1])} per weighted patient"
        points = [scheme.points_available() for scheme in (self.before, self.after)]
        if points[0] != points[1]:
            yield " → ".join(exact_text(number) if number else ABSENT for number in points) + " points"
        unpriced = len(self.after.unpriced())
        if unpriced and unpriced != len(self.before.unpriced()):
            yield f"what {_items(unpriced)} {'is' if unpriced == 1 else 'are'} worth is not known"
        values = [scheme.point.value.text if scheme.point else ABSENT for scheme in (self.before, self.after)]
        if not alike(*values):
            yield f"{values[0]} → {values[1]} a point"


def _counted(some: Sequence[Item], what: str, first: bool = False) -> str:
    """`28 retired = 175 points`, with `first` `quality improvement 4 = 74 points`; `1 new item` where none are paid."""
    if not some:
        return ""
    points, count = _points(some), len(some)
    if not points:
        return f"{count} {what} item{'s'[: count > 1]}"
    return f"{f'{what} {count}' if first else f'{count} {what}'} = {_amount(points)}"


def _items(count: int) -> str:
    return f"{count} item{'s'[: count != 1]}"


def _amount(points: Fraction) -> str:
    return f"{exact_text(points)} {'point' if points == 1 else 'points'}"


def _points(items: Iterable[Item]) -> Fraction:
    """The points that items pay; 0 for items that pay by head, whose points are labels."""
    return sum((i.kind.most_earned() or Fraction(0) for i in items if i.kind.unit == "points"), Fraction(0))


def compare(before: Scheme, after: Scheme) -> SchemeComparison:
    """What changed from one scheme to the other."""
    old, new = ({item.item: item for item in scheme.items} for scheme in (before, after))
    pairs = _pairs(old, new)
    of_several = _of_several(old, new, pairs)
    changed = []
    for code, after_code in pairs.items():
        one, two = old[code], new[after_code]
        by_key = isinstance(one.kind, OverBaseline) and type(one.kind) is type(two.kind)
        differs = changes(_item(before, one, by_key), _item(after, two, by_key))
        others = tuple(old[other] for other, taken_by in of_several.items() if taken_by == after_code)
        if code != after_code:
            differs = (ChangedPart("item", listed([code, *(one.item for one in others)]), after_code), *differs)
        if differs:
            changed.append(ItemChange(old[code], new[after_code], differs, others))
    sides = sections_of(before), sections_of(after)
    sections = {name: changes(sides[0].get(name, {}), sides[1].get(name, {})) for name in {**sides[0], **sides[1]}}
    return SchemeComparison(
        before,
        after,
        tuple(item for code, item in old.items() if code not in {**pairs, **of_several}),
        tuple(item for code, item in new.items() if code not in pairs.values()),
        tuple(changed),
        len(pairs) - len(changed),
        {name: values for name, values in sections.items() if values},
    )


def _pairs(old: Mapping[str, Item], new: Mapping[str, Item]) -> dict[str, str]:
    """The items of both, in the order of `old`: by their code, else an item and its successor, either way round."""
    pairs = {code: code for code in old if code in new}
    for code, item in new.items():
        gone = [one for one in item.takes_place_of if one in old and one not in {**new, **pairs}]
        if gone and code not in old:
            pairs[gone[0]] = code
    for code, item in old.items():
        came = [one for one in item.takes_place_of if one in new and one not in {*old, *pairs.values()}]
        if came and code not in {**new, **pairs}:
            pairs[code] = came[0]
    return {code: pairs[code] for code in old if code in pairs}


def _of_several(old: Mapping[str, Item], new: Mapping[str, Item], pairs: Mapping[str, str]) -> dict[str, str]:
    """The items whose place a successor took together with another's, each with that successor."""
    return {
        one: code
        for code, item in new.items()
        if code in pairs.values() and code not in old
        for one in item.takes_place_of
        if one in old and one not in {**pairs, **new}
    }


def _by_key(kind: Kind) -> dict[str, str]:
    """What a kind says, key by key; a list is one text."""
    facts: dict[str, str] = {}
    for path, value in walk(kind):
        if not isinstance(value, Strict):
            parts = [str(part + 1) if isinstance(part, int) else part for part in path]
            name = " ".join(parts[:-1] if isinstance(path[-1], int) else parts).replace("_", " ")
            facts[name] = f"{facts[name]}, {value}" if name in facts else str(value)
    return facts


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[ChangedPart, ...]:
    """The names whose texts differ, in the order of the first, then the second.

    The same amount written otherwise is no change; wordings are compared letter by letter.
    """
    pairs = {name: (before.get(name, ABSENT), after.get(name, ABSENT)) for name in {**before, **after}}
    return tuple(
        ChangedPart(name, one, two)
        for name, (one, two) in pairs.items()
        if not (one == two if name.startswith(_WORDINGS) else alike(one, two))
    )


def _item(scheme: Scheme, item: Item, by_key: bool) -> dict[str, str]:
    """What an item counts and pays, name by name: of a kind that both schemes have, with every key."""
    facts = {"title": item.title, "domain": item.domain.replace("_", " "), "measure": item.measure or ""}
    if isinstance(item.indicator, tuple):
        facts["indicator"] = "; ".join(f"{dated.use} from {dated.from_}" for dated in item.indicator)
    else:
        facts["indicator"] = item.indicator or ""
    for code in item.indicators:
        indicator = scheme.indicator(code)
        facts["definition" if len(item.indicators) == 1 else f"definition of {code}"] = _definition(scheme, indicator)
    kind = item.kind
    facts["pays"] = kind.name.replace("_", " ")
    if isinstance(kind, Steps):
        facts["gate"] = kind.gate or ""
        facts["paid"] = kind.paid if kind.paid != "per head" else ""
        facts["better"] = kind.better if kind.falls else ""
        facts["steps"] = "; ".join(step.text for step in kind.steps)
        for table in kind.tables:
            facts[f"steps {table.when.text}"] = "; ".join(step.text for step in table.steps) or "nothing"
        facts["most"] = kind.most.text
    elif isinstance(kind, Required):
        facts["most"], facts["to be supplied"] = str(kind.most or kind.points or kind.pounds), kind.supply
    elif by_key:
        facts.update(_by_key(kind))
    elif isinstance(kind, CalculatedKind):
        facts["in words"] = kind.words()
    else:
        keys = (name for name in type(kind).model_fields if getattr(kind, name) is not None)
        facts.update((name.replace("_", " "), str(getattr(kind, name))) for name in keys)
    facts["requires"] = ", ".join(item.requires)
    facts["only if"] = item.only_if.words() if item.only_if else ""
    facts.update((clause.key.replace("_", " "), clause.words()) for clause in item.clauses)
    facts["paid to"] = f"the {item.paid_to}" if item.paid_to else ""
    facts["small numbers"] = item.small_numbers.in_words() if item.small_numbers else ""
    facts["weights"] = ", ".join(item.weights).replace("_", " ")
    facts["label points"] = item.label_points.text if item.label_points else ""
    if item.guard:
        rates = ", ".join(f"{whose} {rate.text}" for whose, rate in item.guard.references.items())
        rise = f", rise of {item.guard.increase_points.text}" if item.guard.increase_points else ""
        ways = ", both ways" if item.guard.looks == "both ways" else ""
        facts["guard"] = f"{rates}; significance {item.guard.significance.text}{ways}{rise}"
    return {name: text for name, text in facts.items() if text}


def _definition(scheme: Scheme, indicator: Indicator) -> str:
    version = f", version {indicator.version}" if indicator.version != "1" else ""
    wording = indicator.wording or indicator.title
    population = scheme.list_of(indicator)
    return f"{wording}{version} (list: {population})"
