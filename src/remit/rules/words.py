"""Fields and conditions in plain words, for those who build a search by hand. Generated from what they mean."""

from __future__ import annotations

import re
from datetime import date
from typing import assert_never

from remit.core.words import listed
from remit.rules import model as r
from remit.rules.printing import constant_text

_OPS = {
    ("date", "="): "is", ("date", "<>"): "is not", ("date", "<"): "is before", ("date", "<="): "is on or before",
    ("date", ">"): "is after", ("date", ">="): "is on or after",
    ("number", "="): "is", ("number", "<>"): "is not", ("number", "<"): "is below", ("number", "<="): "is at most",
    ("number", ">"): "is above", ("number", ">="): "is at least",
}  # fmt: skip
_DATED = re.compile(r"_(DAT|DOB)\d*$")
_OWN = {
    "date": "its date", "end": "its end", "value": "its value", "episode": "its episode type", "status": "its status",
    "negation": "its negation", "answer": "its answer",
}  # fmt: skip
_RELATIONS = {
    "overlaps": "it overlaps", "during": "it is within", "starts in": "it begins within", "ends in": "it ends within",
}  # fmt: skip
_ORDERS = {"before": "it comes before", "after": "it comes after"}
_KNOWN = {
    "ACHV_DAT": "the achievement date",
    "PPSD": "the payment period's start",
    "PPED": "the payment period's end",
    "QSSD": "the service's start",
    "QSED": "the service's end",
    "MPSD": "the measurement period's start",
    "MPED": "the measurement period's end",
    "PAT_DOB": "the date of birth",
    "PAT_AGE": "the age in full years on the achievement date",
    "PAT_SEX": "the sex",
    "REG_DAT": "the registration with the practice",
    "DEATH_DAT": "the date of death",
}


def field_words(field: r.Field, name: str = "") -> str:
    """What a field holds: `the date of the latest record in BP_COD that …`. `name` is the field's own."""
    match field:
        case r.Pick():
            clusters = listed(field.clusters, "or")
            return f"the date of the {field.which} record in {clusters}{_filter(field.where, name)}"
        case r.ReadingOf():
            halves = listed(field.clusters)
            unit = f", in {field.unit}" if field.unit else ""
            return f"the {field.which} reading that has a value in {halves}{unit}{_filter(field.where, name)}"
        case r.DateOf():
            return f"the date of {field.reading}"
        case r.EndOf():
            return f"the end of the record that {field.of} is the date of"
        case r.PartOf():
            return f"the value in {field.cluster} of {field.reading}"
        case r.Value():
            unit = f", in {field.unit}" if field.unit else ""
            return f"the {field.tie} value in {listed(field.clusters, 'or')} on {field.on}{unit}"
        case r.Supply():
            units = f"{field.least} day{'' if field.least == 1 else 's'}"
            supply = f"supply in {listed(field.clusters, 'or')} from {_term(field.first)} to {_term(field.last)}"
            lead = {"covered": "how many days are covered by", "longest gap": "the most days in a row without"}
            gap = f"the first day of the {field.what} gap of {units} or more in the"
            return f"{lead.get(field.what, gap)} {supply}"
        case r.Tally():
            return f"how many {field.thing} there are in {listed(field.clusters, 'or')}{_filter(field.where, name)}"
        case r.Span():
            return f"the {field.which} of {listed(field.names)}"
        case _:
            assert_never(field)


def _filter(where: r.Condition | None, own_field: str = "") -> str:
    return f", of those for which {condition_words(where, own_field=own_field)}" if where is not None else ""


