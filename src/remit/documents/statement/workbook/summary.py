"""The sheet Summary: what was earned, paid and is left, and the numbers that all items share."""

from __future__ import annotations

from fractions import Fraction

from remit.core import say
from remit.core.figures import AGREED, HISTORIC_POINTS, HISTORIC_POUNDS
from remit.documents.cells import FACTOR, NUMBER, POUNDS, rounded
from remit.documents.statement import answers
from remit.documents.statement.calculation_steps import policy
from remit.documents.statement.missing import plain
from remit.documents.statement.network import contributed, contribution, named, rule_words
from remit.documents.statement.workbook.book import Sheet
from remit.documents.statement.workbook.items import ITEMS_TOP
from remit.runs.amounts import earned_by_itself, on_activity
from remit.runs.networks import Pool
from remit.runs.results import FINAL, MERGED
from remit.scheme.advances import per_head


class Summary(Sheet):
    """Amounts above, the yellow cells that they rest on below."""

    name = "Summary"

    def write(self) -> None:
        sheet = self.sheet
        for column, width in enumerate((34, 24, 70)):
            sheet.set_column(column, column, width)
        self.text(0, 0, f"Statement: {self.statement.title}", bold=True, font_size=16)
        sheet.set_row(0, 24)
        sheet.merge_range(1, 0, 1, 2, "", self.style(font_size=12, text_wrap=True))
        self.text(1, 0, answers.next_step(self.statement), font_size=12, text_wrap=True)
        sheet.set_row(1, 36)
        self.row = 3
        self._line("Scheme", say.with_place(self.scheme.title, self.scheme.nation))
        self._line("Year", f"{self.scheme.year}, achievement on {self.statement.by}")
        self._line("Commissioner", self.scheme.commissioner)
        self._line("Status", answers.status(self.statement))
        self.row += 1
        self._amounts()
        self.row += 1
        self.text(self.row, 0, "What the pounds rest on", bold=True, bottom=2)
        self.text(self.row, 2, "Yellow cells may be changed: the pounds follow.", italic=True, indent=1)
        self.row += 1
        self._shared()
        self._advance()

    def _line(self, name: str, text: str) -> None:
        self.text(self.row, 0, name)
        self.text(self.row, 1, say.clean(text))
        self.row += 1

    def _given(self, name: str, value: Fraction | int, note: str = "", form: str = NUMBER) -> str:
        self.text(self.row, 0, name)
        self.given(self.row, 1, value, form)
        return self._noted(note)

    def _live(self, name: str, formula: str, value: Fraction, note: str = "", form: str = POUNDS) -> str:
        bold = form == POUNDS
        self.text(self.row, 0, name, bold=bold)
        self.formula(self.row, 1, formula, value, form, bold=bold)
        return self._noted(note)

    def _noted(self, note: str) -> str:
        self.text(self.row, 2, note, indent=1)
        self.row += 1
        return f"Summary!$B${self.row}"

    def _amounts(self) -> None:
        """What is earned, paid, left. The advance is written last: it rests on cells further down."""
        s, result, at = self.result.settlement, self.result, self.at
        if result.pool is not None and result.through_network:
            self._member(result.pool)
            return
        if result.shares_out:
            worth = earned_by_itself(result)
            cells = f"Items!$N${ITEMS_TOP + 1}:$N${ITEMS_TOP + len(self.statement.items)}"
            if worth is None:
                self._line("To share out", "not known yet")
            else:
                self._live(
                    "To share out", f"SUM({cells})", Fraction(worth, 100), "to the members, in their own payments"
                )
            return
        if result.status != MERGED:
            cells = f"Items!$N${ITEMS_TOP + 1}:$N${ITEMS_TOP + len(self.statement.items)}"
            self._awarded(cells)
        self.advance_row = self.row
        if s.advance is None:
            self._line("Paid in advance", f"not known. {plain(s.reason)}")
        else:
            self.row += 1
            at.advance = f"Summary!$B${self.row}"
        activity = on_activity(result)
        if activity is None:
            self._line("Paid on activity", "not known yet")
        elif activity:
            at.activity = self._given("Paid on activity", Fraction(activity, 100), "quarter by quarter", POUNDS)
        if result.status == FINAL and at.advance:
            balance, recovery = Fraction(s.balance or 0, 100), Fraction(s.recovery or 0, 100)
            less = f"-{at.activity}" if at.activity else ""
            more = f"+{at.activity}" if at.activity else ""
            self._live("Balance to pay", f"MAX(0,ROUND({at.awarded}-{at.advance}{less},2))", balance)
            self._live("To recover", f"MAX(0,ROUND({at.advance}{more}-{at.awarded},2))", recovery)
        else:
            self._line("Balance to pay", "not known yet")
            self._line("To recover", "not known yet")

    def _awarded(self, cells: str) -> None:
        """The sum of the items; the word where one is not known and what is known is nothing."""
        pence = self.result.pence
        note = "the sum of the items"
        note += ", as far as they are known" if any(award.unpaid for award in self.result.awards) else ""
        if pence is None:
            self._line("Awarded", "not known yet")
        else:
            self.at.awarded = self._live("Awarded", f"SUM({cells})", Fraction(pence, 100), note)

    def _member(self, pool: Pool) -> None:
        """A member of a network: what it contributes, the pool, its part of it."""
        code = self.result.practice.code
        own, part = pool.contributions.get(code), pool.pence_of(code)
        if pool.in_pounds and own is not None:
            cells = f"Items!$N${ITEMS_TOP + 1}:$N${ITEMS_TOP + len(self.statement.items)}"
            self._live("Your contribution", f"SUM({cells})", Fraction(own, 100), "the sum of the items")
        else:
            self._line("Your contribution", f"{contribution(pool, code)} {'' if pool.in_pounds else contributed(pool)}")
        for name, pence in (("The network's pool", pool.pence), ("Your part of the pool", part)):
            if pence is None:
                self._line(name, "not known yet")
            else:
                note = rule_words(self.statement, pool) if name.startswith("Your") else named(pool.network)
                self._given(name, Fraction(pence, 100), note, POUNDS)

    def _shared(self) -> None:
        """The list, the value of a point, the list index, the share of the year."""
        base, scheme, at = self.result.base, self.scheme, self.at
        if base.heads is not None and scheme.heads:
            when = f"at {say.day(scheme.heads.at)}"
            if base.own_heads is not None:
                when += f"; the least list, as its own is {say.number(base.own_heads, 12)}"
            at.heads = self._given(say.capital(scheme.heads.called), base.heads, when)
        if base.per_point is not None:
            at.per_point = self._given("Value of a point", base.per_point, form=POUNDS)
        factor, weight = base.list_factor, scheme.weights.list
        if weight and factor and factor.rounded is not None and factor.value is not None:
            over = weight.over.known()
            own_day, day = f"at {say.day(weight.list.at)}", f"at {say.day(weight.over_at)}"
            own = self._given(say.capital(weight.list.called), factor.value * over, own_day)
            nation = self._given("National average list", over, day)
            step = scheme.rounding.list
            at.cpi = self._live(weight.called, rounded(f"{own}/{nation}", step), factor.rounded, policy(step), FACTOR)
        part = self.result.participation
        if part.share is not None and part.share != 1:
            at.share = self._given("Share of the year", part.share, say.days_in(part.working), FACTOR)

    def _advance(self) -> None:
        """The amount paid in advance: a formula where it follows from the cells here, else as it is."""
        paid = self.result.settlement.advance
        if paid is None or self.result.shares_out:
            return
        formula = self._advance_formula(paid)
        row, self.row = self.row, self.advance_row
        note, amount = say.grouped(self.result.advance.working), Fraction(paid, 100)
        if formula:
            self._live("Paid in advance", formula, amount, note)
        else:
            self._given("Paid in advance", amount, note or "as calculated by the run", POUNDS)
        self.row = row

    def _advance_formula(self, paid: int) -> str:
        """As the terms calculate it; nothing for a merger, where it is the sum of several practices'."""
        terms = self.scheme.terms.advances[0] if len(self.scheme.terms.advances) == 1 else None
        at = self.at
        if self.result.status == MERGED or self.result.merged or terms is None or terms.share.value is None:
            return ""
        if terms.of == "blocks" or any(item.kind.unit == "pounds" for item in self.scheme.items):
            return ""
        times = f"*{at.share}" if at.share else ""
        figures = self.statement.figures.get("*", {})
        share = self._given("Share paid in advance", terms.share.value, terms.of, "0.00%")
        if terms.of == "award for full achievement":
            most = per_head(self.scheme, terms) or Fraction(0)
            head = self._given("Pounds per head for full achievement", most, form=POUNDS)
            return f"ROUND({share}*{head}*{at.heads}{times},2)" if at.heads else ""
        if AGREED not in figures and HISTORIC_POUNDS in figures and terms.previous_point_value:
            before = self._given("Previous achievement", Fraction(str(figures[HISTORIC_POUNDS])), form=POUNDS)
            old = self._given("Value of a point in that year", terms.previous_point_value.known(), form=POUNDS)
            return f"ROUND({share}*{before}*{at.per_point}/{old}{times},2)"
        key = AGREED if AGREED in figures else HISTORIC_POINTS
        if not at.cpi or key not in figures:
            return ""
        points = self._given("Points agreed, or of the year before", Fraction(str(figures[key])))
        return f"ROUND({share}*{points}*{at.per_point}*{at.cpi}{times},2)"
