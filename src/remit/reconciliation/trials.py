"""What may have been done otherwise on the other side: the run's own rules with one thing changed, ready to price.

Each trial is a plan that the evaluator prices; those that give the other side's figure are its likely
causes. Other years' thresholds, lists and values of a point are those of the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from remit.core.rounding import Rounding
from remit.pricing.plan import PricingPlan, plan_of
from remit.reconciliation.rows import BASIS, LIST, ROUNDING, THRESHOLDS, VALUE
from remit.runs.engine import Run
from remit.scheme import load_scheme, scheme_ids
from remit.scheme.kinds import Kind, Protected, Steps
from remit.scheme.model import Item, RoundingPolicy, Scheme
from remit.scheme.pays import Pays, PaysSteps
from remit.scheme.quantity import STEP_WORDS, Step
from remit.scoring.achievement import Achievement

_ROUNDED = (
    (("points",), 2),
    (("points",), 1),
    (("points",), 0),
    (("list",), 2),
    (("prevalence", "target_population"), 2),
    (("list", "prevalence", "target_population"), 2),
    (("pounds_per_point",), 2),
    (("points", "list", "prevalence", "target_population"), 2),
    (("pounds",), 0),
)
_CALLED = {"points": "points", "list": "the list index", "prevalence": "the prevalence factor",
           "pounds_per_point": "pounds per point", "pounds": "pounds"}  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """One thing done otherwise: the class of cause, how to say it of an item, and the plan with it."""

    cause: str
    text: Callable[[Item], str]
    plan: PricingPlan
    only: frozenset[str] | None = None

    @property
    def moves_points(self) -> bool:
        """Whether it could change points, and not only pounds."""
        return self.cause in (ROUNDING, THRESHOLDS)

    def touches(self, item: str) -> bool:
        """Whether it could change that item at all."""
        return self.only is None or item in self.only


class Trials:
    """The trials for one scheme of a run."""

    def __init__(self, run: Run, name: str) -> None:
        self.scheme, self.settings = run.plans[name].scheme, run.inputs.settings
        self.national = run.inputs.national
        self.base = run.plans[name] if not run.only_items else self._plan(self.scheme)

    def _plan(self, scheme: Scheme) -> PricingPlan:
        return plan_of(scheme, self.settings, self.national)

    @cached_property
    def others(self) -> tuple[Scheme, ...]:
        """The library's schemes of other years, the nearest first."""
        schemes = [load_scheme(name) for name in scheme_ids()]
        year = self.scheme.year
        return tuple(sorted((s for s in schemes if s.year != year), key=lambda s: abs(s.year.begins - year.begins)))

    @cached_property
    def all(self) -> tuple[Trial, ...]:
        """Every trial, the most likely first within its class."""
        return (*self._rounded(), *self._thresholds(), *self._averages(), *self._bases(), *self._values())

    def _rounded(self) -> Iterator[Trial]:
        now = self.scheme.rounding
        tried = {_steps(now)}
        for names, places in _ROUNDED:
            policy = now.model_copy(update=dict.fromkeys(names, Rounding(places)))
            if _steps(policy) not in tried:
                tried.add(_steps(policy))
                called = " and ".join(_CALLED[n] for n in names if n in _CALLED)
                words = f"with {called} rounded to {places} {'place' if places == 1 else 'places'}"
                yield self._trial(ROUNDING, words, {"rounding": policy})
        exact = now.model_copy(update=dict.fromkeys(_NAMES, Rounding()) | {"pounds": now.pounds})
        if _steps(exact) not in tried:
            yield self._trial(ROUNDING, "with nothing rounded before the pounds", {"rounding": exact})

    def _trial(self, cause: str, words: str, update: Mapping[str, object]) -> Trial:
        return Trial(cause, lambda _: words, self._plan(self.scheme.model_copy(update=update)))

    def _thresholds(self) -> Iterator[Trial]:
        for other in self.others:
            theirs = {item.item: item for item in other.items}
            kinds = {
                item.item: theirs[item.item].pays
                for item in self.scheme.items
                if item.item in theirs and _differs(item.kind, theirs[item.item].kind)
            }
            if kinds:
                yield self._with(kinds, f"as {other.scheme} has it: ")
        flipped = {i.item: PaysSteps(steps=_flipped(i.kind)) for i in self.scheme.items if isinstance(i.kind, Steps)}
        if flipped:
            yield self._with(flipped, "with 'from' read for 'above' at each step, and 'above' for 'from': ")

    def _with(self, kinds: Mapping[str, Pays], words: str) -> Trial:
        items = tuple(
            item.model_copy(update={"pays": kinds[item.item]}) if item.item in kinds else item
            for item in self.scheme.items
        )
        plan = self._plan(self.scheme.model_copy(update={"items": items}))
        return Trial(THRESHOLDS, lambda item: words + kinds[item.item].kind.words(), plan, frozenset(kinds))

    def _averages(self) -> Iterator[Trial]:
        weight = self.scheme.weights.list
        if weight is None:
            return
        for other in self.others:
            theirs = other.weights.list
            if theirs is None or theirs.over.value in (None, weight.over.value):
                continue
            weights = self.scheme.weights.model_copy(
                update={"list": weight.model_copy(update={"over": theirs.over, "over_at": theirs.over_at})}
            )
            words = (
                f"with the national average list of {other.year}, {theirs.over} at {theirs.over_at}, "
                f"in place of {weight.over}"
            )
            yield self._trial(LIST, words, {"weights": weights})

    def _bases(self) -> Iterator[Trial]:
        weight = self.scheme.weights.prevalence
        if weight is None:
            return
        now = self.base.resolved.prevalence_basis
        for basis, words in (("group", "each register's own list"), ("registered", "the whole registered list")):
            if basis != now:
                weights = self.scheme.weights.model_copy(
                    update={"prevalence": weight.model_copy(update={"basis": basis})}
                )
                yield self._trial(BASIS, f"with prevalence over {words}", {"weights": weights})
        without = {"prevalence", "target_population"}
        items = tuple(
            item.model_copy(update={"weights": tuple(w for w in item.weights if w not in without)})
            for item in self.scheme.items
        )
        trial = self._trial(BASIS, "without the prevalence weight", {"items": items})
        yield replace(trial, only=frozenset(i.item for i in self.scheme.items if without & set(i.weights)))

    def _values(self) -> Iterator[Trial]:
        for other in self.others:
            if self.scheme.point and other.point and self.scheme.point.value.value != other.point.value.value:
                words = f"with {other.point.value} a point, the value of {other.year}, for {self.scheme.point.value}"
                yield self._trial(VALUE, words, {"point": other.point})


