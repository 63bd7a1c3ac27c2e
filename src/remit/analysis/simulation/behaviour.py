"""What practices might do differently because of a reform. Nothing is assumed unless it is named, with its source.

- none: the default. Counts stay as they are.
- decline after retirement: what is recorded of a retired item falls, by figures of `behaviour.yaml`. It is recorded
  care alone: a retired item pays nothing either way.
- pull towards a threshold: where a reform moves thresholds, practices below the next one reach a share of the patients
  who are missing to it. No source of Remit says how large a share: the reform file states it, with its source.

All is in whole patients and the same each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from remit.core import exact
from remit.core.figures import DENOMINATOR, NUMERATOR, FigureKey
from remit.core.problems import Refused, did_you_mean, error
from remit.core.words import listed
from remit.pricing.moves import patients_for, thresholds
from remit.pricing.scenario import Change
from remit.scheme import Scheme
from remit.scheme.faults import typed
from remit.scheme.kinds import Strict
from remit.scheme.model import Item
from remit.scheme.quantity import Percent
from remit.scheme.reform_file import LoadedReform
from remit.scheme.reform_limits import extent
from remit.scheme.reform_model import Behaviour, Pull
from remit.scheme.source import read_source
from remit.scoring.achievement import Subjects

NONE = "none"
_FILE = Path(__file__).with_name("behaviour.yaml")


class DeclineFigure(Strict):
    """One published fall: `each_year` as a share of the achievement, or `points` of a hundred once, after `years`."""

    title: str
    each_year: Percent | None = None
    points: Percent | None = None
    years: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]
    source: str
    note: str = ""

    @property
    def fewest_years(self) -> int:
        return exact.whole(self.years[0])

    @property
    def most_years(self) -> int:
        return exact.whole(self.years[1])


class Evidence(Strict):
    """What studies found, for a fall and against one."""

    fell: tuple[str, ...]
    stayed: tuple[str, ...]


class BehaviourFigures(Strict):
    """The file of figures."""

    decline_after_retirement: dict[str, DeclineFigure]
    evidence: Evidence


@dataclass(frozen=True)
class RecordedCare:
    """What is recorded of an item in all practices together, as it is and with the behaviour, of so many patients."""

    item: str
    title: str
    denominator: int
    before: int
    after: int


@dataclass(frozen=True)
class BehaviourResult:
    """What a behaviour changes: figures of items that are paid, by practice; what would be recorded of each item that
    changes; and in sentences what was assumed, from where, and what speaks against it."""

    figures: Mapping[str, Change] = field(default_factory=dict)
    recorded: tuple[RecordedCare, ...] = ()
    sentences: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@cache
def figures() -> BehaviourFigures:
    """The figures that ship."""
    return typed(read_source(_FILE), BehaviourFigures)


def decline_figure(name: str) -> DeclineFigure:
    """The figures of this name. Raises Refused for an unknown name, with the names that are known."""
    known = figures().decline_after_retirement
    if name not in known:
        hint = did_you_mean(name, known) or f"There are {listed(tuple(known))}."
        raise Refused([error("analysis.behaviour-unknown", f"there are no figures '{name}'.", None, hint, name=name)])
    return known[name]


def behaviour_from(text: str) -> Behaviour:
    """A behaviour as a command names it: `none`, or `decline-after-retirement=lester-2010`."""
    name, _, value = text.partition("=")
    if text == NONE:
        return Behaviour()
    if name == "decline-after-retirement" and value:
        decline_figure(value.partition(":")[0])
        return Behaviour(decline_after_retirement=value)
    known = listed(tuple(figures().decline_after_retirement), "or")
    hint = f"Write none, or decline-after-retirement= with one of {known}."
    if name == "pull-towards-threshold":
        hint = "Its strength needs a source: name both in the reform file, under 'behaviour'."
    raise Refused([error("analysis.behaviour-unknown", f"'{text}' names no behaviour.", None, hint, name=text)])


def years_of(text: str) -> tuple[str, int]:
    """`lester-2010: 3` as its name and years; without years, the fewest that the figures are for."""
    name, _, years = (part.strip() for part in text.partition(":"))
    figure = decline_figure(name)
    if not years:
        return name, figure.fewest_years
    if not years.isdigit() or not figure.fewest_years <= int(years) <= figure.most_years:
        fits = f"{figure.fewest_years} to {figure.most_years}" if figure.most_years > figure.fewest_years else years
        fits = str(figure.fewest_years) if figure.most_years == figure.fewest_years else fits
        what = f"'{text}': the figures of {name} are for {fits} years."
        raise Refused([error("analysis.behaviour-unknown", what, None, f"Write {name}: {figure.fewest_years}.")])
    return name, int(years)


def declined(figure: DeclineFigure, years: int, numerator: int, denominator: int) -> int:
    """Of so many achieved, how many would still be recorded after so many years: whole patients, half up."""
    if figure.each_year is not None:
        left = numerator * (1 - figure.each_year.known()) ** years
    else:
        left = numerator - denominator * (figure.points.known() if figure.points else Fraction(0))
    return max(_half_up(left), 0)


def pulled(item: Item, strength: Fraction, numerator: int, denominator: int) -> int:
    """How many achieve where a share of the patients missing to the next threshold is reached; half up."""
    needs = [patients_for(threshold, denominator) for threshold in thresholds(item.kind, None)]
    above = sorted(need for need in needs if numerator < need <= denominator)
    return numerator + _half_up((above[0] - numerator) * strength) if above else numerator


def _half_up(amount: Fraction) -> int:
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def under(reform: LoadedReform, counts: Mapping[str, Subjects], behaviour: Behaviour | None = None) -> BehaviourResult:
    """What `behaviour`, by default the reform's own, changes in the counts of each practice. Nothing, for none."""
    chosen = behaviour if behaviour is not None else reform.file.behaviour
    changed: dict[str, dict[tuple[str, FigureKey], int]] = {}
    recorded: list[RecordedCare] = []
    sentences: list[str] = []
    evidence: tuple[str, ...] = ()
    if chosen.decline_after_retirement:
        name, years = years_of(chosen.decline_after_retirement)
        figure = decline_figure(name)
        recorded += _recorded_of_retired(reform, counts, figure, years)
        sentences += _of_decline(figure, years, recorded)
        evidence = _all_evidence()
    if chosen.pull_towards_threshold:
        pull = chosen.pull_towards_threshold
        for item in moved_items(reform):
            one = _pull_item(reform.after, item, pull, counts, changed)
            recorded += [one] if one else []
        sentences.append(
            f"Where the reform moves thresholds, practices below the next one reach {pull.strength} of the patients "
            f"who are missing to it (strength as stated: {pull.source})."
        )
    return BehaviourResult(changed, tuple(recorded), tuple(sentences), evidence)


