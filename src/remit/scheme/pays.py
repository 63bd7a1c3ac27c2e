"""How an item pays: exactly one payment kind, under its name. Each branch of the union `Pays` has that one key."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Tag

from remit.scheme.kinds import (
    Activity,
    BetterOfTwoYears,
    Blend,
    Boolean,
    ChangeOver,
    Fixed,
    Gateway,
    HigherOf,
    Historic,
    IncomeProtection,
    Kind,
    Linear,
    OwnTarget,
    Pooled,
    Pot,
    Protected,
    QualityImprovement,
    Required,
    SharedSavings,
    Steps,
    StepThenLinear,
    Strict,
)

_NONE = ""


class _Pays(Strict):
    """A branch of the union. What it is called in a file is the name of its one field."""

    called: ClassVar[str] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls.called = next(iter(cls.__annotations__), "")

    @property
    def kind(self) -> Kind:
        kind: Kind = getattr(self, self.called)
        return kind


class PaysBoolean(_Pays):
    """All or nothing."""

    boolean: Boolean


class PaysLinear(_Pays):
    """On a straight line between two thresholds."""

    linear: Linear


class PaysStepThenLinear(_Pays):
    """A start at the lower threshold, then a straight line."""

    step_then_linear: StepThenLinear


class PaysSteps(_Pays):
    """Pence per head by steps, gated by another item or not."""

    steps: Steps


class PaysProtected(_Pays):
    """The points of an earlier year."""

    protected: Protected


class PaysRequired(_Pays):
    """A part that must be supplied before it pays."""

    required: Required


class PaysActivity(_Pays):
    """So much for each thing done, up to the caps."""

    activity: Activity


class PaysHistoric(_Pays):
    """What was paid, or scored, in earlier years."""

    historic: Historic


class PaysPooled(_Pays):
    """Several streams of an earlier year's income, rolled into one."""

    pooled: Pooled


class PaysBetterOfTwoYears(_Pays):
    """The better of this year's award and another year's."""

    better_of_two_years: BetterOfTwoYears


class PaysHigherOf(_Pays):
    """The higher of two scales, one on improvement over the practice's own baseline."""

    higher_of: HigherOf


class PaysChangeOver(_Pays):
    """A line on the change over the practice's own baseline."""

    change_over: ChangeOver


class PaysOwnTarget(_Pays):
    """All or nothing, from a target of the practice's own."""

    own_target: OwnTarget


class PaysGateway(_Pays):
    """A sum for all of its elements, or so many of them; it may open other items."""

    gateway: Gateway


class PaysQualityImprovement(_Pays):
    """Projects that are declared and evidenced, each an equal part."""

    quality_improvement: QualityImprovement


class PaysFixed(_Pays):
    """A set sum for a thing done, whole, by milestones or from a target."""

    fixed: Fixed


class PaysPot(_Pays):
    """Money that is paid by the share of its items' points that was earned."""

    pot: Pot


class PaysBlend(_Pays):
    """Other items' pounds, each at a share, by year where it says so."""

    blend: Blend


class PaysSharedSavings(_Pays):
    """A share of what was saved against a baseline."""

    shared_savings: SharedSavings


class PaysIncomeProtection(_Pays):
    """What is missing to a share of an earlier year's income."""

    income_protection: IncomeProtection


class NoKindNamed(_Pays):
    """What names no kind at all: its keys are refused one by one."""


PAYS: dict[str, type[_Pays]] = {
    "boolean": PaysBoolean,
    "linear": PaysLinear,
    "step_then_linear": PaysStepThenLinear,
    "steps": PaysSteps,
    "protected": PaysProtected,
    "required": PaysRequired,
    "activity": PaysActivity,
    "historic": PaysHistoric,
    "pooled": PaysPooled,
    "better_of_two_years": PaysBetterOfTwoYears,
    "higher_of": PaysHigherOf,
    "change_over": PaysChangeOver,
    "own_target": PaysOwnTarget,
    "gateway": PaysGateway,
    "quality_improvement": PaysQualityImprovement,
    "fixed": PaysFixed,
    "pot": PaysPot,
    "blend": PaysBlend,
    "shared_savings": PaysSharedSavings,
    "income_protection": PaysIncomeProtection,
}
"""The branches by the key that chooses each."""

BRANCHES = frozenset(f"pays: {name}" for name in (*PAYS, _NONE))
"""What pydantic puts into the path of an error for the branch that was taken; no file has such a key there."""


def _tag(name: str) -> Tag:
    return Tag(f"pays: {name}")


def _branch(raw: Any) -> str | None:
    """The branch of the one kind that is named; None where there are several, or nothing is given."""
    if isinstance(raw, _Pays):
        return f"pays: {raw.kind.name}"
    if not isinstance(raw, dict):
        return f"pays: {_NONE}"
    named = [name for name in PAYS if name in raw]
    if len(named) == 1:
        return f"pays: {named[0]}"
    return None if named or not raw else f"pays: {_NONE}"


Pays = Annotated[
    Annotated[PaysBoolean, _tag("boolean")]
    | Annotated[PaysLinear, _tag("linear")]
    | Annotated[PaysStepThenLinear, _tag("step_then_linear")]
    | Annotated[PaysSteps, _tag("steps")]
    | Annotated[PaysProtected, _tag("protected")]
    | Annotated[PaysRequired, _tag("required")]
    | Annotated[PaysActivity, _tag("activity")]
    | Annotated[PaysHistoric, _tag("historic")]
    | Annotated[PaysPooled, _tag("pooled")]
    | Annotated[PaysBetterOfTwoYears, _tag("better_of_two_years")]
    | Annotated[PaysHigherOf, _tag("higher_of")]
    | Annotated[PaysChangeOver, _tag("change_over")]
    | Annotated[PaysOwnTarget, _tag("own_target")]
    | Annotated[PaysGateway, _tag("gateway")]
    | Annotated[PaysQualityImprovement, _tag("quality_improvement")]
    | Annotated[PaysFixed, _tag("fixed")]
    | Annotated[PaysPot, _tag("pot")]
    | Annotated[PaysBlend, _tag("blend")]
    | Annotated[PaysSharedSavings, _tag("shared_savings")]
    | Annotated[PaysIncomeProtection, _tag("income_protection")]
    | Annotated[NoKindNamed, _tag(_NONE)],
    Discriminator(
        _branch,
        custom_error_type="one_kind",
        custom_error_message=f"give exactly one payment kind: {', '.join(PAYS)}",
    ),
]
