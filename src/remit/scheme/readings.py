"""Numbers that must be looked up: what each report says where they conflict, and which document decides."""

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
    """A number that must be looked up, or that is taken by one reading of several."""

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
        readings = {one.value for one in self.quantity.readings}
        return self.quantity.value is None or not readings or self.quantity.value in readings


def disputed(scheme: Scheme) -> Iterator[Disputed]:
    """Every number of a scheme that a document must decide, in the order of the file."""
    found = {path: value for path, value in walk(scheme) if isinstance(value, Quantity) and value.look_up}
    for number in numbers(scheme) if found else ():
        if number.path in found:
            quantity = found[number.path]
            yield Disputed(number, quantity, scheme.sources.get(quantity.look_up))


def readings_text(quantity: Quantity) -> str:
    """`40% (My Practice Manager) or 35% (a report on the guidance)`."""
    return listed([f"{one.text} ({one.by})" for one in quantity.readings], "or") or "nothing"


def where(document: SourceDocument | None) -> str:
    """The document that decides, as it is looked for."""
    return " ".join(document.title.split()) if document else ""


def not_known(scheme: Scheme, item: Item, missing: str) -> str:
    """Why an item pays nothing yet: what is missing, with the readings of it where reports conflict."""
    open_ = [one for one in disputed(scheme) if one.number.item == item.item and one.quantity.required]
    questions = [one for one in scheme.to_look_up if any(name.startswith(f"{item.item}.") for name in one.supplies)]
    if not (open_ or questions):
        return f"The {missing} of {item.item} must be supplied: no source gives that."
    verb = "are" if "," in missing or missing.endswith("s") else "is"
    each = "; ".join(f"{one.number.path[-1]} {readings_text(one.quantity)}" for one in open_ if one.quantity.readings)
    said = f", and reports say: {each}" if each else ""
    decide = [where(one.document) for one in open_]
    decide += [where(scheme.sources.get(one.look_up)) for one in questions]
    documents = listed(list(dict.fromkeys(decide)))
    return f"The {missing} of {item.item} {verb} not known{said}. Look it up in {documents}."


def unfit_text(one: Disputed) -> str:
    """That a value is none of the readings, in a sentence."""
    said = readings_text(one.quantity)
    return f"{one.what} is {one.quantity}, and reports say {said}: check it in {where(one.document)}."
