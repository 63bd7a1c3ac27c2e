"""The form of scheme, indicator and reform files as JSON Schema (draft 2020-12), by which editors complete and check.

It is made from the models, so it cannot fall behind them. It knows each key and value by itself; what must hold
between them (references, order, sums) is the loader's, and `remit check` tells.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel

from remit.scheme import agreements, area_keys, clauses, conditions, kinds, model, totals
from remit.scheme.conditions import NoCondition
from remit.scheme.keys import about
from remit.scheme.kinds import activity, change_over, fixed, higher_of, quality_improvement
from remit.scheme.model import IndicatorFile, Scheme
from remit.scheme.pays import PAYS, NoKindNamed
from remit.scheme.reform_model import ReformFile

Which = Literal["scheme", "indicators", "reform"]
Node = dict[str, Any]

_MARK = r"( \[[a-z0-9][a-z0-9-]*\])?"
_MONEY = r"(£([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,12})(\.[0-9]{1,6})?K?|[0-9]{1,6}(\.[0-9]{1,4})?p)"
_PERCENT = r"[0-9]{1,3}(\.[0-9]{1,6})? ?%"
_NUMBER = r"[0-9]{1,15}(\.[0-9]{1,12})?"
_POINTS_UP = r"[0-9]{1,3}(\.[0-9]{1,6})? (percentage )?points?"
_PER_1000 = r"[0-9]{1,3}(,?[0-9]{3})*(\.[0-9]{1,6})? ?per 1,?000"
_LEVEL = f"({_PERCENT}|{_PER_1000})"
_UNITS = {"pounds": _MONEY, "per cent": _PERCENT, "percentage points": _POINTS_UP, "rate": _LEVEL}
_UNITS["amount"] = f"({_MONEY}|{_NUMBER})"
_UNITS["percentage points or per cent"] = f"({_POINTS_UP}|{_PERCENT})"
_NAMES = {
    "pounds": "Money",
    "per cent": "Percent",
    "percentage points": "PercentagePoints",
    "rate": "Rate",
    "percentage points or per cent": "Difference",
    "amount": "Amount",
    "points": "Points",
    "patients": "Patients",
    "number": "Count",
}
_PHRASES = {
    "above 0.5% pays 8p": rf"^(above|from|below|up to) {_LEVEL} pays {_MONEY}{_MARK}$",
    "from 0.5% below 0.75%": rf"^((above|from) {_PERCENT})?( ?(below|to) {_PERCENT})?$",
    "2025-03-31": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "2 places, half up": r"^(none|[0-9]{1,2} places?, (half up|half even|down|up))$",
}
_EXAMPLES = {
    ("Scheme", "scheme"): "my-scheme-2024-25",
    ("Scheme", "commissioner"): "Exampleshire ICB",
    ("Item", "item"): "1a",
    ("Item", "weights"): ["list", "prevalence"],
    ("Item", "words"): ">40% achieved 10p, >60% achieved 25p",
    ("ListBasis", "called"): "normalised weighted list size",
    ("Changes", "joiner"): "whole months",
    ("Recovery", "notified"): "notified",
    ("Recovery", "first"): "2026-08-31",
    ("Balance", "due"): "2025-06-30",
    ("Balance", "reviewed"): "evidence_reviewed",
}

_ROOTS: dict[Which, type[BaseModel]] = {"scheme": Scheme, "indicators": IndicatorFile, "reform": ReformFile}


def schema(which: Which) -> Node:
    """The JSON Schema of scheme files, of indicator files, or of reform files."""
    root = _ROOTS[which]
    root_schema = _clean(root.model_json_schema(by_alias=True))
    named = root_schema.pop("$defs")
    named[root.__name__] = {key: root_schema.pop(key) for key in list(root_schema)}
    if which == "scheme":
        _join_kinds(named)
        _named_conditions(named)
    units: Node = {}
    for name, definition in named.items():
        _describe(name, definition, units)
    top = named.pop(root.__name__)
    if which == "reform":
        _short_forms(top, named)
    if which == "scheme":
        needed = top.pop("required")
        top["required"] = ["scheme", "version", "title"]
        top["if"] = {"not": {"required": ["extends"]}}
        top["then"] = {
            "required": [name for name in needed if name not in top["required"]],
            "properties": {key: _whole(top["properties"][key], named) for key in ("weights", "terms")},
        }
        top["properties"]["heads"]["required"] = named["ListBasis"]["required"]
        _loosen(top["then"]["properties"], top["properties"], named)
        _advances(top["then"]["properties"]["terms"]["properties"], named)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A Remit {'indicator' if which == 'indicators' else which} file",
    }
    return {**head, **top, "$defs": dict(sorted({**named, **units}.items()))}


def schema_text(which: Which) -> str:
    """As `schema`, as text."""
    return json.dumps(schema(which), indent=2, ensure_ascii=False) + "\n"


def models() -> Iterator[tuple[str, type[BaseModel]]]:
    """Every model of the two kinds of file, by name."""
    known: dict[str, type[BaseModel]] = {}
    several = (activity, change_over, fixed, higher_of, quality_improvement, clauses, conditions, totals)
    for module in (model, agreements, area_keys, kinds, *several):
        for name, part in vars(module).items():
            if isinstance(part, type) and issubclass(part, BaseModel) and part.model_fields:
                known.setdefault(name, part)
    yield from known.items()


def _whole(node: Node, named: Node) -> Node:
    """What must be given in a part and the parts below it, of a file that is not laid over another."""
    node_ = named.get(node["$ref"].rpartition("/")[2], {})  # none is the form of a number
    below = {key: _whole(part, named) for key, part in node_.get("properties", {}).items() if "$ref" in part}
    below = {key: part for key, part in below.items() if part}
    return {
        **({"required": node_["required"]} if "required" in node_ else {}),
        **({"properties": below} if below else {}),
    }


def _join_kinds(named: Node) -> None:
    """Put the branches of the payment kinds together, as an editor completes them best: one part with one key."""
    schemas = {name: named.pop(branch.__name__) for name, branch in PAYS.items()}
    named.pop(NoKindNamed.__name__)
    named["Pays"] = {
        "additionalProperties": False,
        "description": "How an item pays: exactly one payment kind.",
        "properties": {
            name: {**branch["properties"][name], "description": branch["description"].rstrip(".")}
            for name, branch in schemas.items()
        },
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
    }
    named["Item"]["properties"]["pays"] = {"$ref": "#/$defs/Pays"}


def _named_conditions(named: Node) -> None:
    """Leave out of every condition what names none: it is there to refuse keys one by one. One reduction may stand
    without a list around it."""
    several = named["Item"]["properties"]["reduced"]
    one = {"$ref": several["items"]["$ref"]}
    named["Item"]["properties"]["reduced"] = {
        "anyOf": [one, {"type": "array", "items": one}], "description": several["description"]
    }  # fmt: skip
    none = {"$ref": f"#/$defs/{NoCondition.__name__}"}
    named.pop(NoCondition.__name__)
    waiting: list[Any] = [named]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if none in node.get("oneOf", ()):
                node["oneOf"] = [branch for branch in node["oneOf"] if branch != none]
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _short_forms(top: Node, named: Node) -> None:
    """Let funding be the rule alone, and the counts of parts be said in a word."""
    rule = {"enum": named["Funding"]["properties"]["rule"]["enum"]}
    top["properties"]["funding"] = {**top["properties"]["funding"], "anyOf": [rule, {"$ref": "#/$defs/Funding"}]}
    top["properties"]["funding"].pop("$ref")
    counts = named["Stratification"]["properties"]["counts"]
    counts["anyOf"] = [{"enum": ["supplied", "records"]}, {"$ref": counts.pop("$ref")}]
    named["CountsOf"].pop("required")


def _loosen(whole: Node, properties: Node, named: Node) -> None:
    """Let these parts be given in part: weights and terms are laid over those of another file key by key."""
    for key, part in whole.items():
        node_ = named[properties[key]["$ref"].rpartition("/")[2]]
        node_.pop("required", None)
        _loosen(part.get("properties", {}), node_["properties"], named)


def _advances(whole: Node, named: Node) -> None:
    """Let one advance be given in part, as other terms; one of a whole file, and each of a list, has every key."""
    needed = named["PaidInAdvance"].pop("required")
    whole["paid_in_advance"] = {"required": needed}  # which says nothing of a list
    one, several = named["Terms"]["properties"]["paid_in_advance"].pop("oneOf")
    named["Terms"]["properties"]["paid_in_advance"] |= {
        "if": {"type": "array"},
        "then": {**several, "items": {**several["items"], "required": needed}, "minItems": 1},
        "else": one,
    }


def _clean(node: Any) -> Any:
    """The schema without what only pydantic needs: titles, nulls, defaults that are no text."""
    if isinstance(node, list):
        return [_clean(part) for part in node]
    if not isinstance(node, dict):
        return node
    cleaned = {
        key: {name: _clean(part) for name, part in value.items()} if key in ("properties", "$defs") else _clean(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str))
        and not (key == "default" and (not isinstance(value, str) or not value))
    }
    if "anyOf" in cleaned:
        branches = [branch for branch in cleaned["anyOf"] if branch != {"type": "null"}]
        cleaned.pop("anyOf")
        return {**branches[0], **cleaned} if len(branches) == 1 else {"anyOf": branches, **cleaned}
    if "patternProperties" in cleaned:
        cleaned["additionalProperties"] = False
    if cleaned.get("type") == "boolean":
        cleaned.pop("type")
        cleaned["enum"] = [True, False, "true", "false"]
    if cleaned.get("type") == "string" and "enum" not in cleaned and "const" not in cleaned:
        _text(cleaned)
    return cleaned


def _text(node: Node) -> None:
    """A text as YAML has it: written without quotes, 3 and 2024 are numbers to an editor, and text to the loader."""
    example = (node.get("examples") or [""])[0]
    if example in _PHRASES:
        node["pattern"] = _PHRASES[example]
    else:
        node["type"] = ["string", "number"]


def _describe(name: str, definition: Node, units: Node) -> None:
    """Say what each key means, and put the forms of a number in one place."""
    for key, node in definition.get("properties", {}).items():
        definition["properties"][key] = node = _hoisted(node, units)
        if "description" not in node:
            node["description"] = about(name, key).replace("`", "")
        if (name, key) in _EXAMPLES:
            node["examples"] = [_EXAMPLES[name, key]]
    if "description" in definition:
        definition["description"] = definition["description"].replace("`", "").split("\n\n")[0].replace("\n", " ")


def _hoisted(node: Any, units: Node) -> Any:
    """The node with each sourced number replaced by a reference to the form of its unit."""
    if isinstance(node, list):
        return [_hoisted(part, units) for part in node]
    if not isinstance(node, dict):
        return node
    number = _number(node.get("anyOf"))
    if number is None:
        return {key: _hoisted(value, units) for key, value in node.items()}
    unit, form = number
    units.setdefault(_NAMES[unit], form)
    words = {"description": node["description"]} if "description" in node else {}
    return {"$ref": f"#/$defs/{_NAMES[unit]}", **words}


def _number(branches: Any) -> tuple[str, Node] | None:
    """The unit and the form of a sourced number, if the branches are those of one."""
    if not branches or "value" not in branches[-1].get("properties", {}):
        return None
    short, long_form = branches
    unit, _, example = short["description"].partition(", such as ")
    text = {
        "type": "string" if unit in _UNITS else ["string", "number"],
        "pattern": f"^(required|{_UNITS.get(unit, _NUMBER)}){_MARK}$",
        "examples": [example, f"{example} [a-source]", "required"],
    }
    properties = {
        **long_form["properties"],
        "value": text,
        "source": {"type": "string", "description": "The key of its source"},
        "standing": {**long_form["properties"]["standing"], "description": "Whether it was seen in the source"},
        "note": {"type": "string", "description": "What a reader should know of this number"},
    }
    about_it = {"number": "A number", "rate": "A rate in per cent, or per 1,000"}.get(unit, f"A number in {unit}")
    return unit, {
        "description": f"{about_it}, such as {example}",
        "anyOf": [text, {**long_form, "properties": properties}],
    }
