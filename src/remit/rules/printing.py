"""Fields and conditions as their text again: what is parsed from it is what was printed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import assert_never

from remit.rules import model as r

_CODE = re.compile(r"(?!(Null|NULL)$)[a-zA-Z0-9][a-zA-Z0-9.\-]{0,63}", re.ASCII)
"""An answer that stands without quotation marks."""


def field_text(field: r.Field) -> str:
    """`latest BP_COD where date > (PPED - 12 months)`."""
    match field:
        case r.DateOf():
            return f"date of {field.reading}"
        case r.EndOf():
            return f"end of {field.of}"
        case r.PartOf():
            return f"value of {field.cluster} in {field.reading}"
        case r.Span():
            return f"{field.which} of {' and '.join(field.names)}"
        case r.Value():
            return f"{field.tie} value of {' or '.join(field.clusters)} on {field.on}{_unit(field.unit)}"
        case r.ReadingOf():
            halves = " with ".join(field.clusters)
            return f"{field.which} reading of {halves}{_unit(field.unit)}{_where(field.where)}"
        case r.Supply():
            units = f"{field.least} day{'' if field.least == 1 else 's'}"
            lead = {"covered": "count days covered by", "longest gap": "longest gap in"}
            window = f"from {term_text(field.first)} to {term_text(field.last)}"
            return f"{lead.get(field.what, f'{field.what} gap of {units} in')} {' or '.join(field.clusters)} {window}"
        case r.Tally():
            return f"count {field.thing} of {' or '.join(field.clusters)}{_where(field.where)}"
        case r.Pick():
            return f"{field.which} {' or '.join(field.clusters)}{_where(field.where)}"
        case _:
            assert_never(field)


def _unit(unit: str) -> str:
    return f" in {unit}" if unit else ""


def _where(where: r.Condition | None) -> str:
    return f" where {condition_text(where)}" if where is not None else ""


def condition_text(condition: r.Condition) -> str:
    """`BP_DAT > (PPED - 12 months) and BPSYS_VAL <= 140`."""
    match condition:
        case r.Every():
            return " and ".join(_inner(part) for part in condition.parts)
        case r.Either():
            return " or ".join(_inner(part) for part in condition.parts)
        case r.Compare():
            return f"{term_text(condition.left)} {condition.op} {term_text(condition.right)}"
        case r.IsNull():
            return f"{term_text(condition.term)} {'=' if condition.absent else '<>'} Null"
        case r.OnRegister():
            return f"{'' if condition.on else 'not '}on {condition.register}"
        case r.CountedBefore():
            return f"{'' if condition.counted else 'not '}counted in the year before"
        case r.PartsMet():
            return f"{_many(condition.least)} of {condition.parts}"
        case r.AtLeast():
            return f"{_many(condition.least)} of ({', '.join(condition_text(part) for part in condition.parts)})"
        case r.Beside():
            lead = f"{condition.relation} (any" if condition.relation else "(not any" if condition.absent else "(any"
            name = f" as {condition.name}" if condition.name else ""
            return f"{lead} {' or '.join(condition.clusters)}{name}{_where(condition.where)})"
        case r.Within():
            return f"{condition.relation} {term_text(condition.first)} to {term_text(condition.last)}"
        case r.WithinRecord():
            return f"{condition.relation} {condition.record}"
        case r.InOrder():
            return f"{condition.order} {condition.other}"
        case r.AnswerIn():
            return f"answer in {condition.cluster}"
        case _:
            assert_never(condition)


def _many(least: int | None) -> str:
    return {None: "all", 1: "any"}.get(least, f"at least {least}")


def _inner(condition: r.Condition) -> str:
    """A condition among others: what is itself of several stands in brackets."""
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, r.Every | r.Either) else text


def term_text(term: r.Term) -> str:
    """`(PPED - 12 months)`; what is moved in time stands in brackets, as in the published rules."""
    match term:
        case r.Name():
            return term.name
        case r.AgeOn():
            return f"age on {term_text(term.on)}"
        case r.Bound():
            return f"bound {term.name}"
        case r.OwnPart():
            return term.part
        case r.RecordPart():
            return f"{term.part} of {term.record}"
        case r.Text():
            return term.value if _CODE.fullmatch(term.value) else f'"{term.value}"'
        case r.Shift():
            inner = term_text(term.term).removeprefix("(").removesuffix(")")
            many = abs(term.amount)
            return f"({inner} {'-' if term.amount < 0 else '+'} {many} {term.unit}{'' if many == 1 else 's'})"
        case r.Constant():
            return constant_text(term)
        case _:
            assert_never(term)


def period_text(period: r.Period) -> str:
    """`the 15 months to PPED`."""
    match period:
        case r.Between():
            return f"{term_text(period.first)} to {term_text(period.last)}"
        case r.Ending():
            units = f"{period.amount} {period.unit}{'' if period.amount == 1 else 's'}"
            return f"the {units} to {term_text(period.last)}"
        case r.Containing():
            return f"the {period.whole} of {term_text(period.day)}"
        case _:
            assert_never(period)


def constant_text(constant: r.Constant) -> str:
    """A number, a day or a word as it is written."""
    match constant.value:
        case Decimal() as number:
            return format(number, "f")
        case date() as day:
            return day.isoformat()
        case str() as word:
            return word
        case _:
            assert_never(constant.value)
