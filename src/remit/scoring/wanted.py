"""Which figures a scheme reads from the counts, row by row: what `remit template` asks a commissioner to supply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from remit.core.figures import EACH_QUARTER, THE_YEAR, quarters
from remit.scheme.asked import pca_rates_of
from remit.scheme.kinds import CalculatedKind, Protected, Reads, Required
from remit.scheme.model import WHOLE_LIST, Item, Scheme
from remit.scoring.subjects import WHOLE_PRACTICE, watched_codes, watched_measures


@dataclass(frozen=True)
class WantedFigure:
    """One row of counts: about what, which measure, of which period (empty: the scheme's year), and in words.

    `level` says whose figure it is in a scheme that pays through networks: `network` for what is declared once for all,
    else the practice. `optional` rows may stay empty.
    """

    subject: str
    measure: str
    period: str
    words: str
    optional: bool = False
    level: str = "practice"

    @property
    def usual(self) -> bool:
        """Whether a template has it unasked: what is needed, and a baseline's counts, which most practices have."""
        return not self.optional or self.words.startswith("baseline: ")


def wanted(scheme: Scheme) -> list[WantedFigure]:
    """Every figure that the scheme may read, in the order of its items, each once."""
    rows: dict[tuple[str, str, str], WantedFigure] = {}
    for item in scheme.items:
        for one in (*_measured(scheme, item), *_calculated(scheme, item), *_asked(scheme, item)):
            rows.setdefault((one.subject, one.measure, one.period), one)
    for one in (*_weighted(scheme), *_advance(scheme), *_network(scheme), *_watched(scheme)):
        rows.setdefault((one.subject, one.measure, one.period), one)
    return list(rows.values())


def _measured(scheme: Scheme, item: Item) -> Iterator[WantedFigure]:
    """What an item's own measure reads."""
    title = " ".join(item.title.split())
    if isinstance(item.kind, Required):
        return
    if isinstance(item.kind, Protected):
        yield WantedFigure(item.item, "HISTORIC_POINTS", str(item.kind.of), f"points in {item.kind.of}: {title}")
    elif item.measure == "achievement":
        for code in item.indicators if len(item.indicators) > 1 else (item.item,):
            yield WantedFigure(code, "NUMERATOR", "", f"of these, the patients whose care was achieved: {title}")
            yield WantedFigure(code, "DENOMINATOR", "", f"the patients who are eligible: {title}")
            if item.guard or item.item in pca_rates_of(scheme):
                yield WantedFigure(code, "PCAS", "", f"personalised care adjustments (PCAs): {title}")
    elif item.measure == "per_1000":
        yield WantedFigure(item.item, "NUMERATOR", "", f"how many, which may be more than there are people: {title}")
        yield _list(scheme, item)
    elif item.measure in ("prevalence", "register"):
        yield WantedFigure(item.item, "REGISTER", "", f"the patients on the register: {title}")
        if item.measure == "prevalence":
            yield _list(scheme, item)
    elif item.measure == "declared":
        yield WantedFigure(item.item, "DECLARED", "", f"1 for yes, 0 for no: {title}", level=_level(scheme, item))


def _list(scheme: Scheme, item: Item) -> WantedFigure:
    """The list that a register or events are counted over."""
    population = scheme.list_of(scheme.indicator(item.indicators[0]))
    whole = population == WHOLE_LIST
    words = "the registered patients; left empty, the practice's list_size" if whole else f"people {population}"
    return WantedFigure(item.item, "LIST_SIZE", "", words, optional=whole)


def _calculated(scheme: Scheme, item: Item) -> Iterator[WantedFigure]:
    """The figures that a kind that calculates from figures asks for; by quarter where it is counted by quarter."""
    if not isinstance(item.kind, CalculatedKind):
        return
    for read in item.kind.reads():
        when = [str(read.period)]
        if read.period == EACH_QUARTER:
            when = [f"{scheme.year.begins}-Q{quarter.number}" for quarter in scheme.quarters()]
        once = read.measure in ("DECLARED", "EVIDENCED")
        level = _level(scheme, item) if once else "practice"
        optional = read.optional and not (once and read.period is THE_YEAR)  # of a menu, 0 says that it was not chosen
        for period in when:
            yield WantedFigure(read.subject or item.item, read.measure, period, _words(item, read), optional, level)


def _asked(scheme: Scheme, item: Item) -> Iterator[WantedFigure]:
    """The counts that its conditions look at."""
    for _, when in item.conditions:
        for read in when.reads():
            yield WantedFigure(
                read.subject, read.measure, "", f"how many: {_words(item, read)}", level=_level(scheme, item)
            )


def _words(item: Item, read: Reads) -> str:
    yes = "1 for yes, 0 for no: " if read.measure in ("DECLARED", "EVIDENCED") else ""
    words = " ".join((read.words or item.title).split())
    return f"{yes}{words}" if yes or read.subject else f"{words} ({' '.join(item.title.split())})"


def _level(scheme: Scheme, item: Item) -> str:
    """Whose answer a declaration is: the network's where the network is counted as one, and paid for the item."""
    as_one = scheme.networks is not None and scheme.networks.earned_by == "network"
    return "network" if as_one and item in scheme.through_networks() else "practice"


def _weighted(scheme: Scheme) -> Iterator[WantedFigure]:
    """The registers that weight the pounds by prevalence."""
    if scheme.weights.prevalence is None:
        return
    groups = {group.group: group for group in scheme.groups}
    used = [scheme.indicator(i.indicators[0]).group for i in scheme.items if "prevalence" in i.weights and i.indicators]
    for code in dict.fromkeys(used):
        yield WantedFigure(code, "REGISTER", "", f"the register, for the prevalence weight: {groups[code].title}")
        if scheme.weights.prevalence.basis != "registered" and groups[code].list != WHOLE_LIST:
            yield WantedFigure(
                code, "LIST_SIZE", "", f"people {groups[code].list}: {groups[code].title}", optional=True
            )


def _advance(scheme: Scheme) -> Iterator[WantedFigure]:
    if any(ahead.of == "previous achievement or agreed points" for ahead in scheme.terms.advances):
        before = str(scheme.year.before)
        words = "the points of the year before, on which the advance is based (or AGREED, or HISTORIC_POUNDS)"
        yield WantedFigure(WHOLE_PRACTICE, "HISTORIC_POINTS", before, words, optional=True)


def _network(scheme: Scheme) -> Iterator[WantedFigure]:
    """What a network's members must say, and what their money is shared out by."""
    terms = scheme.networks
    if terms is None:
        return
    parameter = scheme.parameters.get(terms.distribution)
    rules = parameter.choices if parameter else (terms.distribution,)
    if terms.assent == "every member":
        yield WantedFigure(
            WHOLE_PRACTICE, "AGREED", "", "1 if the member agrees to how the money is shared out, else 0"
        )
    if terms.assent == "unless vetoed":
        day = ", and the day as its period" if terms.veto_by else ""
        words = f"1 if the member vetoes what its network is paid{day}; an item in place of * for that item alone"
        yield WantedFigure(WHOLE_PRACTICE, "VETO", "", words, optional=True)
    if {"agreed", "required"} & set(rules):
        yield WantedFigure(
            WHOLE_PRACTICE, "AGREED_POUNDS", "", "with `agreed`: the member's pounds", rules != ("agreed",)
        )
    if {"historic", "required"} & set(rules):
        yield WantedFigure(
            WHOLE_PRACTICE, "HISTORIC_POUNDS", "", "with `historic`: what it was paid before", optional=True
        )
    if "register" in rules and terms.register_of:
        yield WantedFigure(terms.register_of, "REGISTER", "", "the register that shares it out", len(rules) > 1)


def _watched(scheme: Scheme) -> Iterator[WantedFigure]:
    """The indicators that are watched and pay nothing."""
    terms = scheme.monitoring
    if terms is None:
        return
    years = [scheme.year, *([terms.against] if terms.against else [])]
    for code in watched_codes(scheme):
        for year in years:
            whole = "" if year == scheme.year else str(year)
            by_quarter = [str(quarter) for quarter in quarters(year)] if terms.every == "quarter" else [whole]
            for period in by_quarter:
                for measure in watched_measures(scheme, code):
                    yield WantedFigure(code, measure, period, "watched, pays nothing", optional=True)
