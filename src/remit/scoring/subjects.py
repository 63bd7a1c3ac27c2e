"""What a row of counts may be about, and which of its figures a scheme reads: names as NHS publications spell them."""

from __future__ import annotations

from collections.abc import Mapping

from remit.core.figures import EACH_QUARTER, THE_YEAR, PeriodRead, quarters
from remit.core.names import key
from remit.scheme.kinds import CalculatedKind
from remit.scheme.model import Item, Scheme

COUNT_MEASURES = (
    "REGISTER", "LIST_SIZE", "DENOMINATOR", "NUMERATOR", "PCAS", "DECLARED", "EVIDENCED",
    "ACTIVITY", "DID_NOT_ATTEND", "ACTIVITY_DAYS", "BASELINE_LIST_SIZE", "VETO",
)  # fmt: skip
AMOUNT_MEASURES = (
    "HISTORIC_POINTS", "HISTORIC_POUNDS", "AGREED", "AGREED_POUNDS", "OWN_TARGET", "LIST_INDEX", "PREVALENCE_INDEX",
    "BASELINE_POUNDS", "ACTUAL_POUNDS", "REINVESTED_POUNDS", "PROVISIONAL",
)  # fmt: skip
MEASURES = (*COUNT_MEASURES, *AMOUNT_MEASURES)
WHOLE_PRACTICE = "*"
DELIVERED = ("ACTIVITY", "DID_NOT_ATTEND", "ACTIVITY_DAYS")
"""What is done in a quarter and paid for after it."""
SPENT = ("HISTORIC_POUNDS", "BASELINE_POUNDS", "ACTUAL_POUNDS", "REINVESTED_POUNDS", "BASELINE_LIST_SIZE")
"""What a practice was paid, spent or had on its list in a year: of several practices it adds up."""
WHOLE_MEASURES = frozenset(AMOUNT_MEASURES)
_ASSENT = ("AGREED", "AGREED_POUNDS", "HISTORIC_POUNDS")

_SPELLINGS = {
    "DEN": "DENOMINATOR",
    "NUM": "NUMERATOR",
    "PCA": "PCAS",
    "EXCEPTIONS": "PCAS",
    "LISTSIZE": "LIST_SIZE",
    "PATIENTLISTSIZE": "LIST_SIZE",
    "PRACTICELISTSIZE": "LIST_SIZE",
}
_NOT_NEEDED = frozenset(
    [
        "ACHIEVEDPOINTS",
        "ACHIEVEMENTSCORE",
        "ACHIEVEMENT",
        "DENOMINATORPLUSPCAS",
        "DENOMINATORPLUSEXCEPTIONS",
        "EXCLUSIONS",
        "PREVALENCE",
        "PERCENTACHIEVED",
        "POINTS",
        "MAXPOINTS",
        "UNDERLYINGACHIEVEMENT",
        "UNDERLYINGACHIEVEMENTNETOFEXCEPTIONS",
        "INTERVENTION",
        "PATIENTSRECEIVINGINTERVENTION",
        "RECEIVINGINTERVENTION",
        "PCARATE",
        "EXCEPTIONRATE",
    ]
)

_USED = {
    "achievement": ("NUMERATOR", "DENOMINATOR", "PCAS", "REGISTER", "LIST_SIZE"),
    "prevalence": ("REGISTER", "LIST_SIZE"),
    "per_1000": ("NUMERATOR", "LIST_SIZE"),
    "register": ("REGISTER", "LIST_SIZE"),
    "declared": ("DECLARED", "REGISTER", "LIST_SIZE"),
    "historic": ("HISTORIC_POINTS", "REGISTER", "LIST_SIZE"),
}


def watched_codes(scheme: Scheme) -> tuple[str, ...]:
    """The indicators that a scheme watches; none while their list is still required."""
    watched = scheme.monitoring
    return () if watched is None or isinstance(watched.indicators, str) else watched.indicators


def watched_measures(scheme: Scheme, code: str) -> tuple[str, ...]:
    """What is read of a watched indicator: the people on a register, else its achievement."""
    assert scheme.monitoring is not None
    return ("REGISTER",) if code in scheme.monitoring.people else ("NUMERATOR", "DENOMINATOR")


def watched_periods(scheme: Scheme, paid: bool = False) -> set[PeriodRead]:
    """What they are read for: this year and the one it is set beside, and the quarters of both where it is watched by
    quarter."""
    watched = scheme.monitoring
    assert watched is not None
    periods: set[PeriodRead] = {THE_YEAR}
    if watched.against:
        periods.add(watched.against)
    if watched.every == "quarter" and not paid:
        periods.add(EACH_QUARTER)
        if watched.against:
            periods.update(quarters(watched.against))
    return periods


