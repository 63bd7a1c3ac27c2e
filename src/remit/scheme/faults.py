"""A file's tree as a typed model; what does not fit it, in the words of the file's author and with its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from remit.core.problems import Place, Problem, Refused, Suggestion, did_you_mean, error, nearest
from remit.scheme import elsewhere, tried
from remit.scheme.agreements import ADVANCE_BRANCHES
from remit.scheme.conditions import BOUNDS, CONDITION_BRANCHES
from remit.scheme.keys import CITED
from remit.scheme.kinds import Strict
from remit.scheme.pays import BRANCHES
from remit.scheme.source import Key, Source

Model = TypeVar("Model", bound=Strict)
_A_SLIP = 0.85
"""`item` for `items`: a letter or two of a key that the part has."""
_HINTED = 200
"""As many as a reader is shown."""


def typed(source: Source, model: type[Model]) -> Model:
    """The model of a file. Raises Refused with everything that does not fit."""
    try:
        return model.model_validate(source.tree)
    except ValidationError as failed:
        raise Refused(_problems(failed, source, model)) from None


def _problems(failed: ValidationError, source: Source, model: type[BaseModel]) -> list[Problem]:
    """Pydantic's errors in the words of the file's author, in the order of the file."""
    problems: dict[tuple[Place, str], Problem] = {}
    unknown: dict[Place, tuple[str, Key]] = {}  # how a key was meant takes long to find, and few of many are shown
    for detail in failed.errors():
        path = _path_in_file(source, detail["loc"])
        if path is None or _short_of_sound_parts(detail, source, path):
            continue  # no branch that the file took; a list that is only too short because its parts are wrong
        kind, name = detail["type"], str(detail["loc"][-1]) if detail["loc"] else ""
        if kind == "extra_forbidden" and "when: " in detail["loc"] and name in BOUNDS:
            continue  # of a condition that the file does not name, its bounds are sound
        if kind == "extra_forbidden":
            place = source.key_place(path)
            problem = error("scheme.unknown-key", f"unknown key '{name}'.", place, key=name)
            unknown[place] = name, path
        elif kind == "missing":
            place = source.place(path)
            problem = error("scheme.missing-key", f"the key '{name}' is missing.", place, key=name)
        else:
            place = source.place(path)
            problem = error("scheme.value-unfit", f"{named(source, path)}: {_message(detail)}.", place, key=path)
        problems.setdefault((problem.place or place, problem.message), problem)
    ordered = sorted(problems.values(), key=lambda p: (p.place.line, p.place.column) if p.place else (0, 0))
    for n, problem in enumerate(ordered[:_HINTED]):
        if problem.code == "scheme.unknown-key" and problem.place in unknown:
            name, path = unknown[problem.place]
            hint = _meant(name, _keys(model, path[:-1]))
            ordered[n] = error("scheme.unknown-key", problem.message, problem.place, hint, key=name)
    return ordered


def _meant(name: str, here: list[str]) -> str:
    """What an unknown key may have been meant for: the word of a contract, a slip, a key of another part."""
    if "when" in here and tried.is_condition(name):
        return Suggestion("Did you mean when?", ("when",))
    if name in tried.TRIED:
        return tried.hint(name) or ""
    near = did_you_mean(name, here)
    slips = (difflib.SequenceMatcher(None, one, name.casefold()).ratio() >= _A_SLIP for one in here)
    return near if any(slips) else elsewhere.hint(name) or near


def named(source: Source, path: Key) -> str:
    """A path as its author would say it: `item 1a, measure`."""
    if len(path) > 1 and path[0] == "items" and isinstance(path[1], int):
        item = source.tree["items"][path[1]]
        code = item.get("item") if isinstance(item, dict) else None
        path = (f"item {code or path[1] + 1}", *path[2:])
    parts = [f"{part + 1}" if isinstance(part, int) else part for part in path]
    return ", ".join([parts[0], " ".join(parts[1:])]).rstrip(", ") if parts else "the file"


def _short_of_sound_parts(detail: Any, source: Source, path: Key) -> bool:
    """Whether a list has enough parts in the file, and too few only because some are wrong."""
    if detail["type"] != "too_short":
        return False
    value = _value_at(source, path)
    return isinstance(value, list | dict) and len(value) >= int(detail["ctx"]["min_length"])


def _value_at(source: Source, path: Key) -> Any:
    value: Any = source.tree
    for part in path:
        value = value[part]
    return value


def _message(detail: Any) -> str:
    if detail["type"] == "too_short":
        least = detail["ctx"]["min_length"]
        return f"expected at least {'one' if least == 1 else least}"
    message = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "literal_error":
        names = [one or other for one, other in re.findall(r"\"([^\"]*)\"|'([^']*)'", str(detail["ctx"]["expected"]))]
        near = nearest(str(detail["input"]), names, most=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return f"'{detail['input']}' is none of {', '.join(names)}{hint}"
    if detail["type"] == "string_pattern_mismatch":
        column = "[a-z][a-z0-9_]*" in str(detail["ctx"]["pattern"])
        form = "small letters, digits and _" if column else "letters, digits and hyphens"
        return f"'{detail['input']}' has a form that a name here cannot have ({form})"
    if detail["type"] == "tuple_type" and not isinstance(detail["input"], dict):
        return f"expected a list, such as [{detail['input']}]"
    if detail["type"] == "tuple_type":
        return "expected a list: begin each entry with '- '"
    if detail["type"].endswith("_type") or detail["type"] in ("model_type", "dict_type"):
        wanted = {"string_type": "text", "dict_type": "keys and values"}
        return f"expected {wanted.get(detail['type'], 'keys and values')}"
    return message[:1].lower() + message[1:].rstrip(".")


def _path_in_file(source: Source, loc: Iterable[int | str]) -> Key | None:
    """The error's path without the names that pydantic gives to the branches of a union.

    None where the error belongs to a branch that the file did not take.
    """
    path: Key = ()
    here: Any = source.tree
    for part in loc:
        if part in BRANCHES or part in CONDITION_BRANCHES or part in ADVANCE_BRANCHES:
            continue
        if isinstance(part, str) and part.startswith(("constrained-", "tuple[")) and not isinstance(here, list | str):
            continue
        if isinstance(here, dict) and isinstance(part, str):
            path = (*path, part)
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int):
            path = (*path, part)
            here = here[part] if part < len(here) else None
        elif isinstance(part, str) and here is not None and part.startswith("tuple") != isinstance(here, list):
            return None
    return path


def _keys(model: type[BaseModel], path: Key) -> list[str]:
    """The keys that a part of the file may have."""
    here = [model]
    for part in path:
        fields = [f for each in here for name, f in each.model_fields.items() if part in (name, f.alias)]
        inner = [below for field in fields for below in _models_in(field.annotation)]
        if fields and not inner:
            return []
        here = inner or here
    keys = dict.fromkeys(field.alias or name for each in here for name, field in each.model_fields.items())
    return sorted(keys, key=CITED.__contains__)  # what is the part's own before what any part may have


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]
