"""Every practice of a run, written into its tables: plain ones from columns, the others between them one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TextIO

from remit.runs.columns import Summed
from remit.runs.columns.plain import plain_practices
from remit.runs.columns.priced import ColumnPricing, PricedColumns
from remit.runs.columns.result_lines import ResultLines
from remit.runs.columns.text import Lines, blocks
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
    some_are_plain = True
    for block in blocks(len(run.codes)):
        codes = run.codes[block]
        plain = plain_practices(run, pricing.plan, codes) if some_are_plain else []
        priced = _priced(pricing, plain)
        if priced:
            some_are_plain = bool(priced.codes)  # what one block all lacks, the next will
            _write(codes, priced, text.of(priced), files, one_by_one)
            together(_summed(pricing, priced))
        else:
            for code in codes:
                one_by_one(code)
        progress(block.stop, len(run.codes))


def _priced(pricing: ColumnPricing, plain: Sequence[str]) -> PricedColumns | None:
    """Some practices at once; None where there are none, or an amount is larger than columns hold."""
    try:
        return pricing.price(plain) if plain else None
    except OverflowError:
        return None


def _write(
    codes: Sequence[str],
    priced: PricedColumns,
    lines: Mapping[str, tuple[Lines, int]],
    files: Mapping[str, TextIO],
    one_by_one: Callable[[str], None],
) -> None:
    """The rows of some practices in their order."""
    for group in _groups(codes, priced.codes):
        if isinstance(group, str):
            one_by_one(group)
            continue
        for name, (rows, each) in lines.items():
            files[name].flush()
            files[name].buffer.write(rows.of(group.start * each, group.stop * each))


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
