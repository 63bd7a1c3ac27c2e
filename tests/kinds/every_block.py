"""A made-up document with every kind of block, every unit, and names that are long or hostile."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from remit.core import say
from remit.core.dates import MONTHS
from remit.documents import charts
from remit.documents.blocks import (
    Amounts,
    Beside,
    Bullets,
    Cell,
    Column,
    Document,
    Facts,
    Fold,
    Heading,
    Keep,
    Para,
    Picture,
    Row,
    Table,
)  # fmt: skip

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch and Neighbouring Villages Surgery"
HOSTILE = '=HYPERLINK("x") <script>alert(1)</script> & \x1b[31m#strong[A] *b*'
CONTACTS = ("telephone", "visit", "letter")


def pounds(figure: str, pence: int, link: str = "") -> Cell:
    return Cell(say.money(pence), figure, pence, "pence", link, "poor" if pence < 0 else "")


def practices(count: int) -> Table:
    """A wide table: practices with figures of each unit, sorted and filtered in the page."""
    rows = []
    for n in range(1, count + 1):
        day = date(2024, 4, 1) + timedelta(n - 1)
        rate, name = Fraction(n, count + 1), LONG if n == 3 else HOSTILE if n == 4 else f"Practice {n}"
        rows.append(
            Row(
                (
                    Cell(name, link=f"practice-{n}.html"),
                    Cell(f"{1000 * n:,}", f"P{n}/list", 1000 * n, "count"),
                    Cell(
                        say.percent(rate, 1), f"P{n}/rate", rate, "rate", picture=charts.strip(rate, [Fraction(3, 4)])
                    ),
                    Cell(say.number(rate * 20, 2), f"P{n}/points", rate * 20, "points"),
                    Cell("not known", f"P{n}/prevalence", None, "number", tone="quiet"),
                    Cell(say.short_day(day), f"P{n}/day", day, "day"),
                    "A sentence of several words about this practice, as long as such sentences are",
                    pounds(f"P{n}/pounds", 123456 * n if n % 4 else -99),
                ),
                "own" if n == 2 else "",
                (("Contact", CONTACTS[n % 3]), ("Contact", CONTACTS[(n + 1) % 3]), ("Born in", MONTHS[n % 12])),
            )
        )
    total = Row(
        (
            "All practices",
            Cell("not known", "all/list", None, "count"),
            "",
            "",
            "",
            "",
            "",
            pounds("all/pounds", 10**9),
        ),
        "total",
    )
    columns = (
        Column("Practice", 3), Column("List", 1.5, True), Column("Achievement", 2, True), Column("Points", 1.5, True),
        Column("Prevalence", 2, True), Column("Day", 2), Column("What there is to know", 5),
        Column("Pounds", 2, True, kept=True),
    )  # fmt: skip
    return Table("Practices by pounds", columns, (*rows, total), sortable=True, facets=("Contact", "Born in"))


def document(count: int = 12) -> Document:
    """The document."""
    grouped = Table(
        "Parts in groups",
        (Column("Part", 4), Column("Counted", 2, True), Column("Mean", 2, True)),
        (
            Row((Cell("First group", tone="good"),), "group"),
            Row((LONG, Cell("41", "a/counted", 41, "count"), Cell("0.5", "a/mean", Fraction(1, 2), "number"))),
            Row(("b", Cell("1,200", "b/counted", 1200, "count"), Cell("1.333333", "b/mean", Fraction(4, 3), "number"))),
            Row(("Second group",), "group"),
            Row((HOSTILE, Cell("hidden", "c/counted", None, "count"), "")),
        ),
    )  # fmt: skip
    line = (
        (Fraction(0), Fraction(0)),
        (Fraction(1, 2), Fraction(0)),
        (Fraction(1, 2), Fraction(1)),
        (Fraction(1), Fraction(1)),
    )
    drawn = charts.line(
        charts.PaymentLine(line, ((Fraction(1, 2), "50%", "13p"),), (Fraction(41, 100), Fraction(0)), "here: 41%",
                           Fraction(0), Fraction(1), "Above 50% pays 13p. The practice stands at 41%.")
    )  # fmt: skip
    bars = charts.bars(
        [charts.Bar("First", Fraction(2, 3), "66.7%", Fraction(3, 5), Fraction(18, 25))], "First: 66.7%."
    )
    return Document(
        "A document of every block",
        (
            Heading(1, "A document of every block"),
            Para("£1,500.00 is earned, and £400.00 more is within reach.", "lead"),
            Amounts((("Earned", pounds("earned", 150000)), ("To recover", "not known"))),
            Facts((("Scheme", HOSTILE), ("Patients", Cell("1,234", "patients", 1234, "count")))),
            Heading(2, "Figures", "£1,500.00"),
            practices(count),
            Para("Something is missing, and this says what.", "reason"),
            grouped,
            Heading(2, "Charts"),
            bars,
            Picture(bars.svg, bars.alt),
            Heading(2, "Items", fresh=True),
            Keep((
                Heading(3, f"Item 1: {LONG}", "£13.00"),
                Beside(Facts((("Rate", Cell("41%", "1/rate", Fraction(41, 100), "rate")), ("Is", HOSTILE))), drawn),
                Para("A note.", "small"),
            )),
            Bullets(("One thing", Cell("£0.01", "penny", 1, "pence"), Cell("To the figures", link="#figures"))),
            Fold("How this was worked out", (
                Heading(3, "Steps"),
                Para("41 of 100 is 41%."),
                Facts((("Weighted patients", Cell("10,500.25", "weighted", Fraction(42001, 4), "number")),)),
                Table("Steps one by one", (Column("Step", 3), Column("Result", 2, True)),
                      (Row(("Rate", Cell("41%", "steps/rate", Fraction(41, 100), "rate"))),
                       Row(("A third", Cell("33.333333%", "steps/third", Fraction(1, 3), "rate"))))),
            )),
        ),
        foot="Made up",
        wide=True,
    )  # fmt: skip
