"""What is not the same in two runs, in words with both values side by side: `numerator 39 → 41`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from remit.core.alike import alike
from remit.core.rounding import exact_text
from remit.pricing.award import Award
from remit.pricing.weights import Factor
from remit.runs.results import PracticeResult
from remit.scheme.kinds import Steps, Strict
from remit.scheme.model import Item, Scheme
from remit.scheme.walk import walk

NONE = "none"
_WORDS_ONLY = frozenset(
    [
        "source",
        "standing",
        "note",
        "words",
        "title",
        "about",
        "baseline",
        "asks",
        "context",
        "label_points",
        "guard",
        "domain",
    ]
)
_MOST_LINES = 4
_WEIGHTS = {"list": "CPI", "prevalence": "APDF", "target_population": "target population factor"}


def arrow(one: object, two: object) -> str:
    """Two values side by side."""
    return f"{NONE if one in (None, '') else one} → {NONE if two in (None, '') else two}"


def item_differences(one: Item, two: Item) -> list[str]:
    """What differs of an item, leaving out words that pay nothing."""
    return _against(dict(_leaves(one, ("pays",))), dict(_leaves(two, ("pays",))))


def scheme_differences(one: Scheme, two: Scheme) -> list[str]:
    """What differs between two schemes beside their items: year, achievement date, lists, point, weights, terms."""
    days = [f"achievement date: {arrow(one.achievement_date, two.achievement_date)}"]
    return [
        *_parts(one, two, ("year", "heads", "point", "weights", "rounding", "terms")),
        *(days if one.achievement_date != two.achievement_date else ()),
    ]


def pricing_differences(one: Scheme, two: Scheme, set1: Mapping[str, str], set2: Mapping[str, str]) -> list[str]:
    """What differs of the terms that an award's pounds rest on; not of when they are paid."""
    named = {rule for s in (one, two) for rule in (s.terms.changes.joiner, s.terms.changes.leaver)}
    named |= {s.weights.prevalence.basis for s in (one, two) if s.weights.prevalence}
    return [
        *_parts(one, two, ("year", "heads", "point", "weights", "rounding")),
        *(text for name, text in setting_differences(set1, set2) if name in named),
    ]


def setting_differences(one: Mapping[str, str], two: Mapping[str, str]) -> list[tuple[str, str]]:
    """The parameters that differ: (name, both values)."""
    names = [name for name in sorted({*one, *two}) if not alike(one.get(name, ""), two.get(name, ""))]
    return [(name, f"{name} {one.get(name, 'not set')} → {two.get(name, 'not set')}") for name in names]


def _parts(one: Scheme, two: Scheme, names: Sequence[str]) -> list[str]:
    differences: list[str] = []
    for name in names:
        before, after = getattr(one, name), getattr(two, name)
        if before == after:
            continue
        if isinstance(before, Strict | None) and isinstance(after, Strict | None):
            leaves = ({} if part is None else dict(_leaves(part, ())) for part in (before, after))
            differences.extend(f"{'' if name == 'terms' else name} {text}".strip() for text in _against(*leaves))
        else:
            differences.append(f"{name}: {arrow(before, after)}")
    return differences


def award_differences(one: Award, two: Award) -> list[str]:
    """What an award rests on that moved: counts, gate, weights."""
    a, b = one.achievement, two.achievement
    differences = []
    if a.definition != b.definition:
        differences.append(f"definition {a.definition or 'not said'} → {b.definition or 'not said'}")
    prevalence = a.register is not None or b.register is not None
    names = ("register", "list_size") if prevalence else ("numerator", "denominator", "pcas")
    for name in names:
        if getattr(a, name) != getattr(b, name):
            label = {"list_size": "list of the register", "pcas": "PCAs"}.get(name, name)
            differences.append(f"{label} {arrow(getattr(a, name), getattr(b, name))}")
    if not differences and a.rate != b.rate:
        shown = ("declared", _yes(a.rate), _yes(b.rate)) if two.item.measure == "declared" else None
        differences.append(f"{shown[0]} {arrow(*shown[1:])}" if shown else f"achievement {_percents(a.rate, b.rate)}")
    if one.gate != two.gate:
        kind = two.item.kind if isinstance(two.item.kind, Steps) else one.item.kind
        differences.append(f"{getattr(kind, 'gate', None) or 'gate'} {_percents(one.gate, two.gate)}")
    before, after = ({f.name: f for f in award.factors} for award in (one, two))
    for name in {**before, **after} if one.factors != two.factors else ():
        f, g = before.get(name), after.get(name)
        if _rounded(f) != _rounded(g):
            differences.append(f"{_WEIGHTS.get(name, name)} {arrow(_decimals(_rounded(f)), _decimals(_rounded(g)))}")
    if one.calculation and two.calculation:
        was = {line.label: str(line) for line in one.calculation.lines}
        now = {line.label: str(line) for line in two.calculation.lines}
        differences += _against(was, now)[:_MOST_LINES]
    if one.trail or two.trail:
        was, now = ({line.label: str(line) for line in award.trail} for award in (one, two))
        differences += _against(was, now)[:_MOST_LINES]
    return differences


def base_differences(one: PracticeResult, two: PracticeResult) -> list[str]:
    """What a practice's money rests on that moved: the list that is paid by, its part of the year, what merged."""
    differences = []
    if one.base.heads != two.base.heads and (one.base.heads is not None or two.base.heads is not None):
        heads = two.scheme.heads or one.scheme.heads
        called = heads.called if heads else "list"
        differences.append(f"{called} {arrow(_decimals(one.base.heads), _decimals(two.base.heads))}")
    share, other = one.participation.share, two.participation.share
    if share != other:
        differences.append(f"part of the year {arrow(_decimals(share), _decimals(other))}")
    for name in ("joined", "left", "successor"):
        before, after = getattr(one.practice, name), getattr(two.practice, name)
        if before != after:
            differences.append(f"{name} {arrow(before, after)}")
    gone, here = ([p.code for p in result.merged] for result in (one, two))
    if gone != here:
        differences.append(f"merged into it {arrow(', '.join(gone), ', '.join(here))}")
    return differences


def _against(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    names = [*before, *(name for name in after if name not in before)]
    return [
        f"{n}: {arrow(before.get(n), after.get(n))}" for n in names if not alike(before.get(n, ""), after.get(n, ""))
    ]


def _leaves(part: Strict, skipped: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What a part says, as (label, text); below `pays` the kind's own name goes without saying."""
    for path, value in walk(part):
        if isinstance(value, Strict) or _WORDS_ONLY & {p for p in path if isinstance(p, str)}:
            continue
        names = path[2:] if path[0] in skipped else path
        label = " ".join(str(p + 1) if isinstance(p, int) else p for p in names).replace("_", " ")
        yield label, str(getattr(value, "text", value))


def _rounded(factor: Factor | None) -> Fraction | None:
    return factor.rounded if factor else None


def _decimals(number: Fraction | None) -> str:
    return "not known" if number is None else exact_text(number, most=4)


def _percents(one: Fraction | None, two: Fraction | None) -> str:
    return " → ".join("not known" if n is None else f"{exact_text(n * 100, most=2)}%" for n in (one, two))


def _yes(rate: Fraction | None) -> str:
    return "not known" if rate is None else ("yes" if rate else "no")
