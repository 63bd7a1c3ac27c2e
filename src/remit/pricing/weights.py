"""The weights on a point: list (CPI), prevalence (APDF), target population (TPF); a rational, or why it is not known.

CPI = practice list / national average list. APDF = (practice register / list) / (national register / list), on one
list basis for both; no square root, no cut-off (managementinpractice.com, 2009-10 changes). TPF has the same shape over
the whole list; its formula was not found in a source and is marked unverified where a scheme uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Literal

from remit.core import exact
from remit.core.figures import LIST_SIZE, REGISTER
from remit.core.names import key
from remit.core.problems import Collector, did_you_mean
from remit.core.rounding import exact_text
from remit.core.rows import RowSource
from remit.organisation import Practice
from remit.organisation.mergers import predecessors, with_their_lists
from remit.scheme.model import WHOLE_LIST, Scheme
from remit.scheme.resolve import Resolved
from remit.scoring.achievement import Measurer, Subjects
from remit.scoring.subjects import WHOLE_PRACTICE


@dataclass(frozen=True, slots=True)
class Factor:
    """A weight as it enters a payment: its exact value, as rounded by the scheme, and the figures behind it.

    `figures` are those of a prevalence or target population: register and list, here and in the nation.
    """

    name: str
    value: Fraction | None
    rounded: Fraction | None
    working: str = ""
    reason: str = ""
    figures: tuple[Fraction | int, ...] = ()


@dataclass(frozen=True)
class Origin:
    """Where national figures are from: supplied, the sums over the practices of the run, or a source of the scheme."""

    kind: Literal["supplied", "run", "source"]
    source: str = ""


GIVEN, FROM_THE_RUN = Origin("supplied"), Origin("run")


@dataclass(frozen=True)
class National:
    """The nation's register and list of a group (patients), or a sourced prevalence; and where they are from."""

    register: Fraction
    list_size: Fraction
    origin: Origin

    @property
    def prevalence(self) -> Fraction:
        return self.register / self.list_size


def check_national(rows: RowSource, scheme: Scheme, limit: int = 20) -> dict[str, National]:
    """The national figures that rows of `group_code, register, list_size` give. Raises Refused with all row errors."""
    table = rows.select(("group_code", "register", "list_size"))
    problems = Collector(limit)
    names = {key(s): g.group for g in scheme.groups for s in (g.group, *g.spellings)} | {WHOLE_PRACTICE: WHOLE_PRACTICE}
    national: dict[str, National] = {}
    for number, (code, register_text, list_text) in table.rows(problems):
        place = table.place(number)
        group = names.get(key(code))
        if group is None:
            problems.add(
                "national.group-unknown",
                f"the group '{code}' is not in {scheme.scheme}.",
                place,
                partial(did_you_mean, code, list(names.values())),
                group=code,
            )
            continue
        if group in national:
            problems.add("national.group-twice", f"the group {group} is listed twice.", place, group=group)
            continue
        try:
            register = 0 if group == WHOLE_PRACTICE and not register_text else exact.whole(register_text)
            size = exact.whole(list_text)
        except ValueError as error:
            problems.add("national.number-unreadable", f"group {group}: {error}.", place, group=group, reason=error)
            continue
        if size == 0 or register > size or (register == 0 and group != WHOLE_PRACTICE):
            problems.add(
                "national.number-out-of-range",
                f"group {group}: expected 0 < register <= list_size, found {register} and {size}.",
                place,
                group=group,
                register=register,
                list_size=size,
            )
            continue
        national[group] = National(Fraction(register), Fraction(size), GIVEN)
    problems.refuse_if_any()
    return {group: national[group] for group in sorted(national)}


def national_from_run(
    scheme: Scheme, practices: Mapping[str, Practice], figures: Mapping[str, Subjects], basis: str
) -> dict[str, National]:
    """National figures as the sums over the practices of the run that have both a register and a list.

    Patients of a practice that merged are counted with its successor.
    """
    sums: dict[str, tuple[int, int]] = {}
    gone = predecessors(practices, scheme.year)
    merged = {one.code for those in gone.values() for one in those}
    practices = {
        code: with_their_lists(one, gone.get(code, ())) for code, one in practices.items() if code not in merged
    }
    lists = {group.group: group.list for group in scheme.groups}
    for code, practice in practices.items():
        subjects = figures.get(code, {})
        for group, population in lists.items():
            figures_ = subjects.get(group, {})
            own = basis == "group" and LIST_SIZE in figures_
            whole = basis == "registered" or population == WHOLE_LIST
            size = int(figures_[LIST_SIZE]) if own else (practice.list_size if whole else None)
            if REGISTER in figures_ and size:
                register, total = sums.get(group, (0, 0))
                sums[group] = (register + int(figures_[REGISTER]), total + size)
    national = {
        group: National(Fraction(register), Fraction(size), FROM_THE_RUN)
        for group, (register, size) in sums.items()
        if register
    }
    whole_list = sum(practice.list_size or 0 for practice in practices.values())
    if whole_list:
        national[WHOLE_PRACTICE] = National(Fraction(0), Fraction(whole_list), FROM_THE_RUN)
    return {group: national[group] for group in sorted(national)}


