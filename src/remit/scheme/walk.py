"""Every part and every leaf of a scheme, with the path at which a file has it."""

from __future__ import annotations

from collections.abc import Iterator

from remit.scheme.kinds import Strict


def walk(part: Strict, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Every leaf of a model with its path, in the order of the file's keys."""
    for name in type(part).model_fields:
        field = type(part).model_fields[name]
        yield from _walk_value(getattr(part, name), (*path, field.alias or name))


def _walk_value(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], object]]:
    if isinstance(value, Strict):
        yield path, value
        yield from walk(value, path)
    elif isinstance(value, tuple):
        for n, part in enumerate(value):
            yield from _walk_value(part, (*path, n))
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _walk_value(part, (*path, key))
    elif value is not None:
        yield path, value
