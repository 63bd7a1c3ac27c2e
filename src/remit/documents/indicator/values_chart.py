"""The values of a patient over time, beside the limit that the rules hold them to."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core import say
from remit.documents.blocks import Block, Heading, Para, Picture
from remit.documents.charts import Span, Value, history
from remit.documents.indicator.days import limit_words
from remit.documents.indicator.subjects import Subjects
from remit.evaluation.explain import Explanation, range_text
from remit.evaluation.histories import History, Measured

_NAMED = 5
_MOST = 24
"""How many values a chart shows: the latest ones."""


def value_charts(explained: Explanation, subjects: Subjects) -> Iterator[Block]:
    """The latest values in words, and a chart of each number that is held to a limit."""
    by_subject: dict[str, list[History]] = {}
    for one in explained.histories:
        if any(isinstance(value.value, Fraction) for value in one.values):
            whole = subjects.of(one.field).what
            by_subject.setdefault(f"{whole} {_in(subjects.unit(one.field))}".strip(), []).append(one)
    if by_subject:
        yield Heading(2, "Values over time")
    for whole, own in by_subject.items():
        latest = sorted(own[0].values, key=lambda value: value.day, reverse=True)[:_NAMED]
        values = "; ".join(f"{_whole(value)} on {say.day(value.day)}" for value in latest)
        yield Para(
            f"{say.capital(whole)}, latest first: {values}{'; and others' if len(own[0].values) > _NAMED else ''}."
        )
        for one in own:
            yield _chart(one, say.capital(f"{subjects.label(one.field)} {_in(subjects.unit(one.field))}".strip()))


def _whole(value: Measured) -> str:
    return "/".join(say.number(part) if isinstance(part, Fraction) else range_text(part) for part in value.whole)


def _in(unit: str) -> str:
    return f"in {unit}" if unit else ""


def _chart(one: History, title: str) -> Picture:
    values = [value for value in one.values if isinstance(value.value, Fraction)][-_MOST:]
    window = one.window
    shown = [
        Value(
            value.day,
            value.value,
            _whole(value),
            window is None or window[0] <= value.day <= window[1],
        )
        for value in values
        if isinstance(value.value, Fraction)
    ]
    limits = [(limit, say.capital(limit_words(op, say.number(limit)).removeprefix("of "))) for op, limit in one.limits]
    last = shown[-1]
    alt = f"{title} over time: {len(shown)} value{'s' if len(shown) > 1 else ''}, the last {last.text} on "
    alt += f"{say.day(last.day)}. Counts: {', '.join(text for _, text in limits).lower()}"
    alt += f", from {say.day(window[0])} to {say.day(window[1])}." if window else "."
    span = Span(window[0], window[1], "Counts in this window") if window else None
    return history(shown, alt, limits, window=span)
