"""A reconciliation as one HTML page with its chart: it shows what `runs/reconcile.py` found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from remit.core.rounding import exact_text, scaled
from remit.documents.render.html import rendered
from remit.reconciliation.rows import BEYOND, CAUSES, NOT_COMPARED, WITHIN, Reconciliation, Row, figure_text

MOST_ON_PAGE = 200
WIDTH, LEFT, ROW, LABEL = 720, 270, 30, 130
_UNITS = {"achievement": " percentage points", "points": " points", "points_available": " points"}


def share_text(part: int, whole: int) -> str:
    """A share in per cent with one decimal; it says 100% and 0% only where that is so."""
    if not whole:
        return "–"
    if 0 < part < whole:
        tenths = min(999, max(1, scaled(part * 100, whole, 1)))
        return f"{tenths // 10}.{tenths % 10}%"
    return "100%" if part else "0%"


def tolerance_text(tolerances: Mapping[str, Fraction], quantity: str) -> str:
    """A tolerance with its unit: `0.005 points`, `£0.01`, `0` for counts."""
    if quantity not in tolerances:
        return ""
    number = exact_text(tolerances[quantity])
    return f"£{number}" if quantity == "pounds" else f"{number}{_UNITS.get(quantity, '')}"


@dataclass(frozen=True)
class _Bar:
    """One line of the chart, in SVG units."""

    name: str
    label: str
    width: float
    y: int


def bars(found: Reconciliation) -> list[_Bar]:
    """A bar for the figures within tolerance, then one for each class of difference, to one scale."""
    counts = {"within tolerance": found.count(WITHIN), **found.classes}
    most = max(1, *counts.values())
    whole = found.count(WITHIN) + found.count(BEYOND)
    return [
        _Bar(
            name,
            f"{count:,} ({share_text(count, whole)})",
            max(1.5, round(count / most * (WIDTH - LEFT - LABEL), 1)),
            n,
        )
        for n, (name, count) in enumerate(counts.items())
    ]


def _cells(row: Row) -> dict[str, str]:
    difference = row.difference
    sign = "+" if difference is not None and difference > 0 else ""
    return {
        "practice": row.practice,
        "indicator": row.indicator,
        "quantity": row.quantity.replace("_", " "),
        "theirs": row.mark or figure_text(row.quantity, row.theirs) or "none",
        "ours": figure_text(row.quantity, row.ours) or "none",
        "difference": sign + figure_text(row.quantity, difference).replace("-", "−"),
        "cause": row.cause,
        "text": row.causes[0].text if row.causes else "",
        "others": "; ".join(f"{cause.name}: {cause.text}" for cause in row.causes[1:]),
    }


def html(found: Reconciliation) -> str:
    """The reconciliation as one self-contained page."""
    quantities = [
        {
            "name": q.replace("_", " "),
            "counts": [found.count(status, q) for status in (WITHIN, BEYOND, NOT_COMPARED)],
            "share": share_text(found.count(WITHIN, q), found.count(WITHIN, q) + found.count(BEYOND, q)),
            "tolerance": tolerance_text(found.tolerances, q),
        }
        for q in found.quantities()
    ]
    beyond, findings = found.count(BEYOND), found.findings()
    return rendered(
        "reconciliation.html",
        blanks=True,
        found=found,
        quantities=quantities,
        within=found.count(WITHIN),
        beyond=beyond,
        not_compared=found.count(NOT_COMPARED),
        share=share_text(found.count(WITHIN), found.count(WITHIN) + beyond),
        classes=[(name, count, share_text(count, beyond), CAUSES[name]) for name, count in found.classes.items()],
        findings=[(f.cause, len(f.rows), f.where) for f in findings[:MOST_ON_PAGE]],
        more_findings=len(findings[MOST_ON_PAGE:]),
        rows=[_cells(row) for row in found.largest(MOST_ON_PAGE)],
        more=max(0, beyond - MOST_ON_PAGE),
        bars=bars(found),
        width=WIDTH,
        left=LEFT,
        row=ROW,
    )
