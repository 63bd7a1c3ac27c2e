"""What a scheme says: indicators and registers (who is counted), and schemes (what the count is worth).

The models mirror the YAML files key by key. Everything is frozen; numbers are `Quantity`s with their source.
A reader who knows this file, `scoring/` and `payment/` knows how Remit pays.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from remit.core.figures import Quarter, quarters
from remit.scheme.agreements import (
    Cited,
    ClaimTerms,
    Code,
    ContractTerm,
    Id,
    Level,
    Monitoring,
    Name,
    Networks,
    PaymentDays,
    Terms,
)
from remit.scheme.area_keys import ScaledTo, SmallNumbers
from remit.scheme.clauses import AtLeast, AtMost, Clause, Reduced, Reduction, Repaid, Repayment, Together
from remit.scheme.conditions import Condition, When
from remit.scheme.dated_indicators import DatedIndicator, check_renumbers, renumbered
from remit.scheme.kinds import Kind, Strict
from remit.scheme.limits import ALL, Limit
from remit.scheme.parameters import Parameter
from remit.scheme.pays import Pays
from remit.scheme.quantity import Count, Day, Money, Patients, Percent, Points, RoundingStep, Standing, Year
from remit.scheme.questions import Question
from remit.scheme.totals import Totals

Measure = Literal["achievement", "prevalence", "per_1000", "register", "declared", "historic"]
"""What an item looks at: numerator over denominator; register over list; events over the list, per 1,000; whether a
register is kept; a declaration; the points of an earlier year."""

RATES = ("achievement", "prevalence", "per_1000")
"""The measures that are a rate of this year."""

Weight = Literal["list", "prevalence", "target_population"]
WHOLE_LIST = "whole"


class Group(Cited):
    """A register group: its code as published, and the list that its prevalence is taken over."""

    group: Code
    title: str
    list: str = Field(description="'whole' for the whole registered list, else whom it holds: 'aged 18 and over'")
    on_register: bool = Field(
        default=False, description="Whether everybody whom its indicators count is on its register; checked where it is"
    )
    spellings: tuple[str, ...] = ()


class Indicator(Cited):
    """Who is counted. An indicator is no incentive: schemes refer to it and say what the count is worth."""

    indicator: Code
    version: str = "1"
    title: str
    wording: str = ""
    type: Literal["register", "process", "intermediate outcome", "outcome", "declared"]
    group: Code
    list: str | None = Field(default=None, description="As a group's; the group's where it is left out")
    on_register: bool | None = Field(default=None, description="As a group's; the group's where it is left out")
    spellings: tuple[str, ...] = ()
    effective_from: Day | None = None
    effective_to: Day | None = None
    changed: str = Field(default="", description="What is counted otherwise than in the version or indicator before")

    def in_force(self, day: date) -> bool:
        """Whether this version holds on a day."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


class SourceDocument(Strict):
    """A document or page that numbers are taken from. Its standing is that of every number that names it."""

    title: str
    published: str = ""
    address: str = ""
    standing: Standing | None = None


class PcaGuard(Cited):
    """A guard rail on the rate of personalised care adjustments: it gives a review band and a reason, never pounds."""

    references: dict[str, Percent] = Field(description="The rates to compare with, by whose they are")
    significance: Percent = Field(description="One-sided level of the exact binomial test, e.g. 5%")
    looks: Literal["above", "both ways"] = Field(
        default="above", description="Whether a rate significantly below the references is for review too"
    )
    increase_points: Percent | None = Field(default=None, description="A rise on the year before that is looked at")
    words: str = ""


def _one_or_more(raw: Any) -> Any:
    """A single one may stand without a list around it."""
    return [raw] if isinstance(raw, dict) else raw


