"""Shared savings: a share of what less than expected was spent, paid to the network that saved it.

saving = baseline cost × (1 + growth) × list / baseline list − actual cost; pay = share × saving (a formula that Remit
offers; the published schemes give the share: Coastal West Sussex 50% of any reduction against the year before, West
Leicestershire 30%, Enfield 50%; pulsetoday.co.uk 20036236). A minimum saving rate, a corridor and caps are options, and
so is the duty to reinvest. That quality must not have suffered is an item of its own, which this one requires.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

from pydantic import Field, model_validator

from remit.core.rounding import pounds, pounds_text
from remit.scheme.kinds.base import CalculatedKind, Calculation, KindInputs, Reads, Unit, WorkingLine
from remit.scheme.kinds.figures import amount, ask, number, percent, shown
from remit.scheme.quantity import Money, Percent

_DIGITS = (6, 8, 10, 12, 15, 20)


class SharedSavings(CalculatedKind):
    """`shared_savings: {share: 50%, growth: 2%, list_adjusted: true, minimum_rate: 2%, most: £50,000}`"""

    name: ClassVar[str] = "shared_savings"
    paid_in: ClassVar[Unit] = "pounds"

    share: Percent = Field(description="The share of the saving that is paid")
    growth: Percent | None = Field(default=None, description="By how much the baseline grows; none where left out")
    growth_down: Percent | None = Field(default=None, description="In place of `growth`: by how much it shrinks")
    list_adjusted: bool = Field(
        default=False, description="Whether the baseline follows the list: list / baseline list"
    )
    minimum_rate: Percent | None = Field(
        default=None, description="The saving, as a share of the expected cost, from which (that rate included) it pays"
    )
    corridor: Percent | None = Field(
        default=None, description="The part of the saving, as a share of the expected cost, that is not shared"
    )
    most: Money | None = Field(default=None, description="At most so many pounds")
    most_of_expected: Percent | None = Field(default=None, description="At most this share of the expected cost")
    reinvest: str = Field(default="", description="What it must be spent on; spending is then followed up")

    @model_validator(mode="after")
    def _one_growth(self) -> SharedSavings:
        if self.growth and self.growth_down:
            raise ValueError("give either 'growth' or 'growth_down'")
        return self

    def reads(self) -> tuple[Reads, ...]:
        reads_ = [
            Reads("BASELINE_POUNDS", words="cost of the baseline year"),
            Reads("ACTUAL_POUNDS", words="cost of this year"),
        ]
        if self.list_adjusted:
            reads_ += [
                Reads("LIST_SIZE", "*", words="patients on the list"),
                Reads("BASELINE_LIST_SIZE", "*", words="patients on the list in the baseline year"),
            ]
        if self.reinvest:
            reads_.append(Reads("REINVESTED_POUNDS", words="spent as agreed", optional=True))
        return tuple(reads_)

    def most_earned(self) -> Fraction | None:
        return self.most.value if self.most else None

    def calculate(self, inputs: KindInputs) -> Calculation:
        needed = [reads for reads in self.reads() if not reads.optional]
        figures = {reads.measure: inputs.figure(reads.measure, reads.subject) for reads in needed}
        missing = [reads for reads in needed if figures[reads.measure] is None]
        if missing:
            return Calculation(None, reason=ask(inputs, missing))
        known = {measure: figure for measure, figure in figures.items() if figure is not None}
        if self.list_adjusted and known["BASELINE_LIST_SIZE"] == 0:
            return Calculation(None, reason="BASELINE_LIST_SIZE is 0: the baseline cannot follow the list. Correct it.")
        baseline, actual = known["BASELINE_POUNDS"], known["ACTUAL_POUNDS"]
        grown = 1 + self._growth()
        expected = baseline * grown
        working = [amount(baseline), *([number(grown)] if grown != 1 else [])]
        if self.list_adjusted:
            expected = expected * known["LIST_SIZE"] / known["BASELINE_LIST_SIZE"]
            working.append(f"{number(known['LIST_SIZE'])} / {number(known['BASELINE_LIST_SIZE'])}")
        digits = self._digits(expected, actual)
        text = pounds_text(expected, digits)
        lines = [
            WorkingLine("Expected", " × ".join(working), text if len(working) > 1 else ""),
            WorkingLine("Saved", f"{text} − {amount(actual)}", pounds_text(expected - actual, digits)),
        ]
        earned, more, reached = self._share(expected, actual, digits)
        lines += more
        if self.reinvest and earned:
            lines.append(self._reinvested(earned, inputs.figure("REINVESTED_POUNDS")))
        counted = f"{amount(actual)} spent of {pounds_text(expected, 2)} expected"
        return Calculation(earned, tuple(lines), counted=counted, reached=reached)

    def _growth(self) -> Fraction:
        if self.growth_down:
            return -self.growth_down.known()
        return self.growth.known() if self.growth else Fraction(0)

    def _share(self, expected: Fraction, actual: Fraction, digits: int) -> tuple[Fraction, list[WorkingLine], str]:
        """What is paid, the lines that show it, and what was reached in a few words."""
        zero, saving = Fraction(0), expected - actual
        if saving <= 0:
            return zero, [WorkingLine("Shared", "nothing was saved")], "nothing saved"
        rate, lines = saving / expected, []
        if self.minimum_rate:
            below = rate < self.minimum_rate.known()
            side = "below" if below else "at or above"
            exact = _rate(rate, self.minimum_rate.known())
            text = f"{pounds_text(saving, digits)} / {pounds_text(expected, digits)} = {exact}"
            lines.append(WorkingLine("Saving rate", f"{text}, {side} the minimum of {self.minimum_rate}"))
            if below:
                return zero, [*lines, WorkingLine("Shared", "nothing below the minimum rate")], "below the minimum rate"
        reached = f"saved {percent(rate, 2)}"
        shared = saving
        if self.corridor:
            nobodys = self.corridor.known() * expected
            shared = max(zero, saving - nobodys)
            text = f"{pounds_text(saving, digits)} − {self.corridor} × {pounds_text(expected, digits)}"
            if not shared:
                lines.append(WorkingLine("Beyond the corridor", f"{text}: nothing is left to share"))
                return zero, lines, f"{reached}, within the corridor"
            lines.append(WorkingLine("Beyond the corridor", text, pounds_text(shared, digits)))
        earned = self.share.known() * shared
        lines.append(WorkingLine("Share", f"{self.share} × {pounds_text(shared, digits)}", pounds_text(earned, digits)))
        cap = self._cap(expected)
        if cap is not None and earned > cap:
            earned = cap
            most = ""
            if self.most_of_expected and cap != (self.most.value if self.most else None):
                most = f"{self.most_of_expected} × {pounds_text(expected, digits)}, "
            lines.append(WorkingLine("Cap", f"{most}at most {pounds_text(cap, digits)}", pounds_text(cap, digits)))
            reached += ", capped"
        return earned, lines, reached

    def _cap(self, expected: Fraction) -> Fraction | None:
        caps = [self.most.known()] if self.most else []
        caps += [self.most_of_expected.known() * expected] if self.most_of_expected else []
        return min(caps, default=None)

    def _digits(self, expected: Fraction, actual: Fraction) -> int:
        """How many decimals the working prints, so that a reader who types what is printed gets the same penny."""
        penny = pounds(self._share(expected, actual, 6)[0])
        return next((n for n in _DIGITS if pounds(self._typed(expected, actual, n)) == penny), _DIGITS[-1])

    def _typed(self, expected: Fraction, actual: Fraction, digits: int) -> Fraction:
        """What comes out where each line is worked out from the lines before it as they are printed."""
        exact = self._share(expected, actual, digits)[0]
        if not exact:
            return exact
        cost = shown(expected, digits)
        shared = shown(cost - actual - (self.corridor.known() * cost if self.corridor else 0), digits)
        cap = self._cap(cost)
        paid = self.share.known() * shared
        return shown(paid if cap is None else min(paid, cap), digits)

    def _reinvested(self, earned: Fraction, spent: Fraction | None) -> WorkingLine:
        """What is to be spent as agreed, what was reported, and what is left to report; it never changes the pay."""
        paid = Fraction(pounds(earned))
        if spent is None:
            return WorkingLine("To be reinvested", f"{amount(paid)} in {self.reinvest}; nothing reported yet")
        if spent >= paid:
            return WorkingLine(
                "To be reinvested", f"{amount(paid)} in {self.reinvest}; {amount(spent)} reported: all of it"
            )
        text = f"{amount(paid)} in {self.reinvest}, less {amount(spent)} reported"
        return WorkingLine("To be reinvested", text, f"{amount(paid - spent)} still to report")

    def missing(self) -> str:
        names = {
            "share": "share",
            "growth": "growth of the baseline",
            "growth_down": "fall of the baseline",
            "minimum_rate": "minimum saving rate",
            "corridor": "corridor",
            "most": "most in pounds",
            "most_of_expected": "most of the expected cost",
        }
        quantities = {key: getattr(self, key) for key in names}
        return ", ".join(names[key] for key, quantity in quantities.items() if quantity and quantity.required)

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.share.value == 0:
            yield ("share",), f"expected more than 0%, found {self.share}"
        if self.growth_down and self.growth_down.value == 1:
            yield ("growth_down",), "a baseline that shrinks by 100% leaves nothing to save"

    def words(self) -> str:
        index = []
        if self.growth:
            index.append("growth still to be supplied" if self.growth.required else f"{self.growth} growth")
        if self.growth_down:
            index.append(f"{self.growth_down} less")
        index += ["the list"] if self.list_adjusted else []
        against = f", adjusted for {' and '.join(index)}" if index else ""
        text = f"{self.share} of the saving against the baseline{against}"
        text += f", from a saving of {self.minimum_rate}" if self.minimum_rate else ""
        text += f", beyond a corridor of {self.corridor}" if self.corridor else ""
        caps = [str(self.most)] if self.most else []
        caps += [f"{self.most_of_expected} of the expected cost"] if self.most_of_expected else []
        text += f"; at most {' and '.join(caps)}" if caps else ""
        return text + (f"; to be reinvested in {self.reinvest}" if self.reinvest else "")


def _rate(rate: Fraction, threshold: Fraction) -> str:
    """A rate with as many decimals as keep it on its own side of a threshold."""
    for most in (2, 4, 6, 8, 12):
        printed = shown(rate * 100, most)
        if (printed < threshold * 100) == (rate < threshold) and (printed == threshold * 100) == (rate == threshold):
            return f"{percent(rate, most)}"
    return percent(rate, 12)
