"""Which PCAs of an item may not be shown to others, by a policy: small ones, and those that would tell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from remit.disclosure.suppression import Group, Line, Measure, Policy, primary, suppress

_MEASURES: frozenset[Measure] = frozenset({"denominator", "pcas"})
_PCAS: frozenset[Measure] = frozenset({"pcas"})


@dataclass(frozen=True)
class HiddenPcas:
    """The practices whose PCAs are not shown, and whether those of all of them together are not."""

    practices: frozenset[str] = frozenset()
    whole: bool = False


def hidden_pcas(counts: Mapping[str, tuple[int, int]], policy: Policy) -> HiddenPcas:
    """By practice, of PCAs and the denominator left after them."""
    return _hidden({code: Group(size, 0, pcas, _MEASURES) for code, (pcas, size) in counts.items()}, policy)


def hidden_parts(counts: Mapping[str, tuple[int, int]], policy: Policy) -> HiddenPcas:
    """By practice, of PCAs in a part of the year and of all that have a day: either part hides the other."""
    late = hidden_counts({code: late for code, (late, _) in counts.items()}, policy)
    rest = hidden_counts({code: dated - late for code, (late, dated) in counts.items()}, policy)
    return HiddenPcas(late.practices | rest.practices, late.whole or rest.whole)


def hidden_counts(counts: Mapping[str, int], policy: Policy) -> HiddenPcas:
    """By what they are of (a practice, a month), of PCAs alone."""
    return _hidden({code: Group(0, 0, pcas, _PCAS) for code, pcas in counts.items()}, policy)


def _hidden(groups: Mapping[str, Group], policy: Policy) -> HiddenPcas:
    if not groups or not policy.hides:
        return HiddenPcas()
    whole = next(iter(groups.values()))
    for group in [*groups.values()][1:]:
        whole += group
    first = {code: primary(group, policy) for code, group in groups.items()}
    if not primary(whole, policy) and all(_enough(groups, first, measure, policy) for measure in whole.measures):
        return HiddenPcas(frozenset(code for code, measures in first.items() if measures))
    found = suppress(whole, {"practice": Line(groups, insiders=len(groups) > 2)}, policy)
    return HiddenPcas(
        frozenset(code for code in groups if found.measures_of("practice", code)), bool(found.whole & _MEASURES)
    )


def _enough(groups: Mapping[str, Group], hidden: Mapping[str, set[Measure]], measure: Measure, policy: Policy) -> bool:
    """Whether those that are small by themselves protect each other, as they do where many are.

    The rest and the whole are shown, so the hidden ones add up to a known sum. Above the least that each can be, one of
    them may have all that the others have, but for the one who asks: that is how wide it can be.
    """
    spare = [groups[code].count(measure) - policy.least(measure) for code, those in hidden.items() if measure in those]
    return not spare or sum(spare) - max(spare) >= policy.width
