"""A reconciliation for people: how far the two sides are apart, where, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from remit.core import say
from remit.core.rounding import exact_text, scaled
from remit.core.words import agreed
from remit.documents.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Facts,
    Heading,
    Para,
    Row,
    Table,
    Unit,
)
from remit.documents.charts.shares import shares
from remit.documents.figures import count
from remit.reconciliation.rows import (
    BEYOND,
    CAUSES,
    NOT_COMPARED,
    WITHIN,
    Number,
    ReconciledRow,
    Reconciliation,
    figure_text,
)

MOST_ON_PAGE = 200
_UNITS = {"achievement": " percentage points", "points": " points", "points_available": " points"}
_COUNTS = (Column("Within", 2, True), Column("Beyond", 2, True, kept=True), Column("Not compared", 2, True))


def document(result: Reconciliation) -> Document:
    """The whole reconciliation, up to 200 findings and differences."""
    title = f"{result.file} beside a run of {result.scheme}"
    blocks = [*_head(result, title), *_by_figure(result), *_by_cause(result), *_verdicts(result)]
    blocks += [*_findings(result), *_largest(result)]
    return Document(title, tuple(blocks), wide=True)


def short(result: Reconciliation, most: int, detail: bool) -> Document:
    """What fits a terminal: `most` findings, or in `detail` every figure beyond its tolerance."""
    title = f"{result.file} beside a run of {result.scheme}"
    blocks = [*_head(result, title, notes=False), *_by_figure(result), *_by_cause(result), *_verdicts(result)]
    blocks += _each(result) if detail else _first(result, most)
    return Document(title, tuple(blocks))


def answer(result: Reconciliation) -> str:
    """How far the two sides are apart, and how many figures agree."""
    within, beyond, open_ = (result.count(status) for status in (WITHIN, BEYOND, NOT_COMPARED))
    parts = []
    for quantity in ("pounds", "points"):
        sums = result.sums(quantity)
        if sums is not None:
            theirs, ours = sums
            apart = _amount(quantity, max(theirs - ours, ours - theirs))
            both = f"theirs come to {_amount(quantity, theirs)}, ours to {_amount(quantity, ours)}"
            same = f"No {quantity} apart in all: both sides come to {_amount(quantity, ours)}."
            parts.append(same if theirs == ours else f"{apart} apart in all: {both}.")
            break
    compared = within + beyond
    if not compared:
        parts.append("No figure could be compared.")
    elif not beyond:
        parts.append(f"{agreed('{The one figure agrees|All figures agree}', compared)} within tolerance.")
    else:
        share = share_text(within, compared)
        parts.append(
            f"{within:,} of {compared:,} figures ({share}) {agreed('{agrees|agree}', within)} within tolerance."
        )
    if open_:
        parts.append(f"{open_:,} more could not be compared.")
    if beyond and (causes := result.classes):
        cause = max(causes, key=lambda name: causes[name])
        parts.append(f"The most frequent cause of a difference is: {CAUSES[cause]}.")
    return " ".join(parts)


def share_text(part: int, whole: int) -> str:
    """A share in per cent with one decimal; it says 100% and 0% only where that is so."""
    if not whole:
        return "–"
    if 0 < part < whole:
        tenths = min(999, max(1, scaled(part * 100, whole, 1)))
        return f"{tenths // 10}.{tenths % 10}%"
    return "100%" if part else "0%"


def _head(result: Reconciliation, title: str, notes: bool = True) -> Iterator[Block]:
    yield Heading(1, title)
    yield Para(answer(result), "lead")
    for note in result.notes if notes else ():  # a command warns of them
        yield Para(str(note), "small")
    yield Facts((
        ("Year", result.year),
        ("Layout of the file", result.layout),
        ("A difference is", "theirs (the file) less ours (the run)"),
    ))  # fmt: skip


def _by_figure(result: Reconciliation) -> Iterator[Block]:
    yield Heading(2, "By figure")
    rows = []
    for quantity in (*result.quantities(), ""):
        counts = [result.count(status, quantity) for status in (WITHIN, BEYOND, NOT_COMPARED)]
        name = quantity or "all"
        cells = [count(n, f"{name}/{what}") for n, what in zip(counts, ("within", "beyond", "open"), strict=True)]
        share = Cell(share_text(counts[0], counts[0] + counts[1]), f"{name}/share")
        tolerance = tolerance_text(result.tolerances, quantity)
        rows.append(Row((_words(name), *cells, share, tolerance), "" if quantity else "total"))
    columns = (Column("Figure", 3), *_COUNTS, Column("Share within", 2, True), Column("Tolerance", 3, True))
    yield Table("What was compared, and how near is near enough", columns, tuple(rows))


def tolerance_text(tolerances: Mapping[str, Fraction], quantity: str) -> str:
    """A tolerance with its unit: `0.005 points`, `£0.01`, `0` for counts."""
    if quantity not in tolerances:
        return ""
    number = exact_text(tolerances[quantity])
    return f"£{number}" if quantity == "pounds" else f"{number}{_UNITS.get(quantity, '')}"


def _by_cause(result: Reconciliation) -> Iterator[Block]:
    if not result.classes:
        return
    beyond = result.count(BEYOND)
    yield Heading(2, "By cause")
    counts = {"within tolerance": result.count(WITHIN), **result.classes}
    whole = result.count(WITHIN) + beyond
    bars = [(name, n, f"{n:,} ({share_text(n, whole)})") for name, n in counts.items()]
    alt = "Figures by class: " + "; ".join(f"{name} {figure}" for name, _, figure in bars) + "."
    yield shares(bars, alt)
    rows = (
        Row((name, count(n, f"cause/{name}"), share_text(n, beyond), CAUSES[name]))
        for name, n in result.classes.items()
    )
    columns = (
        Column("Most likely cause", 4), Column("Figures", 2, True, kept=True), Column("Share", 2, True),
        Column("What it means", 8),
    )  # fmt: skip
    yield Table("Figures beyond tolerance by their most likely cause", columns, tuple(rows))


def _verdicts(result: Reconciliation) -> Iterator[Block]:
    if result.verdicts:
        yield Bullets(result.verdicts)


def _findings(result: Reconciliation) -> Iterator[Block]:
    findings = result.findings()
    if not findings:
        return
    yield Heading(2, "What explains them")
    rows = (Row((f.cause.name, f.cause.text, f"{len(f.rows):,}", f.where)) for f in findings[:MOST_ON_PAGE])
    columns = (
        Column("Most likely cause", 3), Column("What is different", 7), Column("Figures", 2, True, kept=True),
        Column("Where", 4),
    )  # fmt: skip
    yield Table("Each cause once, the one that explains the largest difference first", columns, tuple(rows))
    if len(findings) > MOST_ON_PAGE:
        yield Para(f"{len(findings) - MOST_ON_PAGE:,} more are in the CSV file.", "small")


def _largest(result: Reconciliation) -> Iterator[Block]:
    rows = [_row(row) for row in result.largest(MOST_ON_PAGE)]
    if not rows:
        return
    yield Heading(2, "The largest differences")
    columns = (
        Column("Practice", 2), Column("Indicator", 2), Column("Figure", 2), Column("Theirs", 2, True),
        Column("Ours", 2, True), Column("Difference", 2, True, kept=True), Column("Most likely cause", 3),
        Column("What is different", 7),
    )  # fmt: skip
    yield Table("Pounds first, then points, per cent and counts, each by its size", columns, tuple(rows), sortable=True)
    if (more := result.count(BEYOND) - MOST_ON_PAGE) > 0:
        yield Para(f"{more:,} more are in the CSV file.", "small")


def _row(row: ReconciledRow) -> Row:
    figure = f"{row.practice}/{row.indicator}/{row.quantity}"
    texts = [f"{row.causes[0].text}"] if row.causes else [""]
    texts += [f"Or {cause.name}: {cause.text}" for cause in row.causes[1:3]]
    return Row((
        row.practice,
        row.indicator,
        _words(row.quantity),
        _cell(row.quantity, row.theirs, f"{figure}/theirs", row.mark),
        _cell(row.quantity, row.ours, f"{figure}/ours"),
        _cell(row.quantity, row.difference, f"{figure}/difference", signed=True),
        row.cause,
        "\n".join(texts),
    ))  # fmt: skip


def _first(result: Reconciliation, most: int) -> Iterator[Block]:
    """The findings, each once, with the largest difference that it explains."""
    findings = result.findings()
    if findings and most:
        yield Heading(2, "What explains them, the largest differences first")
        lines = []
        for finding in findings[:most]:
            many = len(finding.rows)
            lines.append(_line(finding.rows[0], f" (the largest of {many:,}, {finding.where})" if many > 1 else ""))
        yield Bullets(tuple(lines))
    hidden = sum(len(finding.rows) for finding in findings[most:])
    if hidden:
        yield Para(f"{hidden:,} more {agreed('figure{ is|s are}', hidden)} beyond tolerance.", "small")


def _each(result: Reconciliation) -> Iterator[Block]:
    lines = tuple(_line(row) for row in result.rows if row.status == BEYOND)
    if lines:
        yield Heading(2, "Every figure beyond its tolerance")
        yield Bullets(lines)


def _line(row: ReconciledRow, alike: str = "") -> str:
    theirs, ours = (figure_text(row.quantity, value) or "none" for value in (row.theirs, row.ours))
    by = "" if row.difference is None else f", {_signed(row.quantity, row.difference)}"
    text = (
        f"{row.practice} {row.indicator} {_words(row.quantity)}: theirs {row.mark or theirs}, ours {ours}{by}{alike}."
    )
    texts = [f"{say.capital(cause.name)}: {cause.text}." for cause in row.causes[:3]]
    if (more := len(row.causes) - 3) > 0:
        texts.append(f"{more} other {agreed('cause{ gives|s give}', more)} the same.")
    return "\n".join([text, *texts])


def _words(quantity: str) -> str:
    return quantity.replace("_", " ")


def _signed(quantity: str, value: Number) -> str:
    return f"{'+' if value > 0 else ''}{figure_text(quantity, value).replace('-', '−')}"


def _cell(quantity: str, value: Number | None, figure: str, instead: str = "", signed: bool = False) -> Cell:
    """A figure of one side; per cent are rates of 1, pounds pence."""
    if value is None or instead:
        return Cell(instead or "none", figure)
    text = _signed(quantity, value) if signed else figure_text(quantity, value)
    exact, unit = _exact(quantity, value)
    return Cell(text, figure, exact, unit)


def _exact(quantity: str, value: Number) -> tuple[Number, Unit]:
    if quantity == "pounds":
        return value * 100, "pence"
    if quantity == "achievement":
        return Fraction(value) / 100, "rate"
    return value, "points" if quantity in _UNITS else "count"


def _amount(quantity: str, value: Number) -> str:
    text = f"{figure_text(quantity, Fraction(value))}"
    whole, point, part = text.partition(".")
    grouped = f"{int(whole):,}{point}{part}"
    return f"£{grouped}" if quantity == "pounds" else f"{grouped} points"
