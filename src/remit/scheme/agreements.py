"""What a scheme agrees beside its items: when and how the pounds are paid, through whom, on which claims, watched how.

The models mirror the keys of the file, as those of `model.py` do.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from remit.scheme.kinds import Strict
from remit.scheme.quantity import Count, Day, Money, Patients, Percent, Quantity, Standing, Year

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=40)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]

Level = Literal["practice", "network", "federation"]

OPEN = "required"
"""In place of a date or a rule: the source does not give it, and a run says it: `terms.balance.due=…`."""


class Cited(Strict):
    """A part with a source and a standing that its numbers take over."""

    source: str | None = None
    standing: Standing | None = None
    note: str = ""


class PaymentDays(Cited):
    """The first and the last day of the payment period, which rules over records look at as PPSD and PPED."""

    from_: Day = Field(alias="from", description="The first day of the payment period")
    to: Day = Field(description="The last day of the payment period")


class ContractTerm(Cited):
    """A contract that begins or ends inside the year: a part of the year is then a part of these days."""

    from_: Day = Field(alias="from", description="Its first day")
    to: Day = Field(description="Its last day")
    agreed: Day | None = Field(
        default=None,
        description="The day on which it was agreed, where that was after its first: the instalments missed until "
        "then are paid with the first one after it",
    )


Due = Literal["last day of each month", "first day of each month", "same day of each month", "last day of each quarter"]
FULL_AWARD = "award for full achievement"


class PaidInAdvance(Cited):
    """A part paid in the year, in equal instalments on days that follow one another by a rule or are listed."""

    share: Percent
    of: Literal["award for full achievement", "previous achievement or agreed points", "blocks"]
    items: tuple[Code, ...] = Field(
        default=(), description="Of which items alone; left out, of all that no other advance names"
    )
    instalments: Count | None = Field(
        default=None, description="In how many; by the quarter or on listed days it may be left out"
    )
    due: Due | tuple[Day, ...] = Field(description="On which day of the month or quarter, or a list of dates")
    first: Day | None = Field(default=None, description="The day of the first one; left out, the first in the contract")
    remainder: Literal["first", "last"] = "last"
    rounding: Literal["nearest", "down"] = "nearest"
    previous_point_value: Money | None = None
    words: str = ""


class Balance(Cited):
    """What is still owed once the year's achievement is known."""

    due: str = Field(description="A date, or the name of a parameter of type date")
    reviewed: str | None = Field(
        default=None,
        description="The step before anything is final: the day on which all evidence was reviewed, or a parameter of "
        "type date",
    )
    words: str = ""


AdvanceOrSeveral = Annotated[
    Annotated[PaidInAdvance, Tag("advance: one")] | Annotated[tuple[PaidInAdvance, ...], Tag("advance: several")],
    Discriminator(lambda raw: "advance: several" if isinstance(raw, list | tuple) else "advance: one"),
]
"""One advance, or a list of several: each of its own items."""
ADVANCE_BRANCHES = frozenset(("advance: one", "advance: several"))


class Recovery(Cited):
    """What is paid back where more was paid in advance than earned, in monthly instalments.

    They begin on `first`, where that is said, else a month after it was notified.
    """

    months: Count
    notified: str | None = Field(
        default=None, description="A date, or the name of a parameter of type date; needed unless `first` is given"
    )
    first: str | None = Field(
        default=None, description="The day of the first one: a date, or the name of a parameter of type date"
    )
    due: Literal["last day of each month", "same day of each month"] | None = Field(
        default=None, description="On which day of the month; left out, the same day, or the last of a shorter month"
    )
    exception: str = Field(default="", description="When more months may be given; each is recorded with its reason")
    remainder: Literal["first", "last"] = "last"
    words: str = ""

    @property
    def at_month_ends(self) -> bool:
        """Whether each falls on the last day of its month."""
        return self.due == "last day of each month"


class Changes(Cited):
    """Joiners, leavers, closures and mergers: the rule, or the name of a choice parameter that gives it.

    `whole months` counts the months wholly in the scheme over the year's twelve, `days` the days, `full year`
    everything, `nothing` nothing. In a merger the successor carries on: list, advances and settlement move to it.
    """

    joiner: str
    leaver: str
    merger: str


