"""The definitions that ship, in outline: which there are, of which years, and the registers that each rests on.

An outline is a definition without fields, whose one rule says nothing but which registers it asks for. It decides no
patient. What a scheme can have counted is known from it, in a fifth of the time that reading every rule takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from remit.core.dates import SchemeYear
from remit.rules import model as r
from remit.rules.definitions import Definitions, files_that_ship
from remit.rules.rule_files import DefinitionText, RuleFile
from remit.rules.years import Years, of_version
from remit.scheme.faults import typed
from remit.scheme.source import read_source

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")


@lru_cache(maxsize=8)
def outlines(year: SchemeYear) -> Definitions:
    """All that ships as it holds in a year, in outline, what can be counted on lists of one's own alone too."""
    texts: dict[str, tuple[DefinitionText, RuleFile]] = {}
    for path in files_that_ship(year):
        file = _read(path)
        texts |= {text.code: (text, file) for text in file.definitions}
    registers = {code for code, (text, _) in texts.items() if text.register_}
    every = {code: _outline(text, file, registers) for code, (text, file) in texts.items()}
    return Definitions(
        {code: one for code, one in every.items() if one.is_register},
        {code: one for code, one in every.items() if not one.is_register},
        {code: text for code, (text, _) in texts.items()},
        {},
    )


@lru_cache(maxsize=64)
def _read(path: Path) -> RuleFile:
    return typed(read_source(path), RuleFile)


def _outline(text: DefinitionText, file: RuleFile, registers: set[str]) -> r.Definition:
    asked = sorted(_named(text, {**file.fields, **text.fields}) & registers)
    condition = r.Every(tuple(r.OnRegister(code, on=True) for code in asked))
    rules = (r.Rule(1, condition, "", "Select", "Reject"),) if text.rules else ()
    years = Years.parse(text.years) if text.years else of_version(text.version)
    return r.Definition(
        text.code, text.title, text.population, {}, {}, rules, text.status, text.source or file.source or "",
        text.version, text.register_ is not None, {}, text.group, years,
    )  # fmt: skip


def _named(text: DefinitionText, fields: Mapping[str, str]) -> set[str]:
    """Every name in its rules, its parts and its own fields, and in the fields that those name."""
    conditions = [rule.if_ for rule in text.rules]
    conditions += [part for those in text.parts.values() for part in those.values()]
    waiting = _names_in([*conditions, *text.fields.values()])
    named: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in named:
            named.add(name)
            waiting |= _names_in([fields[name]]) if name in fields else set()
    return named


def _names_in(texts: Iterable[str]) -> set[str]:
    return {name for text in texts for name in _NAME.findall(text)}