_NAMES = ("list", "prevalence", "target_population", "points", "pounds_per_point")


def _steps(policy: RoundingPolicy) -> tuple[Rounding, ...]:
    return (*(getattr(policy, name) for name in _NAMES), policy.pounds)


def _differs(one: Kind, two: Kind) -> bool:
    """Whether two years pay otherwise for what was achieved; protected points say nothing of that."""
    protected = isinstance(one, Protected) or isinstance(two, Protected)
    return one.unit == two.unit and not protected and not two.missing() and one.words() != two.words()


def _flipped(steps: Steps) -> Steps:
    """The steps with their operators exchanged: a frequent slip in copying `>` and `>=`."""
    tables = tuple(table.model_copy(update={"steps": _turned(table.steps)}) for table in steps.tables)
    return steps.model_copy(update={"steps": _turned(steps.steps), "tables": tables})


def _turned(steps: Sequence[Step]) -> tuple[Step, ...]:
    words = ((STEP_WORDS[s.falls][s.above], STEP_WORDS[s.falls][not s.above]) for s in steps)
    return tuple(
        replace(s, above=not s.above, text=s.text.replace(*pair)) for s, pair in zip(steps, words, strict=True)
    )


def rate_rounded(done: Achievement, places: int) -> Achievement | None:
    """The achievement with its per cent rounded to so many places; None where that changes nothing."""
    if done.rate is None or done.denominator is None:
        return None
    rate = Rounding(places).apply(done.rate * 100) / 100
    return None if rate == done.rate else replace(done, rate=rate)


def rounded_words(places: int) -> str:
    """How to say it."""
    return f"with achievement rounded to {places} {'place' if places == 1 else 'places'} of a per cent"
