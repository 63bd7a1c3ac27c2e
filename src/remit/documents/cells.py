"""Cells of a workbook: their number formats, numbers within a formula, and the scheme's rounding as a formula."""

from __future__ import annotations

from fractions import Fraction

from remit.core.rounding import Rounding, exact_text

POUNDS = "£#,##0.00"
POUNDS_EXACT = "£#,##0.00######"
RATE = "0.00####%"
FACTOR = "0.0000000000"
NUMBER = "#,##0.############"


def cell_number(value: Fraction | int) -> float | int:
    """A cell's number, as a spreadsheet holds it: what leaves Remit for a cell is computed with there, never here."""
    value = Fraction(value)
    return value.numerator if value.denominator == 1 else float(value)


def number_text(value: Fraction) -> str:
    """A number within a formula, exactly: `0.5`, `(1/3)`."""
    text = exact_text(value, most=12)
    return text if Fraction(text) == value else f"({value.numerator}/{value.denominator})"


def rounded(formula: str, step: Rounding) -> str:
    """A formula with a step of rounding about it; as it is where the scheme keeps the number exact.

    Spreadsheets' ROUND makes up for binary fractions; the other ways do not, so those take nine decimals first.
    """
    if step.places is None:
        return formula
    if step.mode == "half up":
        return f"ROUND({formula},{step.places})"
    near = f"ROUND({formula},9)"
    if step.mode == "half even":
        tie = f"ROUND(MOD(ABS({near})*{10**step.places},1),6)=0.5"
        return f"IF({tie},2*ROUND({near}/2,{step.places}),ROUND({formula},{step.places}))"
    return f"{'ROUNDDOWN' if step.mode == 'down' else 'ROUNDUP'}({near},{step.places})"


def to_pence(formula: str, step: Rounding) -> str:
    """The scheme's rounding of pounds, then whole pence."""
    inner = rounded(formula, step)
    return inner if step.places == 2 else f"ROUND({inner},2)"


def lines_of(text: str, width: int) -> int:
    """How many lines a wrapped cell takes: spreadsheets other than Excel do not fit its height themselves."""
    return max(1, -(-len(text) // width))
