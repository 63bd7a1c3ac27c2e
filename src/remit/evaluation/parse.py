"""From the text of a field or a condition to what it means (`rules.py`), and errors that say what was expected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from remit.evaluation import rules as r

_WORDS = {
    "PICK": "latest or earliest",
    "TIE": "lowest, highest, mean, last or only",
    "THING": "records, days, codes or clusters",
    "SIDE": "later or earlier",
    "CMP": "a comparison (=, <>, <, <=, >, >=)",
    "NAME": "a name in capitals",
    "NUMBER": "a number",
    "DATE": "a date written as 2025-03-31",
    "NULL": "Null",
    "LPAR": "(",
    "RPAR": ")",
    "MANY": "all of, any of or at least n of",
    "ON": "on",
    "OWN": "date, value or episode",
    "UNITS": "days, weeks, months or years",
    "COUNT": "a number of days, weeks, months or years",
    "UNIT": "a unit",
    "WHERE": "where",
    "OF": "of",
    "AND": "and",
    "OR": "or",
    "$END": "the end",
}


_TOO_DEEP = "the brackets are nested too deeply"


class Unclear(ValueError):
    """A text that is no field or condition: what was found, where in it, and what was expected."""


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = resources.files("remit.evaluation").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, start=["field", "condition"], parser="lalr", maybe_placeholders=False)


@lru_cache(maxsize=4096)
def parse_field(text: str) -> r.Field:
    """`latest BP_COD where date > (PPED - 12 months)`. Raises Unclear."""
    return _parsed(text, "field")


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> r.Condition:
    """`BP_DAT > (PPED - 12 months) and BPSYS_VAL <= 140`. Raises Unclear."""
    return _parsed(text, "condition")


def _parsed(text: str, start: str) -> Any:
    try:
        return _Meaning().transform(_parser().parse(text, start=start))
    except UnexpectedInput as error:
        raise Unclear(_said(text, error)) from None
    except VisitError as error:
        if isinstance(error.orig_exc, ValueError):
            raise Unclear(str(error.orig_exc)) from None
        if isinstance(error.orig_exc, RecursionError):
            raise Unclear(_TOO_DEEP) from None
        raise
    except RecursionError:
        raise Unclear(_TOO_DEEP) from None


def _said(text: str, error: UnexpectedInput) -> str:
    """What is wrong in the words of an author, at its place in the text."""
    at = error.pos_in_stream if error.pos_in_stream is not None else len(text)
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        at = len(text)
    before, found = text[:at].split(), text[at:].split()
    word = found[0] if found else ""
    advice = _advice(before, word, text)
    if isinstance(error, UnexpectedCharacters):
        names = error.allowed or set()
    elif isinstance(error, UnexpectedToken):
        names = error.accepts or error.expected or set()
    else:
        names = set(error.expected) if isinstance(error, UnexpectedEOF) else set()
    wanted = sorted({_WORDS.get(name, name.lower()) for name in names})
    expected = f"expected {', '.join(wanted[:-1])}{' or ' if len(wanted) > 1 else ''}{wanted[-1]}, " if wanted else ""
    where = f" after '{' '.join(before[-3:])}'" if before else ""
    return f"{advice or expected}found {repr(word) if word else 'the end'}{where}"


def _advice(before: list[str], word: str, text: str) -> str:
    """The commonest slips, by name."""
    lowered = word.lower()
    if lowered in ("and", "or") and {"and", "or"} <= {w.lower() for w in text.split()}:
        return "put brackets around what belongs together where 'and' and 'or' meet; "
    if lowered == "not":
        return "there is no 'not': swap what follows, or ask for absence with '= Null'; "
    if before and before[-1].lower() in ("or", "and") and word.isupper():
        return "write the comparison out again after 'or' and 'and'; "
    if "/" in word and word.replace("/", "").isdigit():
        return "write dates as 2025-03-31; "
    if word in ("AND", "OR", "IF", "If"):
        return "'and' and 'or' are written small, and 'If' is left out; "
    if "–" in text or "−" in text:
        return "a minus is written as a hyphen; "
    if lowered in ("last", "within") or "in last" in text:
        return "a window is written as X_DAT > (PPED - 12 months); "
    return ""


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
        where = [part for part in rest if not isinstance(part, Token)]
        return r.ReadingOf(str(which), names, where[0] if where else None)  # type: ignore[arg-type]

    def date_of(self, parts: list[Token]) -> r.DateOf:
        return r.DateOf(str(parts[0]))

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

    def span(self, parts: list[Token]) -> r.Span:
        return r.Span(str(parts[0]), tuple(str(name) for name in parts[1:]))  # type: ignore[arg-type]

    def every(self, parts: list[r.Condition]) -> r.Every:
        return r.Every(tuple(parts))

    def either(self, parts: list[r.Condition]) -> r.Either:
        return r.Either(tuple(parts))

    def compare(self, parts: list[Any]) -> r.Compare:
        left, op, right = parts
        return r.Compare(left, str(op), right)  # type: ignore[arg-type]

    def null(self, parts: list[Any]) -> r.IsNull:
        term, op, _ = parts
        if op not in ("=", "<>"):
            raise ValueError(f"Null is asked for with = or <>, found '{op} Null'")
        return r.IsNull(term, op == "=")

    def member(self, parts: list[Token]) -> r.OnRegister:
        return r.OnRegister(str(parts[1]), str(parts[0]) == "on")

    def parts(self, parts: list[Token]) -> r.PartsMet:
        many = str(parts[0])
        least = None if many == "all" else 1 if many == "any" else int(many.split()[-1])
        return r.PartsMet(str(parts[1]), least)

    def beside(self, parts: list[Any]) -> r.Beside:
        return r.Beside(parts[0], parts[1] if len(parts) > 1 else None)

    def name(self, parts: list[Token]) -> r.Name:
        return r.Name(str(parts[0]))

    def number(self, parts: list[Token]) -> r.Constant:
        return r.Constant(Decimal(str(parts[0])))

    def day(self, parts: list[Token]) -> r.Constant:
        try:
            return r.Constant(date.fromisoformat(str(parts[0])))
        except ValueError:
            raise ValueError(f"there is no such day as {parts[0]}") from None

    def text(self, parts: list[Token]) -> r.Constant:
        return r.Constant(str(parts[0]))

    def own(self, parts: list[Token]) -> r.OwnPart:
        return r.OwnPart(str(parts[0]))  # type: ignore[arg-type]

    def age(self, parts: list[Token]) -> r.AgeOn:
        return r.AgeOn(str(parts[0]))

    def shift(self, parts: list[Any]) -> r.Shift:
        term, sign, count, units = parts
        amount = int(count) * (1 if sign == "+" else -1)
        return r.Shift(term, amount, str(units).removesuffix("s"))  # type: ignore[arg-type]
