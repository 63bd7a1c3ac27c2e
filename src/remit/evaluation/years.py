"""Which year's rules decide: rules hold for the years that their file names, and for others only on request.

What rests on rules of another year is provisional, whatever else is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from remit.core.dates import SchemeYear
from remit.core.problems import Refused, did_you_mean, error, refuse
from remit.core.words import listed
from remit.rules import model as r
from remit.rules.definitions import Definitions, registers_of

Elsewhen = Mapping[str, tuple[r.Definition, ...]]
"""By an indicator's code: what it rests on that does not hold for the scheme's year, or does not say for which."""


def outside(definition: r.Definition, known: Definitions, year: SchemeYear) -> tuple[r.Definition, ...]:
    """The definition and the registers below it, as far as they do not say that they hold for a year."""
    return tuple(one for one in _every(definition, known) if one.years is None or year not in one.years)


def decided_by(definition: r.Definition, known: Definitions, years: Iterable[SchemeYear]) -> bool:
    """Whether rules of these years decide it, those of each register below it too. Rules that say no year do."""
    named = list(years)
    return all(one.years is None or any(year in one.years for year in named) for one in _every(definition, known))


def _every(definition: r.Definition, known: Definitions) -> list[r.Definition]:
    """The definition, where it has rules, and the registers below it."""
    own = [definition] if definition.rules else []
    return own + [one for one in known.resting_on(registers_of(definition)) if one.code != definition.code]


def of_other_years(elsewhen: Elsewhen) -> list[str]:
    """The indicators and groups that rules of other years decide."""
    return [code for code, those in elsewhen.items() if any(one.years is not None for one in those)]


def check_years(elsewhen: Elsewhen, year: SchemeYear, rules_of: Sequence[SchemeYear]) -> None:
    """Refuse to count by rules of another year than the scheme's, unless the years whose rules to use are named."""
    others = of_other_years(elsewhen)
    if not others or rules_of:
        return
    example = _nearest({one.code: one for those in elsewhen.values() for one in those}.values())
    raise refuse(
        "evaluation.rules-of-another-year",
        f"there are no rules of {year}, the scheme's year, for {_by_years(elsewhen)}.",
        None,
        f"Name the year whose rules to use, such as {example}: every figure is then provisional.",
        indicators=list(others),
        year=str(year),
        example=str(example),
    )


def check_named(known: Definitions, rules_of: Sequence[SchemeYear]) -> None:
    """Refuse a year of which there are no rules."""
    every = [one.years for one in [*known.indicators.values(), *known.registers.values()] if one.years]
    for year in rules_of:
        if not any(year in years for years in every):
            there = sorted({str(one) for years in every for one in years.every()})
            raise refuse(
                "evaluation.no-rules-of-year",
                f"there are no rules of {year}; there are of {listed(there)}.",
                None,
                did_you_mean(str(year), there),
                year=str(year),
            )


def check_given(known: Definitions, codes: Iterable[str]) -> None:
    """Refuse rules that rest on a value which sources state differently, until it is given. All are named at once."""
    problems = []
    for value, asking in known.not_given(codes):
        ways = listed([f"'given: {{{value.name}: {reading}}}'" for reading, _ in value.readings], "or")
        hint = f"Write the one that is right in a file, as {ways}, and give it as a file of rules of your own."
        what = f"{listed(asking)} cannot be decided: {value.says()}"
        problems.append(error("evaluation.value-to-give", what, None, hint, name=value.name, codes=asking))
    if problems:
        raise Refused(problems)


def why_provisional(elsewhen: Elsewhen, year: SchemeYear, rules_of: Sequence[SchemeYear]) -> str:
    """Why nothing that was counted is final: rules of another year, or that say no year. Nothing where all hold."""
    others = of_other_years(elsewhen)
    unsaid = [code for code in elsewhen if code not in others]
    why = []
    if others:
        why.append(
            f"Counted by rules of {listed(rules_of)} where there are none of {year}: what changed between the years is "
            "not in them, so no figure is final."
        )
    if unsaid:
        why.append(f"The rules of {listed(unsaid)} do not say for which years they hold, so no figure is final.")
    return " ".join(why)


def of_another_year(definition: r.Definition, known: Definitions, year: SchemeYear) -> str:
    """What to say of rules where a year is asked for that they do not say they hold for; nothing where all do."""
    those = outside(definition, known, year)
    if not those:
        return ""
    names = listed([f"{one.code} ({one.years or 'no year given'})" for one in those])
    return f"The rules of {names} are not of {year}: what changed between the years is not in them."


def _nearest(those: Iterable[r.Definition]) -> SchemeYear:
    """The year that most of the rules hold for, the latest of several."""
    counted = Counter(year for one in those if one.years is not None for year in one.years.every())
    return max(counted, key=lambda year: (counted[year], year))


def _by_years(elsewhen: Elsewhen) -> str:
    """The indicators by the years of their rules, and how many more rest on registers of other years alone:
    `AF006 and DEM004 (2024-25), BP002 (2021-22 to 2024-25), and 40 that count a register of other years`."""
    by_years: dict[str, list[str]] = {}
    for code, those in elsewhen.items():
        for one in those:
            if one.code == code and one.years is not None:
                by_years.setdefault(str(one.years), []).append(code)
    names = [f"{listed(codes)} ({years})" for years, codes in by_years.items()]
    rest = len(of_other_years(elsewhen)) - sum(map(len, by_years.values()))
    if rest:
        names.append(f"{rest} that rest{'s' if rest == 1 else ''} on a register of other years")
    return listed(names)
