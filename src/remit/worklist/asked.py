"""What the schemes of a worklist ask of practices and print beside their rules, in the sources' own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from remit.core import say
from remit.scheme import Scheme


def asked(schemes: Iterable[Scheme]) -> Iterator[str]:
    """A line for each scheme's own asks, then for each item that asks for something or has words beside its rule."""
    for scheme in schemes:
        for text in scheme.asks:
            yield f"{scheme.scheme} asks: “{say.clean(text)}”"
        for item in scheme.items:
            said = [f"“{say.clean(text)}”" for text in item.asks]
            said += [f"Baseline: {say.clean(item.baseline)}."] if item.baseline else []
            said += [f"“{say.clean(item.context)}”"] if item.context else []
            if said:
                title = f" ({say.clean(item.title)})" if item.title else ""
                yield f"{scheme.scheme}, {item.item}{title}: {' '.join(said)}"
