"""The sheets Steps and Weights: the thresholds and factors that the items' formulas refer to."""

from __future__ import annotations

from remit.documents.cells import FACTOR, NUMBER, RATE, rounded
from remit.documents.statement.calculation_steps import policy
from remit.documents.statement.missing import plain
from remit.documents.statement.model import ItemStatement
from remit.documents.statement.workbook.book import Sheet
from remit.pricing.weights import Factor
from remit.scheme.kinds import Steps
from remit.scheme.quantity import STEP_WORDS, Step


class StepRules(Sheet):
    """The steps of the items that pay by steps, and when each table of a gated item holds."""

    name = "Steps"

    def write(self) -> None:
        self.titled("Steps: the highest that is reached pays, once")
        self.head(2, (("Item", 10), ("Holds when", 30), ("Reached", 12), ("Threshold", 14), (self._pays(), 14)))
        row = 3
        for view in self.statement.items:
            kind = view.item.kind
            if not isinstance(kind, Steps):
                continue
            tables = [(f"{kind.gate} is {t.when.text}", t.steps) for t in kind.tables] or [("", kind.steps)]
            for n, (when, steps) in enumerate(tables):
                for m, step in enumerate(steps):
                    self.at.steps[view.code, n, m] = row + 1
                    self._row(row, view.code, when, step)
                    row += 1
        self.sheet.freeze_panes(3, 0)

    def _pays(self) -> str:
        """The title of what a step pays."""
        units = {view.item.kind.unit for view in self.statement.items if isinstance(view.item.kind, Steps)}
        return "Pays a head" if "pounds" not in units else "Pays" if len(units) == 1 else "Pays, a head or in all"

    def _row(self, row: int, code: str, when: str, step: Step) -> None:
        self.text(row, 0, code)
        self.text(row, 1, when)
        self.text(row, 2, STEP_WORDS[step.falls][step.above])
        per_1000 = step.per == 1000
        self.given(row, 3, step.at * (1000 if per_1000 else 1), NUMBER if per_1000 else RATE)
        self.given(row, 4, step.pays, "£0.00####")


class WeightRules(Sheet):
    """A row for each weight that items share: register and list, here and in the nation."""

    name = "Weights"

    def write(self) -> None:
        self.titled("Weights by prevalence and target population")
        names = ("Register", "List", "National register", "National list")
        widths = ("Group", 44), ("Weight", 18), *((name, 18) for name in names), ("Factor", 18), ("Rounding", 60)
        self.head(2, widths)
        row = 3
        for section in self.statement.sections:
            for view in section.items:
                for factor in view.award.factors:
                    key = weight_key(view, factor)
                    if factor.name == "list" or key in self.at.weights:
                        continue
                    self.at.weights[key] = row + 1
                    self._row(row, section.title if section.factor == factor else view.title, factor)
                    row += 1
        self.sheet.freeze_panes(3, 0)

    def _row(self, row: int, title: str, factor: Factor) -> None:
        prevalence = factor.name == "prevalence"
        self.text(row, 0, title)
        self.text(row, 1, "APDF" if prevalence else "target population")
        if factor.rounded is None:
            self.text(row, 7, plain(factor.reason))
            return
        step = self.scheme.rounding.prevalence if prevalence else self.scheme.rounding.target_population
        for column, value in enumerate(factor.figures, 2):
            self.given(row, column, value, NUMBER)
        n = row + 1
        self.formula(row, 6, rounded(f"(C{n}/D{n})/(E{n}/F{n})", step), factor.rounded, FACTOR)
        self.text(row, 7, policy(step))


def weight_key(view: ItemStatement, factor: Factor) -> tuple[str, str]:
    """Items with the same figures behind a weight share its row."""
    return factor.name, factor.working or view.code