def moved_items(reform: LoadedReform) -> tuple[Item, ...]:
    """The items whose thresholds are others than before, or that are new, where more is better and one rate decides."""
    before = {item.item: thresholds(item.kind, None) for item in reform.base.items if not item.kind.gated_by}
    return tuple(
        item
        for item in reform.after.items
        if item.measure == "achievement"
        and item.kind.takes_rate
        and not item.kind.falls
        and not item.kind.gated_by
        and thresholds(item.kind, None) != before.get(item.item)
    )


def _recorded_of_retired(
    reform: LoadedReform, counts: Mapping[str, Subjects], figure: DeclineFigure, years: int
) -> list[RecordedCare]:
    found = []
    for item in extent(reform).retired:
        if item.measure != "achievement":
            continue
        own = [one for subjects in counts.values() if (one := _rate(item, subjects))]
        if own:
            after = sum(declined(figure, years, numerator, denominator) for _, numerator, denominator in own)
            before, patients = sum(one[1] for one in own), sum(one[2] for one in own)
            found.append(RecordedCare(item.item, item.title, patients, before, after))
    return found


def _pull_item(
    scheme: Scheme,
    item: Item,
    pull: Pull,
    counts: Mapping[str, Subjects],
    changed: dict[str, dict[tuple[str, FigureKey], int]],
) -> RecordedCare | None:
    """Change an item's figures in every practice; what is recorded of it in all, None where nobody is counted."""
    before, after, patients = 0, 0, 0
    for practice, subjects in counts.items():
        one = _rate(item, subjects)
        if one is None:
            continue
        subject, numerator, denominator = one
        now = pulled(item, pull.strength.known(), numerator, denominator)
        before, after, patients = before + numerator, after + now, patients + denominator
        if now != numerator:
            changed.setdefault(practice, {})[subject, NUMERATOR] = now
    return RecordedCare(item.item, item.title, patients, before, after) if patients else None


def _rate(item: Item, subjects: Subjects) -> tuple[str, int, int] | None:
    """Under which subject an item is counted in a practice, with numerator and denominator."""
    for subject in (item.item, *item.indicators):
        own = subjects.get(subject, {})
        if NUMERATOR in own and DENOMINATOR in own:
            return subject, int(own[NUMERATOR]), int(own[DENOMINATOR])
    return None


def _of_decline(figure: DeclineFigure, years: int, recorded: list[RecordedCare]) -> list[str]:
    when = "after a year" if years == 1 else f"after {years} years"
    each = f"{figure.title}, {when}" if figure.each_year is not None else figure.title
    sentences = [f"Recorded care of retired items: {each}. Source: {figure.source}. {figure.note}".strip()]
    if not recorded:
        sentences.append("The reform retires no item of which patients are counted, so nothing changes.")
    else:
        sentences.append("It changes no payment: a retired item pays nothing either way.")
    return sentences


def _all_evidence() -> tuple[str, ...]:
    """What studies found, for a fall and against one."""
    known = figures().evidence
    fell, stayed = (("It fell", known.fell), ("It did not fall", known.stayed))
    return tuple(f"{side}: {text}." for side, texts in (fell, stayed) for text in texts)
