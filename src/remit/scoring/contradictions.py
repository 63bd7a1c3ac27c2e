"""Figures of one practice that contradict one another, or are unlikely beside one another, and whose award it is.

Of two figures that no practice can have together one is wrong, and what rests on them is not final (`certain`). Where
they are only unlikely beside one another, that is said, and nothing else changes. The limits are set by what was
published: practices' weighted lists are 0.40 to 4.29 times the registered ones (NHS Payments to General Practice,
2018-19, 2019-20 and 2022-23); no group's list is above the practice's (QOF 2018-19, by practice); and the people of an
indicator are 0.2% above its register at most (QOF 2018-19 and 2019-20, by CCG), which is why 1% is let pass.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from remit.core.figures import (
    AGREED,
    DENOMINATOR,
    HISTORIC_POINTS,
    LIST_SIZE,
    PCAS,
    REGISTER,
    FigureKey,
    Figures,
)
from remit.core.rounding import exact_text
from remit.core.say import capital
from remit.organisation import Practice
from remit.scheme.model import WHOLE_LIST, Scheme
from remit.scheme.resolve import Resolved
from remit.scoring.subjects import DELIVERED, WHOLE_PRACTICE

_BASELINE_LIST, _WAS, _NOW = map(FigureKey, ("BASELINE_LIST_SIZE", "BASELINE_POUNDS", "ACTUAL_POUNDS"))
OF_THE_LIST = re.compile(rf"{WHOLE_LIST}|aged .*")
"""The lists that are the practice's own, or a part of it by age; others are of other people, such as deaths."""

Subjects = Mapping[str, Figures]


@dataclass(frozen=True)
class Contradiction:
    """What does not fit: its code, why, and the items that rest on it, which are not final where it is `certain`."""

    code: str
    why: str
    items: tuple[str, ...]
    certain: bool = True


@dataclass(frozen=True)
class _Counted:
    """A subject whose people are counted: its items, its group, and whose list and register they are part of."""

    subject: str
    items: tuple[str, ...]
    group: str
    of_the_list: bool
    of_the_groups_list: bool
    on_register: bool


