"""What a gap is worth alone: one more patient achieved, priced by the engine at the present achievement.

Nothing lies beyond the top step, and what cannot be priced is not known, with the reason; it is never 0.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from remit.core import say
from remit.core.figures import NUMERATOR, FigureKey
from remit.core.problems import Refused, refuse
from remit.evaluation.plan import RATES, Plan
from remit.pricing.award import Award
from remit.pricing.prospects import prospects
from remit.pricing.scenario import Change
from remit.runs.engine import Run
from remit.runs.inputs import read_inputs
from remit.runs.results import MERGED
from remit.scheme.model import Item
from remit.worklist.evaluations import Evaluation
from remit.worklist.model import CareWorth


class Unpriced:
    """A scheme that cannot be priced for a practice at all, with the reason."""

    def __init__(self, evaluation: Evaluation, plan: Plan, why: str) -> None:
        rated = [one for one in plan.counted if one.measures == RATES]
        scheme = evaluation.scheme.scheme
        self.worths = {one.definition.code: CareWorth(scheme, one.subject, None, why) for one in rated}

    def instead(self, code: str) -> str:
        """See `SchemeMoney`, as for the others."""
        return ""

    def lower_is_better(self, code: str) -> bool:
        return False

    def together(self, codes: Collection[str]) -> int:
        return 0

    def towards(self, code: str, open_gaps: Mapping[str, int]) -> str:
        return ""

    def share(self, code: str, open_gaps: Mapping[str, int]) -> Fraction:
        return Fraction(0)


def money_of(evaluation: Evaluation, plan: Plan, practice: str, run: Run | None = None) -> SchemeMoney | Unpriced:
    """A scheme's money for a practice. Without a run it may be that the scheme is not offered there, or lacks a value.

    Raises Refused for a run of another scheme or of other counts.
    """
    for name in ("practices.csv", "counts.csv"):
        evaluation.file(name)
    if run is None:
        try:
            run, own = _run(evaluation, practice), True
        except Refused as refused:
            return Unpriced(evaluation, plan, refused.problems[0].message)
    else:
        own = False
    return SchemeMoney(evaluation, plan, practice, run, own)


class SchemeMoney:
    """One scheme's money for one practice: what each indicator, and several at once, would bring."""

    def __init__(self, evaluation: Evaluation, plan: Plan, practice: str, run: Run, own: bool = True) -> None:
        self.scheme, self.run = evaluation.scheme.scheme, run
        if not own:
            self._check(evaluation, practice, plan)
        self.result = self.run.practice(practice)
        self.price = self.run.what_if(self.result)
        pool = self.result.pool
        self.as_one = pool is not None and self.result.through_network and not pool.in_pounds
        rated = {one.definition.code for one in plan.counted if one.measures == RATES}
        self.items: dict[str, Item] = {}
        self.paying: dict[str, list[Item]] = {}
        """All items that pay on an indicator, of which `items` has the last."""
        for item in self.run.standings.plan(practice).items:
            for code in item.indicators if item.measure == "achievement" else ():
                if code in rated:
                    self.items[code] = item
                    self.paying.setdefault(code, []).append(item)
        self.by = say.day(evaluation.scheme.achievement_date)
        self.worths = {code: self._worth(code, item) for code, item in self.items.items()}
        self._together: dict[frozenset[str], int] = {}

    def _check(self, evaluation: Evaluation, practice: str, plan: Plan) -> None:
        """Refuse a run of another scheme, or whose counts are not those of the evaluation."""
        if practice not in self.run.codes or self.run.inputs.assigned[practice] != self.scheme:
            raise refuse(
                "worklist.run-of-another-scheme",
                f"the run has no result of {practice} under {self.scheme}.",
                None,
                "Give a run of that scheme.",
                practice=practice,
                scheme=self.scheme,
            )
        period, run_period = _period(evaluation), self.run.inputs.period
        if (str(run_period) if run_period else None) != period:
            what = f"the run is of {run_period or 'the whole year'}, and {evaluation.folder} of {evaluation.on}."
            raise refuse(
                "worklist.run-not-of-the-period" if period else "worklist.run-not-of-the-year",
                what,
                None,
                f"Run {self.scheme} for {period or 'the whole year'}.",
                scheme=self.scheme,
                period=period,
            )
        own, theirs = (
            _run(evaluation, practice).inputs.counts.of(practice),
            self.run.inputs.counts.of(practice),
        )
        for one in plan.counted:
            for measure in one.measures:
                key = FigureKey(measure)
                here, there = own.get(one.subject, {}).get(key), theirs.get(one.subject, {}).get(key)
                if here != there:
                    what = f"the run has {measure} {there} of {one.subject}, and {evaluation.folder} {here}."
                    raise refuse(
                        "worklist.run-of-other-counts",
                        what,
                        None,
                        f"Run {self.scheme} on the counts of that evaluation.",
                        scheme=self.scheme,
                        subject=one.subject,
                        measure=measure,
                    )

    def instead(self, code: str) -> str:
        """The indicator by which the scheme pays now, where that is no longer this one."""
        done = self.price.now[self.items[code].item].achievement if code in self.items else None
        return done.definition if done and done.definition and done.definition != code else ""

    def lower_is_better(self, code: str) -> bool:
        """Whether the indicator counts what should not be: then whoever is not counted has no gap."""
        return code in self.items and self.items[code].kind.falls

    def one_more(self, code: str, done: Change) -> dict[tuple[str, FigureKey], int]:
        """One more patient achieved of an indicator, in each figure that it is paid by; `done` are those so far."""
        change: dict[tuple[str, FigureKey], int] = {}
        for item in self.paying[code]:
            now, holder = self.price.measured(item.item), self._holder(item)
            if holder is not None and now.numerator is not None and now.denominator is not None:
                key = (holder, NUMERATOR)
                change[key] = min(done.get(key, now.numerator) + 1, now.denominator)
        return change

    def _worth(self, code: str, item: Item) -> CareWorth:
        award = self.price.now.get(item.item)
        holder = self._holder(item)
        if item.item in self.result.parts:
            return CareWorth(self.scheme, item.item, None, "Its network earns on it, and shares it out.")
        if self.as_one:
            return CareWorth(self.scheme, item.item, None, "Its network earns on it as one, and not the practice.")
        if award is None or holder is None or self.result.status == MERGED:
            return CareWorth(self.scheme, item.item, None, (award.reason if award else "") or "It has no counts.")
        top, denominator = award.achievement.numerator, award.achievement.denominator
        if award.achievement.rate is None or top is None or not denominator:
            return CareWorth(self.scheme, item.item, None, award.reason or "Its achievement is not known.")
        change = self.one_more(code, {})
        pence, _, after = self.price.worth(change, self.price.touched(change))
        if pence is None:
            return CareWorth(self.scheme, item.item, None, _reason(after[item.item]))
        steps = (p for p in prospects(award, self.price, self.by) if p.reaches.startswith(("from ", "above ")))
        nearest = next((p for p in steps if p.patients and not p.fewer and p.pence != 0), None)
        if nearest is None:
            why = "" if pence else award.reason if award.shut else "Nothing more can be earned here."
            return CareWorth(self.scheme, item.item, pence, why)
        why = "" if nearest.pence is not None else self._at(item, holder, top + (nearest.patients or 0))
        return CareWorth(
            self.scheme, item.item, pence, why, nearest.patients, f"{nearest.item} {nearest.reaches}", nearest.pence
        )

    def _at(self, item: Item, holder: str, count: int) -> str:
        """Why the pounds with so many achieved are not known."""
        return _reason(self.price.awards({(holder, NUMERATOR): count}, [item.item])[item.item])

    def _holder(self, item: Item) -> str | None:
        return self.price.holder(item.item, NUMERATOR)

    def together(self, codes: Collection[str]) -> int:
        """What one more patient of each of several indicators brings at once; those not known are left out."""
        known = frozenset(c for c in codes if c in self.worths and self.worths[c].pence is not None)
        if known not in self._together:
            change: dict[tuple[str, FigureKey], int] = {}
            for code in known:
                change |= self.one_more(code, {})
            pence = self.price.worth(change, self.price.touched(change))[0] if known else 0
            alone = sum(self.worths[code].pence or 0 for code in known)
            self._together[known] = alone if pence is None else pence
        return self._together[known]

    def towards(self, code: str, open_gaps: Mapping[str, int]) -> str:
        """The item towards whose next step a patient counts who earns nothing alone.

        None where the practice has fewer open gaps than the step takes.
        """
        worth = self.worths.get(code)
        counts = worth is not None and worth.pence == 0 and worth.more is not None
        return worth.item if worth and counts and (worth.more or 0) <= open_gaps.get(code, 0) else ""

    def share(self, code: str, open_gaps: Mapping[str, int]) -> Fraction:
        """What one such patient brings towards the step: its pounds, where known, over the patients it takes."""
        worth = self.worths.get(code)
        if worth is None or not self.towards(code, open_gaps) or not worth.step_pence or not worth.more:
            return Fraction(0)
        return Fraction(worth.step_pence, worth.more)


def _reason(award: Award) -> str:
    return award.reason or f"The pounds of {award.item.item} are not known."


def _run(evaluation: Evaluation, practice: str) -> Run:
    """The evaluation's own counts and practices under its scheme."""
    inputs = read_inputs(
        [evaluation.scheme], evaluation.file("practices.csv"), evaluation.file("counts.csv"), period=_period(evaluation)
    )
    return Run(inputs, [practice])


def _period(evaluation: Evaluation) -> str | None:
    """The period whose counts an evaluation wrote: none for the whole year, up to the achievement date."""
    return None if evaluation.on == evaluation.scheme.achievement_date else evaluation.on.isoformat()
