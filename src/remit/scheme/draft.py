"""A scheme file as a design proposes it: whole, valid, commented, every number of the source `design`, unverified.

It has what a new file by steps has (`scheme/template.py`): the list that is paid by, terms to fill in, and the items.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from textwrap import fill
from typing import Any

import yaml

from remit.core.rounding import exact_text
from remit.scheme.loader import library
from remit.scheme.model import Group, Indicator, Measure, Scheme
from remit.scheme.template import Naming, scalar, terms_text

_FOLLOWS_THE_FILE = ("source", "standing")
"""What a definition that is taken over leaves to the file that it now stands in."""


@dataclass(frozen=True)
class DraftStep:
    """From which rate on a step is paid, what in pounds per weighted head, and why it stands there."""

    at: Fraction
    pays: Fraction
    why: str = ""

    @property
    def text(self) -> str:
        """As a scheme file has it: `from 41% pays 12.5p`."""
        return f"from {exact_text(self.at * 100)}% pays {exact_text(self.pays * 100)}p"


@dataclass(frozen=True)
class DraftItem:
    """An item: its code, its indicator, how it is measured, and its steps, lowest first."""

    code: str
    indicator: str
    measure: Measure
    steps: tuple[DraftStep, ...]
    title: str = ""


@dataclass(frozen=True)
class Draft:
    """What a drafted file says: its names, which list it pays by, what it was drafted from, and the items.

    `groups` and `indicators` are definitions of the base scheme's own, which the library does not have.
    """

    naming: Naming
    column: str
    basis: str
    items: tuple[DraftItem, ...]
    groups: tuple[Group, ...] = ()
    indicators: tuple[Indicator, ...] = ()


def draft_text(draft: Draft) -> str:
    """The file. `remit check` accepts it; its gaps are marked FILL IN."""
    words = draft.naming.words()
    called = "weighted list size" if draft.column == "weighted_list_size" else "registered list size"
    most = sum((item.steps[-1].pays for item in draft.items), Fraction(0))
    head = [
        fill(f"# {words['comment']}: a draft, made by remit design from {draft.basis}.", 118, subsequent_indent="# "),
        "#",
        "# FILL IN marks what is yours to write. `required` stands for a number, a date or a rule that is still open.",
        "# Every number is a proposal: write its own source beside it once it is agreed.",
        "#",
        f"#   remit check {words['file']}",
        f"#   remit show {words['file']}",
        f"scheme: {words['id']}",
        'version: "1"',
        f"title: {words['title']}",
        f"commissioner: {words['commissioner']}",
        f"year: {words['year']} # 1 April to 31 March",
        f"achievement_date: {words['ends']} # the day on which achievement is measured",
        "about: FILL IN what the scheme pays for, in a sentence.",
        "",
        "sources:",
        "  design:",
        f"    title: {scalar(f'Proposed by remit design from {draft.basis}')}",
        "    standing: unverified",
        "  example:",
        "    title: Remit's template; put the contract's own number in its place",
        "    standing: unverified",
        "source: design",
        "",
        "# Pence per patient are pence for each head of this list.",
        "heads:",
        f"  column: {draft.column}",
        f"  called: {called}",
        f"  at: {words['january']} # FILL IN the day on which the list is taken",
        "",
    ]
    body = [*_definitions(draft), "# What is paid, line by line.", "items:"]
    body += [line for item in draft.items for line in _item(item)]
    totals = f"totals:\n  most: £{exact_text(most, 2)} # for each weighted patient, at full achievement\n"
    return "\n".join(head) + terms_text({"heads"}) + "\n" + totals + "\n" + "\n".join(body) + "\n"


def definitions_of(scheme: Scheme, codes: Sequence[str]) -> tuple[tuple[Group, ...], tuple[Indicator, ...]]:
    """The groups and indicators of a scheme that are its own, of those with these codes: others the library has."""
    known = [_bare(one) for one in library().indicators]
    own = [scheme.indicator(code) for code in dict.fromkeys(codes)]
    own = [one for one in own if _bare(one) not in known]
    groups = {one.group: scheme.group(one.group) for one in own}
    kept = {name: group for name, group in groups.items() if _bare(library().groups.get(name)) != _bare(group)}
    return tuple(kept.values()), tuple(own)


def _bare(one: Group | Indicator | None) -> dict[str, Any]:
    """A definition without where it is from."""
    if one is None:
        return {}
    plain: dict[str, Any] = one.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {key: value for key, value in plain.items() if key not in _FOLLOWS_THE_FILE}


def _definitions(draft: Draft) -> Iterator[str]:
    """Who is counted, where the library does not say it."""
    for name, those in (("groups", draft.groups), ("indicators", draft.indicators)):
        if those:
            yield f"{name}:"
            text = yaml.safe_dump([_bare(one) for one in those], sort_keys=False, allow_unicode=True, width=110)
            yield from (f"  {line}" for line in text.splitlines())
            yield ""


def _item(item: DraftItem) -> Iterator[str]:
    yield f"  - item: {scalar(item.code)}"
    yield from ([f"    title: {scalar(item.title)}"] if item.title else [])
    yield f"    indicator: {scalar(item.indicator)}"
    yield f"    measure: {item.measure}"
    yield "    pays:"
    yield "      steps:"
    yield "        steps:"
    for step in item.steps:
        why = f" # {step.why}" if step.why else ""
        yield f"          - {step.text}{why}"
    yield f"        most: {exact_text(item.steps[-1].pays * 100)}p"