class Contradictions:
    """What to look for in the figures of a scheme's practices, put in order once."""

    def __init__(self, resolved: Resolved) -> None:
        self.scheme: Scheme = resolved.scheme
        self.every = tuple(item.item for item in self.scheme.items)
        self.in_group: dict[str, tuple[str, ...]] = {}
        self.lists: dict[str, str] = {group.group: group.list for group in self.scheme.groups}
        self.counted: list[_Counted] = []
        self.group_of: dict[str, str] = {group.group: group.group for group in self.scheme.groups}
        self.register_of: dict[str, list[str]] = {}
        for item in self.scheme.items:
            for code in item.indicators:
                indicator = self.scheme.indicator(code)
                if item.measure == "register":
                    self.register_of.setdefault(indicator.group, []).append(item.item)
                subject = item.item if len(item.indicators) == 1 else code
                self.in_group[indicator.group] = (*self.in_group.get(indicator.group, ()), item.item)
                self.group_of.setdefault(subject, indicator.group)
                self.lists[subject] = population = self.scheme.list_of(indicator)
                if item.measure == "per_1000":  # events are no people: there may be more of them than of those
                    continue
                for about in dict.fromkeys((subject, item.item)):
                    self.counted.append(
                        _Counted(
                            about,
                            (item.item,),
                            indicator.group,
                            OF_THE_LIST.fullmatch(population) is not None,
                            indicator.list is None and OF_THE_LIST.fullmatch(population) is not None,
                            self.scheme.on_register(indicator),
                        )
                    )
        self.days = tuple(_days(resolved))
        self.most_points = self.scheme.points_available() if self.scheme.point else None

    def find(
        self, practice: Practice, merged: tuple[Practice, ...], figures: Subjects, before: Subjects
    ) -> tuple[Contradiction, ...]:
        """Everything that does not fit in the figures of a practice, with those that merged into it."""
        size = _together(practice, merged)
        contradictions = [*self.days, *self._lists(practice, merged)]
        if figures and practice.list_size is None and not merged:
            contradictions += self._weighted(practice.weighted_list_size, figures)
        if figures:
            contradictions += self._lists_of_groups(
                size, practice.list_size, {one.list_size for one in merged}, figures
            )
            contradictions += self._people(size, figures)
            contradictions += self._delivered(size, figures)
            contradictions += self._whole(size, figures)
        if before and size is not None:
            contradictions += self._year_before(size, before)
        return tuple(
            sorted(dict.fromkeys(contradictions), key=lambda one: (one.code, one.why))
        )  # whatever the rows' order

    def _lists(self, practice: Practice, merged: tuple[Practice, ...]) -> Iterator[Contradiction]:
        """The weighted list beside the registered one, and a list of nobody."""
        size, weighted = practice.list_size, practice.weighted_list_size
        scheme = self.scheme
        paid_by = {scheme.heads.column} if scheme.heads else set()
        paid_by |= {scheme.weights.list.list.column} if scheme.weights.list else set()
        for column in sorted(paid_by):
            if all(getattr(one, column) == 0 for one in (practice, *merged)):
                yield self._for_all(
                    "practices.list-empty", f"{column} is 0, so there are no patients to pay for.", False
                )
        if size is None or weighted is None or (not size and not weighted):
            return
        both = f"weighted_list_size {exact_text(weighted)} beside list_size {size:,}"
        if not size or not weighted:
            yield self._for_all("practices.lists-do-not-fit", f"{both}: correct one of them.")
            return
        times = weighted / size
        mark = " A point is the decimal mark: 10.000 is ten." if times < 1 else ""
        if times >= 10 or times <= Fraction(1, 10):
            yield self._for_all(
                "practices.lists-do-not-fit", f"{both} is {_times(times)}: no practice's is. Correct one of them.{mark}"
            )
        elif times >= 5 or times <= Fraction(1, 3):
            why = f"{both} is {_times(times)}. Published ones are 0.4 to 4.3 times: check whether both are right."
            yield self._for_all("practices.lists-do-not-fit", why, False)

    def _weighted(self, weighted: Fraction | None, figures: Subjects) -> Iterator[Contradiction]:
        """The weighted list beside the whole list as counts give it, where the practice's row has none."""
        for subject, own in figures.items():
            size = own.get(LIST_SIZE)
            if not weighted or not size or self.lists.get(subject) != WHOLE_LIST:
                continue
            times = weighted / Fraction(size)
            if times >= 10 or times <= Fraction(1, 10):
                both = f"weighted_list_size {exact_text(weighted)} beside LIST_SIZE {size:,} of {subject}"
                why = f"{both} is {_times(times)}: no practice's is. Correct one of them."
                yield self._for_all("practices.lists-do-not-fit", why)

    def _for_all(self, code: str, why: str, certain: bool = True) -> Contradiction:
        return Contradiction(code, why, self.every, certain)

    def _of(self, subject: str) -> tuple[str, ...]:
        """The items whose awards rest on a subject's register or list: its own, or those of its group."""
        return self.in_group.get(subject) or tuple(code for code in self.every if code == subject) or self.every

    def _lists_of_groups(
        self, size: int | None, alone: int | None, theirs: Collection[int | None], figures: Subjects
    ) -> Iterator[Contradiction]:
        """Lists and registers of subjects beside the practice's list, `alone` or with those that merged into it.

        A list that is that of one of them (`theirs`) may be of a day before the merger: it is said, and holds.
        """
        if size is None:
            return
        for subject, figures_ in figures.items():
            population = self.lists.get(subject, "")
            if not OF_THE_LIST.fullmatch(population):
                continue
            own, register = figures_.get(LIST_SIZE), figures_.get(REGISTER)
            if own is not None and own not in (size, alone):
                yield from self._list_of(subject, population, int(own), size, own not in theirs)
            elif own is None and register is not None and _above(register, size):
                why = f"REGISTER {register:,} of {subject} is above the list of {size:,}: correct one of them."
                yield Contradiction("counts.above-list", why, self._of(subject))

    def _list_of(self, subject: str, population: str, own: int, size: int, alien: bool) -> Iterator[Contradiction]:
        shown = f"LIST_SIZE {own:,} of {subject}"
        if population != WHOLE_LIST:
            if _above(own, size):
                why = f"{shown}, people {population}, is above the whole list of {size:,}: correct one of them."
                yield Contradiction("counts.lists-do-not-fit", why, self._of(subject))
            return
        certain = alien and (own >= 2 * size or 2 * own <= size)
        if certain or 10 * abs(own - size) > size:
            why = f"{shown} is of the whole list, which is {size:,}: correct one of them."
            yield Contradiction("counts.lists-do-not-fit", why, self._of(subject), certain)

    def _people(self, size: int | None, figures: Subjects) -> Iterator[Contradiction]:
        """The people of an indicator beside its register, its list and the practice's list."""
        for one in self.counted:
            figures_ = figures.get(one.subject)
            if figures_ is None or DENOMINATOR not in figures_:
                continue
            people = int(figures_[DENOMINATOR]) + int(figures_.get(PCAS, 0))
            if not people:
                continue
            group = figures.get(one.group, {})
            register = figures_.get(REGISTER, self._register(one.group, figures)) if one.on_register else None
            own = figures_.get(LIST_SIZE, group.get(LIST_SIZE)) if one.of_the_groups_list else None
            if register is not None and _above(people, register):
                shown = _shown(figures_, one.subject)
                why = f"{shown} are people on the register of {one.group}, which has {_nobody(register)}"
                items = (*one.items, *self.in_group.get(one.group, ()))
                yield Contradiction(
                    "counts.above-register", f"{why}: correct one of them.", tuple(dict.fromkeys(items))
                )
            elif own is not None and _above(people, own):
                shown = _shown(figures_, one.subject)
                why = f"{shown} are people on the list of {one.group}, which has {_nobody(own)}: correct one of them."
                yield Contradiction("counts.above-list", why, one.items)
            elif one.of_the_list and size is not None and _above(people, size):
                shown = _shown(figures_, one.subject)
                why = f"{shown} are people of the practice, whose list has {_nobody(size)}: correct one of them."
                yield Contradiction("counts.above-list", why, one.items)

    def _register(self, group: str, figures: Subjects) -> int | Fraction | None:
        """The register of a group: its own figure, else that of the one item that pays for keeping it."""
        keepers = self.register_of.get(group, [])
        for subject in (group, *(keepers if len(keepers) == 1 else ())):
            if REGISTER in figures.get(subject, {}):
                return figures[subject][REGISTER]
        return None

    def _delivered(self, size: int | None, figures: Subjects) -> Iterator[Contradiction]:
        """What was delivered in a quarter, for how many people at most."""
        if not size:
            return
        for subject, figures_ in figures.items():
            for key, value in figures_.items():
                if key.measure not in DELIVERED:
                    continue
                quarters = 1 if str(key.period) else 4
                days = 92 if key.measure == "ACTIVITY_DAYS" else 1
                if value > size * quarters * days:
                    why = (
                        f"{key} {value:,} of {subject} is more than once a quarter for each of the {size:,} on the list"
                    )
                    why += " on each day" if days > 1 else ""
                    yield Contradiction(
                        "counts.above-list", f"{why}: check whether it is right.", self._of(subject), days > 1
                    )

    def _whole(self, size: int | None, figures: Subjects) -> Iterator[Contradiction]:
        """Figures of the practice as a whole, and of earlier years, beside what there can be."""
        scheme, whole = self.scheme, figures.get(WHOLE_PRACTICE, {})
        most = self.most_points
        if most and not scheme.networks and whole.get(AGREED, 0) > most:
            why = f"AGREED {exact_text(whole[AGREED])} points are above the scheme's {exact_text(most)}: correct it."
            yield self._for_all("counts.points-do-not-fit", why)
        if most and whole.get(HISTORIC_POINTS, 0) > 2 * most:
            why = f"HISTORIC_POINTS {exact_text(whole[HISTORIC_POINTS])} are more than twice the scheme's "
            yield self._for_all(
                "counts.points-do-not-fit", f"{why}{exact_text(most)}: check whether they are right.", False
            )
        for measure in ("LIST_INDEX", "PREVALENCE_INDEX"):
            index = whole.get(FigureKey(measure))
            if index is not None and not Fraction(1, 10) < index < 10:
                why = f"{measure} {exact_text(index)} is an index (1 means no change): check whether it is right."
                yield self._for_all("counts.index-unlikely", why, False)
        for subject, figures_ in figures.items():
            baseline = figures_.get(_BASELINE_LIST)
            if baseline is not None and size and (baseline >= 2 * size or 2 * baseline <= size):
                why = f"BASELINE_LIST_SIZE {baseline:,} of {subject} is half or twice the list of {size:,} or beyond"
                yield Contradiction(
                    "counts.lists-do-not-fit", f"{why}: check whether it is right.", self._of(subject), False
                )
            was, now = figures_.get(_WAS), figures_.get(_NOW)
            if was is not None and now is not None and (was >= 10 * now or now >= 10 * was) and was != now:
                why = (
                    f"BASELINE_POUNDS {exact_text(was)} and ACTUAL_POUNDS {exact_text(now)} of {subject} are ten times"
                )
                yield Contradiction(
                    "counts.pounds-unlikely", f"{why} apart: check whether both are right.", self._of(subject), False
                )

    def _year_before(self, size: int, before: Subjects) -> Iterator[Contradiction]:
        """The people of the year before, which a guard rail looks at, beside this year's list."""
        for one in self.counted:
            figures_ = before.get(one.subject, {})
            people = int(figures_.get(DENOMINATOR, 0)) + int(figures_.get(PCAS, 0))
            if one.of_the_list and people > 2 * size:
                why = f"the {people:,} people of {one.subject} the year before are more than twice the list of {size:,}"
                yield Contradiction(
                    "counts.above-list", capital(f"{why}: check whether that is right."), one.items, False
                )


