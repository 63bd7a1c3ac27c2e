"""From a practice's figures to its achievement of each item: a rate, or yes and no, or why neither is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from remit.core.figures import (
    DECLARED,
    DENOMINATOR,
    HISTORIC_POINTS,
    LIST_SIZE,
    NUMERATOR,
    PCAS,
    REGISTER,
    FigureKey,
    Figures,
)
from remit.core.rounding import exact_text
from remit.organisation import Practice
from remit.scheme.model import WHOLE_LIST, Item
from remit.scheme.resolve import InForce, Resolved

Subjects = dict[str, Figures]


@dataclass(frozen=True, slots=True)
class AreaAverage:
    """An item's average over the practices of an area: `rate` 0 to 1, None while it is not known, with the `reason`.
    `waits` says why it is not final."""

    rate: Fraction | None
    practices: int
    reason: str = ""
    waits: str = ""


# Not frozen, though nothing changes it: a run of England makes half a million, each at five times the cost.
@dataclass(slots=True)
class Achievement:
    """What a practice achieved of an item.

    `rate` is numerator over denominator (patients; for prevalence, register over list), exact, 0 to 1; for yes and
    no it is 1 or 0. `reason` says why the rate is None, or what the reader should know about it. `empty` means that
    nobody was there to be counted: a rate that does not exist, which is not the same as one that is not known. `open`
    is the choice of definition that is still to be made, of which the rate may change. `average` is the area's, where
    the practice's own numbers are too small to be paid on: `rate` is then that, and the counts are still its own.
    """

    rate: Fraction | None = None
    numerator: int | None = None
    denominator: int | None = None
    pcas: int | None = None
    register: int | None = None
    list_size: int | None = None
    definition: str = ""
    reason: str = ""
    empty: bool = False
    open: str = ""
    average: AreaAverage | None = None


class Measurer:
    """How one item is measured in one scheme: which subject's figures, over which list, by which definition."""

    def __init__(self, resolved: Resolved, item: Item) -> None:
        scheme = resolved.scheme
        self.item = item
        self.code = item.item
        self.measure = item.measure
        codes = item.indicators
        indicator = scheme.indicator(codes[0]) if codes else None
        self.group = indicator.group if indicator else ""
        self.population = scheme.list_of(indicator) if indicator else WHOLE_LIST
        self.single = codes[0] if len(codes) == 1 else ""
        self.name = f"{self.code} ({self.single})" if self.single and self.single != self.code else self.code
        self.in_force = resolved.indicators.get(item.item, InForce(self.single))

    def achievement(self, practice: Practice, subjects: Subjects) -> Achievement:
        """The achievement in force on the achievement date."""
        if self.measure == "achievement":
            return self._rate(subjects.get(self.code), self.single) if self.single else self._dated(subjects)
        if self.measure == "register":
            return self._register(subjects)
        if self.measure == "declared":
            return self._declared(subjects)
        if self.measure == "prevalence":
            return self._prevalence(practice, subjects)
        if self.measure == "per_1000":
            return self._per_1000(practice, subjects)
        if self.measure == "historic":
            return self._historic(subjects)
        if self.item.kind.by_figures:
            return Achievement()
        return Achievement(reason=f"Item {self.code} must be supplied: {self.item.kind.missing()}.")

    @property
    def plain(self) -> bool:
        """Whether it is the NUMERATOR over the DENOMINATOR of its own code, and no other definition is counted."""
        return self.measure == "achievement" and bool(self.single)

    def definitions(self, subjects: Subjects) -> list[tuple[str, Achievement]]:
        """Every definition of a dated item that was counted, side by side, scored or not."""
        if self.single or self.measure != "achievement":
            return []
        return [(code, self._rate(subjects[code], code)) for code in self.item.indicators if code in subjects]

    def _rate(self, figures: Figures | None, definition: str) -> Achievement:
        figures = figures or {}
        numerator, denominator, pcas = figures.get(NUMERATOR), figures.get(DENOMINATOR), figures.get(PCAS)
        if numerator is None or denominator is None:
            lacks = [m for m, value in (("NUMERATOR", numerator), ("DENOMINATOR", denominator)) if value is None]
            why = self._supply(" and ".join(lacks))
            return Achievement(None, numerator, denominator, pcas, definition=definition, reason=why)  # type: ignore[arg-type]
        if denominator == 0:
            why = "No patients are in the denominator, so there is nothing to pay for."
            return Achievement(None, 0, 0, pcas, definition=definition, reason=why, empty=True)  # type: ignore[arg-type]
        rate = Fraction(numerator, denominator)
        return Achievement(rate, numerator, denominator, pcas, None, None, definition)  # type: ignore[arg-type]

    def _supply(self, what: str) -> str:
        return f"No counts: supply {what} for {self.name}."

    def _register(self, subjects: Subjects) -> Achievement:
        register = self.figure(subjects, REGISTER)
        if register is None:
            either = f" or for its group {self.group}" if self.group != self.code else ""
            return Achievement(definition=self.single, reason=f"No counts: supply REGISTER for {self.name}{either}.")
        reason = "" if register else "No patients are on the register, so it earns no points."
        return Achievement(Fraction(1 if register else 0), register=register, definition=self.single, reason=reason)

    def _declared(self, subjects: Subjects) -> Achievement:
        figures = subjects.get(self.code, {})
        if DECLARED not in figures:
            return Achievement(definition=self.single, reason=self._supply("DECLARED (1 or 0)"))
        declared = figures[DECLARED]
        return Achievement(
            Fraction(declared), definition=self.single, reason="" if declared else "Declared as not done."
        )

    def _historic(self, subjects: Subjects) -> Achievement:
        most, points = self.item.kind.most_earned(), subjects.get(self.code, {}).get(HISTORIC_POINTS)
        if points is None or not most:
            return Achievement(definition=self.single, reason=self._supply("HISTORIC_POINTS of the protected year"))
        if points > most:
            why = f"HISTORIC_POINTS {exact_text(points)} are above the {exact_text(most)} points of {self.name}."
            return Achievement(definition=self.single, reason=why)
        return Achievement(Fraction(points) / most, definition=self.single)

    def _prevalence(self, practice: Practice, subjects: Subjects) -> Achievement:
        register = self.figure(subjects, REGISTER)
        size = self.list_size(practice, subjects)
        if register is None:
            lacks = "REGISTER" if size is not None else "REGISTER and LIST_SIZE"
            either = f" or for its group {self.group}" if self.group else ""
            return Achievement(definition=self.single, reason=f"No counts: supply {lacks} for {self.name}{either}.")
        if size is None:
            why = (
                f"The list of people {self.population} is not known: supply LIST_SIZE for {self.name} or for its group."
            )
            if self.population == WHOLE_LIST:
                why = f"The list is not known: supply LIST_SIZE for {self.name}, or the practice's list_size."
            return Achievement(register=register, numerator=register, definition=self.single, reason=why)
        if size == 0:
            why = "No patients are on the list, so there is nothing to pay for."
            return Achievement(None, register, 0, None, register, 0, self.single, why, empty=True)
        if register > size:
            why = f"The register of {register} is above the list of {size}: correct one of them."
            return Achievement(None, register, size, None, register, size, self.single, why)
        return Achievement(Fraction(register, size), register, size, None, register, size, self.single)

    def _per_1000(self, practice: Practice, subjects: Subjects) -> Achievement:
        """Events over the list: there may be more of them than people."""
        events, size = subjects.get(self.code, {}).get(NUMERATOR), self.list_size(practice, subjects)
        lacks = [f"NUMERATOR (the events) for {self.name}"] if events is None else []
        if size is None:
            whole = self.population == WHOLE_LIST
            lacks.append("the practice's list_size" if whole else f"LIST_SIZE (people {self.population})")
        if events is None or size is None:
            why = f"No counts: supply {' and '.join(lacks)}."
            return Achievement(None, events, size, None, None, size, self.single, why)  # type: ignore[arg-type]
        if size == 0:
            why = "No patients are on the list, so there is nothing to pay for."
            return Achievement(None, int(events), 0, None, None, 0, self.single, why, empty=True)
        return Achievement(Fraction(events, size), int(events), size, None, None, size, self.single)

    def figure(self, subjects: Subjects, key: FigureKey) -> int | None:
        """The item's own figure, else its group's."""
        figures = subjects.get(self.code)
        if figures is None or key not in figures:
            figures = subjects.get(self.group)
        return figures.get(key) if figures else None  # type: ignore[return-value]

    def list_size(self, practice: Practice, subjects: Subjects) -> int | None:
        """The list that the register is part of; the practice's own only where the population is the whole list."""
        size = self.figure(subjects, LIST_SIZE)
        return practice.list_size if size is None and self.population == WHOLE_LIST else size

    def _dated(self, subjects: Subjects) -> Achievement:
        codes = self.item.indicators
        own = subjects.get(self.code)
        counted = [code for code in codes if code in subjects]
        in_force = self.in_force.indicator
        if own is not None and counted:
            which = " and ".join(counted)
            return Achievement(
                reason=f"Counts are given for {self.code} and for {which}: give them by definition only."
            )
        if own is not None:
            done = self._rate(own, in_force or "")
            if done.rate is None:
                return done
            if in_force:
                return replace(done, reason=f"The counts are given for {self.code}: they are taken as {in_force}'s.")
            which = " or ".join(codes)
            why = f"Counted on the definition given: set {self.in_force.open} to say whether that is {which}."
            return replace(done, reason=why, open=f"set {self.in_force.open} to say whether it is counted as {which}")
        if not counted:
            return Achievement(definition=in_force or "", reason=self._supply("NUMERATOR and DENOMINATOR"))
        if in_force is None:
            return Achievement(
                reason=f"Counts are given for {' and '.join(counted)}: set {self.in_force.open} to say which holds."
            )
        if in_force not in subjects:
            return Achievement(
                definition=in_force, reason=f"No counts: supply NUMERATOR and DENOMINATOR for {in_force}."
            )
        return self._rate(subjects[in_force], in_force)
