"""What moved between two runs, in pounds by cause, for each practice and item.

The causes are reckoned in the order of `CAUSES`, each on top of those before it (`stages.py`), and add up to the
difference exactly:

counts      what achievement is measured on: numerators, denominators, PCAs, declarations, registers that are paid on
list        the practice's own lists: list_size, weighted_list_size, and those of practices that merged into it
prevalence  the registers and lists that weigh a point, and the national figures
definition  the items: which there are, what they count and how they pay; the dates on which an indicator takes over
terms       the value of a point, the lists that money is counted by, weights, rounding, rules for joiners and leavers
practice    a practice that is in one of the runs only, or that joined, left or merged on other dates
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import add
from pathlib import Path

from remit.core.problems import did_you_mean, refuse
from remit.payment.pricing import Award
from remit.runs import differences
from remit.runs.engine import Run
from remit.runs.folder import open_run
from remit.runs.results import MERGED, PROVISIONAL, PracticeResult
from remit.runs.stages import CAUSES, DEFINITION, LIST, PRACTICE, TERMS, Side, Stages, figures
from remit.scoring.subjects import WHOLE_PRACTICE

__all__ = ["CAUSES", "Comparison", "Movement", "PracticeMovement", "compare"]

_NOTHING = (0,) * len(CAUSES)
Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Movement:
    """One item of one practice: its pounds in both runs (pennies; None: none known) and what each cause moved.

    `held` says which of the runs have the item for this practice at all.
    """

    practice: str
    item: str
    pennies: Pair
    causes: tuple[int, ...]
    explanation: str = ""
    held: tuple[bool, bool] = (True, True)

    @property
    def difference(self) -> int:
        """Run 2 less run 1, in pennies; what is not known counts as 0. It is the sum of the causes."""
        return (self.pennies[1] or 0) - (self.pennies[0] or 0)

    @property
    def moved(self) -> bool:
        """Whether a cause moved anything, even where the causes cancel out."""
        return any(self.causes)

    def unknown(self, run: int) -> bool:
        """Whether run 0 or 1 has the item but no pounds for it, which then count as 0."""
        return self.held[run] and self.pennies[run] is None


@dataclass(frozen=True)
class PracticeMovement:
    """One practice: its items, and its payment in both runs (pennies; None: not known, or not in that run)."""

    code: str
    name: str
    schemes: tuple[str, str]
    status: tuple[str, str]
    movements: tuple[Movement, ...]
    advance: Pair
    balance: Pair
    recovery: Pair
    note: str = ""
    share: Pair = (None, None)
    """Its part of its network's money, where that is how it is paid; the items are then what it contributes."""

    @cached_property
    def pennies(self) -> tuple[int, int]:
        """The sums of what is known, run 1 and run 2."""
        return sum(m.pennies[0] or 0 for m in self.movements), sum(m.pennies[1] or 0 for m in self.movements)

    @property
    def difference(self) -> int:
        return self.pennies[1] - self.pennies[0]

    @cached_property
    def causes(self) -> tuple[int, ...]:
        """What each cause moved, in pennies, in the order of `CAUSES`."""
        return _sum(m.causes for m in self.movements)

    @property
    def moved(self) -> bool:
        return any(m.moved for m in self.movements)


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side. `changes` say what differs in the inputs, by cause; `notes` what to know of the sums."""

    practices: tuple[PracticeMovement, ...]
    titles: dict[str, str]
    changes: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    @cached_property
    def pennies(self) -> tuple[int, int]:
        """The sums of what is known, run 1 and run 2."""
        return sum(p.pennies[0] for p in self.practices), sum(p.pennies[1] for p in self.practices)

    @property
    def difference(self) -> int:
        return self.pennies[1] - self.pennies[0]

    @cached_property
    def causes(self) -> tuple[int, ...]:
        """What each cause moved, in pennies, in the order of `CAUSES`."""
        return _sum(p.causes for p in self.practices)

    def movements(self) -> Iterator[Movement]:
        """Every item of every practice, in the order of practices and of the scheme's items."""
        return (movement for practice in self.practices for movement in practice.movements)

    def items(self) -> dict[str, Movement]:
        """Each item over all practices, in the order of the scheme."""
        sums: dict[str, tuple[int, int, tuple[int, ...]]] = dict.fromkeys(self.titles, (0, 0, _NOTHING))
        for m in self.movements():
            one, two, causes = sums[m.item]
            causes = tuple(map(add, causes, m.causes)) if m.moved else causes
            sums[m.item] = one + (m.pennies[0] or 0), two + (m.pennies[1] or 0), causes
        return {code: Movement("*", code, (one, two), causes) for code, (one, two, causes) in sums.items()}

    def movers(self) -> list[PracticeMovement]:
        """The practices that moved, the largest difference first."""
        return sorted((p for p in self.practices if p.moved), key=lambda p: (-abs(p.difference), p.code))

    def shares(self) -> list[PracticeMovement]:
        """The members of networks whose part of their network's money is another, the largest difference first."""
        moved = [p for p in self.practices if p.share[0] != p.share[1]]
        return sorted(moved, key=lambda p: (-abs((p.share[1] or 0) - (p.share[0] or 0)), p.code))

    def payments(self) -> dict[str, tuple[int, int]]:
        """Paid in advance, balance and recovery over all practices: the sums of what is known."""
        return {
            name: (
                sum(getattr(p, name)[0] or 0 for p in self.practices),
                sum(getattr(p, name)[1] or 0 for p in self.practices),
            )
            for name in ("advance", "balance", "recovery")
        }


