"""Writes the first page of what ./demo files made, and says the money.

python scripts/demo_index.py FOLDER PRACTICE
"""

from __future__ import annotations

import sys
from pathlib import Path

from remit.core import say
from remit.core.sums import Sum
from remit.documents.blocks import Bullets, Cell, Column, Document, Heading, Para, Row, Table
from remit.documents.figures import so_far
from remit.documents.render.html import as_html
from remit.runs import open_run

RUNS = {"qif": "Quality Improvement Framework (QIF) 2024/25", "qof": "Quality and Outcomes Framework (QOF) 2024-25"}
PAGES = (
    ("For the commissioner", (
        ("overview/overview.html", "Every practice and item on one page, each leading to its statement"),
        ("what-if.html", "What a threshold 3 points higher would cost each practice"),
        ("simulate.html", "Who would gain and lose from the reform of 2025-26, and how much of that is chance"),
        ("chance.html", "How much of what QOF pays is chance, by item and practice"),
        ("area.html", "Awards and payments by place and network, against the budgets"),
        ("breakdown.html", "Blood pressure control by deprivation, small numbers hidden"),
        ("catalogue.html", "What is commissioned, at what level, and when it is reviewed"),
    )),
    ("For practice {practice}", (
        ("statement-qif.html", "What it is paid under QIF, and why"),
        ("statement-qif.pdf", "The same on paper"),
        ("statement-qif.xlsx", "The same as a workbook: change a count, and it recalculates"),
        ("statement-qof.html", "What it is paid under QOF, all 76 items"),
        ("calendar.html", "What it receives each month"),
        ("worklist.html", "Whom to call, for what, by when, and what it is worth"),
        ("worklist.xlsx", "The same as a workbook, to sort and tick off"),
    )),
    ("For whoever checks or changes a scheme", (
        ("scheme-qif.html", "What QIF says: items, steps, terms, and what is not verified"),
        ("specification-hyp008.html", "HYP008 as a search to build: rules, clusters, flow chart"),
    )),
)  # fmt: skip


def document(folder: Path, practice: str, earned: dict[str, Sum], own: dict[str, Sum]) -> Document:
    """The page, with those of the files that are there."""
    rows = tuple(
        Row((title, so_far(earned[run], f"{run}/all"), so_far(own[run], f"{run}/{practice}")))
        for run, title in RUNS.items()
    )
    columns = (Column("Scheme", 5), Column("Three practices", 2, True), Column(f"Practice {practice}", 2, True))
    blocks = [
        Heading(1, "Remit: a demonstration"),
        Para(answer(earned), "lead"),
        Para(
            "All people, practices and figures here are made up. The code clusters are a demonstration, so every page "
            "says that it is provisional.",
            "reason",
        ),
        Table("Earned by 31 January 2025", columns, rows),
    ]
    for title, pages in PAGES:
        there = [
            Cell(words if name.endswith(".html") else f"{words} ({Path(name).suffix[1:]})", link=name)
            for name, words in pages
            if (folder / name).is_file()
        ]
        if there:
            blocks += [Heading(2, title.format(practice=practice)), Bullets(tuple(there))]
    return Document("Remit: a demonstration", tuple(blocks))


def answer(earned: dict[str, Sum]) -> str:
    """The money, in a sentence."""
    qif, qof = (say.so_far(earned[run]) for run in RUNS)
    return f"By 31 January three made-up practices have earned {qif} under QIF and {qof} under QOF."


def main() -> None:
    """Write index.html, and print the money."""
    folder, practice = Path(sys.argv[1]), sys.argv[2]
    earned, own = {}, {}
    for name in RUNS:
        run = open_run(folder / name)
        earned[name] = Sum.of(run.practice(code).pence for code in run.codes)
        own[name] = Sum.of([run.practice(practice).pence])
    page = as_html(document(folder, practice, earned, own))
    (folder / "index.html").write_text(page, encoding="utf-8")
    print(answer(earned))


if __name__ == "__main__":
    main()
