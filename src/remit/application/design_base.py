"""The base year of a design: practices with their lists, and what they achieved of the items, from a run or from files.

Only practices that were there for the whole year take part. What is not known of an item is left out and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from remit.analysis.design.proposal import BaseItem, BaseYear, Column
from remit.core.dates import SchemeYear
from remit.core.problems import Refused, did_you_mean, error, refuse
from remit.files.tables import CsvRows
from remit.organisation import Practice, check_practices
from remit.runs import Run, open_run, read_inputs
from remit.scheme import Scheme, thaw
from remit.scheme.draft import Draft, DraftItem, DraftStep, definitions_of, draft_text
from remit.scheme.kinds import Steps
from remit.scheme.loader import library
from remit.scheme.model import Group, Indicator, Item
from remit.scheme.template import Naming
from remit.scheme.years import need_april
from remit.scoring.subjects import Subjects


def base_of_run(folder: Path, codes: Sequence[str]) -> BaseYear:
    """Of the items of a run. Raises Refused for an item that it does not have, with the nearest ones."""
    run = open_run(folder)
    need_april(run.inputs.schemes.values(), "a scheme is designed on counts")
    titles = " and ".join(scheme.title for scheme in run.inputs.schemes.values())
    return _base(run, _known(run, codes), f"the counts of {titles}", with_before=True)


def base_of_files(practices: Path, counts: Path, year: SchemeYear, codes: Sequence[str]) -> BaseYear:
    """Of indicators of the library, whose counts a file has. Raises Refused for all that is wrong with the files."""
    known = {one.indicator: one for one in library().indicators}
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise Refused(
            error(
                "scheme.indicator-unknown",
                f"there is no indicator '{code}' in the library.",
                None,
                did_you_mean(code, known),
                name=code,
            )
            for code in unknown
        )
    step = DraftStep(Fraction(1, 2), Fraction(1, 100))
    column = _column(check_practices(CsvRows(practices)))
    items = tuple(
        DraftItem(code, code, "prevalence" if known[code].type == "register" else "achievement", (step,))
        for code in codes
    )
    scheme = thaw(draft_text(Draft(Naming("base", year), column, "files", items)), "the base year")
    run = Run(read_inputs([scheme], practices, counts, ignore_unknown=True))
    base = _base(run, codes, f"the counts of {counts.name}, {year}", with_before=False)
    return replace(base, items={code: replace(item, steps=()) for code, item in base.items.items()})


def _known(run: Run, codes: Sequence[str]) -> list[str]:
    """The items' own codes, whichever spelling was used."""
    schemes = list(run.inputs.schemes.values())
    known = list(dict.fromkeys(item.item for scheme in schemes for item in scheme.items))
    spellings = [Subjects(scheme) for scheme in schemes]
    found, problems = dict[str, None](), []
    for code in codes:
        item = code if code in known else next((c for one in spellings if (c := one.find(code)) in known), None)
        if item:
            found[item] = None
        else:
            what = f"there is no item '{code}' in {' or '.join(scheme.scheme for scheme in schemes)}."
            problems.append(error("runs.item-unknown", what, None, did_you_mean(code, known), item=code))
    if problems:
        raise Refused(problems)
    return list(found)


def _base(run: Run, codes: Sequence[str], about: str, with_before: bool) -> BaseYear:
    schemes = run.inputs.schemes
    year = next(iter(schemes.values())).year
    practices, part_of_year = _practices(run, year)
    if not practices:
        what = "no practice was there for the whole year, so nothing can be designed from it."
        raise refuse("design.no-practices", what)
    items = {code: _item(run, code, practices) for code in codes}
    groups, indicators = _definitions(schemes, items)
    column = _column(practices)
    before = None
    if with_before and all(one.networks is None for one in schemes.values()):
        before = _before(run, codes, practices)
    return BaseYear(
        about, year, column, practices, items, groups, indicators, before, part_of_year, run.counted_on
    )  # fmt: skip


