"""What an explanation and a specification both say of rules: how their source was read, and their own period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from remit.core import say
from remit.core.words import listed
from remit.documents.blocks import Block, Bullets, Para
from remit.rules import model as r
from remit.rules.definitions import Definitions
from remit.rules.printing import period_text
from remit.rules.words import period_words

DEMONSTRATION = (
    "The code clusters are the demonstration's: made-up codes are among them, and no payment can rest on this."
)


def as_read(definition: r.Definition, known: Definitions) -> Iterator[Block]:
    """How the source of a definition was read, and of its single rules."""
    text = known.texts.get(definition.code)
    if text is not None and text.note:
        yield Para(f"How the source was read: {' '.join(text.note.split())}")
    yield from rule_notes(definition, known)


def rule_notes(definition: r.Definition, known: Definitions) -> Iterator[Block]:
    """The rules that have a source, a standing or a note of their own."""
    text = known.texts.get(definition.code)
    notes = []
    for rule in text.rules if text else ():
        source = known.sources[rule.source].title if rule.source else ""
        whence = ", ".join(filter(None, [rule.standing, source]))
        if rule.note or whence:
            note = " ".join(rule.note.split()) or "as its source has it."
            notes.append(f"Rule {rule.rule}{f' ({whence})' if whence else ''}: {note}")
    if notes:
        yield Bullets(tuple(notes))


def inferred_rules(definitions: Iterable[r.Definition], known: Definitions) -> str:
    """Which of these definitions, and of the registers that they rest on, have single rules that one source alone has,
    or that can be read in two ways."""
    every = dict.fromkeys(one.code for definition in definitions for one in [definition, *known.below(definition)])
    texts = {code: known.texts[code] for code in every if code in known.texts}
    those = [code for code, text in texts.items() if any(rule.standing == "inferred" for rule in text.rules)]
    if not those:
        return ""
    return (
        f"Single rules of {listed(those)} are inferred: one source alone has them, or they can be read in two ways. "
        "'remit spec' says how each was read."
    )


def own_period(definition: r.Definition) -> list[tuple[str, str]]:
    """The measurement period, where a definition has its own."""
    if definition.period is None:
        return []
    return [
        ("Measurement period", f"{say.capital(period_words(definition.period))} ({period_text(definition.period)})")
    ]
