"""The sheet Schedule: what is paid when; the parts follow the amounts of the summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from remit.core import say
from remit.documents.cells import POUNDS
from remit.documents.statement.missing import plain
from remit.documents.statement.workbook.book import Sheet
from remit.runs.results import FINAL
from remit.scheme.advances import in_equal_parts


@dataclass(frozen=True)
class _Parts:
    """An amount in parts: `total` is its formula, or nothing where the parts are as they are."""

    kind: str
    dues: tuple[tuple[date | None, int], ...]
    total: str = ""
    remainder: str = "last"
    down: bool = False


class Schedule(Sheet):
    """Instalments, then the balance or the recoveries: a row for either, since a changed count may turn them over."""

    name = "Schedule"

    def write(self) -> None:
        back = self.scheme.terms.paid_in_advance is not None
        self.titled(f"What is paid when{'; a recovery is paid back by the practice' if back else ''}")
        self.head(2, (("Due", 20), ("What", 20), ("Pounds", 20)))
        self.row = 3
        for kind in ("instalment", "activity", "balance", "recovery"):
            self._write(self._parts(kind))
        if self.result.settlement.reason:
            self.text(self.row + 1, 0, plain(self.result.settlement.reason))

    def _parts(self, kind: str) -> _Parts:
        dues = tuple((due.day, due.pence) for due in self.result.schedule if due.kind == kind)
        terms, at = self.scheme.terms, self.at
        if kind == "activity":
            return _Parts(kind, dues)
        if kind == "instalment":
            advanced = self.result.settlement.advance
            if not at.advance or not in_equal_parts(self.scheme) or sum(p for _, p in dues) != advanced:
                return _Parts(kind, dues)
            paid = terms.advances[0]
            total = "" if self.result.merged else at.advance
            return _Parts(kind, dues, total, paid.remainder, paid.rounding == "down")
        if not (at.advance and at.awarded and self.result.status == FINAL):
            return _Parts(kind, dues)
        if kind == "recovery" and terms.paid_in_advance is None and not dues:
            return _Parts(kind, dues)
        paid_ = f"{at.advance}-{at.activity}" if at.activity and kind == "balance" else at.advance
        paid_ = f"{at.advance}+{at.activity}" if at.activity and kind == "recovery" else paid_
        high, low = (at.awarded, paid_) if kind == "balance" else (paid_, at.awarded)
        if not dues:
            count = 1 if kind == "balance" else int(terms.recovery.months.value or 0)
            dues = ((None, 0),) * count
        return _Parts(kind, dues, f"MAX(0,ROUND({high}-{low},2))", terms.recovery.remainder)

    def _write(self, parts: _Parts) -> None:
        """As `payment.instalments.shares`: equal parts, none above what is left, one of them taking what is over."""
        first, count = self.row + 1, len(parts.dues)
        name = "ROUNDDOWN" if parts.down else "ROUND"
        for n, (day, pence) in enumerate(parts.dues):
            row = first + n
            odd = n == (count - 1 if parts.remainder == "last" else 0)
            if parts.remainder == "last":
                taken = (first, row - 1)
            else:
                taken = (first + 1, first + count - 1 if odd else row - 1)
            less = f"-SUM(C{taken[0]}:C{taken[1]})" if taken[0] <= taken[1] else ""
            left = f"ROUND({parts.total}{less},2)"
            formula = left if odd else f"MIN({name}({parts.total}/{count},2),{left})"
            self._due(parts.kind, day, pence, formula if parts.total else "")

    def _due(self, kind: str, day: date | None, pence: int, formula: str) -> None:
        if day:
            when = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a cell's date has no zone
            self.sheet.write_datetime(self.row, 0, when, self.style(num_format="d mmmm yyyy", align="left"))
        else:
            self.text(self.row, 0, "not set yet" if pence else "")
        self.text(self.row, 1, say.capital(kind))
        if formula:
            self.formula(self.row, 2, formula, Fraction(pence, 100), POUNDS)
        else:
            self.sheet.write_number(self.row, 2, pence / 100, self.style(num_format=POUNDS))
        self.row += 1
