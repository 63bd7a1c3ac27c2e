"""How two schemes differ: what was retired, what is new, what moved and by how much.

Items are matched by their code. Words, notes and sources are not compared: they say where a rule is from, not what
it pays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from remit.core.rounding import exact_text
from remit.scheme.kinds import Required, Steps
from remit.scheme.model import Indicator, Item, Scheme
from remit.scheme.numbers import rounding_in_use

ABSENT = "–"


@dataclass(frozen=True)
class Change:
    """One thing that reads otherwise: `upper`, `90%` before, `70%` after; ABSENT where a side does not have it."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ItemChange:
    """An item of both schemes, and what changed in it."""

    before: Item
    after: Item
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything in which `after` differs from `before`."""

    before: Scheme
    after: Scheme
    retired: tuple[Item, ...]
    new: tuple[Item, ...]
    changed: tuple[ItemChange, ...]
    same: int
    sections: Mapping[str, tuple[Change, ...]]
    """Changes outside the items, by section: about, money, terms, rounding, weights, parameters, budgets …"""

    @property
    def none(self) -> bool:
        return not (self.retired or self.new or self.changed or any(self.sections.values()))

    def summary(self) -> str:
        """The difference in one sentence."""
        items = (
            _counted(len(self.retired), "retired", _points(self.retired)),
            _counted(len(self.new), "new", _points(self.new)),
            _counted(len(self.changed), "changed", Fraction(0)),
        )
        parts = [", ".join(filter(None, items)), *self._worth()]
        if not any(parts) and self.sections:
            parts = [f"The items are the same; what differs: {', '.join(self.sections)}"]
        return "; ".join(filter(None, parts)) or "No difference"

    def _worth(self) -> Iterable[str]:
        per_head = [scheme.most_per_head() for scheme in (self.before, self.after)]
        if per_head[0] != per_head[1]:
            yield f"{_pounds(per_head[0])} → {_pounds(per_head[1])} per weighted patient"
        points = [scheme.points_available() for scheme in (self.before, self.after)]
        if points[0] != points[1]:
            yield " → ".join(exact_text(number) if number else ABSENT for number in points) + " points"
        values = [scheme.point.value.text if scheme.point else ABSENT for scheme in (self.before, self.after)]
        if values[0] != values[1]:
            yield f"{values[0]} → {values[1]} a point"


def _counted(count: int, what: str, points: Fraction) -> str:
    """`28 retired = 175 points`, or `1 new item` where no points are paid."""
    if not count:
        return ""
    return f"{count} {what} = {exact_text(points)} points" if points else f"{count} {what} item{'s'[: count > 1]}"


def _points(items: Iterable[Item]) -> Fraction:
    """The points that items pay; 0 for items that pay by head, whose points are labels."""
    return sum((i.kind.most_earned() or Fraction(0) for i in items if i.kind.unit == "points"), Fraction(0))


def compare(before: Scheme, after: Scheme) -> Comparison:
    """What changed from one scheme to the other."""
    old, new = ({item.item: item for item in scheme.items} for scheme in (before, after))
    changed = []
    for code in old.keys() & new.keys():
        differs = changes(_item(before, old[code]), _item(after, new[code]))
        if differs:
            changed.append(ItemChange(old[code], new[code], differs))
    order = list(old)
    changed.sort(key=lambda change: order.index(change.before.item))
    sides = _sections(before), _sections(after)
    sections = {name: changes(sides[0].get(name, {}), sides[1].get(name, {})) for name in {**sides[0], **sides[1]}}
    return Comparison(
        before,
        after,
        tuple(item for code, item in old.items() if code not in new),
        tuple(item for code, item in new.items() if code not in old),
        tuple(changed),
        len(old.keys() & new.keys()) - len(changed),
        {name: found for name, found in sections.items() if found},
    )


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """The names whose texts differ, in the order of the first, then the second."""
    return tuple(
        Change(name, before.get(name, ABSENT), after.get(name, ABSENT))
        for name in {**before, **after}
        if before.get(name, ABSENT) != after.get(name, ABSENT)
    )


def _item(scheme: Scheme, item: Item) -> dict[str, str]:
    """What an item counts and pays, name by name."""
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
        facts["steps"] = "; ".join(step.text for step in kind.steps)
        for table in kind.tables:
            facts[f"steps {table.when.text}"] = "; ".join(step.text for step in table.steps) or "nothing"
        facts["most"] = kind.most.text
    elif isinstance(kind, Required):
        facts["most"], facts["to be supplied"] = kind.most.text, kind.supply
    else:
        facts.update((name.replace("_", " "), str(getattr(kind, name))) for name in type(kind).model_fields)
    facts["weights"] = ", ".join(item.weights).replace("_", " ")
    facts["label points"] = item.label_points.text if item.label_points else ""
    if item.guard:
        rates = ", ".join(f"{whose} {rate.text}" for whose, rate in item.guard.references.items())
        rise = f", rise of {item.guard.increase_points.text}" if item.guard.increase_points else ""
        facts["guard"] = f"{rates}; significance {item.guard.significance.text}{rise}"
    return {name: text for name, text in facts.items() if text}


def _definition(scheme: Scheme, indicator: Indicator) -> str:
    version = f", version {indicator.version}" if indicator.version != "1" else ""
    wording = indicator.wording or indicator.title
    population = scheme.list_of(indicator)
    return f"{wording}{version} (list: {population})"


def _sections(scheme: Scheme) -> dict[str, dict[str, str]]:
    """What a scheme says outside its items, section by section, name by name."""
    terms, totals = scheme.terms, scheme.totals
    advance = terms.paid_in_advance
    most, points = scheme.most_per_head(), scheme.points_available()
    sections = {
        "about": {
            "year": str(scheme.year),
            "commissioner": scheme.commissioner,
            "nation": scheme.nation,
            "achievement date": str(scheme.achievement_date),
        },
        "offered to": dict(scheme.places.items()),
        "money": {
            "most per head": _pounds(most) if most is not None else "",
            "paid by": f"{scheme.heads.called} at {scheme.heads.at}" if scheme.heads else "",
            "points": exact_text(points) if points else "",
            "value of a point": scheme.point.value.text if scheme.point else "",
        },
        "totals": {
            "most": totals.most.text if totals.most else "",
            "points": totals.points.text if totals.points else "",
            "items": str(len(scheme.items)),
            **{f"points of {name.replace('_', ' ')}": total.text for name, total in totals.domains.items()},
        },
        "weights": _weights(scheme),
        "rounding": {n.replace("_", " "): str(getattr(scheme.rounding, n)) for n in rounding_in_use(scheme)},
        "terms": {
            "paid in advance": f"{advance.share} of {advance.of}",
            "instalments": f"{advance.instalments}, on the {advance.due}",
            "odd pennies": f"in the {advance.remainder} instalment",
            "balance due": terms.balance.due,
            "recovery": f"in at most {terms.recovery.months} months from {terms.recovery.notified}",
            "joiners": terms.changes.joiner,
            "leavers": terms.changes.leaver,
            "mergers": terms.changes.merger,
        },
        "parameters": {
            name: ", ".join(p.choices or (p.type,)) + (f"; {p.default} if not given" if p.default else "")
            for name, p in scheme.parameters.items()
        },
        "budgets": {line.place: f"{line.list} × {line.rate} = {line.budget}" for line in scheme.budgets},
        "obligations": {name.replace("_", " "): text for name, text in scheme.obligations.items()},
    }
    if scheme.additional:
        text = f"{scheme.additional.practices} practices, {scheme.additional.budget}"
        sections["budgets"]["further practices"] = text
    return {name: {key: text for key, text in facts.items() if text} for name, facts in sections.items()}


def _weights(scheme: Scheme) -> dict[str, str]:
    facts, weights = {}, scheme.weights
    if weights.list:
        basis = weights.list.list
        facts["list"] = f"{basis.called} at {basis.at} over {weights.list.over} at {weights.list.over_at}"
    if weights.prevalence:
        facts["prevalence"] = f"at {weights.prevalence.at}; list: {weights.prevalence.basis}"
        facts.update((f"national {group}", rate.text) for group, rate in weights.prevalence.national.items())
    if weights.target_population:
        facts["target population"] = "used"
    return facts


def _pounds(amount: Fraction | None) -> str:
    return ABSENT if amount is None else f"£{exact_text(amount, 2)}"
