"""An entry of the audit log in words."""

from __future__ import annotations

import re
from datetime import date

from remit.core import say
from remit.service.audit.events import EVENTS
from remit.service.audit.log import AMOUNT
from remit.service.audit.models import Entry

NOT_KNOWN = "(not recorded)"
"""What stands for a detail that an entry does not have, as one of an earlier version may not."""


_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class _Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return NOT_KNOWN


def sentence(entry: Entry) -> str:
    """What an entry says: "Jo Smith, contract manager of NHS X, published QIF 2024/25 version 2: reason …"."""
    template = EVENTS.get(entry.event, "{who}: " + title(entry.event) + " {subject}")
    who = f"{entry.who}," if ", " in entry.who and template.startswith("{who} ") else entry.who
    organisation = entry.organisation.name if entry.organisation else NOT_KNOWN
    details = {name: _text(value, name.endswith(AMOUNT)) for name, value in entry.details.items()}
    words = _Words(details | {"who": who, "subject": entry.subject, "organisation": organisation})
    said = say.clean(template.format_map(words))  # no text of a reader's looks like another entry
    return said[:1].upper() + said[1:]


def title(event: str) -> str:
    """What an event is called in a list to choose from: "Person: signed in"."""
    area, _, name = event.partition(".")
    return f"{area.capitalize()}: {name}".replace("-", " ")


def _text(value: object, is_amount: bool = False) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_text(one, is_amount) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_amount and isinstance(value, int):
        return say.money(value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return _day(value)
    return NOT_KNOWN if value is None else str(value)


def _day(text: str) -> str:
    """A day as people write it; what no calendar has stays as it was recorded."""
    try:
        return say.day(date.fromisoformat(text))
    except ValueError:
        return text
