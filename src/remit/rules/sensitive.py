"""Which indicators reveal something sensitive about a patient: deaths, ReSPECT, DNACPR, learning disability.

Whatever names patients (worklist, explanation, list of patients) leaves these out unless they are asked for. What is
sensitive is in `library/sensitive.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from pathlib import Path

from remit.core.problems import refuse
from remit.rules import model as r
from remit.rules.definitions import Definitions, registers_of
from remit.scheme.faults import typed
from remit.scheme.kinds.base import Strict
from remit.scheme.model import Item, Scheme
from remit.scheme.source import read_source


class Sensitive(Strict):
    """What is sensitive, each with what it is about; and the flags of a patient's records that are."""

    populations: dict[str, str]
    groups: dict[str, str]
    clusters: dict[str, str]
    titles: dict[str, str]
    flags: tuple[str, ...]


@lru_cache(maxsize=1)
def sensitive() -> Sensitive:
    """What ships. Raises Refused where the file is broken."""
    return typed(read_source(Path(str(resources.files("remit") / "library" / "sensitive.yaml"))), Sensitive)


def why_sensitive(definition: r.Definition, known: Definitions) -> str:
    """The sensitive matter that an indicator or register reveals about a patient, in words; '' where there is none."""
    what = sensitive()
    about = what.populations.get(known.root(definition)) or what.groups.get(definition.group)
    if about:
        return about
    below = known.resting_on(registers_of(definition))
    read = {*definition.clusters(), *(name for one in below for name in one.clusters())}
    return next((about for name, about in what.clusters.items() if name in read), "")


def why_item_sensitive(scheme: Scheme, item: Item) -> str:
    """As `why_sensitive`, of a scheme's item, without rules: by the groups of its indicators, and by the words of its
    titles and of whom its list holds."""
    what = sensitive()
    own = [scheme.indicator(code) for code in item.indicators]
    by_group = [what.groups[one.group] for one in own if one.group in what.groups]
    said = [item.title, *(one.title for one in own), *(scheme.list_of(one) for one in own)]
    text = " ".join(said).casefold()
    return next(iter([*by_group, *(about for words, about in what.titles.items() if words in text)]), "")


def left_out_as_sensitive(
    definitions: Iterable[r.Definition], known: Definitions, include_sensitive: bool
) -> dict[str, str]:
    """The codes that must be left out, each with what it is about; none where `include_sensitive`."""
    if include_sensitive:
        return {}
    return {one.code: about for one in definitions if (about := why_sensitive(one, known))}


def check_sensitive(definition: r.Definition, known: Definitions, include_sensitive: bool) -> None:
    """Raises Refused for a sensitive indicator that was named without `include_sensitive`."""
    if left_out_as_sensitive([definition], known, include_sensitive):
        raise refuse(
            "rules.sensitive",
            f"{definition.code} is sensitive: it is about {why_sensitive(definition, known)}.",
            None,
            "Ask for sensitive indicators too, if you need it.",
            indicator=definition.code,
        )