def _days(resolved: Resolved) -> Iterator[Contradiction]:
    """Days that were set for a change within the year, and are not in it."""
    scheme, year = resolved.scheme, resolved.scheme.year
    for item in scheme.items:
        for dated in item.indicator if isinstance(item.indicator, tuple) else ():
            text = resolved.settings.get(dated.from_, "") if dated.from_ in scheme.parameters else ""
            if text and not str(year.start) <= text <= str(year.end):
                when = "before" if text < str(year.start) else "after"
                codes, in_force = (
                    f"The day {dated.from_}, {text}, is {when} the year {year}",
                    resolved.indicators[item.item].indicator,
                )
                counts = (
                    f"item {item.item} counts {in_force} for the whole year"
                    if in_force
                    else "check whether it is right"
                )
                yield Contradiction("settings.day-outside-year", f"{codes}: {counts}.", (item.item,), False)


def _above(people: int | Fraction, limit: int | Fraction) -> bool:
    """Whether there are more than can be: a hundredth is let pass, as days of counting differ."""
    return 100 * people > 101 * limit


def _shown(figures: Figures, subject: str) -> str:
    """The people of an indicator, as the counts have them."""
    pcas = f" and PCAS {figures[PCAS]:,}" if figures.get(PCAS) else ""
    return f"DENOMINATOR {figures[DENOMINATOR]:,}{pcas} of {subject}"


def _together(practice: Practice, merged: tuple[Practice, ...]) -> int | None:
    """The list of a practice with those that merged into it; None while one is not known."""
    sizes = [one.list_size for one in (practice, *merged)]
    return None if None in sizes else sum(size or 0 for size in sizes)


def _times(times: Fraction) -> str:
    return f"{exact_text(times, most=1 if times >= 1 else 4)} times as long"


def _nobody(people: int | Fraction) -> str:
    return f"{people:,}" if people else "nobody on it"
