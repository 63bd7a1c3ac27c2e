"""What must be known of a worklist as a whole: what is not on it and why, and what the schemes ask for besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from remit.core import say
from remit.evaluation.plan import Plan
from remit.scheme import Scheme

DEMONSTRATION = "A demonstration: some of the codes are made up. Do not call patients from this list."
SENSITIVE = "sensitive"
"""Why an indicator is left out that was not asked for, as it is sensitive."""


def notes(demonstration: bool, other_rules: str, left_out: Mapping[str, str], sensitive: bool) -> Iterator[str]:
    """What the reader must know of the list; `left_out` are indicators, each with the reason."""
    if demonstration:
        yield DEMONSTRATION
    if other_rules:
        yield other_rules
    for code, why in left_out.items():
        if why != SENSITIVE:
            yield f"{code} is left out: {why}."
    if not sensitive:
        yield (
            "Left out, because it was not asked for: records of people who have died, ReSPECT, and what tells of a "
            "learning disability."
        )


def not_counted(plans: Iterable[tuple[Scheme, Plan]]) -> Iterator[str]:
    """The indicators of each scheme that are not counted from records, so that nobody is on the list for them."""
    for scheme, plan in plans:
        if plan.supplied:
            names = say.listed(sorted(plan.supplied))
            yield f"Not on this list, because {scheme.scheme} does not count them from records: {names}."


def asks(schemes: Iterable[Scheme]) -> Iterator[str]:
    """A line for each scheme's own asks, then for each item that asks for something or has words beside its rule."""
    for scheme in schemes:
        for text in scheme.asks:
            yield f"{scheme.scheme} asks: “{say.clean(text)}”"
        for item in scheme.items:
            texts = [f"“{say.clean(text)}”" for text in item.asks]
            texts += [f"Baseline: {say.clean(item.baseline)}."] if item.baseline else []
            texts += [f"“{say.clean(item.context)}”"] if item.context else []
            if texts:
                title = f" ({say.clean(item.title)})" if item.title else ""
                yield f"{scheme.scheme}, {item.item}{title}: {' '.join(texts)}"
