"""What a scheme leaves open, by name, and the scheme with it supplied: `SPI.tariff` is `£45.00`.

Only what the file says is `required` can be supplied so; to change what a source gives is to write another scheme
(`extends`). Supplied values stand in the scheme that a run keeps, with the source `supplied`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from remit.core.problems import SUPPLIED_AS, Place, Refused, did_you_mean, error
from remit.scheme.agreements import OPEN
from remit.scheme.kinds.baseline import CASES, OF_SEVERAL, RULES, OverBaseline
from remit.scheme.loader import build, plain_tree
from remit.scheme.model import Scheme
from remit.scheme.numbers import Path, numbers
from remit.scheme.quantity import Quantity
from remit.scheme.readings import readings_text
from remit.scheme.source import Source
from remit.scheme.value_names import name_of
from remit.scheme.walk import walk

SUPPLIED = "supplied"
_TITLE = "Supplied with the run: no source gives it"
EXAMPLES = {
    "pounds": "£45.00",
    "per cent": "50%",
    "percentage points": "5 points",
    "percentage points or per cent": "5 points",
    "amount": "10p",
    "points": "12",
    "patients": "8096",
    "number": "12",
}
"""How a number is written, by its unit."""
_UNDATED = ("due", "notified", "first")
_TOGETHER = {
    "recovery": {"months": OPEN, "notified": OPEN},
    "changes": {"joiner": OPEN, "leaver": OPEN, "merger": OPEN},
}  # parts of the terms that a file leaves out whole, and of which a run may supply one key


@dataclass(frozen=True)
class Open:
    """Something that a scheme leaves open: its name, where it stands, and what it is in words. `such_as` is a value
    that it may have; `in_a_case` says that it matters only for practices of which a reason then names it."""

    name: str
    path: Path
    unit: str
    about: str
    such_as: str = ""
    in_a_case: bool = False
    quantity: Quantity | None = None

    @property
    def example(self) -> str:
        """How it is supplied, as name and value: `SPI.tariff=£45.00`; by a reading of it where there are any."""
        if self.quantity and self.quantity.readings:
            such_as = self.quantity.readings[0].text
        else:
            such_as = self.such_as or EXAMPLES.get(self.unit, "…")
        return f"{self.name}='{such_as}'" if " " in such_as and such_as[0] != "'" else f"{self.name}={such_as}"

    @property
    def in_words(self) -> str:
        """What it is, and what reports say of it where they conflict."""
        if self.quantity and self.quantity.readings:
            return f"{self.about}: {readings_text(self.quantity)}"
        return self.about


def open_inputs(scheme: Scheme) -> list[Open]:
    """Everything that the scheme's file says is required, in the order of the file."""
    labels = {number.path: number.label for number in numbers(scheme) if number.required}
    inputs = []
    for path, value in walk(scheme):
        if path[0] in ("totals", "groups", "parameters"):
            continue
        if isinstance(value, Quantity) and value.required:
            inputs.append(
                Open(name_of(scheme, path), path, value.unit, labels.get(path, str(path[-1])), quantity=value)
            )
        elif value == OPEN and isinstance(value, str):
            item = scheme.items[int(path[1])] if path[0] == "items" else None
            if item and isinstance(item.kind, OverBaseline) and path[-1] in RULES:
                if path[-1] not in OF_SEVERAL or len(item.kind.own_baseline.all_years) != 1:
                    words, such_as = RULES[str(path[-1])]
                    about = f"{item.item}, {words}"
                    inputs.append(Open(name_of(scheme, path), path, "text", about, such_as, path[-1] in CASES))
                continue
            unit = "date" if path[-1] in _UNDATED else "year" if path[-1] == "year" else "text"
            inputs.append(Open(name_of(scheme, path), path, unit, str(path[-1])))
    return inputs


def supply(scheme: Scheme, values: Mapping[str, str]) -> Scheme:
    """The scheme with these values in the places that it leaves open.

    Raises Refused for names that are not open, and with every fault of the values, each with its name.
    """
    places = {one.name: one for one in open_inputs(scheme)}
    problems = [
        error("scheme.not-open", _unknown(scheme, name), None, did_you_mean(name, places), name=name)
        for name in values
        if name not in places
    ]
    if problems:
        raise Refused(problems)
    tree = plain_tree(scheme)
    source = Source(f"{scheme.scheme}, as supplied", tree)
    source.places[()] = Place(source.name)
    for name, text in values.items():
        one = places[name]
        source.places[one.path] = Place(f"{SUPPLIED_AS}{name}")
        _put(tree, one, text)
    tree["sources"] = {**tree.get("sources", {}), SUPPLIED: {"title": _TITLE, "standing": "verified"}}
    return build(source)


def _unknown(scheme: Scheme, name: str) -> str:
    for path, value in walk(scheme):
        if name_of(scheme, path) == name and isinstance(value, Quantity):
            return f"{name} is not open: the scheme says {value}. To change it, write a scheme that extends it."
    return f"{scheme.scheme} has nothing to supply that is called '{name}'."


def _readings(before: object) -> dict[str, object]:
    """The readings of a number, which stay beside the value that is supplied for it."""
    return {key: before[key] for key in ("readings", "look_up") if key in before} if isinstance(before, dict) else {}


def _put(tree: dict[str, object], one: Open, text: str) -> None:
    here: object = tree
    for part in one.path[:-1]:
        if isinstance(here, dict):
            here = here.setdefault(part, dict(_TOGETHER.get(str(part), {})))
        elif isinstance(here, list):
            here = here[int(part)]
    assert isinstance(here, dict)
    last = one.path[-1]
    if one.unit in EXAMPLES:
        here[last] = {"value": text, "source": SUPPLIED, **_readings(here.get(last))}
    elif last == "indicators":
        here[last] = [code.strip() for code in text.split(",")]
    else:
        here[last] = text
