"""What moved between two runs, in pounds by cause, for each practice and item.

The causes are calculated in the order of `CAUSES`, each on top of those before it (`stages.py`), and add up to the
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
from dataclasses import replace
from pathlib import Path

from remit.comparison import differences
from remit.comparison.movements import Comparison, Movement, Pair, PracticeMovement
from remit.comparison.stages import CAUSES, DEFINITION, LIST, NOTHING, PRACTICE, TERMS, Stages, figures
from remit.core import say
from remit.core.problems import did_you_mean, refuse
from remit.core.sums import Sum
from remit.pricing.award import Award
from remit.runs.engine import Run
from remit.runs.folder import open_run
from remit.runs.networks import NETWORK
from remit.runs.results import MERGED, PracticeResult
from remit.scoring.subjects import WHOLE_PRACTICE

__all__ = ["CAUSES", "Comparison", "Movement", "PracticeMovement", "compare"]


def compare(
    first: Run | str | Path,
    second: Run | str | Path,
    *,
    practices: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """What moved from one run to another, by cause; runs, or the folders that hold them.

    `practices` narrows to some of them; `progress(done, of)` is called as it goes. Raises Refused for a folder that is
    not a run, and for a practice that is in neither.
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
        self.counted_causes: Counter[str] = Counter()
        self.other_area = False
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
                raise refuse(
                    "comparison.practice-unknown",
                    f"there is no practice '{code}' in these runs.",
                    None,
                    did_you_mean(code, everyone),
                    practice=code,
                )
            if code in passed:
                raise refuse(
                    "comparison.practice-narrowed-out",
                    f"practice {code} was left out of one of the runs, which was made for some practices only.",
                    None,
                    "Run it again.",
                    practice=code,
                )
        if everyone == passed:
            raise refuse(
                "comparison.nothing-in-common",
                "the two runs were narrowed to different practices: there is nothing to compare.",
            )
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
        stages, one, two = self.stages[pair], first.standing(code), second.standing(code)
        lists = second.inputs.practices
        changes = stages.changes(one, two, lists)
        self.other_area |= one.area != two.area
        self.counted_causes.update(cause for cause, changed in zip(CAUSES, changes, strict=True) if changed)
        plans = [run.inputs.recoveries.get(code) for run in self.runs]
        before = after = first.practice(code)
        movements: Iterable[Movement]
        if self.scope[0] == self.scope[1] and not any(changes) and plans[0] == plans[1]:
            movements = (self._movement(code, award, award, NOTHING, []) for award in _awards_of(before).values())
        else:
            after = second.practice(code)
            pence = [{code: award.pence for code, award in _awards_of(result).items()} for result in (before, after)]
            causes = stages.walk(one, two, lists, changes, *pence)
            movements = self._items(code, stages, before, after, causes)
        advance, balance, recovery = zip(_paid(before), _paid(after), strict=True)
        name, status = after.practice.name or before.practice.name, (before.status, after.status)
        movements, share, network = tuple(movements), (_share(before), _share(after)), after.practice.level == NETWORK
        return PracticeMovement(code, name, pair, status, movements, advance, balance, recovery, "", share, network)

    def _items(
        self,
        code: str,
        stages: Stages,
        before: PracticeResult,
        after: PracticeResult,
        causes: dict[str, tuple[int, ...]],
    ) -> Iterator[Movement]:
        base = differences.base_differences(before, after)
        one, two = _awards_of(before), _awards_of(after)
        for item in [*one, *(item for item in two if item not in one)]:
            a, b = one.get(item), two.get(item)
            if a and b:
                moved = causes[item]
                gone = [result.reason for result in (before, after) if result.status == MERGED]
                counted = [] if gone else differences.award_differences(a, b)
                words = [*self._words(stages, item), *counted]
                by_scheme = moved[TERMS] or (stages.reassigned and moved[DEFINITION])
                if by_scheme or moved[LIST] or moved[PRACTICE]:
                    words.extend(base)
                if by_scheme:
                    words.extend(self._words(stages, ""))
                words.extend(dict.fromkeys(gone))
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
        if a.pence is None and b.pence is None:
            words = [*words, f"no pounds in either run: {b.reason}"]
        elif a.pence is None or b.pence is None:
            run, reason = (1, a.reason) if a.pence is None else (2, b.reason)
            words = [*words, f"not compared: no pounds in run {run}: {reason}"]
            causes = NOTHING
        return Movement(code, b.item.item, (a.pence, b.pence), causes, "; ".join(words))

    def _alone(self, code: str, award: Award, run: int, cause: int, why: str) -> Movement:
        """An item that one run has: all its pounds are one cause's."""
        self.titles.setdefault(award.item.item, award.item.title)
        if award.pence is None:
            why = f"{why}; not compared: no pounds there: {award.reason}"
        causes = list(NOTHING)
        causes[cause] = 0 if award.pence is None else award.pence * (1 if run else -1)
        pence: Pair = (None, award.pence) if run else (award.pence, None)
        return Movement(code, award.item.item, pence, tuple(causes), why, (not run, bool(run)))

    def _in_one(self, code: str) -> PracticeMovement:
        """A practice that the other run does not know at all."""
        run = 0 if code in self.codes[0] else 1
        result = self.runs[run].practice(code)
        note = "joined the run" if run else "left the run"
        self.counted_causes[note] += 1
        movements = tuple(
            self._alone(code, award, run, PRACTICE, f"the practice {note}")
            for award in _awards_of(result).values()
            if self._compared(1 - run, award.item.item)
        )
        paid: list[Pair] = [(None, p) if run else (p, None) for p in _paid(result)]
        scheme, status = (("", text) if run else (text, "") for text in (result.scheme.scheme, result.status))
        part = _share(result)
        share: Pair = (None, part) if run else (part, None)
        name, network = result.practice.name, result.practice.level == NETWORK
        return PracticeMovement(code, name, scheme, status, movements, paid[0], paid[1], paid[2], note, share, network)

    def _changes(self) -> Iterator[tuple[str, str]]:
        """What differs between the inputs, by cause."""
        first, second = (run.inputs for run in self.runs)
        for cause, what in (("counts", "other counts"), ("list", "other lists")):
            if self.counted_causes[cause]:
                yield cause, f"{_practices(self.counted_causes[cause])} with {what}"
        yield from self._national()
        for stages in self.stages.values():
            before, after = stages.schemes
            if before.scheme != after.scheme:
                yield "definition", f"scheme {before.scheme} → {after.scheme}"
            codes = [[item.item for item in scheme.items] for scheme in stages.schemes]
            for run, (own, other) in enumerate((codes, codes[::-1]), 1):
                alone = [item for item in own if item not in other and self._compared(2 - run, item)]
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
        if self.other_area:
            yield "terms", "what all practices together come to: a budget's factor, or the averages for small numbers"
        if self.counted_causes["practice"]:
            yield "practice", f"{_practices(self.counted_causes['practice'])} joined, left or merged on other dates"
        for note in ("joined the run", "left the run"):
            if self.counted_causes[note]:
                yield "practice", f"{_practices(self.counted_causes[note])} {note}"

    def _national(self) -> Iterator[tuple[str, str]]:
        """The national figures that are other ones; a group that one run's schemes lack is a definition's matter."""
        one, two = (figures(run.inputs.national) for run in self.runs)
        known = [
            {WHOLE_PRACTICE, *(group.group for scheme in run.inputs.schemes.values() for group in scheme.groups)}
            for run in self.runs
        ]
        names: dict[tuple[str, str], list[str]] = {}
        for group in sorted({*one, *two}):
            name = "the whole list" if group == WHOLE_PRACTICE else group
            if (group in known[0]) != (group in known[1]):
                where = f"in run {1 if group in known[0] else 2} only"
                names.setdefault(("definition", where), []).append(name)
            elif one.get(group) != two.get(group):
                where = "" if group in one and group in two else f"in run {1 if group in one else 2} only"
                names.setdefault(("prevalence", where), []).append(name)
        for (cause, where), groups in names.items():
            what = "national figures of" if cause == "prevalence" else "group" if len(groups) == 1 else "groups"
            yield cause, f"{what} {_some(groups)} {where}".strip()

    def _notes(self, practices: list[PracticeMovement]) -> Iterator[str]:
        if self.left_out:
            yield f"A run was narrowed to some practices: {_practices(self.left_out)} left out here."
        for n, run in enumerate(self.runs, 1):
            if run.only_items:
                yield f"Run {n} was narrowed to {', '.join(run.only_items)}: only what both runs hold is compared."
            if run.inputs.period:
                yield f"Run {n} is the position on {run.inputs.period}."
        if not self.codes[0] & self.codes[1]:
            yield "The two runs have no practice in common."
        for n in (0, 1):
            unknown = [m for p in practices for m in p.movements if m.unknown(n)]
            if unknown:
                has, is_ = ("award has", "is") if len(unknown) == 1 else ("awards have", "are")
                theirs = Sum.of(m.pence[1 - n] for m in unknown if m.held[1 - n])
                known_there = f" (in run {2 - n}: {say.so_far(theirs)})" if theirs.known else ""
                yield f"{len(unknown):,} {has} no pounds in run {n + 1}, and {is_} not compared{known_there}."
            unsettled = sum(p.payment("balance", n) is None for p in practices)
            if unsettled:
                yield f"{_practices(unsettled)} of run {n + 1} not settled yet: balance and recovery are not known."


def _awards_of(result: PracticeResult) -> dict[str, Award]:
    """The awards whose pounds are compared, by item: each pound once.

    What is paid within another item is worth nothing by itself, nor is what a practice earned that merged: it is its
    successor's. Where a network pools what its members earned, the
    members have the pounds, as where it shares out some items alone; where it is counted as one, the network has.
    """
    pool = result.pool
    if result.shares_out or (pool is not None and pool.in_pounds != result.through_network):
        return {}
    none = result.status == MERGED
    return {
        a.item.item: replace(a, pence=0) if none or (a.within and a.pence is not None) else a for a in result.awards
    }


def _share(result: PracticeResult) -> int | None:
    """A member's part of its network's money, in pence."""
    return result.pool.pence_of(result.practice.code) if result.pool is not None and result.through_network else None


def _paid(result: PracticeResult) -> tuple[int | None, int | None, int | None]:
    s = result.settlement
    if result.through_network:
        return 0, 0, 0  # what is paid for it is paid to its network
    if result.status == MERGED:
        return s.advance, 0, 0  # its balance is its successor's
    return s.advance, s.balance, s.recovery


def _practices(number: int) -> str:
    return f"{number:,} practice" + ("" if number == 1 else "s")


def _some(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
