"""Fields and conditions as their text again: what is parsed from it is what was printed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from remit.rules import model as r


def field_text(field: r.Field) -> str:
    """`latest BP_COD where date > (PPED - 12 months)`."""
    if isinstance(field, r.DateOf):
        return f"date of {field.reading}"
    if isinstance(field, r.PartOf):
        return f"value of {field.cluster} in {field.reading}"
    if isinstance(field, r.Span):
        return f"{field.which} of {' and '.join(field.names)}"
    if isinstance(field, r.Value):
        unit = f" in {field.unit}" if field.unit else ""
        return f"{field.tie} value of {' or '.join(field.clusters)} on {field.on}{unit}"
    where = f" where {condition_text(field.where)}" if field.where is not None else ""
    if isinstance(field, r.ReadingOf):
        unit = f" in {field.unit}" if field.unit else ""
        return f"{field.which} reading of {' with '.join(field.clusters)}{unit}{where}"
    clusters = " or ".join(field.clusters)
    return (
        f"count {field.thing} of {clusters}{where}"
        if isinstance(field, r.Tally)
        else f"{field.which} {clusters}{where}"
    )


def condition_text(condition: r.Condition) -> str:
    """`BP_DAT > (PPED - 12 months) and BPSYS_VAL <= 140`."""
    if isinstance(condition, r.Every | r.Either):
        word = " and " if isinstance(condition, r.Every) else " or "
        return word.join(_inner(part) for part in condition.parts)
    if isinstance(condition, r.Compare):
        return f"{term_text(condition.left)} {condition.op} {term_text(condition.right)}"
    if isinstance(condition, r.IsNull):
        return f"{term_text(condition.term)} {'=' if condition.absent else '<>'} Null"
    if isinstance(condition, r.OnRegister):
        return f"{'' if condition.on else 'not '}on {condition.register}"
    if isinstance(condition, r.PartsMet):
        many = {None: "all", 1: "any"}.get(condition.least, f"at least {condition.least}")
        return f"{many} of {condition.parts}"
    where = f" where {condition_text(condition.where)}" if condition.where is not None else ""
    return f"(any {' or '.join(condition.clusters)}{where})"


def _inner(condition: r.Condition) -> str:
    """A condition among others: what is itself of several stands in brackets."""
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, r.Every | r.Either) else text


def term_text(term: r.Term) -> str:
    """`(PPED - 12 months)`; what is moved in time stands in brackets, as in the published rules."""
    if isinstance(term, r.Name):
        return term.name
    if isinstance(term, r.AgeOn):
        return f"age on {term.name}"
    if isinstance(term, r.OwnPart):
        return term.part
    if isinstance(term, r.Shift):
        inner = term_text(term.term).removeprefix("(").removesuffix(")")
        many = abs(term.amount)
        return f"({inner} {'-' if term.amount < 0 else '+'} {many} {term.unit}{'' if many == 1 else 's'})"
    value = term.value
    return format(value, "f") if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value
