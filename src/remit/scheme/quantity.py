"""A number in a scheme: its value, its unit, where it comes from and whether anyone has seen that.

In a file: `£2.10`, `40% [memory]` (the mark names one of the file's `sources`), `required` where the
sources do not give it, or the long form `{value: 12, source: …, standing: inferred, note: …}`. A number without a
mark of its own has the source and the standing of what it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from remit.core import exact, say
from remit.core.dates import SchemeYear, parse_date
from remit.core.rounding import Rounding

Standing = Literal["verified", "inferred", "unverified"]
STANDINGS = ("verified", "inferred", "unverified")
_CITED = re.compile(r"(.*?)\s*\[([a-z0-9][a-z0-9-]*)\]\s*", re.DOTALL)


@dataclass(frozen=True)
class Reading:
    """What a number is by one report, where reports conflict: `40%`, and who says so."""

    value: Fraction
    text: str
    by: str


@dataclass(frozen=True)
class Quantity:
    """A sourced number. `value` is None where it is required input; `text` is as the file has it.

    Where it must be looked up, `look_up` is the source that decides, and `readings` has what reports say, if any does.
    """

    value: Fraction | None
    unit: str
    text: str
    source: str | None = None
    standing: Standing | None = None
    note: str = ""
    readings: tuple[Reading, ...] = ()
    look_up: str = ""

    @property
    def required(self) -> bool:
        return self.value is None

    def known(self) -> Fraction:
        """The value. Raises ValueError for one that must be supplied first."""
        if self.value is None:
            raise ValueError(f"this number must be supplied ({self.unit})")
        return self.value

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Step:
    """One step: at an achievement above (or from) `at`, a practice is paid `pays` pounds.

    Where lower is better it `falls`: it is reached below `at`, or with `above` up to it. `per` is of how many the
    threshold is written: 100 (per cent) or 1,000.
    """

    above: bool
    at: Fraction
    pays: Fraction
    text: str
    source: str | None = None
    standing: Standing | None = None
    falls: bool = False
    per: int = 100

    def reached(self, rate: Fraction) -> bool:
        return (rate > self.at if self.above else rate >= self.at) != self.falls

    @property
    def threshold(self) -> str:
        """`above 50%`, `from 50%`, `below 90 per 1,000` or `up to 15%`."""
        return f"{STEP_WORDS[self.falls][self.above]} {say.rate(self.at, self.per)}"

    def moved(self, at: Fraction, pays: str) -> str:
        """The phrase of this step with another threshold or amount."""
        return f"{STEP_WORDS[self.falls][self.above]} {say.rate(at, self.per)} pays {pays}"


STEP_WORDS = {False: {True: "above", False: "from"}, True: {True: "up to", False: "below"}}
"""How a step's phrase begins, by whether it falls and whether the threshold itself is on the lower side."""


@dataclass(frozen=True)
class Range:
    """When a table of steps holds: the gate's achievement is above or from `low`, and below or up to `high`."""

    text: str
    low: Fraction | None = None
    low_above: bool = False
    high: Fraction | None = None
    high_below: bool = True

    def holds(self, rate: Fraction) -> bool:
        if self.low is not None and not (rate > self.low if self.low_above else rate >= self.low):
            return False
        return self.high is None or (rate < self.high if self.high_below else rate <= self.high)


def cited(text: str) -> tuple[str, str | None]:
    """Split `40% [memory]` into the number's text and the source's key."""
    match = _CITED.fullmatch(text)
    return (match[1], match[2]) if match else (text.strip(), None)


def _quantity(
    unit: str, read: Callable[[str], Fraction], example: str, unit_of: Callable[[str], str] | None = None
) -> Any:
    def validate(raw: Any) -> Quantity:
        if isinstance(raw, Quantity):
            return raw
        long: dict[str, Any] = raw if isinstance(raw, dict) else {"value": raw}
        unknown = set(long) - {"value", "source", "standing", "note", "readings", "look_up"}
        if unknown:
            raise ValueError(
                f"a number has value, source, standing, note, readings and look_up, not {', '.join(sorted(unknown))}"
            )
        if not isinstance(long.get("value"), str):
            raise ValueError(f"expected a number such as {example}")
        text, source = cited(long["value"])
        standing = long.get("standing")
        if standing is not None and standing not in STANDINGS:
            raise ValueError(f"standing is one of {', '.join(STANDINGS)}, not '{standing}'")
        value = None if text == "required" else read(text)
        readings, look_up = _readings(long, read, example)
        in_, known_source = unit_of(text) if unit_of else unit, long.get("source") or source
        return Quantity(value, in_, text, known_source, standing, long.get("note", ""), readings, look_up)

    short = {"type": "string", "examples": [example], "description": f"{unit}, such as {example}"}
    parts = {"value": short, "source": {"type": "string"}, "standing": {"enum": list(STANDINGS)}}
    long_form = {
        "type": "object",
        "properties": {**parts, "note": {"type": "string"}, "readings": _READINGS, "look_up": {"type": "string"}},
        "required": ["value"],
        "additionalProperties": False,
    }
    return (
        BeforeValidator(validate),
        PlainSerializer(_plain, return_type=Any),
        WithJsonSchema({"anyOf": [{**short, "type": ["string", "number"]}, long_form]}),
    )


_READINGS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {"value": {"type": ["string", "number"]}, "by": {"type": "string"}},
        "required": ["value", "by"],
        "additionalProperties": False,
    },
}


