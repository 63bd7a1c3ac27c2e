"""From the text of a field or a condition to what it means (`rules.py`), and errors that say what was expected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from itertools import accumulate
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput
from lark.exceptions import VisitError

from remit.rules import model as r
from remit.rules.rule_files import NUMBER
from remit.rules.syntax_hints import message_for

_DEEPEST = 20
_TOO_DEEP = "is nested too deeply: give a part of it a name, under 'parts' or 'fields'"


class Unclear(ValueError):
    """A text that is not a field or a condition: what was found, where in it, and what was expected."""


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = resources.files("remit.rules").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, start=["field", "condition", "period"], parser="lalr", maybe_placeholders=False)


@lru_cache(maxsize=4096)
def parse_field(text: str) -> r.Field:
    """`latest BP_COD where date > (PPED - 12 months)`. Raises Unclear."""
    field: r.Field = _parsed(text, "field")
    return field


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> r.Condition:
    """`BP_DAT > (PPED - 12 months) and BPSYS_VAL <= 140`. Raises Unclear."""
    condition: r.Condition = _parsed(text, "condition")
    return condition


@lru_cache(maxsize=256)
def parse_period(text: str) -> r.Period:
    """`2024-01-01 to 2024-12-31`, `the 15 months to PPED`, `the calendar year of PPED`. Raises Unclear."""
    period: r.Period = _parsed(text, "period")
    return period


def _deepest(text: str) -> int:
    """How many brackets are open at once, at most."""
    signs = ({"(": 1, ")": -1}.get(letter, 0) for letter in text)
    return max(accumulate(signs), default=0)


def _parsed(text: str, start: str) -> Any:
    if _deepest(text) > _DEEPEST:
        raise Unclear(_TOO_DEEP)
    try:
        return _Meaning().transform(_parser().parse(text, start=start))
    except UnexpectedInput as error:
        raise Unclear(message_for(text, error, _parser())) from None
    except VisitError as error:
        if isinstance(error.orig_exc, ValueError):
            raise Unclear(str(error.orig_exc)) from None
        if isinstance(error.orig_exc, RecursionError):
            raise Unclear(_TOO_DEEP) from None
        raise
    except RecursionError:
        raise Unclear(_TOO_DEEP) from None


def _count(digits: str) -> int:
    """A whole number that a calendar can bear."""
    if len(digits.lstrip("0")) > 5:
        raise ValueError(f"no more than 99999 is counted here, found {digits[:12]}")
    return int(digits)


def _least(many: str) -> int | None:
    """How many are asked for by `all`, `any` or `at least 2`; None is all."""
    return None if many == "all" else 1 if many == "any" else _count(many.split()[-1])


def _own(part: Token) -> r.OwnPart:
    return r.OwnPart(str(part))  # type: ignore[arg-type]


class _Meaning(Transformer[Token, Any]):
    """Each rule of the grammar to the class of its name."""

    def clusters(self, names: list[Token]) -> tuple[str, ...]:
        return tuple(str(name) for name in names)

    def filter(self, parts: list[r.Condition]) -> r.Condition:
        return parts[0]

    def pick(self, parts: list[Any]) -> r.Pick:
        which, clusters, *where = parts
        return r.Pick(str(which), clusters, where[0] if where else None)  # type: ignore[arg-type]

    def reading(self, parts: list[Any]) -> r.ReadingOf:
        which, *rest = parts
        names = tuple(str(name) for name in rest if isinstance(name, Token))
        unit = next((part for part in rest if type(part) is str), "")
        where = [part for part in rest if not isinstance(part, str)]
        return r.ReadingOf(str(which), names, where[0] if where else None, unit)  # type: ignore[arg-type]

    def date_of(self, parts: list[Token]) -> r.DateOf:
        return r.DateOf(str(parts[0]))

    def end_of(self, parts: list[Token]) -> r.EndOf:
        return r.EndOf(str(parts[0]))

    def part_of(self, parts: list[Token]) -> r.PartOf:
        return r.PartOf(str(parts[0]), str(parts[1]))

    def unit(self, parts: list[Token]) -> str:
        return str(parts[0])

    def value(self, parts: list[Any]) -> r.Value:
        tie, clusters, on, *unit = parts
        return r.Value(str(tie), clusters, str(on), str(unit[0]) if unit else "")  # type: ignore[arg-type]

    def tally(self, parts: list[Any]) -> r.Tally:
        thing, clusters, *where = parts
        return r.Tally(str(thing), clusters, where[0] if where else None)  # type: ignore[arg-type]

    def window(self, parts: list[Any]) -> list[Any]:
        return parts

    def covered(self, parts: list[Any]) -> r.Supply:
        return r.Supply("covered", parts[1], *parts[2])

    def longest_gap(self, parts: list[Any]) -> r.Supply:
        return r.Supply("longest gap", parts[1], *parts[2])

    def gap(self, parts: list[Any]) -> r.Supply:
        which, _, count, unit, clusters, (first, last) = parts
        if unit not in ("day", "week"):
            raise ValueError(f"a gap is of so many days or weeks, found '{count} {unit}s'")
        least = _count(count) * (7 if unit == "week" else 1)
        if not least:
            raise ValueError("a gap has a day at least, found 0")
        return r.Supply(str(which), clusters, first, last, least)  # type: ignore[arg-type]

    def span(self, parts: list[Token]) -> r.Span:
        return r.Span(str(parts[0]), tuple(str(name) for name in parts[1:]))  # type: ignore[arg-type]

    def every(self, parts: list[r.Condition]) -> r.Every:
        return r.Every(tuple(parts))

    def either(self, parts: list[r.Condition]) -> r.Either:
        return r.Either(tuple(parts))

    def compare(self, parts: list[Any]) -> r.Compare:
        left, op, right = parts
        left = _own(left) if isinstance(left, Token) else left
        return r.Compare(left, str(op), right)  # type: ignore[arg-type]

    def null(self, parts: list[Any]) -> r.IsNull:
        term, op, _ = parts
        term = _own(term) if isinstance(term, Token) else term
        if op not in ("=", "<>"):
            raise ValueError(f"Null is asked for with = or <>, found '{op} Null'")
        return r.IsNull(term, op == "=")

    def member(self, parts: list[Token]) -> r.OnRegister:
        return r.OnRegister(str(parts[1]), str(parts[0]) == "on")

    def counted(self, parts: list[Token]) -> r.CountedBefore:
        return r.CountedBefore(not parts[0].startswith("not "))

    def parts(self, parts: list[Token]) -> r.PartsMet:
        return r.PartsMet(str(parts[1]), _least(parts[0]))

    def at_least(self, parts: list[Any]) -> r.AtLeast:
        return r.AtLeast(_least(parts[0]), tuple(parts[1:]))

    def records(self, parts: list[Any]) -> r.Beside:
        name = next((str(part) for part in parts[1:] if isinstance(part, Token)), "")
        return r.Beside(parts[0], next((part for part in parts[1:] if not isinstance(part, Token)), None), name)

    def beside(self, parts: list[Any]) -> r.Beside:
        said: list[Token] = parts[:-1]
        beside: r.Beside = parts[-1]
        if said and said[0].type == "RELATION":
            return replace(beside, relation=str(said[0]))  # type: ignore[arg-type]
        return replace(beside, absent=bool(said))

    def within(self, parts: list[Any]) -> r.Within:
        relation, first, last = parts
        return r.Within(str(relation), first, last)  # type: ignore[arg-type]

    def within_record(self, parts: list[Token]) -> r.WithinRecord:
        return r.WithinRecord(str(parts[0]), str(parts[1]))  # type: ignore[arg-type]

    def in_order(self, parts: list[Token]) -> r.InOrder:
        return r.InOrder(str(parts[0]), str(parts[1]))  # type: ignore[arg-type]

    def answer_in(self, parts: list[Token]) -> r.AnswerIn:
        return r.AnswerIn(str(parts[1]))

    def answer(self, parts: list[Token]) -> r.Text:
        if parts[0] == "NULL":
            raise ValueError("absence is written Null, found 'NULL'")
        return r.Text(str(parts[0]).strip('"'))

    def name(self, parts: list[Token]) -> r.Name:
        if parts[0] == "NULL":
            raise ValueError("absence is written Null, found 'NULL'")
        return r.Name(str(parts[0]))

    def number(self, parts: list[Token]) -> r.Constant:
        if not NUMBER.fullmatch(parts[0]):
            raise ValueError(
                "a number has at most 12 digits before its point and 6 behind it, as the values of records have, "
                f"found {parts[0][:30]}"
            )
        return r.Constant(Decimal(str(parts[0])))

    def day(self, parts: list[Token]) -> r.Constant:
        try:
            return r.Constant(date.fromisoformat(str(parts[0])))
        except ValueError:
            raise ValueError(f"there is no such day as {parts[0]}") from None

    def text(self, parts: list[Token]) -> r.Constant:
        return r.Constant(str(parts[0]))

    def own(self, parts: list[Token]) -> r.OwnPart | r.RecordPart:
        if len(parts) == 1:
            return _own(parts[0])
        if parts[0] == "negation":
            raise ValueError("negation can only be asked of the record under test, found 'negation of'")
        return r.RecordPart(str(parts[0]), str(parts[1]))  # type: ignore[arg-type]

    def bound(self, parts: list[Token]) -> r.Bound:
        return r.Bound(str(parts[0]))

    def age(self, parts: list[Any]) -> r.AgeOn:
        return r.AgeOn(parts[0])

    def shift(self, parts: list[Any]) -> r.Shift:
        term, sign, count, unit = parts
        amount = _count(count) * (1 if sign == "+" else -1)
        return r.Shift(term, amount, unit)

    def UNITS(self, unit: Token) -> str:  # noqa: N802  # named as its token is
        return str(unit).removesuffix("s")

    def between(self, parts: list[Any]) -> r.Between:
        return r.Between(*parts)

    def ending(self, parts: list[Any]) -> r.Ending:
        count, unit, last = parts
        return r.Ending(_count(count), unit, last)

    def containing(self, parts: list[Any]) -> r.Containing:
        return r.Containing(str(parts[0]), parts[1])  # type: ignore[arg-type]
