"""The sheets Workings, for items that are calculated from figures of their own, and Network, for money through one.

Their lines are as the run had them; the pounds on Items follow where they can be a formula.
"""

from __future__ import annotations

from fractions import Fraction

from remit.core import say
from remit.documents.cells import POUNDS, lines_of
from remit.documents.statement.network import (
    contributed,
    is_blocked,
    named,
    rule_words,
    share,
    shows_contributions,
    why_blocked,
)
from remit.documents.statement.workbook.book import Sheet
from remit.runs.networks import NETWORK, Pool

_WIDE = 90


class Workings(Sheet):
    """A row for each line of a working."""

    name = "Workings"

    def write(self) -> None:
        self.titled("Workings: how each item was worked out, as run")
        self.head(2, (("Item", 12), ("What", 34), ("Working", _WIDE), ("Result", 20)))
        row = 3
        for view in self.statement.items:
            if view.award.calculation is None and not (
                view.award.item.requires or view.award.only_if or view.award.trail
            ):
                continue
            for line in view.lines:
                self.sheet.set_row(row, 15 * lines_of(line.working, _WIDE))
                for column, text in enumerate((view.code, line.label, line.working, line.result)):
                    self.text(row, column, text, text_wrap=True, **({"align": "right"} if column == 3 else {}))
                row += 1
        self.sheet.freeze_panes(3, 0)


class Network(Sheet):
    """The pool and its members. A member's own statement has of the others what they contribute, and no more."""

    name = "Network"

    def write(self) -> None:
        whole, self.top = self.result.pool, 0
        for item, pool in ({"": whole} if whole else self.result.parts).items():
            if whole or shows_contributions(self.statement, item, pool):
                self._pool(item, pool)

    def _pool(self, item: str, pool: Pool) -> None:
        """A pool below those before it."""
        own = "" if self.result.practice.level == NETWORK else self.result.practice.code
        title = f"Network {named(pool.network)}: {item}{', ' if item else ''}{rule_words(self.statement, pool)}"
        if self.top:
            self.text(self.top, 0, title, bold=True)
        else:
            self.titled(title)
        if is_blocked(pool):
            self.text(self.top + 1, 0, f"Not shared out yet. {why_blocked(pool)}", bold=True)
        columns = [("Member", 34), (f"Contribution: {contributed(pool)}", 22), ("Of all contributions", 14)]
        self.head(self.top + 3, columns if own else [*columns, ("Part of the pool", 18)])
        form = POUNDS if pool.in_pounds else "#,##0"
        for n, member in enumerate(pool.members, self.top + 4):
            bold = member.code == own
            self.text(n, 0, named(member), bold=bold)
            amount = pool.contributions.get(member.code)
            if amount is not None:
                self.given(n, 1, Fraction(amount, 100) if pool.in_pounds else amount, form)
            self.text(n, 2, str(share(pool, member.code)), align="right", bold=bold)
            part = pool.pence_of(member.code)
            if part is not None and not own:
                self.given(n, 3, Fraction(part, 100), POUNDS)
        self._total(pool, form, bool(own))

    def _total(self, pool: Pool, form: str, own: bool) -> None:
        first, last = self.top + 5, self.top + 4 + len(pool.members)
        self.text(last, 0, "Together", bold=True, top=2)
        if pool.contributed is None:
            self.text(last, 1, "not known", align="right", bold=True, top=2)
        else:
            total = Fraction(pool.contributed, 100 if pool.in_pounds else 1)
            self.formula(last, 1, f"SUM(B{first}:B{last})", total, form, bold=True, top=2)
        if not own and not is_blocked(pool):
            self.formula(last, 3, f"SUM(D{first}:D{last})", Fraction(pool.paid_out, 100), POUNDS, bold=True, top=2)
        if self.scheme.networks and self.scheme.networks.reinvest:
            self.text(last + 2, 0, f"To be reinvested: {say.clean(self.scheme.networks.reinvest)}")
        self.top = last + 4