def compare(
    first: Run | str | Path,
    second: Run | str | Path,
    *,
    practices: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """What moved from one run to another, by cause; runs, or the folders that hold them.

    `practices` narrows to some of them; `progress(done, of)` is told as it goes. Raises Refused for a folder that is no
    run, and for a practice that is in neither.
    """
    one = first if isinstance(first, Run) else open_run(Path(first))
    two = second if isinstance(second, Run) else open_run(Path(second))
    return _Comparer(one, two, practices).compare(progress)


class _Comparer:
    """One comparison under way: what the two runs have in common is worked out once and kept."""

    def __init__(self, first: Run, second: Run, only: Sequence[str]) -> None:
        self.runs = (first, second)
        self.codes = frozenset(first.codes), frozenset(second.codes)
        self.stages: dict[tuple[str, str], Stages] = {}
        self.words: dict[tuple[str, str, str], list[str]] = {}
        self.titles: dict[str, str] = {}
        self.seen: Counter[str] = Counter()
        self.wanted, self.left_out = self._wanted(only)
        self.only_items = [set(run.only_items) for run in self.runs]
        self.scope = [(run.only_items, run.inputs.period) for run in self.runs]

    def _wanted(self, only: Sequence[str]) -> tuple[list[str], int]:
        """The practices to compare, in order; and how many are passed over because a run was narrowed without them."""
        known = [run.inputs.practices.keys() for run in self.runs]
        everyone = known[0] | known[1]
        passed = (known[0] - self.codes[0]) | (known[1] - self.codes[1])
        for code in only:
            if code not in everyone:
                raise refuse(f"there is no practice '{code}' in these runs.", None, did_you_mean(code, everyone))
            if code in passed:
                raise refuse(f"practice {code} was left out of one of the runs, by --practice.", None, "Run it again.")
        if everyone == passed:
            raise refuse("the two runs were narrowed to different practices: there is nothing to compare.")
        return sorted(set(only) or everyone - passed), 0 if only else len(passed)

    def compare(self, progress: Callable[[int, int], None] | None) -> Comparison:
        practices = []
        for n, code in enumerate(self.wanted, 1):
            practices.append(self._practice(code))
            if progress:
                progress(n, len(self.wanted))
        return Comparison(tuple(practices), self.titles, tuple(self._changes()), tuple(self._notes(practices)))

    def _practice(self, code: str) -> PracticeMovement:
        first, second = self.runs
        if code not in self.codes[0] or code not in self.codes[1]:
            return self._in_one(code)
        pair = first.inputs.assigned[code], second.inputs.assigned[code]
        if pair not in self.stages:
            self.stages[pair] = Stages(first, second, *pair)
        stages, one, two = self.stages[pair], Side.of(first, code), Side.of(second, code)
        lists = second.inputs.practices
        changes = stages.changes(one, two, lists)
        self.seen.update(cause for cause, changed in zip(CAUSES, changes, strict=True) if changed)
        plans = [run.inputs.recoveries.get(code) for run in self.runs]
        before = after = first.practice(code)
        found: Iterable[Movement]
        if self.scope[0] == self.scope[1] and not any(changes) and plans[0] == plans[1]:
            found = (self._movement(code, award, award, _NOTHING, []) for award in _held(before).values())
        else:
            after = second.practice(code)
            pennies = [{code: award.pennies for code, award in _held(result).items()} for result in (before, after)]
            causes = stages.walk(one, two, lists, changes, *pennies)
            found = self._items(code, stages, before, after, causes)
        advance, balance, recovery = zip(_paid(before), _paid(after), strict=True)
        name, status = after.practice.name or before.practice.name, (before.status, after.status)
        found, share = tuple(found), (_share(before), _share(after))
        return PracticeMovement(code, name, pair, status, found, advance, balance, recovery, share=share)

    def _items(
        self,
        code: str,
        stages: Stages,
        before: PracticeResult,
        after: PracticeResult,
        causes: dict[str, tuple[int, ...]],
    ) -> Iterator[Movement]:
        base = differences.base_differences(before, after)
        one, two = _held(before), _held(after)
        for item in [*one, *(item for item in two if item not in one)]:
            a, b = one.get(item), two.get(item)
            if a and b:
                moved = causes[item]
                counted = [] if MERGED in (before.status, after.status) else differences.award_differences(a, b)
                words = [*self._words(stages, item), *counted]
                by_scheme = moved[TERMS] or (stages.reassigned and moved[DEFINITION])
                if by_scheme or moved[LIST] or moved[PRACTICE]:
                    words.extend(base)
                if by_scheme:
                    words.extend(self._words(stages, ""))
                yield self._movement(code, a, b, moved, words)
            elif a and self._compared(1, item):
                yield self._alone(code, a, 0, DEFINITION, "an item of run 1 only")
            elif b and self._compared(0, item):
                yield self._alone(code, b, 1, DEFINITION, "an item of run 2 only")

    def _compared(self, run: int, item: str) -> bool:
        """Whether a run that lacks an item was not merely narrowed without it."""
        return not self.only_items[run] or item in self.only_items[run]

    def _words(self, stages: Stages, item: str) -> list[str]:
        """What differs between two schemes of an item, or ('') of the terms that pounds rest on."""
        one, two = stages.schemes
        key = (one.scheme, two.scheme, item)
        if key not in self.words:
            if item:
                self.words[key] = differences.item_differences(one.item(item), two.item(item))
            else:
                self.words[key] = differences.pricing_differences(one, two, *(run.inputs.settings for run in self.runs))
        return self.words[key]

    def _movement(self, code: str, a: Award, b: Award, causes: tuple[int, ...], words: list[str]) -> Movement:
        """An item that both runs have."""
        self.titles.setdefault(b.item.item, b.item.title)
        if a.pennies is None and b.pennies is None:
            words = [*words, f"no pounds in either run: {b.reason}"]
        elif a.pennies is None or b.pennies is None:
            run, reason = (1, a.reason) if a.pennies is None else (2, b.reason)
            words = [*words, f"no pounds in run {run}, counted as £0.00: {reason}"]
        return Movement(code, b.item.item, (a.pennies, b.pennies), causes, "; ".join(words))

    def _alone(self, code: str, award: Award, run: int, cause: int, why: str) -> Movement:
        """An item that one run has: all its pounds are one cause's."""
        self.titles.setdefault(award.item.item, award.item.title)
        if award.pennies is None:
            why = f"{why}; no pounds there, counted as £0.00: {award.reason}"
        causes = list(_NOTHING)
        causes[cause] = (award.pennies or 0) * (1 if run else -1)
        pennies: Pair = (None, award.pennies) if run else (award.pennies, None)
        return Movement(code, award.item.item, pennies, tuple(causes), why, (not run, bool(run)))

    def _in_one(self, code: str) -> PracticeMovement:
        """A practice that the other run does not know at all."""
        run = 0 if code in self.codes[0] else 1
        result = self.runs[run].practice(code)
        note = "joined the run" if run else "left the run"
        self.seen[note] += 1
        found = tuple(
            self._alone(code, award, run, PRACTICE, f"the practice {note}")
            for award in _held(result).values()
            if self._compared(1 - run, award.item.item)
        )
        paid: list[Pair] = [(None, p) if run else (p, None) for p in _paid(result)]
        scheme, status = (("", text) if run else (text, "") for text in (result.scheme.scheme, result.status))
        part = _share(result)
        share: Pair = (None, part) if run else (part, None)
        name = result.practice.name
        return PracticeMovement(code, name, scheme, status, found, paid[0], paid[1], paid[2], note, share)

    def _changes(self) -> Iterator[tuple[str, str]]:
        """What differs between the inputs, by cause."""
        first, second = (run.inputs for run in self.runs)
        for cause, what in (("counts", "other counts"), ("list", "other lists")):
            if self.seen[cause]:
                yield cause, f"{_practices(self.seen[cause])} with {what}"
        one, two = figures(first.national), figures(second.national)
        groups = [group for group in sorted({*one, *two}) if one.get(group) != two.get(group)]
        if groups:
            names = ["the whole list" if group == WHOLE_PRACTICE else group for group in groups]
            yield "prevalence", f"national figures of {_some(names)}"
        for stages in self.stages.values():
            before, after = stages.schemes
            if before.scheme != after.scheme:
                yield "definition", f"scheme {before.scheme} → {after.scheme}"
            codes = [[item.item for item in scheme.items] for scheme in stages.schemes]
            for run, (held, other) in enumerate((codes, codes[::-1]), 1):
                alone = [item for item in held if item not in other and self._compared(2 - run, item)]
                if alone:
                    yield "definition", f"{_some(alone)} in run {run} only"
            for item in (code for code in codes[0] if code in codes[1]):
                if words := self._words(stages, item):
                    yield "definition", f"item {item}: {'; '.join(words)}"
            for text in differences.scheme_differences(before, after):
                yield "definition" if stages.reassigned or text.startswith("achievement date") else "terms", text
        dated = {name for stages in self.stages.values() for name in stages.dated}
        for name, text in differences.setting_differences(first.settings, second.settings):
            yield "definition" if name in dated else "terms", text
        if first.recoveries != second.recoveries:
            yield "terms", "the recovery plans"
        if self.seen["practice"]:
            yield "practice", f"{_practices(self.seen['practice'])} joined, left or merged on other dates"
        for note in ("joined the run", "left the run"):
            if self.seen[note]:
                yield "practice", f"{_practices(self.seen[note])} {note}"

    def _notes(self, practices: list[PracticeMovement]) -> Iterator[str]:
        if self.left_out:
            yield f"A run was narrowed with --practice: {_practices(self.left_out)} left out here."
        for n, run in enumerate(self.runs, 1):
            if run.only_items:
                yield f"Run {n} was narrowed to {', '.join(run.only_items)}: only what both runs hold is compared."
            if run.inputs.period:
                yield f"Run {n} is the position on {run.inputs.period}."
        if not self.codes[0] & self.codes[1]:
            yield "The two runs have no practice in common."
        for n in (0, 1):
            unknown = sum(m.unknown(n) for p in practices for m in p.movements)
            if unknown:
                has, count = ("award has", "counts") if unknown == 1 else ("awards have", "count")
                yield f"{unknown:,} {has} no pounds in run {n + 1}, and {count} as £0.00."
            unsettled = sum(p.balance[n] is None and p.status[n] == PROVISIONAL for p in practices)
            if unsettled:
                yield f"{_practices(unsettled)} of run {n + 1} not settled yet: balance and recovery count as £0.00."


def _held(result: PracticeResult) -> dict[str, Award]:
    """The awards whose pounds are compared, by item: each pound once.

    What is paid within another item is worth nothing by itself. Where a network pools what its members earned, the
    members have the pounds; where it is counted as one, the network has.
    """
    pool = result.pool
    if pool is not None and pool.in_pounds != result.through_network:
        return {}
    return {a.item.item: replace(a, pennies=0) if a.within and a.pennies is not None else a for a in result.awards}


def _share(result: PracticeResult) -> int | None:
    """A member's part of its network's money, in pennies."""
    return result.pool.of(result.practice.code) if result.pool is not None and result.through_network else None


def _paid(result: PracticeResult) -> tuple[int | None, int | None, int | None]:
    s = result.settlement
    return s.advance, s.balance, s.recovery


def _sum(rows: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    total = _NOTHING
    for row in rows:
        if row is not _NOTHING:
            total = tuple(map(add, total, row))
    return total


def _practices(number: int) -> str:
    return f"{number:,} practice" + ("" if number == 1 else "s")


def _some(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