def _readings(long: dict[str, Any], read: Callable[[str], Fraction], example: str) -> tuple[tuple[Reading, ...], str]:
    """What reports say of a number on which they conflict, and the source that decides between them."""
    raw, look_up = long.get("readings"), long.get("look_up")
    if raw is None and look_up is None:
        return (), ""
    if not isinstance(look_up, str):
        raise ValueError("'readings' need 'look_up': the key of the source that decides between them")
    each = raw if isinstance(raw, list) else [] if raw is None else [raw]
    if any(not isinstance(one, dict) or {*one} != {"value", "by"} for one in each):
        raise ValueError(f"'readings' are a list of {{value: {example}, by: who says so}}")
    readings = tuple(Reading(read(str(one["value"])), str(one["value"]), str(one["by"])) for one in each)
    if len(readings) > 1 and len({one.value for one in readings}) < 2:
        raise ValueError("'readings' are of reports that conflict: these all say the same")
    return readings, look_up


def _plain(quantity: Quantity) -> str | dict[str, Any]:
    parts: dict[str, Any] = {"source": quantity.source, "standing": quantity.standing, "note": quantity.note}
    parts["readings"] = [{"value": one.text, "by": one.by} for one in quantity.readings]
    parts["look_up"] = quantity.look_up
    raw = {name: value for name, value in parts.items() if value}
    return {"value": quantity.text, **raw} if raw else quantity.text


def _step(raw: Any) -> Step:
    if isinstance(raw, Step):
        return raw
    text, source = cited(str(raw))
    match = re.fullmatch(r"(above|from|below|up to) (\S+%|\S+ per 1,?000) pays (\S+)", text)
    if not match:
        examples = "'above 0.5% pays 8p', 'from 90% pays 3p' or 'below 90 per 1,000 pays £1.00'"
        raise ValueError(f"expected a step such as {examples}, found '{text}'")
    at, per = exact.level(match[2])
    above, falls = match[1] in ("above", "up to"), match[1] in ("below", "up to")
    return Step(above, at, exact.money(match[3]), text, source, None, falls, per)


def _range(raw: Any) -> Range:
    if isinstance(raw, Range):
        return raw
    match = re.fullmatch(r"(?:(above|from) (\S+%))?\s*(?:(below|to) (\S+%))?", str(raw))
    if not match or not (match[1] or match[3]):
        raise ValueError(f"expected when such as 'from 0.5% below 0.75%', found '{raw}'")
    low = exact.percent(match[2]) if match[2] else None
    high = exact.percent(match[4]) if match[4] else None
    if low is not None and high is not None and low >= high:
        raise ValueError(f"'{raw}' is an empty range: the lower threshold is not below the upper one")
    return Range(str(raw), low, match[1] == "above", high, match[3] != "to")


def _wrap(read: Callable[[str], Any], kind: type, pattern: str) -> Any:
    def validate(raw: Any) -> Any:
        return raw if isinstance(raw, kind) else read(str(raw))

    return (
        BeforeValidator(validate),
        PlainSerializer(str),
        WithJsonSchema({"type": "string", "examples": [pattern]}),
    )


Money = Annotated[Quantity, *_quantity("pounds", exact.money, "£2.10")]
Percent = Annotated[Quantity, *_quantity("per cent", exact.percent, "40%")]
PercentagePoints = Annotated[Quantity, *_quantity("percentage points", exact.percentage_points, "5 points")]
PER_1000 = "per 1,000"
Rate = Annotated[
    Quantity,
    *_quantity(
        "rate", lambda text: exact.level(text)[0], "40%", lambda text: PER_1000 if "per 1" in text else "per cent"
    ),
]
"""A place on the scale of what is measured: `40%`, or `90 per 1,000` where it is counted per 1,000 people."""
Difference = Annotated[Quantity, *_quantity("percentage points or per cent", exact.difference, "5 points")]
"""By how much a rate changes: `5 points`, or `5%` of what it was."""
Points = Annotated[Quantity, *_quantity("points", exact.number, "12")]
Amount = Annotated[
    Quantity,
    *_quantity("amount", exact.amount, "10p", lambda text: "points" if text.replace(".", "").isdecimal() else "pounds"),
]
"""What is paid, in the unit of what it is part of: `10p`, `£100`, or `3` points."""
Patients = Annotated[Quantity, *_quantity("patients", exact.number, "8096")]
Count = Annotated[Quantity, *_quantity("number", lambda text: Fraction(exact.whole(text)), "12")]
Score = Annotated[Quantity, *_quantity("number", exact.number, "12")]
StepPhrase = Annotated[
    Step,
    BeforeValidator(_step),
    PlainSerializer(lambda s: f"{s.text} [{s.source}]" if s.source else s.text),
    WithJsonSchema({"type": "string", "examples": ["above 0.5% pays 8p"]}),
]
RangePhrase = Annotated[
    Range,
    BeforeValidator(_range),
    PlainSerializer(lambda r: r.text),
    WithJsonSchema({"type": "string", "examples": ["from 0.5% below 0.75%", "below 0.5%"]}),
]
Day = Annotated[date, *_wrap(parse_date, date, "2025-03-31")]
YEAR_FORM = r"20[0-9]{2}([-/][0-9]{2}|-[0-9]{2} to 20[0-9]{2}-[0-9]{2})?"
A_YEAR = {"type": ["string", "integer"], "pattern": f"^{YEAR_FORM}$", "minimum": 2000, "maximum": 2099}
"""How files write a year: YAML reads the calendar year `2025` as a number."""
Year = Annotated[
    SchemeYear,
    *_wrap(SchemeYear.of_any_month, SchemeYear, "2024-25")[:2],
    WithJsonSchema({**A_YEAR, "examples": ["2024-25", 2025, "2025-07 to 2026-06"]}),
]
RoundingStep = Annotated[Rounding, *_wrap(Rounding.parse, Rounding, "2 places, half up")]
