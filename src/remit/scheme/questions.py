"""What must be looked up before a scheme pays all that it does: the question, what reports say, and what decides.

A number says so itself (`readings` and `look_up`); this is for all else: a year, a rule, who is counted.
"""

from __future__ import annotations

from pydantic import Field

from remit.scheme.kinds import Strict


class Answer(Strict):
    """`{value: "aged 70 or under", by: a report on the guidance}`"""

    value: str = Field(description="What the report says")
    by: str = Field(description="Whose report it is")


class Question(Strict):
    """`{what: The baseline's years, supplies: [VI001.improvement.years], look_up: guidance}`"""

    what: str = Field(description="What must be looked up")
    supplies: tuple[str, ...] = Field(
        default=(), description="The open values that it answers, by the names under which a run supplies them"
    )
    given: str = Field(default="", description="The value that rules over records ask for, by its name")
    readings: tuple[Answer, ...] = Field(default=(), description="What reports say, and whose they are")
    look_up: str = Field(description="The key of the source that decides")
