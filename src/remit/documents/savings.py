"""An exploration of shared savings and pools as blocks: what is paid for noise, what is missed, what a veto costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from remit.analysis.savings import Drawn, Odds
from remit.analysis.savings_result import NoiseOdds, SavingsResult
from remit.core import say
from remit.core.words import agreed, listed
from remit.documents import figures
from remit.documents.blocks import Amounts, Block, Bullets, Cell, Column, Document, Fold, Heading, Para, Row, Table
from remit.documents.charts import Bar, bars
from remit.documents.figures import chance_text

_SHORT = 12


def savings(result: SavingsResult) -> Document:
    """All of it."""
    blocks: list[Block] = [Heading(1, title(result)), Para(answer(result), "lead")]
    if result.noise:
        blocks += [*_rule(result.noise), *_sizes(result.noise), *_baselines(result.noise), *_rules(result.noise)]
        blocks += _groups(result.noise)
    blocks += [*_pools(result), *_general(result), _how(result)]
    return Document(title(result), tuple(blocks))


def short(result: SavingsResult) -> Document:
    """What a terminal shows."""
    blocks: list[Block] = [Heading(1, title(result)), Para(answer(result), "lead")]
    if result.noise:
        blocks += [*_rule(result.noise), *_sizes(result.noise, chart=False)]
    blocks += _pools(result, _SHORT)
    return Document(title(result), tuple(blocks))


def title(result: SavingsResult) -> str:
    """What the document is called."""
    return f"Shared savings and pools: {result.title}"


def answer(result: SavingsResult) -> str:
    """What was found, in a sentence or two."""
    noise = result.noise
    if noise is None:
        known = [pool.pence for pool in result.pools if pool.pence is not None]
        if not result.vetoed:
            return "No rule of this scheme pays a share of a saving, and no member can block a pool."
        if not known:
            return "Every member must say yes before a pool is paid. What the pools come to is not known."
        lost = sum((pool.lost or Fraction(0) for pool in result.pools), Fraction(0))
        return (
            f"If each member says yes with a chance of {say.percent(result.assent, 1)}, {say.money(round(lost))} of "
            f"{say.money(sum(known))} in {len(known):,} {agreed('{pool|pools}', len(known))} is blocked on average."
        )
    one = noise.years[noise.baseline_years]
    text = (
        f"The chance that a group of {one.patients:,} {agreed('patient{|s}', one.patients)} is paid although it saved "
        f"nothing is {chance_text(one.paid_for_nothing)}: {_pounds(one.pounds_for_nothing)} a year on average. "
        f"The chance that one which truly saved {_saved(one)} is not paid is {chance_text(one.missed)}."
    )
    limits = f"at most {say.percent(noise.false, 1)} and at most {say.percent(noise.missed, 1)}"
    if noise.needed is None:
        return f"{text} To make them {limits}, no group of up to {noise.most:,} patients is large enough."
    return f"{text} To make them {limits}, a group needs {noise.needed:,} patients."


def _saved(one: Odds) -> str:
    return say.percent(Fraction(round(one.saving * 10**6), 10**6), 2)


def _pence(amount: float) -> int:
    return round(amount * 100)


def _pounds(amount: float) -> str:
    return say.money(_pence(amount))


def _rule(noise: NoiseOdds) -> Iterator[Block]:
    of = noise.activity
    yield Para(f"The rule: {noise.words}.")
    yield Amounts((
        ("Activity a year for 1,000 patients", Cell(
            say.number(of.rate * 1000, 1), "all/rate", of.rate * 1000, "number"
        )),
        ("Price of one unit", figures.pounds(round(of.price * 100), "all/price")),
        ("Variance over mean", Cell(
            say.number(Fraction(of.spread).limit_denominator(1000), 2), "all/spread",
            Fraction(of.spread).limit_denominator(1000), "number",
        )),
    ))  # fmt: skip
    yield Para(f"Activity and price {noise.origin}.", "small")


def _odds_cells(one: Odds, at: str) -> tuple[Cell, ...]:
    return (
        figures.chance(one.paid_for_nothing, f"{at}/paid for nothing"),
        figures.pounds(_pence(one.pounds_for_nothing), f"{at}/pounds for nothing"),
        figures.chance(one.missed, f"{at}/missed"),
        figures.pounds(_pence(one.pounds_for_saving), f"{at}/pounds for saving"),
    )


def _columns(first: Sequence[Column], saved: str) -> tuple[Column, ...]:
    return (
        *first, Column("Paid though nothing was saved", 2.2, True, True), Column("Pounds for nothing", 2.2, True),
        Column(f"Not paid though {saved} was saved", 2.2, True), Column("Pounds where it was", 2.2, True),
    )  # fmt: skip


def _sizes(noise: NoiseOdds, chart: bool = True) -> Iterator[Block]:
    saved = _saved(noise.sizes[0])
    yield Heading(2, "By the size of the group")
    if chart:
        both = (
            ("Paid though nothing was saved", [one.paid_for_nothing for one in noise.sizes]),
            (f"Not paid though {saved} was saved", [one.missed for one in noise.sizes]),
        )
        for name, chances in both:
            rows = [
                Bar(f"{one.patients:,} patients", Fraction(round(chance * 10_000), 10_000), chance_text(chance))
                for one, chance in zip(noise.sizes, chances, strict=True)
            ]
            said = "; ".join(f"{row.name} {row.text}" for row in rows)
            yield Heading(3, name)
            yield bars(rows, f"{name}, by the size of the group. {said}.")
    table = tuple(
        Row((
            figures.count(one.patients, f"size/{one.patients}/patients"),
            figures.pounds(_pence(one.expected_cost), f"size/{one.patients}/cost"),
            *_odds_cells(one, f"size/{one.patients}"),
        ))
        for one in noise.sizes
    )  # fmt: skip
    columns = _columns((Column("Patients", 2), Column("Cost of a year", 2.4, True)), saved)
    yield Table("Chance and pounds by the size of the group", columns, table, sortable=True)


def _baselines(noise: NoiseOdds) -> Iterator[Block]:
    size, drawn = next(iter(noise.years.values())).patients, noise.drawn
    yield Heading(2, f"By the baseline, for {size:,} patients")
    rows = [
        Row((
            "The year before" if years == 1 else f"The mean of {say.in_words(years)} years",
            *_odds_cells(one, f"baseline/{years}"),
        ))
        for years, one in noise.years.items()
    ]  # fmt: skip
    rows.append(
        Row((
            f"The year before, grown as {noise.others:,} other patients",
            figures.chance(drawn.chance, "baseline/others/paid for nothing"),
            figures.pounds(_pence(drawn.pounds), "baseline/others/pounds for nothing"),
            figures.chance(drawn.missed, "baseline/others/missed"),
            figures.pounds(_pence(drawn.pounds_for_saving), "baseline/others/pounds for saving"),
        ))
    )  # fmt: skip
    saved = _saved(noise.sizes[0])
    yield Table("Chance and pounds by the baseline", _columns((Column("Baseline", 4),), saved), tuple(rows))
    yield Para(
        f"The last row is from {drawn.draws:,} draws: its chances are within {_points(drawn)} and its pounds "
        f"within {_pounds(max(drawn.pounds_error, drawn.pounds_for_saving_error) * 1.96)}, 95 times in 100. A mean "
        "of several years varies less by chance than one year; but any true change since then counts in full.",
        "small",
    )


def _points(drawn: Drawn) -> str:
    text = say.number(Fraction(round(max(drawn.error, drawn.missed_error) * 1.96 * 10_000), 100), 1)
    return f"{text} {'point' if text == '1' else 'points'}"


_KEYS = {"minimum_rate": ("minimum rate", "No minimum rate"), "corridor": ("corridor", "No corridor")}


def _rules(noise: NoiseOdds) -> Iterator[Block]:
    size, saved = noise.rules[0].odds.patients, _saved(noise.sizes[0])
    yield Heading(2, f"By the minimum rate and the corridor, for {size:,} patients")
    yield Para(_which_is_enough(noise))
    for key, (name, none) in _KEYS.items():
        rows = tuple(
            Row((
                (say.percent(one.value, 2) if one.value else none) + (", as the rule has it" if one.own else ""),
                *_odds_cells(one.odds, f"{key}/{say.percent(one.value, 2)}"),
            ))
            for one in noise.rules
            if one.key == key
        )  # fmt: skip
        columns = _columns((Column(say.capital(name), 4),), saved)
        yield Table(f"Chance and pounds with a different {name}, the rest of the rule as it is", columns, rows)
    yield Para(
        "Below the minimum rate nothing is paid; from it on, all of the saving is shared. The corridor is the first "
        "part of a saving, which nobody shares.",
        "small",
    )


def _which_is_enough(noise: NoiseOdds) -> str:
    limits = (
        f"paid for nothing at most {say.percent(noise.false, 1)} of the time and missed at most "
        f"{say.percent(noise.missed, 1)}"
    )
    enough = [
        f"a {_KEYS[one.key][0]} of {say.percent(one.value, 2)}"
        for one in noise.rules
        if one.value and one.odds.paid_for_nothing <= noise.false and one.odds.missed <= noise.missed
    ]
    if not enough:
        return f"With none of these is a group of this size {limits}."
    return f"With {listed(enough, 'or')} a group of this size is {limits}."


def _groups(noise: NoiseOdds) -> Iterator[Block]:
    if not noise.groups:
        return
    yield Heading(2, "The groups of the run")
    saved = _saved(noise.sizes[0])
    rows = tuple(
        Row((
            f"{one.name} ({one.code})" if one.name and one.name != one.code else one.code,
            figures.pounds(one.pence, f"group/{one.code}/paid"), *_odds_cells(one.odds, f"group/{one.code}"),
        ))
        for one in noise.groups
    )  # fmt: skip
    columns = _columns((Column("Group", 3), Column("Is paid", 2, True)), saved)
    yield Table("What each is paid, and the chances at its baseline", columns, rows, sortable=True)


def _pools(result: SavingsResult, most: int = 10_000) -> Iterator[Block]:
    if not result.pools:
        return
    yield Heading(2, "What a veto costs")
    columns = (
        Column("Network", 4), Column("Members", 1.5, True), Column("Said no", 1.5, True),
        Column("Not answered", 1.5, True), Column("Pool", 2.4, True),
        Column("Chance that it is blocked", 2, True, True),
        Column("Pounds blocked on average", 2.4, True),
    )  # fmt: skip
    rows = []
    for n, pool in enumerate(result.pools[:most]):
        at = f"pool/{n}"
        rows.append(
            Row((
                pool.pool, figures.count(len(pool.answers), f"{at}/members"),
                figures.count(pool.answers.count(0), f"{at}/no"),
                figures.count(pool.answers.count(None), f"{at}/not said"),
                figures.pounds(pool.pence, f"{at}/pool"), figures.chance(float(pool.chance), f"{at}/chance"),
                figures.pounds(None if pool.lost is None else round(pool.lost), f"{at}/lost"),
            ))
        )  # fmt: skip
    yield Table("Each pool, where every member must say yes", columns, tuple(rows), sortable=True)


def _general(result: SavingsResult) -> Iterator[Block]:
    members = list(dict.fromkeys(n for n, _ in result.general))
    chances = list(dict.fromkeys(yes for _, yes in result.general))
    yield Heading(2, "A pool that one member can block")
    columns = (
        Column("Members", 2),
        *(Column(f"Each says yes with {say.percent(yes, 1)}", 2.5, True) for yes in chances),
    )
    rows = tuple(
        Row((
            figures.count(n, f"veto/{n}/members"),
            *(figures.chance(float(result.general[n, yes]), f"veto/{n}/{say.percent(yes, 1)}") for yes in chances),
        ))
        for n in members
    )  # fmt: skip
    yield Table("How likely a pool is blocked, by its members and how likely each says yes", columns, rows)


def _how(result: SavingsResult) -> Block:
    lines = [
        "A pool is blocked with a chance of 1 − yes^n, where n members have not answered and each decides by itself; "
        "where one has said no, it is blocked. The pounds of a pool are the run's own.",
    ]
    if result.noise:
        lines = [
            "A group's activity in a year follows a Poisson distribution around patients × rate, or a negative "
            "binomial one where it varies more than that; years vary independently, and nothing changes but the "
            "stated saving and the growth that the rule expects.",
            "What is paid for a baseline and a year's activity comes from the scheme's payment kind. The chances are "
            "summed over both years' distributions; beyond 200 baselines, values between two of them are interpolated.",
            "Variance over mean from yearly figures: Pearson's statistic of each group's years around its own rate, "
            "over its degrees of freedom, and at least 1.",
            "These chances do not say whether quality was kept, nor what members are asked to agree to.",
            *lines,
        ]
    return Fold("How these figures were made", (Bullets(tuple(lines)),))
