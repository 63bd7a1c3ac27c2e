"""The made-up area's figures for QIF 2024/25: seven practices in two places, month by month, and what must come of it.

What each practice has at the year's end is chosen, so that what it is paid follows by hand (`AT_THE_END`): pence for
each item, by the scheme's steps, times its weighted list. The months before lead there. `remit run` on the same files
has to say the same, and so has every page; the service has no part in what is expected here.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

YEAR_END = date(2025, 3, 31)
MONTHS = tuple(date(2024 + (m > 12), (m - 1) % 12 + 1, 1) for m in range(4, 16))
"""The first days of the year's months."""
SETTINGS = {
    "chol004_from": "2024-12-05",
    "joiners": "whole months",
    "leavers": "whole months",
    "mergers": "successor",
    "evidence_reviewed": "2025-04-02",
    "notified": "2025-05-30",
    "balance_due": "2025-05-30",
}
"""What the area answered where the scheme leaves something open."""

HAZEL, ROWAN, ELDER, BIRCH, MAPLE, WILLOW, ASH = "80001", "80002", "80003", "80004", "80005", "80006", "80007"
"""The practices, by what follows the area's letter in their codes."""
ITEMS = ("1a", "1b", "2a", "2b", "3", "4", "CHOL002", "CHOL004", "6")
_SHARES = dict.fromkeys(("1b", "2a", "2b", "3", "4", "CHOL002", "CHOL004"), 100)


@dataclass(frozen=True)
class Practice:
    """A practice: its lists, and at the year's end the palliative care and kidney registers, per 10,000 and per 1,000
    of the list, and out of a hundred each those who had what items 1b, 2a, 2b, 3, 4 and 5 ask for."""

    name: str
    place: str
    network: str
    list_size: int
    weighted: str
    palliative: int
    achieved: tuple[int, int, int, int, int, int]
    kidney: int
    joined: date | None = None
    left: date | None = None
    successor: str = ""

    def is_there(self, day: date) -> bool:
        """Whether the figures of a day have it: a practice that merged stays in its year's."""
        return self.joined is None or self.joined <= day


_CANNOCK, _STAFFORD = "cannock-chase", "stafford-and-surrounds"
PRACTICES: Mapping[str, Practice] = {
    HAZEL: Practice("Hazel Surgery", _CANNOCK, "001", 10_000, "10000", 80, (46, 46, 51, 71, 73, 41), 51),
    ROWAN: Practice("Rowan Surgery", _CANNOCK, "001", 6_000, "6000", 80, (39, 41, 46, 72, 79, 36), 56),
    ELDER: Practice("Elder Surgery", _STAFFORD, "002", 5_000, "5000", 60, (31, 36, 41, 41, 66, 31), 46),
    BIRCH: Practice("Birch Surgery", _STAFFORD, "002", 4_000, "4321.5", 40, (29, 36, 30, 30, 60, 29), 46),
    MAPLE: Practice(
        "Maple Surgery", _CANNOCK, "001", 3_000, "3000", 80, (46, 46, 51, 71, 73, 41), 56, date(2024, 10, 1)
    ),
    WILLOW: Practice(
        "Willow Surgery", _CANNOCK, "001", 2_000, "2000", 80, (39, 41, 46, 72, 79, 36), 56,
        left=date(2024, 12, 31), successor=ROWAN,
    ),
}  # fmt: skip
"""Those that take part. Ash Surgery refuses, so that no figures of it come in."""


@dataclass(frozen=True)
class Expected:
    """What is due to a practice for the year in pence, and what it was paid in advance."""

    award: int
    paid: int

    @property
    def balance(self) -> int:
        return max(self.award - self.paid, 0)

    @property
    def recovery(self) -> int:
        return max(self.paid - self.award, 0)