class Item(Cited):
    """One line of a scheme: an indicator, how it is measured here, and what it pays."""

    item: Code
    replaces: Code | Annotated[tuple[Code, ...], Field(min_length=1)] | None = Field(
        default=None, description="The item of the year before whose place it takes, or several that it takes together"
    )
    title: str = Field(default="", description="The indicator's own where it is left out")
    domain: str = ""
    indicator: Code | Annotated[tuple[DatedIndicator, ...], Field(min_length=1)] | None = None
    measure: Measure | None = None
    pays: Pays
    weights: tuple[Weight, ...] = ()
    label_points: Points | None = Field(default=None, description="Points printed beside an item that pays by steps")
    paid_to: Literal["practice", "network"] | None = Field(
        default=None,
        description="With `networks`: whether each practice earns it, or its network, which shares it out to them. "
        "Without any item of a network all are paid through it",
    )
    requires: tuple[Code, ...] = Field(default=(), description="Earlier items that must be met before this one pays")
    only_if: When | None = Field(default=None, description="The condition without which it pays nothing")
    reduced: Annotated[tuple[Reduction, ...], BeforeValidator(_one_or_more)] = Field(
        default=(), description="To which share of its pounds it is reduced, and when; one, or a list"
    )
    several_reductions: Together | None = Field(
        default=None, description="Where several of `reduced` hold: they `multiply`, or the `lowest` share holds"
    )
    repaid: Repayment | None = Field(
        default=None, description="When the item is repaid after it was paid in advance, in full or a share of it"
    )
    at_most: Money | None = Field(default=None, description="The most that it pays a practice or network in the year")
    at_least: Money | None = Field(
        default=None, description="The least that it pays a practice or network that earns anything"
    )
    tags: tuple[str, ...] = Field(
        default=(), description="What else it is, such as 'peer review'; `totals` may count them"
    )
    guard: PcaGuard | None = None
    small_numbers: SmallNumbers | None = None
    baseline: str = ""
    words: str = Field(default="", description="The source's own words for this rule")
    asks: tuple[str, ...] = ()
    context: str = ""

    @property
    def kind(self) -> Kind:
        return self.pays.kind

    @property
    def most(self) -> Fraction | None:
        """All that it can pay, in its unit; of pounds no more than its own limit, also where its kind has none."""
        most = self.kind.most_earned()
        if self.kind.unit != "pounds" or self.at_most is None or self.at_most.value is None or self.kind.missing():
            return most
        return self.at_most.value if most is None else min(most, self.at_most.value)

    @property
    def by_a_rate(self) -> bool:
        """Whether it is paid by a numerator over a denominator, and by nothing else."""
        return self.measure == "achievement" and self.kind.takes_rate and not self.kind.by_figures

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """What the contract says of its pounds beside how they are earned, in the order in which that is applied."""
        said = (
            Reduced(self.reduced, self.several_reductions) if self.reduced else None,
            Repaid(self.repaid) if self.repaid else None,
            AtLeast(self.at_least) if self.at_least else None,
            AtMost(self.at_most) if self.at_most else None,
        )
        return tuple(clause for clause in said if clause is not None)

    @property
    def conditions(self) -> tuple[tuple[tuple[str | int, ...], Condition], ...]:
        """The conditions that its pounds hang on, each with its path below the item."""
        first: list[tuple[tuple[str | int, ...], Condition]] = [(("only_if",), self.only_if)] if self.only_if else []
        return (*first, *(((c.key, *path), when) for c in self.clauses for path, when in c.conditions()))

    @property
    def leans_on(self) -> tuple[str, ...]:
        """The other items that it cannot be priced without, in the order in which it names them; its gate apart."""
        asked = (code for _, when in self.conditions for code in when.rests_on())
        named = dict.fromkeys((*self.requires, *self.kind.rests_on(), *asked))
        return tuple(code for code in named if code != self.item)

    @property
    def indicators(self) -> tuple[str, ...]:
        """The codes of the indicators that this item is or becomes during the year; one that is renumbered, once."""
        if self.indicator is None:
            return ()
        if isinstance(self.indicator, str):
            return (self.indicator,)
        return tuple(dated.use for dated in self.indicator if dated.use not in self.renumbered)

    @property
    def renumbered(self) -> dict[str, str]:
        """The codes that an indicator had before, each with the code that it has at last."""
        return renumbered(self.indicator) if isinstance(self.indicator, tuple) else {}

    @property
    def takes_place_of(self) -> tuple[str, ...]:
        """The items of the year before whose place it takes."""
        return (self.replaces,) if isinstance(self.replaces, str) else self.replaces or ()

    @model_validator(mode="after")
    def _renumbers_its_own(self) -> Item:
        if isinstance(self.indicator, tuple):
            check_renumbers(self.indicator)
        return self


class ListBasis(Cited):
    """A list that money is counted by: which, called what, on which day."""

    column: Literal["list_size", "weighted_list_size"]
    called: str
    at: Day
    at_least: Patients | None = Field(
        default=None, description="The least list: a smaller one is paid as if it had so many patients"
    )

    def paid_as(self, size: Fraction | None) -> Fraction | None:
        """The list that is paid for one of this size; None where that is not known."""
        return size if size is None or self.at_least is None else max(size, self.at_least.known())