def national_rows(national: Mapping[str, National]) -> Iterable[list[str]]:
    """The national figures as rows of `group_code, register, list_size`."""
    return ([group, str(n.register), str(n.list_size)] for group, n in national.items())


class Weigher:
    """The weights of one scheme for one practice at a time."""

    def __init__(self, resolved: Resolved, national: Mapping[str, National]) -> None:
        scheme = resolved.scheme
        self.scheme, self.national = scheme, dict(national)
        self._nations: dict[str, _Nation | None] = {}
        weights, rounding = scheme.weights, scheme.rounding
        self.rounding = rounding
        self.basis = resolved.prevalence_basis
        if weights.prevalence:
            for group, percent in weights.prevalence.national.items():
                if percent.value is not None and group not in self.national:
                    self.national[group] = National(
                        percent.value, Fraction(1), Origin("source", percent.source or scheme.source or "")
                    )

    def list_factor(self, practice: Practice) -> Factor:
        """CPI, on the practice's list with those that came with mergers."""
        weight = self.scheme.weights.list
        assert weight is not None
        size = practice.list_size if weight.list.column == "list_size" else practice.weighted_list_size
        if size is None:
            return Factor(
                "list",
                None,
                None,
                reason=f"The {weight.list.called} is not known: supply {weight.list.column}.",
            )
        if weight.over.required:
            why = "The national average list is not known: set weights.list.over."
            return Factor("list", None, None, reason=why)
        paid_as = weight.list.paid_as(Fraction(size)) or Fraction(0)
        value = paid_as / weight.over.known()
        working = f"{exact_text(paid_as)} / {weight.over}"
        if paid_as != size:
            working += f" (the least list; its own is {exact_text(Fraction(size))})"
        return Factor("list", value, self.rounding.list.apply(value), working)

    def prevalence_factor(self, practice: Practice, subjects: Subjects, measurer: Measurer, name: str) -> Factor:
        """APDF, or TPF where `name` is `target_population`."""
        group = measurer.group
        register = measurer.figure(subjects, REGISTER)
        size = self._list_size(practice, subjects, measurer)
        nation = self._known_nation(group)
        step = self.rounding.prevalence if name == "prevalence" else self.rounding.target_population
        short = "APDF" if name == "prevalence" else "target population factor"
        lacks = []
        if register is None:
            lacks.append(f"REGISTER for {measurer.code} or for its group {group}")
        if size is None:
            basis = measurer.population if self.basis != "registered" else WHOLE_LIST
            what = (
                "the practice's list_size" if basis == WHOLE_LIST else f"LIST_SIZE (people {basis}) for group {group}"
            )
            lacks.append(what)
        if nation is None:
            lacks.append(f"the national figures of group {group}")
        if lacks or register is None or size is None or nation is None:
            return Factor(name, None, None, reason=f"The {short} is not known: supply {' and '.join(lacks)}.")
        if size == 0 or register > size:
            why = f"The {short} is not known: a register of {register} and a list of {size} do not fit."
            return Factor(name, None, None, reason=why)
        top, below = nation.prevalence
        value = Fraction(register * below, size * top)
        working = f"({register} / {size}) / ({nation.working})"
        return Factor(name, value, step.apply(value), working, figures=(register, size, *nation.figures))

    def national_prevalence(self, group: str) -> tuple[int, int] | None:
        """A group's national prevalence on the basis of the scheme, over and under the line."""
        nation = self._known_nation(group)
        return nation.prevalence if nation else None

    def _known_nation(self, group: str) -> _Nation | None:
        if group not in self._nations:
            self._nations[group] = self._nation(group)
        return self._nations[group]

    def _list_size(self, practice: Practice, subjects: Subjects, measurer: Measurer) -> int | None:
        return practice.list_size if self.basis == "registered" else measurer.list_size(practice, subjects)

    def _nation(self, group: str) -> _Nation | None:
        nation = self.national.get(group)
        if nation is not None and self.basis == "registered":
            whole = self.national.get(WHOLE_PRACTICE)
            nation = National(nation.register, whole.list_size, nation.origin) if whole else None
        if nation is None:
            return None
        over = f"{nation.register} / {nation.list_size}" if nation.list_size != 1 else f"{nation.register}"
        return _Nation(nation.prevalence.as_integer_ratio(), over, (nation.register, nation.list_size))


@dataclass(frozen=True)
class _Nation:
    """A group's national prevalence on the basis of the scheme, ready to divide by: over and under the line."""

    prevalence: tuple[int, int]
    working: str
    figures: tuple[Fraction, Fraction]
