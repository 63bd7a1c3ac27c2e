"""A proposed design as blocks: what it would pay and what luck does to it, then steps, practices and the method."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from remit.core import say
from remit.core.words import agreed, listed, some_of
from remit.documents.blocks import Block, Bullets, Cell, Column, Document, Fold, Heading, Para, Row, Table
from remit.documents.charts import Spread, spread
from remit.documents.design_luck import left_out, name_of, what_luck_does
from remit.documents.figures import change, count, pounds, rate, so_far

if TYPE_CHECKING:
    from remit.analysis.design.proposal import DesignedItem, Proposal

_SHORT = 10
"""How many practices a terminal shows."""
_SOURCES = (
    "The achievable benchmark is that of Kiefe and others (Int J Qual Health Care 1998;10:443-447) and Weissman and "
    "others (J Eval Clin Pract 1999;5:269-281): practices are ranked by (numerator + 1) / (denominator + 2), the best "
    "are taken until they hold a tenth of all patients, and it is their rate together.",
    "Quartiles are those of the practices' rates, as a spreadsheet's QUARTILE.INC.",
    "A practice's own rate is what it would achieve in the long run; a year's count differs from it by chance "
    "(binomial). How own rates differ is a beta-binomial, fitted to the base year's counts by maximum likelihood.",
)


def design(result: Proposal) -> Document:
    """The whole document, with every practice."""
    return Document(_title(result), (*_answer(result), *_rest(result), *_practices(result), _how(result)), wide=True)


def short(result: Proposal) -> Document:
    """What a terminal shows: the practices of which the most would change."""
    return Document(_title(result), (*_answer(result), *_rest(result), *_practices(result, _SHORT), _how(result)))


def _title(result: Proposal) -> str:
    return f"A design from {result.base.about}"


def _with_steps(result: Proposal) -> dict[str, DesignedItem]:
    return {code: item for code, item in result.items.items() if item.pays}


def _answer(result: Proposal) -> Iterator[Block]:
    yield Heading(1, _title(result))
    items, costs = _with_steps(result), result.costs
    unknown = " so far" if costs.baseline.unknown else ""
    lead = (
        f"{_steps_in_words(items)} would pay {say.money(costs.baseline.pence)}{unknown} on the base year's counts, out "
        f"of a budget of {say.money(result.aims.budget)}"
    )
    yield Para(f"{lead}{_luck_in_words(result.lucky)}.", "lead")
    if result.base.counted_on:
        yield Para(say.within_the_year(result.base.counted_on), "reason")
    for code, item in result.items.items():
        if not item.pays:
            yield Para(f"Item {code} is not in the draft: {item.why_not}", "reason")
        elif item.base.unknown:
            some = some_of(item.base.unknown)
            yield Para(f"The counts of item {code} are not known for {some}, so its cost leaves them out.", "reason")
    if result.base.part_of_year:
        left = some_of(result.base.part_of_year)
        yield Para(f"{left} joined, left or merged within the base year, so they are not in the design.", "reason")


def _steps_in_words(items: dict[str, DesignedItem]) -> str:
    if len(items) > 3:
        return f"The steps for {say.in_words(len(items))} items"
    if len(items) == 1:
        [item] = items.values()
        return f"{'A step' if len(item.pays) == 1 else 'Steps'} at {_ats(item)}"
    *first, last = [f"at {_ats(item)} for item {code}" for code, item in items.items()]
    return f"Steps {', '.join(first)}, and {last},"


def _ats(item: DesignedItem) -> str:
    return listed([say.percent(step.at) for step in item.placed.steps]) if item.placed else ""


def _luck_in_words(share: float | None) -> str:
    if share is None:
        return "; what luck does to them is not known"
    if share < 0.005:
        return "; fewer than one practice in 200 would reach a step by luck"
    if share > 0.5:
        return f"; {round(share * 100)}% of practices would reach a step by luck"
    return f"; about one practice in {say.in_words(round(1 / share))} would reach a step by luck"


def _rest(result: Proposal) -> Iterator[Block]:
    yield from _money(result)
    yield from _steps(result)
    yield from what_luck_does(result)
    yield from _where(result)
    yield from _gains(result)


def _money(result: Proposal) -> Iterator[Block]:
    costs, budget = result.costs, result.aims.budget
    rows = [
        Row(("Budget", pounds(budget, "budget"))),
        Row(("Every practice at the highest step", pounds(costs.full, "full"))),
        Row(("On the counts of the base year", so_far(costs.baseline, "baseline"))),
    ]
    if costs.improved is not None:
        rows.append(Row((_improvement(result), so_far(costs.improved, "improved"))))
    if costs.before is not None:
        rows.append(Row(("Paid for these items in the base year's run", so_far(costs.before, "before"))))
    yield Heading(2, "What it costs")
    yield Table("The budget, and what the steps would pay", (Column("", 7), Column("Pounds", 3, True)), tuple(rows))
    yield Para(_met(result))


def _improvement(result: Proposal) -> str:
    parts = [
        f"{say.number(share * 100)} percentage points more{f' for {code}' if code else ''}"
        for code, share in result.aims.improvement.items()
    ]
    return f"If each practice achieved {listed(parts)}"


def _met(result: Proposal) -> str:
    where = {
        "full": "at full achievement",
        "baseline": "on the counts of the base year",
        "improved": "on the improved counts",
    }[result.aims.meets]
    tariff = result.tariff
    if tariff.left:
        but = f"The budget is met {where} but for {say.money(tariff.left)}"
        text = f"{but}, as the pay per patient has at most four decimals of a penny."
        if result.aims.decimals < 4:
            text = f"{but}, as the pay per patient has at most {_decimals(result)}."
    else:
        text = f"The budget is met to the penny {where}."
    whole = result.whole_pence
    if whole and tariff.decimals:
        rates = "; ".join(
            f"item {code}: {listed([say.per_head(one) for one in pays])}" for code, pays in whole.pays.items()
        )
        text += f" In whole pence ({rates}), {say.money(whole.left)} would be left."
    return text


def _decimals(result: Proposal) -> str:
    places = result.aims.decimals
    return "whole pence" if not places else agreed(f"{places} decimal{{|s}} of a penny", places)


def _steps(result: Proposal) -> Iterator[Block]:
    yield Heading(2, "The proposed steps")
    rows: list[Row] = []
    for code, item in _with_steps(result).items():
        rows.append(Row((Cell(name_of(item)),), "group"))
        assert item.placed
        for n, (step, pays) in enumerate(zip(item.placed.steps, item.pays, strict=True), 1):
            figure = f"{code}/step/{n}"
            mark = f"{step.mark}, raised" if step.moved else step.mark
            rows.append(
                Row((
                    rate(step.at, f"{figure}/at", 4),
                    mark,
                    Cell(say.per_head(pays), f"{figure}/pays", pays * 100, "number"),
                    count(item.reached[n], f"{figure}/reached"),
                ))
            )  # fmt: skip
    columns = (
        Column("From", 2),
        Column("Stands for", 4),
        Column("Pays per patient", 3, True),
        Column("Reach it", 2, True),
    )
    yield Table(
        "Each step, what it pays for each weighted patient, and how many practices reach it", columns, tuple(rows)
    )
    for code, item in _with_steps(result).items():
        assert item.placed
        for one in item.placed.left_out:
            yield Para(left_out(code, item, one, result))


def _where(result: Proposal) -> Iterator[Block]:
    """Where the practices stand, with the steps beside them."""
    yield Heading(2, "Where practices stand in the base year")
    items = {code: item for code, item in result.items.items() if item.marks}
    small = {code for code, item in items.items() if item.marks and item.marks.benchmark.rate < Fraction(1, 10)}
    for those in (items.keys() - small, small):
        rows = []
        for code in (code for code in items if code in those):
            steps = items[code].placed.steps if items[code].placed else ()  # type: ignore[union-attr]
            values = [Fraction(*one) for one in items[code].base.counts.values()]
            rows.append(Spread(code, values, [step.at for step in steps], _ats(items[code]) or "no step"))
        if rows:
            words = "; ".join(f"item {row.name}: {row.text}" for row in rows)
            yield spread(rows, f"Each practice's rate as a mark, by item, with the proposed steps. {words}.")
    yield Para("Each mark is a practice; each line is a proposed step.", "small")
    table = []
    for code, item in items.items():
        marks, sizes = item.marks, item.sizes
        assert marks
        assert sizes
        quarters = (("lower", marks.lower), ("median", marks.median), ("upper", marks.upper))
        table.append(
            Row((
                code,
                count(len(item.base.counts), f"{code}/practices"),
                *(rate(value, f"{code}/{name}") for name, value in quarters),
                rate(marks.benchmark.rate, f"{code}/benchmark"),
                count(sizes.median, f"{code}/denominator"),
                count(sizes.smallest_tenth, f"{code}/denominator-smallest"),
            ))
        )  # fmt: skip
    columns = (
        Column("Item", 2), Column("Practices", 2, True), Column("Lower quartile", 2, True), Column("Median", 2, True),
        Column("Upper quartile", 2, True), Column("Achievable benchmark", 3, True),
        Column("Median denominator", 3, True), Column("Smallest tenth's", 3, True),
    )  # fmt: skip
    yield Table("Rates and denominators", columns, tuple(table))


def _gains(result: Proposal) -> Iterator[Block]:
    if not result.gains:
        return
    yield Heading(2, "Pounds for the expected health gain")
    rows = []
    for code, one in result.gains.items():
        gain = one.gain
        rows.append(
            Row((
                code,
                pounds(one.paid, f"{code}/gain/paid"),
                Cell(f"{say.number(one.expected, 1)} {gain.what}", f"{code}/gain/expected", one.expected, "number"),
                pounds(one.pence_for_each, f"{code}/gain/for-each", "no gain is expected"),
            ))
        )  # fmt: skip
    columns = (
        Column("Item", 2), Column("Paid at full achievement", 3, True), Column("Expected", 5, True),
        Column("Pounds for each", 3, True),
    )  # fmt: skip
    yield Table("What is paid, and the gain that is expected", columns, tuple(rows))
    yield from _dearest(result)
    sources = dict.fromkeys(one.gain.source for one in result.gains.values())
    yield Para(f"The gain is not Remit's: {'; '.join(sources)}. It is scaled to the list by which the scheme pays.")


def _dearest(result: Proposal) -> Iterator[Block]:
    """How many times as much the dearest item pays for a unit as the cheapest, where they are of one kind."""
    priced = {code: one for code, one in result.gains.items() if one.expected}
    if len(priced) < 2 or len({one.gain.what for one in priced.values()}) > 1:
        return
    each = {code: one.paid / one.expected for code, one in priced.items()}
    dearest, cheapest = max(each, key=lambda code: each[code]), min(each, key=lambda code: each[code])
    times = say.number(each[dearest] / each[cheapest], 1)
    if times == "1":
        yield Para("The items pay about as much for each.")
    else:
        yield Para(f"Item {dearest} pays {times} times as much for each as item {cheapest}.")


def _practices(result: Proposal, most: int = 0) -> Iterator[Block]:
    codes = list(result.base.practices)
    before, after = result.base.before, result.paid
    rows = []
    for practice in codes:
        now = [row.get(practice) for row in after.values()]
        then = [before[code].get(practice) for code in after] if before else []
        rows.append((practice, _total(then) if before else None, _total(now)))
    if most:
        rows.sort(key=lambda one: -abs((one[2] or 0) - (one[1] or 0)))
    yield Heading(2, "Every practice" if not most or len(rows) <= most else "The practices that would change most")
    columns = [Column("Practice", 5), Column("Design", 3, True)]
    if before:
        columns = [Column("Practice", 5), Column("Base year", 3, True), Column("Design", 3, True)]
        columns.append(Column("Difference", 3, True, True))
    table = []
    for practice, then_, now_ in rows[: most or None]:
        cells = [Cell(_called(result, practice)), pounds(now_, f"{practice}/design")]
        if before:
            moved = None if then_ is None or now_ is None else now_ - then_
            cells.insert(1, pounds(then_, f"{practice}/before"))
            cells.append(change(moved, f"{practice}/difference"))
        table.append(Row(tuple(cells)))
    if before:
        known = [(then_, now_) for _, then_, now_ in rows if then_ is not None and now_ is not None]
        less, moreover = sum(b < a for a, b in known), sum(b > a for a, b in known)
        yield Para(
            f"On the same counts, {less:,} of {len(known):,} practices would be paid less than they were for these "
            f"items, and {moreover:,} more."
        )
    yield Table("What each practice would be paid on its counts of the base year", tuple(columns), tuple(table), True)


def _total(pence: list[int | None]) -> int | None:
    return None if None in pence else sum(one or 0 for one in pence)


def _called(result: Proposal, code: str) -> str:
    name = result.base.practices[code].name
    return f"{name} ({code})" if name and name != code else code


def _how(result: Proposal) -> Fold:
    limit = say.percent(result.aims.limit)
    size = "the smallest tenth of practices" if result.aims.for_smallest else "a practice of the median size"
    said = (
        *_SOURCES,
        "Steps are at the median, the upper quartile and the achievable benchmark, in whole units of the rate. A "
        f"step that {size} would reach by luck with a chance above {limit} is raised until the chance is at most "
        "that. The chance is that from the step below it, or from the lower quartile for the lowest step. A step "
        "that would then ask for more than the best have achieved is left out.",
        "A practice whose own rate is right at a step is about as likely to be above it in a year as below, whatever "
        "the distance between steps. So every year some reach a step by luck, and some miss one.",
        "Each item has its share of the budget; its steps rise in equal parts. A practice is paid the pay per patient "
        "times its list, rounded half up to the penny, by the evaluator that pays a run.",
        "The draft's numbers name the source design, which is unverified. Nobody is assumed to behave differently "
        "because of the steps.",
    )
    return Fold("How this was worked out", (Bullets(said),))
