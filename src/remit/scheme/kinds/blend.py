"""Other items' pounds, each at a share: the same every year, or by year for a scheme that moves from one to another.

Dudley paid "according to previous QOF achievement in 2016/17, split 50/50 between previous QOF achievement and Long
Term Condition Framework (LTCF) achievement in 2017/18 and will be given fully according to outcomes achievement in
2018/19" ([S004] p63). The parts are items before the blend, paid within it and not by themselves; their pounds are
to the penny. A part that has no share in a year need not be known in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, PlainSerializer, TypeAdapter, ValidationError, WithJsonSchema

from remit.core.dates import SchemeYear
from remit.core.words import listed
from remit.scheme.kinds.base import CalculatedKind, Calculation, KindInputs, Reads, Unit, WorkingLine
from remit.scheme.kinds.figures import percent
from remit.scheme.kinds.working import Chain, whole_pounds
from remit.scheme.quantity import YEAR_FORM, Percent, Quantity

_PERCENT: TypeAdapter[Quantity] = TypeAdapter(Percent)


def _share(raw: Any) -> Any:
    """A share, or shares by year. One validator for both, so that an error has the place that the file has."""
    if isinstance(raw, dict) and not {"value", "source", "standing", "note"} & raw.keys():
        if not raw:
            raise ValueError("expected a share, or a share for each year")
        shares = {_year(year): _number(share, f"{year}: ") for year, share in raw.items()}
        if len(shares) < len(raw):
            raise ValueError("a year is named twice")
        return shares
    return _number(raw, "")


def _year(text: Any) -> str:
    return str(SchemeYear.of_any_month(str(text)))


def _number(raw: Any, where: str) -> Quantity:
    try:
        return _PERCENT.validate_python(raw)
    except ValidationError as error:
        raise ValueError(where + str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from None


def _plain(share: Quantity | Mapping[str, Quantity]) -> Any:
    if isinstance(share, Quantity):
        return _PERCENT.dump_python(share)
    return {year: _PERCENT.dump_python(one) for year, one in share.items()}


_FORM = _PERCENT.json_schema()
Share = Annotated[
    Quantity | dict[str, Quantity],
    BeforeValidator(_share),
    PlainSerializer(_plain, return_type=Any),
    WithJsonSchema(
        {"anyOf": [_FORM, {"type": "object", "patternProperties": {f"^{YEAR_FORM}$": _FORM}, "minProperties": 1}]}
    ),
]


class Blend(CalculatedKind):
    """`blend: {parts: {POT: 50%, LTCF: 50%}}`, or `parts: {POT: {2016-17: 100%, 2017-18: 50%}, LTCF: {…}}`"""

    name: ClassVar[str] = "blend"
    paid_in: ClassVar[Unit] = "pounds"

    parts: dict[str, Share] = Field(min_length=1, description="Item to its share, or to its share in each year")

    def most_earned(self) -> Fraction | None:
        return None

    def years(self) -> tuple[str, ...]:
        """The years that have shares of their own, first to last; empty where the shares are the same every year."""
        return tuple(sorted({year for share in self.parts.values() if isinstance(share, dict) for year in share}))

    def share(self, part: str, year: str) -> Quantity | None:
        """The share of a part in a year; None where the file gives none."""
        share = self.parts[part]
        return share.get(year) if isinstance(share, dict) else share

    def missing(self) -> str:
        missing_ = {
            f"share of {part}" + (f" in {year}" if isinstance(share, dict) else ""): None
            for year in self.years() or ("",)
            for part, share in self.parts.items()
            if (one := self.share(part, year)) is not None and one.required
        }
        return " and ".join(missing_)

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for year in self.years() or ("",):
            shares = {part: self.share(part, year) for part in self.parts}
            lacks = [part for part, share in shares.items() if share is None]
            for part in lacks:
                yield ("parts", part), f"{part} has no share for {year}"
            values = [share.value for share in shares.values() if share is not None and share.value is not None]
            total = sum(values, Fraction(0))
            if len(values) == len(shares) and total != 1:
                yield ("parts",), f"the shares{f' of {year}' if year else ''} add up to {percent(total)}, not to 100%"

    def words(self) -> str:
        def said(share: Quantity | dict[str, Quantity]) -> str:
            if isinstance(share, Quantity):
                return str(share)
            return ", ".join(f"{one} in {year}" for year, one in share.items())

        return "; ".join(f"{part} at {said(share)}" for part, share in self.parts.items())

    def rests_on(self) -> tuple[str, ...]:
        return tuple(self.parts)

    def pays_for(self) -> tuple[str, ...]:
        return tuple(self.parts)

    def reads(self) -> tuple[Reads, ...]:
        return ()

    def calculate(self, inputs: KindInputs) -> Calculation:
        shares = {part: self.share(part, str(inputs.year)) for part in self.parts}
        without = [part for part, share in shares.items() if share is None]
        if without:
            why = f"{inputs.item} blends {listed(without)}, whose share in {inputs.year} the scheme does not give."
            return Calculation(None, reason=why)
        known = {part: share.known() for part, share in shares.items() if share is not None}
        pounds = {part: worth.pounds for part, worth in inputs.others.items() if worth.pounds is not None}
        unknown = [part for part, share in known.items() if share and part not in pounds]
        if unknown:
            why = f"{inputs.item} blends {listed(unknown)}, whose pounds are not known yet."
            return Calculation(None, reason=why)
        lines, total, texts = [], Fraction(0), []
        for part, share in known.items():
            if not share:
                lines.append(WorkingLine(part, "0%: not paid in this year", "£0.00"))
                continue
            chain = Chain(pounds[part])
            chain.times(part, share, percent(share))
            lines += chain.lines
            total += chain.amount
            texts.append(chain.shown)
        if len(texts) > 1:
            lines.append(WorkingLine("Together", " + ".join(texts), whole_pounds(total)))
        return Calculation(total, tuple(lines))