class PaidOnActivity(Cited):
    """What was delivered in a quarter is paid after it, without an advance."""

    every: Literal["quarter"] = "quarter"
    days: Count = Field(description="How many days after the quarter's end it is paid")
    set_off: Literal["nothing", "what was paid in advance"] | None = Field(
        default=None,
        description="What is set against it: `nothing`, as where it is left out (it is paid in full, and no advance is "
        "of it), or `what was paid in advance` by its day",
    )
    words: str = ""


class Terms(Strict):
    """When and how the pounds are paid."""

    paid_in_advance: AdvanceOrSeveral | None = None
    paid_on_activity: PaidOnActivity | None = None
    balance: Balance = Balance(due=OPEN)
    recovery: Recovery = Recovery(months=Quantity(None, "number", OPEN), notified=OPEN)
    changes: Changes = Changes(joiner=OPEN, leaver=OPEN, merger=OPEN)

    @property
    def advances(self) -> tuple[PaidInAdvance, ...]:
        """What is paid in advance: nothing, one advance or several."""
        ahead = self.paid_in_advance
        return () if ahead is None else ahead if isinstance(ahead, tuple) else (ahead,)


Assent = Literal["every member", "none", "unless vetoed"]
Distributed = Literal["equal", "list", "weighted list", "register", "historic", "contribution", "agreed"]


class People(Cited):
    """How many people a network should have: one that is smaller or larger gets a warning, and nothing else."""

    least: Patients
    most: Patients

    @property
    def words(self) -> str:
        """`30,000 to 50,000 people`."""
        ends = (one.text if one.value is None else f"{int(one.value):,}" for one in (self.least, self.most))
        return f"{' to '.join(ends)} people"


class Networks(Cited):
    """The money is the network's, and is shared out to its members by a rule that they agree to.

    `earned_by: network` counts the network as one (its own rows, else the sum of its members'); `practice` pools what
    each member earned. `distribution` is a rule or the name of a choice parameter: equal, by list, weighted list,
    register (of `register_of`), historic (HISTORIC_POUNDS of *), contribution (what each earned or counted itself), or
    agreed (AGREED_POUNDS of *). With `assent: every member`, a member's missing or refused AGREED stops it; with
    `unless vetoed`, silence agrees, and a member's VETO (of an item or of *) by the day of `veto_by` makes the item
    final at nothing for the network and every member.
    """

    earned_by: Literal["network", "practice"]
    distribution: str
    assent: Assent = "every member"
    veto_by: Day | None = Field(default=None, description="With `unless vetoed`: the last day on which a VETO counts")
    people: People | None = Field(
        default=None, description="How many people a network should have; outside it a run warns, and pays the same"
    )
    register_of: Code | None = Field(default=None, description="Whose register shares it out, by the rule 'register'")
    reinvest: str = Field(default="", description="The duty to reinvest, in words")
    words: str = ""


class ClaimTerms(Cited):
    """How single claims are turned into activity.

    `exclusive` is a name that services share: across them a patient is on one of their `levels` in a quarter. `once`
    names items that are paid once for a patient, and again only after so many calendar months off every level.
    """

    exclusive: Code | None = None
    levels: tuple[Code, ...] = ()
    counted: Literal["each", "at the quarter's end", "days"] = "each"
    once: dict[Code, Count] = Field(default_factory=dict)
    eligible: bool = Field(default=False, description="Whether the provider must be eligible on the claim's date")
    words: str = ""


class Monitoring(Cited):
    """Indicators that are watched and pay nothing: this year's achievement beside that of `against`.

    A quarter is set beside the same quarter. Of `people` the number on the register is watched, which is no rate.
    """

    indicators: Annotated[tuple[Code, ...], Field(min_length=1)] | Literal["required"]
    people: tuple[Code, ...] = ()
    count: Count | None = Field(default=None, description="How many there are")
    against: Year | None = None
    tolerance: Percent | None = Field(default=None, description="How many percentage points it may lie below")
    significance: Percent | None = Field(
        default=None, description="A fall is significant where chance would bring as much less often than this"
    )
    every: Literal["quarter", "year"] = "year"
    words: str = ""

    @property
    def judges(self) -> bool:
        """Whether it says what a fall is: then each practice has one verdict."""
        return self.tolerance is not None or self.significance is not None