def condition_words(condition: r.Condition, inside: bool = False, own_field: str = "") -> str:
    """A condition as a sentence without its full stop. `own_field` is the field in whose filter it stands."""
    match condition:
        case r.Every() | r.Either():
            word = "and" if isinstance(condition, r.Every) else "or"
            text = f", {word} ".join(condition_words(part, True, own_field) for part in condition.parts)
            return f"({text})" if inside else text
        case r.IsNull():
            if isinstance(condition.term, r.OwnPart):
                if condition.term.part == "end":
                    return f"its end is {'not ' if condition.absent else ''}known"
                what = _OWN[condition.term.part].removeprefix("its ")
                return f"it has {'no' if condition.absent else 'an' if what[0] in 'ae' else 'a'} {what}"
            what = _plain(condition.term)
            if what.startswith(("the ", "its ")):
                return f"{what} is {'not ' if condition.absent else ''}known"
            return f"there is {'no' if condition.absent else 'a'} {what}"
        case r.OnRegister():
            return f"the patient is {'' if condition.on else 'not '}on {condition.register}"
        case r.CountedBefore():
            return f"the patient was {'' if condition.counted else 'not '}counted by the same rules in the year before"
        case r.PartsMet():
            return f"{_many(condition.least)} of the parts of {condition.parts} are met"
        case r.AtLeast():
            parts = "; ".join(condition_words(part, True, own_field) for part in condition.parts)
            return f"{_many(condition.least)} of these hold: ({parts})"
        case r.Beside():
            where = _filter(condition.where, own_field).replace("of those for which", "for which")
            clusters = listed(condition.clusters, "or") + (f", called {condition.name}" if condition.name else "")
            if condition.relation:
                return f"{_RELATIONS[condition.relation]} a record in {clusters}{where}"
            return f"there is {'no' if condition.absent else 'a'} record in {clusters}{where}"
        case r.Within():
            first, last = (_term(term, own_field) for term in (condition.first, condition.last))
            return f"{_RELATIONS[condition.relation]} the time from {first} to {last}"
        case r.WithinRecord():
            return f"{_RELATIONS[condition.relation]} {_record(condition.record, own_field)}"
        case r.InOrder():
            return f"{_ORDERS[condition.order]} {_record(condition.other, own_field)}"
        case r.AnswerIn():
            return f"its answer is in {condition.cluster}"
        case r.Compare():
            left, right = (_term(term, own_field) for term in (condition.left, condition.right))
            return f"{left} {_OPS[_kind(condition), condition.op]} {right}"
        case _:
            assert_never(condition)


def _many(least: int | None) -> str:
    return "all" if least is None else f"at least {least}"


def _record(name: str, own_field: str) -> str:
    return "the record itself" if name == own_field else _KNOWN.get(name, name)


def _kind(condition: r.Compare) -> str:
    """Whether days are compared: then a side is a shifted date, a day, or named as one."""
    for term in (condition.left, condition.right):
        if isinstance(term, r.Shift) or (isinstance(term, r.Constant) and isinstance(term.value, date)):
            return "date"
        if isinstance(term, r.OwnPart | r.RecordPart) and term.part in ("date", "end"):
            return "date"
        if isinstance(term, r.Name) and (_DATED.search(term.name) or term.name in r.DATES):
            return "date"
    return "number"


def bounds_words(table: r.Bounds) -> str:
    """Which bound applies to whom: `27.5 where the latest record of ethnicity is in ETH_COD; …`."""
    parts = []
    for group in table.groups:
        how = [f"the latest record of {table.by} is in {listed(group.clusters, 'or')}"] if group.clusters else []
        column = f"the patient's {table.by} is {listed(group.texts, 'or')}"
        if group.texts:
            how.append(f"there is none and {column}" if table.latest else column)
        parts.append(f"{constant_text(r.Constant(group.bound))} where {', or where '.join(how)}")
    for bound, who in ((table.others, "for others"), (table.unknown, f"where the {table.by} is not known")):
        parts.append(f"{'none' if bound is None else constant_text(r.Constant(bound))} {who}")
    return "; ".join(parts)


def period_words(period: r.Period) -> str:
    """`the 15 months that end with the payment period's end`."""
    match period:
        case r.Between():
            return f"from {_term(period.first)} to {_term(period.last)}"
        case r.Ending():
            many = f"{period.amount} {period.unit}{'' if period.amount == 1 else 's'}"
            return f"the {many} that end{'s' if period.amount == 1 else ''} with {_term(period.last)}"
        case r.Containing():
            return f"the {period.whole} that {_term(period.day)} is in"
        case _:
            assert_never(period)


def _plain(term: r.Term) -> str:
    """A term after `a` or `no`; what is moved in time is there whenever what it is moved from is."""
    while isinstance(term, r.Shift):
        term = term.term
    if isinstance(term, r.AgeOn):
        return _plain(term.on)
    return term.name if isinstance(term, r.Name) else _term(term)


def _term(term: r.Term, own_field: str = "") -> str:
    match term:
        case r.Name():
            return "the date of the record itself" if term.name == own_field else _KNOWN.get(term.name, term.name)
        case r.Bound():
            return f"the bound {term.name}"
        case r.OwnPart():
            return _OWN[term.part]
        case r.RecordPart():
            return f"{_OWN[term.part].replace('its', 'the')} of {_record(term.record, own_field)}"
        case r.Text():
            return term.value
        case r.AgeOn():
            return f"the age on {_term(term.on, own_field)}"
        case r.Shift():
            many = abs(term.amount)
            units = f"{many} {term.unit}{'' if many == 1 else 's'}"
            return f"{units} {'after' if term.amount > 0 else 'before'} {_term(term.term, own_field)}"
        case r.Constant():
            return constant_text(term)
        case _:
            assert_never(term)
