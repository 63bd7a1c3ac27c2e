"""What can be wrong with the recoveries that practices agreed, and with a payment file.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "recovery",
    {
        "months-above-the-most": (
            "A recovery takes longer than the scheme allows. Record the exception in the column 'reason'."
        ),
        "months-out-of-range": "A recovery has 1 to 120 months. Correct the number.",
        "nothing-to-recover": "A recovery is of nothing, or of less. Give an amount above zero.",
        "practice-twice": "A practice has two rows. Keep one of them.",
        "practice-unknown": "A recovery names a practice that is not among the practices. Correct the code.",
        "value-unreadable": "A cell is not a date or not a number. Correct it.",
    },
) + declared(
    "payment",
    {
        "amount-unreadable": "An amount is not in pounds with two decimals. The file was changed: do not pay it.",
        "key-twice": "A payment is in the file twice. Do not pay it, and ask for the file that was released.",
        "layout-unknown": "The file has a layout or columns that this version of Remit does not know.",
        "file-not-whole": "The header, columns or trailer is missing, or rows moved. Ask for the released file.",
        "row-unknown": "A row is of no kind that a payment file has, or has more or fewer cells. Do not pay the file.",
        "totals-differ": "The file's totals are not those of its payments. Do not pay it: ask for the released file.",
    },
)