def _practices(run: Run, year: SchemeYear) -> tuple[dict[str, Practice], tuple[str, ...]]:
    """Those of the whole year into which nobody merged in it; and the codes of the others."""
    whole: dict[str, Practice] = {}
    part: list[str] = []
    for code in run.codes:
        practice = run.inputs.practices[code]
        if practice.level != "practice":
            continue
        joined = practice.joined is not None and practice.joined > year.start
        left = practice.left is not None and practice.left < year.end
        if joined or left or run.standing(code).merged:
            part.append(code)
            continue
        lists = practice.list_size, practice.weighted_list_size
        whole[code] = Practice(code, practice.name, practice.place, practice.network, *lists)
    return whole, tuple(part)


def _column(practices: Mapping[str, Practice]) -> Column:
    """The list to pay by: the weighted one where all have it. Raises Refused where neither is known of all."""
    columns: tuple[Column, ...] = ("weighted_list_size", "list_size")
    for column in columns:
        if all(getattr(one, column) is not None for one in practices.values()):
            return column
    lacking = [code for code, one in practices.items() if one.weighted_list_size is None]
    what = f"the weighted list of practice {lacking[0]} is not known, and pence per head cannot be designed without it."
    raise refuse("design.no-list", what, None, "Fill in weighted_list_size for every practice.", practice=lacking[0])


def _item(run: Run, code: str, practices: Mapping[str, Practice]) -> BaseItem:
    found: Item | None = None
    counts: dict[str, tuple[int, int]] = {}
    empty: list[str] = []
    unknown: list[str] = []
    definition = ""
    for practice in practices:
        plan = run.standings.plan(practice)
        item = next((one for one in plan.scheme.items if one.item == code), None)
        if item is None:
            continue  # of a variant without it
        found = found or item
        if _unfit(item):
            break
        done = plan.measurer(code).achievement(run.inputs.practices[practice], run.standing(practice).figures)
        definition = definition or done.definition
        if done.empty:
            empty.append(practice)
        elif done.rate is None or done.numerator is None or not done.denominator:
            unknown.append(practice)
        else:
            counts[practice] = done.numerator, done.denominator
    if found is None:
        raise refuse("runs.item-unknown", f"no practice of the base year is paid for item '{code}'.", item=code)
    indicator = definition or (found.indicators[-1] if found.indicators else "")
    measure = found.measure or "achievement"
    steps, above = _own_steps(found)
    return BaseItem(
        code, found.title, indicator, measure, counts, tuple(empty), tuple(unknown), _unfit(found), steps, above
    )  # fmt: skip


def _own_steps(item: Item) -> tuple[tuple[Fraction, ...], bool]:
    """The steps of an item that pays by them, and whether a rate must be above them; none where another item chooses
    between other thresholds, or they are not of one kind."""
    if not isinstance(item.kind, Steps):
        return (), False
    tables = [table.steps for table in item.kind.tables if table.steps] or [item.kind.steps]
    rates = {tuple(step.at for step in steps) for steps in tables}
    signs = {step.above for steps in tables for step in steps}
    return (rates.pop(), signs.pop()) if len(rates) == len(signs) == 1 else ((), False)


def _unfit(item: Item) -> str:
    """Why no steps upwards can be proposed for an item."""
    if item.measure not in ("achievement", "prevalence") or not item.indicators:
        return f"it counts no patients who achieve it: it pays {item.kind.words()}."
    if item.kind.falls:
        return "lower is better for it, and steps are only proposed upwards."
    return ""


def _definitions(
    schemes: Mapping[str, Scheme], items: Mapping[str, BaseItem]
) -> tuple[tuple[Group, ...], tuple[Indicator, ...]]:
    groups: dict[str, Group] = {}
    indicators: dict[str, Indicator] = {}
    for scheme in schemes.values():
        has = {one.indicator for one in scheme.indicators}
        own = definitions_of(scheme, [one.indicator for one in items.values() if one.indicator in has])
        groups |= {one.group: one for one in own[0]}
        indicators |= {one.indicator: one for one in own[1]}
    return tuple(groups.values()), tuple(indicators.values())


def _before(run: Run, codes: Sequence[str], practices: Mapping[str, Practice]) -> dict[str, dict[str, int | None]]:
    before: dict[str, dict[str, int | None]] = {code: {} for code in codes}
    for practice in practices:
        for award in run.practice(practice).awards:
            if award.item.item in before:
                before[award.item.item][practice] = award.pence
    return before
