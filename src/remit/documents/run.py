"""What a run came to, for whoever started it: the money first, then what of it is not known, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from remit.core import say
from remit.core.sums import Sum
from remit.documents.blocks import Block, Cell, Column, Document, Heading, Para, Row, Table
from remit.documents.figures import count, so_far
from remit.runs.folder import RunSummary
from remit.scoring.monitoring import LOOK


def run_document(
    title: str, summary: RunSummary, paid_in_advance: bool, mean_weights: Sequence[tuple[str, str, Fraction]] = ()
) -> Document:
    """The figures of one run. `mean_weights` are groups whose weight is not 1 on average, with their people."""
    blocks: list[Block] = [Heading(1, title)] if title else []
    blocks.append(Para(answer(summary, paid_in_advance), "lead"))
    blocks.append(_amounts(summary, paid_in_advance))
    if summary.verdicts:
        blocks.append(_verdicts(summary))
    if mean_weights:
        blocks.append(Para(_weights(mean_weights), "small"))
    return Document(title or "Run", tuple(blocks))


def answer(summary: RunSummary, paid_in_advance: bool) -> str:
    """What is awarded and to whom, what of it was paid, and what is left either way."""
    return " ".join(_sentences(summary, paid_in_advance))


def _sentences(summary: RunSummary, paid_in_advance: bool) -> Iterator[str]:
    to = f"{summary.practices:,} practice{'' if summary.practices == 1 else 's'}"
    if summary.networks:
        to += f" in {summary.networks:,} network{'' if summary.networks == 1 else 's'}"
    awarded = summary.awarded
    if awarded.value is None:
        yield f"No award of {to} is known yet."
    elif awarded.unknown:
        yield f"{say.money(awarded.pence)} is awarded so far to {to}; not all is known{_for(awarded)}."
    else:
        yield f"{say.money(awarded.pence)} is awarded to {to}."
    unknown = [
        (name, total)
        for name, total in (
            ("what is paid in advance", summary.advanced if paid_in_advance else None),
            ("the balance", summary.balance),
            ("what is to be recovered", summary.recovery if paid_in_advance else None),
        )
        if total is not None and total.unknown
    ]
    if paid_in_advance and summary.advanced.value is not None:
        yield f"{say.so_far(summary.advanced)} is paid in advance."
    left = []
    if summary.balance.value is not None and (summary.balance.pence or not summary.recovery.pence):
        left.append(f"{say.so_far(summary.balance)} is left to pay")
    if summary.recovery.pence:
        left.append(f"{say.so_far(summary.recovery)} is to be recovered")
    if left:
        yield f"{', and '.join(left)}."
    if unknown:
        same = {(total.unknown, total.known) for _, total in unknown}
        of = _for(unknown[0][1]) if len(same) == 1 else " for all"
        yield f"Not known{of} yet: {say.listed([name for name, _ in unknown])}."
    if summary.provisional:
        every = summary.provisional == summary.practices + summary.networks
        yield "All of it is provisional." if every else f"{summary.provisional:,} of them are provisional."


def _for(total: Sum) -> str:
    """For how many practices or networks an amount is not known; nothing where there is one, or none is."""
    if total.known:
        return f" for {_of(total)}"
    return "" if total.unknown == 1 else " for any of them"


def _of(total: Sum) -> str:
    return f"{total.unknown:,} of {total.unknown + total.known:,}"


def _amounts(summary: RunSummary, paid_in_advance: bool) -> Table:
    """How many there are and what they come to; where an amount is not all known, for how many it is not."""
    rows: list[tuple[str | Cell, ...]] = []
    if summary.networks:
        rows.append(("Networks", count(summary.networks, "run/networks"), ""))
    rows.append(("Practices", count(summary.practices, "run/practices"), ""))
    rows.append(("of which provisional", count(summary.provisional, "run/provisional"), ""))
    on_activity = summary.on_activity
    sums = [
        ("Pounds awarded", "awarded", summary.awarded),
        ("… with APDF at 1", "awarded at 1", summary.at_one),
        ("Paid in instalments", "advanced", summary.advanced if summary.advanced.pence or paid_in_advance else None),
        ("Paid on activity", "on activity", on_activity if on_activity.pence or on_activity.unknown else None),
        ("Balance to pay", "balance", summary.balance),
        ("To recover", "recovery", summary.recovery),
    ]
    for name, key, total in sums:
        if total is not None:
            partial = f"not complete for {_of(total)}" if total.unknown else ""
            cell = so_far(total, f"run/{key}")
            rows.append((name, Cell("not known yet", cell.figure) if cell.value is None else cell, partial))
    columns = (Column("What", 4), Column("In all", 3, True, kept=True), Column("Not all is known", 3))
    width = 3 if any(row[2] for row in rows) else 2
    return Table("The run in figures", columns[:width], tuple(Row(row[:width]) for row in rows))


def _verdicts(summary: RunSummary) -> Table:
    """On how many practices each verdict was given by what is watched; those to be looked at stand first."""
    findings = sorted(summary.verdicts, key=lambda finding: (finding != LOOK, finding))
    rows = [Row((one, count(summary.verdicts[one], f"run/watched/{one}"))) for one in findings]
    columns = (Column("Verdict", 4), Column("Practices", 3, True, kept=True))
    return Table("Verdicts on what is watched", columns, tuple(rows))


def _weights(means: Sequence[tuple[str, str, Fraction]]) -> str:
    """Why mean weights are not 1, once for all."""
    each = say.listed([f"{say.number(mean, 3)} for {group} ({people})" for group, people, mean in means])
    below, above = any(mean < 1 for *_, mean in means), any(mean > 1 for *_, mean in means)
    why = []
    if below:
        why.append("below 1, practices with more such people have the higher prevalence among them")
    if above:
        why.append(
            "above 1, they have the lower" if below else "above 1, practices with more have the lower prevalence"
        )
    return (
        f"The mean weight (APDF) over these practices is {each}, and not 1: a register is weighed over part of the "
        f"list, and a point is paid by the whole list. Where it is {'; '.join(why)}."
    )
