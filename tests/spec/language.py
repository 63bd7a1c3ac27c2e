"""A scheme around the part that a test is about."""

from __future__ import annotations

import textwrap
from fractions import Fraction

import pytest

from remit.core import exact
from remit.core.problems import Refused
from remit.scheme import Scheme
from remit.scheme.kinds import Kind
from remit.scheme.loader import build
from remit.scheme.source import parse_source

HEAD = """
scheme: a-scheme
version: "1"
title: A scheme
commissioner: An ICB
year: 2024-25
achievement_date: 2025-03-31
sources:
  paper: {title: The paper, standing: verified}
  memory: {title: From memory, standing: unverified}
"""
SOURCE = "source: paper"
MONEY = """
heads: {column: weighted_list_size, called: weighted list, at: 2024-01-01}
point: {value: £200}
"""
TERMS = """
terms:
  paid_in_advance: {share: 80%, of: previous achievement or agreed points, instalments: 12, due: last day of each month}
  balance: {due: 2025-07-31}
  recovery: {months: 6, notified: 2025-05-31}
  changes: {joiner: days, leaver: days, merger: successor}
"""
ITEMS = """
items:
  - {item: A, indicator: CHD005, measure: achievement, pays: {linear: {points: 10, lower: 40%, upper: 90%}}}
"""


def scheme(*parts: str, source: str = SOURCE, terms: str = TERMS, items: str = ITEMS) -> Scheme:
    """A scheme of the usual parts, and those given. Raises Refused."""
    given = [HEAD, source, MONEY, terms, items, *(textwrap.dedent(part) for part in parts)]
    return build(parse_source("\n".join(given), "a-scheme.yaml"))


def item(pays: str, measure: str = "achievement", indicator: str = "CHD005", more: str = "") -> str:
    """One item that pays so."""
    return f"items:\n  - {{item: A, indicator: {indicator}, measure: {measure}, pays: {pays}{more}}}"


def kind(pays: str, measure: str = "achievement", indicator: str = "CHD005") -> Kind:
    """The payment kind of a scheme's only item."""
    return scheme(items=item(pays, measure, indicator)).items[0].kind


def earned(pays: Kind, rate: str, gate: str | None = None) -> Fraction:
    """What is earned at a rate in per cent."""
    return pays.earned(exact.percent(rate), exact.percent(gate) if gate else None)


def refused(*parts: str, **sections: str) -> list[str]:
    """The errors of a scheme that cannot be loaded, with their places."""
    with pytest.raises(Refused) as caught:
        scheme(*parts, **sections)
    return [str(problem) for problem in caught.value.problems]
