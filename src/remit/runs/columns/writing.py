"""Every practice of a run, written into its tables: plain ones from columns, the others between them one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TextIO

from remit.runs.columns import Summed
from remit.runs.columns.plain import plain_practices
from remit.runs.columns.priced import ColumnPricing, PricedColumns
from remit.runs.columns.result_lines import ResultLines
from remit.runs.columns.text import blocks
from remit.runs.engine import Run


def write_practices(
    run: Run,
    files: Mapping[str, TextIO],
    one_by_one: Callable[[str], None],
    together: Callable[[Summed], None],
    progress: Callable[[int, int], None],
) -> None:
    """Write every practice in the order of the run.

    `one_by_one` writes a practice that is not plain, by its code; `together` is called with the sums of those that are.
    """
    pricing = ColumnPricing(run)
    text = ResultLines(pricing)
    for block in blocks(len(run.codes)):
        codes = run.codes[block]
        priced = pricing.price(plain_practices(run, pricing.plan, codes))
        lines = text.of(priced)
        for group in _groups(codes, priced.codes):
            if isinstance(group, str):
                one_by_one(group)
                continue
            for name, (rows, each) in lines.items():
                files[name].flush()
                files[name].buffer.write(rows.of(group.start * each, group.stop * each))
        together(_summed(pricing, priced))
        progress(block.stop, len(run.codes))


def _groups(codes: Iterable[str], plain: list[str]) -> Iterator[str | slice]:
    """A code that is not among the plain ones, or which of those follow one another."""
    begins = at = 0
    for code in codes:
        if at < len(plain) and plain[at] == code:
            at += 1
            continue
        if at > begins:
            yield slice(begins, at)
        begins = at
        yield code
    if at > begins:
        yield slice(begins, at)


def _summed(pricing: ColumnPricing, priced: PricedColumns) -> Summed:
    at_one = None if priced.at_one is None else int(priced.at_one.sum())
    sums = (int(column.sum()) for column in (priced.pence, priced.advance, priced.balance))
    pence, advance, balance = sums
    return Summed(len(priced.codes), len(priced.codes) * len(pricing.lines), pence, at_one, advance, balance)
