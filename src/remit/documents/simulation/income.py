"""Income and effort under a reform: contacts behind the pounds, concentration, the digital-first practice."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.analysis.concentration import Concentration
from remit.analysis.effort import Effort
from remit.analysis.simulation.results import Profile, ReformOutcome
from remit.core import say
from remit.core.rounding import scaled
from remit.core.words import agreed
from remit.core.words import listed as in_words
from remit.documents.blocks import Block, Cell, Column, Fold, Heading, Para, Row, Table
from remit.documents.charts import lorenz
from remit.documents.figures import change, count, pounds, rate
from remit.documents.simulation.answer import name
from remit.documents.simulation.who import listed
from remit.documents.what_if import share_of_before

_COULD_NOT = Cell("could not", tone="quiet")
_TWO = (Column("Now", 2.5, True), Column("Under the reform", 2.5, True))


def effort(one: ReformOutcome, level: int) -> Iterator[Block]:
    """The contacts behind what is earned, and those still to make (R004-35)."""
    efforts, figure = one.effort, f"{one.name}/effort"
    if efforts is None or not efforts.before.reached + efforts.after.reached:
        return
    yield Heading(level, "Effort beside income")
    yield Para(_keep(one))
    sides = (efforts.before, "before"), (efforts.after, "after")
    rows = (
        Row(("Contacts behind what is earned", *(count(e.reached, f"{figure}/reached/{s}") for e, s in sides))),
        Row(("Pounds that their indicators pay", *(pounds(e.pence, f"{figure}/pounds/{s}") for e, s in sides))),
        Row(("Pounds for each contact", *(_each(e, f"{figure}/each/{s}") for e, s in sides))),
        Row(("Contacts still to make to earn all", *(count(e.to_all, f"{figure}/to-all/{s}") for e, s in sides))),
        Row((
            "Contacts more to earn what is earned now",
            count(0, f"{figure}/to-keep/before"), count(efforts.to_keep, f"{figure}/to-keep/after"),
        )),
        Row((
            "Practices that could not earn that again",
            count(0, f"{figure}/cannot/before"), count(efforts.cannot_keep, f"{figure}/cannot/after"),
        )),
    )  # fmt: skip
    yield Table("Contacts and pounds over all practices", (Column("", 5), *_TWO), rows)
    yield _of_each(one)
    yield Para(
        "A contact is one patient of one indicator who is counted as achieved: a patient of two indicators is two, and "
        "one contact may take several calls."
        + (f" Sensitive items are left out: {in_words(efforts.left_out)}." if efforts.left_out else ""),
        "small",
    )


def _of_each(one: ReformOutcome) -> Fold:
    """Each practice's contacts, folded away."""
    rows, few = [], one.effort.few if one.effort else 0

    def shown(number: int, figure: str) -> Cell:
        return Cell(f"1 to {few}", figure, tone="quiet") if 0 < number <= few else count(number, figure)

    for unit in listed(one):
        of, figure = one.effort_of.get(unit.code), f"{one.name}/{unit.code}/contacts"
        if of is None:
            continue
        to_keep = shown(of.to_keep, f"{figure}/to-keep") if of.to_keep is not None else _COULD_NOT
        cells = (
            Cell(name(unit)), change(unit.difference, f"{figure}/difference"), shown(of.reached, f"{figure}/reached"),
            shown(of.to_all_before, f"{figure}/to-all/before"), shown(of.to_all_after, f"{figure}/to-all/after"),
            to_keep,
        )  # fmt: skip
        rows.append(Row(cells))
    columns = (
        Column("Practice", 5), Column("Difference", 3, True), Column("Contacts now", 2, True),
        Column("Still to make to earn all, now", 2.5, True), Column("Under the reform", 2.5, True),
        Column("More to earn what it has now", 2.5, True, True),
    )  # fmt: skip
    return Fold("Contacts of each practice", (Table("Each practice's contacts", columns, tuple(rows), sortable=True),))


