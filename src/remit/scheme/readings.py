"""Numbers on which reports conflict: what each report says, which document decides, and how the number is supplied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from remit.core.words import listed
from remit.scheme.model import Item, Scheme, SourceDocument
from remit.scheme.numbers import Number, numbers
from remit.scheme.quantity import Quantity
from remit.scheme.walk import walk


@dataclass(frozen=True)
class Disputed:
    """A number with the readings of it: required until it is looked up, or taken by one of them."""

    number: Number
    quantity: Quantity
    document: SourceDocument | None

    @property
    def what(self) -> str:
        """`DM037 lower`, `national average list (list weight)`."""
        return self.number.label.replace(" linear ", " ")

    @property
    def fits(self) -> bool:
        """Whether the value is that of a reading, or still open."""
        return self.quantity.value is None or self.quantity.value in {one.value for one in self.quantity.readings}


def disputed(scheme: Scheme) -> Iterator[Disputed]:
    """Every number of a scheme that has readings, in the order of the file."""
    found = {path: value for path, value in walk(scheme) if isinstance(value, Quantity) and value.readings}
    for number in numbers(scheme) if found else ():
        if number.path in found:
            quantity = found[number.path]
            yield Disputed(number, quantity, scheme.sources.get(quantity.look_up))


def readings_text(quantity: Quantity) -> str:
    """`40% (My Practice Manager) or 35% (a report on the guidance)`."""
    return listed([f"{one.text} ({one.by})" for one in quantity.readings], "or")


def where(document: SourceDocument | None) -> str:
    """The document that decides, as it is looked for."""
    return " ".join(document.title.split()) if document else ""


def not_known(scheme: Scheme, item: Item, missing: str) -> str:
    """Why an item pays nothing yet: what is missing, with the readings of it where reports conflict."""
    open_ = [one for one in disputed(scheme) if one.number.item == item.item and one.quantity.required]
    if not open_:
        return f"The {missing} of {item.item} must be supplied: no source gives that."
    verb = "are" if missing.endswith("s") else "is"
    each = "; ".join(f"{one.number.path[-1]} {readings_text(one.quantity)}" for one in open_)
    documents = listed(list(dict.fromkeys(where(one.document) for one in open_)))
    return f"The {missing} of {item.item} {verb} not known, for reports conflict: {each}. Look it up in {documents}."


def unfit_text(one: Disputed) -> str:
    """That a value is none of the readings, in a sentence."""
    said = readings_text(one.quantity)
    return f"{one.what} is {one.quantity}, and reports say {said}: check it in {where(one.document)}."
