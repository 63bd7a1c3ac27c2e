"""What is to be done for an indicator and at which contact, as `library/worklist/actions.yaml` says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from pydantic import Field

from remit.core.problems import Collector, did_you_mean
from remit.scheme.faults import typed
from remit.scheme.kinds.base import Strict
from remit.scheme.source import read_source


class ContactText(Strict):
    """A kind of contact: what it is called, whose it is, and what is said of the care that it is for."""

    title: str
    by: str
    needs: str = "is due"


class ActionText(Strict):
    """What has to be done, the contact at which it is, and the indicators that ask for it.

    `before` is what is done some days ahead, such as a blood test; `remote` says that it can be done by phone or text;
    `needs` is said instead of the contact's own words.
    """

    do: str
    contact: str
    needs: str = ""
    for_: tuple[str, ...] = Field(alias="for")
    before: str = ""
    remote: bool = False


class Risk(Strict):
    """Values of the latest reading, by cluster, from which on a patient is to be seen soon; one of them is enough."""

    name: str
    values: dict[str, int]
    says: str
    source: str


class ActionFile(Strict):
    """The whole file."""

    contacts: dict[str, ContactText]
    actions: tuple[ActionText, ...]
    parts: dict[str, str]
    tests: dict[str, tuple[str, ...]]
    conditions: dict[str, str] = Field(default_factory=dict)
    risks: tuple[Risk, ...] = ()
    longer_appointments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Action:
    """What has to be done for an indicator; `contact` is the key of a kind of contact, `needs` what is said of it."""

    do: str
    contact: str
    before: str = ""
    remote: bool = False
    needs: str = "is due"


@dataclass(frozen=True)
class Actions:
    """The actions of all indicators. `order` is that of the file: contacts, then actions."""

    contacts: dict[str, ContactText]
    known: dict[str, Action]
    parts: dict[str, str]
    tests: dict[str, tuple[str, ...]]
    conditions: dict[str, str]
    risks: tuple[Risk, ...] = ()
    longer_appointments: tuple[str, ...] = ()

    def action_of(self, code: str, title: str) -> Action:
        """The action of an indicator; one that the file does not name is its title, at a contact of its own."""
        return self.known.get(code) or Action(title, "other")

    def part(self, name: str) -> str:
        """A part of an indicator in words."""
        return self.parts.get(name, name.replace("_", " ").lower())

    def condition(self, register: str, title: str) -> str:
        """The condition that a register is of, in words; '' where it is not a register."""
        return self.conditions.get(register, title.removesuffix(" register"))

    def before(self, action: Action, missing: tuple[str, ...]) -> tuple[str, ...]:
        """What is done ahead of the contact: for an indicator with parts, the tests that its missing parts need."""
        if missing:
            return tuple(test for test, parts in self.tests.items() if any(part in parts for part in missing))
        return (action.before,) if action.before else ()


@lru_cache(maxsize=1)
def actions() -> Actions:
    """The file that ships. Raises Refused where it is broken."""
    return read_actions(Path(str(resources.files("remit") / "library" / "worklist" / "actions.yaml")))


def read_actions(path: Path) -> Actions:
    """Actions from a file. Raises Refused for an unknown contact, and for an indicator that is named twice."""
    source = read_source(path)
    file = typed(source, ActionFile)
    collector = Collector()
    known: dict[str, Action] = {}
    for n, text in enumerate(file.actions):
        if text.contact not in file.contacts:
            hint = did_you_mean(text.contact, file.contacts)
            collector.add(
                "worklist.contact-unknown",
                f"there is no contact '{text.contact}'.",
                source.place(("actions", n, "contact")),
                hint,
                name=text.contact,
            )
        for code in text.for_:
            if code in known:
                collector.add(
                    "worklist.indicator-twice",
                    f"{code} is named twice.",
                    source.place(("actions", n, "for")),
                    indicator=code,
                )
            contact = file.contacts.get(text.contact)
            needs = text.needs or (contact.needs if contact else "")
            known[code] = Action(text.do, text.contact, text.before, text.remote, needs)
    collector.refuse_if_any()
    return Actions(file.contacts, known, file.parts, file.tests, file.conditions, file.risks, file.longer_appointments)
