"""What in a scheme is not verified, gathered for a reader: by standing, then by source, with why; and what is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from remit.scheme.model import WHOLE_LIST, Scheme
from remit.scheme.numbers import Number, statements
from remit.scheme.quantity import Standing

_FEW = 8


@dataclass(frozen=True)
class Doubt:
    """What rests on one source and is not verified. `title` is the source's, and says why."""

    standing: Standing
    source: str
    title: str
    statements: tuple[Number, ...]

    @property
    def numbers(self) -> int:
        return sum(statement.is_number for statement in self.statements)

    def labels(self) -> list[str]:
        """The statements in short: `AF007 40% to 70%`, `the weights of AF001 and AF006: list and prevalence`."""
        return labels(self.statements)

    def notes(self) -> list[tuple[str, str]]:
        """Each note once, with what it is about."""
        return notes(self.statements)


def doubts(scheme: Scheme) -> list[Doubt]:
    """All that is not verified: the unverified first, then the inferred, by source in the order of the file."""
    groups: dict[tuple[Standing, str], list[Number]] = {}
    for statement in statements(scheme):
        if statement.standing != "verified" and not statement.required:
            groups.setdefault((statement.standing, statement.source), []).append(statement)
    order = ("unverified", "inferred")
    return [
        Doubt(standing, source, _title(scheme, source), tuple(some))
        for (standing, source), some in sorted(groups.items(), key=lambda pair: order.index(pair[0][0]))
    ]


def remarks(scheme: Scheme) -> list[tuple[str, str]]:
    """What the file remarks on verified parts: mostly what the source leaves open."""
    return notes(s for s in statements(scheme) if s.standing == "verified" and s.unit in ("part", "definition"))


def required(scheme: Scheme) -> list[Number]:
    """The numbers that no source gives."""
    return [statement for statement in statements(scheme) if statement.required]


def notes(some: Iterable[Number]) -> list[tuple[str, str]]:
    """Each note once: what it is about, and what it says. The first statement that has it names it, with a count."""
    about: dict[str, list[str]] = {}
    for statement in some:
        if statement.note:
            about.setdefault(statement.note, []).append(_whose(statement) or statement.label)
    return [(_codes(list(dict.fromkeys(names))), note) for note, names in about.items()]


def labels(some: Iterable[Number]) -> list[str]:
    """Statements in short, those of an item together; parts that only carry a note are left to `notes`."""
    lines: list[str] = []
    by_item: dict[str, list[Number]] = {}
    kinds: dict[tuple[str, str], list[str]] = {}
    rounded: dict[str, str] = {}
    for statement in some:
        if statement.unit == "weights":
            kinds.setdefault(("the weights", statement.text), []).append(statement.item)
        elif statement.unit == "definition":
            kind, _, code = statement.item.partition(" ")
            what = "the definition" if kind == "indicator" else "the list of patients"
            limited = kind == "group" and statement.text != WHOLE_LIST
            kinds.setdefault((what, ""), []).append(f"{code} ({statement.text})" if limited else code)
        elif statement.path[:1] == ("items",) and statement.is_number:
            by_item.setdefault(_whose(statement), []).append(statement)
        elif statement.unit == "rounding":
            rounded[statement.name.removeprefix("rounding ")] = statement.text
        elif statement.text:
            lines.append(f"{f'{_whose(statement)} {statement.name}'.strip()}: {statement.text}")
    if rounded:
        steps = [f"{name} to {text}" for name, text in rounded.items() if text != "none"]
        exact = [name for name, text in rounded.items() if text == "none"]
        lines.append(f"rounding: {'; '.join([*steps, *([f'{_codes(exact)} stay exact'] if exact else [])])}")
    pointed = [item for item, parts in by_item.items() if all(part.name.endswith(" points") for part in parts)]
    if len(pointed) > _FEW:
        kinds["the points", ""] = pointed
        by_item = {item: parts for item, parts in by_item.items() if item not in pointed}
    lines += [f"{item} {_short(parts)}" for item, parts in by_item.items()]
    for (what, text), codes in kinds.items():
        plural = "s" if len(codes) > 1 and what == "the definition" else ""
        lines.append(f"{what}{plural} of {_codes(codes)}{f': {text}' if text else ''}")
    return lines


def _whose(statement: Number) -> str:
    """Whose a statement is: `AF007`, and `item 4` where the code alone says little."""
    short = statement.path[:1] == ("items",) and len(statement.item) < 4
    return f"item {statement.item}" if short else statement.item


def _short(parts: list[Number]) -> str:
    """The numbers of one item: `40% to 90%` for its two thresholds, `6 points`."""
    names = {part.name.removeprefix(f"{part.path[3]} ") if len(part.path) > 3 else part.name: part for part in parts}
    shown = []
    if {"lower", "upper"} <= names.keys():
        shown.append(f"{names.pop('lower').text} to {names.pop('upper').text}")
    for name, part in names.items():
        points = "1 point" if part.text == "1" else f"{part.text} points"
        shown.append(points if name == "points" else f"{name} {part.text}")
    return ", ".join(shown)


def _codes(codes: list[str]) -> str:
    if len(codes) > _FEW:
        return f"{codes[0]}, {codes[1]} and {len(codes) - 2} others"
    return f"{', '.join(codes[:-1])} and {codes[-1]}" if len(codes) > 1 else "".join(codes)


def _title(scheme: Scheme, source: str) -> str:
    document = scheme.sources.get(source)
    if document is None:
        return source or "The file does not say; Remit's default"
    return " ".join(document.title.split())
