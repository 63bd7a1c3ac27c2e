"""Bounds by an attribute, as the plan has them: a choice by the latest record of it, else by the patient's column."""

from __future__ import annotations

from decimal import Decimal

from remit.evaluation.engine import nodes as n
from remit.rules import model as r

_SEXES = {word: word[0].upper() for word in r.SEXES}


def bound(table: r.Bounds, visible: n.Condition = n.TRUE) -> n.Choice:
    """The bound of a patient in a table, of the records that are seen."""

    def latest_of(clusters: tuple[str, ...]) -> n.NodePart:
        return n.NodePart(n.Summary("latest", tuple(sorted(set(clusters))), visible))

    cases: list[tuple[n.Condition, int | None]] = []
    if every := table.clusters():
        latest = latest_of(every)
        cases += [
            (n.Compare(latest_of(group.clusters), "=", latest), _millionths(group.bound))
            for group in table.groups
            if group.clusters
        ]
        cases.append((n.IsNull(latest, absent=False), _millionths(table.others)))
    by_sex = table.by == "sex"
    untold = ("unknown", *table.not_stated) if by_sex else ("", *table.not_stated)
    cases.append((_texts(table, untold), _millionths(table.unknown)))
    cases += [(_texts(table, group.texts), _millionths(group.bound)) for group in table.groups if group.texts]
    return n.Choice(tuple(cases), _millionths(table.others))


def _texts(table: r.Bounds, texts: tuple[str, ...]) -> n.OneOf:
    """Whether the patient's column is one of some texts."""
    return n.OneOf(table.by, tuple(_SEXES[text] if table.by == "sex" else text for text in texts))


def _millionths(bound: Decimal | None) -> int | None:
    return None if bound is None else int(bound * n.MICRO)
