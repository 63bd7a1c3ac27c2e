"""What checks of a scheme file share: how a problem is added, and what a date and a choice may be."""

from __future__ import annotations

from datetime import date
from functools import partial

from remit.core.dates import parse_date
from remit.core.problems import Collector, Hint, did_you_mean
from remit.scheme.agreements import OPEN
from remit.scheme.model import Scheme
from remit.scheme.source import Key, Source


class Checking:
    """A scheme under check, with the source that knows where each part stands."""

    def __init__(self, scheme: Scheme, source: Source, problems: Collector, unread: frozenset[str]) -> None:
        self.scheme, self.source, self.problems, self.unread = scheme, source, problems, unread

    def add(self, code: str, path: Key, message: str, hint: Hint = "", **data: object) -> None:
        self.problems.add(code, message, self.source.place(path), hint, **data)

    def day(self, path: Key, text: str) -> date | None:
        """A date, or None for the name of a date parameter or one that is required; anything else is a fault."""
        if text == OPEN and path[0] == "terms":
            return None
        parameter = self.scheme.parameters.get(text)
        if parameter:
            if parameter.type != "date":
                self.add("scheme.parameter-unfit", path, f"the parameter '{text}' is not a date.", name=text)
            return parse_date(parameter.default) if parameter.type == "date" and parameter.default else None
        try:
            return parse_date(text)
        except ValueError as error:
            names = [name for name, known in self.scheme.parameters.items() if known.type == "date"]
            hint = partial(did_you_mean, text, names)
            what = f"{error}." if "no such day" in str(error) else f"{error}, or the name of a date parameter."
            self.add("scheme.date-unreadable", path, what, hint, found=text)
            return None

    def choice(self, path: Key, text: str, rules: tuple[str, ...]) -> None:
        if text in rules or text == OPEN:
            return
        parameter = self.scheme.parameters.get(text)
        if parameter is None:
            names = [*rules, *(n for n, p in self.scheme.parameters.items() if p.type == "choice")]
            self.add(
                "scheme.choice-unknown",
                path,
                f"'{text}' is neither a rule nor a choice parameter.",
                partial(did_you_mean, text, names),
                found=text,
            )
            return
        wrong = [choice for choice in parameter.choices if choice not in rules]
        if parameter.type != "choice" or wrong:
            self.add(
                "scheme.parameter-unfit",
                path,
                f"the parameter '{text}' offers {', '.join(wrong) or 'no choices'}; known are {', '.join(rules)}.",
                name=text,
                wrong=wrong,
                known=rules,
            )
