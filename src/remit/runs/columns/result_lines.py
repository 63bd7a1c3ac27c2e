"""The lines of a run's tables for plain practices: the bytes that `runs.tables` gives of them, from columns."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from remit.core.rounding import exact_text
from remit.pricing.vector import Points
from remit.runs.columns.figures import Whole
from remit.runs.columns.priced import ColumnPricing, PricedColumns
from remit.runs.columns.text import Lines, Text, cells, taken, whole_numbers
from remit.runs.results import FINAL

_MILLION = 10**6
_CENTS = [f".{pence:02d}" for pence in range(100)]
_MOST_UNDER = (1 << 62) // _MILLION


class ResultLines:
    """The text of a run that no practice changes; `of` gives the lines of some, by table, in its order."""

    def __init__(self, pricing: ColumnPricing) -> None:
        self.pricing = pricing
        scheme, lines = pricing.plan.scheme.scheme, pricing.lines
        codes, names = cells([line.code for line in lines]), cells([line.measurer.single for line in lines])
        id_, measures = cells([scheme])[0], [line.item.measure for line in lines]
        self.many = len(lines)
        self.achieved = [
            f",{id_},{code},{name},yes,{measure}," for code, name, measure in zip(codes, names, measures, strict=True)
        ]
        self.awarded = [f",{code}," for code in codes]
        most = [line.kind.most_earned() for line in lines]
        self.available = [f",{'' if one is None else exact_text(one, 2)}," for one in most]
        self.reasons = ["", *cells([pricing.reason(line) for line in lines])]

    def of(self, priced: PricedColumns) -> dict[str, tuple[Lines, int]]:
        """The lines of each table, and how many of them a practice has."""
        codes, ahead = priced.codes, pa.array(priced.codes, pa.string())
        pence, advance, balance = (pounds_text(one) for one in (priced.pence, priced.advance, priced.balance))
        nothing, reason = pounds_text(np.zeros(len(codes), np.int64)), cells([self.pricing.settled.reason])[0]
        at_one = pounds_text(priced.at_one) if priced.at_one is not None else ""
        payment = Lines(ahead, f",{FINAL},", pence, ",", advance, ",", balance, ",", nothing, f",{reason}\n")
        totals = Lines(ahead, ",", pence, ",", at_one, f",{self.many},0\n")
        achievements, awards = self._items(priced)
        return {
            "achievement.csv": (achievements, self.many),
            "award.csv": (awards, self.many),
            "payment.csv": (payment, 1),
            "schedule.csv": self._schedule(priced),
            "ledger.csv": self._ledger(priced),
            "totals.csv": (totals, 1),
        }

    def _items(self, priced: PricedColumns) -> tuple[Lines, Lines]:
        """achievement.csv and award.csv: for each practice, each item."""
        many, items = self.many, priced.items
        place = np.tile(np.arange(many), len(priced.codes))
        codes = taken(priced.codes, np.repeat(np.arange(len(priced.codes)), many))
        numerator, denominator = (_side_by_side([getattr(one, name) for one in items]) for name in _RATE)
        over, under, percent = _figure(numerator), _figure(denominator), percent_text(numerator, denominator)
        reason = taken(self.reasons, np.where(_side_by_side([one.no for one in items]), place + 1, 0))
        pcas, register = (
            _figure(_side_by_side([getattr(one, name) for one in items])) for name in ("pcas", "register")
        )
        achievements = Lines(
            codes,
            taken(self.achieved, place),
            over,
            ",",
            under,
            ",",
            pcas,
            ",",
            register,
            ",,",
            percent,
            ",",
            reason,
            "\n",
        )
        points, pounds = (
            points_text([one.points for one in items]),
            pounds_text(_side_by_side([one.pence for one in items])),
        )
        awards = Lines(
            codes, taken(self.awarded, place), over, ",", under, ",", percent, taken(self.available, place), points,
            ",", pounds, ",,", reason, "\n",
        )  # fmt: skip
        return achievements, awards

    def _schedule(self, priced: PricedColumns) -> tuple[Lines, int]:
        dues = self.pricing.settled.schedule
        ends = [f",{due.day.isoformat() if due.day else ''},{due.kind}," for due in dues]
        amounts = np.concatenate([priced.instalments, priced.balance[:, None]], axis=1)
        people, place = _each(len(priced.codes), len(dues))
        return Lines(taken(priced.codes, people), taken(ends, place), pounds_text(amounts.ravel()), "\n"), len(dues)

    def _ledger(self, priced: PricedColumns) -> tuple[Lines, int]:
        """Each transaction's two rows; the amounts are the instalments, the award, the advance, the balance."""
        rows = self.pricing.ledger
        moved = [*priced.instalments.T, priced.pence, *([priced.advance] if self.pricing.days else []), priced.balance]
        names = list(dict.fromkeys(row.transaction for row in rows))
        amounts = pounds_text(np.stack(moved[: len(names)], axis=1).ravel())
        people, place = _each(len(priced.codes), len(rows))
        of_row = np.array([names.index(row.transaction) for row in rows])
        before = [f"{row.transaction},{row.day.isoformat()},{cells([row.account])[0]}," for row in rows]
        signs = ["," if row.pence > 0 else ",-" for row in rows]
        memos = [f",{memo}\n" for memo in cells([row.memo for row in rows])]
        codes = taken(priced.codes, people)
        pounds = amounts.take(pa.array(people * len(names) + of_row[place]))
        return Lines(codes, taken(before, place), codes, taken(signs, place), pounds, taken(memos, place)), len(rows)


