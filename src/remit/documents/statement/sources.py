"""What a statement rests on: the standing of each number and rule with its source, and remarks on the scheme."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from remit.core import say
from remit.scheme.agreements import Cited
from remit.scheme.model import Item, Scheme
from remit.scheme.numbers import Number, statements
from remit.scheme.quantity import Standing

_KINDS = re.compile(r"^(boolean|linear|step then linear|protected|steps) ")
_THRESHOLDS = ("lower threshold", "upper threshold")


@dataclass(frozen=True)
class Doubt:
    """Numbers and rules of one source that are not verified: each named, with its text."""

    standing: Standing
    source: str
    about: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        """`lower threshold 40%, upper threshold 90%`, or for several items `AF006: …; AF007: …`."""
        return "; ".join(f"{name}: {text}" if text else name for name, text in self.about)


class Standings:
    """What of one scheme is not verified."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.open = [s for s in statements(scheme) if s.standing != "verified" and s.unit != "part" and not s.required]

    def title(self, key: str) -> str:
        """A source's title."""
        document = self.scheme.sources.get(key)
        return " ".join(document.title.split()) if document else key

    def of(self, item: Item) -> tuple[Doubt, ...]:
        """What is not verified in one item."""
        place = self.scheme.items.index(item)
        open_here = [s for s in self.open if s.path[:2] == ("items", place)]
        return self._doubts((s, _name(s), _text(s)) for s in open_here)

    def shared(self) -> tuple[Doubt, ...]:
        """What is not verified in the terms, weights and values that all items share."""
        apart = ("items", "budgets", "totals", "indicators", "groups")
        open_here = [s for s in self.open if s.path and s.path[0] not in apart]
        return self._doubts((s, s.label, _text(s)) for s in open_here)

    def items(self, codes: Collection[str]) -> tuple[Doubt, ...]:
        """What is not verified in the items of these codes, by source."""
        by_source: dict[tuple[Standing, str], dict[str, list[str]]] = {}
        for s in self.open:
            if s.path and s.path[0] == "items" and s.item in codes:
                texts = by_source.setdefault((s.standing, self._why(s)), {}).setdefault(s.item, [])
                texts.append(f"{_name(s)} {_text(s)}")
        return _sorted(Doubt(*key, tuple(_by_text(items))) for key, items in by_source.items())

    def definitions(self, used: Collection[str]) -> tuple[Doubt, ...]:
        """Whose definition is not verified, of the indicators and groups named."""
        by_source: dict[tuple[Standing, str], list[str]] = {}
        for s in self.open:
            code = s.item.partition(" ")[2]
            if s.path and s.path[0] in ("indicators", "groups") and code in used:
                by_source.setdefault((s.standing, self._why(s)), []).append(s.item)
        return _sorted(
            Doubt(standing, source, ((f"who is counted: {_codes(names)}", ""),))
            for (standing, source), names in by_source.items()
        )

    def _why(self, s: Number) -> str:
        return self.title(s.source) if s.source else s.note

    def _doubts(self, open_here: Iterable[tuple[Number, str, str]]) -> tuple[Doubt, ...]:
        by_source: dict[tuple[Standing, str], list[tuple[str, str]]] = {}
        for s, name, text in open_here:
            by_source.setdefault((s.standing, self._why(s)), []).append((name, text))
        return _sorted(Doubt(standing, why, tuple(about)) for (standing, why), about in by_source.items())


def _sorted(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    return tuple(sorted(doubts, key=lambda doubt: (doubt.standing != "unverified", doubt.source)))


def _text(s: Number) -> str:
    return "required, and not supplied" if s.required else say.days_in(s.text)


def _name(s: Number) -> str:
    """`lower threshold`, `step 2`, `guard significance`: a statement's name within its item."""
    name = _KINDS.sub("", s.name)
    return f"{name} threshold" if name in ("lower", "upper") else name


def _thresholds(texts: list[str]) -> list[str]:
    """Both thresholds in one: `thresholds 40% and 90%`."""
    both_texts = [next((t for t in texts if t.startswith(name)), "") for name in _THRESHOLDS]
    if not all(both_texts):
        return texts
    both = " and ".join(text.rpartition(" ")[2] for text in both_texts)
    return [f"thresholds {both}", *(text for text in texts if text not in both_texts)]


def _by_text(items: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """What is open in each item, said once for all items of which it is true."""
    same: dict[str, list[str]] = {}
    for item, texts in items.items():
        for text in _thresholds(texts):
            same.setdefault(text, []).append(item)
    for text, codes in same.items():
        yield f"{text} ({', '.join(codes)})", ""


def _codes(names: Iterable[str]) -> str:
    """`indicator AF001`, `group BP` as `AF001, group BP`."""
    return ", ".join(name.removeprefix("indicator ") for name in names)


def standing_of(scheme: Scheme, part: Cited) -> Standing:
    """A part's own standing, else its source's."""
    document = scheme.sources.get(part.source or scheme.source or "")
    return part.standing or (document.standing if document else None) or "unverified"


def notes(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Remit's remarks on the scheme as a whole and its shared parts: (about, remark)."""
    weights, terms = scheme.weights, scheme.terms
    parts: list[tuple[str, Cited | None]] = [
        ("The scheme", scheme),
        ("The list", scheme.heads),
        ("The value of a point", scheme.point),
        ("CPI", weights.list),
        ("The list of the CPI", weights.list.list if weights.list else None),
        ("APDF", weights.prevalence),
        ("The target population factor", weights.target_population),
        ("Rounding", scheme.rounding),
        *(("Paid in advance", ahead) for ahead in terms.advances),
        ("Balance", terms.balance),
        ("Recovery", terms.recovery),
        ("Joiners, leavers and mergers", terms.changes),
    ]
    for about, part in parts:
        if part is not None and part.note:
            yield about, say.sentence(" ".join(part.note.split()))