class Point(Cited):
    """The value of a point, before any weight."""

    value: Money


class ListWeight(Cited):
    """Contractor Population Index: the practice's list over the national average list."""

    called: str = "Contractor Population Index (CPI)"
    list: ListBasis
    over: Patients
    over_at: Day


class PrevalenceWeight(Cited):
    """Adjusted Practice Disease Factor: the practice's prevalence over the national, on one list basis for both."""

    called: str = "Adjusted Practice Disease Factor (APDF)"
    basis: str = Field(description="'group' (each group's list), 'registered' (the whole list) or a parameter's name")
    at: Day
    national: dict[str, Percent] = Field(default_factory=dict, description="Sourced national prevalence by group code")


class TargetPopulationWeight(Cited):
    """Target Population Factor: the practice's share of a target population over the nation's share."""

    called: str = "Target Population Factor (TPF)"


class Weights(Strict):
    """The weights that items may name."""

    list: ListWeight | None = None
    prevalence: PrevalenceWeight | None = None
    target_population: TargetPopulationWeight | None = None


class RoundingPolicy(Cited):
    """Where the arithmetic rounds: each step by name. What is not named stays exact."""

    list: RoundingStep = Field(default="none", validate_default=True)
    prevalence: RoundingStep = Field(default="none", validate_default=True)
    target_population: RoundingStep = Field(default="none", validate_default=True)
    points: RoundingStep = Field(default="none", validate_default=True)
    pounds_per_point: RoundingStep = Field(default="none", validate_default=True)
    pounds: RoundingStep = Field(default="2 places, half up", validate_default=True)


class Budget(Cited):
    """A printed budget line, to be checked against list times rate."""

    place: Id
    list: Patients
    rate: Money
    budget: Money


class AdditionalBudget(Cited):
    """A budget for further practices whose reading is open: each rate gives another list."""

    practices: Count
    budget: Money
    readings: dict[str, Money]
    words: str = ""