_RATE, _BESIDE = ("numerator", "denominator"), ("pcas", "register")


def _each(people: int, rows: int) -> tuple[Whole, Whole]:
    """Whose each row is, and which of theirs it is."""
    return np.repeat(np.arange(people), rows), np.tile(np.arange(rows), people)


def _side_by_side(columns: Sequence[Any]) -> Any:
    """Columns of items as one: for each practice, each item."""
    return np.stack(columns, axis=1).ravel()


def _figure(numbers: Whole) -> Text:
    """Figures in digits; none where there is none."""
    return pa.array(numbers, mask=numbers < 0).cast(pa.string())


def pounds_text(pence: Whole) -> Text:
    """As `pence_text`, of amounts that are not below zero."""
    return compute.binary_join_element_wise(whole_numbers(pence // 100), taken(_CENTS, pence % 100), "")


def percent_text(numerator: Whole, denominator: Whole) -> Text:
    """The rates in per cent, up to six decimals; nothing where there is none."""
    there = denominator > 0
    over, under = np.where(there, 100 * numerator, 0), np.where(there, denominator, 1)
    whole, rest = over // under, over % under
    digits = (2 * _MILLION * rest + under) // (2 * under)
    text = _decimals(whole + digits // _MILLION, digits % _MILLION, 6, 0)
    return compute.if_else(pa.array(there), text, pa.scalar(None, pa.string()))


def points_text(points: Sequence[Points]) -> Text:
    """As `exact_text` with at least two decimals."""
    over = _side_by_side([one.over for one in points])
    under = _side_by_side([np.broadcast_to(one.under, one.over.shape) for one in points])
    if over.dtype == object or under.dtype == object or int(under.max(initial=1)) > _MOST_UNDER:
        texts = [exact_text(Fraction(a, b), 2) for a, b in zip(over.tolist(), under.tolist(), strict=True)]
        return pa.array(texts, pa.string())
    whole, rest = over // under, over % under
    first, rest = rest * _MILLION // under, rest * _MILLION % under
    second, rest = rest * _MILLION // under, rest * _MILLION % under
    digits = first * _MILLION + second + (2 * rest >= under)
    most = _MILLION * _MILLION
    return _decimals(whole + digits // most, digits % most, 12, 2)


def _decimals(whole: Whole, digits: Whole, places: int, least: int) -> Text:
    """Numbers with their decimals: zeros at the end are left out, but for the `least` of them."""
    marked = compute.utf8_replace_slice(whole_numbers(digits + 10**places), 0, 1, ".")
    marked = compute.ascii_rtrim(marked, "0")
    if least:
        marked = compute.ascii_rpad(marked, least + 1, "0")
    else:
        marked = compute.ascii_rtrim(marked, ".")
    return compute.binary_join_element_wise(whole_numbers(whole), marked, "")
