"""The examination of PCAs in sentences: why a practice is in its band, and what was found over all."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.analysis.pca import PcaRule, PracticePca, Test
from remit.analysis.pca_result import ExaminedItem, PcaResult
from remit.core import say
from remit.core.words import agreed, listed
from remit.scoring.guard import REVIEW, WATCH

TEST_NAMES: dict[Test, str] = {
    "point": "point rule", "binomial": "exact binomial", "funnel": "funnel", "rise": "rise on the year before",
}  # fmt: skip


def percent(rate: Fraction) -> str:
    """With at most two decimals, as references have them."""
    return say.percent(rate, 2)


def references(rule: PcaRule) -> str:
    """`ICB 10.9% and England 10.61%`."""
    return listed([f"{name} {percent(rate)}" for name, rate in rule.references.items()])


def reason(one: PracticePca, rule: PcaRule, hidden: bool) -> str:
    """Why a practice is in its band. Of a small number that is hidden the rate is not said."""
    shown = f"PCA rate {say.percent(one.count.rate, 1)}"
    if hidden:
        shown = "The PCA rate (of small numbers, not shown)"
    if not rule.references:
        return f"{shown} has nothing to be compared with.{_rise(one, rule, hidden)}"
    found = list(_findings(one, rule, chosen=True))
    if found:
        text = f"{shown} is {listed(found)}."
    elif one.over:
        which = listed([f"{name} {percent(rule.references[name])}" for name in one.over])
        text = f"{shown} is above {which}, by no more than chance explains."
        if "binomial" not in rule.chosen:
            text = f"{shown} is above {which}."
    else:
        text = f"{shown} is not above {references(rule)}."
    others = list(_findings(one, rule, chosen=False))
    text += f" A test that does not decide here finds it {listed(others)}." if others else ""
    return text + _rise(one, rule, hidden)


def _findings(one: PracticePca, rule: PcaRule, chosen: bool) -> Iterator[str]:
    """What the tests of a rate against references find, of those that decide or of the others."""
    if one.binomial in ("above", "below") and ("binomial" in rule.chosen) == chosen:
        yield f"significantly {one.binomial} {references(rule)} (exact binomial, {percent(rule.level)})"
    elif one.point == "above" and ("point" in rule.chosen) == chosen and (chosen or "binomial" not in rule.chosen):
        yield f"above {references(rule)}"
    if one.funnel in ("above", "below") and ("funnel" in rule.chosen) == chosen:
        yield f"{one.funnel} the funnel's limits (99.8%)"


def _rise(one: PracticePca, rule: PcaRule, hidden: bool) -> str:
    if one.change is None:
        return ""
    before = "" if hidden else f" from {say.percent(one.change.before, 1)}"
    if one.rise:
        return f" It rose significantly{before} the year before, by more than {say.number(rule.rise * 100)} points."
    if one.change.points > 0:
        return f" It rose{before} the year before, not significantly or by few points."
    return ""


def answer(result: PcaResult) -> str:
    """The answer: how many practices are for review, how many to watch, and that no payment changes."""
    review, watch = practices_in(result, REVIEW), practices_in(result, WATCH)
    shown = [item.item for item in result.items if not item.about]
    n = len({one.practice for item in result.items for one in item.found.practices if not item.about})
    which = f"item {shown[0]}" if len(shown) == 1 else f"at least one of {len(shown):,} items"
    who = f"{len(review):,} of {n:,} {agreed('{practice|practices}', n)} with PCAs counted"
    what = f"{who} {'is' if 1 in (len(review), n) else 'are'} for review on {which}"
    more = watch - review
    what += f"; {len(more):,} more {'is' if len(more) == 1 else 'are'} to watch" if more else ""
    return f"{what}. No payment changes: a band is a reason to look, and not a finding."


def practices_in(result: PcaResult, band: str) -> set[str]:
    """The practices that are in a band on any item."""
    return {one.practice for item in result.items if not item.about for one in item.found.practices if one.band == band}


def item_name(item: ExaminedItem) -> str:
    """`4: Hypertension ongoing management`."""
    return f"{item.item}: {item.title}" if item.title and item.title != item.item else item.item
