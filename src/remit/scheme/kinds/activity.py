"""Activity times a tariff: so much for each thing done, up to the caps, with a rule for those who did not attend.

Spirometry pays by the test; anticoagulation by patient and quarter, or by the days that patients were looked after
(Staffordshire's three services, tariffs required; NHS Wales, oral anticoagulation DES 2017/18: £37.50 a quarter).

The order is: what is claimed, quarter by quarter; the quarter's cap; the year's cap, earlier quarters first; those who
did not attend, by the activity that is paid; the cap in pounds. A share of a year reduces the caps that are of the
year; a cap of the quarter stays, since quarters without a claim are paid nothing anyhow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from remit.core.figures import EACH_QUARTER
from remit.core.rounding import Rounding, pounds_text
from remit.scheme.kinds.base import CalculatedKind, Calculation, KindInputs, Reads, Strict, Unit, WorkingLine
from remit.scheme.kinds.figures import amount, ask, in_words, number
from remit.scheme.kinds.tiers import InTier, PerThousand, Tier, Tiers, paid_by
from remit.scheme.quantity import Count, Money, Percent, Quantity

QUARTERS = ("Q1", "Q2", "Q3", "Q4")
_PENNY_DOWN = Rounding(2, "down")
_ALL = 20  # decimals: more than a tariff times a percentage can have


class DidNotAttend(Strict):
    """`did_not_attend: {pays: 50%, most: 10%}`: an appointment that was kept free in vain."""

    pays: Percent = Field(description="The share of the tariff that is paid")
    most: Percent | None = Field(
        default=None, description="For how many at most, as a share of the activity that is paid, rounded down"
    )


@dataclass(frozen=True)
class _Part:
    """A quarter, or the year where nothing is given by quarter: what is claimed, how that is typed, what is paid."""

    name: str
    claimed: Fraction
    typed: str
    paid: Fraction
    missed: Fraction
    missed_paid: Fraction
    caps: tuple[str, ...]
    at: tuple[InTier, ...]

    @property
    def worth(self) -> Fraction:
        """Pounds for what is paid, without those who did not attend."""
        return sum((one.many * one.tier.price for one in self.at), Fraction(0))


class Activity(CalculatedKind):
    """`activity: {tariff: £45.00, each: diagnostic test, most_per_quarter: 100, most_per_year: 400, most: £20,000}`

    In place of one tariff there may be `tiers: [£12.00 for the first 50, £9.00 after]`.
    """

    name: ClassVar[str] = "activity"
    paid_in: ClassVar[Unit] = "pounds"

    tariff: Money | None = Field(
        default=None, description="Pounds for each activity; with `counted: days`, for each patient and quarter"
    )
    tiers: Tiers | None = Field(default=None, description="Tariffs by how many there were in the year, in place of one")
    each: str = Field(default="activity", description="What one activity is: `diagnostic test`, `patient and quarter`")
    counted: Literal["activities", "days"] = Field(
        default="activities",
        description="What the counts hold: activities, or patient-days, which are divided by the days of the quarter",
    )
    did_not_attend: DidNotAttend | None = Field(default=None, description="What is paid for those who did not attend")
    most_per_quarter: Count | None = Field(default=None, description="At most so many are paid in a quarter")
    most_per_year: Count | None = Field(default=None, description="At most so many in the year, earlier quarters first")
    most_per_1000: PerThousand | None = Field(
        default=None, description="At most so many in the year for each 1,000 of the practice's list"
    )
    most: Money | None = Field(default=None, description="At most so many pounds in the year")
    caps_pro_rata: bool = Field(
        default=False, description="Whether the year's caps shrink for a provider that was there for part of the year"
    )

    @model_validator(mode="after")
    def _together(self) -> Activity:
        if (self.tariff is None) == (self.tiers is None):
            raise ValueError("give either 'tariff' or 'tiers'")
        if self.tiers and (self.counted == "days" or self.did_not_attend):
            raise ValueError(
                "'tiers' are of single activities: they do not go with 'counted: days' or 'did_not_attend'"
            )
        if self.most_per_1000 and self.counted == "days":
            raise ValueError("'most_per_1000' is of single activities: it does not go with 'counted: days'")
        if self.counted == "days" and self.did_not_attend:
            raise ValueError("'did_not_attend' goes with 'counted: activities'")
        if self.caps_pro_rata and not (self.most_per_year or self.most_per_1000 or self.most):
            raise ValueError("'caps_pro_rata' needs a cap of the year: 'most_per_year', 'most_per_1000' or 'most'")
        return self

    @property
    def measure(self) -> str:
        """The measure of the counts that holds the activity."""
        return "ACTIVITY_DAYS" if self.counted == "days" else "ACTIVITY"

    @cached_property
    def _tiers(self) -> tuple[Tier, ...]:
        """The prices; of one tariff, that for all."""
        return self.tiers or (Tier(self.tariff.known() if self.tariff else Fraction(0), None, ""),)

    @property
    def for_part_of_year(self) -> bool:
        return self.caps_pro_rata

    def reads(self) -> tuple[Reads, ...]:
        what = f"patient-days, for each {self.each}" if self.counted == "days" else f"each {self.each}"
        reads_: tuple[Reads, ...] = (Reads(self.measure, period=EACH_QUARTER, words=what),)
        if self.did_not_attend:
            reads_ += (Reads("DID_NOT_ATTEND", period=EACH_QUARTER, words="did not attend", optional=True),)
        return reads_

    def most_earned(self) -> Fraction | None:
        """The lowest cap in pounds; None without one, and with did-not-attend none but the cap in pounds."""
        caps = [self.most.value] if self.most else []
        if not self.did_not_attend and not (self.tariff and self.tariff.required):
            for cap, quarters in ((self.most_per_quarter, 4), (self.most_per_year, 1)):
                if cap and cap.value is not None:
                    paid = paid_by(self._tiers, Fraction(0), cap.value * quarters)
                    caps.append(sum((one.many * one.tier.price for one in paid), Fraction(0)))
        return min((cap for cap in caps if cap is not None), default=None)

    def calculate(self, inputs: KindInputs) -> Calculation:
        reason = self._unknown(inputs)
        if reason:
            return Calculation(None, reason=reason)
        by_list = self._by_list(inputs)
        caps = [cap for cap in (self._of_year(self.most_per_year, inputs), by_list) if cap is not None]
        year = min(caps, default=None)
        pounds = self._of_year(self.most, inputs)
        parts = tuple(self._parts(inputs, year))
        missed_tariff = self.did_not_attend.pays.known() * self._tiers[0].price if self.did_not_attend else Fraction(0)
        total = sum((p.worth + p.missed_paid * missed_tariff for p in parts), Fraction(0))
        capped = pounds is not None and total > pounds
        lines = [*self._list_cap(inputs, by_list), *self._pro_rata(inputs, year, pounds)]
        for part in parts:
            lines += self._lines(part)
        if len(lines) > 1:
            lines.append(self._together_line(parts, total, year))
        if pounds is not None and capped:
            lines.append(WorkingLine("Cap", f"at most {amount(pounds)} in the year", amount(pounds)))
        hit = list(dict.fromkeys(cap for part in parts for cap in part.caps))
        reached = [*hit, *([f"at most {amount(pounds)}"] if pounds is not None and capped else [])]
        return Calculation(
            pounds if pounds is not None and capped else total,
            tuple(lines),
            counted=self._counted(inputs, parts),
            reached=", ".join(reached),
            met=any(part.paid or part.missed_paid for part in parts),
        )

    def _unknown(self, inputs: KindInputs) -> str:
        """What keeps the activity from being known: nothing supplied, not by quarter, or two figures that differ."""
        activity, *missed = self.reads()
        for measure in [self.measure, *(reads.measure for reads in missed)]:
            quarters, year = inputs.quarters(measure), inputs.figure(measure)
            if quarters and year is not None and sum(quarters.values()) != year:
                added = number(sum(quarters.values(), Fraction(0)))
                return f"The quarters' {measure} of {inputs.item} add up to {added}, but the year's is {number(year)}."
        by_quarter, year = inputs.quarters(self.measure), inputs.figure(self.measure)
        wanted = []
        if not by_quarter and (year is None or self.most_per_quarter or self.counted == "days"):
            wanted.append(activity)
        if missed and by_quarter and not inputs.quarters("DID_NOT_ATTEND") and inputs.figure("DID_NOT_ATTEND"):
            wanted += missed
        reason = ask(inputs, wanted)
        if self.most_per_1000 and inputs.lists.get(self.most_per_1000.of) is None:
            reason = f"{reason} The practice's {self.most_per_1000.of} is not known, which the cap goes by.".strip()
        return f"{reason} The year alone does not say what each quarter's cap leaves." if reason and year else reason

    def _parts(self, inputs: KindInputs, left: Fraction | None) -> Iterator[_Part]:
        """Each quarter that has a figure, with what its caps leave; `left` is the year's cap."""
        claims, missed = inputs.quarters(self.measure), inputs.quarters("DID_NOT_ATTEND")
        if not claims:
            whole = inputs.figure("DID_NOT_ATTEND")
            missed = {"Year": sum(missed.values(), Fraction(0)) if whole is None else whole}
            claims = {"Year": inputs.figure(self.measure) or Fraction(0)}
        year, before = left, Fraction(0)
        for name in (*QUARTERS, "Year"):
            if name not in claims and name not in missed:
                continue
            claim = claims.get(name, Fraction(0))
            days = inputs.year.quarter_days()[QUARTERS.index(name)] if self.counted == "days" else 1
            paid, typed, caps = claim / days, number(claim), []
            if self.counted == "days":
                typed = f"{typed} / {days}"
            claimed = paid
            quarter = self.most_per_quarter
            if quarter and paid > quarter.known():
                paid = quarter.known()
                caps.append(f"at most {number(paid)} a quarter")
            if left is not None and paid > left:
                paid = left
                caps = [f"at most {number(year or Fraction(0))} a year"]
            if left is not None:
                left -= paid
            absent = missed.get(name, Fraction(0)) if self.did_not_attend else Fraction(0)
            rule = self.did_not_attend.most if self.did_not_attend else None
            absent_paid = absent if rule is None else min(absent, Fraction(floor(rule.known() * paid)))
            at = tuple(paid_by(self._tiers, before, paid))
            before += paid
            yield _Part(name, claimed, typed, paid, absent, absent_paid, tuple(caps), at)

    def _of_year(self, cap: Quantity | None, inputs: KindInputs) -> Fraction | None:
        """A cap of the year, for the part of it that the provider was there: whole, or to the penny, rounded down."""
        if cap is None:
            return None
        if not self.caps_pro_rata:
            return cap.known()
        part = cap.known() * inputs.share
        return _PENNY_DOWN.apply(part) if cap.unit == "pounds" else Fraction(floor(part))

    def _by_list(self, inputs: KindInputs) -> Fraction | None:
        """The cap that goes by the list, for the part of the year where caps shrink with it."""
        cap = self.most_per_1000
        size = inputs.lists.get(cap.of) if cap else None
        if cap is None or size is None:
            return None
        whole = Fraction(cap.cap(size))
        return Fraction(floor(whole * inputs.share)) if self.caps_pro_rata else whole

    def _list_cap(self, inputs: KindInputs, by_list: Fraction | None) -> Iterator[WorkingLine]:
        cap = self.most_per_1000
        size = inputs.lists.get(cap.of) if cap else None
        if cap is None or size is None or by_list is None:
            return
        whom = "patients" if cap.of == "list" else "weighted patients"
        working = f"{cap.count} × {number(size)} {whom} / 1,000, rounded {cap.rounded}"
        if self.caps_pro_rata and inputs.share != 1:
            working += f", × {inputs.share} of the year, rounded down"
        yield WorkingLine("Cap by the list", working, number(by_list))

    def _pro_rata(self, inputs: KindInputs, year: Fraction | None, pounds: Fraction | None) -> Iterator[WorkingLine]:
        if not self.caps_pro_rata or inputs.share == 1:
            return
        share = f"{inputs.share} of the year, rounded down"
        own = self._of_year(self.most_per_year, inputs)
        if self.most_per_year and own is not None:
            yield WorkingLine("Year's cap", f"{number(self.most_per_year.known())} × {share}", number(own))
        if self.most and pounds is not None:
            yield WorkingLine("Year's cap in pounds", f"{amount(self.most.known())} × {share}", amount(pounds))

    def _lines(self, part: _Part) -> Iterator[WorkingLine]:
        tariff = self._tiers[0].price
        took = f" ({part.typed} claimed; {', '.join(part.caps)})" if part.caps else ""
        units = number(part.paid, 6) if part.caps else part.typed
        if self.tiers and part.at:
            working = " + ".join(f"{number(one.many)} × {amount(one.tier.price)}" for one in part.at)
        else:
            working = f"{units} × {amount(tariff)}"
        result = amount(part.worth) if self.counted == "days" else pounds_text(part.worth, _ALL)
        yield WorkingLine(part.name, f"{working}{took}", result)
        if part.missed and self.did_not_attend:
            pays, most = self.did_not_attend.pays, self.did_not_attend.most
            few = part.missed_paid < part.missed and most is not None
            threshold = (
                f" ({number(part.missed)} claimed; at most {most} of {number(part.paid)}, rounded down)" if few else ""
            )
            working = f"{number(part.missed_paid)} × {pays} × {amount(tariff)}{threshold}"
            yield WorkingLine(
                f"{part.name}, did not attend", working, pounds_text(part.missed_paid * pays.known() * tariff, _ALL)
            )

    def _together_line(self, parts: tuple[_Part, ...], total: Fraction, year: Fraction | None) -> WorkingLine:
        """The sum. Patient-days are summed before they are multiplied: a sum of printed parts might miss the penny."""
        tariff = self._tiers[0].price
        if self.counted == "days":
            full = year is not None and sum((p.paid for p in parts), Fraction(0)) == year
            units = [number(p.paid) if p.caps else p.typed for p in parts]
            inner = number(year) if full and year is not None else f"({' + '.join(units)})"
            return WorkingLine("Together", f"{inner} × {amount(tariff)}", amount(total))
        amounts = [line.result for part in parts for line in self._lines(part)]  # with all their decimals
        return WorkingLine("Together", " + ".join(amounts), amount(total))

    def _counted(self, inputs: KindInputs, parts: tuple[_Part, ...]) -> str:
        claimed, paid = (sum((getattr(p, key) for p in parts), Fraction(0)) for key in ("claimed", "paid"))
        if self.counted == "days":
            days = sum(inputs.quarters(self.measure).values(), Fraction(0))
            text = f"{number(days)} patient-days"
            return text if paid == claimed else f"{text}, {number(paid, 2)} of {number(claimed, 2)} paid"
        return number(claimed) if paid == claimed else f"{number(claimed)}, {number(paid)} of them paid"

    def missing(self) -> str:
        missed = self.did_not_attend
        named = {
            "tariff": self.tariff,
            "share paid for a did-not-attend": missed.pays if missed else None,
            "most of did-not-attends": missed.most if missed else None,
            "most a quarter": self.most_per_quarter,
            "most per 1,000": self.most_per_1000.count if self.most_per_1000 else None,
            "most a year": self.most_per_year,
            "most in pounds": self.most,
        }
        return ", ".join(name for name, quantity in named.items() if quantity and quantity.required)

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        quarter, year = self.most_per_quarter, self.most_per_year
        if quarter and year and quarter.value is not None and year.value is not None and quarter.value > year.value:
            yield ("most_per_quarter",), f"more in a quarter, {quarter}, than the {year} in the year"

    def words(self) -> str:
        caps = [
            *([f"{self.most_per_quarter} a quarter"] if self.most_per_quarter else []),
            *([f"{self.most_per_year} a year"] if self.most_per_year else []),
            *([str(self.most_per_1000)] if self.most_per_1000 else []),
            *([f"{self.most} in all"] if self.most else []),
        ]
        days = ", by patient-days over the days of the quarter" if self.counted == "days" else ""
        price = in_words(self.tariff) if self.tariff else ", ".join(map(str, self._tiers)) + ","
        text = f"{price} for each {self.each}{days}"
        if caps:
            text += f"; at most {', '.join(caps)}"
            text += ", the year's caps in proportion to the time there" if self.caps_pro_rata else ""
        if self.did_not_attend:
            missed = self.did_not_attend
            text += f"; {missed.pays} of it for a did-not-attend"
            text += f", for at most {missed.most} of the activity" if missed.most else ""
        return text
