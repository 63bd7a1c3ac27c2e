"""The sheet Items: a row for each item, from its counts to its pounds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from remit.documents.cells import FACTOR, NUMBER, POUNDS, POUNDS_EXACT, RATE, lines_of, number_text, rounded, to_pence
from remit.documents.statement.calculation_steps import achieved, is_measured, policy, worth
from remit.documents.statement.items import counted_elsewhere
from remit.documents.statement.missing import plain
from remit.documents.statement.model import ItemStatement
from remit.documents.statement.workbook.book import Sheet
from remit.documents.statement.workbook.rules import weight_key
from remit.pricing.award import Award
from remit.pricing.product import is_half_penny, unrounded
from remit.runs.amounts import earned_by_itself
from remit.scheme.kinds import Blend, CalculatedKind, OnALine, PaysAmount, Pot, Protected, Steps, StepThenLinear
from remit.scheme.quantity import Step

ITEMS_TOP = 4
"""How many rows stand above the first item."""

_TITLE, _REMARKS = 44, 50
_AVAILABLE, _AT_LOWER = "Points available", "Points at lower"
_IN_MONEY = {_AVAILABLE: "All that it pays", _AT_LOWER: "At lower"}
"""What columns are called where an item pays pounds on a line."""
_COLUMNS = (
    ("Item", 9),
    ("What is counted", _TITLE),
    ("Pays by", 14),
    ("Numerator, register or 1 for yes", 14),
    ("Denominator or list", 14),
    ("Achievement", 13),
    ("Lower", 9),
    ("Upper", 9),
    (_AVAILABLE, 10),
    (_AT_LOWER, 9),
    ("Points, pounds a head, or pounds", 14),
    ("Weight", 14),
    ("Before rounding", 16),
    ("Pounds", 13),
    ("Patients to the next step, as run", 12),
    ("Worth, as run", 13),
    ("Review", 10),
    ("Remarks", _REMARKS),
)
_NOT_KNOWN = "not known"


class Items(Sheet):
    """Columns D and E are the counts, F the achievement, K what it earns, L its weight, M and N the pounds."""

    name = "Items"

    def write(self) -> None:
        sheet, rounding = self.sheet, self.scheme.rounding
        self.titled("Items: from the counts to the pounds")
        points = f" Points: {policy(rounding.points)}." if self.scheme.point else ""
        self.text(1, 0, f"Yellow cells may be changed. Pounds: {policy(rounding.pounds)}.{points}")
        amounts = [view.item.kind for view in self.statement.items if isinstance(view.item.kind, PaysAmount)]
        called = _IN_MONEY if any(kind.unit != "points" for kind in amounts) else {}
        self.head(ITEMS_TOP - 1, [(called.get(title, title), width) for title, width in _COLUMNS])
        sheet.set_row(ITEMS_TOP - 1, 48)
        sheet.repeat_rows(ITEMS_TOP - 1)
        unused = self._unused()
        for n, (title, width) in enumerate(_COLUMNS):
            if title in unused:
                sheet.set_column(n, n, width, None, {"hidden": True})
        for view in self.statement.items:
            self._row(view, self.at.rows[view.code])
        if self.statement.items:
            last = ITEMS_TOP + len(self.statement.items)
            total = f"SUM(N{ITEMS_TOP + 1}:N{last})"
            self.text(last, 0, "Total", bold=True, top=2)
            earned = earned_by_itself(self.result)
            if earned is None:
                self.text(last, 13, _NOT_KNOWN, align="right", bold=True, top=2)
            else:
                self.formula(last, 13, total, Fraction(earned, 100), POUNDS, bold=True, top=2)
        sheet.freeze_panes(ITEMS_TOP, 2)

    def _unused(self) -> set[str]:
        """The columns that no item of this scheme fills."""
        kinds = [view.item.kind for view in self.statement.items]
        unused = set()
        if not any(isinstance(kind, OnALine) for kind in kinds):
            unused |= {"Lower", "Upper"}
        if not any(isinstance(kind, StepThenLinear) for kind in kinds):
            unused.add(_AT_LOWER)
        if all(kind.unit != "points" for kind in kinds):
            unused.add("Weight")
            if not any(isinstance(kind, PaysAmount) for kind in kinds):
                unused.add(_AVAILABLE)
        return unused if any(view.award.review for view in self.statement.items) else unused | {"Review"}

    def _row(self, view: ItemStatement, n: int) -> None:
        row, award = n - 1, view.award
        at_half = award.pence is not None and is_half_penny(self._unrounded(award))
        half = "Exactly half a penny before rounding." if at_half else ""
        remarks = f"{plain(award.reason)} {half}".strip()
        self.sheet.set_row(row, 15 * max(lines_of(view.title, _TITLE), lines_of(remarks, _REMARKS)))
        self.text(row, 0, view.code)
        self.text(row, 1, view.title, text_wrap=True)
        self.text(row, 2, view.item.kind.name.replace("_", " "))
        if is_measured(award):
            self._counts(view, n)
        else:
            self.text(row, 5, achieved(award), align="right")
        if award.earned is not None:
            self._earned(view, n)
        if award.within:
            self.text(row, 13, worth(award), align="right")
        elif award.pence is None:
            self.text(row, 13, _NOT_KNOWN, align="right")
        elif award.earned is None and counted_elsewhere(self.statement):
            self.text(row, 13, "in the network's", align="right")
        elif award.earned is None:
            self.given(row, 13, Fraction(award.pence, 100), POUNDS)
        if award.earned is not None and award.pence is not None:
            self._pounds(view, n)
        ahead = next((p for p in view.prospects if p.whose == view.code and p.pence is not None and p.pence > 0), None)
        if ahead and ahead.pence is not None:
            if ahead.patients is not None:
                self.sheet.write_number(row, 14, ahead.patients, self.style())
            self.sheet.write_number(row, 15, ahead.pence / 100, self.style(num_format=POUNDS))
        self.text(row, 16, award.review)
        self.text(row, 17, remarks, text_wrap=True)

    def _counts(self, view: ItemStatement, n: int) -> None:
        row, done, kind = n - 1, view.award.achievement, view.item.kind
        top: Fraction | int | None = done.numerator
        below: Fraction | int | None = done.denominator
        if isinstance(kind, Protected) and done.rate is not None:
            top, below = done.rate * kind.points.known(), kind.points.known()
        elif not kind.takes_rate and below is None:
            top = done.register if view.item.measure == "register" else done.rate
        register = self._register(view)
        if register and top is not None:
            self.formula(row, 3, register, Fraction(top), "#,##0")
        elif top is not None:
            self.given(row, 3, top)
        if below is not None:
            self.given(row, 4, below)
        if (kind.takes_rate or below is not None) and (done.rate is not None or done.empty):
            per, form = (1000, NUMBER) if kind.rates_per == 1000 else (1, RATE)
            times = "*1000" if per == 1000 else ""
            rate = "" if done.rate is None else done.rate * per
            if done.average and done.rate is not None:
                self.given(row, 5, done.rate * per, form)
            else:
                self.formula(row, 5, f'IF(E{n}=0,"",D{n}/E{n}{times})', rate, form)
        elif done.rate is not None:
            yes, no = ("kept", "nobody") if view.item.measure == "register" else ("declared", "not declared")
            self.formula(row, 5, f'IF(D{n}>0,"{yes}","{no}")', achieved(view.award), align="right")

    def _register(self, view: ItemStatement) -> str:
        """The cell of the register that weighs a register's own points, so that there is one to change."""
        if view.item.measure != "register":
            return ""
        factor = next((f for f in view.award.factors if f.name != "list" and f.rounded is not None), None)
        return f"Weights!$C${self.at.weights[weight_key(view, factor)]}" if factor else ""

    def _earned(self, view: ItemStatement, n: int) -> None:
        row, kind, earned = n - 1, view.item.kind, view.award.earned or Fraction(0)
        if isinstance(kind, CalculatedKind) or view.award.shut:
            if kind.unit == "points" and kind.most_earned() is not None:
                self.given(row, 8, kind.most_earned() or 0)
            formula = self._from_items(kind) if isinstance(kind, CalculatedKind) and not view.award.shut else ""
            form = POUNDS_EXACT if kind.unit != "points" else "0.00##########"
            if formula:
                self.formula(row, 10, formula, earned, form)
            else:
                self.given(row, 10, earned, form)
            return
        if view.award.achievement.average:  # the rate is the area's, and not that of the counts beside it
            self.given(row, 10, earned, "£0.00####" if isinstance(kind, Steps) else "0.00##########")
            return
        if isinstance(kind, Steps):
            self.formula(row, 10, self._stepped(view, kind, n), earned, "£0.00####")
            return
        money = "" if kind.unit == "points" else "£#,##0.00####"
        self.given(row, 8, kind.most_earned() or 0, money or NUMBER)
        formula = f"F{n}*I{n}" if isinstance(kind, Protected) else f"IF(D{n}>0,I{n},0)"
        if isinstance(kind, OnALine):
            per, form = (1000, NUMBER) if kind.rates_per == 1000 else (1, RATE)
            self.given(row, 6, kind.lower.known() * per, form)
            self.given(row, 7, kind.upper.known() * per, form)
            line = f"(F{n}-G{n})/(H{n}-G{n})"
            better = "<" if kind.falls else ">"
            begun, on_the_line = f"F{n}{better}G{n}", f"{line}*I{n}"
            if isinstance(kind, StepThenLinear):
                self.given(row, 9, kind.at_lower, money or NUMBER)
                begun, on_the_line = f"F{n}{better}=G{n}", f"J{n}+{line}*(I{n}-J{n})"
            full = f"F{n}{better}=H{n}"
            formula = f"IF(E{n}=0,0,IF({full},I{n},IF({begun},{on_the_line},0)))"
        if kind.unit == "points":
            formula = rounded(formula, self.scheme.rounding.points)
        self.formula(row, 10, formula, earned, money or "0.00##########")

    def _from_items(self, kind: CalculatedKind) -> str:
        """The formula of a kind that is calculated from other items; nothing for one that rests on figures of its own.

        The parts of a blend are to the penny before they are shared; a pot's money may be another item's.
        """
        at, year = self.at.rows, str(self.scheme.year)
        if isinstance(kind, Blend) and set(kind.parts) <= set(at):
            shares = {code: kind.share(code, year) for code in kind.parts}
            held = {code: share.value for code, share in shares.items() if share is not None and share.value}
            return "+".join(f"ROUND(M{at[code]},2)*{number_text(value)}" for code, value in held.items())
        if isinstance(kind, Pot) and set(kind.items) <= set(at) and (kind.of is None or kind.of in at):
            earned, most = ("+".join(f"{column}{at[code]}" for code in kind.items) for column in "KI")
            if kind.of is not None:
                return f"ROUND(M{at[kind.of]},2)*({earned})/({most})"
            if kind.money is not None and kind.money.value is not None:
                share = self._share(self.result.base.sums)
                return f"{number_text(kind.money.value)}*({earned})/({most}){share}"
        return ""

    def _stepped(self, view: ItemStatement, kind: Steps, n: int) -> str:
        """Nested IFs from the highest step down, in the table that the gate chooses."""
        if not kind.tables:
            return f"IF(E{n}=0,0,{self._steps(view.code, 0, kind.steps, n)})"
        gate = self.at.rows.get(kind.gate or "")
        if gate is None:  # the run was narrowed to leave the gate out
            table = kind.table_at(view.award.gate)
            steps = self._steps(view.code, kind.tables.index(table), table.steps, n) if table else "0"
            return f"IF(E{n}=0,0,{steps})"
        formula = "0"
        for number, table in reversed(list(enumerate(kind.tables))):
            when, tests = table.when, []
            if when.low is not None:
                tests.append(f"F{gate}{'>' if when.low_above else '>='}{float(when.low)!r}")
            if when.high is not None:
                tests.append(f"F{gate}{'<' if when.high_below else '<='}{float(when.high)!r}")
            formula = f"IF(AND({','.join(tests)}),{self._steps(view.code, number, table.steps, n)},{formula})"
        return f'IF(OR(E{n}=0,F{gate}=""),0,{formula})'

    def _steps(self, code: str, table: int, steps: Sequence[Step], n: int) -> str:
        formula = "0"
        for m, step in reversed(list(enumerate(steps))) if steps and steps[0].falls else enumerate(steps):
            at = self.at.steps[code, table, m]
            sign = ("<=" if step.above else "<") if step.falls else ">" if step.above else ">="
            formula = f"IF(F{n}{sign}Steps!$D${at},Steps!$E${at},{formula})"
        return formula

    def _pounds(self, view: ItemStatement, n: int) -> None:
        row, award, rounding = n - 1, view.award, self.scheme.rounding
        if view.item.kind.unit == "points" and self.scheme.point is None:
            return  # paid within another item, by its share of the points
        kind = view.item.kind
        weights = view.item.weights if kind.unit == "points" else ("list",)
        share = self._share(self.result.base.share_of(weights))
        if kind.unit == "pounds" or award.shut:
            times = "" if kind.by_figures or award.shut else self._share(self.result.base.sums)
            before, after = f"K{n}{times}", to_pence(f"M{n}", rounding.pounds)
        elif any(factor.rounded is None for factor in award.factors):
            before = after = f'IF(K{n}=0,0,"{_NOT_KNOWN}")'
        else:
            before, after = f"K{n}*{self.at.heads}{share}", to_pence(f"M{n}", rounding.pounds)
            if kind.unit == "points":
                before = f"K{n}*{self._per_point(view, n)}{share}"
        self.formula(row, 12, before, self._unrounded(award), POUNDS_EXACT)
        if award.trail and award.pence is not None:
            self.given(row, 13, Fraction(award.pence, 100), POUNDS)
        elif not award.within:
            self.formula(row, 13, after, Fraction(award.pence or 0, 100), POUNDS, bold=True)

    def _share(self, part: Fraction | None) -> str:
        """The part of the year as a factor: the cell of the summary, or a number where it is another one."""
        if part is None or part == self.result.base.share:
            return f"*{self.at.share}" if self.at.share else ""
        return f"*({part.numerator}/{part.denominator})" if part != 1 else ""

    def _unrounded(self, award: Award) -> Fraction:
        return unrounded(award, self.result.base, self.scheme.rounding)

    def _per_point(self, view: ItemStatement, n: int) -> str:
        """The value of a point with this item's weights, whose product stands in column L."""
        cells, product = [], Fraction(1)
        for factor in view.award.factors:
            row = 0 if factor.name == "list" else self.at.weights[weight_key(view, factor)]
            cells.append(f"Weights!$G${row}" if row else self.at.cpi)
            product *= factor.rounded or 0
        step = self.scheme.rounding.pounds_per_point
        if not cells:
            return rounded(self.at.per_point, step)
        self.formula(n - 1, 11, "*".join(cells), product, FACTOR)
        return rounded(f"{self.at.per_point}*L{n}", step)
