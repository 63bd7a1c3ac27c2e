"""To design a scheme from a base year: thresholds, steps that luck seldom reaches, rates that meet a budget, a draft.

The draft is a scheme file; it is loaded, linted, and priced by the evaluator on the counts of the base year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from remit.analysis.design.proposal import Aims, BaseItem, BaseYear, Costs, DesignedItem, Meets, Proposal
from remit.application.design_base import base_of_files, base_of_run
from remit.application.design_draft import DraftedScheme, Pence, drafted, improved, improvement_of, paid_by
from remit.application.design_gains import read_gains
from remit.application.needs_analysis import check_analysis_installed
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.core.dates import SchemeYear
from remit.core.problems import Problem, Refused, did_you_mean, error, refuse, warning
from remit.core.say import money
from remit.core.sums import Sum
from remit.files.whole import check_file_free, write_whole
from remit.scheme.draft import DraftStep
from remit.scheme.template import Naming

__all__ = ["Aims", "BaseFiles", "Meets", "Request", "Result", "evaluate"]

if TYPE_CHECKING:
    from remit.analysis.design.budget import BudgetItem, BudgetTooSmall, Tariff
    from remit.analysis.design.health_gain import ExpectedGain, PaidForGain
    from remit.analysis.design.placing import PlacedStep


_MOST_A_HEAD = 10_000
"""In pounds: above this a rate of pence with decimals has more digits than a scheme file may have."""


@dataclass(frozen=True)
class BaseFiles:
    """A base year of which there is no run: its practices, and the counts of indicators of the library."""

    practices: Path
    counts: Path
    year: SchemeYear


@dataclass(frozen=True)
class Request:
    """The base year (a run's folder, or files), the items, and what the design is to reach.

    `gains` is a file of expected health gain, `save` the scheme file to write, whose id, title and year are those
    given, or say that it is a design for the base year.
    """

    base: Path | BaseFiles
    items: tuple[str, ...]
    aims: Aims
    gains: Path | None = None
    scheme: str = ""
    title: str = ""
    year: SchemeYear | None = None
    save: Path | None = None
    replace: bool = False


@dataclass(frozen=True)
class Result:
    """What is proposed, its draft, and the file that was written."""

    proposal: Proposal
    draft: DraftedScheme
    file: Path | None = None
    warnings: tuple[Problem, ...] = field(default=())


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Result:
    """Propose, draft and price. Raises Refused for a base year that cannot be read, items that there are not, where no
    item can have steps, and where the budget is below what they cost."""
    check_analysis_installed()
    report = reporting(on_progress, cancelled)
    if request.save:
        check_file_free(request.save, request.replace)
    if request.aims.meets == "improved" and not request.aims.improvement:
        raise refuse("design.improvement-missing", "the improvement on which the budget is to be met is not stated.")
    base = _base(request)
    _check_items(request, base)
    gains = read_gains(request.gains, base.items) if request.gains else {}
    naming = _naming(request, base)
    items = {code: _proposed(item, request) for code, item in base.items.items()}
    steps = {code: one for code, one in items.items() if one.placed and one.placed.steps}
    if not steps:
        raise Refused(
            error("design.no-steps", f"item {code} can have no step: {one.why_not}", item=code)
            for code, one in items.items()
        )
    found, whole_pence = _tariff(request, base, steps)
    for n, (code, one) in enumerate(steps.items(), 1):
        items[code] = _with_luck(one, base, found.pays[code])
        report(n, len(steps))
    draft = drafted(naming, base, {code: _steps(items[code]) for code in steps})
    paid = paid_by(draft.scheme, base)
    costs = _costs(request, base, draft, paid, tuple(steps), found)
    if request.save:
        text = draft.text
        write_whole(request.save, lambda work: work.write_text(text, encoding="utf-8"))
    lucky, for_gains = _any_luck(items), _paid_for_gains(gains, items, base)
    proposal = Proposal(base, request.aims, items, found, whole_pence, costs, paid, lucky, for_gains)
    return Result(proposal, draft, request.save, (*_without_steps(items), *draft.findings))


def _base(request: Request) -> BaseYear:
    if isinstance(request.base, BaseFiles):
        files = request.base
        return base_of_files(files.practices, files.counts, files.year, request.items)
    return base_of_run(request.base, request.items)


def _check_items(request: Request, base: BaseYear) -> None:
    """Raises Refused where a share or an improvement is of an item that is not designed."""
    named = [code for code in (*request.aims.shares, *request.aims.improvement) if code]
    unknown = [code for code in dict.fromkeys(named) if code not in base.items]
    if unknown:
        raise Refused(
            error(
                "design.item-unknown", f"item '{code}' is not designed here.", None,
                did_you_mean(code, base.items), item=code,
            )
            for code in unknown
        )  # fmt: skip


def _naming(request: Request, base: BaseYear) -> Naming:
    year = request.year or base.year
    name = request.scheme or f"design-{year}"
    return Naming(
        name, year, request.title or f"Draft of a scheme, {year}", "", request.save.name if request.save else ""
    )


def _proposed(item: BaseItem, request: Request) -> DesignedItem:
    """Where the steps of an item should stand, or why there can be none."""
    import numpy as np

    from remit.analysis.beta_binomial import fit
    from remit.analysis.design.placing import Sizes, place_steps
    from remit.analysis.design.thresholds import marks

    if item.unfit:
        return DesignedItem(item, why_not=item.unfit)
    over, under = [one[0] for one in item.counts.values()], [one[1] for one in item.counts.values()]
    if len(under) < 2:
        few = "only one practice counted anybody"
        if not under:
            few = "its counts are not known" if item.unknown else "nobody was counted in any practice"
        return DesignedItem(item, why_not=f"{few}, and thresholds come from how practices differ.")
    stand, sizes = marks(over, under), Sizes.of(under)
    fitted = fit(np.array(over, dtype=np.int64), np.array(under, dtype=np.int64))
    if stand.alike:
        why = "all practices have the same rate, so nothing shows what more could be achieved."
        return DesignedItem(item, stand, sizes, fitted, why_not=why)
    placed = place_steps(stand, sizes, float(request.aims.limit), request.aims.for_smallest)
    why = "" if placed.steps else "every step up to what the best have achieved is within luck's reach."
    return DesignedItem(item, stand, sizes, fitted, placed, why_not=why)


def _tariff(request: Request, base: BaseYear, items: Mapping[str, DesignedItem]) -> tuple[Tariff, Tariff | None]:
    """The rates that meet the budget, and the same in whole pence where the budget holds as much."""
    from remit.analysis.design.budget import BudgetTooSmall, tariff

    rows = _budget_items(request, base, items)
    found = tariff(rows, request.aims.budget, request.aims.decimals)
    if isinstance(found, BudgetTooSmall):
        raise _too_small(found, request)
    if max(max(pays) for pays in found.pays.values()) >= _MOST_A_HEAD:
        what = f"{money(request.aims.budget)} pays £{_MOST_A_HEAD:,} a head or more, which no scheme file holds."
        raise refuse("design.budget-too-large", what, None, "Give a smaller budget.", budget=request.aims.budget)
    whole = found if found.decimals == 0 else tariff(rows, request.aims.budget, 0)
    return found, None if isinstance(whole, BudgetTooSmall) else whole


def _budget_items(request: Request, base: BaseYear, items: Mapping[str, DesignedItem]) -> dict[str, BudgetItem]:
    """Whom the budget is to pay for which step."""
    from remit.analysis.design.budget import BudgetItem

    heads = {code: _heads(base, code) for code in base.practices}
    shares = {code: request.aims.shares.get(code, Fraction(1)) for code in items}
    paid: dict[str, tuple[tuple[Fraction, int], ...]] = {}
    for code, one in items.items():
        if request.aims.meets == "full":
            paid[code] = tuple((size, len(_placed(one))) for size in heads.values())
        else:
            more = improvement_of(request.aims.improvement, code) if request.aims.meets == "improved" else Fraction(0)
            paid[code] = tuple((heads[practice], step) for practice, step in _reached(one, more).items())
    return {code: BudgetItem(len(_placed(one)), shares[code], paid[code]) for code, one in items.items()}


def _reached(item: DesignedItem, improvement: Fraction = Fraction(0)) -> dict[str, int]:
    """By practice that counted somebody, the step that it reaches: 1 is the lowest, 0 none."""
    at = [step.at for step in _placed(item)]
    return {
        code: sum(Fraction(improved(over, under, improvement), under) >= step for step in at)
        for code, (over, under) in item.base.counts.items()
    }


def _too_small(found: BudgetTooSmall, request: Request) -> Refused:
    if found.least is None:
        when = "the base year" if request.aims.meets == "baseline" else "the base year with that improvement"
        what = f"no practice reaches a step in {when}, so no pay per patient would use up the budget there."
        return refuse("design.nobody-reaches-a-step", what, None, "Let the budget be met at full achievement.")
    finest = Fraction(1, 10**request.aims.decimals)
    text = f"{float(finest):.{request.aims.decimals}f}p" if request.aims.decimals else "1p"
    what = (
        f"{money(request.aims.budget)} is less than the steps can cost. If the lowest step pays {text} a head, and "
        f"each step more than the one below it, they cost {money(found.least)}."
    )
    return refuse("design.budget-too-small", what, None, "Give a larger budget.", least=found.least)


def _placed(item: DesignedItem) -> tuple[PlacedStep, ...]:
    return item.placed.steps if item.placed else ()


def _heads(base: BaseYear, practice: str) -> Fraction:
    return Fraction(getattr(base.practices[practice], base.column))


def _with_luck(item: DesignedItem, base: BaseYear, pays: tuple[Fraction, ...]) -> DesignedItem:
    """The item with what each step pays, and what luck does at them; without luck where it cannot be estimated."""
    from remit.analysis.beta_binomial import BetaBinomial
    from remit.analysis.design.step_luck import CountedPractice, item_luck

    assert item.sizes
    at, counts = [step.at for step in _placed(item)], item.base.counts
    levels = list(_reached(item).values())
    reached = (
        levels.count(0) + len(item.base.empty),
        *(sum(level >= n for level in levels) for n in range(1, len(at) + 1)),
    )
    found = replace(item, pays=pays, reached=reached)
    if not isinstance(item.fitted, BetaBinomial):
        return found
    rows = [CountedPractice(*counts[code], _heads(base, code)) for code in counts]
    luck = item_luck(rows, at, item.sizes, item.fitted)
    more = [float(high - low) for low, high in zip((Fraction(0), *pays), pays, strict=False)]
    paid, missed = (
        round(100 * sum(heads * rise for heads, rise in zip(those, more, strict=True)))
        for those in (luck.heads, luck.missed)
    )
    now = None
    if item.base.steps:
        now = item_luck(rows, item.base.steps, item.sizes, item.fitted, item.base.above)
    return replace(found, luck=luck, paid_for_luck=paid, missed_by_luck=missed, luck_now=now)


def _steps(item: DesignedItem) -> list[DraftStep]:
    return [
        DraftStep(step.at, pays, f"for the {step.mark}" + (", raised beyond luck's reach" if step.moved else ""))
        for step, pays in zip(_placed(item), item.pays, strict=True)
    ]


def _costs(
    request: Request, base: BaseYear, draft: DraftedScheme, paid: Pence, codes: tuple[str, ...], found: Tariff
) -> Costs:
    full = sum(_full(base, code, pays) for code, pays in found.pays.items())
    better = paid_by(draft.scheme, base, request.aims.improvement) if request.aims.improvement else None
    before = {code: base.before[code] for code in codes} if base.before is not None else None
    return Costs(
        full, _sum(paid), _sum(better) if better else None, _sum(before) if before else None
    )  # fmt: skip


def _full(base: BaseYear, code: str, pays: tuple[Fraction, ...]) -> int:
    """What an item costs where every practice is at its highest step."""
    from remit.analysis.design.budget import BudgetItem, cost_of_tariff

    rows = tuple((_heads(base, practice), len(pays)) for practice in base.practices)
    return cost_of_tariff({code: BudgetItem(len(pays), Fraction(1), rows)}, {code: pays})


def _sum(pence: Mapping[str, Mapping[str, int | None]]) -> Sum:
    return Sum.of(one for row in pence.values() for one in row.values())


def _any_luck(items: Mapping[str, DesignedItem]) -> float | None:
    """The mean over practices of the chance that at least one item's step is reached by luck, the items apart."""
    none: dict[str, float] = {}
    for item in items.values():
        if item.luck:
            for code, chance in zip(item.base.counts, item.luck.any_step, strict=True):
                none[code] = none.get(code, 1.0) * (1 - chance)
    return sum(1 - one for one in none.values()) / len(none) if none else None


def _paid_for_gains(
    gains: Mapping[str, ExpectedGain], items: Mapping[str, DesignedItem], base: BaseYear
) -> Mapping[str, PaidForGain]:
    from remit.analysis.design.health_gain import paid_for_gain

    full = {code: _full(base, code, item.pays) for code, item in items.items() if item.pays}
    return paid_for_gain(full, gains, int(sum(_heads(base, practice) for practice in base.practices)))


def _without_steps(items: Mapping[str, DesignedItem]) -> Iterable[Problem]:
    for code, item in items.items():
        if not item.pays:
            yield warning("design.item-without-steps", f"item {code} is not in the draft: {item.why_not}", item=code)