AT_THE_END: Mapping[str, Expected] = {
    # 15 + 26 + 17 + 33 + 34 + 25 + 30 + 20 = 200p of 10,000; in advance 80% of £2.10 a head: 168p
    HAZEL: Expected(2_000_000, 1_680_000),
    # 15 + 20 + 13 + 23 + 34 + 30 + 20 + 25 = 180p of 6,000 and of the 2,000 of Willow Surgery, all year
    ROWAN: Expected(1_440_000, 1_344_000),
    # 8 + 10 + 10 + 17 + 20 + 22 + 10 + 15 = 112p of 5,000
    ELDER: Expected(560_000, 840_000),
    # 0 + 0 + 10 + 0 + 0 + 0 + 0 + 15 = 25p of 4,321.5: 108,037.5; 168p of it are 726,012
    BIRCH: Expected(108_038, 726_012),
    # 15 + 26 + 17 + 33 + 34 + 25 + 30 + 25 = 205p of 3,000, for six months of twelve
    MAPLE: Expected(307_500, 252_000),
}
"""By hand, at the year's end. What Willow Surgery was paid until December is in Rowan Surgery's."""
ROWAN_AFTERWARDS = Expected(1_472_000, 1_344_000)
"""Of the figures that come late: 46 in place of 41 of a hundred in item 2a, so 17p in place of 13p; 184p of 8,000."""
HAZEL_IN_OCTOBER = 630_000
"""By nineteen twenty-fourths of its figures: 8 + 10 + 10 + 0 + 25 + 0 + 10 + 0 = 63p of 10,000."""


def end_of(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def practices_of(letter: str, day: date, only: Collection[str] = PRACTICES) -> Iterator[str]:
    """The rows of practices.csv on a day."""
    yield (
        "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size,joined,left,successor_code"
    )
    for code, one in PRACTICES.items():
        if code in only and one.is_there(day):
            left = one.left if one.left and one.left < day else None
            yield ",".join((
                letter + code, one.name, one.place, f"U{letter}{one.network}", str(one.list_size), one.weighted,
                one.joined.isoformat() if one.joined else "", left.isoformat() if left else "",
                letter + one.successor if left else "",
            ))  # fmt: skip


def counts_of(letter: str, day: date, late: bool = False, only: Collection[str] = PRACTICES) -> Iterator[str]:
    """The rows of counts.csv on a day: they grow from half of the year's end, month by month, and a practice that
    merged has none of its own any more. `late` are those of the year's end that come in place of the first."""
    yield "practice_code,indicator_code,measure,period,value"
    months = (day.year - 2024) * 12 + day.month - 3
    period = "" if day == YEAR_END else day.isoformat()
    for code, one in PRACTICES.items():
        if code in only and one.is_there(day) and not (one.left and one.left < day):
            for item, measure, value in _counts(one, Fraction(12 + months, 24), late and code == ROWAN):
                yield f"{letter}{code},{item},{measure},{period},{value}"


def _counts(one: Practice, so_far: Fraction, late: bool) -> Iterator[tuple[str, str, int]]:
    eighteen = one.list_size // 10 * 8
    yield "1a", "REGISTER", int(so_far * one.list_size * one.palliative / 10_000)
    yield "1a", "LIST_SIZE", one.list_size
    respect, type_1, type_2, pulse, pressure, lipids = one.achieved
    type_1 += 5 if late else 0
    for item, achieved in zip(_SHARES, (respect, type_1, type_2, pulse, pressure, lipids, lipids), strict=True):
        yield item, "NUMERATOR", int(so_far * achieved)
        yield item, "DENOMINATOR", _SHARES[item]
    yield "4", "PCAS", 8
    yield "6", "REGISTER", int(so_far * eighteen * one.kidney / 1000)
    yield "6", "LIST_SIZE", eighteen


def written(
    letter: str, folder: Path, day: date, late: bool = False, only: Collection[str] = PRACTICES
) -> tuple[Path, Path]:
    """Both files of a day, of all practices or only of some, in a folder of their own."""
    home = folder / f"{day}{'-late' if late else ''}"
    home.mkdir()
    files = home / "practices.csv", home / "counts.csv"
    for file, rows in zip(files, (practices_of(letter, day, only), counts_of(letter, day, late, only)), strict=True):
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return files