class Scheme(Cited):
    """A scheme file: what the counts are worth, and when it is paid."""

    scheme: Id
    version: str
    title: str
    commissioner: str
    nation: str = "England"
    year: Year
    achievement_date: Day
    payment_period: PaymentDays | None = None
    term: ContractTerm | None = None
    about: str = ""
    extends: str | None = None
    family: Id | None = Field(default=None, description="Variants of one scheme have the same family")
    sources: dict[str, SourceDocument]
    places: dict[str, str] = Field(
        default_factory=dict, description="Where it is offered: code to name; empty is anywhere"
    )
    parameters: dict[Name, Parameter] = Field(default_factory=dict)
    heads: ListBasis | None = None
    point: Point | None = None
    weights: Weights = Weights()
    rounding: RoundingPolicy = RoundingPolicy()
    terms: Terms
    only_with: tuple[Id, ...] = Field(
        default=(), description="Other schemes, by id, which a practice has accepted too, or nothing is paid here"
    )
    levels: tuple[Level, ...] = Field(
        default=("practice",), min_length=1, description="Who provides it: which levels may be paid"
    )
    networks: Networks | None = None
    scaled_to: ScaledTo | None = None
    small_numbers: SmallNumbers | None = None
    claims: ClaimTerms | None = None
    monitoring: Monitoring | None = None
    limits: tuple[Limit, ...] = ()
    totals: Totals = Totals()
    budgets: tuple[Budget, ...] = ()
    additional: AdditionalBudget | None = None
    obligations: dict[str, str] = Field(default_factory=dict)
    asks: tuple[str, ...] = ()
    background: dict[str, str] = Field(default_factory=dict)
    nobody_to_count: Literal["pays nothing"] = "pays nothing"
    to_look_up: tuple[Question, ...] = Field(
        default=(), description="What a document that was not read decides, beside numbers that say so themselves"
    )
    groups: tuple[Group, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    items: tuple[Item, ...] = Field(min_length=1)
    removed: tuple[str, ...] = ()
    restate: tuple[str, ...] = Field(
        default=(), description="What a file of another year that extends this one must give anew: `point.value`"
    )
    retires: Name | None = None

    def period(self) -> tuple[date, date] | None:
        """The first and last day of the payment period; None where achievement is measured on another day than the
        year's last and the file does not say over which days."""
        if self.payment_period:
            return self.payment_period.from_, self.payment_period.to
        return (self.begins, self.ends) if self.achievement_date == self.ends else None

    @property
    def begins(self) -> date:
        """The first day that is paid for: the year's, or that of a contract that begins inside it."""
        return self.term.from_ if self.term else self.year.start

    @property
    def ends(self) -> date:
        """The last day that is paid for."""
        return self.term.to if self.term else self.year.end

    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters of the year that the contract reaches into."""
        return tuple(one for one in quarters(self.year) if one.start <= self.ends and one.end >= self.begins)

    def item(self, code: str) -> Item:
        """The item of that code. Raises KeyError."""
        return next(item for item in self.items if item.item == code)

    def group(self, code: str) -> Group:
        """The register group of that code, of those that this scheme uses. Raises StopIteration for none."""
        return next(group for group in self.groups if group.group == code)

    def indicator(self, code: str) -> Indicator:
        """The indicator of that code, as this scheme's year has it."""
        return next(indicator for indicator in self.indicators if indicator.indicator == code)

    def list_of(self, indicator: Indicator) -> str:
        """The list that an indicator's prevalence is taken over: `whole`, or whom it holds."""
        return indicator.list or self.group(indicator.group).list

    def small_numbers_of(self, item: Item) -> SmallNumbers | None:
        """The rule for practices with few patients in an item's denominator: its own, else the scheme's."""
        rule = item.small_numbers or self.small_numbers
        return rule if rule and item.by_a_rate and (rule.items == ALL or item.item in rule.items) else None

    @property
    def paid_by(self) -> str:
        """The column of the list that it pays by, where it pays by one."""
        if self.heads:
            return self.heads.column
        return self.weights.list.list.column if self.weights.list else ""

    def on_register(self, indicator: Indicator) -> bool:
        """Whether everybody whom an indicator counts is on its group's register."""
        return self.group(indicator.group).on_register if indicator.on_register is None else indicator.on_register

    def most_per_head(self) -> Fraction | None:
        """Pounds per weighted head for full achievement; None where the scheme does not pay by head."""
        if self.heads is None:
            return None
        kinds = [item.kind for item in self.to_practices() if item.kind.unit == "pounds per weighted head"]
        return sum((kind.most_earned() or Fraction(0) for kind in kinds), Fraction(0))

    def most_in_pounds(self) -> Fraction:
        """The pounds of the items that pay set sums to each practice or network, as far as they are known."""
        own = self.to_practices()
        paid = [item for item in own if item.kind.unit == "pounds" and item.item not in self.within]
        return sum((item.most or Fraction(0) for item in paid), Fraction(0))

    def through_networks(self) -> tuple[Item, ...]:
        """The items whose pounds are a network's, which shares them out: those that say so, else all."""
        if self.networks is None:
            return ()
        return tuple(item for item in self.items if item.paid_to == "network") or self.items

    @property
    def pays_both(self) -> bool:
        """Whether some items are paid to practices, and some to their networks, which share them out."""
        return self.networks is not None and any(item.paid_to == "network" for item in self.items)

    def to_practices(self) -> tuple[Item, ...]:
        """The items but those that are paid to networks where others are paid to practices."""
        return tuple(item for item in self.items if item.paid_to != "network")

    def limited(self, limit: Limit) -> tuple[str, ...]:
        """The codes of the items that a limit is of; what is paid within another item is in that item."""
        within = self.within
        codes = [item.item for item in self.items] if limit.items == ALL else limit.items
        return tuple(code for code in codes if code not in within)

    @property
    def within(self) -> dict[str, str]:
        """The items that are paid within another, with that item's code."""
        return {part: item.item for item in self.items for part in item.kind.pays_for()}

    def unpriced(self) -> tuple[Item, ...]:
        """The items whose worth no source gives."""
        unknown = [item for item in self.items if item.kind.most_earned() is None]
        return tuple(i for i in unknown if not (i.kind.by_figures and not i.kind.missing()))

    def points_available(self) -> Fraction:
        """The sum of the points of the items that pay by points, as far as they are known."""
        kinds = [item.kind for item in self.items if item.kind.unit == "points"]
        return sum((kind.most_earned() or Fraction(0) for kind in kinds), Fraction(0))


class IndicatorFile(Strict):
    """A file of the indicator library."""

    source: str | None = None
    standing: Standing | None = None
    sources: dict[str, SourceDocument] = Field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    indicators: tuple[Indicator, ...] = ()
