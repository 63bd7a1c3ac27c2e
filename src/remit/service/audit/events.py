"""Every event that the audit log knows, with the sentence that a reader sees.

A sentence is filled from the entry: `{who}`, `{subject}`, `{organisation}`, and the names of its details. `{who}` is a
person with their roles ("Jo Smith, contract manager of NHS X"), so a comma follows it where a sentence goes on.
"""

from __future__ import annotations

from collections.abc import Mapping

EVENTS = {
    "audit.exported": "{who}, wrote the audit log of {days} into a file: {entries} entries.",
    "person.signed-in": "{who}, signed in.",
}

NOT_KNOWN = "(not recorded)"
"""What stands for a detail that an entry does not have, as one of an earlier version may not."""


class _Known(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return NOT_KNOWN


def sentence(event: str, who: str, subject: str, organisation: str, details: Mapping[str, object]) -> str:
    """What an entry says, in words."""
    words = _Known({name: _text(value) for name, value in details.items()})
    words |= {"who": who, "subject": subject, "organisation": organisation or NOT_KNOWN}
    text = EVENTS.get(event, "{who}: " + title(event) + " {subject}").format_map(words)
    return text if "," in who else text.replace(f"{who}, ", f"{who} ", 1)


def title(event: str) -> str:
    """What an event is called in a list to choose from: "Person: signed in"."""
    area, _, name = event.partition(".")
    return f"{area.capitalize()}: {name.replace('-', ' ')}"


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_text(one) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return NOT_KNOWN if value is None or value == "" else str(value)
