"""The marks of what is not verified: `*` behind what a scheme's file infers, `?` behind what is unverified."""

from __future__ import annotations

from remit.scheme.model import Scheme
from remit.scheme.numbers import Path, statements

MARKS = {"verified": "", "inferred": "*", "unverified": "?"}
WHAT_MARKS_MEAN = "* inferred, ? unverified"


class Marker:
    """Puts the mark of its standing behind a statement of the scheme."""

    def __init__(self, scheme: Scheme) -> None:
        every = list(statements(scheme))
        self.standings = {s.path: s.standing for s in every}
        self.stated = {s.path for s in every if s.unit != "part"}

    def __call__(self, text: str, *path: str | int) -> str:
        """The text of the statement at that path, with its mark."""
        return f"{text}{MARKS[self.standings[path]]}" if path in self.stated and text != "required" else text

    def of_part(self, path: Path) -> str:
        """The mark of a part as a whole."""
        return MARKS[self.standings.get(path, "verified")]

    def of_kind(self, n: int) -> str:
        """The mark of the least certain number of what the nth item pays."""
        found = {standing for path, standing in self.standings.items() if path[:3] == ("items", n, "pays")}
        return next((MARKS[standing] for standing in ("unverified", "inferred") if standing in found), "")
