"""Checks of the tables of bounds of a rule file. Each fault is reported once, at its place."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from remit.core.problems import Collector
from remit.rules import model as r
from remit.rules.rule_files import NUMBER, BoundsText, RuleFile
from remit.scheme.source import Key as Path_
from remit.scheme.source import Source

Add = Callable[[str, Path_, str], None]


def bounds_of(source: Source, file: RuleFile, problems: Collector) -> dict[str, r.Bounds]:
    """The tables of bounds of a file, by their names; groups of clusters are written out."""

    def add(code: str, path: Path_, message: str) -> None:
        problems.add(code, message, source.place(path))

    return {name: _bounds(name, text, file, add) for name, text in file.bounds.items()}


def _bounds(name: str, text: BoundsText, file: RuleFile, add: Add) -> r.Bounds:
    path: Path_ = ("bounds", name)

    def clusters(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part for one in names for part in file.cluster_groups.get(one, (one,))))

    def number(key: Path_, cell: str | None) -> Decimal | None:
        if cell is None:
            return None
        if NUMBER.fullmatch(cell):
            return Decimal(cell)
        message = f"bound {name}: expected a number of at most 12 digits and 6 decimals, found '{cell[:30]}'."
        add("rules.bound-no-number", (*path, *key), message)
        return Decimal(0)

    groups = []
    group_of: dict[str, int] = dict.fromkeys(text.not_stated, -1)
    for n, group in enumerate(text.groups):
        if not group.clusters and not group.texts:
            message = f"bound {name}: a group has clusters, texts or both; this one has neither."
            add("rules.bound-group-empty", (*path, "groups", n), message)
        for one in (*clusters(group.clusters), *group.texts):
            if group_of.setdefault(one, n) != n:
                message = f"bound {name}: '{one}' is in two groups, or not stated and in a group."
                add("rules.bound-group-twice", (*path, "groups", n), message)
        groups.append(
            r.Group(number(("groups", n, "is"), group.is_) or Decimal(0), clusters(group.clusters), group.texts)
        )
    if any(group.clusters for group in groups) and not text.latest:
        message = (
            f"bound {name}: 'latest' names the clusters of all records of the {text.by}: without them a later record "
            "of another group would not be seen."
        )
        add("rules.bound-latest-missing", path, message)
    if text.by == "sex":
        for one in (*text.not_stated, *(one for group in groups for one in group.texts)):
            if one not in r.SEXES:
                message = f"bound {name}: a sex is {', '.join(r.SEXES)}; found '{one}'."
                add("rules.bound-no-sex", path, message)
    return r.Bounds(
        text.by, tuple(groups), clusters(text.latest), number(("others",), text.others),
        number(("unknown",), text.unknown), text.not_stated,
    )  # fmt: skip