class Subjects:
    """What a scheme's counts may be about, by any accepted spelling."""

    def __init__(self, scheme: Scheme) -> None:
        self.order: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.used: dict[str, set[str]] = {
            WHOLE_PRACTICE: {"HISTORIC_POINTS", "HISTORIC_POUNDS", "AGREED", "PROVISIONAL"}
        }
        self.quarters = scheme.quarters()
        self.periods: dict[tuple[str, str], set[PeriodRead]] = {}
        self.assents = scheme.networks is not None
        self.shared: dict[str, tuple[str, ...]] = {}
        uses: dict[str, list[str]] = {}
        for item in scheme.items:
            for code in item.indicators:
                uses.setdefault(code, []).append(item.item)
        for item in scheme.items:
            self._name(item.item, item.item)
            self.used.setdefault(item.item, set()).update(_used(item))
            self._calculated(item)
            self._asked(item)
            for code in item.indicators:
                subject = item.item if len(item.indicators) == 1 else code
                self.used.setdefault(subject, set()).update(_used(item))
                if len(uses[code]) == 1:
                    self._name(code, subject)
                    for spelling in scheme.indicator(code).spellings:
                        self._name(spelling, subject)
            for before, code in item.renumbered.items():
                if len(uses[code]) == 1:
                    self._name(before, item.item if len(item.indicators) == 1 else code)
        for code, items in uses.items():
            if len(items) > 1:
                self.shared |= {key(name): tuple(items) for name in (code, *scheme.indicator(code).spellings)}
        for group in scheme.groups:
            self.used.setdefault(group.group, {"REGISTER", "LIST_SIZE"})
            for spelling in (group.group, *group.spellings):
                self._name(spelling, group.group)
        self._name(WHOLE_PRACTICE, WHOLE_PRACTICE)
        if scheme.networks:
            self.used[WHOLE_PRACTICE].update(_ASSENT)
            if scheme.networks.assent == "unless vetoed":
                for code in (WHOLE_PRACTICE, *(item.item for item in scheme.through_networks())):
                    self.used[code].add("VETO")
            if scheme.networks.register_of:
                self.used.setdefault(scheme.networks.register_of, set()).add("REGISTER")
                self._name(scheme.networks.register_of, scheme.networks.register_of)
        self._watched(scheme)

    def _watched(self, scheme: Scheme) -> None:
        """What is watched and pays nothing. What pays too is read for the year as its item is, not by quarter."""
        for code in watched_codes(scheme):
            periods = watched_periods(scheme, code in self.names)
            self._name(code, code)
            for measure in watched_measures(scheme, code):
                self.used.setdefault(code, set()).add(measure)
                if periods != {THE_YEAR}:
                    self.periods.setdefault((code, measure), set()).update(periods)

    def _calculated(self, item: Item) -> None:
        """The elements of an item that calculates from figures, and the figures that it reads."""
        if not isinstance(item.kind, CalculatedKind):
            return
        for code in item.kind.elements():
            self._name(code, code)
        for read in item.kind.reads():
            subject = read.subject or item.item
            self.used.setdefault(subject, set()).add(read.measure)
            self.periods.setdefault((subject, read.measure), set()).add(read.period)
            if item.measure and read.period is not THE_YEAR:
                self.periods[subject, read.measure].add(THE_YEAR)

    def _asked(self, item: Item) -> None:
        """The counts that its conditions look at."""
        for _, when in item.conditions:
            for read in when.reads():
                self._name(read.subject, read.subject)
                self.used.setdefault(read.subject, set()).add(read.measure)

    def _name(self, spelling: str, subject: str) -> None:
        self.names.setdefault(key(spelling), subject)
        self.order.setdefault(subject, len(self.order))

    def find(self, text: str) -> str | None:
        """The subject that a code means, or None."""
        return self.names.get(key(text))

    def items_of(self, text: str) -> tuple[str, ...]:
        """The items that an indicator counts for, where they are several: then it does not say which is meant."""
        return self.shared.get(key(text), ())


def _used(item: Item) -> tuple[str, ...]:
    """The measures that are read for an item."""
    if item.measure is None and isinstance(item.kind, CalculatedKind):
        return ()
    return _USED[item.measure or "achievement"]


class Measures:
    """Measure names by any accepted spelling: a measure, '' for one that is known and not needed, None for unknown."""

    names: Mapping[str, str] = {
        **{key(m): m for m in MEASURES},
        **_SPELLINGS,
        **dict.fromkeys(_NOT_NEEDED, ""),
    }

    @classmethod
    def find(cls, text: str) -> str | None:
        return cls.names.get(key(text))
