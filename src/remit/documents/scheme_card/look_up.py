"""What of a scheme must be looked up, because reports conflict or none says it: where, what they say, how to supply it.

One table for each document that decides. What a run takes until then is said too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from remit.core import say
from remit.documents.blocks import Block, Column, Heading, Para, Row, Table
from remit.scheme.model import Scheme
from remit.scheme.readings import Disputed, disputed, where
from remit.scheme.supply import Open, open_inputs

_NO_REPORT = "no report says"
_NUMBERS = {
    "lower": "lower threshold",
    "upper": "upper threshold",
    "share": "share of the points",
    "most": "most points",
    "fewest": "fewest patients of a year",
}


@dataclass
class LookUp:
    """One thing to look up: of which items, what, what reports say, and the values that it supplies."""

    items: list[str]
    what: str
    readings: str
    document: str
    supplies: list[str]
    example: str
    taken: str = ""
    given: str = ""

    @property
    def name(self) -> str:
        """`DM037: lower threshold`."""
        return f"{say.listed(self.items)}: {self.what}" if self.items else say.capital(self.what)

    @property
    def reported(self) -> bool:
        """Whether any report says what it is."""
        return self.readings != _NO_REPORT

    @property
    def supplied_by(self) -> str:
        """How a run is given it."""
        if self.taken:
            return f"{self.taken} is taken; another needs a file that extends this one"
        if self.given:
            return f"where records are counted, 'given: {{{self.given}: …}}' in a rules file of yours"
        if not self.example:
            return "asked for where it is counted"
        others = [name.partition(".")[0] for name in self.supplies[1:]]
        return f"set {self.example}" + (f", and so for {say.listed(others)}" if others else "")


def to_look_up(scheme: Scheme) -> list[LookUp]:
    """Everything that a document must decide, in the order of the file; what several items share is one thing."""
    opens = {one.path: one for one in open_inputs(scheme)}
    things: dict[tuple[str, str, str], LookUp] = {}
    for one in disputed(scheme):
        thing = _of_number(one, opens.get(one.number.path))
        same = things.setdefault((thing.what, thing.readings, thing.document), thing)
        if same is not thing:
            same.items += thing.items
            same.supplies += thing.supplies
    names = {one.name: one for one in opens.values()}
    answers = [
        LookUp(
            list(dict.fromkeys(name.partition(".")[0] for name in question.supplies)),
            question.what,
            "\n".join(f"{say.clean(one.value)}: {say.clean(one.by)}" for one in question.readings) or _NO_REPORT,
            question.look_up,
            list(question.supplies),
            names[question.supplies[0]].example if question.supplies else "",
            given=question.given,
        )
        for question in scheme.to_look_up
        if not question.supplies or any(name in names for name in question.supplies)
    ]
    return [*things.values(), *answers]


def _of_number(one: Disputed, open_: Open | None) -> LookUp:
    """A number: `supplies` is empty for one that is taken by one of its readings."""
    keys = [str(part) for part in one.number.path[4:]] if one.number.item else []
    what = f"{_NUMBERS.get(keys[-1], keys[-1])}{' of improvement' if 'improvement' in keys else ''}" if keys else ""
    return LookUp(
        [one.number.item] if one.number.item else [],
        what or one.number.label,
        "\n".join(f"{say.clean(reading.text)}: {say.clean(reading.by)}" for reading in one.quantity.readings)
        or _NO_REPORT,
        one.quantity.look_up,
        [open_.name] if open_ else [],
        "" if open_ is None else open_.example if one.quantity.readings else f"{open_.name}=…",
        "" if one.quantity.required else one.quantity.text,
    )


def must_be_looked_up(scheme: Scheme) -> Iterator[Block]:
    """The heading, what it means, and a table for each document; nothing where all is known."""
    things = to_look_up(scheme)
    if not things:
        return
    things.sort(key=lambda thing: (bool(thing.taken), not thing.reported))
    yield Heading(2, f"Must be looked up: {len(things)} thing{'s'[: len(things) != 1]}")
    yield Para(
        "Reports conflict on these, or none says them, and the document that decides was not read for this file. What "
        "rests on them is not paid until you supply them with a run. A value that no report names is warned of."
    )
    for key in dict.fromkeys(thing.document for thing in things):
        document = scheme.sources.get(key)
        rows = (Row((thing.name, thing.readings, thing.supplied_by)) for thing in things if thing.document == key)
        columns = (Column("What", 4), Column("What reports say", 5), Column("How to supply it", 5))
        yield Table(f"In {where(document)}", columns, tuple(rows))
        if document and document.address:
            yield Para(document.address, "small")


def supplied_there(scheme: Scheme) -> set[str]:
    """The names of the values that those tables say how to supply."""
    return {name for thing in to_look_up(scheme) for name in thing.supplies}
