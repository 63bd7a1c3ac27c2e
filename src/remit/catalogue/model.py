"""What a catalogue says: the services of a commissioner, each with its answers as printed and the same as values.

The answers keep the words of the document that they are taken from. The values beside them (kind, levels, dates of
the review, scheme) are what Remit narrows and calculates by; nothing is read out of the words.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from remit.scheme.agreements import Cited, Id
from remit.scheme.kinds import Strict
from remit.scheme.model import SourceDocument
from remit.scheme.quantity import Day


def _some(text: str) -> str:
    if not text.strip():
        raise ValueError("expected some text")
    return text.strip()


Text = Annotated[str, AfterValidator(_some)]
Level = Literal["practice", "network", "federation", "other"]

KINDS = (
    "quality incentive scheme",
    "enhanced service",
    "prescribing incentive scheme",
    "quality improvement module",
    "network scheme",
    "shared savings scheme",
)
"""The kinds that every catalogue has; a file lists further ones under `further_kinds`."""


class Review(Strict):
    """When a service is due for review: as printed, and the first and the last day of what is printed."""

    printed: Text
    from_: Day = Field(alias="from")
    to: Day

    @model_validator(mode="after")
    def _days_fit(self) -> Review:
        if self.to < self.from_:
            raise ValueError(f"'to' ({self.to}) is before 'from' ({self.from_})")
        years = {int(year) for year in re.findall(r"\b20\d\d\b", self.printed)}
        if years and not {self.from_.year, self.to.year} <= years:
            raise ValueError(f"'{self.printed}' is not in the years of {self.from_} and {self.to}")
        return self


class Service(Cited):
    """One service: what is printed of it, and the same as values.

    `scheme` is the id of its scheme file, if any; `scheme_inferred` says from what, where the source does not name it.
    """

    service: Id
    title: Text
    kind: Text
    levels: tuple[Level, ...] = Field(min_length=1)
    scheme: Id | None = None
    scheme_inferred: str = ""
    delivery_level: Text
    commissioning_method: Text
    contracting: Text
    measurement: Text
    review: Review
    support_interest: Text


class Heads(Strict):
    """What the rows of the table are called, in their order; a document may print them with numbers."""

    title: Text = "Service"
    delivery_level: Text = "Delivery level"
    commissioning_method: Text = "Commissioning method"
    contracting: Text = "Contracting"
    measurement: Text = "Measurement"
    review: Text = "Review schedule"
    support_interest: Text = "Support interest"


ROWS = tuple(Heads.model_fields)
"""The rows of the table, in their order."""


class Catalogue(Cited):
    """A commissioner's services, as they stood on the day `as_at`."""

    catalogue: Id
    version: str = "1"
    title: Text
    commissioner: Text
    aliases: tuple[Text, ...] = ()
    as_at: Day
    about: str = ""
    sources: dict[str, SourceDocument] = Field(default_factory=dict)
    further_kinds: tuple[Text, ...] = ()
    heads: Heads = Heads()
    services: tuple[Service, ...] = Field(min_length=1)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind that a service of this catalogue may be of."""
        return (*KINDS, *self.further_kinds)

    def table(self) -> list[list[str]]:
        """The table as the commissioner prints it: a row for each question, its head first, then service by service."""
        return [[getattr(self.heads, row), *(cell(service, row) for service in self.services)] for row in ROWS]


def cell(service: Service, row: str) -> str:
    """What is printed for one service in one row of the table."""
    return service.review.printed if row == "review" else str(getattr(service, row))
