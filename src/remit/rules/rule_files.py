"""What a file of registers and indicators holds, key by key; every value is still text."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field as Key
from pydantic import StringConstraints

from remit.rules import model as r
from remit.rules.bounds import Attribute
from remit.scheme.agreements import Cited
from remit.scheme.kinds import Strict
from remit.scheme.model import SourceDocument

NUMBER = re.compile(r"-?0*[0-9]{1,12}(\.[0-9]{1,6}0*)?", re.ASCII)
"""What a record's value can be."""

NAME = r"^[A-Z][A-Z0-9_]*$"

Named = Annotated[str, StringConstraints(pattern=NAME)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_-]*$")]
Status = Literal["complete", "order unverified", "inferred"]


class RuleText(Cited):
    """A rule as a file has it. Without `else`, the false side goes to the next rule.

    A rule may have its own source and standing, and a note on how the source was read, where they are not those of the
    whole definition.
    """

    rule: int = Key(ge=1)
    if_: str = Key(alias="if")
    then: r.Action
    else_: r.Action = Key(default="Next rule", alias="else")
    counts: str = Key(default="", description="What a decision on the true side counts as")
    else_counts: str = Key(default="", description="What a decision on the false side counts as")
    words: str = Key(default="", description="The published rule, in its own words")


class DefinitionText(Cited):
    """A register or an indicator as a file has it."""

    register_: Named | None = Key(default=None, alias="register", description="The code of a register")
    indicator: Code | None = Key(default=None, description="The code of an indicator")
    version: str = Key(default="", description="The version of the business rules")
    years: str = Key(
        default="", description="The years that it holds for, as 2024-25 or 2021-22 to 2024-25; else its version's"
    )
    title: str
    group: str = Key(default="", description="The register group that a register counts, such as HYP")
    population: str = Key(description="A register's code, 'registered', or 'died in the year'")
    status: Status = "complete"
    period: str = Key(
        default="",
        description="The measurement period, such as 'the 15 months to PPED'; rules name its days MPSD and MPED",
    )
    fields: dict[Named, str] = Key(default_factory=dict)
    parts: dict[Named, dict[str, str]] = Key(default_factory=dict)
    rules: tuple[RuleText, ...] = ()
    words: str = Key(default="", description="The published wording")
    rationale: str = ""
    links: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.register_ or self.indicator or ""


class GroupText(Strict):
    """A group of a table of bounds as a file has it."""

    clusters: tuple[Named, ...] = ()
    texts: tuple[str, ...] = ()
    is_: str = Key(alias="is", description="The bound of the group")


class BoundsText(Strict):
    """A table of bounds as a file has it."""

    by: Attribute = Key(description="The patient's column: ethnicity or sex")
    latest: tuple[Named, ...] = Key(default=(), description="The clusters of all records of the attribute")
    groups: tuple[GroupText, ...] = Key(min_length=1)
    others: str | None = Key(default=None, description="The bound of whom no group has; without it, none")
    unknown: str | None = Key(default=None, description="The bound of whom nothing tells; without it, none")
    not_stated: tuple[str, ...] = Key(default=(), description="Texts of the column that tell nothing")


class ReadingText(Strict):
    """One of the readings of a value that sources state differently."""

    value: Annotated[str, StringConstraints(pattern=r"^[0-9.]+$")]
    of: str = Key(description="Which source has it, and how it says it")


class ValueToGiveText(Strict):
    """A value that sources state differently, so that whoever evaluates must give it."""

    title: str = Key(description="What it is, as 'the oldest age that DM036 counts'")
    readings: tuple[ReadingText, ...] = Key(min_length=2)
    look_up: str = Key(description="The document that settles it, and where in it")


class RuleFile(Strict):
    """A file of registers and indicators. Its `fields` may be used by all of them.

    A file of one's own may hold `given` alone: values that the rules which ship leave open.
    """

    source: str | None = None
    sources: dict[str, SourceDocument] = Key(default_factory=dict)
    cluster_groups: dict[Named, tuple[Named, ...]] = Key(default_factory=dict)
    bounds: dict[Named, BoundsText] = Key(default_factory=dict)
    fields: dict[Named, str] = Key(default_factory=dict)
    values_to_give: dict[Named, ValueToGiveText] = Key(
        default_factory=dict, description="Numbers that sources state differently: none stands in for them"
    )
    given: dict[Named, str] = Key(default_factory=dict, description="Values that rules ask for, each a number")
    definitions: tuple[DefinitionText, ...] = ()
