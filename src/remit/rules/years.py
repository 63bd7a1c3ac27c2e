"""The years that rules hold for, as a file writes them: `2024-25`, or the first and the last, `2021-22 to 2024-25`."""

from __future__ import annotations

from dataclasses import dataclass

from remit.core.dates import SchemeYear


@dataclass(frozen=True)
class Years:
    """A first and a last year, with all between."""

    first: SchemeYear
    last: SchemeYear

    @classmethod
    def parse(cls, text: str) -> Years:
        """Read one year, or a first and a last. Raises ValueError."""
        first, to, last = text.partition(" to ")
        years = cls(SchemeYear.parse(first.strip()), SchemeYear.parse((last if to else first).strip()))
        if years.last < years.first:
            raise ValueError(f"expected the earlier year first, found '{text}'")
        return years

    def __contains__(self, year: SchemeYear) -> bool:
        return year.from_april and self.first <= year <= self.last

    def every(self) -> list[SchemeYear]:
        """All of them, the earliest first."""
        return [SchemeYear(begins) for begins in range(self.first.begins, self.last.begins + 1)]

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


def of_version(version: str) -> Years | None:
    """The year that a version names, as `2024-25` does; None for any other, such as `v46`."""
    try:
        return Years.parse(version)
    except ValueError:
        return None
