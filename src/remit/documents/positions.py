"""Where the practices of an area stand in a scheme's year: a line for each, what moved it, and who is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from remit.comparison.compare import CAUSES
from remit.comparison.movements import PracticeMovement
from remit.core import say
from remit.core.sums import Sum
from remit.core.words import agreed
from remit.documents.blocks import (
    Amounts,
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Facts,
    Fold,
    Heading,
    Para,
    Row,
    Table,
)
from remit.documents.comparison import CAUSES_IN_ORDER, WORDS
from remit.documents.figures import change, points, pounds, so_far
from remit.documents.position import figures_named
from remit.runs.results import MERGED


@dataclass(frozen=True)
class AreaPosition:
    """A practice or network of an area: what it has earned so far (pence; None: not known) and, where it may be said,
    what moved since the extract before. `through` is the network that its money goes through, `link` its own page."""

    code: str
    name: str
    place: str
    network: str
    is_network: bool
    status: str
    pence: int | None
    points: str | None
    moved: PracticeMovement | None
    through: str = ""
    link: str = ""

    @property
    def difference(self) -> int | None:
        """What it has earned more than by the extract before; None where that is not known, or not for who looks."""
        if self.moved is None:
            return None
        if any(self.moved.share):
            return self.moved.share_moved
        return self.moved.difference if any(m.compared is not None for m in self.moved.movements) else None


@dataclass(frozen=True)
class AreaPositions:
    """An extract of a scheme by practice. `before` is the day and number of the one that it is compared with; `missing`
    are the practices that are not in it, `unshared` those that do not share its day's figures with who looks."""

    scheme: str
    whose: str
    day: date
    extract: int
    rows: tuple[AreaPosition, ...]
    before: tuple[date, int] | None
    missing: tuple[str, ...]
    unshared: tuple[str, ...]

    @property
    def paid(self) -> tuple[AreaPosition, ...]:
        """Those whose money is counted here: of members their network has it."""
        return tuple(one for one in self.rows if not one.through and one.status != MERGED)

    @property
    def earned(self) -> Sum:
        """What all of them have earned so far."""
        return Sum.of(one.pence for one in self.paid)

    @property
    def moved(self) -> Sum:
        """What they have earned more than by the extract before."""
        return Sum.of(one.difference for one in self.paid)


def positions(of: AreaPositions) -> Document:
    """The document: the answer, the amounts, each practice, and who is missing."""
    title = f"Positions: {of.scheme}"
    return Document(title, (Heading(1, title), *_head(of), *_table(of), *_missing(of), *_how(of)), wide=True)


def answer(of: AreaPositions) -> str:
    """What all have earned so far, and how that moved."""
    practices = sum(not one.is_network and one.status != MERGED for one in of.rows)
    who = f"{practices:,} {agreed('practice{|s}', practices)}"
    if not of.rows:
        return f"No practice shares its figures of {say.day(of.day)} with you."
    if of.earned.value is None:
        return f"What {who} earned is not known yet."
    text = f"{who} earned {say.money(of.earned.pence)} so far{_how_far(of)}."
    if of.earned.unknown:
        text += f" What {of.earned.unknown:,} of them earned is not known yet."
    return text


def _how_far(of: AreaPositions) -> str:
    if of.before is None or of.moved.value is None:
        return ""
    than = f"by {figures_named(of.before, of.day)}"
    if not of.moved.pence:
        return f", as much as {than}"
    return f", {say.money(abs(of.moved.pence))} {'more' if of.moved.pence > 0 else 'less'} than {than}"


def _head(of: AreaPositions) -> Iterator[Block]:
    yield Para(answer(of), "lead")
    amounts: list[tuple[str, str | Cell]] = [("Earned so far", so_far(of.earned, "all/earned"))]
    if of.before:
        since = say.short_day(of.before[0]) if of.before[0] != of.day else f"extract {of.before[1]}"
        amounts.append((f"Since {since}", so_far(of.moved, "all/change", signed=True)))
    yield Amounts(tuple(amounts))
    facts: list[tuple[str, str | Cell]] = [
        ("Whose practices", of.whose),
        ("Figures of", Cell(f"{say.day(of.day)}, extract {of.extract}", "figures/day", of.day, "day")),
    ]
    if of.before:
        facts.append(("Compared with", f"{say.day(of.before[0])}, extract {of.before[1]}"))
    yield Facts(tuple(facts))


def _table(of: AreaPositions) -> Iterator[Block]:
    if not of.rows:
        return
    yield Heading(2, "Practice by practice")
    causes = [n for n in range(len(CAUSES)) if any(one.moved and one.moved.causes[n] for one in of.rows)]
    with_points = any(one.points is not None for one in of.rows)
    columns = [Column("Practice", 4), Column("Status", 1.6), Column("Earned so far", 2.2, True, kept=True)]
    columns += [Column("Points", 1.4, True)] if with_points else []
    columns += [Column("Change", 2, True)] if of.before else []
    columns += [Column(WORDS[CAUSES[n]], 2, True) for n in causes]
    rows = [_row(of, one, causes, with_points) for one in of.rows]
    facets = tuple(name for name in ("Place", "Network") if any(name in dict(row.facets) for row in rows))
    yield Table("Earned so far by practice, and what moved it since the extract before", tuple(columns), tuple(rows),
                sortable=True, facets=facets)  # fmt: skip


def _row(of: AreaPositions, one: AreaPosition, causes: Sequence[int], with_points: bool) -> Row:
    kind = " (network)" if one.is_network else ""
    cells: list[str | Cell] = [
        Cell(f"{one.name} ({one.code}){kind}", link=one.link), say.capital(one.status),
        Cell("its successor's", f"{one.code}/earned") if one.status == MERGED
        else pounds(one.pence, f"{one.code}/earned"),
    ]  # fmt: skip
    if with_points:
        cells.append(points(None if one.points is None else Fraction(one.points), f"{one.code}/points"))
    if of.before:
        cells.append(change(one.difference, f"{one.code}/change"))
    known = one.moved is not None and one.difference is not None
    for n in causes:
        moved = one.moved.causes[n] if one.moved is not None and known else None
        cells.append(change(moved, f"{one.code}/{CAUSES[n]}"))
    facets = [(name, value) for name, value in (("Place", one.place), ("Network", one.network)) if value]
    return Row(tuple(cells), facets=tuple(facets))


def _missing(of: AreaPositions) -> Iterator[Block]:
    if of.missing:
        n = len(of.missing)
        yield Heading(2, "Missing")
        yield Para(f"{n:,} {agreed('{practice is|practices are}', n)} not in the extract.")
        yield Bullets(of.missing)
    if of.unshared:
        n = len(of.unshared)
        yield Heading(2, "Not shared")
        yield Para(f"{n:,} {agreed('{practice does|practices do}', n)} not share figures of that day with you.")
        yield Bullets(of.unshared)


def _how(of: AreaPositions) -> Iterator[Block]:
    if of.before:
        yield Fold("How the causes are worked out", (Para(CAUSES_IN_ORDER),))
