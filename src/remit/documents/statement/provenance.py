"""What a statement rests on: what nobody has verified, rounding, parameters, versions and sources, each said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from remit.core import say
from remit.documents.blocks import Block, Facts, Fold, Heading, Para
from remit.documents.statement import answers
from remit.documents.statement.model import Statement
from remit.documents.statement.sources import Doubt, notes, standing_of
from remit.pricing.weights import Origin
from remit.scheme.resolve import setting


class References:
    """The sources of a scheme's numbers by number, in the order of the scheme's file; others behind them."""

    def __init__(self, statement: Statement) -> None:
        sources = statement.result.scheme.sources.values()
        self.titles = {
            " ".join(s.title.split()): f"{' '.join(s.title.split())}{f', {s.published}' if s.published else ''}"
            for s in sources
        }

    def named(self, title: str) -> str:
        """`source 3`; a source or a remark that the scheme does not list is listed from then on."""
        self.titles.setdefault(title, title)
        return f"source {list(self.titles).index(title) + 1}"

    def rows(self) -> tuple[tuple[str, str], ...]:
        """Each number with its source."""
        return tuple((f"Source {n}", text) for n, text in enumerate(self.titles.values(), 1))


def rests_on(statement: Statement, references: References) -> Iterator[Block]:
    """What is not verified first, and of that what bears on the money of this statement."""
    yield Heading(2, "What this statement rests on")
    yield from _unverified(statement, references)
    yield Fold("Rounding", (Facts(tuple(answers.rounding(statement))),))
    scheme = statement.result.scheme
    if scheme.parameters:
        yield Fold("Parameters of the run", (Facts(tuple(parameters(statement))),))
    remarks = list(notes(scheme))
    if remarks:
        yield Fold("Notes on the scheme", (Facts(tuple(remarks)),))
    sources = references.rows()
    if sources:
        yield Fold("Sources of the scheme's numbers", (Facts(sources),))
    yield Fold("Where it comes from", (Facts(tuple(origins(statement))),))


def _unverified(statement: Statement, references: References) -> Iterator[Block]:
    """What nobody has verified: first what the pounds of this statement rest on, then the rest."""
    money, rest = _doubts(statement)
    if not money and not rest:
        yield Para("Every number and rule of this scheme was seen in its source.")
        return
    blocks: list[Block] = []
    for title, doubts in (("The money of this statement rests on", money), ("The rest of the scheme", rest)):
        if doubts:
            blocks += [Heading(3, title), Facts(tuple(_row(doubt, references) for doubt in doubts))]
    yield Fold("What nobody has verified", tuple(blocks))


def _row(doubt: Doubt, references: References) -> tuple[str, str]:
    return say.capital(doubt.standing), f"{doubt.words} ({references.named(doubt.source)})"


def _doubts(statement: Statement) -> tuple[list[Doubt], list[Doubt]]:
    """(what the pounds rest on, what else is not verified)."""
    standings = statement.standings
    priced = [view for view in statement.items if view.award.pence is not None]
    codes = {view.code for view in priced}
    used = {code for view in priced for code in view.item.indicators}
    every = {code for view in statement.items for code in view.item.indicators}
    groups = {s.group.group for s in statement.sections if s.group and any(view.code in codes for view in s.items)}
    all_groups = {section.group.group for section in statement.sections if section.group}
    money = [*standings.shared(), *standings.items(codes), *standings.definitions(used | groups)]
    others = {view.code for view in statement.items} - codes
    rest = [*standings.items(others), *standings.definitions((every | all_groups) - used - groups)]
    return money, rest


def unverified(statement: Statement) -> tuple[tuple[str, str], ...]:
    """Everything that the statement rests on and nobody has verified: its standing, and what it is, by source."""
    money, rest = _doubts(statement)
    return tuple(
        (say.capital(doubt.standing), f"{doubt.words} ({doubt.source.rstrip('.')})") for doubt in (*money, *rest)
    )


def parameters(statement: Statement) -> Iterator[tuple[str, str]]:
    """The scheme's parameters: what each was set to, and what it is about."""
    scheme = statement.result.scheme
    for name, parameter in scheme.parameters.items():
        value = setting(scheme, statement.settings, name)
        doubt = standing_of(scheme, parameter) if value and value == parameter.default else ""
        mark = f" (the default; {doubt})" if doubt and doubt != "verified" else ""
        yield name, f"{say.days_in(value) or 'not set'}{mark}. {say.clean(parameter.about)}"


def origins(statement: Statement) -> Iterator[tuple[str, str]]:
    """The scheme, its indicators, the national figures and the program, each with its version."""
    scheme = statement.result.scheme
    yield "Scheme", f"{scheme.scheme}, version {scheme.version}, SHA-256 {statement.scheme_hash}"
    used = {code for view in statement.items for code in view.item.indicators}
    versions: dict[str, list[str]] = {}
    for indicator in scheme.indicators:
        if indicator.indicator in used:
            versions.setdefault(indicator.version, []).append(indicator.indicator)
    for version, codes in versions.items():
        yield f"Indicators, version {version}", ", ".join(codes)
    supplied = _supplied(statement, (nation.origin for nation in statement.national.values()))
    if scheme.weights.prevalence:
        yield "National prevalence", ", ".join(supplied) if supplied else "not given, so every APDF is unknown"
    yield "Made with", f"Remit {statement.made_with}"


def _supplied(statement: Statement, given: Iterable[Origin]) -> list[str]:
    return sorted({origin_words(statement, origin) for origin in given if origin != Origin("source")})


def origin_words(statement: Statement, origin: Origin) -> str:
    """Where national figures come from, in words."""
    if origin.kind == "source":
        return statement.standings.title(origin.source)
    return "as supplied to the run" if origin.kind == "supplied" else "the practices of this run"
