"""A scheme as plain data: every number with its exact value, unit, source and standing."""

from __future__ import annotations

from typing import Any

from remit.core.rounding import exact_text
from remit.scheme.kinds import Strict
from remit.scheme.model import Scheme
from remit.scheme.numbers import Number, Path, statements
from remit.scheme.quantity import PER_1000, Quantity, Range, Step


def dump(scheme: Scheme) -> dict[str, Any]:
    """The scheme key by key as in its file, and under `statements` all that has a source and a standing.

    Values are exact decimals in text: rates in per cent, money in pounds; null where a number must be supplied.
    """
    numbers = list(statements(scheme))
    by_path = {one.path: one for one in numbers if one.is_number}
    tree: dict[str, Any] = _plain(scheme, (), by_path)
    tree["statements"] = [
        {
            "of": one.item or None,
            "name": one.name,
            "text": one.text,
            "unit": one.unit,
            "source": one.source or None,
            "standing": one.standing,
            "note": " ".join(one.note.split()),
            "path": list(one.path),
        }
        for one in numbers
    ]
    return tree


def _plain(value: Any, path: Path, known: dict[Path, Number]) -> Any:
    if isinstance(value, Quantity | Step):
        return {**_typed(value), **_provenance(known[path])}
    if isinstance(value, Range):
        return _range(value)
    if isinstance(value, Strict):
        keys = [(field.alias or name, getattr(value, name)) for name, field in type(value).model_fields.items()]
        shown = ((key, part) for key, part in keys if part not in (None, "", (), {}))
        return {key: _plain(part, (*path, key), known) for key, part in shown}
    if isinstance(value, tuple):
        return [_plain(part, (*path, n), known) for n, part in enumerate(value)]
    if isinstance(value, dict):
        return {key: _plain(part, (*path, key), known) for key, part in value.items()}
    if isinstance(value, bool):
        return value
    return " ".join(value.split()) if isinstance(value, str) else str(value)


def _typed(value: Quantity | Step) -> dict[str, Any]:
    if isinstance(value, Step):
        return {
            "text": value.text,
            "operator": ("<=" if value.above else "<") if value.falls else ">" if value.above else ">=",
            "at": {"value": exact_text(value.at * value.per), "unit": "per cent" if value.per == 100 else PER_1000},
            "pays": {"value": exact_text(value.pays, 2), "unit": "pounds"},
        }
    number = value.value
    times = {"per cent": 100, "percentage points": 100, "percentage points or per cent": 100, PER_1000: 1000}.get(
        value.unit, 1
    )
    if number is not None:
        number *= times
    return {"text": value.text, "value": None if number is None else exact_text(number), "unit": value.unit}


def _provenance(number: Number) -> dict[str, Any]:
    note = {"note": " ".join(number.note.split())} if number.note else {}
    return {"source": number.source or None, "standing": number.standing, **note}


def _range(value: Range) -> dict[str, Any]:
    result: dict[str, Any] = {"text": value.text}
    if value.low is not None:
        result[">" if value.low_above else ">="] = {"value": exact_text(value.low * 100), "unit": "per cent"}
    if value.high is not None:
        result["<" if value.high_below else "<="] = {"value": exact_text(value.high * 100), "unit": "per cent"}
    return result
