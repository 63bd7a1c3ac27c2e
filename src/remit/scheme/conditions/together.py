"""Conditions of several things: so many of some items, all of these, any of these, not this; and the union of all."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, TypeAdapter

from remit.core import exact, say
from remit.scheme.conditions.base import Condition, Facts, ItemFacts, Path, Verdict
from remit.scheme.conditions.single import AcceptedScheme, AchievementOf, ColumnOf, CountOf, DeclaredYes, PcaRateOf
from remit.scheme.kinds.base import Reads
from remit.scheme.kinds.figures import Code
from remit.scheme.quantity import Count, Range, RangePhrase

TOP, MET = "top step", "met"
_RANGES: TypeAdapter[Range] = TypeAdapter(RangePhrase)


@lru_cache(maxsize=256)
def _range(text: str) -> Range:
    """A step or rate that is reached, read once."""
    return _RANGES.validate_python(text)


def _reach(raw: Any) -> Any:
    """`60%` is from 60%."""
    text = str(raw).strip()
    if text in (TOP, MET):
        return text
    try:
        exact.percent(text)
    except ValueError:
        pass
    else:
        return f"from {text}"
    if not text.startswith(("above ", "from ", "below ", "to ")):
        raise ValueError(f"expected 'top step', 'met', a rate such as 60%, or 'above 70%', found '{text}'")
    _range(text)
    return text


class ManyReach(Condition):
    """`{at_least: 2, of: ["2", "3", "4"], reach: top step}`"""

    at_least: Count = Field(description="How many of them")
    of: Annotated[tuple[Code, ...], Field(min_length=1)] = Field(description="The items, each earlier than this one")
    reach: Annotated[str, BeforeValidator(_reach)] = Field(
        description="What each reaches: its `top step` (all that it can earn), `met` (as for `requires`), a rate "
        "such as `60%`, or a step such as `above 70%`"
    )

    def verdict(self, facts: Facts) -> Verdict:
        reached = {code: self._reached(facts.item(code)) for code in self.of}
        yes = [code for code, holds in reached.items() if holds]
        open_ = [code for code, holds in reached.items() if holds is None]
        needed = self.at_least.known()
        if len(yes) < needed <= len(yes) + len(open_):
            whys = " ".join(dict.fromkeys(filter(None, (facts.item(code).why for code in open_))))
            which = f"{'item' if len(open_) == 1 else 'items'} {say.listed(open_)}"
            what = f"Whether {self._sentence(which, len(open_))} is not known."
            return Verdict(None, f"{what} {whys}".strip())
        which = self._sentence(f"{len(yes)} of items {say.listed(self.of)}", len(yes))
        named = f" ({'item' if len(yes) == 1 else 'items'} {say.listed(yes)})" if yes else ""
        side = f"at least {self.at_least}" if len(yes) >= needed else f"not at least {self.at_least}"
        return Verdict(len(yes) >= needed, f"{which}{named}, {side}")

    def _reached(self, item: ItemFacts) -> bool | None:
        if self.reach == MET:
            return item.met
        if self.reach == TOP:
            return False if item.empty else None if item.earned is None or not item.most else item.earned == item.most
        rate = Fraction(0) if item.empty else item.rate
        return None if rate is None else _range(self.reach).holds(rate)

    def _sentence(self, which: str, many: int) -> str:
        goal = {TOP: "the top step", MET: "what is asked"}.get(self.reach, f"a rate {self.reach}")
        return f"{which} {'reaches' if many == 1 else 'reach'} {goal}"

    def words(self) -> str:
        many = 1 if self.at_least.value == 1 else 2
        return self._sentence(f"at least {self.at_least} of items {say.listed(self.of)}", many)

    def rests_on(self) -> tuple[str, ...]:
        return self.of

    def marks_of(self, code: str) -> tuple[tuple[Fraction, bool], ...]:
        if code not in self.of or self.reach in (TOP, MET):
            return ()
        when = _range(self.reach)
        ends = ((when.low, when.low_above), (when.high, not when.high_below))
        return tuple((at, above) for at, above in ends if at is not None)

    def missing(self) -> str:
        return "at_least" if self.at_least.required else ""

    def faults(self) -> Iterator[tuple[Path, str]]:
        doubled = sorted({code for code in self.of if self.of.count(code) > 1})
        if doubled:
            yield ("of",), f"{say.listed(doubled)} is named twice"
        if self.at_least.value is not None and self.at_least.value > len(self.of):
            yield ("at_least",), f"at least {self.at_least} of {len(self.of)}: this never holds"
        if self.at_least.value == 0:
            yield ("at_least",), "at least 0: this always holds"


class _Several(Condition):
    """Conditions one beside the other."""

    @abstractmethod
    def each(self) -> tuple[Condition, ...]:
        """The conditions."""

    def rests_on(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for part in self.each() for code in part.rests_on()))

    def pca_rates_of(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for part in self.each() for code in part.pca_rates_of()))

    def reads(self) -> tuple[Reads, ...]:
        return tuple(dict.fromkeys(read for part in self.each() for read in part.reads()))

    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for part in self.each() for name in part.columns()))

    def _verdicts(self, facts: Facts, settled: bool) -> Verdict:
        """`settled` is what one part alone decides for all: of `any`, true; of `all`, false."""
        verdicts = [part.verdict(facts) for part in self.each()]
        decides = [v.because for v in verdicts if v.holds is settled]
        if decides:
            return Verdict(settled, " and ".join(decides))
        open_ = [v.because for v in verdicts if v.holds is None]
        if open_:
            return Verdict(None, " ".join(dict.fromkeys(open_)))
        return Verdict(not settled, " and ".join(v.because for v in verdicts))


class AllOf(_Several):
    """`{all: [{…}, {…}]}`"""

    all: Annotated[tuple[When, ...], Field(min_length=1)] = Field(description="Conditions that hold together")

    def each(self) -> tuple[Condition, ...]:
        return self.all

    def parts(self) -> Iterator[tuple[Path, Condition]]:
        yield from ((("all", n), part) for n, part in enumerate(self.all))

    def verdict(self, facts: Facts) -> Verdict:
        return self._verdicts(facts, False)

    def words(self) -> str:
        return " and ".join(part.words() for part in self.all)


class AnyOf(_Several):
    """`{any: [{…}, {…}]}`"""

    any: Annotated[tuple[When, ...], Field(min_length=1)] = Field(description="Conditions of which one holds at least")

    def each(self) -> tuple[Condition, ...]:
        return self.any

    def parts(self) -> Iterator[tuple[Path, Condition]]:
        yield from ((("any", n), part) for n, part in enumerate(self.any))

    def verdict(self, facts: Facts) -> Verdict:
        return self._verdicts(facts, True)

    def words(self) -> str:
        return " or ".join(part.words() for part in self.any)


class Not(_Several):
    """`{not: {…}}`"""

    not_: When = Field(alias="not", description="A condition that does not hold")

    def each(self) -> tuple[Condition, ...]:
        return (self.not_,)

    def parts(self) -> Iterator[tuple[Path, Condition]]:
        yield ("not",), self.not_

    def verdict(self, facts: Facts) -> Verdict:
        found = self.not_.verdict(facts)
        return Verdict(None if found.holds is None else not found.holds, found.because)

    def words(self) -> str:
        return f"it is not so that {self.not_.words()}"


class NoCondition(Condition):
    """What names no condition at all: its keys are refused one by one."""

    def verdict(self, facts: Facts) -> Verdict:
        raise ValueError("no condition is named")

    def words(self) -> str:
        return ""


HEADS: dict[str, type[Condition]] = {
    "achievement_of": AchievementOf,
    "pca_rate_of": PcaRateOf,
    "column": ColumnOf,
    "count": CountOf,
    "declared": DeclaredYes,
    "accepted": AcceptedScheme,
    "reach": ManyReach,
    "all": AllOf,
    "any": AnyOf,
    "not": Not,
}
"""The conditions by the key that names each."""

BOUNDS = frozenset({"above", "at_least", "below", "at_most", "called", "is", "of", "words"})
"""What goes with the key that names a condition, and names none."""
_NONE = ""
CONDITION_BRANCHES = frozenset(f"when: {name}" for name in (*HEADS, _NONE))
"""What pydantic puts into the path of an error for the branch that was taken; no file has such a key there."""


def _branch(raw: Any) -> str | None:
    """The branch of the one condition that is named; None where there are several, or nothing is given."""
    if isinstance(raw, Condition):
        return next(f"when: {name}" for name, model in HEADS.items() if type(raw) is model)
    if not isinstance(raw, dict):
        return f"when: {_NONE}"
    named = [name for name in HEADS if name in raw]
    if len(named) == 1:
        return f"when: {named[0]}"
    return None if named or not raw or set(raw) <= BOUNDS else f"when: {_NONE}"


def _tag(name: str) -> Tag:
    return Tag(f"when: {name}")


When = Annotated[
    Annotated[AchievementOf, _tag("achievement_of")]
    | Annotated[PcaRateOf, _tag("pca_rate_of")]
    | Annotated[ColumnOf, _tag("column")]
    | Annotated[CountOf, _tag("count")]
    | Annotated[DeclaredYes, _tag("declared")]
    | Annotated[AcceptedScheme, _tag("accepted")]
    | Annotated[ManyReach, _tag("reach")]
    | Annotated[AllOf, _tag("all")]
    | Annotated[AnyOf, _tag("any")]
    | Annotated[Not, _tag("not")]
    | Annotated[NoCondition, _tag(_NONE)],
    Discriminator(
        _branch,
        custom_error_type="one_condition",
        custom_error_message=f"give exactly one condition: {', '.join(HEADS)}; put several under 'all' or 'any'",
    ),
]
for _model in (AllOf, AnyOf, Not):
    _model.model_rebuild()