def _keep(one: ReformOutcome) -> str:
    efforts = one.effort
    assert efforts is not None
    losers, able = efforts.losers, efforts.losers - efforts.cannot_keep
    if not losers:
        return "No practice would have to make more contacts to earn what it earns now."
    if not able:
        whoever = "The practice that loses" if losers == 1 else f"None of the {losers:,} practices that lose"
        return f"{whoever} could {'not ' if losers == 1 else ''}earn that again, whatever it did."
    contacts = f"{efforts.to_keep:,} more {agreed('contact{|s}', efforts.to_keep)}"
    if losers == 1:
        return f"The practice that loses would have to make {contacts} to earn what it earns now."
    whose = f"The {losers:,} practices that lose" if able == losers else f"{able:,} of {losers:,} practices that lose"
    text = f"{whose} would have to make {contacts} in all to earn what they earn now"
    if able < losers:
        text += f"; the other {efforts.cannot_keep:,} could not, whatever they did"
    return f"{text}."


def _each(of: Effort, figure: str) -> Cell:
    return _rounded(of.pence_per_contact, figure)


def _rounded(pence: Fraction | None, figure: str, signed: bool = False) -> Cell:
    whole = None if pence is None else scaled(pence.numerator, pence.denominator, 0)
    return change(whole, figure) if signed else pounds(whole, figure, "none")


def concentrated(one: ReformOutcome, level: int) -> Iterator[Block]:
    """How concentrated income is, before and after."""
    before, after, figure = one.before, one.after, f"{one.name}/concentration"
    yield Heading(level, "Concentration of income")
    if before is None or after is None or before.practices < 2:
        yield Para("Not known: it takes two practices or more, each with its list and its pounds.")
        return
    moved = after.gini - before.gini
    how = "as concentrated as now" if not moved else "more concentrated" if moved > 0 else "less concentrated"
    text = (
        f"Income would be {how}: the Gini coefficient {_gini(before)} now, {_gini(after)} under the reform "
        "(0 where every patient's practice has the same for each patient, near 1 where one has all)."
    )
    yield Para(text)
    alt = (
        f"Lorenz curves of pounds among patients, from those whose practice has the fewest for each. {text} The tenth "
        f"with the most has {say.percent(before.top_tenth, 1)} of the pounds now and "
        f"{say.percent(after.top_tenth, 1)} under the reform."
    )
    yield lorenz(before.lorenz, after.lorenz, alt, "Share of patients, fewest pounds first", "Share of pounds")
    sides = (before, "before"), (after, "after")
    rows = (
        Row(("Gini coefficient", *(_number(c.gini, f"{figure}/gini/{s}") for c, s in sides))),
        Row((
            "Share of the pounds of the tenth of patients with the most",
            *(rate(c.top_tenth, f"{figure}/top/{s}", 2) for c, s in sides),
        )),
    )  # fmt: skip
    yield Table("Concentration of pounds for each registered patient", (Column("", 5), *_TWO), rows)


def _gini(of: Concentration) -> str:
    return say.number(of.gini, 4)


def _number(value: Fraction, figure: str) -> Cell:
    return Cell(say.number(value, 4), figure, value, "number")


def profile_table(one: ReformOutcome, level: int) -> Iterator[Block]:
    """The digital-first practice with few long-term conditions beside the average (R004-51)."""
    if len(one.profiles) < 2:
        return
    yield Heading(level, "Practices with few long-term conditions")
    columns = (
        Column("", 5), Column("Practices", 1.5, True), Column("For each patient now", 2.5, True),
        Column("Under the reform", 2.5, True), Column("Difference", 2.5, True, True), Column("Share of now", 2, True),
    )  # fmt: skip
    rows = tuple(Row(tuple(_profile(of, f"{one.name}/profile/{n}"))) for n, of in enumerate(one.profiles))
    yield Table("Pounds for each registered patient", columns, rows)
    for of in one.profiles:
        if of.made_up:
            yield Para(f"{of.name} has {of.made_up}. No such practice is in the run.", "small")


def _profile(of: Profile, figure: str) -> Iterator[Cell]:
    yield Cell(of.name)
    yield Cell("none", f"{figure}/practices", 0, "count") if of.made_up else count(of.practices, f"{figure}/practices")
    yield _rounded(of.per_patient(of.before), f"{figure}/before")
    yield _rounded(of.per_patient(of.after), f"{figure}/after")
    yield _rounded(of.per_patient(of.difference), f"{figure}/difference", signed=True)
    yield share_of_before(Fraction(of.difference, of.before) if of.before else None, f"{figure}/share")
