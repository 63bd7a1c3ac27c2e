"""An item that becomes several, one for each part of its patients; and the floor under a practice's income.

Both are ordinary parts of an overlay: new items with indicators of their own, and an item that pays what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from remit.core.problems import Problem, Refused, did_you_mean, error
from remit.core.rounding import exact_text
from remit.core.words import listed
from remit.scheme.changes import PROPOSED, PROPOSED_SOURCES
from remit.scheme.loader import plain_tree
from remit.scheme.model import Scheme
from remit.scheme.parameters import Parameter
from remit.scheme.quantity import Step, StepPhrase
from remit.scheme.reform_model import ReformFile, Stratification, StratifiedPart
from remit.scheme.retirement import faults
from remit.scheme.source import Key, Source

PROTECTION = "PROTECTION"
"""The code of the item that pays what is missing to the floor."""

_OF_THE_WHOLE = ("spellings", "source", "standing", "note")
_NOT_OF_A_PART = ("replaces", "words", "note", "context", "label_points", "standing", "baseline")


def stratified(source: Source, file: ReformFile, scheme: Scheme) -> dict[str, Any] | None:
    """The overlay that puts the parts of each stratified item in its place. Raises Refused with what does not fit."""
    if not file.stratify:
        return None
    problems: list[Problem] = []
    known = {item.item for item in scheme.items}
    plain = plain_tree(scheme)
    items: list[dict[str, Any]] = []
    indicators: list[dict[str, Any]] = []
    for code, one in file.stratify.items():
        problems_ = _unfit(source, code, one, scheme, known)
        if problems_:
            problems += problems_
            continue
        whole = next(item for item in plain["items"] if item["item"] == code)
        counted = next(each for each in plain["indicators"] if each["indicator"] == whole["indicator"])
        for part_code, part in one.into.items():
            title = part.title or f"{scheme.item(code).title}: {listed(part.of)}"
            own = {key: value for key, value in counted.items() if key not in _OF_THE_WHOLE}
            words = f"Patients of {code} by {one.by}: {listed(part.of)}"
            own |= {"indicator": part_code, "title": title, "wording": words, "source": PROPOSED}
            indicators.append(own)
            items.append(_part(whole, part_code, title, part))
    if problems:
        raise Refused(problems)
    gone = {"removed": list(file.stratify), "totals": {}}
    return {"sources": PROPOSED_SOURCES, **gone, "indicators": indicators, "items": items}


def _part(whole: Mapping[str, Any], code: str, title: str, part: StratifiedPart) -> dict[str, Any]:
    """One part as an item: the whole item, with what the part pays laid over what it pays."""
    item = {key: deepcopy(value) for key, value in whole.items() if key not in _NOT_OF_A_PART}
    pays: dict[str, Any] = dict(part.pays)
    for kind, keys in pays.items():
        own = item["pays"].get(kind)
        if isinstance(own, dict) and isinstance(keys, dict):
            pays[kind] = {**own, **_most(kind, keys), **keys}
    return {**item, "item": code, "title": title, "indicator": code, "pays": pays, "source": PROPOSED}


@cache
def _step() -> TypeAdapter[Step]:
    return TypeAdapter(StepPhrase)


def _most(kind: str, keys: Mapping[str, Any]) -> dict[str, str]:
    """The most that a part's own steps pay, in place of the whole item's; nothing where they cannot be read, which is
    said when the item is built."""
    steps = [*(keys.get("steps") or ()), *(s for table in keys.get("tables") or () for s in table.get("steps") or ())]
    try:
        highest = max((_step().validate_python(step).pays for step in steps), default=None) if kind == "steps" else None
    except ValidationError:
        return {}
    return {} if highest is None else {"most": f"{exact_text(highest * 100)}p"}


def _unfit(source: Source, code: str, one: Stratification, scheme: Scheme, known: set[str]) -> list[Problem]:
    """Why an item cannot become these parts."""
    path: Key = ("stratify", code)
    place = source.key_place(path)
    if code not in known:
        what = f"there is no item '{code}' in {scheme.scheme}."
        return [error("scheme.item-unknown", what, place, did_you_mean(code, known), name=code)]
    item = scheme.item(code)
    found = []
    if item.measure != "achievement" or not isinstance(item.indicator, str):
        what = f"{code} counts no patients of one indicator who achieve it: it cannot be stratified."
        hint = "Name an item that is measured by achievement."
        found.append(error("scheme.stratify-unfit", what, place, hint, item=code))
    resting = faults(scheme, Parameter(type="items", about=""), code)
    hint = "Stratify that item too, or leave this one whole."
    found += [error("scheme.stratify-unfit", message, place, hint, item=code) for message, _ in resting]
    values: dict[str, str] = {}
    for part_code, part in one.into.items():
        where = source.key_place((*path, "into", part_code))
        if part_code in known:
            what = f"the part {part_code} has the code of an item that is there."
            found.append(error("scheme.stratify-unfit", what, where, "Give it another code.", item=part_code))
        for value in part.of:
            if value in values:
                what = f"'{value}' is in {values[value]} and in {part_code}: a patient would count twice."
                found.append(error("scheme.stratify-unfit", what, where, "Leave it in one part.", item=part_code))
            values.setdefault(value, part_code)
    return found + _unfit_split(source, code, one)


def _unfit_split(source: Source, code: str, one: Stratification) -> list[Problem]:
    """Why a stated split does not give the parts' counts."""
    if one.counts is None or one.counts.split is None:
        return []
    place = source.place(("stratify", code, "counts"))
    parts = one.counts.split.parts
    found = []
    if set(parts) != set(one.into):
        what = f"the split of {code} is among {listed(tuple(parts))}, and its parts are {listed(tuple(one.into))}."
        found.append(error("scheme.stratify-unfit", what, place, "Name each part once.", item=code))
    if any(part.share.required for part in parts.values()):
        what = f"the split of {code} leaves a share open."
        found.append(error("scheme.stratify-unfit", what, place, "Give each part its share.", item=code))
    elif sum(part.share.known() for part in parts.values()) != 1:
        total = float(sum(part.share.known() for part in parts.values()) * 100)
        what = f"the shares of {code}'s parts add up to {total:g}%, not to 100%."
        found.append(error("scheme.stratify-unfit", what, place, "Correct a share.", item=code))
    return found


def protection(source: Source, file: ReformFile, scheme: Scheme) -> dict[str, Any] | None:
    """The overlay that adds the item which makes a practice's pounds up to the floor."""
    protect = file.protect
    if protect is None:
        return None
    floor = protect.floor
    if isinstance(floor, dict):
        year = str(scheme.year)
        if year not in floor:
            what = f"the floor is given for {listed(tuple(floor))}, and the scheme is of {year}."
            place = source.place(("protect", "floor"))
            raise Refused([error("scheme.protect-unfit", what, place, f"Give the floor of {year}.", year=year)])
        floor = floor[year]
    if any(item.item == PROTECTION for item in scheme.items):
        what = f"the scheme has an item {PROTECTION} already."
        place = source.key_place(("protect",))
        raise Refused([error("scheme.protect-unfit", what, place, "Change that item under 'change'.")])
    pays = {"income_protection": {"floor": floor.text, "of": protect.of, "year": str(protect.year or scheme.year)}}
    title = f"Income protection: {floor.text} of {protect.of}"
    item = {"item": PROTECTION, "title": title, "pays": pays, "source": PROPOSED}
    return {"sources": PROPOSED_SOURCES, "totals": {}, "items": [item]}
