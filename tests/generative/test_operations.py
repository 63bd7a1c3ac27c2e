"""Every operation of the rule language is generated: each class of the model, and each word that a class can say.

What is never generated is never held equal between the engine and the oracle. So the operations are read off the model
itself: a new class or a new word without a generator fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import given
from hypothesis import strategies as st
from tests.generative import event_made
from tests.generative import rule_made as made
from tests.profiles import the_same

from remit.records.model import COMPARATORS, EPISODES, LASTS, NEGATIONS, STATUSES
from remit.rules import model as r

Operation = tuple[str, ...]


def choices(hint: Any) -> Iterator[Any]:
    """The words, or the yes and no, that a field of the model chooses from."""
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    elif get_origin(hint) in (Union, UnionType):
        for part in get_args(hint):
            yield from choices(part)
    elif hint is bool:
        yield from (True, False)


def operations() -> set[Operation]:
    """Each class of the model, each of its choices, and each word that a constant can be."""
    found: set[Operation] = set()
    for kind in (*get_args(r.Field), *get_args(r.Condition), *get_args(r.Term)):
        found.add((kind.__name__,))
        for name, hint in get_type_hints(kind).items():
            found |= {(kind.__name__, name, str(choice)) for choice in choices(hint)}
    words = (*r.SEXES, *r.EPISODES, *r.NEGATIONS, *(word for word in r.STATUSES if word not in r.UNSEEN))
    found |= {("Constant", "value", word) for word in words}
    return found - REFUSED


REFUSED = {("RecordPart", "part", "negation")}
"""What is read as a mistake: whether it happened is asked of the record under test alone."""


def said(thing: Any) -> Iterator[Operation]:
    """The operations that something made says."""
    if isinstance(thing, tuple | list):
        for part in thing:
            yield from said(part)
    elif is_dataclass(thing):
        kind = type(thing).__name__
        yield (kind,)
        for field in fields(thing):
            value = getattr(thing, field.name)
            if isinstance(value, str | bool):
                yield (kind, field.name, str(value))
            else:
                yield from said(value)


def test_every_operation_of_the_language_is_generated() -> None:
    seen: set[Operation] = set()

    @the_same(500)
    @given(st.data())
    def make(data: st.DataObject) -> None:
        scope = made.with_fields(data.draw, made.Scope(registers=("R1",)), 5)
        scope = made.replace(scope, parts=(("PARTS", 3),))
        of_record = made.replace(scope, of="X_DAT", records=("X_DAT", "B1"))  # as within the `(any …)` of a field
        asked = [made.condition(data.draw, one, 1) for one in (scope, *[of_record] * 15)]
        seen.update(said([*scope.fields.values(), *asked]))

    make()
    assert sorted(operations() - seen) == []


def test_an_operation_that_is_never_generated_is_missed() -> None:
    assert ("Within", "relation", "overlaps") in operations()
    assert ("Beside", "absent", "True") in operations()
    assert set(said(r.Within("during", r.Name("PPSD"), r.Name("PPED")))) == {
        ("Within",), ("Within", "relation", "during"), ("Name",), ("Name", "name", "PPSD"), ("Name", "name", "PPED"),
    }  # fmt: skip


def test_every_word_of_a_record_is_generated() -> None:
    seen: dict[str, set[Any]] = {name: set() for name in ("lasts", "status", "negation", "comparator", "system")}
    seen |= {"episode": set(), "time": set(), "answer": set()}

    @the_same(800)
    @given(made.events())
    def make(event: Any) -> None:
        for name, found in seen.items():
            found.add(getattr(event, name))

    make()
    assert seen["lasts"] == {*LASTS}
    assert seen["status"] == {*STATUSES}
    assert seen["negation"] == {*NEGATIONS}
    assert seen["comparator"] == {*COMPARATORS}
    assert len(seen["system"]) > 2
    assert seen["episode"] == {*EPISODES}
    assert len(seen["time"]) > 2
    assert event_made.SAYS
    assert {*made.ANSWERS} & seen["answer"]
